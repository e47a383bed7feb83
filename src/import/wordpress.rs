//! WordPress exports, made into stories and replies.
//!
//! The file is read several times, always as a stream:
//!
//! 1. once to prove it whole, so that a broken or wrong file changes nothing, and to put the comments of items that are
//!    too large for memory into order;
//! 2. once to import. A thread reads, converts and hands over batches; each is written in one transaction;
//! 3. again, as often as needed, for such large items only, if their comments stand in the file far from the order of
//!    their times.
//!
//! Comments of a story are stored in the order of their times, parents first, since the order of storing is the order of
//! reading among siblings. A comment without its parent (missing, or left out) answers the commentary, as WordPress
//! shows it; one whose parent came in without being public stays below it.
//!
//! What was brought is remembered (`imported_replies`, and `wp:` with the post's number as the story's external id), so
//! the same file again gives nothing new, one broken off is carried on, and a later export adds what is new in it. What
//! is there already is never changed.

mod authors;
mod batch;
mod draft;
mod dry_run;
mod order;
mod plain;
mod report;
mod scan;
mod sieve;
#[cfg(test)]
mod tests;
mod window;
mod write;

use std::{
    io,
    ops::ControlFlow,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::mpsc;

use self::{
    batch::{Batch, Message},
    dry_run::DryRun,
};
use super::wxr::WxrError;
use crate::{
    clock::{Clock, Random},
    domain::{moderation::Fate, site::SiteKey, timestamp::Timestamp},
    judging::Judging,
    store::{Db, DbError, sites::Site, verdicts::Judged},
};

pub use report::{LeftOut, Note, Report, Tally};

/// What to import and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The export.
    pub file: PathBuf,
    /// The site; made from the export's title and URL if there is none of this key.
    pub site: SiteKey,
    /// Whether pingbacks and trackbacks become replies too.
    pub with_pingbacks: bool,
}

/// Where the import goes.
#[derive(Clone, Copy)]
pub enum Target<'a> {
    /// Into this database.
    Write(&'a Db),
    /// Nowhere. The database, if there is one, tells what is known already.
    DryRun(Option<&'a Db>),
}

/// What the import is at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Reading the file to prove it whole.
    Checking,
    /// Importing; begins anew for each further reading.
    Importing,
}

/// How far the import has come.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub phase: Phase,
    /// Of the file, in this reading.
    pub bytes_done: u64,
    /// Of the file.
    pub bytes_total: u64,
    /// What was done so far.
    pub report: &'a Report,
}

/// Is told how far the import has come, at least every few megabytes and after each batch.
pub trait Progress {
    /// `Break` ends the import; what was committed stays, and the same import carries on from there.
    fn step(&mut self, step: &Step<'_>) -> ControlFlow<()>;
}

/// Why an import ended before its end. What was committed until then stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// It is a pipe, a folder or a device.
    #[error("{0}: must be a file, since it is read more than once")]
    NoFile(PathBuf),
    /// The file is broken or no export; tells line and column.
    #[error("{0}: {1}")]
    Wxr(PathBuf, WxrError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Whoever watched the progress ended it.
    #[error("stopped; the same import carries on from here")]
    Stopped,
    /// The reading thread panicked.
    #[error("the import failed by a fault in this program")]
    Fault,
}

/// Bounds of memory and of transactions.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// Comments of one item that wait for their turn.
    item_bytes: usize,
    /// Of the texts in one transaction.
    batch_bytes: usize,
    /// Stories and replies in one transaction.
    batch_rows: usize,
}

/// Between two batches, each of which takes a tenth of a second at most.
const PAUSE: Duration = Duration::from_millis(5);

const BOUNDS: Bounds = Bounds { item_bytes: 16 * 1024 * 1024, batch_bytes: 512 * 1024, batch_rows: 50 };

/// Batches that were read and wait for the database.
const BATCHES_AHEAD: usize = 2;

