//! How many notices of what kind there were on which day: counted by the transactions that receive and decide.

use std::collections::BTreeMap;

use diesel::{QueryResult, RunQueryDsl, sql_types};

use super::{
    Conn,
    conn::native,
    sql::{Sql, Value},
};
use crate::domain::{
    day::Day,
    ids::SiteId,
    notice_days::{Counted, Sums},
};

/// Counts some more, in one order, so that two who count the same do not wait for each other in a circle.
pub fn add(
    conn: &mut Conn<'_>,
    site: SiteId,
    day: Day,
    counted: impl IntoIterator<Item = (Counted, i64)>,
) -> QueryResult<()> {
    let by_key: BTreeMap<String, i64> = counted.into_iter().map(|(counted, number)| (counted.key(), number)).collect();
    let mut insert = Sql::<()>::new("INSERT INTO notice_days (site_id, day, what, number) VALUES (").not_kept();
    for (index, (key, number)) in by_key.iter().enumerate() {
        insert = if index > 0 { insert.sql("), (") } else { insert };
        insert = insert.values([Value::key(site), day.0.into(), key.as_str().into(), (*number).into()]);
    }
    let insert =
        insert.sql(") ON CONFLICT (site_id, day, what) DO UPDATE SET number = notice_days.number + excluded.number");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// The numbers of a site's days from one to another, both included: a range of the key.
pub fn list(conn: &mut Conn<'_>, site: SiteId, from: Day, to: Day) -> QueryResult<BTreeMap<Day, Sums>> {
    type Row = (sql_types::Integer, sql_types::Text, sql_types::BigInt);
    let query = Sql::<Row>::new("SELECT day, what, number FROM notice_days WHERE site_id = ")
        .key(site)
        .sql(" AND day BETWEEN ")
        .int(from.0)
        .sql(" AND ")
        .int(to.0);
    let rows: Vec<(i32, String, i64)> = native!(conn, c => query.load(c))?;
    let mut days: BTreeMap<Day, Sums> = BTreeMap::new();
    for (day, key, number) in rows {
        // what a newer program counts is left to it
        if let Some(counted) = Counted::parse(&key) {
            days.entry(Day(day)).or_default().add(counted, number);
        }
    }
    Ok(days)
}
