//! Copies of all that is kept of somebody, in pieces.

use diesel::{prelude::*, sql_types};

use super::{
    Conn, Native,
    conn::native,
    schema::{data_export_pieces, data_exports},
    sql::{Sql, Value},
};
use crate::domain::{
    data_export::{DataExportState, KEPT},
    ids::*,
    timestamp::Timestamp,
};

/// A copy, or what is to become one.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = data_exports)]
pub struct DataExport {
    pub account_id: AccountId,
    pub state: DataExportState,
    /// Which puts it together.
    pub job_id: JobId,
    pub asked_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub byte_count: i64,
}

/// That of an account.
pub fn find(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<Option<DataExport>> {
    native!(conn, c => data_exports::table.find(account).select(DataExport::as_select()).first(c).optional())
}

/// Stores a new one in place of another, of which nothing is left; the account is locked.
pub fn put(conn: &mut Conn<'_>, export: &DataExport) -> QueryResult<()> {
    delete(conn, export.account_id)?;
    native!(conn, c => diesel::insert_into(data_exports::table).values(export).execute(c))?;
    Ok(())
}

/// Forgets that of an account.
pub fn delete(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    delete_pieces(conn, account)?;
    native!(conn, c => diesel::delete(data_exports::table.find(account)).execute(c))?;
    Ok(())
}

/// Forgets what is there of one, so that it can be begun anew.
pub fn delete_pieces(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let pieces = data_export_pieces::table.filter(data_export_pieces::account_id.eq(account));
    native!(conn, c => diesel::delete(pieces).execute(c))?;
    Ok(())
}

/// The copy that a job puts together, if nothing else became of it; locked, so that it stays so until the transaction's end.
pub fn find_waiting(conn: &mut Conn<'_>, account: AccountId, job: JobId) -> QueryResult<Option<DataExport>> {
    let waiting = data_exports::table
        .find(account)
        .filter(data_exports::job_id.eq(job))
        .filter(data_exports::state.eq(DataExportState::Waiting));
    match &mut conn.native {
        Native::Sqlite(c) => waiting.select(DataExport::as_select()).first(*c).optional(),
        Native::Pg(c) => waiting.select(DataExport::as_select()).for_update().first(*c).optional(),
    }
}

/// Stores a piece.
pub fn insert_piece(conn: &mut Conn<'_>, account: AccountId, number: i32, bytes: &[u8]) -> QueryResult<()> {
    let insert = Sql::<()>::new("INSERT INTO data_export_pieces (account_id, number, bytes) VALUES (")
        .values([Value::key(account), number.into(), bytes.into()])
        .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// A piece of the copy that a job put together.
pub fn find_piece(
    conn: &mut Conn<'_>,
    (account, job): (AccountId, JobId),
    number: i32,
) -> QueryResult<Option<Vec<u8>>> {
    let query = Sql::<sql_types::Binary>::new(
        "SELECT p.bytes FROM data_exports e JOIN data_export_pieces p ON p.account_id = e.account_id WHERE e.account_id = ",
    )
    .key(account)
    .sql(" AND e.job_id = ")
    .key(job)
    .sql(" AND p.number = ")
    .int(number);
    native!(conn, c => query.get_result(c).optional())
}

/// Notes how it ended.
pub fn end(
    conn: &mut Conn<'_>,
    account: AccountId,
    (state, byte_count): (DataExportState, i64),
    now: Timestamp,
) -> QueryResult<()> {
    let changes =
        (data_exports::state.eq(state), data_exports::byte_count.eq(byte_count), data_exports::ended_at.eq(now));
    native!(conn, c => diesel::update(data_exports::table.find(account)).set(changes).execute(c))?;
    Ok(())
}

/// Pieces that one step deletes at most, so that it never holds the writer for long.
const DELETED_AT_ONCE: i64 = 64;

/// Deletes a bounded number of pieces of copies that nobody may fetch any more, and the copies themselves. True if there may
/// be more.
pub fn prune(conn: &mut Conn<'_>, now: Timestamp) -> QueryResult<bool> {
    let old = now.minus(KEPT);
    let pieces = Sql::<()>::new(
        "DELETE FROM data_export_pieces WHERE (account_id, number) IN (SELECT p.account_id, p.number FROM data_exports e \
         JOIN data_export_pieces p ON p.account_id = e.account_id WHERE e.ended_at < ",
    )
    .time(old)
    .sql(" LIMIT ")
    .int(DELETED_AT_ONCE)
    .sql(")");
    let deleted = native!(conn, c => pieces.execute(c))?;
    let empty = Sql::<()>::new(
        "DELETE FROM data_exports WHERE account_id IN (SELECT e.account_id FROM data_exports e WHERE e.ended_at < ",
    )
    .time(old)
    .sql(" AND NOT EXISTS (SELECT 1 FROM data_export_pieces p WHERE p.account_id = e.account_id) LIMIT ")
    .int(DELETED_AT_ONCE)
    .sql(")");
    native!(conn, c => empty.execute(c))?;
    Ok(i64::try_from(deleted).is_ok_and(|deleted| deleted >= DELETED_AT_ONCE))
}
