//! The inbox of moderators: notes in which they are named.

use actix_web::{HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    note_view::{NoteView, views},
    notes::find_seen,
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{ids::*, timestamp::Timestamp},
    http::{
        body::Params,
        caller::Caller,
        page::{DEFAULT_LIMIT, Page, Texts},
        problem::{Code, Problem},
    },
    store::{
        Conn,
        mentions::{self, Inbox, Listed, Mention},
    },
};

/// A note in which one is named.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MentionView {
    /// The note.
    pub note: NoteView,
    /// When one read it; null: not yet.
    pub read_at: Option<Timestamp>,
}

/// Notes in which one is named.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MentionsView {
    /// How many of all are unread, counted up to 100 among the newest 500.
    pub unread: i64,
    /// Whether that is how many there are, and not just those that were counted.
    pub is_exact: bool,
    /// The notes, the newest first.
    pub items: Vec<MentionView>,
    /// Where the next page begins; null on the last one.
    pub next_cursor: Option<String>,
}

/// Which mentions, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListMentions {
    /// Only those that one has not read.
    #[serde(default)]
    pub unread: bool,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

impl Texts for Mention {
    fn bytes(&self) -> usize {
        self.note.bytes()
    }
}

/// List notes that mention me
///
/// The newest first; not those of sites that one does not moderate any more, so that a page may be short: where
/// `next_cursor` is there is more to look at.
#[utoipa::path(
    tag = "moderation",
    params(ListMentions),
    responses((status = 200, body = MentionsView)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/mentions")]
pub async fn list_mentions(
    caller: Caller,
    state: State,
    Params(query): Params<ListMentions>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        caller.may_across(Operation::ListMentions, Object::default())?;
        let moderated = (!caller.standing.is_admin).then(|| caller.standing.moderated_sites());
        let inbox = Inbox { account: caller.account.id, only: moderated.as_deref() };
        let scope = format!("mentions/{}/{}", inbox.account, query.unread);
        let before = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
        let Listed { mentions, looked_at } = inbox.list(conn, query.unread, before, limit as usize + 1)?;
        let cursor = |last: &Mention| state.cursors.seal(&scope, (last.note.created_at, last.note.id));
        let Page { items, next_cursor } = Page::of_texts(mentions, limit as usize, cursor, |row| row);
        // behind what was looked at, though nothing more of it is shown
        let behind = looked_at.map(|place| state.cursors.seal(&scope, place));
        let (notes, read): (Vec<_>, Vec<_>) = items.into_iter().map(|row| (row.note, row.read_at)).unzip();
        let notes = views(conn, notes)?.into_iter().zip(read);
        let unread = inbox.count_unread(conn)?;
        Ok::<_, Problem>(MentionsView {
            unread: unread.count,
            is_exact: unread.is_exact,
            items: notes.map(|(note, read_at)| MentionView { note, read_at }).collect(),
            next_cursor: next_cursor.or(behind),
        })
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Say that I have read a note that mentions me
///
/// Again changes nothing.
#[utoipa::path(tag = "moderation", responses((status = 204)), security(("token" = [])))]
#[put("/api/v1/moderation/mentions/{note_id}/read")]
pub async fn read_mention(caller: Caller, state: State, id: web::Path<NoteId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let note = find_seen(conn, &caller, *id, Operation::ReadMention)?.id;
        match mentions::read(conn, caller.account.id, note, now)? {
            true => Ok(()),
            false => Err(Problem::new(Code::NotFound)),
        }
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
