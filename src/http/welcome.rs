//! The page at `/`: something a person can look at at once.

use actix_web::{HttpRequest, HttpResponse, http::header, web};

use super::{demo_mails, problem::Problem};
use crate::{
    app::State,
    store::{DbError, sites, stories},
};

/// One style in the page itself, allowed by its hash; nothing else is loaded.
const CSP: &str =
    "default-src 'none'; style-src 'sha256-@HASH@'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const STYLE: &str = "body{font:1.05rem/1.6 Georgia,serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#222;\
background:#fdfcf9}h1,h2{line-height:1.2}code,pre{font:.85rem/1.5 ui-monospace,monospace;background:#f1eee6;\
border-radius:4px}code{padding:.1em .3em}pre{padding:.8rem;overflow-x:auto}a{color:#0b5394}li{margin:.4rem 0}\
small{color:#666}@media(prefers-color-scheme:dark){body{color:#ddd;background:#1a1a1a}code,pre{background:#2a2a2a}\
a{color:#8ab4f8}small{color:#999}}";

/// Sites and stories that the page lists.
const SITES_SHOWN: i64 = 20;
const STORIES_SHOWN: i64 = 20;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route("/", web::get().to(show));
}

async fn show(state: State, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let listed = state
        .db
        .read(|conn| {
            let mut listed = Vec::new();
            for site in sites::list(conn, "", SITES_SHOWN)? {
                let rows = stories::list(conn, site.id, None, STORIES_SHOWN)?;
                listed.push((site, rows));
            }
            Ok::<_, DbError>(listed)
        })
        .await?;
    let base = state.config.home().to_owned();
    let mut body = String::new();
    for (site, rows) in &listed {
        body.push_str(&format!("<h2>{}</h2><p>{}</p><ul>", text(&site.name), text(&site.tagline)));
        for (story, commentary) in rows {
            let label = commentary.as_ref().map_or("the story", |commentary| commentary.label.as_str());
            body.push_str(&format!(
                "<li>{}<br><small>{} public replies to {}</small> &middot; \
                 <a href=\"/api/v1/stories/{id}/replies\">thread</a> &middot; \
                 <a href=\"/api/v1/stories/{id}/replies?sort=top\">top</a> &middot; \
                 <a href=\"/api/v1/stories/{id}\">story</a></li>",
                text(&story.headline),
                story.replies,
                text(label),
                id = story.id,
            ));
        }
        body.push_str("</ul>");
    }
    if listed.is_empty() {
        body.push_str("<p>There is no site yet: <code>rejoinder site create KEY</code> makes one.</p>");
    }
    if demo_mails::shown(&state, &request).is_some() {
        body.push_str("<p>Mails are not sent here: <a href=\"/mails\">read them</a>.</p>");
    }
    let body = format!(
        "<h1>Rejoinder</h1><p>The discussion backend of a news blog. Its <a href=\"/docs/\">API documents</a> can be \
         browsed here; so can <a href=\"/docs/problems\">every problem code</a> and the \
         <a href=\"/api/openapi.json\">OpenAPI document</a>.</p>{body}<h2>To try</h2><pre>\
curl {base}/api/v1/sites\n\
curl {base}/api/v1/sessions \\\n  \
-H 'Content-Type: application/json' \\\n  \
-d '{{\"identifier\": \"NAME\", \"password\": \"PASSWORD\"}}'\n\
curl '{base}/api/v1/moderation/replies?queue=pending' \\\n  -H 'Authorization: Bearer TOKEN'</pre>",
        base = text(&base),
    );
    Ok(page("Rejoinder", &body))
}

/// A page in the one style, of HTML that is made here.
pub(super) fn page(title: &str, body: &str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, csp()))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type("text/html; charset=utf-8")
        .body(format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style>\
             <main>{body}</main></html>"
        ))
}

/// A text as HTML: no markup of anybody's stands in this page.
pub(super) fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

fn csp() -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};
    CSP.replace("@HASH@", &STANDARD.encode(Sha256::digest(STYLE)))
}
