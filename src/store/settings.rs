//! Facts about the database itself.

use diesel::{prelude::*, sql_types::Text};

use super::{Conn, conn::native, schema::settings, sql::Sql};

/// The value kept under this name.
pub fn find(conn: &mut Conn<'_>, name: &str) -> QueryResult<Option<String>> {
    native!(conn, c => settings::table.find(name).select(settings::value).first(c).optional())
}

/// Keeps a value under a name that has none yet.
pub fn insert(conn: &mut Conn<'_>, name: &str, value: &str) -> QueryResult<()> {
    let row = (settings::name.eq(name), settings::value.eq(value));
    native!(conn, c => diesel::insert_into(settings::table).values(row).execute(c))?;
    Ok(())
}

/// Keeps a value under a name, in place of the one before.
pub fn put(conn: &mut Conn<'_>, name: &str, value: &str) -> QueryResult<()> {
    let row = (settings::name.eq(name), settings::value.eq(value));
    native!(conn, c => {
        diesel::insert_into(settings::table)
            .values(row)
            .on_conflict(settings::name)
            .do_update()
            .set(settings::value.eq(value))
            .execute(c)
    })?;
    Ok(())
}

/// Writes something that nobody reads: whether the database takes writes.
pub fn probe(conn: &mut Conn<'_>) -> QueryResult<()> {
    let row = (settings::name.eq("probe"), settings::value.eq(""));
    native!(conn, c => {
        diesel::insert_into(settings::table)
            .values(row)
            .on_conflict(settings::name)
            .do_update()
            .set(settings::value.eq(""))
            .execute(c)
    })?;
    Ok(())
}

/// The version of the last migration that was applied.
pub fn last_migration(conn: &mut Conn<'_>) -> QueryResult<Option<String>> {
    let query = Sql::<Text>::new("SELECT version FROM __diesel_schema_migrations ORDER BY version DESC LIMIT 1");
    native!(conn, c => query.get_result(c).optional())
}
