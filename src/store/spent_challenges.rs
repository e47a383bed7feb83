//! Challenges whose solution was used, so that each is good for once.

use diesel::{QueryResult, RunQueryDsl};

use super::{
    Conn,
    conn::native,
    sql::{Sql, Value},
};
use crate::domain::timestamp::Timestamp;

/// Spends a challenge; false if it was spent. Of two at once the second waits for the first.
pub fn spend(conn: &mut Conn<'_>, nonce: &[u8], useless_at: Timestamp) -> QueryResult<bool> {
    let insert = Sql::<()>::new("INSERT INTO spent_challenges (nonce, useless_at) VALUES (")
        .values([Value::Bytes(nonce.to_vec()), useless_at.into()])
        .sql(") ON CONFLICT DO NOTHING");
    Ok(native!(conn, c => insert.execute(c))? > 0)
}
