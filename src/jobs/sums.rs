//! Sums of days mended: programs that do not keep them, or keep fewer, may have run beside, and a newer one may count
//! otherwise. Counted again beside the writes are the days since the last time, at first all.

use std::time::Instant;

use super::pace::Pace;
use crate::{
    app::State,
    domain::{
        day::Day,
        ids::{JobId, SiteId},
    },
    store::{Conn, DbError, day_counts::recount, settings, sites},
};

/// Sites that are looked up at once.
const SITES: i64 = 100;
/// Days that are counted again at once.
const PIECE: i32 = 7;
/// The name under which it is kept up to which day all was counted again.
const COUNTED_TO: &str = "day_counts_counted_to";

/// Mends what differs.
pub(super) async fn mend(state: &State, job: JobId) -> Result<(), DbError> {
    let (mut pace, mut after) = (Pace::default(), String::new());
    let today = Day::of(state.clock.now());
    let kept = state.db.read(|conn| Ok::<_, DbError>(settings::find(conn, COUNTED_TO)?)).await?;
    let known = kept.as_deref().and_then(Day::parse);
    loop {
        let from = after.clone();
        let batch = state.db.read(move |conn| Ok::<_, DbError>(sites::list(conn, &from, SITES)?)).await?;
        let Some(last) = batch.last() else { break };
        after.clone_from(&last.key);
        for site in batch {
            // clocks of instances differ, and what was begun before midnight ends behind it
            let first = Day(known.unwrap_or(Day::of(site.created_at)).0.saturating_sub(1));
            mend_site(state, site.id, (first, today), (&mut pace, job)).await?;
        }
    }
    // only then, so that an idle service writes nothing
    if known != Some(today) {
        let write = move |conn: &mut Conn<'_>| Ok::<_, DbError>(settings::put(conn, COUNTED_TO, &today.to_string())?);
        state.db.write(write).await?;
    }
    Ok(())
}

async fn mend_site(
    state: &State,
    site: SiteId,
    (first, last): (Day, Day),
    (pace, job): (&mut Pace, JobId),
) -> Result<(), DbError> {
    let mut from = first;
    while from <= last {
        let (begun, to) = (Instant::now(), Day(from.0 + PIECE - 1).min(last));
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(recount::list(conn, site, Some((from, to)))?);
        let differing = recount::differing(state.db.read(read).await?);
        if !differing.is_empty() {
            tracing::warn!(%site, number = differing.len(), "sums of days were wrong; an older program may be running beside");
            state.db.write(move |conn| Ok::<_, DbError>(recount::mend(conn, site, &differing)?)).await?;
        }
        pace.rest(state, job, begun, |_| Ok(())).await?;
        from = Day(to.0 + 1);
    }
    Ok(())
}
