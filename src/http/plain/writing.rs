//! Writing a reply without script: a form, a look at what it will be, and posting it.
//!
//! A form may stand in another website's page, and what is sent from there does nothing but show what was written. What acts
//! is a second form, on a page of this service, with a sign that it was made for who sends it. Nobody keeps these pages.
//!
//! Who writes is known by a session of these pages alone, whose refresh token is in a cookie of this host: begun by a password
//! here, or by a token of the site, which a front end puts beside the form in its page.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use askama::Template;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use validator::Validate;

use super::{
    CSP, STYLE, address, refusal,
    refusals::told,
    rendered,
    words::{Language, Words},
};
use crate::{
    app::State,
    auth::{keys::Purpose, permission::Operation, session::Tokens, work},
    domain::{ids::*, reply_state::ReplyState, safe_html::SafeHtml},
    http::{
        body::{Form, Params},
        caller::{Caller, Guest},
        cookies::{self, SentAlong},
        idempotent::Once,
        pace,
        problem::{Code, Problem},
        replies::{self, Asked, CreateReply, FilledForm},
        sessions::{self, CreateSession},
        sso,
        stories::find_head_of_site,
        threads::find_shown,
        views::{ReplyView, shown_name},
    },
    security::tell,
    store::{accounts, stories::StoryHead},
};

const WRITE: &str = "/embed/{site}/{external_id}/reply";
const PREVIEW: &str = "/embed/{site}/{external_id}/preview";
const POST: &str = "/embed/{site}/{external_id}/post";
const SIGN_OUT: &str = "/embed/{site}/{external_id}/sign-out";

/// Addresses that forms are sent to.
pub(super) const SENT_TO: [&str; 3] = [PREVIEW, POST, SIGN_OUT];

/// The cookie's name.
const COOKIE: &str = "rejoinder-plain";

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route(WRITE, web::get().to(show_form))
        .route(PREVIEW, web::post().to(preview))
        .route(POST, web::post().to(post))
        .route(SIGN_OUT, web::post().to(sign_out));
}

/// What is written, with all that goes along with it from form to form.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
struct Draft {
    /// The reply that is answered; none: the commentary.
    to: Option<ReplyId>,
    body: String,
    lang: Language,
    /// A token of the site, for who has signed in there.
    #[validate(length(max = 8_192))]
    token: Option<String>,
    /// Made with the form, so that it posts once.
    #[validate(length(max = 64))]
    key: Option<String>,
    /// Signs that the form was made for this session.
    #[validate(length(max = 64))]
    proof: Option<String>,
    /// What nobody sees, and programs fill in.
    #[validate(length(max = 1_000))]
    website: String,
    #[validate(length(max = 254))]
    identifier: Option<String>,
    #[validate(length(max = 256))]
    password: Option<String>,
    #[validate(length(max = 40))]
    code: Option<String>,
}

/// Which reply is answered.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct ShowForm {
    to: Option<ReplyId>,
    #[serde(default)]
    lang: Language,
}

/// A page on the way of a reply.
#[derive(Template)]
#[template(path = "plain/writing.html")]
struct Writing<'a> {
    style: &'static str,
    words: &'static Words,
    language: Language,
    address: &'a str,
    headline: &'a str,
    parent: Option<ReplyView>,
    /// What is to be known first.
    said: Option<String>,
    draft: &'a Draft,
    step: Step<'a>,
}

/// What a page is there for.
enum Step<'a> {
    /// To write.
    Write,
    /// To come from another website's page to one of ours, where the browser sends its cookie along.
    GoOn,
    /// To look at it, and to post it.
    Post { html: SafeHtml, reader: Option<&'a Reader>, key: String },
    /// To know what became of it.
    Posted { html: SafeHtml },
    /// Nothing more.
    Done,
}

/// Who has a session of these pages.
struct Reader {
    name: String,
    /// Stands in forms that act for him.
    proof: String,
    tokens: Tokens,
}

