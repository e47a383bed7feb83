//! Counters of stories, sites and authors, against the replies that they count.

use std::collections::{BTreeMap, HashMap};

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::{CheckLine, differing};
use crate::{
    domain::{ids::*, reply_state::ReplyState},
    store::{Conn, conn::native, sites, sql::Sql, types::Key},
};

const STORIES_BATCH: i64 = 500;
const SITES_BATCH: i64 = 100;
const ACCOUNTS_BATCH: i64 = 500;

/// How many replies are in each state, in the order of [`ReplyState::ALL`].
type ByState = [i64; 6];

/// Each story's public replies, and whether its URLs stand under its own site and its keys.
pub(super) fn stories(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 2]> {
    let mut counts = CheckLine::new("public replies of stories");
    let mut urls = CheckLine::new("sites and keys of story URLs");
    let mut known: HashMap<SiteId, sites::Site> = HashMap::new();
    let mut after = StoryId(Uuid::nil());
    loop {
        let query = Sql::<(Key, BigInt, BigInt)>::new(
            "SELECT s.id, s.replies, \
             (SELECT count(*) FROM replies r WHERE r.story_id = s.id AND r.state = 'approved') \
             FROM stories s WHERE s.id > ",
        )
        .key(after)
        .sql(" ORDER BY s.id LIMIT ")
        .int(STORIES_BATCH);
        let rows: Vec<(StoryId, i64, i64)> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok([counts, urls]) };
        for (id, stored, counted) in rows {
            counts.look(differing(stored, counted, || format!("story {id}")));
        }
        let query = Sql::<(Key, Text, Text, Key, Key)>::new(
            "SELECT u.story_id, u.url, u.url_key, u.site_id, s.site_id FROM story_urls u JOIN stories s ON s.id = u.story_id \
             WHERE u.story_id > ",
        )
        .key(after)
        .sql(" AND u.story_id <= ")
        .key(last);
        let rows: Vec<(StoryId, String, String, SiteId, SiteId)> = native!(conn, c => query.load(c))?;
        for (id, url, key, site, of_story) in rows {
            if site != of_story {
                urls.look(Some(format!("story {id}, {url}: site {site}, the story's is {of_story}")));
                continue;
            }
            if !known.contains_key(&site) {
                known.extend(sites::find(conn, site)?.map(|found| (site, found)));
            }
            let expected = known.get(&site).map_or_else(String::new, |found| found.url_key(&url));
            urls.look((key != expected).then(|| format!("story {id}, {url}: stored as {key}, its key is {expected}")));
        }
        after = last;
    }
}

/// Each site's numbers by state, and of its queues of reported and of flagged replies and of appeals.
pub(super) fn sites(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 1]> {
    let mut line = CheckLine::new("counters of sites");
    let mut after = String::new();
    loop {
        let batch = sites::list(conn, &after, SITES_BATCH)?;
        let Some(last) = batch.last() else { return Ok([line]) };
        after.clone_from(&last.key);
        for site in &batch {
            let stored = stored_of_site(conn, site.id)?;
            // a statement each, so that none of them has to count the whole site
            let mut counted = [0; 9];
            for (number, state) in counted.iter_mut().zip(ReplyState::ALL) {
                let query = Sql::<BigInt>::new("SELECT count(*) FROM replies WHERE site_id = ")
                    .key(site.id)
                    .sql(" AND state = ")
                    .str(state.as_str());
                *number = native!(conn, c => query.get_result(c))?;
            }
            let query = Sql::<BigInt>::new("SELECT count(*) FROM replies WHERE site_id = ")
                .key(site.id)
                .sql(" AND state = 'approved' AND open_reports > 0");
            counted[6] = native!(conn, c => query.get_result(c))?;
            let query = Sql::<BigInt>::new("SELECT count(*) FROM replies WHERE site_id = ")
                .key(site.id)
                .sql(" AND flagged_at IS NOT NULL");
            counted[7] = native!(conn, c => query.get_result(c))?;
            let query = Sql::<BigInt>::new("SELECT count(*) FROM replies WHERE site_id = ")
                .key(site.id)
                .sql(" AND appealed_at IS NOT NULL");
            counted[8] = native!(conn, c => query.get_result(c))?;
            line.look(match stored {
                Some(stored) if stored == counted => None,
                Some(stored) => {
                    let [stored, counted] = [named(&stored), named(&counted)];
                    Some(format!("site {}: stored {stored}, counted {counted}", site.key))
                }
                None => Some(format!("site {}: has no counters", site.key)),
            });
        }
    }
}

