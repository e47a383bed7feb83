//! The demo's blog: a list of stories with their counts, and each story with its discussion, as a blog's own pages would show
//! them. Only the demo has these pages; they obey the policy that a careful blog would set.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use askama::Template;

use super::{
    address::segment,
    assets, demo_mails,
    problem::{Code, Problem},
    stories::find_head_of_site,
};
use crate::{
    app::State,
    store::{DbError, sites, stories},
};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types rejoinder";

/// Stories of the list: the newest.
const SHOWN: i64 = 20;

/// Takes in the pages, if this is a demo.
pub(crate) fn routes(config: &mut web::ServiceConfig, state: &State) {
    if state.config.shows_blog {
        config.route("/", web::get().to(show_front)).route("/stories/{site}/{external_id}", web::get().to(show_story));
    }
}

#[derive(Template)]
#[template(path = "demo/front.html")]
struct Front {
    assets: String,
    has_mails: bool,
    site: String,
    key: String,
    tagline: String,
    stories: Vec<Listed>,
}

struct Listed {
    path: String,
    external_id: String,
    headline: String,
    excerpt: Option<String>,
    source: Option<String>,
    published_at: String,
}

#[derive(Template)]
#[template(path = "demo/story.html")]
struct Story {
    assets: String,
    has_mails: bool,
    site: String,
    key: String,
    external_id: String,
    path: String,
    headline: String,
    published_at: String,
    excerpt: Option<String>,
    source: Option<String>,
    source_url: Option<String>,
    view: Option<View>,
}

/// The columnist's part, whose HTML is the sanitiser's.
struct View {
    label: String,
    html: String,
}

/// Where a story's page is.
fn path(site: &str, external_id: &str) -> String {
    format!("{}/{}", segment(site), segment(external_id))
}

async fn show_front(state: State, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let found = state.db.read(|conn| {
        let site = sites::list(conn, "", 1)?.pop();
        let rows = match &site {
            Some(site) => stories::list(conn, site.id, None, SHOWN)?,
            None => Vec::new(),
        };
        Ok::<_, DbError>(site.map(|site| (site, rows)))
    });
    let (site, rows) = found.await?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let listed = rows.into_iter().map(|(story, _)| Listed {
        path: path(&site.key, &story.external_id),
        external_id: story.external_id,
        headline: story.headline,
        excerpt: story.excerpt,
        source: story.source_name,
        published_at: story.published_at.in_words(),
    });
    page(&Front {
        assets: assets::folder(),
        has_mails: demo_mails::shown(&state, &request).is_some(),
        stories: listed.collect(),
        site: site.name,
        key: site.key,
        tagline: site.tagline,
    })
}

async fn show_story(
    state: State,
    request: HttpRequest,
    asked: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let has_mails = demo_mails::shown(&state, &request).is_some();
    let head = state.db.read(move |conn| find_head_of_site(conn, &asked.0, &asked.1)).await?;
    page(&Story {
        assets: assets::folder(),
        has_mails,
        path: path(&head.site.key, &head.story.external_id),
        site: head.site.name,
        key: head.site.key,
        external_id: head.story.external_id,
        headline: head.story.headline,
        published_at: head.story.published_at.in_words(),
        excerpt: head.story.excerpt,
        source: head.story.source_name,
        source_url: head.story.source_url,
        view: head.commentary.map(|view| View { label: view.label, html: view.body_html.as_str().to_owned() }),
    })
}

fn page(template: &impl Template) -> Result<HttpResponse, Problem> {
    let html = template.render().map_err(|cause| Problem::new(Code::Internal).caused_by(cause))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, CSP))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type("text/html; charset=utf-8")
        .body(html))
}
