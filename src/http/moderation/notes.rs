//! Notes of moderators about accounts and replies, for each other. They are never public, and never shown to whom they are
//! about; the log says that there was one, and not what it said.

use actix_web::{HttpResponse, delete, get, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::note_view::{NoteView, page, views};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    clock::Random,
    domain::{
        ids::*,
        moderation::Action,
        note::{MENTIONS_MAX, NOTES_MAX, named_in},
        timestamp::Timestamp,
        visible,
    },
    http::{
        body::{Body, Params},
        caller::{Caller, SignedIn},
        idempotent::{Created, Once},
        page::{Page, Paging},
        problem::{Code, Problem},
        sites::find_site,
    },
    store::{
        Conn, accounts,
        decisions::{self, Decision},
        locks, mentions,
        notes::{self, Note, Subject},
        replies, sites,
    },
};

/// A note to be.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddReplyNote {
    /// The text, plain. `@username` mentions somebody who moderates the site, or an admin: ten people at most.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// A note about somebody to be.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddAccountNote {
    /// The key of the site whose moderators are to see it; absent or null: admins alone, which takes one.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub site: Option<String>,
    /// The text, plain. `@username` mentions somebody who moderates the site, or an admin: ten people at most.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

fn check(text: &str) -> Result<(), Problem> {
    if text.chars().any(visible::is_forbidden_control) {
        return Err(Problem::field("/text", "control characters are not allowed"));
    }
    match text.chars().any(visible::is_visible) {
        true => Ok(()),
        false => Err(Problem::field("/text", "needs a visible character")),
    }
}

