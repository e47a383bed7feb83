//! The mails of the demo, which nobody sends: shown to whoever sits at the machine where it runs.
//!
//! There are secrets in them. So there are no such pages in a service, nor in a demo that others can reach; and a page of
//! another website that leads its own name to this machine asks by that name, which is not answered.

use std::{io, net::IpAddr, path::Path};

use actix_web::{HttpRequest, HttpResponse, http::header, web};

use super::{
    problem::{Code, Problem},
    welcome::{page, text},
};
use crate::{app::State, domain::ids::JobId, mail::files::Files};

/// Mails that the list shows: the newest.
const SHOWN: usize = 50;

/// Of a mail: its styles stand in it, and nothing else is loaded.
const CSP: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Takes in the pages, if this is a demo.
pub(crate) fn routes(config: &mut web::ServiceConfig, state: &State) {
    if state.mailer.files().is_some_and(Files::has_pages) {
        config.route("/mails", web::get().to(list)).route("/mails/{id}", web::get().to(show));
    }
}

/// The folder of mails, for who may see them.
pub(super) fn shown<'s>(state: &'s State, request: &HttpRequest) -> Option<&'s Files> {
    state.mailer.files().filter(|files| files.has_pages() && is_local(request))
}

/// Whether this machine asks itself, by a name of its own, and passes on nobody's question.
fn is_local(request: &HttpRequest) -> bool {
    let is_passed_on = ["forwarded", "x-forwarded-for", "via"].iter().any(|name| request.headers().contains_key(*name));
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    request.peer_addr().is_some_and(|peer| peer.ip().is_loopback()) && host.is_some_and(is_own_name) && !is_passed_on
}

fn is_own_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

async fn list(state: State, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let files = shown(&state, &request).ok_or_else(|| Problem::new(Code::NotFound))?.clone();
    let folder = text(&files.folder().display().to_string());
    let titles = web::block(move || titles(&files)).await.map_err(|_| Problem::new(Code::Internal))?;
    let titles = titles.map_err(|_| Problem::new(Code::Internal))?;
    let items: String =
        titles.iter().map(|(id, title)| format!("<li><a href=\"/mails/{id}\">{title}</a></li>")).collect();
    let list = match items.is_empty() {
        true => "<p>There is none yet. Who signs up is written to, and who is asked to change a reply.</p>".to_owned(),
        false => format!("<p>Here are the newest, the last one first.</p><ul>{items}</ul>"),
    };
    let body = format!(
        "<h1>Mails</h1><p>The demo sends none: each is a file in <code>{folder}</code>.</p>{list}\
         <p><a href=\"/\">Back to the blog</a></p>"
    );
    Ok(private(page("Mails", &body)))
}

async fn show(state: State, request: HttpRequest, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let files = shown(&state, &request).ok_or_else(|| Problem::new(Code::NotFound))?.clone();
    // no path of anybody's is opened
    let id = id.parse().map(JobId).map_err(|_| Problem::new(Code::NotFound))?;
    let read = web::block(move || std::fs::read_to_string(files.page(id))).await;
    let html = read.map_err(|_| Problem::new(Code::Internal))?.map_err(|_| Problem::new(Code::NotFound))?;
    let response = HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, CSP))
        .content_type("text/html; charset=utf-8")
        .body(html);
    Ok(private(response))
}

fn private(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

/// The newest mails, each with its subject as HTML, the last one first: ids are in the order of time.
fn titles(files: &Files) -> io::Result<Vec<(JobId, String)>> {
    let entries = match std::fs::read_dir(files.folder()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut ids: Vec<JobId> = Vec::new();
    for entry in entries {
        ids.extend(id_of(Path::new(&entry?.file_name())));
    }
    ids.sort_unstable_by(|one, other| other.cmp(one));
    ids.truncate(SHOWN);
    let titled = ids.into_iter().map(|id| Ok((id, title(&std::fs::read_to_string(files.page(id))?))));
    titled.collect()
}

fn id_of(name: &Path) -> Option<JobId> {
    let is_page = name.extension().is_some_and(|ending| ending == "html");
    let id = name.file_stem()?.to_str()?.parse().ok()?;
    is_page.then_some(JobId(id))
}

/// What stands between the tags, which was escaped when it was put there.
fn title(html: &str) -> String {
    let title = html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    title.map_or_else(|| "a mail".to_owned(), |(title, _)| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        for own in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "[::1]"] {
            assert!(is_own_name(own), "{own}");
        }
        for other in
            ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "192.0.2.1", "localhost@x"]
        {
            assert!(!is_own_name(other), "{other}");
        }
    }
}
