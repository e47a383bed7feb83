//! Extractors that say who may call: the first argument of every handler that is not public.

use std::{
    future::{Ready, ready},
    net::IpAddr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};

use super::{
    cors::Origin,
    pace::{self, Pace},
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::{
        permission::{Object, Operation, may},
        standing::Standing,
        token::Proof,
    },
    domain::{ids::*, timestamp::Timestamp},
    store::{Conn, accounts::Account, decisions::Actor, sites::Site, standing},
};

/// Somebody without an account: about to sign in or up, or giving notice of illegal content.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The network address.
    pub address: IpAddr,
}

/// Somebody with a valid access token; whether the session still lives shows in the transaction.
#[derive(Clone)]
pub struct Caller {
    proof: Proof,
    /// Whether staff are to have a second factor.
    is_factor_demanded: bool,
    origin: Option<Origin>,
    pace: Pace,
    /// The network address.
    pub address: IpAddr,
}

/// A caller whose session lives.
#[derive(Clone)]
pub struct SignedIn {
    pub standing: Standing,
    pub account: Account,
    origin: Option<Origin>,
    pace: Pace,
}

impl Caller {
    /// The account that the token names.
    pub fn account_id(&self) -> AccountId {
        self.proof.account_id
    }

    /// The caller as the database knows them in this transaction; in one that writes, to its end.
    pub fn sign_in(&self, conn: &mut Conn<'_>, now: Timestamp) -> Result<SignedIn, Problem> {
        standing::keep(conn, self.account_id())?;
        match Standing::find(conn, self.proof, self.is_factor_demanded, now)? {
            Some((standing, account)) => {
                Ok(SignedIn { standing, account, origin: self.origin.clone(), pace: self.pace.clone() })
            }
            None => Err(Problem::new(Code::Unauthenticated)),
        }
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
        may(&self.standing, operation, object).map_err(|denial| {
            tracing::info!(operation = operation.id(), account = %self.account.id, ?denial, "permission refused");
            denial.into()
        })
    }

    /// Refuses what this caller may not do to an object of this site, what the calling website may not, and what there is
    /// too much of on the site.
    pub fn may_on(&self, site: &Site, operation: Operation, object: Object) -> Result<(), Problem> {
        let is_for_moderators = site.moderators_change_policy;
        self.may(operation, Object { site: Some(site.id), is_for_moderators, ..object })?;
        match &self.origin {
            Some(origin) if !origin.is_of(site) => Err(Problem::new(Code::OriginNotAllowed)),
            _ => self.pace.count_on(site.id),
        }
    }

    /// Refuses what this caller may not do to things of several sites or of none, and every website but the service's
    /// own.
    pub fn may_across(&self, operation: Operation, object: Object) -> Result<(), Problem> {
        self.may(operation, object)?;
        match &self.origin {
            Some(origin) if !origin.is_own() => {
                Err(Problem::new(Code::OriginNotAllowed)
                    .detail("not of one site alone: ask for one of the website's own"))
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
    Origin::of(request, &state(request).origins).map_err(|_| Problem::new(Code::OriginNotAllowed))
}

impl FromRequest for Guest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(origin(request).and_then(|_| {
            let address = pace::address(request);
            Pace::count(request, None, address).map(|_| Self { address })
        }))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(origin(request).and_then(|origin| {
            let state = state(request);
            let mut values = request.headers().get_all(header::AUTHORIZATION);
            let token = match (values.next(), values.next()) {
                (Some(value), None) => value.to_str().ok().and_then(bearer),
                _ => None,
            };
            let proof = token.and_then(|token| state.sessions.access.verify(token, state.clock.now()));
            let proof = proof.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            tracing::Span::current().record("account", tracing::field::display(proof.account_id));
            let address = pace::address(request);
            let pace = Pace::count(request, Some(proof.account_id), address)?;
            let is_factor_demanded = state.config.is_staff_factor_demanded;
            Ok(Self { proof, is_factor_demanded, origin, pace, address })
        }))
    }
}

/// The token of a bearer credential (RFC 6750, section 2.1); the scheme's case does not matter.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
}
