//! The twin migration trees, embedded, and what may be done with them.

use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{DbError, DbOptions, connect::connect_sqlite, db::DbUrl};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number will do, as long as every instance takes the same one.
const ADVISORY_LOCK: i64 = 0x7265_6a6f_696e_6472;

/// Why the schema cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// No connection, or not a database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The database was migrated by a later version of this program.
    #[error("the database has a newer schema than this program knows ({0}); use the newer program")]
    Newer(String),
    /// A migration failed; it was rolled back.
    #[error("a migration failed: {0}")]
    Failed(String),
    /// The file at this path cannot be opened or written, or is no database.
    #[error("the database {0} cannot be used: {1}")]
    File(String, DbError),
    /// There is no database at this path.
    #[error("there is no database at {0}")]
    Missing(String),
}

impl From<diesel::result::Error> for MigrationError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Applies what is pending and names it. An embedded database is made if there is none; whoever migrates the same
/// database at the same time waits.
pub fn migrate(url: &DbUrl) -> Result<Vec<String>, MigrationError> {
    match url {
        DbUrl::Sqlite(path) => migrate_sqlite(path).map_err(|error| match error {
            MigrationError::Db(error) => MigrationError::File(path.clone(), error),
            error => error,
        }),
        DbUrl::Postgres(url) => {
            let mut conn = connect_pg(url)?;
            conn.batch_execute(&format!("SELECT pg_advisory_lock({ADVISORY_LOCK})"))?;
            refuse_newer(&mut conn, &POSTGRES)?;
            // the lock goes with the connection
            run(&mut conn, POSTGRES)
        }
    }
}

fn migrate_sqlite(path: &str) -> Result<Vec<String>, MigrationError> {
    let mut conn = connect_sqlite(path, &DbOptions::default())?;
    // all of them in one transaction, which is the lock
    conn.immediate_transaction(|conn| {
        refuse_newer(conn, &SQLITE)?;
        run(conn, SQLITE)
    })
}

/// The names of pending migrations. Changes nothing and makes no file.
pub fn pending(url: &DbUrl) -> Result<Vec<String>, MigrationError> {
    match url {
        DbUrl::Sqlite(path) => {
            if !std::path::Path::new(path).exists() {
                return Err(MigrationError::Missing(path.clone()));
            }
            let mut conn = SqliteConnection::establish(path).map_err(unreachable)?;
            conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON")?;
            pending_on(&mut conn, &SQLITE)
        }
        DbUrl::Postgres(url) => pending_on(&mut connect_pg(url)?, &POSTGRES),
    }
}

fn connect_pg(url: &str) -> Result<PgConnection, DbError> {
    PgConnection::establish(url).map_err(unreachable)
}

fn unreachable(error: diesel::ConnectionError) -> DbError {
    DbError::Unreachable(error.to_string())
}

/// Versions that the database says were applied; none if it was never migrated.
fn applied<C>(conn: &mut C) -> Vec<String>
where
    C: Connection,
    for<'q> diesel::query_builder::SqlQuery: diesel::query_dsl::LoadQuery<'q, C, Applied>,
{
    // a table that is not there yet reads like one that is empty
    let rows = sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version").load::<Applied>(conn);
    rows.map(|rows| rows.into_iter().map(|row| row.version).collect()).unwrap_or_default()
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// Versions as the harness stores them: the digits of the folder's name before the underscore.
fn known<C: Connection>(source: &EmbeddedMigrations) -> Result<Vec<(String, String)>, MigrationError>
where
    EmbeddedMigrations: diesel::migration::MigrationSource<C::Backend>,
{
    let migrations = diesel::migration::MigrationSource::<C::Backend>::migrations(source)
        .map_err(|error| MigrationError::Failed(error.to_string()))?;
    let mut known: Vec<_> = migrations
        .iter()
        .map(|migration| (migration.name().version().to_string(), migration.name().to_string()))
        .collect();
    known.sort();
    Ok(known)
}

fn refuse_newer<C>(conn: &mut C, source: &EmbeddedMigrations) -> Result<(), MigrationError>
where
    C: Connection,
    EmbeddedMigrations: diesel::migration::MigrationSource<C::Backend>,
    for<'q> diesel::query_builder::SqlQuery: diesel::query_dsl::LoadQuery<'q, C, Applied>,
{
    let known = known::<C>(source)?;
    match applied(conn).into_iter().find(|version| !known.iter().any(|(ours, _)| ours == version)) {
        Some(version) => Err(MigrationError::Newer(version)),
        None => Ok(()),
    }
}

fn pending_on<C>(conn: &mut C, source: &EmbeddedMigrations) -> Result<Vec<String>, MigrationError>
where
    C: Connection,
    EmbeddedMigrations: diesel::migration::MigrationSource<C::Backend>,
    for<'q> diesel::query_builder::SqlQuery: diesel::query_dsl::LoadQuery<'q, C, Applied>,
{
    conn.batch_execute("SELECT 1")?;
    refuse_newer(conn, source)?;
    let applied = applied(conn);
    let known = known::<C>(source)?.into_iter();
    Ok(known.filter(|(version, _)| !applied.contains(version)).map(|(_, name)| name).collect())
}

fn run<C>(conn: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, MigrationError>
where
    C: MigrationHarness<C::Backend> + Connection,
    C::Backend: diesel::backend::Backend,
    EmbeddedMigrations: diesel::migration::MigrationSource<C::Backend>,
{
    let known = known::<C>(&source)?.into_iter();
    let applied = conn.run_pending_migrations(source).map_err(|error| MigrationError::Failed(error.to_string()))?;
    let applied: Vec<String> = applied.iter().map(ToString::to_string).collect();
    Ok(known.filter(|(version, _)| applied.contains(version)).map(|(_, name)| name).collect())
}

/// The version of the last migration that this program knows; the same in both trees.
pub fn latest() -> String {
    let known = known::<SqliteConnection>(&SQLITE).unwrap_or_default();
    known.last().map(|(version, _)| version.clone()).unwrap_or_default()
}

/// What the header of a database file of the demo's says in its field for that: "RJDM".
const DEMO_APPLICATION_ID: i32 = 0x524a_444d;

/// Makes a file for the demo if there is none. False: there is one that the demo did not make.
pub fn claim_for_demo(path: &std::path::Path) -> Result<bool, MigrationError> {
    let is_new = !path.exists();
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).map_err(unreachable)?;
    if is_new {
        conn.batch_execute(&format!("PRAGMA application_id = {DEMO_APPLICATION_ID}"))?;
        return Ok(true);
    }
    let id = sql_query("PRAGMA application_id").get_result::<ApplicationId>(&mut conn)?;
    Ok(id.application_id == DEMO_APPLICATION_ID)
}

#[derive(diesel::QueryableByName)]
struct ApplicationId {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    application_id: i32,
}
