//! Sums of days against the rows that they are sums of.

use diesel::QueryResult;

use super::{CheckLine, differing};
use crate::{
    domain::day::Day,
    store::{Conn, day_counts::recount, sites},
};

const SITES_BATCH: i64 = 100;

/// Each site's sums that can be counted again, in the order of sites.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("sums of days");
    let mut after = String::new();
    loop {
        let batch = sites::list(conn, &after, SITES_BATCH)?;
        let Some(last) = batch.last() else { return Ok(line) };
        after.clone_from(&last.key);
        for site in &batch {
            for sum in recount::list(conn, site.id, None)? {
                let about = || format!("site {}, {}, {} {}", site.id, Day(sum.day), sum.measure, sum.key);
                line.look(differing(sum.stored, sum.counted, about));
            }
        }
    }
}
