//! The pages that mails about accounts lead to.

use actix_web::{HttpResponse, web};

use super::link_page;

/// Sends the token, with what else stands in the body, to an address of the API, and says what came of it.
macro_rules! script {
    ($path:literal, $more:literal, $done:literal) => {
        concat!(
            "const button=document.querySelector('button'),said=document.querySelector('p'),\
             typed=document.querySelector('input');\
             button.addEventListener('click',async()=>{button.disabled=true;try{\
             const answer=await fetch('../api/v1/",
            $path,
            "',{method:'POST',headers:{'Content-Type':'application/json'},\
             body:JSON.stringify({token:location.hash.slice(1)",
            $more,
            "})});\
             if(answer.ok){history.replaceState(null,'',location.pathname);said.textContent='",
            $done,
            "';button.remove();typed?.remove();return}\
             const problem=await answer.json();\
             if(problem.code==='invalid_code'){said.textContent='This link is not good, or not any more.';return}\
             said.textContent=problem.errors?.length?problem.errors.map(error=>error.detail).join('\\n'):\
             problem.detail??problem.title;button.disabled=false}catch{\
             said.textContent='That did not work. Please try again.';button.disabled=false}});"
        )
    };
}

const CONFIRM: &str = script!("email/confirmations", "", "The address is confirmed.");
const RESTORE: &str = script!(
    "email/restorations",
    "",
    "The address is the account\\u2019s again, and everybody is signed out. A mail tells you how to choose a new password."
);
const RESET: &str = script!(
    "password-resets/completion",
    ",new_password:typed.value",
    "The password is changed. Sign in with it where you read."
);

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/account/email", web::get().to(confirm))
        .route("/account/email-back", web::get().to(restore))
        .route("/account/password", web::get().to(reset));
}

async fn confirm() -> HttpResponse {
    let words = "Is this e-mail address yours, and the account that the mail names?";
    link_page::answer("Your e-mail address", words, "<button>Confirm</button>", CONFIRM)
}

async fn restore() -> HttpResponse {
    let words = "The address of your account was changed. Take it back if that was not you: everybody is signed out, and the \
                 password is void.";
    link_page::answer("Your former e-mail address", words, "<button>Take it back</button>", RESTORE)
}

async fn reset() -> HttpResponse {
    let words = "Choose a password of eight characters or more that you use nowhere else.";
    let controls = "<input type=\"password\" autocomplete=\"new-password\" aria-label=\"New password\" maxlength=\"256\">\
                    <button>Change the password</button>";
    link_page::answer("A new password", words, controls, RESET)
}
