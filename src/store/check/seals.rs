//! The chains of the log: that nothing that was sealed was changed, removed, put in or put elsewhere.

use diesel::QueryResult;

use super::CheckLine;
use crate::{
    domain::{
        ids::SiteId,
        log_chain::{Hash, SEAL_ROWS_MAX, links::Links},
    },
    store::{
        Conn,
        log_rows::{self, site_of},
        log_seals::{self, Seal},
    },
};

const BATCH: i64 = 100;

/// Each seal against the one before and against its rows; and how many rows no seal protects yet.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 2]> {
    let mut seals = CheckLine::new("log seals");
    let mut chain = None;
    while let Some(next) = log_seals::find_chain_after(conn, chain)? {
        follow(conn, next, &mut seals)?;
        chain = Some(next);
    }
    let mut unsealed = CheckLine::new("log rows not sealed yet");
    let (all, sealed) = log_seals::count(conn)?;
    unsealed.looked_at = u64::try_from(all - sealed).unwrap_or_default();
    Ok([seals, unsealed])
}

fn follow(conn: &mut Conn<'_>, chain: SiteId, line: &mut CheckLine) -> QueryResult<()> {
    let name = site_of(chain).map_or("log of no site".to_owned(), |site| format!("log of site {site}"));
    let mut links = Links::default();
    loop {
        let seals = log_seals::list_after(conn, chain, links.number, BATCH)?;
        if seals.is_empty() {
            break;
        }
        for seal in &seals {
            let fault = look(conn, seal, &mut links)?;
            line.look(fault.map(|fault| format!("{name}: {fault}")));
        }
    }
    if log_rows::has_behind(conn, chain, links.rows)? {
        line.add_wrong(format!("{name}: there are rows behind place {}, the last that is sealed", links.rows));
    }
    Ok(())
}

/// What is wrong with a seal: the first thing of it.
fn look(conn: &mut Conn<'_>, seal: &Seal, links: &mut Links) -> QueryResult<Option<String>> {
    // no more than a seal may seal, whatever it says
    let last = seal.last_place().min(seal.first_place.saturating_add(SEAL_ROWS_MAX as i64));
    let rows = log_rows::list(conn, seal.chain, (seal.first_place, last))?;
    let mut hashes = Vec::with_capacity(rows.len());
    let mut fault = None;
    for (row, decision) in &rows {
        let place = row.place;
        let Some(decision) = decision else {
            fault = fault.or_else(|| Some(format!("the row at place {place} ({}) is gone", row.decision_id)));
            continue;
        };
        let is_elsewhere = !(seal.oldest_at..=seal.newest_at).contains(&decision.created_at);
        if is_elsewhere || decision.site_id != site_of(seal.chain) {
            fault = fault.or_else(|| Some(format!("the row at place {place} ({}) is another's", decision.id)));
        }
        hashes.push(Hash::of_form(&log_rows::line(row, decision).row));
    }
    // followed in any case, so that the next seal is judged by what this one says
    let broken = links.follow(&seal.form(), Hash::from_store(&seal.hash), Some(&hashes)).err();
    Ok(fault.or(broken))
}
