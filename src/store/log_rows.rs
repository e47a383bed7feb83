//! Rows of the log at their places in its chains, and those that have none yet.
//!
//! Whoever writes the log knows nothing of this: its rows are found by where they stand in the log itself. On SQLite one
//! connection writes, so the rows that come later have higher numbers, and what is behind the last sealed one is all that
//! is not sealed. On PostgreSQL nothing stands in the order of commits. Ids begin with the time at which a request began,
//! so what is new is looked for a little before the newest sealed row, often a short while ([`SOON`]) and now and then a
//! longer one ([`LATE`]); and what came even later (of a slow transaction, a long import, an instance whose clock is
//! behind) is found by a walk over all ids ([`find_walked`]), which goes on for as long as anybody writes.

use std::time::Duration;

use diesel::{prelude::*, sql_types::*};
use uuid::Uuid;

use super::{
    Conn, Native,
    conn::native,
    decisions::{self, Decision, Row},
    schema::log_rows,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    ids::*,
    log_chain::{Hash, RowForm, Texts, VERSION, hex, lines::RowLine},
    timestamp::Timestamp,
};

/// How much later than the newest sealed row most rows come at most. What stands in that time is looked at each time,
/// sealed or not, so it is short.
pub const SOON: Duration = Duration::from_secs(3);
/// What a request may take from its beginning to its commit, and as much again for clocks that differ.
pub const LATE: Duration = Duration::from_secs(20);

/// A row's place in its chain.
#[derive(Clone, PartialEq, Eq, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = log_rows, treat_none_as_default_value = false)]
pub struct LogRow {
    pub chain: SiteId,
    pub place: i64,
    pub decision_id: DecisionId,
    pub salt: Option<Vec<u8>>,
    pub digest: Option<Vec<u8>>,
}

/// Under which id a site's chain stands; zeros for the one of no site.
pub fn chain_of(site: Option<SiteId>) -> SiteId {
    site.unwrap_or(SiteId(Uuid::nil()))
}

/// The site whose chain it is.
pub fn site_of(chain: SiteId) -> Option<SiteId> {
    (!chain.0.is_nil()).then_some(chain)
}

/// As it is exported and hashed.
pub fn line(row: &LogRow, decision: &Decision) -> RowLine<String> {
    // words that came to a sealed row which has no salt make another digest, and so another hash
    let added = has_texts(decision).then_some(&[][..]);
    let texts = row.salt.as_deref().or(added).map(|salt| texts(salt, decision));
    let digest = match (&texts, &row.digest) {
        (Some(texts), _) => Some(Hash::of_form(texts)),
        (None, erased) => erased.as_deref().map(Hash::from_store),
    };
    let id = |id: Option<Uuid>| id.map(|id| id.to_string());
    let form = RowForm {
        account_id: id(decision.account_id.map(Uuid::from)),
        action: decision.action.to_string(),
        actor_id: id(decision.actor_id.map(Uuid::from)),
        actor_kind: decision.actor_kind.to_string(),
        created_at: decision.created_at.to_string(),
        digest,
        from_state: decision.from_state.map(|state| state.to_string()),
        id: decision.id.to_string(),
        place: row.place,
        reason: decision.reason.map(|reason| reason.to_string()),
        reply_id: id(decision.reply_id.map(Uuid::from)),
        reply_version: decision.reply_version,
        request_id: decision.request_id.clone(),
        site_id: id(decision.site_id.map(Uuid::from)),
        story_id: id(decision.story_id.map(Uuid::from)),
        to_state: decision.to_state.map(|state| state.to_string()),
        v: VERSION,
    };
    RowLine { row: form, texts }
}

/// What a row says in words, with this salt.
pub fn texts(salt: &[u8], decision: &Decision) -> Texts {
    Texts(hex(salt), decision.note.clone(), decision.message.clone(), decision.details.clone())
}

/// Whether a row says anything in words.
pub fn has_texts(decision: &Decision) -> bool {
    decision.note.is_some() || decision.message.is_some() || decision.details.is_some()
}

/// A look-up for each row, since a join might be planned as a read of all that is sealed.
const UNSEALED: &str = " AND (SELECT s.place FROM log_rows s WHERE s.decision_id = d.id) IS NULL";

/// Where rows are looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stretch {
    /// Behind what is sealed; where that cannot be told, from so much before the newest on.
    New(Duration),
    /// From this id on, and before that one.
    Ids(DecisionId, DecisionId),
}

/// What stands in this stretch of the log.
fn stretch<ST>(conn: &mut Conn<'_>, select: &'static str, stretch: Stretch) -> QueryResult<Sql<ST>> {
    let query = Sql::new(select).sql(" FROM decisions d WHERE ");
    Ok(match (stretch, &mut conn.native) {
        (Stretch::Ids(from, before), _) => query.sql("d.id >= ").key(from).sql(" AND d.id < ").key(before),
        (Stretch::New(_), Native::Sqlite(_)) => query.sql(
            "d.rowid > coalesce((SELECT l.rowid FROM log_rows s JOIN decisions l ON l.id = s.decision_id \
             WHERE s.rowid = (SELECT max(rowid) FROM log_rows)), 0)",
        ),
        (Stretch::New(late), Native::Pg(c)) => {
            let newest = Sql::<(Instant, Nullable<Key>)>::new(
                "SELECT clock_timestamp(), (SELECT s.decision_id FROM log_rows s ORDER BY s.decision_id DESC LIMIT 1)",
            );
            let (now, newest): (Timestamp, Option<DecisionId>) = newest.get_result(*c)?;
            // the database's own clock bounds what an instance whose clock is ahead has written
            let from = newest.map(|newest| time_of(newest).min(now).minus(late));
            query.sql("d.id >= ").key(from.map_or(Uuid::nil(), first_id))
        }
    })
}

