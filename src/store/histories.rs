//! What rules are told of an author: counted where it is small, bounded where it is not.

use std::time::Duration;

use diesel::{prelude::*, sql_types, sql_types::BigInt};

use super::{
    Conn,
    conn::native,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    ids::*,
    moderation::DISTRUST,
    reply_state::ReplyState,
    rules::{
        AuthorHistory,
        pace::{Limit, Whose},
    },
    timestamp::Timestamp,
};

/// Refusals and decisions that are counted at most.
const COUNTED: i64 = 200;
/// Replies of each state whose lengths are an author's habit.
const HABIT: i64 = 10;
/// Replies of an author in each state that are compared with a new one, the latest.
const COMPARED: i64 = 10;

/// An author as rules see them, on a site that taught the classifier so much.
#[derive(Clone, Debug)]
pub struct KnownAuthor {
    /// What is usual of their texts is not looked up.
    pub history: AuthorHistory,
    /// As readers see it.
    pub name: String,
    /// Lessons of the site.
    pub lessons: i64,
}

impl KnownAuthor {
    /// Somebody without a name who never wrote here.
    pub fn newcomer(since: Timestamp) -> Self {
        Self { history: AuthorHistory::newcomer(since), name: String::new(), lessons: 0 }
    }
}

/// An author on a site as they stand now.
pub fn find(conn: &mut Conn<'_>, author: AccountId, site: SiteId, now: Timestamp) -> QueryResult<Option<KnownAuthor>> {
    let approved =
        Sql::new("SELECT h.approved FROM author_counters h WHERE h.account_id = a.id AND h.site_id = ").key(site);
    find_with(conn, author, site, now, approved)
}

/// Approved replies that are counted of an author as they stood.
const APPROVED_COUNTED: i64 = 1_001;

/// An author on a site as they stood at a time, as far as their replies still show it.
pub fn find_as_of(
    conn: &mut Conn<'_>,
    author: AccountId,
    site: SiteId,
    at: Timestamp,
) -> QueryResult<Option<KnownAuthor>> {
    let approved = Sql::new(
        "SELECT count(*) FROM (SELECT 1 FROM replies h WHERE h.author_id = a.id AND h.state = 'approved' \
         AND h.site_id = ",
    )
    .key(site)
    .sql(" AND h.created_at < ")
    .time(at)
    .sql(" LIMIT ")
    .int(APPROVED_COUNTED)
    .sql(") AS approved");
    find_with(conn, author, site, at, approved)
}

fn find_with(
    conn: &mut Conn<'_>,
    author: AccountId,
    site: SiteId,
    at: Timestamp,
    approved: Sql,
) -> QueryResult<Option<KnownAuthor>> {
    type Row = (Instant, sql_types::Text, BigInt, BigInt, BigInt, BigInt);
    let since = at.minus(DISTRUST);
    let query = Sql::<Row>::new(
        "SELECT a.created_at, coalesce(a.display_name, a.username, ''), \
         coalesce((SELECT c.lessons FROM site_counters c WHERE c.site_id = ",
    )
    .key(site)
    .sql("), 0), coalesce((")
    .append(approved)
    .sql("), 0), (SELECT count(*) FROM (SELECT 1 FROM replies r WHERE r.author_id = a.id AND r.site_id = ")
    .key(site)
    .sql(" AND r.refused_at > ")
    .time(since)
    .sql(" AND r.refused_at <= ")
    .time(at)
    .sql(" LIMIT ")
    .int(COUNTED)
    .sql(") AS refused), (SELECT count(*) FROM (SELECT 1 FROM decisions d WHERE d.site_id = ")
    .key(site)
    .sql(
        " AND d.account_id = a.id AND d.account_id IS NOT NULL AND (d.actor_id = d.account_id) IS NOT TRUE \
         AND d.created_at > ",
    )
    .time(since)
    .sql(" AND d.created_at <= ")
    .time(at)
    .sql(" AND d.action IN ('approve', 'reject', 'spam') LIMIT ")
    .int(COUNTED)
    .sql(") AS decided) FROM accounts a WHERE a.id = ")
    .key(author);
    let row: Option<(Timestamp, String, i64, i64, i64, i64)> = native!(conn, c => query.get_result(c).optional())?;
    Ok(row.map(|(since, name, lessons, approved, refused_lately, decided_lately)| {
        let history = AuthorHistory { approved, refused_lately, decided_lately, ..AuthorHistory::newcomer(since) };
        KnownAuthor { history, name, lessons }
    }))
}

