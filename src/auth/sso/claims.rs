//! What a token must say (RFC 7519, section 4.1; RFC 8725), looked at part by part.

use serde_json::{Map, Value};

use super::{keys::SigningKeys, token::Parts};
use crate::domain::{
    badge::BadgeKey,
    display_name::DisplayName,
    email::Email,
    site::SiteRole,
    sso::{NAMED_MAX, TOKEN_MAX_SECS, is_name},
    timestamp::Timestamp,
};

/// How far clocks may be apart.
const LEEWAY_SECS: i64 = 30;
/// Characters of what is repeated of a token.
const SHOWN_MAX_CHARS: usize = 80;

/// What a sound token says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claims {
    /// Whom it is about, as the issuer knows him.
    pub sub: String,
    /// Its id, good for once.
    pub jti: String,
    /// When nobody takes it any more.
    pub useless_at: Timestamp,
    pub name: Option<DisplayName>,
    /// Only what the issuer has verified: what somebody merely typed there proves nothing.
    pub email: Option<Email>,
    /// Keys that badges may have.
    pub badges: Vec<String>,
    pub roles: Vec<SiteRole>,
}

/// What is to be said of one part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The name of a header parameter or claim, or `signature`.
    pub part: &'static str,
    pub is_right: bool,
    /// In words for an admin.
    pub says: String,
}

/// What was found of a token.
#[derive(Clone, Debug)]
pub struct Examined {
    pub findings: Vec<Finding>,
    /// What it says; nothing if anything is wrong with it.
    pub claims: Option<Claims>,
}

/// What the issuer's tokens must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'e> {
    pub iss: &'e str,
    pub aud: &'e str,
    pub kind: Kind<'e>,
}

/// Which kind of token is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind<'e> {
    /// That a blog's server signs about its reader: short-lived, with an id of its own.
    OfSite,
    /// An ID token (OpenID Connect Core 1.0, section 3.1.3.7), which came from the provider itself, for who began with this
    /// nonce. That is what makes it good for once, and it may live as long as the provider's sessions.
    Id { nonce: &'e str },
}

/// Something right, with words about it; or what is wrong.
type Found<T> = Result<(T, String), String>;

/// Looks at all of a token. Keys that cannot be had are told of in words.
pub fn examine(
    parts: &Parts<'_>,
    expected: Expected<'_>,
    keys: Result<&SigningKeys, String>,
    now: Timestamp,
) -> Examined {
    let mut seen = Seen::default();
    let (header, claims, now) = (&parts.header, &parts.claims, now.as_secs());
    seen.look("kid", key_name(header));
    seen.look("alg", keys.clone().and_then(|keys| algorithm(parts, keys)));
    seen.look("typ", kind(header));
    seen.look("crit", critical(header));
    seen.look("signature", keys.and_then(|keys| signature(parts, keys)));
    seen.look("iss", issuer(claims, expected.iss));
    seen.look("aud", audience(claims, expected.aud));
    if matches!(expected.kind, Kind::Id { .. }) {
        seen.look("azp", authorized_party(claims, expected.aud));
    }
    let sub = seen.look("sub", name_in(claims, "sub"));
    let issued = seen.look("iat", issued_at(claims, now));
    seen.look("nbf", not_before(claims, now));
    let (expires, jti) = match expected.kind {
        Kind::OfSite => (seen.look("exp", expires_at(claims, issued, now)), seen.look("jti", name_in(claims, "jti"))),
        Kind::Id { nonce } => {
            (seen.look("exp", in_time(claims, issued, now)), seen.look("nonce", nonce_in(claims, nonce)))
        }
    };
    let name = seen.look("name", display_name(claims));
    let is_verified = seen.look("email_verified", verified(claims));
    let email = seen.look("email", email(claims, is_verified == Some(true)));
    seen.look("avatar_url", avatar(claims));
    let badges = seen.look("badges", badges(claims));
    let roles = seen.look("roles", roles(claims));
    let is_sound = seen.0.iter().all(|finding| finding.is_right);
    let said = || {
        Some(Claims {
            sub: sub?,
            jti: jti?,
            useless_at: Timestamp::from_micros((expires? + LEEWAY_SECS) * 1_000_000),
            name: name?,
            email: email?,
            badges: badges?,
            roles: roles?,
        })
    };
    Examined { claims: if is_sound { said() } else { None }, findings: seen.0 }
}

