//! Texts that are to be gone: what a reply says, with all that was made of its words, and what the log says of somebody in
//! words.

use diesel::{QueryResult, RunQueryDsl, sql_types};
use uuid::Uuid;

use super::{
    Conn,
    conn::native,
    log_texts::{self, ErasedOutcome},
    replies::Reply,
    search_documents::{self, Document},
    sql::Sql,
    types::{Instant, Key},
    verdicts,
};
use crate::domain::{ids::*, reply_body::RenderedBody, timestamp::Timestamp};

/// A place among somebody's replies.
pub type Place = (StoryId, ReplyId);

/// Up to `limit` replies of an author of which there is a text, story by story, after this one.
pub fn list_of_author(
    conn: &mut Conn<'_>,
    author: AccountId,
    after: Option<Place>,
    limit: i64,
) -> QueryResult<Vec<Place>> {
    let (story, reply) = after.unwrap_or((StoryId(Uuid::nil()), ReplyId(Uuid::nil())));
    let query = Sql::<(Key, Key)>::new("SELECT story_id, id FROM replies WHERE author_id = ")
        .key(author)
        .sql(" AND (story_id, id) > (")
        .key(story)
        .sql(", ")
        .key(reply)
        .sql(") AND body_source <> '' ORDER BY story_id, id LIMIT ")
        .int(limit);
    native!(conn, c => query.load(c))
}

/// Up to `limit` replies that were put away as spam before then and have a text, the longest away first. What is appealed,
/// or may still be, is none of them.
pub fn list_spam(
    conn: &mut Conn<'_>,
    before: Timestamp,
    after: Option<(Timestamp, ReplyId)>,
    now: Timestamp,
    limit: i64,
) -> QueryResult<Vec<(Timestamp, ReplyId)>> {
    let (at, id) = after.unwrap_or((Timestamp::from_micros(0), ReplyId(Uuid::nil())));
    let query = Sql::<(Instant, Key)>::new(
        "SELECT r.state_changed_at, r.id FROM replies r WHERE r.state = 'spam' AND r.body_source <> '' \
         AND (r.state_changed_at, r.id) > (",
    )
    .time(at)
    .sql(", ")
    .key(id)
    .sql(") AND r.state_changed_at < ")
    .time(before)
    .sql(
        " AND r.appealed_at IS NULL AND NOT EXISTS (SELECT 1 FROM statements s WHERE s.reply_id = r.id \
         AND s.appeal_until > ",
    )
    .time(now)
    .sql(") ORDER BY r.state_changed_at, r.id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}

/// Erases what a locked reply says: its text and the former ones, as they were imported too, what its author said in appeals,
/// the words that the rules found, and those by which it is searched for. The reply's row stays, and what it did.
pub fn erase_reply(conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<()> {
    let texts = [
        "UPDATE replies SET body_source = '', body_html = '' WHERE id = ",
        "UPDATE revisions SET body_source = '' WHERE reply_id = ",
        "UPDATE imported_replies SET original = '' WHERE reply_id = ",
        "UPDATE appeals SET text = '' WHERE reply_id = ",
    ];
    for text in texts {
        let erase = Sql::<()>::new(text).key(reply.id);
        native!(conn, c => erase.execute(c))?;
    }
    verdicts::erase_words(conn, reply.id)?;
    let erased = Reply { body: RenderedBody::erased(), ..reply.clone() };
    search_documents::put(conn, &Document::of_reply(&erased))
}

/// Erases what somebody wrote to his reports.
pub fn erase_reports(conn: &mut Conn<'_>, reporter: AccountId) -> QueryResult<()> {
    let erase = Sql::<()>::new("UPDATE reports SET note = NULL WHERE reporter_id = ").key(reporter);
    native!(conn, c => erase.execute(c))?;
    Ok(())
}

/// Erases what somebody was told with sanctions.
pub fn erase_messages(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let erase = Sql::<()>::new("UPDATE sanctions SET message = NULL, reason = '' WHERE account_id = ").key(account);
    native!(conn, c => erase.execute(c))?;
    Ok(())
}

/// Up to `limit` rows of a site's log, or of the common one, that say something of somebody in words: notes and messages, and
/// the details of what is not about one of his replies.
pub fn list_log_texts(
    conn: &mut Conn<'_>,
    (site, account): (Option<SiteId>, AccountId),
    limit: i64,
) -> QueryResult<Vec<DecisionId>> {
    let mut rows = Vec::new();
    // each has an index of its own
    let conditions = [
        " AND d.account_id IS NOT NULL AND (d.actor_id = d.account_id) IS NOT TRUE",
        " AND (d.actor_id = d.account_id) IS TRUE",
    ];
    for condition in conditions {
        let query = Sql::<Key>::new("SELECT d.id FROM decisions d WHERE d.account_id = ").key(account);
        let query = match site {
            Some(site) => query.sql(" AND d.site_id = ").key(site),
            None => query.sql(" AND d.site_id IS NULL"),
        };
        let query = query
            .sql(condition)
            .sql(
                " AND (d.note IS NOT NULL OR d.message IS NOT NULL OR (d.reply_id IS NULL AND d.details IS NOT NULL)) \
                 ORDER BY d.created_at, d.id LIMIT ",
            )
            .int(limit);
        let mut found: Vec<DecisionId> = native!(conn, c => query.load(c))?;
        rows.append(&mut found);
    }
    Ok(rows)
}

/// Erases the texts of these rows of the log; whether all of them are gone, which those are not that wait for their seal.
pub fn erase_log_texts(conn: &mut Conn<'_>, rows: &[DecisionId]) -> QueryResult<bool> {
    let mut is_done = true;
    for row in rows {
        is_done &= log_texts::erase(conn, *row)? != ErasedOutcome::NotSealed;
    }
    Ok(is_done)
}

/// Whether an account has a text left: of a reply, former or present.
pub(super) fn has_texts(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<bool> {
    let query = Sql::<sql_types::Bool>::new(
        "SELECT EXISTS (SELECT 1 FROM replies r WHERE r.author_id = ",
    )
    .key(account)
    .sql(
        " AND (r.body_source <> '' OR EXISTS (SELECT 1 FROM revisions v WHERE v.reply_id = r.id AND v.body_source <> '') \
         OR EXISTS (SELECT 1 FROM appeals p WHERE p.reply_id = r.id AND p.text <> '') \
         OR EXISTS (SELECT 1 FROM notes n WHERE n.reply_id = r.id)))",
    );
    native!(conn, c => query.get_result(c))
}
