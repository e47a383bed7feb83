//! What an account may be at present: its roles and sanctions, read together.

use diesel::{QueryResult, RunQueryDsl, sql_types};

use super::{
    Conn,
    accounts::Account,
    conn::native,
    locks, sanctions,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    ids::*,
    sanction::{Held, SanctionKind},
    site::SiteRole,
    timestamp::Timestamp,
};

/// Something that an account was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grant {
    /// A role on a site.
    Role(SiteId, SiteRole),
    /// A sanction on a site, or everywhere.
    Sanction(Option<SiteId>, Held),
}

impl Grant {
    fn of((kind, site, per_day): GrantRow) -> Option<Self> {
        match (SiteRole::parse(&kind), site) {
            (Some(role), site) => site.map(|site| Self::Role(site, role)),
            // a sanction of a kind that only a newer program knows is not let go
            (None, site) => {
                let kind = SanctionKind::parse(&kind).unwrap_or(SanctionKind::Suspend);
                Some(Self::Sanction(site, Held { kind, per_day }))
            }
        }
    }
}

/// A grant's kind, its site, and the replies a day that it allows.
type GrantRow = (String, Option<SiteId>, Option<i32>);

/// The grants of an account as rows.
fn grants<ST>(account: AccountId, now: Timestamp) -> Sql<ST> {
    let query =
        Sql::new("SELECT role AS kind, site_id, CAST(NULL AS INTEGER) AS per_day FROM site_roles WHERE account_id = ")
            .key(account)
            .sql(" UNION ALL SELECT kind, site_id, per_day FROM sanctions WHERE account_id = ")
            .key(account);
    sanctions::that_hold(query, now)
}

/// Keeps what this account may as it is until the end of a transaction that writes, so that it is still so when that is durable.
/// Held before it is read, and before anything under a story is locked.
pub fn keep(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    match conn.may_write() {
        true => locks::hold_shared(conn, &name(account)),
        false => Ok(()),
    }
}

/// Waits for all that rests on what this account may, and keeps more of it out until the end of the transaction, which changes
/// that. Held before the account itself is locked, on which others come to depend later.
pub fn hold(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    locks::hold(conn, &name(account))
}

fn name(account: AccountId) -> Vec<u8> {
    [b"standing", account.0.as_bytes().as_slice()].concat()
}

/// The grants of an account.
pub fn list(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<Vec<Grant>> {
    let query: Sql<(sql_types::Text, sql_types::Nullable<Key>, sql_types::Nullable<sql_types::Integer>)> =
        grants(account, now);
    let rows: Vec<GrantRow> = native!(conn, c => query.load(c))?;
    Ok(rows.into_iter().filter_map(Grant::of).collect())
}

/// An account in one of its sessions.
pub struct InSession {
    pub account: Account,
    pub grants: Vec<Grant>,
    /// When its owner last showed in it who he is.
    pub proven_at: Timestamp,
    /// When a code of the account's second factor was last shown in it.
    pub factor_at: Option<Timestamp>,
}

/// The account of a session with its grants; `None` if the session has ended, ran out or is another account's, or if
/// the account is closed. One statement, as every operation of somebody signed in begins with it.
pub fn find_signed_in(
    conn: &mut Conn<'_>,
    session: SessionId,
    account: AccountId,
    now: Timestamp,
) -> QueryResult<Option<InSession>> {
    use sql_types::{Bool, Integer, Nullable, Text};
    type AccountRow = (
        Key,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Instant>,
        Nullable<Text>,
        Nullable<Text>,
        Bool,
        Instant,
        Nullable<Instant>,
        Nullable<Instant>,
        Nullable<Instant>,
        Nullable<Instant>,
    );
    type Row = (AccountRow, Instant, Nullable<Instant>, Nullable<Text>, Nullable<Key>, Nullable<Integer>);
    let query = Sql::<Row>::new(
        "SELECT a.id, a.email, a.email_key, a.username, a.username_key, a.username_changed_at, a.display_name, \
         a.password_hash, a.is_admin, a.created_at, a.closed_at, a.email_verified_at, a.proven_at, a.second_factor_at, \
         COALESCE(s.proven_at, s.created_at), s.factor_at, g.kind, g.site_id, g.per_day \
         FROM sessions s JOIN accounts a ON a.id = s.account_id LEFT JOIN (",
    )
    .append(grants::<()>(account, now))
    .sql(") g ON true WHERE s.id = ")
    .key(session)
    .sql(" AND s.account_id = ")
    .key(account)
    .sql(" AND s.ended_at IS NULL AND s.expires_at > ")
    .time(now)
    .sql(" AND a.closed_at IS NULL");
    type Found = (Account, Timestamp, Option<Timestamp>, Option<String>, Option<SiteId>, Option<i32>);
    let rows: Vec<Found> = native!(conn, c => query.load(c))?;
    let mut found: Option<InSession> = None;
    for (account, proven_at, factor_at, kind, site, per_day) in rows {
        let new = InSession { account, grants: Vec::new(), proven_at, factor_at };
        found.get_or_insert(new).grants.extend(kind.and_then(|kind| Grant::of((kind, site, per_day))));
    }
    Ok(found)
}
