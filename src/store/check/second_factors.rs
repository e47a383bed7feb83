//! Second factors: an account that signs in by codes has what they are made of, and no other has any.

use diesel::{QueryResult, RunQueryDsl, sql_types::BigInt};

use super::{CheckLine, NAMED_MAX};
use crate::{
    domain::ids::AccountId,
    store::{Conn, conn::native, sql::Sql, types::Key},
};

/// Accounts of which something of a second factor is stored; without one in use that may be a secret alone, which waits for its
/// first code.
const HOLDERS: &str = " FROM accounts a WHERE (a.second_factor_at IS NOT NULL \
     OR a.id IN (SELECT account_id FROM second_factors) OR a.id IN (SELECT account_id FROM recovery_codes) \
     OR a.id IN (SELECT account_id FROM sessions WHERE factor_at IS NOT NULL))";
const WRONG: &str = " AND (a.closed_at IS NOT NULL OR a.id NOT IN (SELECT account_id FROM second_factors) \
     OR (a.second_factor_at IS NULL AND (a.id IN (SELECT account_id FROM recovery_codes) \
     OR a.id IN (SELECT account_id FROM sessions WHERE factor_at IS NOT NULL))))";

pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("second factors");
    let mut count = |more: &'static str| {
        let query = Sql::<BigInt>::new("SELECT count(*)").sql(HOLDERS).sql(more);
        native!(conn, c => query.get_result::<i64>(c)).map(|number| u64::try_from(number).unwrap_or_default())
    };
    line.looked_at = count("")?;
    line.wrong = count(WRONG)?;
    let ids = Sql::<Key>::new("SELECT a.id").sql(HOLDERS).sql(WRONG).sql(" ORDER BY a.id LIMIT ").int(NAMED_MAX as i64);
    let ids: Vec<AccountId> = native!(conn, c => ids.load(c))?;
    line.differences =
        ids.into_iter().map(|id| format!("account {id}: parts of a second factor are missing or left")).collect();
    Ok(line)
}
