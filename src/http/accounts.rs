//! Signing up, and what everybody sees of an account.

use actix_web::{HttpResponse, get, http::header, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::{Body, Params},
    caller::Guest,
    keeping::Keeping,
    off_thread::off_thread,
    page::{Page, Paging},
    problem::{Code, Problem},
    public::{PublicPage, Reader},
    sessions::TokensView,
    views::{ReplyView, shown_name},
    work::{self, Solution},
};
use crate::{
    app::State,
    auth::{
        limits::{self, Subject},
        session::Beginning,
        work::Errand,
    },
    domain::{email::Email, ids::*, job::Lane, password::NewPassword, timestamp::Timestamp, username::Username},
    proving::{self, Occasion},
    security::tell,
    store::{
        Conn,
        accounts::{self, Account, NameOutcome},
        pages,
        sites::{self, SiteWords},
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(create_account).service(show_account).service(list_account_replies);
}

/// A new account.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// Never shown to anybody but its owner and admins.
    #[validate(length(min = 1, max = 254))]
    #[schema(min_length = 1, max_length = 254, examples("ann@example.org"))]
    pub email: String,
    /// 3 to 30 letters and digits of one script, `_` and `-`.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100, examples("ann"))]
    pub username: String,
    /// 8 to 256 characters; the commonest ones and those with one's own name are refused.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub password: String,
}

/// What everybody sees of an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// Null for a closed account.
    pub username: Option<String>,
    /// The name to be shown.
    pub display_name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A password that is good enough for the account of this name and e-mail.
pub fn new_password(
    pointer: &str,
    typed: &str,
    email: Option<&Email>,
    username: &str,
    words: &[SiteWords],
) -> Result<NewPassword, Problem> {
    let mut context: Vec<&str> = words.iter().flat_map(|site| [site.key.as_str(), site.name.as_str()]).collect();
    context.push(username);
    context.extend(email.map(Email::local_part));
    NewPassword::parse(typed, &context).map_err(|error| Problem::field(pointer, error))
}

/// Refuses a name that a site reserves.
pub(super) fn refuse_reserved(username: &Username, words: &[SiteWords]) -> Result<(), Problem> {
    match username.is_reserved(words.iter().flat_map(|site| &site.reserved_keys.0)) {
        true => Err(Problem::field("/username", "this name is reserved")),
        false => Ok(()),
    }
}

/// Counts a try at signing up, whatever comes of it, and takes what work it shows: a try is what is dear.
async fn count_sign_up(state: &State, guest: &Guest, solution: Solution, now: Timestamp) -> Result<(), Problem> {
    let shown = solution.look_at(state, now).await?;
    let (db, state, address) = (state.db.clone(), state.clone(), guest.address);
    db.write(move |conn| {
        let context = (&state.keys, &state.config.limits, &state.random);
        limits::count(conn, &[Subject::SignUpAddress(address)], context, now)??;
        work::check(conn, &state, &shown, Errand::SignUp, None)
    })
    .await
}

/// Sign up
///
/// The new account is signed in, by its username from then on too. A mail asks to confirm the address; until that is done it
/// belongs to nobody and signs nobody in. The answer is the same where another account has the address: then its owner is
/// written. While many sign up, each try takes a solved challenge.
#[utoipa::path(request_body = CreateAccount, tag = "accounts", params(("Altcha" = Option<String>, Header), ("Rejoinder-Refresh" = Option<String>, Header)), responses((status = 201, body = TokensView, headers(("Location" = String)))))]
#[post("/api/v1/accounts")]
pub async fn create_account(
    guest: Guest,
    state: State,
    keeping: Keeping,
    solution: Solution,
    body: Body<CreateAccount>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let CreateAccount { email, username, password } = body.value;
    let email = Email::parse(&email).map_err(|error| Problem::field("/email", error))?;
    let username = Username::parse(&username).map_err(|error| Problem::field("/username", error))?;
    count_sign_up(&state, &guest, solution, now).await?;
    let words = state.db.read(|conn| Ok::<_, Problem>(sites::list_words(conn)?)).await?;
    let password = {
        let (email, username) = (email.clone(), username.clone());
        off_thread(move || {
            refuse_reserved(&username, &words)?;
            new_password("/password", &password, Some(&email), username.as_str(), &words)
        })
        .await?
    };
    let hash = state.hasher.hash(password.expose().to_owned()).await?;
    let beginning = guest.begins(&state, Beginning::by_password());
    let (db, jobs) = (state.db.clone(), state.clone());
    let tokens = db
        .write(move |conn| {
            let may_mail = proving::may_mail(conn, &state, &email, now)?;
            let account = Account {
                password_hash: Some(hash.clone()),
                claimed_email: Some(email.as_str().to_owned()),
                ..Account::new(state.random.id(now), None, &username, now)
            };
            if accounts::insert(conn, &account)? != NameOutcome::Stored {
                return Err(Problem::new(Code::UsernameTaken));
            }
            if may_mail {
                let (of, to) = ((account.id, username.as_str()), (&email, Occasion::SignUp));
                proving::send_confirmation(conn, &state, of, to, now)?;
            }
            Ok(state.sessions.begin(conn, account.id, beginning.clone(), now)?)
        })
        .await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    tell!(SignedUp, account = %tokens.account_id);
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/api/v1/accounts/{}", tokens.account_id)));
    Ok(keeping.created_by(response, tokens))
}

fn find_account(conn: &mut Conn<'_>, id: AccountId) -> Result<Account, Problem> {
    accounts::find(conn, id)?.ok_or_else(|| Problem::new(Code::NotFound))
}

/// Show an account
#[utoipa::path(tag = "accounts", responses((status = 200, body = AccountView)))]
#[get("/api/v1/accounts/{account_id}")]
pub async fn show_account(reader: Reader, state: State, id: web::Path<AccountId>) -> Result<PublicPage, Problem> {
    let account = state.db.read(move |conn| find_account(conn, *id)).await?;
    Ok(reader.hashed(&AccountView {
        id: account.id,
        display_name: shown_name(account.display_name, account.username.as_deref()),
        username: account.username,
        created_at: account.created_at,
    }))
}

/// List an account's public replies
///
/// On all sites, the newest first.
#[utoipa::path(tag = "accounts", params(Paging), responses((status = 200, body = Page<ReplyView>)))]
#[get("/api/v1/accounts/{account_id}/replies")]
pub async fn list_account_replies(
    reader: Reader,
    state: State,
    id: web::Path<AccountId>,
    Params(paging): Params<Paging>,
) -> Result<PublicPage, Problem> {
    let db = state.db.clone();
    db.read(move |conn| {
        let account = find_account(conn, *id)?;
        let scope = format!("account-replies/{}", account.id);
        let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = pages::list_newest_of_author(conn, account.id, before, paging.rows())?;
        let cursor = |last: &pages::ShownReply| state.cursors.seal(&scope, (last.created_at, last.id));
        Ok(reader.hashed(&Page::of_texts(rows, paging.limit(), cursor, ReplyView::from)))
    })
    .await
}