impl Reader {
    async fn of(state: &State, tokens: Tokens) -> Result<Self, Problem> {
        let (id, now) = (tokens.account_id, state.clock.now());
        let account = state.db.read(move |conn| Ok::<_, Problem>(accounts::find(conn, id)?)).await?;
        let account = account.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
        let shown = state.sessions.access.verify(&tokens.access_token, now);
        let session = shown.ok_or_else(|| Problem::new(Code::Unauthenticated))?.session_id;
        let proof = BASE64.encode(state.keys.hash(Purpose::PlainForm, &[session.0.as_bytes()]));
        Ok(Self { name: shown_name(account.display_name, account.username.as_deref()), proof, tokens })
    }

    /// Who has the session that the browser keeps.
    async fn kept(state: &State, request: &HttpRequest) -> Result<Option<Self>, Problem> {
        let Some(token) = cookies::find(state, request, COOKIE) else { return Ok(None) };
        match sessions::refresh(state.clone(), token).await {
            Ok(tokens) => Self::of(state, tokens).await.map(Some),
            Err(problem) if problem.code() == Code::InvalidRefreshToken => Ok(None),
            Err(problem) => Err(problem),
        }
    }
}

/// A request about one discussion.
struct Visit {
    state: State,
    request: HttpRequest,
    head: StoryHead,
    address: String,
}

impl Visit {
    /// Finds the discussion: before a token is spent whose successor the answer has to bring.
    async fn begin(state: State, request: HttpRequest, path: web::Path<(String, String)>) -> Result<Self, Problem> {
        let (site, external_id) = path.into_inner();
        let address = address(state.config.home(), &site, &external_id);
        let head = state.db.read(move |conn| find_head_of_site(conn, &site, &external_id)).await?;
        Ok(Self { state, request, head, address })
    }

    /// Somebody whom nobody knows yet, about to do this.
    fn guest(&self, operation: Operation) -> Result<Guest, Problem> {
        pace::count_as(&self.request, operation);
        Guest::of_form(&self.request)
    }

    /// The reply that is answered.
    async fn parent(&self, draft: &Draft) -> Result<Option<ReplyView>, Problem> {
        let Some(id) = draft.to else { return Ok(None) };
        let (reply, of) = self.state.db.read(move |conn| find_shown(conn, id)).await?;
        if of.story.id == self.head.story.id { Ok(Some(reply.into())) } else { Err(Problem::new(Code::NotFound)) }
    }

