//! Events of a story: one for each version, with all that made it, in the shapes of its pages.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{change::ChangeKind, ids::*, timestamp::Timestamp},
    http::{problem::Problem, stories::find_head, threads::StoryState, views::ReplyView},
    store::{
        Conn,
        moderation::{self, Above},
        pages::{self, ShownReply},
        stories::StoryHead,
        story_changes::{self, KEPT, StoryChange},
    },
};

/// Changes that are read at once; a version of more is not told but has to be read.
const AT_ONCE: usize = 100;

/// What made one version of a story.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventView {
    /// The version that it made.
    pub version: i64,
    /// The story as it is when the event is told, which may be later.
    pub story: StoryState,
    /// All that made the version.
    pub changes: Vec<ChangeView>,
}

/// One thing that changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeView {
    /// What.
    pub kind: ChangeKind,
    /// The reply that it happened to; null: the story itself.
    pub reply_id: Option<ReplyId>,
    /// The reply as it is when the event is told, as pages show it, perhaps as a tombstone; null if it is not shown any
    /// more, and where the story itself changed.
    pub reply: Option<ReplyView>,
    /// The replies above that one, the top-level one first, with their new numbers, where those changed.
    pub above: Vec<AboveView>,
}

/// A reply above one that came or went.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AboveView {
    /// Its id.
    pub id: ReplyId,
    /// Whether it is shown at all: a tombstone goes with the last public reply below it.
    pub is_shown: bool,
    /// Public replies directly below.
    pub replies: i32,
    /// Public replies below, at any depth.
    pub visible_below: i32,
}

/// Events since a version.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventsView {
    /// The version up to which this tells everything: the next `since`.
    pub version: i64,
    /// That what happened since is not told, as it is too long ago or too much: the page has to be read anew.
    pub is_reset: bool,
    /// Whether there is more to be asked for at once.
    pub has_more: bool,
    /// Events, each a version later than the one before.
    pub events: Vec<EventView>,
}

/// The version of a story.
pub(super) fn version(conn: &mut Conn<'_>, story: StoryId) -> Result<i64, Problem> {
    Ok(find_head(conn, story)?.story.version)
}

/// What happened under a story since this version.
pub fn read(
    conn: &mut Conn<'_>,
    story: StoryId,
    since: i64,
    now: Timestamp,
) -> Result<(StoryHead, EventsView), Problem> {
    let head = find_head(conn, story)?;
    let version = head.story.version;
    let told = |version, events, has_more| EventsView { version, is_reset: false, has_more, events };
    if since == version {
        return Ok((head, told(version, Vec::new(), false)));
    }
    let reset = EventsView { version, is_reset: true, has_more: false, events: Vec::new() };
    if since > version || since < version - KEPT {
        return Ok((head, reset));
    }
    let mut changes = story_changes::list_after(conn, story, since, AT_ONCE as i64 + 1)?;
    let has_more = changes.len() > AT_ONCE;
    if has_more {
        // the last version may not be whole
        let last = changes[AT_ONCE].version;
        changes.retain(|change| change.version < last);
    }
    // every version has something that made it, so the first one tells whether something is missing
    if changes.first().is_none_or(|first| first.version != since + 1) {
        return Ok((head, reset));
    }
    let told_to = changes.last().map_or(version, |last| last.version);
    let events = events(conn, &head, &changes, now)?;
    Ok((head, told(told_to, events, has_more)))
}

fn events(
    conn: &mut Conn<'_>,
    head: &StoryHead,
    changes: &[StoryChange],
    now: Timestamp,
) -> Result<Vec<EventView>, Problem> {
    let mut ids: Vec<ReplyId> = changes.iter().filter_map(|change| change.reply_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = pages::list_by_ids(conn, &ids)?;
    let replies: HashMap<ReplyId, ShownReply> = rows.into_iter().map(|reply| (reply.id, reply)).collect();
    let moved = changes.iter().filter(|change| is_move(change.kind)).filter_map(|change| change.reply_id);
    let moved: Vec<ReplyId> = moved.filter(|id| replies.get(id).is_some_and(|reply| reply.depth > 1)).collect();
    let above = moderation::list_above(conn, &moved)?;
    let mut events: Vec<EventView> = Vec::new();
    for change in changes {
        let reply = change.reply_id.and_then(|id| replies.get(&id));
        let above = above.iter().filter(|above| is_move(change.kind) && Some(above.below_id) == change.reply_id);
        let view = ChangeView {
            kind: change.kind,
            reply_id: change.reply_id,
            reply: reply.filter(|reply| reply.is_shown()).cloned().map(ReplyView::from),
            above: above.map(AboveView::from).collect(),
        };
        match events.last_mut().filter(|event| event.version == change.version) {
            Some(event) => event.changes.push(view),
            None => events.push(EventView {
                version: change.version,
                story: StoryState::of(head, now),
                changes: vec![view],
            }),
        }
    }
    Ok(events)
}

/// Whether the numbers of the replies above change.
fn is_move(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Published | ChangeKind::Removed | ChangeKind::Restored)
}

impl From<&Above> for AboveView {
    fn from(above: &Above) -> Self {
        Self {
            id: above.id,
            is_shown: above.state.is_public() || above.visible_below > 0,
            replies: above.direct_below,
            visible_below: above.visible_below,
        }
    }
}
