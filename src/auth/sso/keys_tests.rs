use serde_json::{Map, Value, json};

use super::{
    keys::{KeyAlgorithm, KeysFault, PublicKeys, Secret, SigningKeys},
    token::Parts,
};

/// RFC 8037, appendix A.2.
const ED25519_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// RFC 7515, appendix A.3.1.
const P256_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const P256_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
/// RFC 7638, section 3.1.
const RSA_N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn6\
     4tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbIS\
     D08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

fn ed25519() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519_X})
}

fn p256() -> Value {
    json!({"kty": "EC", "crv": "P-256", "x": P256_X, "y": P256_Y})
}

fn rsa() -> Value {
    json!({"kty": "RSA", "n": RSA_N, "e": "AQAB"})
}

fn with(mut key: Value, more: Value) -> Value {
    key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    key
}

fn parse(keys: Value) -> Result<PublicKeys, KeysFault> {
    PublicKeys::parse(json!({ "keys": keys }).to_string().as_bytes())
}

fn parts<'t>(header: &Value, message: &'t str, signature: &'t str) -> Parts<'t> {
    Parts { header: header.as_object().unwrap().clone(), claims: Map::new(), message, signature }
}

#[test]
fn a_key_is_known_by_its_kind_and_thumbprint() {
    let keys = parse(json!([with(ed25519(), json!({"kid": "a"})), with(p256(), json!({"kid": "b"})), rsa()])).unwrap();
    let found: Vec<_> = keys.iter().map(|key| (key.kid.as_deref(), key.algorithm, key.thumbprint.as_str())).collect();
    assert_eq!(found[0], (Some("a"), KeyAlgorithm::EdDsa, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    assert_eq!((found[1].0, found[1].1), (Some("b"), KeyAlgorithm::Es256));
    assert_eq!(found[2], (None, KeyAlgorithm::Rs256, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    // a name is looked for among names, and none is given away for the lack of one
    assert_eq!(keys.find(Some("b")).unwrap().algorithm, KeyAlgorithm::Es256);
    assert!(keys.find(Some("c")).is_none() && keys.find(None).is_none());
    assert!(parse(json!([rsa()])).unwrap().find(None).is_some());
    assert!(parse(json!([rsa()])).unwrap().find(Some("a")).is_none());
}

#[test]
fn the_signatures_of_the_standards_are_right_and_others_are_not() {
    let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let (eddsa, es256) = (json!({"alg": "EdDSA"}), json!({"alg": "ES256"}));
    let keys = SigningKeys::Public(parse(json!([ed25519()])).unwrap());
    assert!(keys.have_signed(&parts(&eddsa, message, signature)));
    assert!(!keys.have_signed(&parts(&eddsa, &message[1..], signature)));
    assert!(!keys.have_signed(&parts(&eddsa, message, &signature[1..])));
    assert!(!keys.have_signed(&parts(&eddsa, message, "")));

    let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let keys = SigningKeys::Public(parse(json!([p256()])).unwrap());
    assert!(keys.have_signed(&parts(&es256, message, signature)));
    assert!(!keys.have_signed(&parts(&es256, &message[1..], signature)));
    // all zeros: no point is its own proof
    assert!(!keys.have_signed(&parts(&es256, message, &"A".repeat(86))));
    assert_eq!(keys.algorithm(&parts(&eddsa, message, signature)), Ok("ES256"));
    assert!(keys.algorithm(&parts(&json!({"kid": "x"}), message, signature)).is_err());
}

#[test]
fn keys_for_something_else_or_too_weak_are_refused() {
    let short_n = "AQ".repeat(60);
    for (key, why) in [
        (json!({}), "kty"),
        (json!({"kty": "oct"}), "kty"),
        (json!({"kty": "AKP"}), "kty"),
        (with(ed25519(), json!({"crv": "Ed448"})), "Ed25519"),
        (with(ed25519(), json!({"crv": "X25519"})), "Ed25519"),
        (with(ed25519(), json!({"x": "AAAA"})), "32 bytes"),
        (with(p256(), json!({"crv": "P-384"})), "P-256"),
        (with(p256(), json!({"crv": "secp256k1"})), "P-256"),
        (with(p256(), json!({"y": P256_X})), "no point"),
        (with(p256(), json!({"y": null})), "32 bytes"),
        (with(rsa(), json!({ "n": short_n })), "2048"),
        (with(rsa(), json!({"n": "A".repeat(400)})), "2048"),
        (with(rsa(), json!({"n": "_".repeat(1_400)})), "8192"),
        (with(rsa(), json!({"e": "AQ"})), "an e"),
        (with(rsa(), json!({"e": "AA"})), "an e"),
        (with(rsa(), json!({"e": "Ag"})), "an e"),
        (with(rsa(), json!({"e": 65_537})), "n and e"),
        (with(rsa(), json!({"use": "enc"})), "use"),
        (with(rsa(), json!({"use": null})), "use"),
        (with(rsa(), json!({"key_ops": ["sign"]})), "key_ops"),
        (with(rsa(), json!({"alg": "RS512"})), "alg"),
        (with(rsa(), json!({"alg": "ES256"})), "alg"),
        (with(rsa(), json!({"alg": "HS256"})), "alg"),
        (with(ed25519(), json!({"alg": "ES256"})), "alg"),
        (with(ed25519(), json!({"kid": 1})), "kid"),
        (with(ed25519(), json!({"kid": ""})), "kid"),
    ] {
        let fault = parse(json!([key])).unwrap_err().to_string();
        assert!(fault.contains(why), "{key}: {fault}");
        // where they stand among others they are left out of what is published
        let published = json!({"keys": [key, with(ed25519(), json!({"kid": "good"}))]}).to_string();
        let left = PublicKeys::parse_published(published.as_bytes()).unwrap();
        assert_eq!(left.iter().count(), 1, "{key}");
    }
    for more in
        [json!({"use": "sig"}), json!({"alg": "EdDSA"}), json!({"alg": "Ed25519"}), json!({"key_ops": ["verify"]})]
    {
        assert!(parse(json!([with(ed25519(), more.clone())])).is_ok(), "{more}");
    }
}

#[test]
fn a_document_with_anything_private_is_refused_whole() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let document = json!({"keys": [ed25519(), with(rsa(), json!({member: "AAAA"}))]}).to_string();
        for parsed in [PublicKeys::parse(document.as_bytes()), PublicKeys::parse_published(document.as_bytes())] {
            let fault = parsed.unwrap_err();
            assert_eq!(fault, KeysFault::Private(2), "{member}");
            assert!(!fault.to_string().contains("AAAA"));
        }
    }
}

#[test]
fn documents_have_bounds() {
    let named = |number: usize| with(ed25519(), json!({"kid": number.to_string()}));
    assert!(parse((0..20).map(named).collect()).is_ok());
    assert_eq!(parse((0..21).map(named).collect()).unwrap_err(), KeysFault::TooMany);
    assert_eq!(parse(json!([])).unwrap_err(), KeysFault::Nothing);
    assert_eq!(parse(json!([ed25519(), p256()])).unwrap_err(), KeysFault::SameKid(2));
    for text in ["", "[]", "{}", "null", r#"{"keys": {}}"#, r#"{"keys": [1]}"#, "\u{feff}{}"] {
        assert!(matches!(PublicKeys::parse(text.as_bytes()), Err(KeysFault::NoDocument)), "{text}");
    }
    let large = format!("{}{}", json!({"keys": [ed25519()]}), " ".repeat(64 * 1024));
    assert_eq!(PublicKeys::parse(large.as_bytes()).unwrap_err(), KeysFault::TooLarge);
}

#[test]
fn debug_shows_no_secret() {
    let keys = SigningKeys::Secrets(vec![Secret::new("s3cret".to_owned())]);
    assert!(!format!("{keys:?}").contains("s3cret"));
}
