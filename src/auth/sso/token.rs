//! A token's parts as they were sent; nothing of them is proven.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Map, Value};

use crate::domain::sso::{TOKEN_MAX_BYTES, is_name};

/// Header and claims of a JWS in compact form (RFC 7515, section 7.1), each a JSON object, and what was signed.
#[derive(Clone)]
pub struct Parts<'t> {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    /// Header and claims as they were signed.
    pub message: &'t str,
    pub signature: &'t str,
}

impl<'t> Parts<'t> {
    /// Takes a token apart; nothing if it is none.
    pub fn parse(token: &'t str) -> Option<Self> {
        if token.len() > TOKEN_MAX_BYTES {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        // a fourth part is no base64
        let (header, claims) = message.split_once('.')?;
        Some(Self { header: object(header)?, claims: object(claims)?, message, signature })
    }

    /// Who it says has issued it, if that can be a name at all.
    pub fn issuer(&self) -> Option<&str> {
        self.claims.get("iss")?.as_str().filter(|text| is_name(text))
    }

    /// Which of the issuer's keys it says has signed it.
    pub fn kid(&self) -> Option<&str> {
        self.header.get("kid")?.as_str()
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&BASE64.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.c2ln", BASE64.encode(header), BASE64.encode(claims))
    }

    #[test]
    fn a_token_has_three_parts_of_which_two_are_objects() {
        let whole = token(r#"{"alg":"HS256","kid":"a"}"#, r#"{"iss":"https://blog.example"}"#);
        let parts = Parts::parse(&whole).unwrap();
        assert_eq!((parts.issuer(), parts.kid()), (Some("https://blog.example"), Some("a")));
        assert_eq!((format!("{}.{}", parts.message, parts.signature), parts.signature), (whole.clone(), "c2ln"));
        let texts = [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            "a.b.c".to_owned(),
            whole.replacen('.', "", 1),
            format!("{whole}.c2ln"),
            format!(".{whole}"),
            whole.replacen('.', "=.", 1),
            token("[]", "{}"),
            token("{}", "null"),
            token("{}", &format!("{}{}", "[".repeat(300), "]".repeat(300))),
            ".".repeat(5_000),
            token("{}", &format!("{{\"a\":\"{}\"}}", "a".repeat(TOKEN_MAX_BYTES))),
        ];
        for text in texts {
            assert!(Parts::parse(&text).is_none(), "{}", &text[..text.len().min(60)]);
        }
    }

    #[test]
    fn nobody_is_looked_for_by_what_cannot_be_a_name() {
        for claims in
            ["{}", r#"{"iss":7}"#, r#"{"iss":null}"#, r#"{"iss":["a"]}"#, r#"{"iss":"a\u0000"}"#, r#"{"iss":""}"#]
        {
            assert_eq!(Parts::parse(&token("{}", claims)).unwrap().issuer(), None, "{claims}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken_apart_or_refused(text in "[a-zA-Z0-9_.=-]{0,200}") {
            if let Some(parts) = Parts::parse(&text) {
                prop_assert_eq!(format!("{}.{}", parts.message, parts.signature), text);
            }
        }
    }
}