#[derive(Default)]
struct Seen(Vec<Finding>);

impl Seen {
    fn look<T>(&mut self, part: &'static str, found: Found<T>) -> Option<T> {
        let is_right = found.is_ok();
        let (value, says) = found.map_or_else(|wrong| (None, wrong), |(value, says)| (Some(value), says));
        self.0.push(Finding { part, is_right, says });
        value
    }
}

/// The beginning of a value, for admins to know it again.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    let beginning: String = text.chars().take(SHOWN_MAX_CHARS).collect();
    if beginning.len() < text.len() { beginning + "…" } else { beginning }
}

/// Only ever compared with the names of the issuer's keys.
fn key_name(header: &Map<String, Value>) -> Found<()> {
    match header.get("kid") {
        None => Ok(((), "is absent".to_owned())),
        Some(kid) if kid.is_string() => Ok(((), shown(kid))),
        Some(other) => Err(format!("must be a text, and is {}", shown(other))),
    }
}

fn algorithm(parts: &Parts<'_>, keys: &SigningKeys) -> Found<()> {
    let needed = keys.algorithm(parts).map_err(|why| format!("cannot be told: kid {why}"))?;
    match parts.header.get("alg") {
        Some(alg) if alg == needed => Ok(((), needed.to_owned())),
        Some(alg) => Err(format!("must be {needed}, by the issuer's key, and is {}", shown(alg))),
        None => Err("is missing".to_owned()),
    }
}

/// Tokens of other kinds, signed with the same key, are for something else (RFC 8725, section 3.11).
fn kind(header: &Map<String, Value>) -> Found<()> {
    match header.get("typ") {
        None => Ok(((), "is absent, which is allowed".to_owned())),
        // media types, as this is one, are compared without case
        Some(Value::String(typ)) if typ.eq_ignore_ascii_case("JWT") => Ok(((), "JWT".to_owned())),
        Some(other) => Err(format!("must be JWT or absent, and is {}", shown(other))),
    }
}

/// Critical extensions must be understood (RFC 7515, section 4.1.11), and none is.
fn critical(header: &Map<String, Value>) -> Found<()> {
    match header.get("crit") {
        None => Ok(((), "is absent, as it must be".to_owned())),
        Some(_) => Err("names extensions that are not known here".to_owned()),
    }
}

fn signature(parts: &Parts<'_>, keys: &SigningKeys) -> Found<()> {
    match (keys.have_signed(parts), keys) {
        (true, _) => Ok(((), "is the issuer's".to_owned())),
        (false, SigningKeys::Secrets(_)) => Err("is not made with the secret".to_owned()),
        (false, SigningKeys::Public(_)) => Err("is not made with the key of this kid".to_owned()),
    }
}

/// The text of a claim that must be there.
fn text_in<'c>(claims: &'c Map<String, Value>, claim: &str) -> Result<&'c str, String> {
    let value = claims.get(claim).ok_or("is missing")?;
    value.as_str().ok_or_else(|| format!("must be a text, and is {}", shown(value)))
}

fn issuer(claims: &Map<String, Value>, expected: &str) -> Found<()> {
    match text_in(claims, "iss")? {
        iss if iss == expected => Ok(((), expected.to_owned())),
        _ => Err(format!("must be {expected}")),
    }
}

