//! `check`

use super::{Outcome, block_on, refuse_pending};
use crate::{
    config::Config,
    store::{DbError, check},
};

pub(super) fn run(config: Config) -> Outcome {
    refuse_pending(&config)?;
    let db = config.open_db()?;
    let is_clean = block_on(db.read(|conn| Ok::<_, DbError>(check::run(conn, &mut |line| println!("{line}"))?)))?;
    match is_clean {
        true => Ok(()),
        false => Err("the database is not as it should be; what differs is named above".into()),
    }
}
