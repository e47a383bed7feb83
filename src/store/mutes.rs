//! Whom readers do not want to read.

use diesel::{QueryResult, RunQueryDsl, sql_types};

use super::{
    Conn,
    conn::native,
    locks,
    sql::{Sql, Value},
    types::{Instant, Key},
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// Somebody who is muted.
#[derive(Clone, Debug, diesel::Queryable)]
pub struct Muted {
    pub account_id: AccountId,
    pub username: Option<String>,
    pub display_name: Option<String>,
    pub created_at: Timestamp,
}

/// How many somebody mutes; who else asks for this person waits until the end of the transaction.
pub fn count(conn: &mut Conn<'_>, by: AccountId) -> QueryResult<i64> {
    locks::hold(conn, &[b"mutes", by.0.as_bytes().as_slice()].concat())?;
    let query = Sql::<sql_types::BigInt>::new("SELECT count(*) FROM mutes WHERE account_id = ").key(by);
    native!(conn, c => query.get_result(c))
}

/// Mutes; whether it was not so before.
pub fn insert(conn: &mut Conn<'_>, by: AccountId, muted: AccountId, now: Timestamp) -> QueryResult<bool> {
    let insert = Sql::<()>::new("INSERT INTO mutes (account_id, muted_id, created_at) VALUES (")
        .values([Value::key(by), Value::key(muted), now.into()])
        .sql(") ON CONFLICT DO NOTHING");
    Ok(native!(conn, c => insert.execute(c))? > 0)
}

/// Lets up to `limit` of those who mute one account mute another instead; how many there were.
pub fn pass_on(conn: &mut Conn<'_>, from: AccountId, to: AccountId, limit: i64) -> QueryResult<usize> {
    let readers =
        Sql::<Key>::new("SELECT account_id FROM mutes WHERE muted_id = ").key(from).sql(" ORDER BY account_id LIMIT ");
    let readers = readers.int(limit);
    let readers: Vec<AccountId> = native!(conn, c => readers.load(c))?;
    if readers.is_empty() {
        return Ok(0);
    }
    let of = |sql: Sql<()>| sql.key(from).sql(" AND account_id IN (").keys(readers.iter().copied()).sql(")");
    let insert = Sql::<()>::new("INSERT INTO mutes (account_id, muted_id, created_at) SELECT account_id, ").key(to);
    // nobody mutes himself
    let insert = of(insert.sql(", created_at FROM mutes WHERE muted_id = ")).sql(" AND account_id <> ").key(to);
    let insert = insert.sql(" ON CONFLICT DO NOTHING");
    native!(conn, c => insert.execute(c))?;
    let delete = of(Sql::new("DELETE FROM mutes WHERE muted_id = "));
    native!(conn, c => delete.execute(c))
}

/// Forgets whom somebody muted.
pub fn delete_all(conn: &mut Conn<'_>, by: AccountId) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM mutes WHERE account_id = ").key(by);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// Mutes no more.
pub fn delete(conn: &mut Conn<'_>, by: AccountId, muted: AccountId) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM mutes WHERE account_id = ").key(by).sql(" AND muted_id = ").key(muted);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// Everybody whom somebody mutes, in the order of their ids.
pub fn list_ids(conn: &mut Conn<'_>, by: AccountId) -> QueryResult<Vec<AccountId>> {
    let query = Sql::<Key>::new("SELECT muted_id FROM mutes WHERE account_id = ").key(by).sql(" ORDER BY muted_id");
    native!(conn, c => query.load(c))
}

/// Up to `limit` of them after this one.
pub fn list(conn: &mut Conn<'_>, by: AccountId, after: Option<AccountId>, limit: i64) -> QueryResult<Vec<Muted>> {
    type Columns = (Key, sql_types::Nullable<sql_types::Text>, sql_types::Nullable<sql_types::Text>, Instant);
    let query = Sql::<Columns>::new(
        "SELECT m.muted_id, a.username, a.display_name, m.created_at FROM mutes m \
         JOIN accounts a ON a.id = m.muted_id WHERE m.account_id = ",
    )
    .key(by)
    .sql(" AND m.muted_id > ")
    .key(after.map_or(uuid::Uuid::nil(), |id| id.0))
    .sql(" ORDER BY m.muted_id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}
