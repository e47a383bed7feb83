//! What an account may be at present: its roles and suspensions, read together.

use diesel::{QueryResult, RunQueryDsl, sql_types};

use super::{
    Conn,
    accounts::Account,
    conn::native,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{ids::*, site::SiteRole, timestamp::Timestamp};

/// Something that an account was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grant {
    /// A role on a site.
    Role(SiteId, SiteRole),
    /// A suspension on a site, or everywhere.
    Suspension(Option<SiteId>),
}

impl Grant {
    fn of((kind, site): (String, Option<SiteId>)) -> Option<Self> {
        match (SiteRole::parse(&kind), site) {
            (Some(role), Some(site)) => Some(Self::Role(site, role)),
            (Some(_), None) => None,
            (None, site) => Some(Self::Suspension(site)),
        }
    }
}

/// The grants of an account as rows of a kind and a site.
fn grants<ST>(account: AccountId, now: Timestamp) -> Sql<ST> {
    Sql::new("SELECT role AS kind, site_id FROM site_roles WHERE account_id = ")
        .key(account)
        .sql(" UNION ALL SELECT 'suspended', site_id FROM suspensions WHERE account_id = ")
        .key(account)
        .sql(" AND lifted_at IS NULL AND (until IS NULL OR until > ")
        .time(now)
        .sql(")")
}

/// The grants of an account.
pub fn list(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<Vec<Grant>> {
    let query: Sql<(sql_types::Text, sql_types::Nullable<Key>)> = grants(account, now);
    let rows: Vec<(String, Option<SiteId>)> = native!(conn, c => query.load(c))?;
    Ok(rows.into_iter().filter_map(Grant::of).collect())
}

/// The account of a session with its grants; `None` if the session has ended, ran out or is another account's, or if
/// the account is closed. One statement, as every operation of somebody signed in begins with it.
pub fn find_signed_in(
    conn: &mut Conn<'_>,
    session: SessionId,
    account: AccountId,
    now: Timestamp,
) -> QueryResult<Option<(Account, Vec<Grant>)>> {
    use sql_types::{Bool, Nullable, Text};
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
    );
    type Row = (AccountRow, Nullable<Text>, Nullable<Key>);
    let query = Sql::<Row>::new(
        "SELECT a.id, a.email, a.email_key, a.username, a.username_key, a.username_changed_at, a.display_name, \
         a.password_hash, a.is_admin, a.created_at, a.closed_at, g.kind, g.site_id \
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
    let rows: Vec<(Account, Option<String>, Option<SiteId>)> = native!(conn, c => query.load(c))?;
    let mut found = None;
    for (account, kind, site) in rows {
        let (_, grants) = found.get_or_insert_with(|| (account, Vec::new()));
        grants.extend(kind.and_then(|kind| Grant::of((kind, site))));
    }
    Ok(found)
}