    /// The page, for who may have a session by now.
    async fn page(
        &self,
        draft: &Draft,
        (said, step): (Option<String>, Step<'_>),
        reader: Option<&Reader>,
    ) -> Result<HttpResponse, Problem> {
        let page = rendered(&Writing {
            style: STYLE,
            words: draft.lang.words(),
            language: draft.lang,
            address: &self.address,
            headline: &self.head.story.headline,
            parent: self.parent(draft).await?,
            said,
            draft,
            step,
        })?;
        let mut response = HttpResponse::Ok();
        response
            .insert_header((header::CONTENT_SECURITY_POLICY, CSP.clone()))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .content_type("text/html; charset=utf-8");
        if let Some(reader) = reader {
            let secs = self.state.sessions.idle_ttl.as_secs();
            response.insert_header((header::SET_COOKIE, self.cookie(&reader.tokens.refresh_token, secs)));
        }
        Ok(response.body(page))
    }

    fn cookie(&self, value: &str, secs: u64) -> String {
        cookies::set(&self.state, (COOKIE, value), secs, SentAlong::OfOwnSite)
    }

    /// What is to be posted, once more looked at.
    async fn look(
        &self,
        draft: &Draft,
        said: Option<String>,
        reader: Option<&Reader>,
    ) -> Result<HttpResponse, Problem> {
        match replies::rendered(draft.body.clone(), &self.state.config.limits).await {
            Ok((body, _)) => {
                let random = &self.state.random;
                let key = draft.key.clone().unwrap_or_else(|| BASE64.encode(random.bytes::<16>()));
                self.page(draft, (said, Step::Post { html: body.html, reader, key }), reader).await
            }
            Err(problem) => self.page(draft, (Some(told(draft.lang, &problem)), Step::Write), reader).await,
        }
    }

    /// Where the browser says that the request is from; without a word it may be from anywhere.
    fn is_from(&self, place: &str) -> Option<bool> {
        let value = self.request.headers().get("sec-fetch-site")?;
        Some(value.as_bytes() == place.as_bytes())
    }

    /// The origin of the page that sends it, where the browser tells.
    fn origin(&self) -> Option<&[u8]> {
        let origin = self.request.headers().get(header::ORIGIN).map(HeaderValue::as_bytes);
        origin.filter(|origin| *origin != b"null")
    }

    fn is_own(&self, origin: &[u8]) -> bool {
        origin == self.state.config.public_url.origin().ascii_serialization().as_bytes()
    }

    /// Refuses what other websites' pages send: by what browsers say of it, where they say something.
    fn check_own(&self) -> Result<(), Problem> {
        let is_own =
            self.is_from("same-origin").unwrap_or(true) && self.origin().is_none_or(|origin| self.is_own(origin));
        if is_own { Ok(()) } else { Err(refused()) }
    }

    /// Refuses tokens that pages send which are none of the site's: nobody is to find himself signed on as another.
    fn check_sites(&self) -> Result<(), Problem> {
        let origins = &self.head.site.allowed_origins.0;
        let is_sites = |origin: &[u8]| origins.iter().any(|listed| listed.as_bytes() == origin);
        match self.origin() {
            Some(origin) if !self.is_own(origin) && !is_sites(origin) => Err(refused()),
            _ => Ok(()),
        }
    }
}

fn refused() -> Problem {
    tell!(OriginRefused);
    Problem::new(Code::OriginNotAllowed)
}

async fn show_form(
    state: State,
    path: web::Path<(String, String)>,
    query: Result<Params<ShowForm>, Problem>,
    request: HttpRequest,
) -> HttpResponse {
    let language = Language::asked(&request);
    let page = async {
        let Params(ShowForm { to, lang }) = query?;
        let visit = Visit::begin(state, request, path).await?;
        visit.page(&Draft { to, lang, ..Draft::default() }, (None, Step::Write), None).await
    };
    page.await.unwrap_or_else(|problem| refusal(&problem, language))
}

/// Shows what was written as it will be, to who wrote it wherever the form stood.
async fn preview(
    state: State,
    path: web::Path<(String, String)>,
    draft: Result<Form<Draft>, Problem>,
    request: HttpRequest,
) -> HttpResponse {
    let language = draft.as_ref().map_or_else(|_| Language::asked(&request), |Form(draft)| draft.lang);
    let page = async {
        let Form(mut draft) = draft?;
        let visit = Visit::begin(state, request, path).await?;
        let guest = visit.guest(Operation::PreviewReply)?;
        let token = draft.token.take();
        if token.is_none() && visit.is_from("cross-site") == Some(true) {
            return visit.page(&draft, (None, Step::GoOn), None).await;
        }
        let begun = match token {
            Some(token) => {
                visit.check_sites()?;
                let site = visit.head.site.key.clone();
                match sso::begin_by_token(&visit.state, &guest, site, &token).await {
                    Ok(tokens) => Some(Reader::of(&visit.state, tokens).await?),
                    // he may still sign in here
                    Err(problem) if problem.code() == Code::InvalidSsoToken => None,
                    Err(problem) => return Err(problem),
                }
            }
            None => Reader::kept(&visit.state, &visit.request).await?,
        };
        visit.look(&draft, None, begun.as_ref()).await
    };
    page.await.unwrap_or_else(|problem| refusal(&problem, language))
}

/// Posts what was looked at; what fails is said above it, and nothing that was typed is lost.
async fn post(
    state: State,
    path: web::Path<(String, String)>,
    draft: Result<Form<Draft>, Problem>,
    request: HttpRequest,
) -> HttpResponse {
    let language = draft.as_ref().map_or_else(|_| Language::asked(&request), |Form(draft)| draft.lang);
    let page = async {
        let Form(mut draft) = draft?;
        let visit = Visit::begin(state, request, path).await?;
        visit.check_own()?;
        let shown = draft.identifier.take().zip(draft.password.take());
        let code = draft.code.take().map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
        let reader = match shown {
            Some((identifier, password)) => {
                let guest = visit.guest(Operation::CreateSession)?;
                match sessions::sign_in(&visit.state, &guest, CreateSession { identifier, password, code }).await {
                    Ok(tokens) => Reader::of(&visit.state, tokens).await?,
                    Err(problem) => return visit.look(&draft, Some(told(draft.lang, &problem)), None).await,
                }
            }
            None => {
                visit.guest(Operation::RefreshSession)?;
                match Reader::kept(&visit.state, &visit.request).await? {
                    Some(reader) if reader.is_meant(&draft) => reader,
                    other => return visit.look(&draft, None, other.as_ref()).await,
                }
            }
        };
        match send(&visit, &draft, &reader).await {
            Ok((view, words)) => {
                visit.page(&draft, (Some(words.to_owned()), Step::Posted { html: view }), Some(&reader)).await
            }
            Err(problem) => {
                let words = draft.lang.words();
                let said = match problem.code() {
                    Code::WorkNeeded => words.needs_script.to_owned(),
                    _ => told(draft.lang, &problem),
                };
                visit.look(&draft, Some(said), Some(&reader)).await
            }
        }
    };
    page.await.unwrap_or_else(|problem| refusal(&problem, language))
}

impl Reader {
    /// Whether a form was made for this session.
    fn is_meant(&self, draft: &Draft) -> bool {
        draft.proof.as_ref().is_some_and(|proof| proof.as_bytes().ct_eq(self.proof.as_bytes()).into())
    }
}

/// Posts it as whoever has the session; its HTML, and what is to be said of it.
async fn send(visit: &Visit, draft: &Draft, reader: &Reader) -> Result<(SafeHtml, &'static str), Problem> {
    let state = &visit.state;
    pace::count_as(&visit.request, Operation::CreateReply);
    let caller = Caller::of_token(&reader.tokens.access_token, &visit.request)?;
    let trap = draft.website.clone();
    let reply = CreateReply {
        parent_id: draft.to,
        body: draft.body.replace("\r\n", "\n"),
        // when the form was opened is not looked at: it may have stood in a page that is kept for long
        form: (!trap.is_empty()).then(|| FilledForm { token: String::new(), trap }),
    };
    let mut hash = Sha256::new();
    hash.update(draft.to.map(|id| id.to_string()).unwrap_or_default());
    hash.update([0]);
    hash.update(&reply.body);
    let key = draft.key.clone().filter(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()));
    let key = key.ok_or_else(|| Problem::field("/key", "is missing"))?;
    let asked = Asked { story: visit.head.story.id, reply, hash: hash.finalize().into(), shown: work::Shown::Nothing };
    let (_, view) = replies::post(state.clone(), caller, Once::by(key, state), asked).await?;
    let words = draft.lang.words();
    let said = match view.reply.state {
        ReplyState::Approved => words.is_public,
        ReplyState::Rejected | ReplyState::Spam => words.refused,
        _ => words.waits,
    };
    Ok((view.reply.body_html, said))
}

