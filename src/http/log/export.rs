//! A site's log as lines that prove themselves.

use std::io;

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{self, Bytes},
};
use futures_util::stream::unfold;
use serde::Deserialize;
use tokio::sync::watch;
use utoipa::IntoParams;
use validator::Validate;

use crate::{
    app::State,
    auth::permission::Operation,
    domain::{ids::*, log_chain::lines::Filter, moderation::Action, timestamp::Timestamp},
    http::{
        body::Params,
        caller::Caller,
        problem::{Code, Problem},
        sites::on_site,
    },
    record::export::Export,
    store::{
        Conn,
        decisions::{self, Decision},
    },
};

/// Which rows, and from where on.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportLog {
    /// Only what this account did.
    pub actor_id: Option<AccountId>,
    /// Only this kind of action.
    #[param(inline)]
    pub action: Option<Action>,
    /// Only what made the versions of this reply: its being posted, edited, decided about. What else was done about it (a note,
    /// a notice, its being featured) names it in `details`.
    pub reply_id: Option<ReplyId>,
    /// Only what was done to this story itself: its being put, closed, reopened, and what is featured under it. What was done
    /// to the replies to it is not there.
    pub story_id: Option<StoryId>,
    /// Only what concerns this account.
    pub account_id: Option<AccountId>,
    /// Only from then on.
    pub since: Option<Timestamp>,
    /// Only before then.
    pub until: Option<Timestamp>,
    /// The place of the last row that is there, if an export was cut off: what stands behind that row is given, and takes
    /// its place in the file.
    #[validate(range(min = 0))]
    #[param(minimum = 0)]
    pub after: Option<i64>,
}

impl ExportLog {
    fn filter(&self) -> Filter {
        Filter {
            account_id: self.account_id,
            action: self.action,
            actor_id: self.actor_id,
            reply_id: self.reply_id,
            since: self.since,
            story_id: self.story_id,
            until: self.until,
        }
    }
}

/// Begins an export behind the row at this place, and appends this row to the log, which says so.
pub fn log_export(conn: &mut Conn<'_>, row: Decision, filter: &Filter, after: i64) -> Result<Export, Problem> {
    let export = Export::begin(conn, row.site_id, filter.clone(), after)?;
    let export =
        export.ok_or_else(|| Problem::new(Code::InvalidQuery).detail("after is behind the last row that is sealed"))?;
    let details = serde_json::json!({"filter": filter, "after": after}).to_string();
    decisions::insert(conn, &Decision { details: Some(details), ..row })?;
    Ok(export)
}

/// Export a site's log
///
/// What is sealed of it, one JSON object a line (NDJSON): a beginning, the rows in the order of their chain with a seal
/// behind each sealed batch, and the signed head. `rejoinder log verify` shows that nothing of it was changed, and without
/// a filter that nothing is missing; docs/LOG.md says how. An export that was cut off goes on with `after`. That it was
/// exported is logged.
#[utoipa::path(
    tag = "moderation",
    params(ExportLog),
    responses((status = 200, content((String = "application/x-ndjson", example = json!("{\"log\":{\"filter\":null,...}}\n{\"row\":{...},\"texts\":null}\n{\"hash\":...,\"seal\":{...}}\n{\"head\":{...},...}\n"))))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/log/export")]
pub async fn export_log(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(query): Params<ExportLog>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (random, who, site_key) = (state.random.clone(), caller.clone(), key.clone());
    let begin = move |conn: &mut Conn<'_>| {
        let (caller, site) = on_site(conn, &who, &site_key, Operation::ExportLog, now)?;
        let row = Decision::new(random.id(now), caller.actor(Some(site.id)), Action::ExportLog, now);
        let row = Decision { site_id: Some(site.id), ..row };
        log_export(conn, row, &query.filter(), query.after.unwrap_or(0))
    };
    let export = state.db.write(begin).await?;
    let reader = Reader { ending: state.live.ending(), state, caller, key: key.into_inner(), export };
    let lines = unfold(Some(reader), |reader| async {
        let reader = reader.filter(|reader| !reader.export.is_done())?;
        Some(match reader.next().await {
            Ok((reader, piece)) => (Ok(piece), Some(reader)),
            // cut off, which its reader sees
            Err(cause) => (Err(cause), None),
        })
    });
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/x-ndjson")).streaming(lines))
}

/// Somebody who reads an export.
struct Reader {
    state: State,
    caller: Caller,
    key: String,
    ending: watch::Receiver<bool>,
    export: Export,
}

impl Reader {
    /// The next lines, if he still may have them.
    async fn next(mut self) -> io::Result<(Self, Bytes)> {
        if *self.ending.borrow() {
            return Err(io::Error::other("the service ends"));
        }
        let (state, now) = (self.state.clone(), self.state.clock.now());
        let (export, caller, key) = (self.export.clone(), self.caller.clone(), self.key.clone());
        let read = move |conn: &mut Conn<'_>| {
            // that he may see the log; who he is he has shown at the beginning
            on_site(conn, &caller, &key, Operation::ListLog, now)?;
            Ok::<_, Problem>(export.piece(conn, &state.log_key)?)
        };
        let (export, piece) =
            self.state.db.read(read).await.map_err(|problem| io::Error::other(problem.to_string()))?;
        self.export = export;
        Ok((self, piece.into()))
    }
}
