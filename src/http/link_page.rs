//! Pages that mailed links lead to. Each is the same for all: the token stands behind the `#`, which browsers send to nobody,
//! and goes to the API when somebody presses the button, not when a program looks at what is linked in a mail.

use actix_web::{HttpResponse, http::header};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

const STYLE: &str = "body{font:1.05rem/1.6 Georgia,serif;max-width:40rem;margin:3rem auto;padding:0 1rem}\
p{white-space:pre-line}input{font:inherit;display:block;margin:0 0 1rem;width:100%;max-width:22rem}";

/// A page of these words, of ours alone, whose script finds its button and its one paragraph.
pub(super) fn answer(title: &str, words: &str, controls: &str, script: &str) -> HttpResponse {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style>\
         <main><h1>{title}</h1><p>{words}</p>{controls}</main><script>{script}</script></html>"
    );
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let csp = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; connect-src 'self'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        hash(script),
        hash(STYLE)
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, csp))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .content_type("text/html; charset=utf-8")
        .body(page)
}
