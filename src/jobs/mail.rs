//! Sends the mails of the outbox: each at least once, and as long as it is not sent again and again.

use super::After;
use crate::{
    app::State,
    mail,
    store::{DbError, jobs::Job},
};

/// Sends one.
pub(super) async fn send(state: &State, job: &Job) -> Result<After, DbError> {
    let (state, job) = (state.clone(), job.clone());
    let sending = move || state.mailer.send(&mail::read(&state.keys, &job)?, &job);
    let sent = tokio::task::spawn_blocking(sending).await;
    match sent {
        Ok(Ok(())) => Ok(After::Gone),
        Ok(Err(cause)) => Err(DbError::Unreachable(cause.to_string())),
        Err(cause) => Err(DbError::Unreachable(cause.to_string())),
    }
}
