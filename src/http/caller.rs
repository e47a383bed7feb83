//! Extractors that say who may call: the first argument of every handler that is not public.

use std::{
    future::{Ready, ready},
    net::IpAddr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};

use super::{
    act_as::{ActAs, ShownKey},
    cors::Origin,
    pace::{self, Pace, Payer},
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::{
        api_key::ApiKey,
        device,
        key_uses::KeyUses,
        permission::{Denial, Object, Operation, may},
        session::Beginning,
        standing::Standing,
        token::Proof,
    },
    domain::{ids::*, timestamp::Timestamp},
    security::tell,
    store::{Conn, Db, accounts::Account, decisions::Actor, sites::Site, standing},
};

/// Somebody without an account: about to sign in or up, or giving notice of illegal content.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The network address.
    pub address: IpAddr,
    /// From what device, in words.
    pub device: Option<String>,
}

/// Somebody with a valid access token, or a server with what may be a key; whether the session still lives, and whether there is
/// such a key, shows in the transaction.
#[derive(Clone)]
pub struct Caller {
    credential: Credential,
    origin: Option<Origin>,
    pace: Pace,
    /// The network address.
    pub address: IpAddr,
}

/// What is shown.
#[derive(Clone, Debug)]
enum Credential {
    /// With whether staff are to have a second factor.
    Session(Proof, bool),
    Key(ShownKey, KeyUses),
}

/// A caller whose session lives, or whose key is good.
#[derive(Clone)]
pub struct SignedIn {
    pub standing: Standing,
    pub account: Account,
    origin: Option<Origin>,
    pace: Pace,
}

impl Guest {
    /// Who sends a form of one of the service's own pages, which look themselves at where it is from: what browsers say of that is
    /// `null` where a page tells nobody its address.
    pub fn of_form(request: &HttpRequest) -> Result<Self, Problem> {
        let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let (address, device) = (pace::address(request), agent.and_then(device::in_words));
        Pace::count(request, Payer::Address, address).map(|_| Self { address, device })
    }

    /// With what is known of where a session begins.
    pub fn begins(&self, state: &State, beginning: Beginning) -> Beginning {
        Beginning { device: self.device.clone(), place: state.places.of(self.address), ..beginning }
    }
}

impl Caller {
    /// Who has the session of this access token, as a page of the service's own finds it for who asks for that page.
    pub fn of_token(token: &str, request: &HttpRequest) -> Result<Self, Problem> {
        let credential = Credential::of_session(token, request)?;
        let address = pace::address(request);
        let pace = Pace::count(request, credential.payer(), address)?;
        Ok(Self { credential, origin: None, pace, address })
    }

    /// The account that the token names, or for which a key acts: before the transaction, which looks again.
    pub async fn account_id(&self, db: &Db, now: Timestamp) -> Result<AccountId, Problem> {
        match &self.credential {
            Credential::Session(proof, _) => Ok(proof.account_id),
            Credential::Key(..) => {
                let caller = self.clone();
                db.read(move |conn| Ok(caller.sign_in(conn, now)?.account.id)).await
            }
        }
    }

    /// The network address of the reader; that of a server by whose key he acts is not his.
    pub fn reader_address(&self) -> Option<IpAddr> {
        matches!(self.credential, Credential::Session(..)).then_some(self.address)
    }

    /// The caller as the database knows them in this transaction; in one that writes, to its end.
    pub fn sign_in(&self, conn: &mut Conn<'_>, now: Timestamp) -> Result<SignedIn, Problem> {
        let (standing, account) = match &self.credential {
            Credential::Session(proof, is_factor_demanded) => {
                standing::keep(conn, proof.account_id)?;
                Standing::find(conn, *proof, *is_factor_demanded, now)?
                    .ok_or_else(|| Problem::new(Code::Unauthenticated))?
            }
            Credential::Key(shown, uses) => {
                let stood = shown.stand(conn, now);
                if stood.as_ref().is_err_and(|problem| problem.code() == Code::Unauthenticated) {
                    uses.forget(shown.hash);
                }
                let (standing, account) = stood?;
                uses.learn(shown.hash);
                standing.by_key.iter().for_each(|key| uses.note(key.id, now));
                (standing, account)
            }
        };
        Ok(SignedIn { standing, account, origin: self.origin.clone(), pace: self.pace.clone() })
    }

    /// The caller, if they may do this where no site is concerned.
    pub fn permit(&self, conn: &mut Conn<'_>, operation: Operation, now: Timestamp) -> Result<SignedIn, Problem> {
        let caller = self.sign_in(conn, now)?;
        caller.may(operation, Object::default())?;
        Ok(caller)
    }
}

