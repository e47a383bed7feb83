//! A story's discussion as plain pages of HTML: for browsers without script, for programs that read pages, and in a form that
//! front ends put into their own pages at their server.
//!
//! The pages are public reads like the API's ([`super::public`]): the same bytes for everybody, cached, with a strong tag.
//! What somebody writes goes another way ([`writing`]), whose pages nobody keeps.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse, Responder, ResponseError,
    http::header::{self, HeaderValue},
    web,
};
use askama::Template;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use validator::Validate;

use self::{
    nesting::Nested,
    view::Shown,
    words::{Language, Words},
};
use super::{
    address::segment,
    body::Params,
    problem::{Code, Problem},
    public::{
        PublicPage, Reader,
        media::Media,
        page::Made,
        query::{Context, PublicQuery},
    },
    stories::find_head_of_site,
    threads::{Bounds, SortParam, Surroundings, Threads, below_place, find_shown},
};
use crate::{
    app::State,
    domain::ids::*,
    store::{Conn, pages::Sort, stories::StoryHead, story_urls},
};

mod linked_data;
mod nesting;
mod refusals;
mod view;
mod words;
mod writing;

/// What these pages look like.
const STYLE: &str = include_str!("../../templates/plain/style.css");

/// All that they do: their one style, and a form that goes to this service. What JSON-LD says is no script that runs.
pub static CSP: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    HeaderValue::try_from(policy).expect("a policy is visible ASCII")
});

/// Where a discussion is, and where one of its replies is.
const DISCUSSION: &str = "/embed/{site}/{external_id}";
const REPLY: &str = "/embed/{site}/{external_id}/replies/{reply_id}";

/// Threads of a page, and replies of each; with the first ones as many as the API's pages hold.
const THREADS: u32 = 50;
const EACH: u32 = 9;
/// Replies below one that is looked at by itself.
const BELOW: usize = 100;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route(DISCUSSION, web::get().to(show_discussion)).route(REPLY, web::get().to(show_reply));
    writing::routes(config);
}

/// What addresses of these pages are sent to, which are not only read.
pub(crate) fn is_sent_to(pattern: &str) -> bool {
    writing::SENT_TO.contains(&pattern)
}

/// Which page, and how.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct ShowPlain {
    /// The order of threads.
    #[serde(default)]
    sort: SortParam,
    /// Where the page begins, as the page before says.
    #[validate(length(max = 800))]
    cursor: Option<String>,
    /// The language of the page's own words.
    #[serde(default)]
    lang: Language,
    /// Whether it is to stand in another page: the discussion alone, without a page's head and looks.
    #[serde(default)]
    fragment: bool,
}

/// A page of a discussion.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PlainQuery {
    site: String,
    external_id: String,
    sort: Sort,
    /// The reply that is looked at by itself.
    reply: Option<ReplyId>,
    cursor: Option<String>,
    language: Language,
    is_fragment: bool,
}

async fn show_discussion(
    reader: Reader,
    state: State,
    path: web::Path<(String, String)>,
    query: Result<Params<ShowPlain>, Problem>,
    request: HttpRequest,
) -> HttpResponse {
    let (site, external_id) = path.into_inner();
    show(reader, state, (site, external_id, None), query, &request).await
}

async fn show_reply(
    reader: Reader,
    state: State,
    path: web::Path<(String, String, ReplyId)>,
    query: Result<Params<ShowPlain>, Problem>,
    request: HttpRequest,
) -> HttpResponse {
    let (site, external_id, reply) = path.into_inner();
    show(reader, state, (site, external_id, Some(reply)), query, &request).await
}

async fn show(
    reader: Reader,
    state: State,
    (site, external_id, reply): (String, String, Option<ReplyId>),
    query: Result<Params<ShowPlain>, Problem>,
    request: &HttpRequest,
) -> HttpResponse {
    let page: Result<PublicPage, Problem> = async {
        let Params(ShowPlain { sort, cursor, lang, fragment }) = query?;
        let asked =
            PlainQuery { site, external_id, sort: sort.into(), reply, cursor, language: lang, is_fragment: fragment };
        state.pages.answer(&state, reader, PublicQuery::Plain(Box::new(asked)), None).await
    }
    .await;
    match page {
        Ok(page) => page.respond_to(request),
        Err(problem) => refusal(&problem, Language::asked(request)),
    }
}

/// The page of a problem: what went wrong, for people.
#[derive(Template)]
#[template(path = "plain/refusal.html")]
struct Refusal<'a> {
    style: &'static str,
    language: Language,
    title: &'a str,
    /// In English, which has more to say.
    told: Option<&'a str>,
}

/// A problem as a page, with all that its answer says otherwise.
fn refusal(problem: &Problem, language: Language) -> HttpResponse {
    let told = refusals::told(language, problem);
    let (title, told) = match language {
        Language::En => (problem.code().title(), Some(told.as_str())),
        _ => (told.as_str(), None),
    };
    let page = Refusal { style: STYLE, language, title, told };
    let mut response = problem.error_response().map_into_boxed_body();
    response.headers_mut().remove(header::WWW_AUTHENTICATE);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, CSP.clone());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.set_body(actix_web::body::BoxBody::new(rendered(&page).unwrap_or_default()))
}

