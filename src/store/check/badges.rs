//! Badges of sites and of people, against how many there may be.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::CheckLine;
use crate::{
    domain::{
        badge::{BUILT_IN, HELD_MAX, OWN_MAX},
        ids::*,
    },
    store::{Conn, conn::native, sql::Sql, types::Key},
};

const SITES_BATCH: i64 = 500;
const ACCOUNTS_BATCH: i64 = 1_000;

/// Each site's, and each person's who has some.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 2]> {
    Ok([of_sites(conn)?, of_people(conn)?])
}

fn of_sites(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("badges of sites");
    let mut after = SiteId(Uuid::nil());
    let [(staff, _), (verified, _)] = BUILT_IN;
    loop {
        let query = Sql::<(Key, BigInt, BigInt)>::new(
            "SELECT s.id, (SELECT count(*) FROM site_badges b WHERE b.site_id = s.id), \
             (SELECT count(*) FROM site_badges b WHERE b.site_id = s.id AND b.key IN (",
        )
        .str(staff)
        .sql(", ")
        .str(verified)
        .sql(")) FROM sites s WHERE s.id > ")
        .key(after)
        .sql(" ORDER BY s.id LIMIT ")
        .int(SITES_BATCH);
        let rows: Vec<(SiteId, i64, i64)> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok(line) };
        for (id, all, built_in) in rows {
            let wrong = if built_in != BUILT_IN.len() as i64 {
                Some(format!("site {id}: not all badges that every site has"))
            } else {
                (all > built_in + OWN_MAX as i64).then(|| format!("site {id}: {all} badges are too many"))
            };
            line.look(wrong);
        }
        after = last;
    }
}

fn of_people(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("badges of people");
    let mut after = AccountId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool, BigInt)>::new(
            "SELECT a.id, a.closed_at IS NOT NULL, (SELECT coalesce(max(h.held), 0) FROM (SELECT count(*) AS held \
             FROM badge_holders g WHERE g.account_id = a.id GROUP BY g.site_id) h) FROM accounts a \
             WHERE a.id IN (SELECT b.account_id FROM badge_holders b WHERE b.account_id > ",
        )
        .key(after)
        .sql(" ORDER BY b.account_id LIMIT ")
        .int(ACCOUNTS_BATCH)
        .sql(") ORDER BY a.id");
        let rows: Vec<(AccountId, bool, i64)> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok(line) };
        for (id, is_closed, held) in rows {
            let wrong = match () {
                () if is_closed => Some(format!("account {id}: closed, and has a badge")),
                () if held > HELD_MAX as i64 => Some(format!("account {id}: {held} badges on a site are too many")),
                () => None,
            };
            line.look(wrong);
        }
        after = last;
    }
}
