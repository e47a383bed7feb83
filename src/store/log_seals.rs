//! Seals of the log: each holds the hash of a batch of rows and that of the seal before, in a chain for each site.

use std::collections::{BTreeMap, btree_map::Entry};

use diesel::{prelude::*, sql_types::*};
use uuid::Uuid;

use super::{
    Conn,
    conn::native,
    decisions::Decision,
    log_rows::{self, LogRow, chain_of, site_of},
    schema,
    sql::Sql,
    types::Key,
};
use crate::{
    clock::Random,
    domain::{
        ids::*,
        log_chain::{Hash, SALT_BYTES, SealForm, VERSION},
        timestamp::Timestamp,
    },
};

/// A seal.
#[derive(Clone, PartialEq, Eq, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::log_seals, treat_none_as_default_value = false)]
pub struct Seal {
    pub chain: SiteId,
    pub number: i64,
    pub first_place: i64,
    pub row_count: i32,
    pub oldest_at: Timestamp,
    pub newest_at: Timestamp,
    pub rows_hash: Vec<u8>,
    pub former_hash: Option<Vec<u8>>,
    pub hash: Vec<u8>,
    pub sealed_at: Timestamp,
}

impl Seal {
    /// The place of its last row.
    pub fn last_place(&self) -> i64 {
        self.first_place.saturating_add(i64::from(self.row_count)) - 1
    }

    /// As it is exported and hashed.
    pub fn form(&self) -> SealForm<String> {
        SealForm {
            first: self.first_place,
            former: self.former_hash.as_deref().map(Hash::from_store),
            newest_at: self.newest_at.to_string(),
            number: self.number,
            oldest_at: self.oldest_at.to_string(),
            rows: self.row_count.into(),
            rows_hash: Hash::from_store(&self.rows_hash),
            sealed_at: self.sealed_at.to_string(),
            site_id: site_of(self.chain).map(|site| site.to_string()),
            v: VERSION,
        }
    }
}

/// A chain that is about to have one more seal.
struct Growing {
    last: Option<Seal>,
    /// Of the rows to be sealed: when each was made, and its hash.
    rows: Vec<(Timestamp, Hash)>,
}

/// Seals these rows, in this order: for each chain that they belong to, one seal. The caller is the only one who seals, and
/// none of them is sealed.
pub fn seal(conn: &mut Conn<'_>, decisions: &[Decision], random: &Random, now: Timestamp) -> QueryResult<()> {
    let mut chains: BTreeMap<SiteId, Growing> = BTreeMap::new();
    let mut rows = Vec::with_capacity(decisions.len());
    for decision in decisions {
        let chain = chain_of(decision.site_id);
        let growing = match chains.entry(chain) {
            Entry::Occupied(found) => found.into_mut(),
            Entry::Vacant(place) => place.insert(Growing { last: find_last(conn, chain)?, rows: Vec::new() }),
        };
        let place = growing.last.as_ref().map_or(0, Seal::last_place) + 1 + growing.rows.len() as i64;
        let salt = log_rows::has_texts(decision).then(|| random.bytes::<SALT_BYTES>().to_vec());
        let row = LogRow { chain, place, decision_id: decision.id, salt, digest: None };
        growing.rows.push((decision.created_at, Hash::of_form(&log_rows::line(&row, decision).row)));
        rows.push(row);
    }
    // in the order in which they were found, by which SQLite tells how far it came
    native!(conn, c => diesel::insert_into(schema::log_rows::table).values(&rows).execute(c))?;
    let seals: Vec<Seal> = chains.iter().map(|(chain, growing)| next(*chain, growing, now)).collect();
    native!(conn, c => diesel::insert_into(schema::log_seals::table).values(&seals).execute(c))?;
    Ok(())
}

/// The seal over the rows behind the last one of their chain.
fn next(chain: SiteId, Growing { last, rows }: &Growing, now: Timestamp) -> Seal {
    let times = || rows.iter().map(|(time, _)| *time);
    let last = last.as_ref();
    let seal = Seal {
        chain,
        number: last.map_or(0, |last| last.number) + 1,
        first_place: last.map_or(0, Seal::last_place) + 1,
        row_count: i32::try_from(rows.len()).unwrap_or(i32::MAX),
        oldest_at: times().min().unwrap_or(now),
        newest_at: times().max().unwrap_or(now),
        rows_hash: Hash::of_all(rows.iter().map(|(_, hash)| hash)).0.to_vec(),
        former_hash: last.map(|last| last.hash.clone()),
        hash: Vec::new(),
        sealed_at: now,
    };
    Seal { hash: Hash::of_form(&seal.form()).0.to_vec(), ..seal }
}

/// A chain's last seal.
pub fn find_last(conn: &mut Conn<'_>, chain: SiteId) -> QueryResult<Option<Seal>> {
    use schema::log_seals::dsl;
    let query = dsl::log_seals.filter(dsl::chain.eq(chain)).order((dsl::chain.desc(), dsl::number.desc()));
    native!(conn, c => query.select(Seal::as_select()).first(c).optional())
}

/// Up to `limit` seals of a chain after this number, in their order.
pub fn list_after(conn: &mut Conn<'_>, chain: SiteId, number: i64, limit: i64) -> QueryResult<Vec<Seal>> {
    use schema::log_seals::dsl;
    let query = dsl::log_seals.filter(dsl::chain.eq(chain)).filter(dsl::number.gt(number));
    native!(conn, c => query.order((dsl::chain, dsl::number)).limit(limit).select(Seal::as_select()).load(c))
}

/// The number of the seal over the row at this place.
pub fn find_number_of(conn: &mut Conn<'_>, chain: SiteId, place: i64) -> QueryResult<Option<i64>> {
    use schema::log_seals::dsl;
    let query = dsl::log_seals.filter(dsl::chain.eq(chain)).filter(dsl::first_place.le(place));
    let query = query.order((dsl::chain.desc(), dsl::first_place.desc())).select(dsl::number);
    native!(conn, c => query.first(c).optional())
}

/// The chain after this one, by their ids, of which anything is sealed; the first one if there is none before.
pub fn find_chain_after(conn: &mut Conn<'_>, chain: Option<SiteId>) -> QueryResult<Option<SiteId>> {
    let after = |select: &'static str| {
        // the first one is the one of zeros, behind which all others are
        let query = Sql::<Key>::new(select).sql(if chain.is_some() { " > " } else { " >= " });
        query.key(chain.map_or(Uuid::nil(), Uuid::from)).sql(" ORDER BY chain LIMIT ").int(1)
    };
    let seals = after("SELECT chain FROM log_seals WHERE chain");
    let seals: Option<SiteId> = native!(conn, c => seals.get_result(c).optional())?;
    let rows = after("SELECT chain FROM log_rows WHERE chain");
    let rows: Option<SiteId> = native!(conn, c => rows.get_result(c).optional())?;
    Ok(seals.into_iter().chain(rows).min())
}

/// How many rows of the log there are, and how many of them have a place in a chain.
pub fn count(conn: &mut Conn<'_>) -> QueryResult<(i64, i64)> {
    let all = Sql::<BigInt>::new("SELECT count(*) FROM decisions");
    let sealed = Sql::<BigInt>::new("SELECT count(*) FROM log_rows");
    Ok((native!(conn, c => all.get_result(c))?, native!(conn, c => sealed.get_result(c))?))
}
