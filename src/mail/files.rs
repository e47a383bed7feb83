//! Mails as files, where no server is configured that takes them.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::message::Message;
use crate::{domain::ids::JobId, store::jobs::Job};

/// A folder that only the service's owner reads: of each mail a file `*.eml`, and in the demo its page `*.html`.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
    has_pages: bool,
}

impl Files {
    pub(super) fn new(folder: PathBuf, has_pages: bool) -> Self {
        Self { folder, has_pages }
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether each mail has a page to be looked at.
    pub fn has_pages(&self) -> bool {
        self.has_pages
    }

    /// The page of a mail.
    pub fn page(&self, job: JobId) -> PathBuf {
        self.path(job, "html")
    }

    /// Writes a mail, durably; of one that was written already it writes the same again.
    pub(super) fn write(&self, message: &Message, job: &Job) -> io::Result<PathBuf> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        if self.has_pages {
            self.write_as(&self.page(job.id), message.html.as_bytes(), job)?;
        }
        let path = self.path(job.id, "eml");
        self.write_as(&path, &message.bytes, job)?;
        Ok(path)
    }

    fn write_as(&self, path: &Path, bytes: &[u8], job: &Job) -> io::Result<()> {
        let temporary = self.path(job.id, &format!("new-{}", job.attempts));
        let written = (|| {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            std::fs::rename(&temporary, path)?;
            // the name is durable, too
            File::open(&self.folder)?.sync_all()
        })();
        if written.is_err() {
            let _ = std::fs::remove_file(&temporary);
        }
        written
    }

    fn path(&self, job: JobId, ending: &str) -> PathBuf {
        self.folder.join(format!("{job}.{ending}"))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::domain::{job::JobKind, timestamp::Timestamp};

    #[test]
    fn a_file_is_whole_its_owners_alone_and_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().join("mail"), false);
        let now = Timestamp::parse("2026-11-26T10:00:00Z").unwrap();
        let job = Job::new(JobId(uuid::Uuid::from_u128(7)), JobKind::SendMail, "{}", now);
        let message = Message { bytes: b"Hello".to_vec(), html: String::new() };
        let path = files.write(&message, &job).unwrap();
        files.write(&message, &Job { attempts: 2, ..job }).unwrap();
        let found: Vec<_> = std::fs::read_dir(files.folder()).unwrap().map(|entry| entry.unwrap()).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path(), path);
        assert_eq!(std::fs::read(path).unwrap(), b"Hello");
        assert!(found[0].file_name().to_string_lossy().ends_with(".eml"));
        assert_eq!(found[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(files.folder()).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