/// The time that an id begins with (RFC 9562, section 5.7).
fn time_of(id: DecisionId) -> Timestamp {
    Timestamp::from_micros(i64::try_from(id.0.as_u128() >> 80).unwrap_or(i64::MAX).saturating_mul(1_000))
}

/// The first id of a time.
fn first_id(time: Timestamp) -> Uuid {
    Uuid::from_u128(u128::from(time.as_millis()) << 80)
}

/// Up to `limit` rows that are not sealed, in the order in which they are to be.
pub fn list_unsealed(conn: &mut Conn<'_>, part: Stretch, limit: i64) -> QueryResult<Vec<Decision>> {
    let query = stretch::<Row>(conn, decisions::SELECT, part)?.sql(UNSEALED).sql(in_order(conn)).int(limit);
    native!(conn, c => query.load(c))
}

fn in_order(conn: &Conn<'_>) -> &'static str {
    if conn.is_pg() { " ORDER BY d.id LIMIT " } else { " ORDER BY d.rowid LIMIT " }
}

/// Whether some are not sealed.
pub fn has_unsealed(conn: &mut Conn<'_>, part: Stretch) -> QueryResult<bool> {
    let query = stretch::<Key>(conn, "SELECT d.id", part)?.sql(UNSEALED).sql(in_order(conn)).int(1);
    let first: Option<DecisionId> = native!(conn, c => query.get_result(c).optional())?;
    Ok(first.is_some())
}

/// How many rows of a chain are among the first `limit` that came after those that are sealed.
pub fn count_new(conn: &mut Conn<'_>, chain: SiteId, limit: i64) -> QueryResult<i64> {
    let query = stretch::<Nullable<Key>>(conn, "SELECT d.site_id", Stretch::New(LATE))?;
    let query = query.sql(UNSEALED).sql(in_order(conn)).int(limit);
    let found: Vec<Option<SiteId>> = native!(conn, c => query.load(c))?;
    Ok(found.into_iter().filter(|site| chain_of(*site) == chain).count() as i64)
}

/// The ids of a stretch of the log before this one, or at its end, of so many rows; none behind its beginning.
pub fn find_walked(conn: &mut Conn<'_>, before: Option<DecisionId>, rows: i64) -> QueryResult<Option<Stretch>> {
    let before = before.unwrap_or(DecisionId(Uuid::max()));
    let query = Sql::<Key>::new("SELECT d.id FROM decisions d WHERE d.id < ").key(before);
    let query = query.sql(" ORDER BY d.id DESC LIMIT ").int(rows);
    let ids: Vec<DecisionId> = native!(conn, c => query.load(c))?;
    Ok(ids.last().map(|first| Stretch::Ids(*first, before)))
}

/// Which transactions are done and which are not: the same again while nobody writes. Only PostgreSQL has this.
pub fn find_snapshot(conn: &mut Conn<'_>) -> QueryResult<Option<String>> {
    let Native::Pg(c) = &mut conn.native else { return Ok(None) };
    let query = Sql::<Text>::new("SELECT pg_current_snapshot()::text");
    query.get_result(*c).map(Some)
}

/// Whether a chain has rows behind this place.
pub fn has_behind(conn: &mut Conn<'_>, chain: SiteId, place: i64) -> QueryResult<bool> {
    let rows = log_rows::table.filter(log_rows::chain.eq(chain)).filter(log_rows::place.gt(place));
    let first: Option<i64> = native!(conn, c => rows.select(log_rows::place).first(c).optional())?;
    Ok(first.is_some())
}

/// The rows of a chain at these places, each with its row of the log if that is there.
pub fn list(
    conn: &mut Conn<'_>,
    chain: SiteId,
    (first, last): (i64, i64),
) -> QueryResult<Vec<(LogRow, Option<Decision>)>> {
    let range = |query: Sql<Row>| query.key(chain).sql(" AND s.place >= ").int(first).sql(" AND s.place <= ").int(last);
    let query = Sql::<Row>::new(decisions::SELECT);
    let query = query.sql("FROM log_rows s JOIN decisions d ON d.id = s.decision_id WHERE s.chain = ");
    let query = range(query).sql(" ORDER BY s.chain, s.place");
    let found: Vec<Decision> = native!(conn, c => query.load(c))?;
    let rows = log_rows::table.filter(log_rows::chain.eq(chain)).filter(log_rows::place.between(first, last));
    let rows = rows.order((log_rows::chain, log_rows::place));
    let rows: Vec<LogRow> = native!(conn, c => rows.select(LogRow::as_select()).load(c))?;
    let mut found = found.into_iter().peekable();
    Ok(rows
        .into_iter()
        .map(|row| {
            let decision = found.next_if(|decision| decision.id == row.decision_id);
            (row, decision)
        })
        .collect())
}
