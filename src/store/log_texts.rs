//! Erases what a row of the log says in words, in such a way that its chain still proves itself.

use diesel::{QueryResult, prelude::*};

use super::{
    Conn,
    conn::native,
    decisions::Decision,
    log_rows::{LogRow, has_texts, texts},
    schema::{decisions, log_rows},
};
use crate::domain::{ids::DecisionId, log_chain::Hash};

/// What became of a row's texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErasedOutcome {
    /// They are gone.
    Erased,
    /// It has none.
    NothingThere,
    /// It is not sealed yet, which takes a second or two: to be tried again.
    NotSealed,
}

/// Erases note, message and details of a row. What stays is their digest, of which the salt is gone: the row's hash is as
/// it was, and nobody finds out by trying what the texts were.
pub fn erase(conn: &mut Conn<'_>, id: DecisionId) -> QueryResult<ErasedOutcome> {
    let decision = decisions::table.find(id);
    let decision: Option<Decision> = native!(conn, c => decision.select(Decision::as_select()).first(c).optional())?;
    let Some(decision) = decision.filter(has_texts) else { return Ok(ErasedOutcome::NothingThere) };
    let row = log_rows::table.filter(log_rows::decision_id.eq(id));
    let found: Option<LogRow> = native!(conn, c => row.select(LogRow::as_select()).first(c).optional())?;
    let Some(salt) = found.and_then(|row| row.salt) else { return Ok(ErasedOutcome::NotSealed) };
    let digest = Hash::of_form(&texts(&salt, &decision)).0.to_vec();
    let changes = (log_rows::salt.eq(None::<Vec<u8>>), log_rows::digest.eq(Some(digest)));
    native!(conn, c => diesel::update(row).set(changes).execute(c))?;
    let none = None::<String>;
    let changes = (decisions::note.eq(&none), decisions::message.eq(&none), decisions::details.eq(&none));
    native!(conn, c => diesel::update(decisions::table.find(id)).set(changes).execute(c))?;
    Ok(ErasedOutcome::Erased)
}