fn stored_of_site(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<Option<[i64; 9]>> {
    type Columns = (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);
    type Row = (i64, i64, i64, i64, i64, i64, i64, i64, i64);
    let query = Sql::<Columns>::new(
        "SELECT pending, approved, rejected, spam, withdrawn, returned, reported, flagged, appeals FROM site_counters WHERE site_id = ",
    )
    .key(site);
    let rows: Vec<Row> = native!(conn, c => query.load(c))?;
    Ok(rows.first().copied().map(<[i64; 9]>::from))
}

/// Each author's history on each site. One that is missing is as wrong as one that differs; zeros are history enough
/// for somebody who never wrote there.
pub(super) fn authors(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 1]> {
    let mut line = CheckLine::new("counters of authors");
    let mut after = AccountId(Uuid::nil());
    loop {
        let query = Sql::<Key>::new("SELECT id FROM accounts WHERE id > ")
            .key(after)
            .sql(" ORDER BY id LIMIT ")
            .int(ACCOUNTS_BATCH);
        let ids: Vec<AccountId> = native!(conn, c => query.load(c))?;
        let Some(&last) = ids.last() else { return Ok([line]) };
        let mut histories: BTreeMap<(AccountId, SiteId), (Option<ByState>, ByState)> = BTreeMap::new();
        for (account, site, stored) in stored_of_authors(conn, after, last)? {
            histories.entry((account, site)).or_default().0 = Some(stored);
        }
        let query = Sql::<(Key, Key, Text, BigInt)>::new(
            "SELECT author_id, site_id, state, count(*) FROM replies WHERE author_id > ",
        )
        .key(after)
        .sql(" AND author_id <= ")
        .key(last)
        .sql(" GROUP BY author_id, site_id, state");
        let rows: Vec<(AccountId, SiteId, ReplyState, i64)> = native!(conn, c => query.load(c))?;
        for (account, site, state, number) in rows {
            let counted = &mut histories.entry((account, site)).or_default().1;
            let position = ReplyState::ALL.iter().position(|known| *known == state);
            counted[position.unwrap_or_default()] = number;
        }
        for ((account, site), (stored, counted)) in histories {
            line.look(match stored {
                Some(stored) if stored == counted => None,
                Some(stored) => {
                    let [stored, counted] = [named(&stored), named(&counted)];
                    Some(format!("account {account} on site {site}: stored {stored}, counted {counted}"))
                }
                None => Some(format!("account {account} on site {site}: not stored, counted {}", named(&counted))),
            });
        }
        after = last;
    }
}

fn stored_of_authors(
    conn: &mut Conn<'_>,
    after: AccountId,
    last: AccountId,
) -> QueryResult<Vec<(AccountId, SiteId, ByState)>> {
    type Columns = (Key, Key, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);
    type Row = (AccountId, SiteId, i64, i64, i64, i64, i64, i64);
    let query = Sql::<Columns>::new(
        "SELECT account_id, site_id, pending, approved, rejected, spam, withdrawn, returned FROM author_counters \
         WHERE account_id > ",
    )
    .key(after)
    .sql(" AND account_id <= ")
    .key(last);
    let rows: Vec<Row> = native!(conn, c => query.load(c))?;
    let rows = rows.into_iter().map(|(account, site, pending, approved, rejected, spam, withdrawn, returned)| {
        (account, site, [pending, approved, rejected, spam, withdrawn, returned])
    });
    Ok(rows.collect())
}

/// The numbers with their states, as far as there are any.
fn named(numbers: &[i64]) -> String {
    let names = ReplyState::ALL.iter().map(|state| state.as_str()).chain(["reported", "flagged", "appeals"]);
    let named: Vec<String> = numbers
        .iter()
        .zip(names)
        .filter(|(number, _)| **number != 0)
        .map(|(number, name)| format!("{number} {name}"))
        .collect();
    if named.is_empty() { "none".to_owned() } else { named.join(", ") }
}