/// A template's text.
fn rendered(template: &impl Template) -> Result<String, Problem> {
    template.render().map_err(|cause| Problem::new(Code::Internal).caused_by(cause))
}

/// The address of a story's discussion.
fn address(home: &str, site: &str, external_id: &str) -> String {
    format!("{home}/embed/{}/{}", segment(site), segment(external_id))
}

/// A page of a discussion.
#[derive(Template)]
#[template(path = "plain/discussion.html")]
struct Discussion<'a> {
    style: &'static str,
    words: &'static Words,
    language: Language,
    is_fragment: bool,
    /// Where the discussion is.
    address: &'a str,
    headline: &'a str,
    /// Where the story is.
    story_url: Option<&'a str>,
    site: &'a str,
    /// What is replied to.
    label: Option<&'a str>,
    count: i64,
    is_closed: bool,
    is_of_one_reply: bool,
    sort: Sort,
    ancestors_left_out: usize,
    replies: Nested<Shown>,
    next: Option<String>,
    linked_data: String,
}

impl Discussion<'_> {
    /// The address of the first page in another order.
    fn in_order(&self, name: &str) -> String {
        format!("{}?sort={name}{}", self.address, self.language.parameter())
    }

    fn is_in_order(&self, name: &str) -> bool {
        name == order(self.sort)
    }

    /// Orders as addresses name them, with their words.
    fn orders(&self) -> Vec<(&'static str, &'static str)> {
        let words = self.words;
        let of = |sort, word| (order(sort), word);
        vec![of(Sort::Newest, words.newest), of(Sort::Oldest, words.oldest), of(Sort::Top, words.top)]
    }
}

fn order(sort: Sort) -> &'static str {
    match sort {
        Sort::Newest => "newest",
        Sort::Oldest => "oldest",
        Sort::Top => "top",
    }
}

impl PlainQuery {
    /// Makes the page.
    pub fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let head = find_head_of_site(conn, &self.site, &self.external_id)?;
        context.of_story_as(Media::Html, &head, || self.render(conn, &head, context).map(String::into_bytes))
    }

    fn render(&self, conn: &mut Conn<'_>, head: &StoryHead, context: &Context<'_>) -> Result<String, Problem> {
        let urls = story_urls::list(conn, head.story.id)?;
        let address = address(context.home, &self.site, &self.external_id);
        let links = view::Links { discussion: &address, language: self.language };
        let part = self.read(conn, head, context, &links)?;
        let story_url = urls.first().map(String::as_str);
        let linked_data = linked_data::of(head, story_url.unwrap_or(&address), &part.replies);
        let closing = head.closing();
        rendered(&Discussion {
            style: STYLE,
            words: self.language.words(),
            language: self.language,
            is_fragment: self.is_fragment,
            address: &address,
            headline: &head.story.headline,
            story_url,
            site: &head.site.name,
            label: head.commentary.as_ref().map(|commentary| commentary.label.as_str()),
            count: head.story.replies,
            is_closed: closing.is_closed(context.now),
            is_of_one_reply: self.reply.is_some(),
            sort: self.sort,
            ancestors_left_out: part.ancestors_left_out,
            replies: nesting::nest(part.replies),
            next: part.next,
            linked_data,
        })
    }

    fn read(
        &self,
        conn: &mut Conn<'_>,
        head: &StoryHead,
        context: &Context<'_>,
        links: &view::Links<'_>,
    ) -> Result<Part, Problem> {
        let cursor = self.cursor.as_deref();
        let Some(id) = self.reply else {
            let bounds = Bounds { sort: self.sort, limit: THREADS, each: EACH };
            let after = bounds.place(head.story.id, cursor, context.cursors)?;
            let Threads { items, next_cursor } = bounds.read(conn, head.story.id, after, context.cursors)?;
            let next = next_cursor.map(|cursor| links.page(&format!("sort={}&cursor={cursor}", order(self.sort))));
            return Ok(Part { replies: links.of_threads(items), next, ancestors_left_out: 0 });
        };
        let (reply, of) = find_shown(conn, id)?;
        if of.story.id != head.story.id {
            return Err(Problem::new(Code::NotFound));
        }
        let after = below_place(id, cursor, context.cursors)?;
        let Surroundings { ancestors, ancestors_left_out, below } =
            Surroundings::read(conn, &reply, after.as_ref(), BELOW, context.cursors)?;
        let next = below.next_cursor.map(|cursor| links.reply(id, Some(&cursor)));
        let replies = links.of_reply(ancestors, reply.into(), below.items);
        Ok(Part { replies, next, ancestors_left_out })
    }

    /// The pattern of the address where it is asked for.
    pub fn route(&self) -> &'static str {
        if self.reply.is_some() { REPLY } else { DISCUSSION }
    }

    /// Bytes of memory that it takes.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.site.len() + self.external_id.len() + self.cursor.as_ref().map_or(0, String::len)
    }
}

/// What a page shows of a discussion.
struct Part {
    /// In reading order.
    replies: Vec<Shown>,
    /// Where the next page is.
    next: Option<String>,
    ancestors_left_out: usize,
}
