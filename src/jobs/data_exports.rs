//! Puts together copies of all that is kept of somebody. One that was interrupted is begun anew.

use std::time::{Duration, Instant};

use super::{After, pace::Pace};
use crate::{
    app::State,
    domain::{
        data_export::{DataExportState, KEPT},
        email::Email,
        ids::*,
        job::Lane,
    },
    mail,
    own_data::{self, Payload, Sink, letters},
    proving::letters::Links,
    store::{Conn, DbError, accounts, data_exports, jobs::Job},
};

/// Tries of a copy before it has failed.
const TRIES: i32 = 5;
/// How long one may take.
const LONGEST: Duration = Duration::from_secs(1_800);

/// Makes a copy.
pub(super) async fn run(state: &State, job: &Job) -> Result<After, DbError> {
    let Ok(Payload { account }) = serde_json::from_str(&job.payload) else { return Ok(After::Gone) };
    match make(state, (account, job.id)).await {
        Ok(()) => Ok(After::Gone),
        Err(cause) if job.attempts < TRIES => Err(cause),
        Err(cause) => {
            tracing::error!(%account, %cause, "a copy of somebody's data failed again and again and is given up");
            let (id, now) = (job.id, state.clock.now());
            let write = move |conn: &mut Conn<'_>| {
                if data_exports::find_waiting(conn, account, id)?.is_some() {
                    data_exports::delete_pieces(conn, account)?;
                    data_exports::end(conn, account, (DataExportState::Failed, 0), now)?;
                }
                Ok::<_, DbError>(())
            };
            state.db.write(write).await?;
            Ok(After::Gone)
        }
    }
}

async fn make(state: &State, (account, job): (AccountId, JobId)) -> Result<(), DbError> {
    let begin = move |conn: &mut Conn<'_>| {
        let is_wanted = data_exports::find_waiting(conn, account, job)?.is_some();
        if is_wanted {
            data_exports::delete_pieces(conn, account)?;
        }
        Ok::<_, DbError>(is_wanted)
    };
    if !state.db.write(begin).await? {
        return Ok(());
    }
    let mut store = Store {
        state,
        account,
        job,
        number: 0,
        bytes: 0,
        begun: Instant::now(),
        piece_begun: Instant::now(),
        pace: Pace::default(),
    };
    own_data::copy(state, account, &mut store).await?;
    let (byte_count, now, context) = (store.bytes, state.clock.now(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        if data_exports::find_waiting(conn, account, job)?.is_none() {
            return Ok(());
        }
        data_exports::end(conn, account, (DataExportState::Ready, byte_count), now)?;
        let owner = accounts::find(conn, account)?;
        if let Some((email, owner)) = owner.and_then(|owner| Some((owner.email.clone()?, owner))) {
            let links = Links::of(&context.config);
            let letter = letters::ready(links, Email::from_store(email), owner.username.as_deref(), now.plus(KEPT));
            mail::leave(conn, &[letter], (&context.keys, &context.random), now)?;
        }
        Ok::<_, DbError>(())
    };
    state.db.write(write).await?;
    state.jobs.of(Lane::Mail).notify_one();
    Ok(())
}

/// Where the pieces are stored.
struct Store<'a> {
    state: &'a State,
    account: AccountId,
    job: JobId,
    number: i32,
    bytes: i64,
    begun: Instant,
    /// When this piece's rows began to be read.
    piece_begun: Instant,
    pace: Pace,
}

impl Sink for Store<'_> {
    async fn take(&mut self, piece: Vec<u8>) -> Result<(), DbError> {
        if self.begun.elapsed() > LONGEST {
            return Err(DbError::Unreachable("a copy of somebody's data took too long".to_owned()));
        }
        let (account, job, number) = (self.account, self.job, self.number);
        self.bytes += i64::try_from(piece.len()).unwrap_or(i64::MAX);
        self.number += 1;
        let write = move |conn: &mut Conn<'_>| {
            // closed meanwhile, or another is wanted instead
            if data_exports::find_waiting(conn, account, job)?.is_some() {
                data_exports::insert_piece(conn, account, number, &piece)?;
            }
            Ok::<_, DbError>(())
        };
        self.state.db.write(write).await?;
        self.pace.rest(self.state, job, self.piece_begun, |_| Ok(())).await?;
        self.piece_begun = Instant::now();
        Ok(())
    }
}
