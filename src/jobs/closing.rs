//! Closes accounts whose owners asked for it and did not take it back, and erases what is left of them, in transactions of a
//! reply each: so nothing is done twice, and what was interrupted goes on.

use std::time::{Duration, Instant};

use super::{After, pace::Pace};
use crate::{
    app::State,
    closing::{self, Payload},
    domain::{closing::ClosedTexts, ids::*},
    store::{
        Conn, DbError, claimed_authors, closings, erasing,
        jobs::{self, Job},
        notes, sites,
    },
};

/// Replies that are looked for at once.
const PIECE: i64 = 50;
/// Rows of the log that are erased at once.
const ROWS: usize = 50;
/// Rows of one site's log that are looked for at once.
const ROWS_LOOKED_FOR: i64 = 1_000;
/// Sites that are looked at at once.
const SITES: i64 = 100;
/// How long one run may take; another goes on.
const LONGEST: Duration = Duration::from_secs(600);

/// Does what is due of one closing.
pub(super) async fn run(state: &State, job: &Job) -> Result<After, DbError> {
    let Ok(Payload { account }) = serde_json::from_str(&job.payload) else { return Ok(After::Gone) };
    let (id, now) = (job.id, state.clock.now());
    let close = move |conn: &mut Conn<'_>| Ok::<_, DbError>(closing::close(conn, account, id, now)?);
    let closing = state.db.write(close).await?.filter(|closing| closing.erased_at.is_none());
    let Some(closing) = closing else { return Ok(After::Gone) };
    let passing_on = move |conn: &mut Conn<'_>| Ok::<_, DbError>(claimed_authors::is_passing_on(conn, account)?);
    if state.db.read(passing_on).await? {
        // what he had claimed is his first
        return Ok(After::Again);
    }
    let mut erasing = Erasing { state, job: id, account, begun: Instant::now(), pace: Pace::default() };
    if closing.texts == ClosedTexts::Remove && !erasing.replies().await? {
        return Ok(After::Again);
    }
    if !erasing.log().await? {
        return Ok(After::Again);
    }
    let now = state.clock.now();
    let note = move |conn: &mut Conn<'_>| Ok::<_, DbError>(closings::note_erased(conn, account, now)?);
    state.db.write(note).await?;
    Ok(After::Gone)
}

/// What is being erased.
struct Erasing<'a> {
    state: &'a State,
    job: JobId,
    account: AccountId,
    begun: Instant,
    pace: Pace,
}

impl Erasing<'_> {
    /// Erases the replies; whether that is done.
    async fn replies(&mut self) -> Result<bool, DbError> {
        let (account, mut after) = (self.account, None);
        loop {
            let begun = Instant::now();
            let read =
                move |conn: &mut Conn<'_>| Ok::<_, DbError>(erasing::list_of_author(conn, account, after, PIECE)?);
            let places = self.state.db.read(read).await?;
            let Some(last) = places.last().copied() else { break };
            for (_, reply) in places {
                let (state, now) = (self.state.clone(), self.state.clock.now());
                let erase =
                    move |conn: &mut Conn<'_>| Ok::<_, DbError>(closing::erase_reply(conn, &state, reply, now)?);
                self.state.db.write(erase).await?;
            }
            after = Some(last);
            if self.begun.elapsed() > LONGEST {
                return Ok(false);
            }
            let job = self.job;
            self.pace.rest(self.state, job, begun, move |conn| jobs::forget_attempts(conn, job)).await?;
        }
        let about_all = move |conn: &mut Conn<'_>| {
            erasing::erase_reports(conn, account)?;
            // also those about texts that were erased before
            Ok::<_, DbError>(notes::delete_of_replies(conn, account)?)
        };
        self.state.db.write(about_all).await?;
        Ok(true)
    }

    /// Erases what the log says in words; whether that is done, for which all of it must be sealed.
    async fn log(&mut self) -> Result<bool, DbError> {
        let account = self.account;
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(claimed_authors::list_of_claimer(conn, account)?);
        let claimed = self.state.db.read(read).await?;
        let mut is_done = true;
        for account in [account].into_iter().chain(claimed) {
            is_done &= self.log_about(account).await?;
        }
        Ok(is_done)
    }

    /// The same of what it says of the account, or of an imported one that was claimed.
    async fn log_about(&mut self, account: AccountId) -> Result<bool, DbError> {
        let mut is_done = self.log_of(None, account).await?;
        let mut after = String::new();
        loop {
            let from = after.clone();
            let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(sites::list(conn, &from, SITES)?);
            let sites = self.state.db.read(read).await?;
            let Some(last) = sites.last() else { return Ok(is_done) };
            after.clone_from(&last.key);
            for site in &sites {
                is_done &= self.log_of(Some(site.id), account).await?;
            }
        }
    }

    async fn log_of(&mut self, site: Option<SiteId>, account: AccountId) -> Result<bool, DbError> {
        loop {
            let begun = Instant::now();
            let read = move |conn: &mut Conn<'_>| {
                Ok::<_, DbError>(erasing::list_log_texts(conn, (site, account), ROWS_LOOKED_FOR)?)
            };
            let rows = self.state.db.read(read).await?;
            if rows.is_empty() {
                return Ok(true);
            }
            for piece in rows.chunks(ROWS) {
                let piece = piece.to_vec();
                let erase = move |conn: &mut Conn<'_>| Ok::<_, DbError>(erasing::erase_log_texts(conn, &piece)?);
                if !self.state.db.write(erase).await? {
                    return Ok(false);
                }
            }
            self.pace.rest(self.state, self.job, begun, |_| Ok(())).await?;
        }
    }
}
