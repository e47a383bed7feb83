//! A database, exports made on the spot, and what they left in it.

use std::fs;

use diesel::{
    RunQueryDsl,
    sql_types::{BigInt, Binary, Integer, Nullable, Text},
};

use super::super::*;
use crate::{
    domain::{ids::ReplyId, reply_body::RenderedBody, reply_path::ReplyPath, reply_state::ReplyState},
    store::{
        DbOptions, DbUrl, check,
        conn::native,
        sql::Sql,
        types::{Instant, Key},
    },
    test_database::Database,
};

pub(super) const EXPORT: &str = include_str!("../../../../tests/fixtures/wordpress-export.xml");

/// A reply as it stands in the database, with the comment that it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) comment: u64,
    pub(super) parent: Option<u64>,
    pub(super) in_reply_to: Option<u64>,
    pub(super) depth: i32,
    pub(super) state: ReplyState,
    pub(super) created_at: Timestamp,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) body: RenderedBody,
    pub(super) original: String,
}

pub(super) struct Blog {
    pub(super) db: Db,
    pub(super) options: Options,
    database: Database,
}

/// Lets the import run.
pub(super) struct Quiet;

impl Progress for Quiet {
    fn step(&mut self, _: &Step<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Ends the import after so many batches that stored something.
pub(super) struct StopAfter(pub(super) usize);

impl Progress for StopAfter {
    fn step(&mut self, step: &Step<'_>) -> ControlFlow<()> {
        let stored = step.report.all_replies();
        if stored.new + stored.known == 0 {
            return ControlFlow::Continue(());
        }
        match self.0 {
            0 => ControlFlow::Break(()),
            _ => {
                self.0 -= 1;
                ControlFlow::Continue(())
            }
        }
    }
}

impl Blog {
    pub(super) fn new() -> Self {
        let database = Database::create();
        let url = DbUrl::parse(&database.url).unwrap();
        let db = Db::open(&url, DbOptions { pool_size: 2, ..DbOptions::default() }).unwrap();
        let file = database.folder.path().join("export.xml");
        let options = Options { file, site: SiteKey::parse("ledger").unwrap(), with_pingbacks: false };
        Self { db, options, database }
    }

    pub(super) async fn import(&self, xml: &str) -> Report {
        let report = self.try_import(xml, BOUNDS, &mut Quiet).await.unwrap();
        self.assert_clean().await;
        report
    }

    pub(super) async fn try_import(
        &self,
        xml: &str,
        bounds: Bounds,
        progress: &mut dyn Progress,
    ) -> Result<Report, ImportError> {
        self.run(Target::Write(&self.db), xml, bounds, progress).await
    }

    pub(super) async fn dry_run(&self, xml: &str) -> Report {
        self.run(Target::DryRun(Some(&self.db)), xml, BOUNDS, &mut Quiet).await.unwrap()
    }

    pub(super) async fn run(
        &self,
        target: Target<'_>,
        xml: &str,
        bounds: Bounds,
        progress: &mut dyn Progress,
    ) -> Result<Report, ImportError> {
        fs::write(&self.options.file, xml).unwrap();
        let now = Timestamp::parse("2026-11-23T09:30:00Z").unwrap();
        run_within(bounds, target, now, &Random::system(), &self.options, progress).await
    }

    pub(super) async fn assert_clean(&self) {
        let check = |conn: &mut crate::store::Conn<'_>| {
            let mut wrong = Vec::new();
            check::run(conn, &mut |line| wrong.extend((line.wrong > 0).then(|| line.to_string())))?;
            Ok::<_, DbError>(wrong)
        };
        assert_eq!(self.db.read(check).await.unwrap(), Vec::<String>::new());
    }

    /// All replies of all stories in reading order.
    pub(super) async fn replies(&self) -> Vec<Stored> {
        type Columns = (
            (Key, Text, Nullable<Text>, Nullable<Text>, Integer, Binary),
            (Text, Instant, Text, Text, (Text, Text), Text),
        );
        type Row = (
            (ReplyId, String, Option<String>, Option<String>, i32, ReplyPath),
            (ReplyState, Timestamp, String, String, RenderedBody, String),
        );
        let read = |conn: &mut crate::store::Conn<'_>| {
            let query = Sql::<Columns>::new(
                "SELECT r.id, i.external_id, p.external_id, t.external_id, r.depth, r.path, \
                 r.state, r.created_at, a.display_name, w.email, r.body_source, r.body_html, i.original \
                 FROM replies r JOIN stories s ON s.id = r.story_id JOIN imported_replies i ON i.reply_id = r.id \
                 JOIN accounts a ON a.id = r.author_id JOIN imported_authors w ON w.account_id = a.id \
                 LEFT JOIN imported_replies p ON p.reply_id = r.parent_id \
                 LEFT JOIN imported_replies t ON t.reply_id = r.in_reply_to ORDER BY s.external_id, r.path",
            );
            let rows: Vec<Row> = native!(conn, c => query.load(c))?;
            Ok::<_, DbError>(rows)
        };
        let number = |external_id: &str| external_id.strip_prefix("wp:comment:").unwrap().parse::<u64>().unwrap();
        let rows = self.db.read(read).await.unwrap().into_iter();
        rows.map(|((_, id, parent, answered, depth, _), (state, created_at, name, email, body, original))| {
            let parent = parent.as_deref().map(number);
            let in_reply_to = answered.as_deref().map(number);
            let comment = number(&id);
            Stored { comment, parent, in_reply_to, depth, state, created_at, name, email, body, original }
        })
        .collect()
    }

    /// Number and parent of each comment in reading order.
    pub(super) async fn tree(&self) -> Vec<(u64, u64)> {
        self.replies().await.iter().map(|reply| (reply.comment, reply.parent.unwrap_or(0))).collect()
    }

    /// One number, asked of the database.
    pub(super) async fn number(&self, sql: &'static str) -> i64 {
        let ask = move |conn: &mut crate::store::Conn<'_>| {
            Ok::<i64, DbError>(native!(conn, c => Sql::<BigInt>::new(sql).get_result(c))?)
        };
        self.db.read(ask).await.unwrap()
    }

    /// Names of the files beside the export.
    pub(super) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.database.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

/// A comment: number, parent, minutes after the story, text.
pub(super) type Said<'a> = (u64, u64, i64, &'a str);

/// An export of one post with these comments.
pub(super) fn export(comments: &[Said<'_>]) -> String {
    let comments: String = comments
        .iter()
        .map(|(id, parent, minutes, text)| {
            let (hour, minute) = (minutes / 60, minutes % 60);
            format!(
                "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_parent>{parent}</wp:comment_parent>\
                 <wp:comment_author>Ann</wp:comment_author>\
                 <wp:comment_date_gmt>2020-03-01 {hour:02}:{minute:02}:00</wp:comment_date_gmt>\
                 <wp:comment_content>{text}</wp:comment_content>\
                 <wp:comment_approved>1</wp:comment_approved></wp:comment>\n"
            )
        })
        .collect();
    format!(
        "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><title>Ledger</title>\
         <wp:wxr_version>1.2</wp:wxr_version>\n<item><title>Story</title><wp:post_id>1</wp:post_id>\
         <wp:post_date_gmt>2020-03-01 00:00:00</wp:post_date_gmt><wp:status>publish</wp:status>\
         <wp:post_type>post</wp:post_type><wp:comment_status>open</wp:comment_status>\n{comments}</item>\n\
         </channel></rss>"
    )
}