/// Imports the file. Must run on a runtime; the file is read on a blocking thread.
///
/// # Errors
/// [`ImportError`]. A broken file is refused before anything is written.
pub async fn run(
    target: Target<'_>,
    now: Timestamp,
    random: &Random,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Report, ImportError> {
    run_within(BOUNDS, target, now, random, options, progress).await
}

async fn run_within(
    bounds: Bounds,
    target: Target<'_>,
    now: Timestamp,
    random: &Random,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Report, ImportError> {
    let file = &options.file;
    let about = std::fs::metadata(file).map_err(|error| ImportError::File(file.clone(), error))?;
    if !about.is_file() {
        return Err(ImportError::NoFile(file.clone()));
    }
    let bytes_total = about.len();
    let (sender, mut messages) = mpsc::channel(BATCHES_AHEAD);
    let scan = scan::Scan { file: file.clone(), with_pingbacks: options.with_pingbacks, bounds, now, sender };
    let reader = tokio::task::spawn_blocking(move || scan.run());

    let mut importer = Importer {
        target,
        now,
        begun: Instant::now(),
        random,
        site: None,
        judging: Judging::new(Clock::system()),
        dry_run: DryRun::default(),
    };
    let mut report = Report { is_dry_run: matches!(target, Target::DryRun(_)), ..Report::default() };
    while let Some(message) = messages.recv().await {
        let (phase, bytes_done) = match message {
            Message::Read(phase, bytes) => (phase, bytes),
            Message::Proven(channel) => {
                report.is_new_site = importer.open_site(&options.site, &channel).await?;
                (Phase::Importing, 0)
            }
            Message::Batch(batch, bytes) => {
                report.absorb(&importer.take(batch).await?);
                // an embedded database has one writer at a time, and a service may run beside
                tokio::time::sleep(PAUSE).await;
                (Phase::Importing, bytes)
            }
        };
        if progress.step(&Step { phase, bytes_done, bytes_total, report: &report }).is_break() {
            return Err(ImportError::Stopped);
        }
    }
    match reader.await {
        Ok(Ok(())) => Ok(report),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(ImportError::Fault),
    }
}

/// The database's side of the import.
struct Importer<'a> {
    target: Target<'a>,
    /// When the import began.
    now: Timestamp,
    begun: Instant,
    random: &'a Random,
    /// Known once the file is proven; for a dry run as it would be made.
    site: Option<Arc<Site>>,
    judging: Judging,
    dry_run: DryRun,
}

impl Importer<'_> {
    /// Finds the site, or makes it. Whether it is new.
    async fn open_site(&mut self, key: &SiteKey, channel: &super::wxr::Channel) -> Result<bool, DbError> {
        let made = draft::site(key, channel, self.random.id(self.now), self.now);
        let found = match self.target {
            Target::Write(db) => {
                let log_row = self.random.id(self.now);
                let made = made.clone();
                db.write(move |conn| write::find_or_insert_site(conn, &made, log_row)).await?
            }
            Target::DryRun(Some(db)) => {
                let key = key.clone();
                db.read(move |conn| Ok::<_, DbError>(crate::store::sites::find_by_key(conn, key.as_str())?)).await?
            }
            Target::DryRun(None) => None,
        };
        let is_new = found.is_none();
        self.site = Some(Arc::new(found.unwrap_or(made)));
        Ok(is_new)
    }

    /// A batch with what the rules say of its texts; what they were there stands.
    async fn judged(&self, db: &Db, site: &Arc<Site>, mut batch: Batch) -> Result<Batch, DbError> {
        let replies = batch.groups.iter().flat_map(|group| &group.replies);
        let texts = replies.map(|reply| (reply.text.source.clone(), reply.created_at)).collect();
        let said = self.judging.judge_imported(db, Site::clone(site), texts, self.now).await?;
        let replies = batch.groups.iter_mut().flat_map(|group| &mut group.replies);
        for (reply, (verdict, policy_version)) in replies.zip(said) {
            reply.judged = Some(Judged { verdict, policy_version, fate: Fate::imported(reply.state) });
        }
        Ok(batch)
    }

    /// Writes a batch, or finds out what writing it would do.
    async fn take(&mut self, batch: Batch) -> Result<Report, DbError> {
        let Some(site) = self.site.clone() else { return Ok(Report::default()) };
        let mut report = batch.report.clone();
        if batch.groups.is_empty() {
            return Ok(report);
        }
        let written = match self.target {
            Target::Write(db) => {
                let batch = self.judged(db, &site, batch).await?;
                // by the time of each batch: ids of rows of the log begin with it, and too many of one moment are dear to seal
                let (now, random) = (self.now.plus(self.begun.elapsed()), self.random.clone());
                db.write(move |conn| write::write(conn, &site, &batch, now, &random)).await?
            }
            Target::DryRun(db) => {
                let batch = Arc::new(batch);
                let facts = match db {
                    Some(db) => {
                        let (site, batch) = (site.clone(), batch.clone());
                        db.read(move |conn| Ok::<_, DbError>(dry_run::facts(conn, &site, &batch)?)).await?
                    }
                    None => dry_run::Facts::default(),
                };
                self.dry_run.take(&site, &batch, &facts)
            }
        };
        report.absorb(&written);
        Ok(report)
    }
}