/// Ends the session of these pages in this browser.
async fn sign_out(
    state: State,
    path: web::Path<(String, String)>,
    draft: Result<Form<Draft>, Problem>,
    request: HttpRequest,
) -> HttpResponse {
    let language = draft.as_ref().map_or_else(|_| Language::asked(&request), |Form(draft)| draft.lang);
    let page = async {
        let Form(draft) = draft?;
        let visit = Visit::begin(state, request, path).await?;
        visit.check_own()?;
        visit.guest(Operation::DeleteSession)?;
        let reader = Reader::kept(&visit.state, &visit.request).await?;
        if let Some(reader) = reader {
            if !reader.is_meant(&draft) {
                return visit.look(&draft, None, Some(&reader)).await;
            }
            let caller = Caller::of_token(&reader.tokens.access_token, &visit.request)?;
            sessions::sign_out(&visit.state, caller).await?;
        }
        let said = Some(draft.lang.words().signed_out.to_owned());
        let step = if draft.body.is_empty() { Step::Done } else { Step::Write };
        let mut page = visit.page(&draft, (said, step), None).await?;
        let forgetting = HeaderValue::try_from(visit.cookie("", 0)).expect("a name is visible ASCII");
        page.headers_mut().insert(header::SET_COOKIE, forgetting);
        Ok(page)
    };
    page.await.unwrap_or_else(|problem| refusal(&problem, language))
}
