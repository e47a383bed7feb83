//! Locks by name, for what must be counted before it is stored and has no row of its own to lock.

use diesel::{QueryResult, RunQueryDsl, sql_types::Bool};
use sha2::{Digest, Sha256};

use super::{Conn, Native, sql::Sql};

/// Waits until no other transaction holds this name, and holds it until the end of this one. Several names are taken in
/// one order everywhere. On SQLite the transaction itself is the lock.
pub fn hold(conn: &mut Conn<'_>, name: &[u8]) -> QueryResult<()> {
    let Native::Pg(c) = &mut conn.native else { return Ok(()) };
    Sql::<()>::new("SELECT pg_advisory_xact_lock(").int(number(name)).sql(")").execute(*c)?;
    Ok(())
}

/// As [`hold`], with others who hold it so at once.
pub fn hold_shared(conn: &mut Conn<'_>, name: &[u8]) -> QueryResult<()> {
    let Native::Pg(c) = &mut conn.native else { return Ok(()) };
    Sql::<()>::new("SELECT pg_advisory_xact_lock_shared(").int(number(name)).sql(")").execute(*c)?;
    Ok(())
}

/// Holds this name until the end of the transaction, if no other transaction holds it.
pub fn try_hold(conn: &mut Conn<'_>, name: &[u8]) -> QueryResult<bool> {
    let Native::Pg(c) = &mut conn.native else { return Ok(true) };
    Sql::<Bool>::new("SELECT pg_try_advisory_xact_lock(").int(number(name)).sql(")").get_result(*c)
}

fn number(name: &[u8]) -> i64 {
    let mut number = [0; 8];
    number.copy_from_slice(&Sha256::digest(name)[..8]);
    i64::from_be_bytes(number)
}
