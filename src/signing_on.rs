//! Signing on by a token of a site: what is to be said of the token, and whose account it leads to (docs/SSO.md).
//!
//! An account is found by the issuer and its subject and by nothing else. One from before is joined by its owner, who is
//! signed in to both, or by an e-mail that both sides have verified, where the site lets an issuer do so; see [`people`].

use crate::{
    app::State,
    auth::{
        keys::Keys,
        sealed,
        sso::{
            claims::{self, Claims, Examined, Expected, Kind},
            keys::{PublicKeys, Secret, SigningKeys},
            token::Parts,
        },
    },
    clock::Random,
    domain::{ids::*, sso::IssuerKind, timestamp::Timestamp},
    http::problem::Problem,
    outside::endpoint::Endpoint,
    store::{
        Conn,
        accounts::{self, Account},
        identities::{self, Identity},
        issuers::{self, Issuer},
        spent_tokens::{self, TokenName},
    },
};

pub mod following;
pub mod key_cache;
pub mod oidc;
pub mod people;

/// Where an issuer's secrets stand, as they are encrypted for it alone.
pub fn place(issuer: IssuerId) -> String {
    format!("sso_issuers/{issuer}")
}

/// Looks at all of a token of this issuer; fetches its keys if need be.
pub async fn examine(state: &State, issuer: &Issuer, parts: &Parts<'_>, now: Timestamp) -> Examined {
    let keys = find_keys(state, issuer, parts.kid()).await;
    let expected = Expected { iss: &issuer.iss, aud: &issuer.aud, kind: Kind::OfSite };
    claims::examine(parts, expected, keys.as_ref().map_err(Clone::clone), now)
}

/// What the issuer signs with; or in words why that is not known.
async fn find_keys(state: &State, issuer: &Issuer, kid: Option<&str>) -> Result<SigningKeys, String> {
    match (issuer.kind, &issuer.keys, &issuer.keys_url) {
        (IssuerKind::Secret, ..) => secrets(&state.keys, issuer).map(SigningKeys::Secrets),
        (IssuerKind::Keys, Some(document), _) => {
            PublicKeys::parse(document.as_bytes()).map(SigningKeys::Public).map_err(|fault| fault.to_string())
        }
        (IssuerKind::KeysUrl, _, Some(url)) => {
            let endpoint = Endpoint::parse(url, state.outside.guard()).map_err(|error| error.to_string())?;
            let of = (issuer.id, issuer.version);
            let keys = state.issuer_keys.get(of, &endpoint, kid, (&state.outside, &state.clock)).await;
            keys.map(SigningKeys::Public).map_err(|error| error.to_string())
        }
        (IssuerKind::Oidc, ..) => Err("people sign in at this provider, and no token of it is shown here".to_owned()),
        _ => Err("the issuer has no keys".to_owned()),
    }
}

fn secrets(keys: &Keys, issuer: &Issuer) -> Result<Vec<Secret>, String> {
    let open = |sealed: &String| sealed::open(keys, &place(issuer.id), sealed).map(Secret::new);
    let present = issuer.secret.as_ref().ok_or("the issuer has no secret")?;
    let present = open(present).map_err(|error| error.to_string())?;
    // one that cannot be read is one that nobody signs with
    let former = issuer.former_secret.as_ref().and_then(|sealed| open(sealed).ok());
    Ok([present].into_iter().chain(former).collect())
}

/// The name under which a token is spent.
pub fn token_name<'t>(issuer: &'t Issuer, claims: &'t Claims) -> TokenName<'t> {
    TokenName { site: issuer.site_id, iss: &issuer.iss, jti: &claims.jti }
}

/// Makes sure of what was read before the transaction, and spends the token; false if it is good for nothing any more.
fn begin(conn: &mut Conn<'_>, (issuer, claims): (&Issuer, &Claims)) -> Result<bool, Problem> {
    if !issuers::keep(conn, issuer)? || !spent_tokens::spend(conn, token_name(issuer, claims), claims.useless_at)? {
        return Ok(false);
    }
    identities::hold(conn, issuer.id, &claims.sub)?;
    Ok(true)
}

/// Whom a sound token leads to.
pub struct SignedOn {
    pub identity: Identity,
    /// The account, if it is one from before that was joined by its e-mail, which its owner is to be told.
    pub joined: Option<Account>,
}

/// The identity that a sound token leads to, with an account that may sign in, its name, roles and badges as the token says;
/// nothing where it leads nowhere.
pub fn sign_on(
    conn: &mut Conn<'_>,
    (issuer, claims): (&Issuer, &Claims),
    (random, now): (&Random, Timestamp),
) -> Result<Option<SignedOn>, Problem> {
    if !begin(conn, (issuer, claims))? {
        return Ok(None);
    }
    let found = match identities::find_by_subject(conn, issuer.id, &claims.sub)? {
        Some(identity) => people::come_back(conn, identity)?.map(|(identity, account)| (identity, account, false)),
        None => Some(people::arrive(conn, (issuer, claims), (random, now))?),
    };
    let Some((mut identity, account, is_joined)) = found else { return Ok(None) };
    following::follow(conn, (issuer, &mut identity), (&account, claims), (random, now))?;
    Ok(Some(SignedOn { identity, joined: Some(account).filter(|_| is_joined) }))
}

/// What became of joining.
pub enum Joining {
    Joined(Identity, Box<Account>),
    /// It was his already.
    Known(Identity),
    /// The token is good for nothing any more.
    Refused,
    /// Somebody else signs on by this identity.
    OfAnother,
    /// The account has as many as it may have.
    TooMany,
}

/// Joins a sound token's identity to the account of who is signed in to both. Nothing else of the account changes: what
/// the token says of name, roles and badges counts when he signs on by it.
pub fn join(
    conn: &mut Conn<'_>,
    (issuer, claims): (&Issuer, &Claims),
    account: AccountId,
    (random, now): (&Random, Timestamp),
) -> Result<Joining, Problem> {
    if !begin(conn, (issuer, claims))? {
        return Ok(Joining::Refused);
    }
    match identities::find_by_subject(conn, issuer.id, &claims.sub)? {
        Some(identity) if identity.account_id == account => return Ok(Joining::Known(identity)),
        Some(_) => return Ok(Joining::OfAnother),
        None => {}
    }
    // two at once would each find room
    let account = accounts::find_locked(conn, account)?.filter(|account| account.closed_at.is_none());
    let Some(account) = account else { return Ok(Joining::Refused) };
    if !people::has_room(conn, account.id)? {
        return Ok(Joining::TooMany);
    }
    let identity = people::join(conn, (issuer, claims), account.id, (random, now))?;
    Ok(Joining::Joined(identity, Box::new(account)))
}