/// The latest replies of an author in each state, so many of each: short ranges of one index, where all states together
/// would be sorted.
fn latest_of_author(author: AccountId, each: i64, narrow: impl Fn(Sql<()>) -> Sql<()>) -> Sql<()> {
    let mut latest = Sql::new("");
    for (index, state) in ReplyState::ALL.iter().enumerate() {
        let of_state = Sql::<()>::new(if index == 0 {
            "SELECT id, body_source FROM ("
        } else {
            " UNION ALL SELECT id, body_source FROM ("
        })
        .sql("SELECT id, body_source FROM replies WHERE author_id = ")
        .key(author)
        .sql(" AND state = ")
        .str(state.as_str());
        latest = latest.append(narrow(of_state)).sql(" ORDER BY created_at DESC LIMIT ").int(each).sql(") AS of_state");
    }
    latest
}

/// The mean length of an author's last replies in characters; none before the first few.
pub fn find_usual_chars(conn: &mut Conn<'_>, author: AccountId) -> QueryResult<Option<u32>> {
    let query = Sql::<(BigInt, sql_types::Nullable<BigInt>)>::new(
        "SELECT count(*), CAST(avg(length(body_source)) AS BIGINT) FROM (",
    )
    .append(latest_of_author(author, HABIT, |query| query))
    .sql(") AS latest");
    let (number, mean): (i64, Option<i64>) = native!(conn, c => query.get_result(c))?;
    Ok(mean.filter(|_| number >= HABIT / 2).and_then(|mean| u32::try_from(mean).ok()))
}

/// Which replies came before another one.
#[derive(Clone, Copy, Debug)]
pub enum Before {
    /// All that there are by now.
    Now(Timestamp),
    /// Those that were there at a time.
    Then(Timestamp),
}

impl Before {
    fn since(self, within: Duration) -> Timestamp {
        let (Self::Now(at) | Self::Then(at)) = self;
        at.minus(within)
    }

    /// The end of a statement's condition.
    fn until<ST>(self, query: Sql<ST>) -> Sql<ST> {
        match self {
            // of two at once, whose clocks differ, the second one must see the first
            Self::Now(_) => query,
            Self::Then(at) => query.sql(" AND created_at < ").time(at),
        }
    }
}

/// Whose replies are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Paced<'a> {
    pub site: SiteId,
    pub author: AccountId,
    pub story: StoryId,
    /// A keyed hash of the site and the network address, where addresses are counted.
    pub address: Option<&'a [u8]>,
}

/// A reply of the author on the site within this time, other than this one, that says the same; among their latest.
pub fn find_same(
    conn: &mut Conn<'_>,
    paced: Paced<'_>,
    source: &str,
    except: Option<ReplyId>,
    (before, within): (Before, Duration),
) -> QueryResult<Option<ReplyId>> {
    let latest = latest_of_author(paced.author, COMPARED, |query| {
        let query = query.sql(" AND site_id = ").key(paced.site).sql(" AND created_at > ").time(before.since(within));
        before.until(query)
    });
    let query = Sql::<Key>::new("SELECT id FROM (")
        .append(latest)
        .sql(") AS latest WHERE body_source = ")
        .str(source)
        .sql(" AND id <> ")
        .key(except.unwrap_or(ReplyId(uuid::Uuid::nil())))
        .sql(" LIMIT 1");
    native!(conn, c => query.get_result(c).optional())
}

/// All states, so that the replies of an author or to a story since a time are six short ranges of one index.
const ALL_STATES: &str = " AND state IN ('pending', 'approved', 'rejected', 'spam', 'withdrawn', 'returned')";

/// Whether so many replies came already.
pub fn is_reached(conn: &mut Conn<'_>, paced: Paced<'_>, limit: Limit, before: Before) -> QueryResult<bool> {
    let begin = match (limit.whose, paced.address) {
        (Whose::Author, _) => Sql::<BigInt>::new("SELECT count(*) FROM (SELECT 1 FROM replies WHERE author_id = ")
            .key(paced.author)
            .sql(ALL_STATES)
            .sql(" AND site_id = ")
            .key(paced.site),
        (Whose::Story, _) => {
            Sql::new("SELECT count(*) FROM (SELECT 1 FROM replies WHERE story_id = ").key(paced.story).sql(ALL_STATES)
        }
        (Whose::Address, Some(address)) => {
            Sql::new("SELECT count(*) FROM (SELECT 1 FROM attempts WHERE subject = ").bytes(address)
        }
        (Whose::Address, None) => return Ok(false),
    };
    let query = begin.sql(" AND created_at > ").time(before.since(limit.within));
    let query = before.until(query).sql(" LIMIT ").int(limit.replies).sql(") AS latest");
    let number: i64 = native!(conn, c => query.get_result(c))?;
    Ok(number >= i64::from(limit.replies))
}
