//! References between tables, and what a closed account may not hold.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};

use super::{CheckLine, NAMED_MAX};
use crate::{
    domain::ids::AccountId,
    store::{Conn, conn::native, sql::Sql, types::Key},
};

/// Foreign keys. SQLite looks at the rows; PostgreSQL never lets a row in that breaks one, unless the constraint was
/// made without looking at the rows that were there.
pub(super) fn foreign_keys(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 1]> {
    let mut line = CheckLine::new("foreign keys");
    match conn {
        Conn::Sqlite(c) => {
            let number = Sql::<BigInt>::new(
                "SELECT count(*) FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) WHERE t.type = 'table'",
            );
            line.looked_at = unsigned(number.get_result(*c)?);
            let broken = Sql::<BigInt>::new("SELECT count(*) FROM pragma_foreign_key_check");
            line.wrong = unsigned(broken.get_result(*c)?);
            if line.wrong > 0 {
                let named = Sql::<(Text, Nullable<BigInt>, Text)>::new(
                    "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT ",
                )
                .int(NAMED_MAX as i64);
                let rows: Vec<(String, Option<i64>, String)> = named.load(*c)?;
                line.differences =
                    rows.into_iter().map(|(table, row, parent)| broken_row(&table, row, &parent)).collect();
            }
        }
        Conn::Pg(c) => {
            let constraints = Sql::<(Text, Text, Bool)>::new(
                "SELECT c.conrelid::regclass::text, c.conname::text, c.convalidated FROM pg_constraint c \
                 WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY c.oid",
            );
            let rows: Vec<(String, String, bool)> = constraints.load(*c)?;
            for (table, name, is_valid) in rows {
                line.look((!is_valid).then(|| format!("{table}: {name} was never validated")));
            }
        }
    }
    Ok([line])
}

fn broken_row(table: &str, row: Option<i64>, parent: &str) -> String {
    match row {
        Some(row) => format!("{table}, row {row}: refers to no row of {parent}"),
        None => format!("{table}: a row refers to no row of {parent}"),
    }
}

/// Closed accounts hold nothing that names their person.
pub(super) fn closed_accounts(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 1]> {
    let mut line = CheckLine::new("names of closed accounts");
    let closed = Sql::<BigInt>::new("SELECT count(*) FROM accounts WHERE closed_at IS NOT NULL");
    line.looked_at = unsigned(native!(conn, c => closed.get_result(c))?);
    let named = " FROM accounts WHERE closed_at IS NOT NULL AND (email IS NOT NULL OR email_key IS NOT NULL \
         OR username IS NOT NULL OR username_key IS NOT NULL OR display_name IS NOT NULL OR password_hash IS NOT NULL)";
    let wrong = Sql::<BigInt>::new("SELECT count(*)").sql(named);
    line.wrong = unsigned(native!(conn, c => wrong.get_result(c))?);
    let ids = Sql::<Key>::new("SELECT id").sql(named).sql(" ORDER BY id LIMIT ").int(NAMED_MAX as i64);
    let ids: Vec<AccountId> = native!(conn, c => ids.load(c))?;
    line.differences = ids.into_iter().map(|id| format!("account {id}: closed, and still has a name")).collect();
    Ok([line])
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
