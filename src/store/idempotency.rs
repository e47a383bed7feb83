//! Idempotency keys: what a request with the same key and body was answered.

use std::time::Duration;

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    locks,
    schema::idempotency_keys,
    sql::{Sql, Value},
};
use crate::domain::{
    ids::{AccountId, ObjectId},
    timestamp::Timestamp,
};

/// A key in use; scoped to account and operation.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = idempotency_keys)]
pub struct IdempotencyKey {
    pub account_id: AccountId,
    pub operation: String,
    pub key: String,
    pub body_hash: Vec<u8>,
    /// Of the answer; 0 while the work is under way in its own transaction.
    pub status: i32,
    pub location: Option<String>,
    pub object_id: Option<ObjectId>,
    pub created_at: Timestamp,
}

/// What a key stands for.
#[derive(Clone, Debug)]
pub enum Claim {
    /// Nothing yet: the caller does the work and says what came of it with [`settle`].
    Fresh,
    /// The answer to an earlier request with this key.
    Known(IdempotencyKey),
}

/// Claims a key, which is remembered for so long. Of two at once the second waits for the first one's transaction and then finds its answer.
pub fn claim(conn: &mut Conn<'_>, key: &IdempotencyKey, kept: Duration) -> QueryResult<Claim> {
    let id = (key.account_id, key.operation.as_str(), key.key.as_str());
    locks::hold(conn, format!("{} {} {}", key.account_id, key.operation, key.key).as_bytes())?;
    let known = native!(conn, c => {
        idempotency_keys::table.find(id).select(IdempotencyKey::as_select()).first(c).optional()
    })?;
    if let Some(known) = known {
        if key.created_at.since(known.created_at) < kept {
            return Ok(Claim::Known(known));
        }
        native!(conn, c => diesel::delete(idempotency_keys::table.find(id)).execute(c))?;
    }
    let insert = Sql::<()>::new(
        "INSERT INTO idempotency_keys (account_id, operation, key, body_hash, status, location, object_id, created_at) \
         VALUES (",
    )
    .values([
        Value::key(key.account_id),
        key.operation.as_str().into(),
        key.key.as_str().into(),
        key.body_hash.as_slice().into(),
        key.status.into(),
        (&key.location).into(),
        Value::optional_key(key.object_id.map(|id| id.0)),
        key.created_at.into(),
    ])
    .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(Claim::Fresh)
}

/// Forgets those of an account.
pub fn delete_of_account(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let all = idempotency_keys::table.filter(idempotency_keys::account_id.eq(account));
    native!(conn, c => diesel::delete(all).execute(c))?;
    Ok(())
}

/// Says what a claimed key's work was answered.
pub fn settle(conn: &mut Conn<'_>, key: &IdempotencyKey) -> QueryResult<()> {
    let settle = Sql::<()>::new("UPDATE idempotency_keys SET status = ")
        .int(key.status)
        .sql(", location = ")
        .value(&key.location)
        .sql(", object_id = ")
        .value(Value::optional_key(key.object_id.map(|id| id.0)))
        .sql(" WHERE account_id = ")
        .key(key.account_id)
        .sql(" AND operation = ")
        .str(key.operation.as_str())
        .sql(" AND key = ")
        .str(key.key.as_str());
    native!(conn, c => settle.execute(c))?;
    Ok(())
}
