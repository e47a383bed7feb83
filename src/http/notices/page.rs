//! The page that a guest's link leads to.

use actix_web::{HttpResponse, web};

use crate::http::link_page;

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
    let words = "You gave notice that a reply is illegal. Confirm it, or see what became of it.";
    link_page::answer("Your notice", words, "<button>Confirm</button>", SCRIPT)
}
