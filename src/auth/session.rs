//! Sessions: families of refresh tokens, each token good for one use.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use diesel::QueryResult;

use super::{
    codes::hash_of,
    token::{AccessTokens, Proof},
};
use crate::{
    clock::Random,
    config::Config,
    domain::{
        ids::*,
        session::{EndReason, SessionWay},
        timestamp::Timestamp,
    },
    store::{
        Conn, accounts,
        sessions::{self, RefreshToken, Session},
    },
};

/// Bytes of a refresh token.
const TOKEN_BYTES: usize = 32;
/// So long a spent token is forgiven, as long as its successor was not used: the answer may have been lost.
const LOST_ANSWER: Duration = Duration::from_secs(10);

/// What a sign-in or a refresh gives.
#[derive(Clone)]
pub struct Tokens {
    pub account_id: AccountId,
    pub access_token: String,
    pub expires_in: Duration,
    pub refresh_token: String,
}

/// How a session begins.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// By what its owner showed who he is.
    pub way: SessionWay,
    /// From what device, in words.
    pub device: Option<String>,
    /// Where, in words.
    pub place: Option<String>,
    /// By which identity; it is kept until the end of the transaction.
    pub identity_id: Option<IdentityId>,
    /// Whether a code of the account's second factor was shown as well.
    pub is_by_factor: bool,
}

impl Beginning {
    /// By a password.
    pub fn by_password() -> Self {
        Self { way: SessionWay::Password, device: None, place: None, identity_id: None, is_by_factor: false }
    }

    /// By a site's token, which led to this identity.
    pub fn by_token(identity: IdentityId) -> Self {
        Self { way: SessionWay::Sso, device: None, place: None, identity_id: Some(identity), is_by_factor: false }
    }
}

/// What became of a refresh.
pub enum Refreshed {
    Tokens(Tokens),
    /// Unknown, run out or of an ended session.
    Refused,
    /// Spent before: somebody has a copy, so the family has been ended.
    Reused(AccountId),
}

/// What sessions are made of and with.
#[derive(Clone)]
pub struct Sessions {
    pub access: AccessTokens,
    pub random: Random,
    pub idle_ttl: Duration,
    pub max_ttl: Duration,
}

impl Sessions {
    /// As configured.
    pub fn new(access: AccessTokens, random: Random, config: &Config) -> Self {
        Self { access, random, idle_ttl: config.refresh_idle_ttl, max_ttl: config.refresh_max_ttl }
    }

    /// Begins a session. The caller has seen to it that the account may have one.
    pub fn begin(
        &self,
        conn: &mut Conn<'_>,
        account_id: AccountId,
        beginning: Beginning,
        now: Timestamp,
    ) -> QueryResult<Tokens> {
        let Beginning { way, device, place, identity_id, is_by_factor } = beginning;
        let session = Session {
            id: self.random.id(now),
            account_id,
            created_at: now,
            last_used_at: now,
            expires_at: now.plus(self.max_ttl),
            ended_at: None,
            end_reason: None,
            device,
            way,
            proven_at: None,
            identity_id,
            place,
            factor_at: is_by_factor.then_some(now),
        };
        sessions::insert(conn, &session)?;
        self.issue(conn, &session, now)
    }

    fn issue(&self, conn: &mut Conn<'_>, session: &Session, now: Timestamp) -> QueryResult<Tokens> {
        let refresh_token = BASE64.encode(self.random.bytes::<TOKEN_BYTES>());
        let row =
            RefreshToken { hash: hash_of(&refresh_token), session_id: session.id, created_at: now, spent_at: None };
        sessions::insert_token(conn, &row)?;
        let proof = Proof { account_id: session.account_id, session_id: session.id };
        Ok(Tokens {
            account_id: session.account_id,
            access_token: self.access.issue(proof, now, &self.random),
            expires_in: self.access.ttl(),
            refresh_token,
        })
    }

    /// Spends a refresh token for new tokens.
    pub fn refresh(&self, conn: &mut Conn<'_>, token: &str, now: Timestamp) -> QueryResult<Refreshed> {
        let Some((row, session)) = sessions::find_token(conn, &hash_of(token))? else { return Ok(Refreshed::Refused) };
        let is_live =
            session.ended_at.is_none() && session.expires_at > now && session.last_used_at.plus(self.idle_ttl) > now;
        if !is_live {
            return Ok(Refreshed::Refused);
        }
        // also of who is suspended: what was decided about oneself can be read
        if accounts::find(conn, session.account_id)?.is_none_or(|account| account.closed_at.is_some()) {
            return Ok(Refreshed::Refused);
        }
        let unspent = sessions::find_unspent_token(conn, session.id)?;
        match (row.spent_at, unspent) {
            (None, _) => sessions::spend_token(conn, &row.hash, now)?,
            (Some(spent_at), Some(successor))
                if now.since(spent_at) <= LOST_ANSWER && successor.created_at == spent_at =>
            {
                sessions::spend_token(conn, &successor.hash, spent_at)?;
                // the lost answer's token counts as never given; the one that follows is the successor now
                let tokens = self.issue(conn, &session, spent_at)?;
                sessions::touch(conn, session.id, now)?;
                return Ok(Refreshed::Tokens(tokens));
            }
            (Some(_), _) => {
                sessions::end(conn, session.id, EndReason::TokenReused, now)?;
                return Ok(Refreshed::Reused(session.account_id));
            }
        }
        sessions::touch(conn, session.id, now)?;
        Ok(Refreshed::Tokens(self.issue(conn, &session, now)?))
    }
}
