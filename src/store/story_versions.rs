//! A story's version, raised by all that readers see under it, and the numbers of its replies.

use std::time::Duration;

use diesel::{prelude::*, sql_types};

use super::{Conn, changes::Change, conn::native, sql::Sql, stories::Story, types::Instant};
use crate::domain::{ids::*, timestamp::Timestamp};

/// A new reply's place under its story.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct NewPlace {
    /// Its number under the story.
    pub seq: i32,
    /// Of the story, with the reply if it is public.
    pub version: i64,
    /// Of what front ends set.
    revision: i64,
    closed_at: Option<Timestamp>,
    is_kept_open: bool,
}

impl NewPlace {
    /// Whether the story says the same of who may reply as when it was looked at.
    pub(super) fn is_as_seen(&self, story: &Story) -> bool {
        (self.revision, self.closed_at, self.is_kept_open) == (story.revision, story.closed_at, story.is_kept_open)
    }
}

/// Gives the next place under a story, which is locked from then on; what is public is counted and seen.
pub(super) fn take_place(conn: &mut Conn<'_>, id: StoryId, is_public: bool) -> QueryResult<NewPlace> {
    type Row =
        (sql_types::Integer, sql_types::BigInt, sql_types::BigInt, sql_types::Nullable<Instant>, sql_types::Bool);
    let take = Sql::<Row>::new("UPDATE stories SET last_seq = last_seq + 1, version = version + ")
        .int(is_public)
        .sql(", replies = replies + ")
        .int(is_public)
        .sql(" WHERE id = ")
        .key(id)
        .sql(" RETURNING last_seq, version, revision, closed_at, is_kept_open");
    let place: NewPlace = native!(conn, c => take.get_result(c))?;
    if is_public {
        conn.note(Change::Story(id, place.version));
    }
    Ok(place)
}

/// Says that readers see something new, and by how many the public replies changed; the new version.
pub(super) fn bump(conn: &mut Conn<'_>, id: StoryId, replies: i64) -> QueryResult<i64> {
    let bump = Sql::<sql_types::BigInt>::new("UPDATE stories SET version = version + 1, replies = replies + ")
        .int(replies)
        .sql(" WHERE id = ")
        .key(id)
        .sql(" RETURNING version");
    let version = native!(conn, c => bump.get_result(c))?;
    conn.note(Change::Story(id, version));
    Ok(version)
}

/// How long the recommendations of a story wait for each other, so that a vote does not make a version.
pub const RECOMMENDATIONS_WAIT: Duration = Duration::from_secs(1);

/// Lets recommendations be seen, if they were not within the last [`RECOMMENDATIONS_WAIT`]; then the new version.
pub(super) fn show_recommendations(conn: &mut Conn<'_>, id: StoryId, now: Timestamp) -> QueryResult<Option<i64>> {
    let show = Sql::<sql_types::BigInt>::new("UPDATE stories SET version = version + 1, recommendations_shown_at = ")
        .time(now)
        .sql(" WHERE id = ")
        .key(id)
        .sql(" AND (recommendations_shown_at IS NULL OR recommendations_shown_at <= ")
        .time(now.minus(RECOMMENDATIONS_WAIT))
        .sql(") RETURNING version");
    let version = native!(conn, c => show.get_result(c).optional())?;
    if let Some(version) = version {
        conn.note(Change::Story(id, version));
    }
    Ok(version)
}
