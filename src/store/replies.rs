//! Replies, row by row; how their state changes is in `transitions`, how readers see them in `pages`.

use diesel::{prelude::*, sql_types};

use super::{
    Conn,
    body::stored_html,
    conn::native,
    schema::replies,
    sql::{Sql, Value},
    types::{Instant, Key},
};
use crate::domain::{
    ids::*,
    moderation::{Decider, Fate},
    reply_body::RenderedBody,
    reply_path::ReplyPath,
    reply_state::{ReplyState, Verb},
    timestamp::Timestamp,
};

/// Every state, named so that what asks for an author's replies by time is a few short ranges of the index by author.
const ALL_STATES: &str = "('pending', 'approved', 'rejected', 'spam', 'withdrawn', 'returned')";

/// One reader's contribution.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = replies)]
pub struct Reply {
    pub id: ReplyId,
    pub site_id: SiteId,
    pub story_id: StoryId,
    pub author_id: AccountId,
    /// The parent in the tree; none: answers the commentary.
    pub parent_id: Option<ReplyId>,
    pub root_id: ReplyId,
    /// The true parent where the tree is flat.
    pub in_reply_to: Option<ReplyId>,
    /// The revision of the true parent that was answered.
    pub answered_revision: Option<i32>,
    pub depth: i32,
    pub path: ReplyPath,
    pub state: ReplyState,
    #[diesel(embed)]
    pub body: RenderedBody,
    /// Of the text.
    pub revision: i32,
    /// Of text and state.
    pub version: i32,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub is_edited_by_staff: bool,
    pub state_changed_at: Timestamp,
    /// When a moderator refused it, unless that was overturned; stays when its author withdraws it.
    pub refused_at: Option<Timestamp>,
    /// Public replies directly below.
    pub direct_below: i32,
    /// Public replies below, at any depth.
    pub visible_below: i32,
    pub recommendations: i32,
    pub open_reports: i32,
    /// Since when it waits, public, to be looked at; none once a moderator saw it.
    pub flagged_at: Option<Timestamp>,
    /// Since when its author's appeal waits.
    pub appealed_at: Option<Timestamp>,
}

/// What a reply begins with.
#[derive(Clone, Copy, Debug)]
pub struct NewReply<'a> {
    pub id: ReplyId,
    pub site_id: SiteId,
    pub story_id: StoryId,
    pub author_id: AccountId,
    /// The reply that it answers; none: the commentary.
    pub parent: Option<&'a Reply>,
    pub fate: Fate,
    pub text: &'a RenderedBody,
    pub created_at: Timestamp,
}

impl Reply {
    /// A reply that nobody has reacted to, with its number under the story.
    pub fn new(new: NewReply<'_>, seq: i32) -> Self {
        let NewReply { id, parent, created_at, fate, .. } = new;
        let path = parent.map_or_else(|| ReplyPath::top(seq), |parent| parent.path.answer(seq));
        // past the depth limit it stands beside the one that it answers
        let beside = parent.filter(|parent| parent.path.is_flat());
        Self {
            id,
            site_id: new.site_id,
            story_id: new.story_id,
            author_id: new.author_id,
            parent_id: beside.map_or(parent.map(|parent| parent.id), |beside| beside.parent_id),
            root_id: parent.map_or(id, |parent| parent.root_id),
            in_reply_to: beside.map(|beside| beside.id),
            answered_revision: parent.map(|parent| parent.revision),
            depth: i32::try_from(path.depth()).unwrap_or(i32::MAX),
            path,
            state: fate.state,
            body: new.text.clone(),
            revision: 1,
            version: 1,
            created_at,
            edited_at: None,
            is_edited_by_staff: false,
            state_changed_at: created_at,
            // rules refuse nobody: what was refused elsewhere was so by people
            refused_at: (fate.state.is_refused() && fate.decided_by == Decider::Import).then_some(created_at),
            direct_below: 0,
            visible_below: 0,
            recommendations: 0,
            open_reports: 0,
            flagged_at: fate.is_flagged.then_some(created_at),
            appealed_at: None,
        }
    }

    /// The state that a decision leads to; `None` where it is not possible, as about a text that was erased.
    pub fn after(&self, verb: Verb) -> Option<ReplyState> {
        self.state.after(verb).filter(|_| !self.body.is_erased())
    }

    /// Whether it stands in the queue of reported ones.
    pub fn is_reported(&self) -> bool {
        self.state.is_public() && self.open_reports > 0
    }
}