impl SignedIn {
    /// Refuses what this caller may not do.
    pub fn may(&self, operation: Operation, object: Object) -> Result<(), Problem> {
        may(&self.standing, operation, object).map_err(|denial| self.refused(operation, denial))
    }

    /// The refusal of what is not this caller's own.
    pub fn not_own(&self, operation: Operation) -> Problem {
        self.refused(operation, Denial::Forbidden)
    }

    fn refused(&self, operation: Operation, denial: Denial) -> Problem {
        tell!(PermissionRefused, operation = operation.id(), account = %self.account.id, ?denial);
        denial.into()
    }

    /// Refuses what this caller may not do to an object of this site, what the calling website may not, and what there is
    /// too much of on the site.
    pub fn may_on(&self, site: &Site, operation: Operation, object: Object) -> Result<(), Problem> {
        let is_for_moderators = site.moderators_change_policy;
        let unproven_accounts = Some(site.unproven_accounts);
        self.may(operation, Object { site: Some(site.id), is_for_moderators, unproven_accounts, ..object })?;
        match &self.origin {
            Some(origin) if !origin.is_of(site) => Err(origin_refused()),
            _ => self.pace.count_on(site.id),
        }
    }

    /// Refuses what this caller may not do to things of several sites or of none, and every website but the service's
    /// own.
    pub fn may_across(&self, operation: Operation, object: Object) -> Result<(), Problem> {
        self.may(operation, object)?;
        match &self.origin {
            Some(origin) if !origin.is_own() => {
                Err(origin_refused().detail("not of one site alone: ask for one of the website's own"))
            }
            _ => Ok(()),
        }
    }

    /// As the log names the caller on a site.
    pub fn actor(&self, site: Option<SiteId>) -> Actor {
        self.standing.actor(site)
    }
}

fn state(request: &HttpRequest) -> &State {
    request.app_data::<State>().expect("the application has its state")
}

/// The website that the request comes from, if it is one that may call at all.
fn origin(request: &HttpRequest) -> Result<Option<Origin>, Problem> {
    Origin::of(request, &state(request).origins).map_err(|_| origin_refused())
}

/// The refusal of a website that may not do this here.
fn origin_refused() -> Problem {
    tell!(OriginRefused);
    Problem::new(Code::OriginNotAllowed)
}

impl FromRequest for Guest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(origin(request).and_then(|_| Self::of_form(request)))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(origin(request).and_then(|origin| {
            let mut values = request.headers().get_all(header::AUTHORIZATION);
            let token = match (values.next(), values.next()) {
                (Some(value), None) => value.to_str().ok().and_then(bearer),
                _ => None,
            };
            let token = token.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            let credential = match ApiKey::is_meant(token) {
                true => Credential::of_key(token, request, origin.as_ref())?,
                false => Credential::of_session(token, request)?,
            };
            let address = pace::address(request);
            let pace = Pace::count(request, credential.payer(), address)?;
            Ok(Self { credential, origin, pace, address })
        }))
    }
}

impl Credential {
    /// Whose pace a request is.
    fn payer(&self) -> Payer {
        match self {
            Self::Session(proof, _) => Payer::Account(proof.account_id),
            Self::Key(shown, uses) => Payer::Key(shown.hash, uses.knows(shown.hash)),
        }
    }

    fn of_session(token: &str, request: &HttpRequest) -> Result<Self, Problem> {
        let state = state(request);
        let proof = state.sessions.access.verify(token, state.clock.now());
        let proof = proof.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
        tracing::Span::current().record("account", tracing::field::display(proof.account_id));
        // who believes to act for another must not do it as himself
        match ActAs::read(request.headers())? {
            None => Ok(Self::Session(proof, state.config.is_staff_factor_demanded)),
            Some(_) => Err(Problem::new(Code::InvalidHeader).detail("Act-As: only with a key")),
        }
    }

    fn of_key(token: &str, request: &HttpRequest, origin: Option<&Origin>) -> Result<Self, Problem> {
        let key = ApiKey::parse(token).ok_or_else(|| Problem::new(Code::Unauthenticated))?;
        tracing::Span::current().record("key", key.beginning());
        // a key in a page is everybody's
        if origin.is_some() {
            return Err(origin_refused().detail("a key is for servers: no page may hold it"));
        }
        let act_as = ActAs::read(request.headers())?;
        Ok(Self::Key(ShownKey { hash: key.hash(), act_as }, state(request).key_uses.clone()))
    }
}

/// The token of a bearer credential (RFC 6750, section 2.1); the scheme's case does not matter.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
}