/// One text, or several of which ours is one (RFC 7519, section 4.1.3).
fn audience(claims: &Map<String, Value>, expected: &str) -> Found<()> {
    let value = claims.get("aud").ok_or("is missing")?;
    let is_for_us = match value {
        Value::Array(list) => list.iter().all(Value::is_string) && list.iter().any(|aud| aud == expected),
        one => one == expected,
    };
    if is_for_us { Ok(((), expected.to_owned())) } else { Err(format!("must be {expected}, and is {}", shown(value))) }
}

fn name_in(claims: &Map<String, Value>, claim: &str) -> Found<String> {
    match text_in(claims, claim)? {
        text if is_name(text) => Ok((text.to_owned(), text.to_owned())),
        _ => Err("must have 1 to 255 visible ASCII characters".to_owned()),
    }
}

/// Seconds since 1970 (RFC 7519, section 2); whole ones, as no fraction matters here.
fn time_in(claims: &Map<String, Value>, claim: &str) -> Result<Option<i64>, String> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    let is_possible = |secs: &i64| (0..=i64::from(u32::MAX) * 4).contains(secs);
    let secs = value.as_i64().filter(is_possible);
    secs.map(Some).ok_or_else(|| format!("must be whole seconds since 1970, and is {}", shown(value)))
}

fn issued_at(claims: &Map<String, Value>, now: i64) -> Found<i64> {
    match time_in(claims, "iat")?.ok_or("is missing")? {
        iat if iat > now + LEEWAY_SECS => Err(format!("lies {} s in the future: do the clocks agree?", iat - now)),
        iat => Ok((iat, format!("{} s ago", now - iat))),
    }
}

fn not_before(claims: &Map<String, Value>, now: i64) -> Found<()> {
    match time_in(claims, "nbf")? {
        None => Ok(((), "is absent, which is allowed".to_owned())),
        Some(nbf) if nbf > now + LEEWAY_SECS => Err(format!("lies {} s in the future", nbf - now)),
        Some(nbf) => Ok(((), format!("{} s ago", now - nbf))),
    }
}

fn expires_at(claims: &Map<String, Value>, issued: Option<i64>, now: i64) -> Found<i64> {
    let exp = time_in(claims, "exp")?.ok_or("is missing")?;
    if exp <= now - LEEWAY_SECS {
        return Err(format!("was {} s ago: do the clocks agree?", now - exp));
    }
    let is_short = issued.is_none_or(|iat| exp > iat && exp - iat <= TOKEN_MAX_SECS);
    if !is_short || exp > now + TOKEN_MAX_SECS + LEEWAY_SECS {
        return Err(format!("must lie {TOKEN_MAX_SECS} s behind iat and in the future at most, and behind iat"));
    }
    Ok((exp, format!("in {} s", exp - now)))
}

/// Of an ID token: that it was made just now, and is good still. How long it is good is the provider's matter.
fn in_time(claims: &Map<String, Value>, issued: Option<i64>, now: i64) -> Found<i64> {
    let exp = time_in(claims, "exp")?.ok_or("is missing")?;
    if exp <= now - LEEWAY_SECS {
        return Err(format!("was {} s ago: do the clocks agree?", now - exp));
    }
    if issued.is_some_and(|iat| iat < now - TOKEN_MAX_SECS) {
        return Err(format!("iat lies more than {TOKEN_MAX_SECS} s back: do the clocks agree?"));
    }
    // no longer than nonces live, which it is known again by
    Ok((exp.min(now + TOKEN_MAX_SECS), format!("in {} s", exp - now)))
}

fn nonce_in(claims: &Map<String, Value>, expected: &str) -> Found<String> {
    match text_in(claims, "nonce")? {
        nonce if nonce == expected => Ok((nonce.to_owned(), "is that of who began".to_owned())),
        _ => Err("is not that of who began".to_owned()),
    }
}

