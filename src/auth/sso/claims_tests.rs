use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;

use super::*;
use crate::auth::sso::keys::Secret;

const SECRET: &str = "a secret of thirty-two bytes or so";
const NOW: i64 = 1_800_000_000;
const EXPECTED: Expected<'_> =
    Expected { iss: "https://id.example", aud: "rejoinder", kind: Kind::Id { nonce: "of-who-began" } };

/// An ID token as it should be, with these claims in place of its own; null: without.
fn id_token(change: Value) -> String {
    let mut claims = json!({
        "iss": EXPECTED.iss, "aud": EXPECTED.aud, "sub": "4711", "nonce": "of-who-began", "iat": NOW - 5, "exp": NOW + 3_600,
        "name": "Ann", "email": "ann@example.org", "email_verified": true,
    });
    for (claim, value) in change.as_object().unwrap() {
        claims[claim] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    let message = [json!({"alg": "HS256"}), claims].map(|part| BASE64.encode(part.to_string())).join(".");
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", BASE64.encode(mac.finalize().into_bytes()))
}

fn examined(token: &str, expected: Expected<'_>) -> Examined {
    let keys = SigningKeys::Secrets(vec![Secret::new(SECRET.to_owned())]);
    examine(&Parts::parse(token).unwrap(), expected, Ok(&keys), Timestamp::from_micros(NOW * 1_000_000))
}

#[test]
fn an_id_token_is_for_who_began_and_known_again_by_that() {
    let claims = examined(&id_token(json!({})), EXPECTED).claims.unwrap();
    assert_eq!((claims.sub.as_str(), claims.jti.as_str()), ("4711", "of-who-began"));
    assert_eq!(claims.email.unwrap().as_str(), "ann@example.org");
    // no longer than anybody can come back with it
    assert_eq!(claims.useless_at, Timestamp::from_micros((NOW + TOKEN_MAX_SECS + LEEWAY_SECS) * 1_000_000));
    for right in [
        json!({"aud": ["rejoinder"]}),
        json!({"aud": ["rejoinder", "another"], "azp": "rejoinder"}),
        json!({"azp": "rejoinder"}),
        json!({"exp": NOW - 29, "iat": NOW - 300}),
        json!({"iat": NOW + 29}),
        json!({"jti": "of-its-own", "at_hash": "x"}),
    ] {
        assert!(examined(&id_token(right.clone()), EXPECTED).claims.is_some(), "{right}");
    }
}

#[test]
fn an_id_token_with_anything_wrong_is_none() {
    for (part, wrong) in [
        ("nonce", json!({"nonce": null})),
        ("nonce", json!({"nonce": "of-another"})),
        ("nonce", json!({"nonce": ["of-who-began"]})),
        ("iss", json!({"iss": "https://id.example/"})),
        ("aud", json!({"aud": "another"})),
        ("aud", json!({"aud": []})),
        ("aud", json!({"aud": ["rejoinder", 7], "azp": "rejoinder"})),
        ("azp", json!({"aud": ["rejoinder", "another"]})),
        ("azp", json!({"aud": ["rejoinder", "another"], "azp": "another"})),
        ("azp", json!({"azp": ["rejoinder"]})),
        ("sub", json!({"sub": null})),
        ("sub", json!({"sub": 4711})),
        ("exp", json!({"exp": null})),
        ("exp", json!({"exp": NOW - 30})),
        ("exp", json!({"exp": "3000-01-01"})),
        ("exp", json!({"iat": NOW - TOKEN_MAX_SECS - 1})),
        ("iat", json!({"iat": null})),
        ("iat", json!({"iat": NOW + 31})),
        ("nbf", json!({"nbf": NOW + 31})),
    ] {
        let found = examined(&id_token(wrong.clone()), EXPECTED);
        assert!(found.claims.is_none(), "{wrong}");
        let blamed: Vec<&str> = found.findings.iter().filter(|finding| !finding.is_right).map(|of| of.part).collect();
        assert_eq!(blamed, [part], "{wrong}");
    }
}

#[test]
fn neither_kind_of_token_is_taken_for_the_other() {
    // by the same keys: an ID token has no id of its own, and lives too long
    let of_site = Expected { kind: Kind::OfSite, ..EXPECTED };
    assert!(examined(&id_token(json!({})), of_site).claims.is_none());
    assert!(examined(&id_token(json!({"jti": "once"})), of_site).claims.is_none());
    let of_blog = id_token(json!({"jti": "once", "exp": NOW + 300, "nonce": null}));
    assert!(examined(&of_blog, of_site).claims.is_some());
    assert!(examined(&of_blog, EXPECTED).claims.is_none());
}
