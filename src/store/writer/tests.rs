//! Always on SQLite.

use std::sync::{Mutex, mpsc};

use diesel::{RunQueryDsl, connection::SimpleConnection};
use tempfile::TempDir;

use super::{thread::connect, *};
use crate::store::{DbUrl, Native, migrations, settings, sql::Sql};

/// So that what waits goes into one group however long the test takes.
const LONG: Duration = Duration::from_secs(600);

struct Trial {
    writer: Arc<Writer>,
    board: Arc<Board>,
    meters: Meters,
    path: String,
    _folder: TempDir,
}

impl Trial {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.sqlite").to_string_lossy().into_owned();
        migrations::migrate(&DbUrl::Sqlite(path.clone())).unwrap();
        let (board, meters) = (Arc::new(Board::new(false)), Meters::default());
        let writer = Writer::start(&path, &DbOptions::default(), board.clone(), meters.clone(), LONG).unwrap();
        Self { writer: Arc::new(writer), board, meters, path, _folder: folder }
    }

    /// Begins to write.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, DbError> + Send + 'static,
    ) -> tokio::task::JoinHandle<Result<T, DbError>> {
        let writer = self.writer.clone();
        tokio::spawn(async move { writer.run(Duration::from_secs(60), work).await })
    }

    fn insert(&self, name: &'static str) -> tokio::task::JoinHandle<Result<(), DbError>> {
        self.write(move |conn| Ok(settings::insert(conn, name, "1")?))
    }

    /// Keeps the writer at work until told, so that what comes meanwhile waits.
    async fn hold(&self) -> mpsc::Sender<()> {
        let (began, has_begun) = tokio::sync::oneshot::channel();
        let (end, may_end) = mpsc::channel::<()>();
        let may_end = Mutex::new(may_end);
        self.write(move |_| {
            began.send(()).unwrap();
            let _ = may_end.lock().unwrap().recv();
            Ok(())
        });
        has_begun.await.unwrap();
        end
    }

    /// Waits until so many wait.
    async fn waiting(&self, count: i64) {
        while self.meters.writer_queue_length.get() < count {
            tokio::task::yield_now().await;
        }
    }

    /// What another connection finds.
    fn names(&self) -> Vec<String> {
        let mut conn = connect(&self.path, &DbOptions::default()).unwrap();
        Sql::<diesel::sql_types::Text>::new("SELECT name FROM settings ORDER BY name").load(&mut conn).unwrap()
    }
}

fn run(conn: &mut Conn<'_>, sql: &str) -> Result<(), DbError> {
    let Native::Sqlite(c) = &mut conn.native else { unreachable!("SQLite") };
    Ok(c.batch_execute(sql)?)
}

#[tokio::test]
async fn those_who_wait_share_a_commit_and_one_that_fails_or_panics_harms_no_other() {
    let trial = Trial::new();
    let end = trial.hold().await;
    let before = trial.insert("before");
    trial.waiting(1).await;
    let failing = trial.write(|conn| {
        settings::insert(conn, "failing", "1")?;
        Err::<(), _>(DbError::Busy)
    });
    trial.waiting(2).await;
    let panicking = trial.write(|conn| -> Result<(), DbError> {
        settings::insert(conn, "panicking", "1")?;
        panic!("as told")
    });
    trial.waiting(3).await;
    let after = trial.insert("after");
    trial.waiting(4).await;
    end.send(()).unwrap();
    before.await.unwrap().unwrap();
    after.await.unwrap().unwrap();
    assert!(matches!(failing.await.unwrap(), Err(DbError::Busy)));
    assert!(matches!(panicking.await.unwrap(), Err(DbError::Panicked)));
    assert_eq!(trial.names(), ["after", "before"]);
    assert_eq!(trial.meters.writer_commits.get(), 1);
    assert_eq!(trial.meters.writer_batch_size.get_sample_sum() as u32, 5);
}