/// The reply with this id.
pub fn find(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<Option<Reply>> {
    native!(conn, c => replies::table.find(id).select(Reply::as_select()).first(c).optional())
}

/// Of which sites those of these replies are that there are.
pub fn list_sites(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<(ReplyId, SiteId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        Sql::<(Key, Key)>::new("SELECT id, site_id FROM replies WHERE id IN (").keys(ids.iter().copied()).sql(")");
    native!(conn, c => query.load(c))
}

/// The story of a reply: what must be locked before the reply is read to be changed.
pub fn find_story_id(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<Option<StoryId>> {
    native!(conn, c => replies::table.find(id).select(replies::story_id).first(c).optional())
}

/// The reply with this id, its story locked before it was read, so that it stays as it is until the transaction's end.
pub fn find_locked(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<Option<Reply>> {
    let Some(story) = find_story_id(conn, id)? else { return Ok(None) };
    super::stories::lock(conn, story)?;
    find(conn, id)
}

/// The time of an author's `nth` latest reply since then on a site, or anywhere, whatever its state; `None` if there were
/// fewer.
pub fn nth_latest_of_author(
    conn: &mut Conn<'_>,
    (author, site): (AccountId, Option<SiteId>),
    nth: i64,
    since: Timestamp,
) -> QueryResult<Option<Timestamp>> {
    let query = Sql::<super::types::Instant>::new("SELECT created_at FROM replies WHERE author_id = ")
        .key(author)
        .sql(" AND state IN ")
        .sql(ALL_STATES)
        .sql(" AND created_at > ")
        .time(since);
    let query = match site {
        Some(site) => query.sql(" AND site_id = ").key(site),
        None => query,
    };
    let query = query.sql(" ORDER BY created_at DESC LIMIT 1 OFFSET ").int(nth - 1);
    native!(conn, c => query.get_result(c).optional())
}

/// The texts of these replies.
pub fn list_sources(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<(ReplyId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        Sql::<(super::types::Key, diesel::sql_types::Text)>::new("SELECT id, body_source FROM replies WHERE id IN (")
            .keys(ids.iter().copied())
            .sql(")");
    native!(conn, c => query.load(c))
}

type WrittenRow = (Key, Key, Instant, sql_types::Integer, sql_types::Text);

/// A text with what tells copies of it.
#[derive(Clone, Debug, Queryable)]
pub struct WrittenLately {
    pub id: ReplyId,
    pub site_id: SiteId,
    /// When this text came.
    pub at: Timestamp,
    pub revision: i32,
    pub source: String,
}

/// Up to `limit` replies in the order of their ids, which is that of their times, after this one.
pub fn list_written_after(conn: &mut Conn<'_>, after: ReplyId, limit: i64) -> QueryResult<Vec<WrittenLately>> {
    let query = Sql::<WrittenRow>::new(
        "SELECT r.id, r.site_id, coalesce(r.edited_at, r.created_at), r.revision, r.body_source FROM replies r \
         WHERE r.id > ",
    )
    .key(after)
    .sql(" ORDER BY r.id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}

/// Up to `limit` edits after this row of the log, in the order of its ids, which is that of their times: each row with
/// the reply as it stands now.
pub fn list_edited_after(
    conn: &mut Conn<'_>,
    after: DecisionId,
    limit: i64,
) -> QueryResult<Vec<(DecisionId, WrittenLately)>> {
    let query = Sql::<(Key, WrittenRow)>::new(
        "SELECT d.id, r.id, r.site_id, coalesce(r.edited_at, r.created_at), r.revision, r.body_source \
         FROM decisions d JOIN replies r ON r.id = d.reply_id WHERE d.id > ",
    )
    .key(after)
    .sql(" AND d.action = 'edit' ORDER BY d.id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}

/// Stores a new row and nothing else; see `transitions::post`.
pub(super) fn insert(conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<()> {
    // as text, since diesel would prepare it anew each time
    let insert = Sql::<()>::new(
        "INSERT INTO replies (id, site_id, story_id, author_id, parent_id, root_id, in_reply_to, answered_revision, \
         depth, path, state, body_source, body_html, revision, version, created_at, edited_at, is_edited_by_staff, \
         state_changed_at, refused_at, direct_below, visible_below, recommendations, open_reports, \
         flagged_at) VALUES (",
    )
    .values([
        Value::key(reply.id),
        Value::key(reply.site_id),
        Value::key(reply.story_id),
        Value::key(reply.author_id),
        Value::optional_key(reply.parent_id),
        Value::key(reply.root_id),
        Value::optional_key(reply.in_reply_to),
        reply.answered_revision.into(),
        reply.depth.into(),
        reply.path.as_bytes().into(),
        reply.state.as_str().into(),
        reply.body.source.as_str().into(),
        stored_html(&reply.body).into(),
        reply.revision.into(),
        reply.version.into(),
        reply.created_at.into(),
        reply.edited_at.into(),
        reply.is_edited_by_staff.into(),
        reply.state_changed_at.into(),
        reply.refused_at.into(),
        reply.direct_below.into(),
        reply.visible_below.into(),
        reply.recommendations.into(),
        reply.open_reports.into(),
        reply.flagged_at.into(),
    ])
    .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Stores text and state of a row and nothing else; see `transitions::change`.
pub(super) fn update(conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<()> {
    let update = Sql::<()>::new("UPDATE replies SET state = ")
        .str(reply.state.as_str())
        .sql(", body_source = ")
        .str(reply.body.source.as_str())
        .sql(", body_html = ")
        .str(stored_html(&reply.body))
        .sql(", revision = ")
        .int(reply.revision)
        .sql(", version = ")
        .int(reply.version)
        .sql(", edited_at = ")
        .value(reply.edited_at)
        .sql(", is_edited_by_staff = ")
        .value(reply.is_edited_by_staff)
        .sql(", state_changed_at = ")
        .time(reply.state_changed_at)
        .sql(", refused_at = ")
        .value(reply.refused_at)
        .sql(", open_reports = ")
        .int(reply.open_reports)
        .sql(", flagged_at = ")
        .value(reply.flagged_at)
        .sql(", appealed_at = ")
        .value(reply.appealed_at)
        .sql(" WHERE id = ")
        .key(reply.id);
    native!(conn, c => update.execute(c))?;
    Ok(())
}

/// Adds to the counts of public replies below of all ancestors, and of direct ones of the parent.
pub(super) fn add_below(conn: &mut Conn<'_>, reply: &Reply, delta: i64) -> QueryResult<()> {
    let Some(parent) = reply.parent_id else { return Ok(()) };
    let mut query = Sql::<()>::new("UPDATE replies SET visible_below = visible_below + ")
        .int(delta)
        .sql(", direct_below = direct_below + CASE WHEN id = ")
        .key(parent)
        .sql(" THEN ")
        .int(delta)
        .sql(" ELSE 0 END WHERE root_id = ")
        .key(reply.root_id)
        .sql(" AND path IN (");
    for (index, path) in reply.path.ancestors().enumerate() {
        if index > 0 {
            query = query.sql(", ");
        }
        query = query.bytes(path);
    }
    let query = query.sql(")");
    native!(conn, c => query.execute(c))?;
    Ok(())
}

/// Whether this reply is public at present.
pub(super) fn is_public(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<bool> {
    let state: Option<ReplyState> =
        native!(conn, c => replies::table.find(id).select(replies::state).first(c).optional())?;
    Ok(state.is_some_and(ReplyState::is_public))
}

/// Adds to the count of recommendations.
pub(super) fn add_recommendations(conn: &mut Conn<'_>, id: ReplyId, delta: i64) -> QueryResult<()> {
    let query = Sql::<()>::new("UPDATE replies SET recommendations = recommendations + ")
        .int(delta)
        .sql(" WHERE id = ")
        .key(id);
    native!(conn, c => query.execute(c))?;
    Ok(())
}

/// Adds to the count of open reports.
pub fn add_open_reports(conn: &mut Conn<'_>, id: ReplyId, delta: i64) -> QueryResult<()> {
    let query =
        Sql::<()>::new("UPDATE replies SET open_reports = open_reports + ").int(delta).sql(" WHERE id = ").key(id);
    native!(conn, c => query.execute(c))?;
    Ok(())
}

/// One's own reply in a story with what one may know of it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = replies)]
pub struct OwnReply {
    pub id: ReplyId,
    pub parent_id: Option<ReplyId>,
    pub depth: i32,
    pub state: ReplyState,
    #[diesel(embed)]
    pub body: RenderedBody,
    pub version: i32,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
}

/// Up to `limit` of an author's replies, in any state and anywhere.
pub fn list_of_author(conn: &mut Conn<'_>, author: AccountId, limit: i64) -> QueryResult<Vec<ReplyId>> {
    let theirs = replies::table.filter(replies::author_id.eq(author)).select(replies::id).limit(limit);
    native!(conn, c => theirs.load(c))
}

/// Gives a locked reply another author.
pub(super) fn set_author(conn: &mut Conn<'_>, id: ReplyId, author: AccountId) -> QueryResult<()> {
    native!(conn, c => diesel::update(replies::table.find(id)).set(replies::author_id.eq(author)).execute(c))?;
    Ok(())
}

/// Up to `limit` of an author's replies in a story, in the order of their ids, after this one.
pub fn list_own(
    conn: &mut Conn<'_>,
    author: AccountId,
    story: StoryId,
    after: Option<ReplyId>,
    limit: i64,
) -> QueryResult<Vec<OwnReply>> {
    let own = replies::table
        .filter(replies::author_id.eq(author))
        .filter(replies::story_id.eq(story))
        .order(replies::id)
        .limit(limit);
    native!(conn, c => match after {
        Some(id) => own.filter(replies::id.gt(id)).select(OwnReply::as_select()).load(c),
        None => own.select(OwnReply::as_select()).load(c),
    })
}
