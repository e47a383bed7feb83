//! Sessions, each a family of refresh tokens.

use std::time::Duration;

use diesel::prelude::*;

use super::{
    Conn, Native,
    conn::native,
    schema::{refresh_tokens, sessions},
    sql::Sql,
};
use crate::domain::{
    ids::*,
    session::{EndReason, SessionWay},
    timestamp::Timestamp,
};

/// A sign-in and what came of it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub id: SessionId,
    pub account_id: AccountId,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    /// The absolute limit, however often it is used.
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<EndReason>,
    /// From what device it began, in words.
    pub device: Option<String>,
    /// How it began.
    pub way: SessionWay,
    /// When its owner last showed who he is; none: as it began.
    pub proven_at: Option<Timestamp>,
    /// By which identity it began; that may be gone, and then the session has ended.
    pub identity_id: Option<IdentityId>,
    /// Where it began, in words.
    pub place: Option<String>,
    /// When a code of the account's second factor was last shown in it.
    pub factor_at: Option<Timestamp>,
}

/// One refresh token of a session; the token itself is not stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens)]
pub struct RefreshToken {
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
    pub session_id: SessionId,
    pub created_at: Timestamp,
    pub spent_at: Option<Timestamp>,
}

/// Stores a new session.
pub fn insert(conn: &mut Conn<'_>, session: &Session) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(sessions::table).values(session).execute(c))?;
    Ok(())
}

/// The token of this hash with its session, both locked for this transaction.
pub fn find_token(conn: &mut Conn<'_>, hash: &[u8]) -> QueryResult<Option<(RefreshToken, Session)>> {
    let query = refresh_tokens::table.inner_join(sessions::table).filter(refresh_tokens::hash.eq(hash));
    match &mut conn.native {
        Native::Sqlite(c) => query.select((RefreshToken::as_select(), Session::as_select())).first(*c).optional(),
        // SQLite's transaction is the only writer; here two uses of one token must wait for each other
        Native::Pg(c) => {
            query.select((RefreshToken::as_select(), Session::as_select())).for_update().first(*c).optional()
        }
    }
}

/// The session's token that is not spent yet.
pub fn find_unspent_token(conn: &mut Conn<'_>, session: SessionId) -> QueryResult<Option<RefreshToken>> {
    native!(conn, c => {
        refresh_tokens::table
            .filter(refresh_tokens::session_id.eq(session))
            .filter(refresh_tokens::spent_at.is_null())
            .select(RefreshToken::as_select())
            .first(c)
            .optional()
    })
}

/// Stores a new token.
pub fn insert_token(conn: &mut Conn<'_>, token: &RefreshToken) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(refresh_tokens::table).values(token).execute(c))?;
    Ok(())
}

/// Marks a token as used.
pub fn spend_token(conn: &mut Conn<'_>, hash: &[u8], now: Timestamp) -> QueryResult<()> {
    let changes = refresh_tokens::spent_at.eq(now);
    native!(conn, c => diesel::update(refresh_tokens::table.find(hash)).set(changes).execute(c))?;
    Ok(())
}

/// From what device a session began, in words.
pub fn find_device(conn: &mut Conn<'_>, id: Option<SessionId>) -> QueryResult<Option<String>> {
    let Some(id) = id else { return Ok(None) };
    let device = native!(conn, c => sessions::table.find(id).select(sessions::device).first(c).optional())?;
    Ok(device.flatten())
}

/// Notes a use.
pub fn touch(conn: &mut Conn<'_>, id: SessionId, now: Timestamp) -> QueryResult<()> {
    let changes = sessions::last_used_at.eq(now);
    native!(conn, c => diesel::update(sessions::table.find(id)).set(changes).execute(c))?;
    Ok(())
}

/// Up to `limit` sessions of an account that live, the newest first, before this one. Those that nobody used for so long are over.
pub fn list_live(
    conn: &mut Conn<'_>,
    account: AccountId,
    before: Option<SessionId>,
    limit: i64,
    (now, idle_ttl): (Timestamp, Duration),
) -> QueryResult<Vec<Session>> {
    let live = sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::last_used_at.gt(now.minus(idle_ttl)))
        .order(sessions::id.desc())
        .limit(limit);
    native!(conn, c => match before {
        Some(before) => live.filter(sessions::id.lt(before)).select(Session::as_select()).load(c),
        None => live.select(Session::as_select()).load(c),
    })
}

