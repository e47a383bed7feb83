//! A way to the database that can be cut: between an instance and PostgreSQL's socket.

use std::{
    io,
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

use tempfile::TempDir;

/// The name of PostgreSQL's socket in its folder.
const SOCKET: &str = ".s.PGSQL.5432";

/// See the module's description.
pub struct Proxy {
    folder: TempDir,
    server: PathBuf,
    /// None while it is cut.
    ways: Arc<Mutex<Option<Vec<UnixStream>>>>,
}

impl Proxy {
    /// To the server of this database, whose URL names the folder of its socket.
    pub fn to(url: &str) -> Self {
        let host = url.split('@').nth(1).unwrap().split('/').next().unwrap().replace("%2F", "/");
        let folder = tempfile::tempdir().unwrap();
        let proxy =
            Self { folder, server: Path::new(&host).join(SOCKET), ways: Arc::new(Mutex::new(Some(Vec::new()))) };
        proxy.listen();
        proxy
    }

    /// The database's URL by this way.
    pub fn url(&self, url: &str) -> String {
        let (user, rest) = url.split_once('@').unwrap();
        let (_, database) = rest.split_once('/').unwrap();
        format!("{user}@{}/{database}", self.folder.path().display().to_string().replace('/', "%2F"))
    }

    /// Connections that go this way.
    pub fn count(&self) -> usize {
        self.ways.lock().unwrap().as_ref().map_or(0, |ways| ways.len() / 2)
    }

    /// Ends all connections and takes no more.
    pub fn cut(&self) {
        std::fs::remove_file(self.folder.path().join(SOCKET)).unwrap();
        for way in self.ways.lock().unwrap().take().unwrap() {
            let _ = way.shutdown(std::net::Shutdown::Both);
        }
    }

    /// Takes connections again.
    pub fn mend(&self) {
        *self.ways.lock().unwrap() = Some(Vec::new());
        self.listen();
    }

    fn listen(&self) {
        let listener = UnixListener::bind(self.folder.path().join(SOCKET)).unwrap();
        let (ways, server) = (self.ways.clone(), self.server.clone());
        // it ends with the test's process; after a cut nobody reaches it
        thread::spawn(move || {
            for here in listener.incoming().map_while(Result::ok) {
                let there = UnixStream::connect(&server).unwrap();
                let mut ways = ways.lock().unwrap();
                let Some(ways) = ways.as_mut() else { return };
                ways.extend([here.try_clone().unwrap(), there.try_clone().unwrap()]);
                let (back, forth) = (here.try_clone().unwrap(), there.try_clone().unwrap());
                thread::spawn(move || pass(&here, &there));
                thread::spawn(move || pass(&forth, &back));
            }
        });
    }
}

fn pass(mut from: &UnixStream, mut to: &UnixStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(std::net::Shutdown::Both);
}
