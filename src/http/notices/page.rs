//! The page that a guest's link leads to. It is the same for all: the token stands behind the `#` and goes to the API
//! when somebody presses the button, not when a program looks at what is linked in a mail.

use actix_web::{HttpResponse, http::header, web};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

const STYLE: &str = "body{font:1.05rem/1.6 Georgia,serif;max-width:40rem;margin:3rem auto;padding:0 1rem}\
p{white-space:pre-line}";

const SCRIPT: &str = "const button=document.querySelector('button'),said=document.querySelector('p');\
button.addEventListener('click',async()=>{button.disabled=true;try{\
const answer=await fetch('../api/v1/notices/confirmations',{method:'POST',\
headers:{'Content-Type':'application/json'},body:JSON.stringify({token:location.hash.slice(1)})});\
const notice=await answer.json();\
if(answer.status===404){said.textContent='This link is not known, or not any more.';return}\
if(!answer.ok){said.textContent=notice.title;button.disabled=false;return}\
const lines=['Your notice was received. Its reference: '+notice.reference];\
if(notice.decision){lines.push(notice.decision.outcome==='removed'?'The reply was removed.':'The reply was kept.',\
notice.decision.reasons)}else{lines.push('A moderator will decide about it, and you will be written.')}\
said.textContent=lines.join('\\n')}catch{said.textContent='That did not work. Please try again.';\
button.disabled=false}});";

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route("/notices/confirm", web::get().to(show));
}

async fn show() -> HttpResponse {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Your notice</title><style>{STYLE}</style>\
         <h1>Your notice</h1><p>You gave notice that a reply is illegal. Confirm it, or see what became of it.</p>\
         <button>Confirm</button><script>{SCRIPT}</script></html>"
    );
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let csp = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; connect-src 'self'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, csp))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .content_type("text/html; charset=utf-8")
        .body(page)
}
