//! What is proven of people: their addresses, and what was mailed to them.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::CheckLine;
use crate::{
    domain::ids::*,
    store::{Conn, conn::native, sql::Sql, types::Key},
};

const BATCH: i64 = 1_000;

/// Each account with an address, and each with a code or a way back, in the order of their ids.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 2]> {
    Ok([addresses(conn)?, mailed(conn)?])
}

fn addresses(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("e-mail addresses of accounts");
    let mut after = AccountId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Nullable<Text>, Nullable<Text>, Bool, Bool)>::new(
            "SELECT id, email, email_key, email_verified_at IS NOT NULL, proven_at IS NOT NULL FROM accounts \
             WHERE (email IS NOT NULL OR email_key IS NOT NULL OR email_verified_at IS NOT NULL) AND id > ",
        )
        .key(after)
        .sql(" ORDER BY id LIMIT ")
        .int(BATCH);
        type Row = (AccountId, Option<String>, Option<String>, bool, bool);
        let rows: Vec<Row> = native!(conn, c => query.load(c))?;
        let Some((last, ..)) = rows.last() else { return Ok(line) };
        after = *last;
        for (id, email, key, is_verified, is_proven) in rows {
            let wrong = match (email, key) {
                (Some(email), Some(key)) if email.to_ascii_lowercase() != key => Some("its key is another one's"),
                (Some(_), None) | (None, Some(_)) => Some("address and key are not both there"),
                (None, None) => Some("confirmed, and not there"),
                _ if is_verified && !is_proven => Some("confirmed, and its owner is not proven"),
                _ => None,
            };
            line.look(wrong.map(|wrong| format!("account {id}, e-mail: {wrong}")));
        }
    }
}

fn mailed(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("codes and ways back of accounts");
    let mut after = AccountId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool)>::new(
            "SELECT a.id, a.closed_at IS NOT NULL FROM accounts a WHERE (EXISTS (SELECT 1 FROM codes c \
             WHERE c.account_id = a.id) OR EXISTS (SELECT 1 FROM former_emails f WHERE f.account_id = a.id)) AND a.id > ",
        )
        .key(after)
        .sql(" ORDER BY a.id LIMIT ")
        .int(BATCH);
        let rows: Vec<(AccountId, bool)> = native!(conn, c => query.load(c))?;
        let Some(&(last, _)) = rows.last() else { return Ok(line) };
        after = last;
        for (id, is_closed) in rows {
            line.look(is_closed.then(|| format!("account {id}: closed, and there is a code or a way back")));
        }
    }
}
