//! Tokens of forms: when a form was opened, signed. They prove nothing of who sends them, and may be used again; what comes back
//! too soon was filled in by a program.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use subtle::ConstantTimeEq;

use super::keys::{Keys, Purpose};
use crate::domain::{
    ids::SiteId,
    rules::form::{SOONEST, Sign},
    timestamp::Timestamp,
};

/// Bytes of its signature: it is worth little.
const SIGNATURE_BYTES: usize = 16;

/// A token for a form of this site that is opened now.
pub fn token(keys: &Keys, site: SiteId, now: Timestamp) -> String {
    let time = now.as_micros().to_be_bytes();
    let signature = keys.hash(Purpose::Form, &[site.0.as_bytes(), &time]);
    BASE64.encode([&time[..], &signature[..SIGNATURE_BYTES]].concat())
}

/// When the form with this token was opened; nothing for what is no token of this site's forms.
fn opened(keys: &Keys, site: SiteId, token: &str) -> Option<Timestamp> {
    let bytes = BASE64.decode(token).ok()?;
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    let parts: [&[u8]; 2] = [site.0.as_bytes(), time];
    let mut ours = keys.hashes(Purpose::Form, &parts);
    let is_ours = ours.any(|hash| hash[..SIGNATURE_BYTES].ct_eq(signature).into());
    is_ours.then(|| Timestamp::from_micros(i64::from_be_bytes(*time)))
}

/// What a form that came back tells.
pub fn look_at(keys: &Keys, site: SiteId, token: &str, trap: &str, now: Timestamp) -> Option<Sign> {
    if !trap.is_empty() {
        return Some(Sign::Trap);
    }
    let Some(opened) = opened(keys, site, token) else { return Some(Sign::Forged) };
    let after = if opened > now { Duration::ZERO } else { now.since(opened) };
    (after < SOONEST).then_some(Sign::TooSoon(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Random;

    #[test]
    fn a_form_tells_when_it_was_opened_by_every_key_and_only_on_its_site() {
        let (old, new) = (Keys::generate(&Random::system()), Keys::generate(&Random::system()));
        let (here, there) = (SiteId(uuid::Uuid::from_u128(1)), SiteId(uuid::Uuid::from_u128(2)));
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        let token = token(&old, here, now);
        assert_eq!(token.len(), 32);
        let signs = |keys: &Keys, site, token: &str, later| look_at(keys, site, token, "", now.plus(later));
        let secs = Duration::from_secs;
        assert_eq!(signs(&old, here, &token, secs(2)), None);
        assert_eq!(signs(&new.followed_by(&old), here, &token, secs(86_400)), None);
        assert_eq!(signs(&old, here, &token, secs(1)), Some(Sign::TooSoon(secs(1))));
        assert_eq!(look_at(&old, here, &token, "x", now.plus(secs(60))), Some(Sign::Trap));
        for (keys, site) in [(&new, here), (&old, there)] {
            assert_eq!(signs(keys, site, &token, secs(60)), Some(Sign::Forged));
        }
        let mut sooner = BASE64.decode(&token).unwrap();
        sooner[6] -= 1;
        for forged in ["", "x", "%", &BASE64.encode(&sooner), &token[..token.len() - 4], &format!("{token}AAAA")] {
            assert_eq!(signs(&old, here, forged, secs(60)), Some(Sign::Forged), "{forged}");
        }
    }
}
