//! The twin migration trees, embedded, and what may be done with them.

use std::path::Path;

use diesel::{
    Connection, PgConnection, QueryResult, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    migration::{Migration, MigrationSource},
    sql_query,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{DbError, DbOptions, DbUrl, connect::connect_sqlite, db_url::without_url};

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

impl MigrationError {
    /// The same of a file.
    fn about(self, path: &str) -> Self {
        match self {
            Self::Db(error) => Self::File(path.to_owned(), error),
            error => error,
        }
    }
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
        // all of them in one transaction, which is the lock
        DbUrl::Sqlite(path) => connect_sqlite(path, &DbOptions::default())
            .map_err(MigrationError::from)
            .and_then(|mut conn| conn.immediate_transaction(run))
            .map_err(|error| error.about(path)),
        DbUrl::Postgres(url) => {
            let mut conn = connect_pg(url)?;
            conn.batch_execute(&format!("SELECT pg_advisory_lock({ADVISORY_LOCK})"))?;
            // the lock goes with the connection
            run(&mut conn)
        }
    }
}

/// The names of pending migrations. Changes nothing and makes no file.
pub fn pending(url: &DbUrl) -> Result<Vec<String>, MigrationError> {
    let missing = match url {
        DbUrl::Sqlite(path) if !Path::new(path).exists() => Err(MigrationError::Missing(path.clone())),
        DbUrl::Sqlite(path) => connect_sqlite_to_look(path)
            .map_err(MigrationError::from)
            .and_then(|mut conn| missing(&mut conn))
            .map_err(|error| error.about(path)),
        DbUrl::Postgres(url) => missing(&mut connect_pg(url)?),
    };
    missing.map(names)
}

/// Whether there is no database, or one that was never migrated.
pub fn is_new(url: &DbUrl) -> Result<bool, MigrationError> {
    match pending(url) {
        Ok(pending) => Ok(pending.len() == known::<SqliteConnection>()?.len()),
        Err(MigrationError::Missing(_)) => Ok(true),
        Err(error) => Err(error),
    }
}

fn connect_sqlite_to_look(path: &str) -> Result<SqliteConnection, DbError> {
    let mut conn = SqliteConnection::establish(path).map_err(|error| DbError::Unreachable(error.to_string()))?;
    conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON")?;
    Ok(conn)
}

/// How long one waits for another that migrates, and a migration for whoever holds a table.
const PG_LOCKS: &str = "SET lock_timeout = '60s'";

fn connect_pg(url: &str) -> Result<PgConnection, DbError> {
    let mut conn =
        PgConnection::establish(url).map_err(|error| DbError::Unreachable(without_url(&error.to_string(), url)))?;
    conn.batch_execute(PG_LOCKS)?;
    Ok(conn)
}

/// A kind of connection with its tree of migrations.
trait Migrated: MigrationHarness<Self::Backend> + Connection {
    const TREE: EmbeddedMigrations;

    /// Versions that the database says were applied; none if it was never migrated.
    fn applied(&mut self) -> QueryResult<Vec<String>>;
}

const APPLIED: &str = "SELECT version AS text FROM __diesel_schema_migrations ORDER BY version";

impl Migrated for SqliteConnection {
    const TREE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

    fn applied(&mut self) -> QueryResult<Vec<String>> {
        let table = "SELECT name AS text FROM sqlite_master WHERE name = '__diesel_schema_migrations'";
        match sql_query(table).load::<Row>(self)?.is_empty() {
            true => Ok(Vec::new()),
            false => sql_query(APPLIED).load(self).map(Row::texts),
        }
    }
}

impl Migrated for PgConnection {
    const TREE: EmbeddedMigrations = embed_migrations!("migrations/postgres");

    fn applied(&mut self) -> QueryResult<Vec<String>> {
        let table = "SELECT 'it' AS text WHERE to_regclass('__diesel_schema_migrations') IS NOT NULL";
        match sql_query(table).load::<Row>(self)?.is_empty() {
            true => Ok(Vec::new()),
            false => sql_query(APPLIED).load(self).map(Row::texts),
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

impl Row {
    fn texts(rows: Vec<Self>) -> Vec<String> {
        rows.into_iter().map(|row| row.text).collect()
    }
}

/// Versions as the harness stores them, the digits of the folder's name before the underscore; and the names.
fn known<C: Migrated>() -> Result<Vec<(String, String)>, MigrationError> {
    let migrations = MigrationSource::<C::Backend>::migrations(&C::TREE)
        .map_err(|error| MigrationError::Failed(error.to_string()))?;
    let mut known: Vec<_> = migrations
        .iter()
        .map(|migration| (migration.name().version().to_string(), migration.name().to_string()))
        .collect();
    known.sort();
    Ok(known)
}

/// Versions and names that the database does not have; it must not have any that this program does not know.
fn missing<C: Migrated>(conn: &mut C) -> Result<Vec<(String, String)>, MigrationError> {
    let (mut known, applied) = (known::<C>()?, conn.applied()?);
    match applied.iter().find(|version| !known.iter().any(|(ours, _)| ours == *version)) {
        Some(version) => Err(MigrationError::Newer(version.clone())),
        None => {
            known.retain(|(version, _)| !applied.contains(version));
            Ok(known)
        }
    }
}

fn run<C: Migrated>(conn: &mut C) -> Result<Vec<String>, MigrationError> {
    let missing = missing(conn)?;
    conn.run_pending_migrations(C::TREE).map_err(|error| MigrationError::Failed(error.to_string()))?;
    Ok(names(missing))
}

fn names(migrations: Vec<(String, String)>) -> Vec<String> {
    migrations.into_iter().map(|(_, name)| name).collect()
}

/// The version of the last migration that this program knows; the same in both trees.
pub fn latest() -> String {
    let known = known::<SqliteConnection>().unwrap_or_default();
    known.last().map(|(version, _)| version.clone()).unwrap_or_default()
}

/// What the header of a database file of the demo's says in its field for that: "RJDM".
const DEMO_APPLICATION_ID: i32 = 0x524a_444d;

/// Makes a file for the demo if there is none, or an empty one. False: there is one that the demo did not make.
pub fn claim_for_demo(path: &str) -> Result<bool, MigrationError> {
    let is_new = std::fs::metadata(path).map_or(true, |about| about.is_file() && about.len() == 0);
    let claim = || {
        let mut conn = SqliteConnection::establish(path).map_err(|error| DbError::Unreachable(error.to_string()))?;
        if is_new {
            conn.batch_execute(&format!("PRAGMA application_id = {DEMO_APPLICATION_ID}"))?;
            return Ok(true);
        }
        let id = sql_query("PRAGMA application_id").get_result::<ApplicationId>(&mut conn)?;
        Ok(id.application_id == DEMO_APPLICATION_ID)
    };
    claim().map_err(|error: DbError| MigrationError::from(error).about(path))
}

#[derive(diesel::QueryableByName)]
struct ApplicationId {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    application_id: i32,
}
