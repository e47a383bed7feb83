//! Databases of the tests: each test has its own, on SQLite a copied file, on PostgreSQL one made from a template.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

use diesel::{Connection, PgConnection, RunQueryDsl};
use rejoinder::store::{DbUrl, migrations};
use tempfile::TempDir;

/// A database that goes with the test.
pub struct Database {
    pub url: String,
    pub folder: TempDir,
    /// Of PostgreSQL: its name, and the server's URL.
    name: Option<(String, String)>,
}

/// Migrated once; copied for each test.
struct Template {
    _folder: TempDir,
    source: String,
}

impl Database {
    /// Migrated.
    pub fn create() -> Self {
        static TEMPLATE: OnceLock<Template> = OnceLock::new();
        let server = std::env::var("TEST_DATABASE_URL").ok();
        let template = TEMPLATE.get_or_init(|| Template::create(server.as_deref()));
        let folder = tempfile::tempdir().unwrap();
        let Some(server) = server else {
            let file = folder.path().join("test.sqlite");
            std::fs::copy(&template.source, &file).unwrap();
            return Self { url: format!("sqlite:{}", file.display()), folder, name: None };
        };
        Self::on(server, folder, &format!("TEMPLATE {}", template.source))
    }

    /// Not migrated; on SQLite there is not even a file.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        match std::env::var("TEST_DATABASE_URL") {
            Ok(server) => Self::on(server, folder, ""),
            Err(_) => {
                Self { url: format!("sqlite:{}", folder.path().join("test.sqlite").display()), folder, name: None }
            }
        }
    }

    /// A copy as it is now; only on PostgreSQL, and only while nobody is connected.
    pub fn copy(&self) -> Self {
        let (name, server) = self.name.as_ref().expect("a database on PostgreSQL");
        Self::on(server.clone(), tempfile::tempdir().unwrap(), &format!("TEMPLATE {name}"))
    }

    /// Whether it is on PostgreSQL.
    pub fn is_on_server(&self) -> bool {
        self.name.is_some()
    }

    fn on(server: String, folder: TempDir, like: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("rejoinder_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        administer(&server, &format!("CREATE DATABASE {name} {like}"));
        Self { url: on_server(&server, &name), folder, name: Some((name, server)) }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((name, server)) = &self.name {
            administer(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

impl Template {
    fn create(server: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        match server {
            None => {
                let file = folder.path().join("template.sqlite").to_string_lossy().into_owned();
                migrations::migrate(&DbUrl::Sqlite(file.clone())).unwrap();
                Self { _folder: folder, source: file }
            }
            Some(server) => {
                let name = format!("rejoinder_test_{}", std::process::id());
                administer(server, &format!("CREATE DATABASE {name}"));
                migrations::migrate(&DbUrl::Postgres(on_server(server, &name))).unwrap();
                Self { _folder: folder, source: name }
            }
        }
    }
}

fn administer(server: &str, sql: &str) {
    let mut conn = PgConnection::establish(server).unwrap();
    diesel::sql_query(sql).execute(&mut conn).unwrap();
}

/// The URL of another database on the same server.
fn on_server(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}
