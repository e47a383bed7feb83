//! Keys by which sites' servers call.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::CheckLine;
use crate::{
    domain::{
        api_key::{KEYS_MAX, Scope},
        ids::*,
    },
    store::{
        Conn,
        conn::native,
        sql::Sql,
        types::{Key, TextList},
    },
};

const BATCH: i64 = 1_000;

/// Each key, in the order of their ids.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("keys of sites");
    let mut after = ApiKeyId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Text, Bool, Bool, BigInt, BigInt, BigInt)>::new(
            "SELECT k.id, k.scopes, k.revoked_at IS NOT NULL, \
             EXISTS (SELECT 1 FROM accounts a WHERE a.id = k.account_id AND a.closed_at IS NULL), \
             (SELECT count(*) FROM api_key_secrets s WHERE s.key_id = k.id AND s.ends_at IS NULL), \
             (SELECT count(*) FROM api_key_secrets s WHERE s.key_id = k.id), \
             (SELECT count(*) FROM api_keys o WHERE o.site_id = k.site_id AND o.revoked_at IS NULL) \
             FROM api_keys k WHERE k.id > ",
        )
        .key(after)
        .sql(" ORDER BY k.id LIMIT ")
        .int(BATCH);
        type Row = (ApiKeyId, TextList, bool, bool, i64, i64, i64);
        let rows: Vec<Row> = native!(conn, c => query.load(c))?;
        let Some((last, ..)) = rows.last() else { return Ok(line) };
        after = *last;
        for (id, scopes, is_revoked, is_somebodys, present, secrets, of_site) in rows {
            let is_scope = |name: &String| Scope::parse(name).is_some();
            let wrong = match () {
                () if is_somebodys => Some("acts by somebody's account"),
                () if !scopes.0.iter().all(is_scope) => Some("may what there is not"),
                () if is_revoked && secrets > 0 => Some("is revoked and has a secret"),
                () if !is_revoked && present != 1 => Some("has not one present secret"),
                () if secrets > 2 => Some("has more than one former secret"),
                () if of_site > KEYS_MAX as i64 => Some("is of a site with too many"),
                () => None,
            };
            line.look(wrong.map(|wrong| format!("key {id}: {wrong}")));
        }
    }
}
