//! References between tables, and what a closed account may not hold.

use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::*};

use super::{CheckLine, NAMED_MAX};
use crate::{
    domain::ids::AccountId,
    store::{Conn, Native, conn::native, sql::Sql, types::Key},
};

/// A foreign key of PostgreSQL's: its tables, and expressions about a row `c` of the one and `p` of the other.
#[derive(QueryableByName)]
struct PgForeignKey {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Text)]
    values: String,
    #[diesel(sql_type = Text)]
    present: String,
    #[diesel(sql_type = Text)]
    same: String,
}

#[derive(QueryableByName)]
struct PgOrphans {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = Array<Text>)]
    named: Vec<String>,
}

const PG_FOREIGN_KEYS: &str = "SELECT f.conrelid::regclass::text AS child, f.confrelid::regclass::text AS parent, \
     string_agg(quote_ident(c.attname), ', ') AS columns, \
     string_agg(format('c.%I', c.attname), ', ') AS values, \
     string_agg(format('c.%I IS NOT NULL', c.attname), ' AND ') AS present, \
     string_agg(format('p.%I = c.%I', p.attname, c.attname), ' AND ') AS same \
     FROM pg_constraint f CROSS JOIN LATERAL unnest(f.conkey, f.confkey) AS k (child, parent) \
     JOIN pg_attribute c ON c.attrelid = f.conrelid AND c.attnum = k.child \
     JOIN pg_attribute p ON p.attrelid = f.confrelid AND p.attnum = k.parent \
     WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace \
     GROUP BY f.oid, f.conrelid, f.confrelid ORDER BY f.oid";

/// Foreign keys, each looked at in all rows: both databases take rows that break one while their guard is off. What is
/// wrong is rows.
pub(super) fn foreign_keys(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 1]> {
    let mut line = CheckLine::new("foreign keys");
    match &mut conn.native {
        Native::Sqlite(c) => {
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
        Native::Pg(c) => {
            for key in sql_query(PG_FOREIGN_KEYS).load::<PgForeignKey>(*c)? {
                let PgForeignKey { child, parent, columns, values, present, same } = key;
                let orphans = format!(
                    "WITH orphans AS (SELECT concat_ws(', ', {values}) AS named FROM {child} c WHERE {present} \
                     AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE {same})) \
                     SELECT count(*) AS count, array(SELECT named FROM orphans LIMIT {NAMED_MAX}) AS named FROM orphans"
                );
                let orphans = sql_query(orphans).get_result::<PgOrphans>(*c)?;
                line.looked_at += 1;
                line.wrong += unsigned(orphans.count);
                let room = NAMED_MAX - line.differences.len();
                let named = orphans.named.into_iter().take(room);
                line.differences
                    .extend(named.map(|row| format!("{child}, {columns} {row}: refers to no row of {parent}")));
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
         OR username IS NOT NULL OR username_key IS NOT NULL OR display_name IS NOT NULL OR password_hash IS NOT NULL \
         OR claimed_email IS NOT NULL)";
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
