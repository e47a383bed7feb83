//! A connection to the test's database beside the application, as another instance has one.

use std::time::{Duration, Instant};

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query,
    sql_types::BigInt,
};
use rejoinder::store::DbUrl;

use crate::{app::App, process::PATIENCE};

pub enum Outside {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Outside {
    pub fn of(app: &App) -> Self {
        Self::at(&app.state.config.database_url)
    }

    pub fn at(url: &DbUrl) -> Self {
        match url {
            DbUrl::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
                Self::Sqlite(conn)
            }
            DbUrl::Postgres(url) => Self::Pg(PgConnection::establish(url).unwrap()),
        }
    }

    pub fn is_pg(&self) -> bool {
        matches!(self, Self::Pg(_))
    }

    pub fn run(&mut self, sql: &str) {
        match self {
            Self::Sqlite(conn) => conn.batch_execute(sql).unwrap(),
            Self::Pg(conn) => conn.batch_execute(sql).unwrap(),
        }
    }

    /// A number, `AS count`.
    pub fn count(&mut self, sql: &str) -> i64 {
        match self {
            Self::Sqlite(conn) => sql_query(sql).get_result::<Count>(conn).unwrap().count,
            Self::Pg(conn) => sql_query(sql).get_result::<Count>(conn).unwrap().count,
        }
    }

    /// Begins a transaction that may write.
    pub fn begin(&mut self) {
        self.run(if self.is_pg() { "BEGIN" } else { "BEGIN IMMEDIATE" });
    }

    /// Waits until somebody waits for a lock here. On SQLite nobody can be seen waiting: there the transaction alone
    /// keeps others out.
    pub async fn somebody_waits(&mut self) {
        if !self.is_pg() {
            return;
        }
        let waiting = "SELECT count(*) AS count FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
             WHERE NOT l.granted AND a.datname = current_database()";
        let deadline = Instant::now() + PATIENCE;
        while self.count(waiting) == 0 {
            assert!(Instant::now() < deadline, "nobody waits");
            actix_web::rt::time::sleep(Duration::from_millis(2)).await;
        }
    }
}
