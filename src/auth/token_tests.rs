use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const TTL: Duration = Duration::from_secs(600);

fn now() -> Timestamp {
    Timestamp::parse("2026-11-23T09:30:00Z").unwrap()
}

fn tokens() -> AccessTokens {
    AccessTokens::new(Keys::generate(&Random::system()), "https://comments.example".to_owned(), TTL)
}

fn proof() -> Proof {
    Proof { account_id: Random::system().id(now()), session_id: Random::system().id(now()) }
}

/// Signs any header and claims with the right key.
fn forge(tokens: &AccessTokens, change: impl FnOnce(&mut Header, &mut Value)) -> String {
    let key = tokens.keys.first();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.kid.clone());
    let secs = now().as_secs();
    let id = proof().account_id;
    let mut claims = json!({"iss": tokens.issuer, "aud": AUDIENCE, "sub": id, "sid": id, "jti": id,
        "iat": secs, "nbf": secs, "exp": secs + 600});
    change(&mut header, &mut claims);
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(key.secret())).unwrap()
}

#[test]
fn a_token_proves_its_session_until_it_runs_out() {
    let (tokens, proof) = (tokens(), proof());
    let token = tokens.issue(proof, now(), &Random::system());
    assert_eq!(tokens.verify(&token, now()), Some(proof));
    assert_eq!(tokens.verify(&token, now().plus(TTL + Duration::from_secs(29))), Some(proof));
    assert_eq!(tokens.verify(&token, now().plus(TTL + Duration::from_secs(31))), None);
    assert_eq!(tokens.verify(&token, now().minus(Duration::from_secs(60))), None);
}

#[test]
fn the_forger_itself_makes_valid_tokens() {
    let tokens = tokens();
    assert!(tokens.verify(&forge(&tokens, |_, _| ()), now()).is_some());
}

#[test]
fn every_claim_is_required_and_of_its_type() {
    let tokens = tokens();
    for claim in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
        let missing = forge(&tokens, |_, claims| {
            claims.as_object_mut().unwrap().remove(claim);
        });
        assert_eq!(tokens.verify(&missing, now()), None, "without {claim}");
        for wrong in [json!(null), json!([]), json!({}), json!(true), json!("x"), json!(1.5), json!(-1)] {
            let token = forge(&tokens, |_, claims| claims[claim] = wrong.clone());
            assert_eq!(tokens.verify(&token, now()), None, "{claim} = {wrong}");
        }
    }
}

#[test]
fn nothing_but_our_type_algorithm_and_keys_is_taken() {
    let tokens = tokens();
    let wrong: [fn(&mut Header); 6] = [
        |header| header.typ = Some("JWT".to_owned()),
        |header| header.typ = None,
        |header| header.kid = None,
        |header| header.kid = Some("../../etc/passwd".to_owned()),
        |header| header.alg = Algorithm::HS384,
        |header| header.crit = Some(vec!["exp".to_owned()]),
    ];
    for change in wrong {
        assert_eq!(tokens.verify(&forge(&tokens, |header, _| change(header)), now()), None);
    }
    let foreign = AccessTokens::new(Keys::generate(&Random::system()), tokens.issuer.clone(), TTL);
    assert_eq!(tokens.verify(&foreign.issue(proof(), now(), &Random::system()), now()), None);
    // nor where a header says that the key is found elsewhere, or brings it along
    let key = foreign.keys.first();
    let jwk = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode(key.secret()), "alg": "HS256", "kid": tokens.keys.first().kid});
    for more in [
        json!({"jku": "https://evil.example/keys"}),
        json!({"x5u": "https://evil.example/cert"}),
        json!({"jwk": jwk}),
        json!({"jku": "https://evil.example/keys", "kid": key.kid}),
        json!({"jwk": jwk, "kid": null}),
    ] {
        let token = forge(&foreign, |header, _| {
            let mut changed = serde_json::to_value(&*header).unwrap();
            changed["kid"] = json!(tokens.keys.first().kid);
            changed.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            *header = serde_json::from_value(changed).unwrap();
        });
        assert_eq!(tokens.verify(&token, now()), None, "{more}");
    }
}

#[test]
fn a_token_that_would_live_too_long_is_refused() {
    let tokens = tokens();
    let token = forge(&tokens, |_, claims| claims["exp"] = json!(now().as_secs() + 86_400));
    assert_eq!(tokens.verify(&token, now()), None);
    let token = forge(&tokens, |_, claims| claims["exp"] = json!(i64::MAX));
    assert_eq!(tokens.verify(&token, now()), None);
}

#[test]
fn texts_that_are_no_tokens_are_refused() {
    let tokens = tokens();
    let token = tokens.issue(proof(), now(), &Random::system());
    let (head, signature) = token.rsplit_once('.').unwrap();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
    let body = head.split('.').nth(1).unwrap();
    let texts = ["", ".", "..", "a.b.c", head, &format!("{head}."), &format!("{none}.{body}."), &"a.".repeat(50_000)];
    for text in texts {
        assert_eq!(tokens.verify(text, now()), None);
    }
    let mut other = signature.to_owned().into_bytes();
    other[0] = if other[0] == b'A' { b'B' } else { b'A' };
    assert_eq!(tokens.verify(&format!("{head}.{}", String::from_utf8(other).unwrap()), now()), None);
}

proptest! {
    #[test]
    fn no_bytes_but_our_own_are_a_token(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        parts in "[A-Za-z0-9_=-]{0,60}(\\.[A-Za-z0-9_=-]{0,60}){0,4}",
        place in 0usize..1_000,
        to in 0usize..65,
    ) {
        let tokens = tokens();
        for text in [&*String::from_utf8_lossy(&bytes), &parts] {
            prop_assert_eq!(tokens.verify(text, now()), None);
        }
        let token = tokens.issue(proof(), now(), &Random::system());
        // any one character another one
        let mut changed = token.clone().into_bytes();
        let place = place % changed.len();
        changed[place] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."[to];
        let changed = String::from_utf8(changed).unwrap();
        // the last character's lowest bits may be of no byte
        prop_assert!(changed == token || place + 1 == token.len() || tokens.verify(&changed, now()).is_none());
        // or cut anywhere
        prop_assert_eq!(tokens.verify(&token[..place], now()), None);
    }
}