/// List notes about an account
///
/// The newest first: those of sites that one moderates; admins see all.
#[utoipa::path(
    tag = "moderation",
    params(Paging),
    responses((status = 200, body = Page<NoteView>)),
    security(("token" = []))
)]
#[get("/api/v1/accounts/{account_id}/notes")]
pub async fn list_account_notes(
    caller: Caller,
    state: State,
    id: web::Path<AccountId>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        caller.may_across(Operation::ListAccountNotes, Object::default())?;
        let account = accounts::find(conn, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?.id;
        not_about(&caller, account)?;
        let scope = format!("account_notes/{account}/{}", caller.account.id);
        let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let moderated = (!caller.standing.is_admin).then(|| caller.standing.moderated_sites());
        let rows = notes::list_of_account(conn, account, moderated.as_deref(), before, paging.rows())?;
        page(conn, rows, &paging, |last| state.cursors.seal(&scope, (last.created_at, last.id)))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Note something about an account
#[utoipa::path(request_body = AddAccountNote,
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = NoteView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/accounts/{account_id}/notes")]
pub async fn add_account_note(
    caller: Caller,
    state: State,
    id: web::Path<AccountId>,
    once: Once,
    body: Body<AddAccountNote>,
) -> Result<HttpResponse, Problem> {
    let AddAccountNote { site, text } = body.value;
    let find = move |conn: &mut Conn<'_>, caller: &SignedIn| {
        let site = match &site {
            None => {
                caller.may_across(Operation::AddAccountNote, Object::default())?;
                None
            }
            Some(key) => {
                let site = find_site(conn, key)?;
                caller.may_on(&site, Operation::AddAccountNote, Object::default())?;
                Some(site.id)
            }
        };
        // the account is not closed meanwhile
        let account = accounts::find_kept(conn, *id)?.filter(|account| account.closed_at.is_none());
        let account = account.ok_or_else(|| Problem::new(Code::NotFound))?.id;
        not_about(caller, account)?;
        Ok::<_, Problem>((Subject::Account(account, site), account))
    };
    add_once((caller, state), once, Operation::AddAccountNote, (text, body.hash), find).await
}

/// List notes about a reply
///
/// The newest first.
#[utoipa::path(
    tag = "moderation",
    params(Paging),
    responses((status = 200, body = Page<NoteView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/replies/{reply_id}/notes")]
pub async fn list_reply_notes(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let (reply, ..) = find_reply(conn, &caller, *id, Operation::ListReplyNotes)?;
        let scope = format!("reply_notes/{reply}");
        let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = notes::list_of_reply(conn, reply, before, paging.rows())?;
        page(conn, rows, &paging, |last| state.cursors.seal(&scope, (last.created_at, last.id)))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Note something about a reply
#[utoipa::path(request_body = AddReplyNote,
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = NoteView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/moderation/replies/{reply_id}/notes")]
pub async fn add_reply_note(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    once: Once,
    body: Body<AddReplyNote>,
) -> Result<HttpResponse, Problem> {
    let find = move |conn: &mut Conn<'_>, caller: &SignedIn| {
        let (reply, site, author) = find_reply(conn, caller, *id, Operation::AddReplyNote)?;
        Ok::<_, Problem>((Subject::Reply(reply, site), author))
    };
    add_once((caller, state), once, Operation::AddReplyNote, (body.value.text, body.hash), find).await
}

/// Notes something, once for a key, about what is found for the caller, with whom it concerns.
async fn add_once(
    (caller, state): (Caller, State),
    once: Once,
    operation: Operation,
    (text, hash): (String, [u8; 32]),
    find: impl Fn(&mut Conn<'_>, &SignedIn) -> Result<(Subject, AccountId), Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    check(&text)?;
    let random = state.random.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let (subject, concerned) = find(conn, &caller)?;
        let object = (operation, &*subject.id().to_string());
        let created = once.run(conn, caller.account.id, object, hash, now, |conn| {
            add(conn, &caller, (subject, concerned), &text, &random, now)
        })?;
        noted(conn, created)
    };
    answer(state.db.write(write).await?)
}

/// A reply of whatever state with its site and author, for one who moderates there.
fn find_reply(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    id: ReplyId,
    operation: Operation,
) -> Result<(ReplyId, SiteId, AccountId), Problem> {
    let unknown = || Problem::new(Code::NotFound);
    let reply = replies::find(conn, id)?.ok_or_else(unknown)?;
    let site = sites::find(conn, reply.site_id)?.ok_or_else(unknown)?;
    let object = Object { is_hidden: !reply.state.is_public(), owner: Some(reply.author_id), ..Object::default() };
    caller.may_on(&site, operation, object)?;
    not_about(caller, reply.author_id)?;
    Ok((reply.id, site.id, reply.author_id))
}

/// Stores a note with whom it mentions; `concerned` is whom the log names.
fn add(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    (subject, concerned): (Subject, AccountId),
    text: &str,
    random: &Random,
    now: Timestamp,
) -> Result<Created, Problem> {
    // by name, so that who is named and whom it is about do not wait for each other's notes in a circle
    locks::hold(conn, &[b"notes", subject.id().as_bytes().as_slice()].concat())?;
    if notes::count(conn, subject)? >= NOTES_MAX {
        return Err(Problem::new(Code::StateConflict).detail(format!("there are {NOTES_MAX} notes already")));
    }
    let (id, me) = (random.id(now), caller.account.id);
    let (site, reply) = match subject {
        Subject::Account(_, site) => (site, None),
        Subject::Reply(reply, site) => (Some(site), Some(reply)),
    };
    notes::insert(conn, (id, subject), (me, text), now)?;
    let mut named = mentions::find_named(conn, &named_in(text), site)?;
    // who writes knows, and whom it is about never learns of it
    named.retain(|account| *account != me && *account != concerned);
    named.truncate(MENTIONS_MAX);
    mentions::insert(conn, id, &named, now)?;
    log(conn, caller, (Action::AddNote, id), (site, concerned, reply), (random, now))?;
    Ok(Created::at(format!("/api/v1/moderation/notes/{id}"), id))
}

/// The text stands in the note alone, so that it goes with it.
fn log(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    (action, note): (Action, NoteId),
    (site_id, account_id, reply): (Option<SiteId>, AccountId, Option<ReplyId>),
    (random, now): (&Random, Timestamp),
) -> Result<(), Problem> {
    let details = serde_json::json!({"note_id": note, "reply_id": reply}).to_string();
    let decision = Decision {
        site_id,
        account_id: Some(account_id),
        details: Some(details),
        ..Decision::new(random.id(now), caller.actor(site_id), action, now)
    };
    Ok(decisions::insert(conn, &decision)?)
}

/// What was made, now or by the same request before.
fn noted(conn: &mut Conn<'_>, created: Created) -> Result<(String, NoteView), Problem> {
    let note = notes::find(conn, NoteId(created.object_id.unwrap_or_default()))?;
    let view = views(conn, note.into_iter().collect())?.pop().ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok((created.location.unwrap_or_default(), view))
}

fn answer((location, view): (String, NoteView)) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(view))
}

/// A note that the caller may see.
pub(super) fn find_seen(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    id: NoteId,
    operation: Operation,
) -> Result<Note, Problem> {
    let unknown = || Problem::new(Code::NotFound);
    let note = notes::find(conn, id)?.ok_or_else(unknown)?;
    let hidden = Object { is_hidden: true, ..Object::default() };
    match note.site_id {
        Some(site) => caller.may_on(&sites::find(conn, site)?.ok_or_else(unknown)?, operation, hidden)?,
        None => caller.may_across(operation, hidden)?,
    }
    not_about(caller, note.concerns)?;
    Ok(note)
}

/// Whom a note is about never learns of it, whatever he may be on the site.
fn not_about(caller: &SignedIn, concerned: AccountId) -> Result<(), Problem> {
    match concerned == caller.account.id {
        true => Err(Problem::new(Code::NotFound)),
        false => Ok(()),
    }
}

/// Show a note
#[utoipa::path(tag = "moderation", responses((status = 200, body = NoteView)), security(("token" = [])))]
#[get("/api/v1/moderation/notes/{note_id}")]
pub async fn show_note(caller: Caller, state: State, id: web::Path<NoteId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let note = find_seen(conn, &caller, *id, Operation::ShowNote)?;
        views(conn, vec![note])?.pop().ok_or_else(|| Problem::new(Code::NotFound))
    };
    Ok(HttpResponse::Ok().json(state.db.read(read).await?))
}

/// Delete a note
///
/// One's own, and admins those of others; it goes from the inboxes of those whom it mentions.
#[utoipa::path(tag = "moderation", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/moderation/notes/{note_id}")]
pub async fn delete_note(caller: Caller, state: State, id: web::Path<NoteId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let note = find_seen(conn, &caller, *id, Operation::DeleteNote)?;
        if note.author_id != caller.account.id && !caller.standing.is_admin {
            return Err(caller.not_own(Operation::DeleteNote));
        }
        if !notes::delete(conn, note.id)? {
            return Err(Problem::new(Code::NotFound));
        }
        log(conn, &caller, (Action::DeleteNote, note.id), (note.site_id, note.concerns, note.reply_id), (&random, now))
    };
    db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