#[tokio::test]
async fn one_that_comes_alone_waits_for_nobody() {
    let trial = Trial::new();
    for name in ["a", "b", "c"] {
        trial.insert(name).await.unwrap().unwrap();
    }
    assert_eq!(trial.meters.writer_commits.get(), 3);
}

#[tokio::test]
async fn a_commit_that_fails_is_told_to_all_and_nothing_of_it_is_there() {
    let trial = Trial::new();
    let epoch = trial.board.epoch();
    let end = trial.hold().await;
    let innocent = trial.insert("innocent");
    trial.waiting(1).await;
    // what only the commit looks at
    let guilty = trial.write(|conn| {
        run(conn, "PRAGMA defer_foreign_keys = ON")?;
        run(conn, "INSERT INTO recommendations VALUES (x'01', x'02', x'03', 0)")
    });
    trial.waiting(2).await;
    let by_itself = trial.write(|_| Err::<(), _>(DbError::Panicked));
    trial.waiting(3).await;
    end.send(()).unwrap();
    for outcome in [innocent.await.unwrap(), guilty.await.unwrap()] {
        assert!(outcome.unwrap_err().to_string().contains("FOREIGN KEY"));
    }
    assert!(matches!(by_itself.await.unwrap(), Err(DbError::Panicked)));
    assert_eq!(trial.names(), [] as [&str; 0]);
    trial.insert("later").await.unwrap().unwrap();
    assert_eq!(trial.names(), ["later"]);
    assert!(trial.board.epoch() > epoch, "whoever keeps something looks again");
}

#[tokio::test]
async fn a_full_disk_fails_writes_until_there_is_room() {
    let trial = Trial::new();
    trial.insert("before").await.unwrap().unwrap();
    // a database that may not grow is a disk that is full
    trial.write(|conn| run(conn, "PRAGMA max_page_count = 1")).await.unwrap().unwrap();
    let large = "x".repeat(1_000_000);
    let end = trial.hold().await;
    let small = trial.insert("small");
    trial.waiting(1).await;
    let too_large = trial.write(move |conn| Ok(settings::insert(conn, "large", &large)?));
    trial.waiting(2).await;
    end.send(()).unwrap();
    assert!(too_large.await.unwrap().unwrap_err().to_string().contains("full"));
    let small = small.await.unwrap();
    assert_eq!(trial.names().contains(&"small".to_owned()), small.is_ok(), "what was acknowledged is there");
    // the connection was opened anew where the whole transaction went, and with it the bound; else it is lifted here
    trial.write(|conn| run(conn, "PRAGMA max_page_count = 1000000")).await.unwrap().unwrap();
    let large = "x".repeat(1_000_000);
    trial.write(move |conn| Ok(settings::insert(conn, "large", &large)?)).await.unwrap().unwrap();
    assert!(trial.names().contains(&"large".to_owned()));
}

#[tokio::test]
async fn what_another_process_writes_makes_everything_kept_old() {
    let trial = Trial::new();
    trial.insert("ours").await.unwrap().unwrap();
    let mut listener = trial.board.listen();
    let mut other = connect(&trial.path, &DbOptions::default()).unwrap();
    other.batch_execute("INSERT INTO settings VALUES ('theirs', '1')").unwrap();
    let heard = listener.next().await.unwrap();
    assert!(heard.changes.everything && !heard.is_ours);
    trial.insert("ours too").await.unwrap().unwrap();
    assert!(listener.try_next().is_none(), "our own is no other's");
}

#[tokio::test]
async fn another_process_that_writes_is_waited_for() {
    let trial = Trial::new();
    let mut other = connect(&trial.path, &DbOptions::default()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE; INSERT INTO settings VALUES ('theirs', '1')").unwrap();
    let ours = trial.insert("ours");
    // taken up, and waiting for the lock
    while trial.meters.writer_wait.get_sample_count() < 1 {
        tokio::task::yield_now().await;
    }
    other.batch_execute("COMMIT").unwrap();
    ours.await.unwrap().unwrap();
    assert_eq!(trial.names(), ["ours", "theirs"]);
}
