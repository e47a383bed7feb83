//! What moderators see and do with replies: queues, their numbers, former texts, decisions.

use super::{
    Routes,
    caller::SignedIn,
    problem::{Code, Problem},
    sites::find_site,
};
use crate::{
    auth::permission::{Object, Operation},
    domain::ids::*,
    store::{
        Conn,
        moderation::{self, QueuedReply},
        sites::{self, Site},
    },
};

mod appeals;
pub(super) mod bulk;
mod bulk_view;
mod cases;
mod claims;
mod classifier;
mod counts;
mod decide;
mod filter;
mod item;
mod mentions;
mod note_view;
mod notes;
mod notices;
mod queue;
mod returned;
mod revisions;
mod saved;
mod saved_view;
mod search;
mod source;
mod trace;
mod waiting;

pub use counts::QueueCountsView;
pub use decide::DecideReply;
pub use item::QueueItemView;

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(queue::list_queue)
        .service(search::search_replies)
        .service(counts::count_queues)
        .service(claims::take_next)
        .service(claims::hold_claim)
        .service(claims::release_claim)
        .service(cases::list_cases)
        .service(cases::show_case)
        .service(notes::list_account_notes)
        .service(notes::add_account_note)
        .service(notes::list_reply_notes)
        .service(notes::add_reply_note)
        .service(notes::show_note)
        .service(notes::delete_note)
        .service(mentions::list_mentions)
        .service(mentions::read_mention)
        .service(notices::list_notices)
        .service(notices::list_reply_notices)
        .service(notices::deciding::decide_notice)
        .service(bulk::decide_many)
        .service(bulk::undo_bulk)
        .service(bulk_view::list_bulks)
        .service(bulk_view::show_bulk)
        .service(bulk_view::list_bulk_items)
        .service(bulk_view::cancel_bulk)
        .service(saved::list_saved_queues)
        .service(saved::create_saved_queue)
        .service(saved::show_saved_queue)
        .service(saved::put_saved_queue)
        .service(saved::delete_saved_queue)
        .service(queue::show_queued_reply)
        .service(revisions::list_revisions)
        .service(revisions::compare_revisions)
        .service(trace::show_trace)
        .service(classifier::show_classifier)
        .service(classifier::show_classifier_chart)
        .service(decide::decide_reply)
        .service(appeals::decide_appeal);
}

/// The site of this key, for one who moderates there.
fn moderated_site(conn: &mut Conn<'_>, caller: &SignedIn, key: &str, operation: Operation) -> Result<Site, Problem> {
    let site = find_site(conn, key)?;
    caller.may_on(&site, operation, Object::default())?;
    match caller.standing.moderates(site.id) {
        true => Ok(site),
        false => Err(Problem::new(Code::NotFound)),
    }
}

/// A reply of whatever state, for one who moderates its site.
fn find_moderated(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    id: ReplyId,
    operation: Operation,
) -> Result<QueuedReply, Problem> {
    let row = moderation::find(conn, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let site = sites::find(conn, row.site_id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let object = Object { owner: Some(row.author.id), is_hidden: !row.state.is_public(), ..Object::default() };
    caller.may_on(&site, operation, object)?;
    Ok(row)
}