/// Ends a session of an account; whether it had not ended yet.
pub fn end_of_account(
    conn: &mut Conn<'_>,
    (id, account): (SessionId, AccountId),
    reason: EndReason,
    now: Timestamp,
) -> QueryResult<bool> {
    let changes = (sessions::ended_at.eq(now), sessions::end_reason.eq(reason));
    let one = sessions::table
        .find(id)
        .filter(sessions::account_id.eq(account))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::ended_at.is_null());
    Ok(native!(conn, c => diesel::update(one).set(changes).execute(c))? > 0)
}

/// Notes that its owner showed who he is, by a code too where `is_by_factor`.
pub fn prove(conn: &mut Conn<'_>, id: SessionId, is_by_factor: bool, now: Timestamp) -> QueryResult<()> {
    let session = sessions::table.find(id);
    native!(conn, c => match is_by_factor {
        true => diesel::update(session).set((sessions::proven_at.eq(now), sessions::factor_at.eq(now))).execute(c),
        false => diesel::update(session).set(sessions::proven_at.eq(now)).execute(c),
    })?;
    Ok(())
}

/// Forgets in the account's sessions that codes of a second factor were shown, which is gone.
pub fn forget_factor(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let shown = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::factor_at.is_not_null());
    native!(conn, c => diesel::update(shown).set(sessions::factor_at.eq(None::<Timestamp>)).execute(c))?;
    Ok(())
}

/// Ends a session, if it has not ended yet.
pub fn end(conn: &mut Conn<'_>, id: SessionId, reason: EndReason, now: Timestamp) -> QueryResult<()> {
    let changes = (sessions::ended_at.eq(now), sessions::end_reason.eq(reason));
    native!(conn, c => {
        diesel::update(sessions::table.find(id).filter(sessions::ended_at.is_null())).set(changes).execute(c)
    })?;
    Ok(())
}

/// Ends all sessions of an account but one; how many.
pub fn end_all(
    conn: &mut Conn<'_>,
    account: AccountId,
    but: Option<SessionId>,
    reason: EndReason,
    now: Timestamp,
) -> QueryResult<usize> {
    let changes = (sessions::ended_at.eq(now), sessions::end_reason.eq(reason));
    let all = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::ended_at.is_null());
    native!(conn, c => match but {
        Some(kept) => diesel::update(all.filter(sessions::id.ne(kept))).set(changes).execute(c),
        None => diesel::update(all).set(changes).execute(c),
    })
}

/// Ends all sessions that began by an identity.
pub fn end_of_identity(conn: &mut Conn<'_>, identity: IdentityId, now: Timestamp) -> QueryResult<()> {
    let end = ended(now).sql("identity_id = ").key(identity);
    native!(conn, c => end.execute(c))?;
    Ok(())
}

/// Ends all sessions that began by an issuer's tokens; how many.
pub fn end_of_issuer(conn: &mut Conn<'_>, issuer: IssuerId, now: Timestamp) -> QueryResult<usize> {
    let end = ended(now).sql("identity_id IN (SELECT i.id FROM identities i WHERE i.issuer_id = ").key(issuer).sql(")");
    native!(conn, c => end.execute(c))
}

/// Forgets from where and by what an account's sessions began.
pub fn forget_places(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let all = sessions::table.filter(sessions::account_id.eq(account));
    let nothing = (sessions::device.eq(None::<String>), sessions::place.eq(None::<String>));
    native!(conn, c => diesel::update(all).set(nothing).execute(c))?;
    Ok(())
}

/// Ends the sessions of an account that began by any of its identities.
pub fn end_by_identities(
    conn: &mut Conn<'_>,
    account: AccountId,
    reason: EndReason,
    now: Timestamp,
) -> QueryResult<()> {
    let changes = (sessions::ended_at.eq(now), sessions::end_reason.eq(reason));
    let these = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::identity_id.is_not_null());
    native!(conn, c => diesel::update(these.filter(sessions::ended_at.is_null())).set(changes).execute(c))?;
    Ok(())
}

fn ended(now: Timestamp) -> Sql<()> {
    Sql::new("UPDATE sessions SET ended_at = ")
        .time(now)
        .sql(", end_reason = ")
        .str(EndReason::IdentityRemoved.as_str())
        .sql(" WHERE ended_at IS NULL AND identity_id IS NOT NULL AND ")
}
