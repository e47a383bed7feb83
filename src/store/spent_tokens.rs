//! Tokens that were used to sign on, so that each is good for once.

use diesel::{QueryResult, RunQueryDsl, sql_types};
use sha2::{Digest, Sha256};

use super::{
    Conn,
    conn::native,
    sql::{Sql, Value},
};
use crate::domain::{ids::SiteId, timestamp::Timestamp};

/// A token by what names it.
#[derive(Clone, Copy, Debug)]
pub struct TokenName<'t> {
    pub site: SiteId,
    /// Who issued it: the name and not the id, so that an issuer that is registered anew takes nothing twice.
    pub iss: &'t str,
    pub jti: &'t str,
}

impl TokenName<'_> {
    fn hash(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        // the length keeps ("ab", "c") apart from ("a", "bc")
        hash.update((self.iss.len() as u64).to_be_bytes());
        hash.update(self.iss);
        hash.update(self.jti);
        hash.finalize().to_vec()
    }
}

/// Spends a token; false if it was spent. Of two at once the second waits for the first.
pub fn spend(conn: &mut Conn<'_>, token: TokenName<'_>, useless_at: Timestamp) -> QueryResult<bool> {
    let insert = Sql::<()>::new("INSERT INTO spent_tokens (site_id, hash, useless_at) VALUES (")
        .values([Value::key(token.site), Value::Bytes(token.hash()), useless_at.into()])
        .sql(") ON CONFLICT DO NOTHING");
    Ok(native!(conn, c => insert.execute(c))? > 0)
}

/// Whether a token was spent.
pub fn is_spent(conn: &mut Conn<'_>, token: TokenName<'_>) -> QueryResult<bool> {
    let query = Sql::<sql_types::BigInt>::new("SELECT count(*) FROM spent_tokens WHERE site_id = ")
        .key(token.site)
        .sql(" AND hash = ")
        .bytes(token.hash());
    Ok(native!(conn, c => query.get_result::<i64>(c))? > 0)
}