/// Needed where others are named beside us (OpenID Connect Core 1.0, section 3.1.3.7, steps 4 and 5).
fn authorized_party(claims: &Map<String, Value>, expected: &str) -> Found<()> {
    let has_several = claims.get("aud").and_then(Value::as_array).is_some_and(|list| list.len() > 1);
    match claims.get("azp") {
        None if has_several => Err("is missing, and aud names several".to_owned()),
        None => Ok(((), "is absent, which is allowed".to_owned())),
        Some(azp) if azp == expected => Ok(((), expected.to_owned())),
        Some(other) => Err(format!("must be {expected}, and is {}", shown(other))),
    }
}

fn display_name(claims: &Map<String, Value>) -> Found<Option<DisplayName>> {
    let Some(value) = claims.get("name") else { return Ok((None, "is absent: the username is shown".to_owned())) };
    let text = value.as_str().ok_or_else(|| format!("must be a text, and is {}", shown(value)))?;
    Ok(match DisplayName::parse(text) {
        Ok(name) => {
            let says = name.as_str().to_owned();
            (Some(name), says)
        }
        Err(why) => (None, format!("is passed over: {why}")),
    })
}

fn verified(claims: &Map<String, Value>) -> Found<bool> {
    match claims.get("email_verified") {
        None => Ok((false, "is absent: as if it were false".to_owned())),
        Some(Value::Bool(is_verified)) => Ok((*is_verified, is_verified.to_string())),
        Some(other) => Err(format!("must be true or false, and is {}", shown(other))),
    }
}

fn email(claims: &Map<String, Value>, is_verified: bool) -> Found<Option<Email>> {
    let Some(value) = claims.get("email") else { return Ok((None, "is absent, which is allowed".to_owned())) };
    let text = value.as_str().ok_or_else(|| format!("must be a text, and is {}", shown(value)))?;
    Ok(match Email::parse(text) {
        Ok(email) if is_verified => {
            let says = email.as_str().to_owned();
            (Some(email), says)
        }
        Ok(_) => (None, "is passed over, since the issuer has not verified it".to_owned()),
        Err(why) => (None, format!("is passed over: {why}")),
    })
}

fn avatar(claims: &Map<String, Value>) -> Found<()> {
    match claims.get("avatar_url") {
        None => Ok(((), "is absent".to_owned())),
        Some(Value::String(_)) => Ok(((), "is passed over: pages show no pictures of people".to_owned())),
        Some(other) => Err(format!("must be a text, and is {}", shown(other))),
    }
}

fn names_in(claims: &Map<String, Value>, claim: &str) -> Found<Vec<String>> {
    let Some(value) = claims.get(claim) else { return Ok((Vec::new(), "is absent: as if it were empty".to_owned())) };
    let wrong = || format!("must be a list of {NAMED_MAX} texts at most, and is {}", shown(value));
    let list = value.as_array().filter(|list| list.len() <= NAMED_MAX).ok_or_else(wrong)?;
    let names: Option<Vec<String>> = list.iter().map(|name| name.as_str().map(str::to_owned)).collect();
    Ok((names.ok_or_else(wrong)?, shown(value)))
}

/// Which of them the site has is looked at later.
fn badges(claims: &Map<String, Value>) -> Found<Vec<String>> {
    let (names, says) = names_in(claims, "badges")?;
    Ok((names.into_iter().filter(|name| BadgeKey::parse(name).is_some()).collect(), says))
}

/// What the issuer may give of them is looked at later; what is no role of a site, such as `admin`, nobody may.
fn roles(claims: &Map<String, Value>) -> Found<Vec<SiteRole>> {
    let (names, says) = names_in(claims, "roles")?;
    let mut roles: Vec<SiteRole> = names.iter().filter_map(|name| SiteRole::parse(name)).collect();
    roles.sort_unstable();
    roles.dedup();
    let is_passed_over = names.iter().any(|name| SiteRole::parse(name).is_none());
    let says =
        if is_passed_over { format!("{says}: what is neither author nor moderator is passed over") } else { says };
    Ok((roles, says))
}

#[cfg(test)]
#[path = "claims_tests.rs"]
mod tests;
