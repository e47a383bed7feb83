//! `check`

use std::{sync::mpsc, thread};

use super::{Outcome, block_on, open, print, refuse_pending};
use crate::{
    config::Config,
    store::{DbError, check},
};

pub(super) fn run(config: Config) -> Outcome {
    refuse_pending(&config)?;
    let db = open(&config)?;
    // printed beside the reading, since whoever takes the lines slowly must not hold the snapshot
    let (done, lines) = mpsc::channel();
    let printer = thread::spawn(move || lines.iter().try_for_each(print));
    let is_clean = block_on(db.read(move |conn| {
        Ok::<_, DbError>(check::run(conn, &mut |line| {
            // a failed printer tells by itself
            let _ = done.send(line);
        })?)
    }));
    printer.join().unwrap_or(Ok(()))?;
    match is_clean? {
        true => Ok(()),
        false => Err("the database is not as it should be; what differs is named above".into()),
    }
}
