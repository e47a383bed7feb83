//! What browsers load: the element's and the desk's modules, which stand below `web/` and are in the binary without comments
//! and white space, with their compressed forms.
//!
//! `/embed.js` is the one address that pages name. It imports the modules of a first view, all at once, by an address that
//! holds a hash of all files: what stands there never changes, so that browsers and CDNs keep it. A debug build reads the files
//! anew each time.

use std::{borrow::Cow, collections::BTreeSet};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web::{self, Bytes},
};

use super::{
    etag::Tags,
    problem::{Code, Problem},
    public::encoding::Encoding,
};

/// Of all files, by `build.rs`.
const DIGEST: &str = env!("WEB_DIGEST");
/// Where the element begins.
const ELEMENT: &str = "embed/main.js";
/// Where the desk does.
const DESK: &str = "desk/index.html";
/// What stands for the folder of the files in the desk's page.
const FOLDER_MARK: &str = "{{assets}}";
/// What no longer changes may be kept for a year.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Looked at again each time, by its tag.
const LOOKED_AT: &str = "public, no-cache";
/// All that the desk does: its own files, the API, and HTML by one function alone.
const DESK_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types rejoinder";

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/embed.js", web::get().to(show_element))
        .route("/desk", web::get().to(show_desk))
        .route("/assets/{digest}/{path:.*}", web::get().to(show_file));
}

/// The module that pages load: it names all that a first view needs, so that nothing is found out later than it must be.
async fn show_element(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let imports = needed(ELEMENT);
    // what is needed stands before what needs it; in a debug build files change and the tag does not
    let lines = imports.iter().map(|path| format!("import \"./assets/{DIGEST}/{path}\";\n"));
    let text: String = lines.collect();
    let tag = format!("\"{DIGEST}\"");
    let is_known = !cfg!(debug_assertions) && Tags::read(request.headers(), header::IF_NONE_MATCH)?.names(&tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    shared(&mut response).insert_header((header::CACHE_CONTROL, LOOKED_AT)).insert_header((header::ETAG, tag));
    if is_known {
        return Ok(response.finish());
    }
    Ok(response.content_type("text/javascript; charset=utf-8").body(text))
}

/// A module with all that it imports at its beginning, each once.
fn needed(path: &str) -> Vec<String> {
    fn add(path: &str, found: &mut Vec<String>, seen: &mut BTreeSet<String>) {
        if !seen.insert(path.to_owned()) {
            return;
        }
        let Some(data) = sent(path) else { return };
        imported(&String::from_utf8_lossy(&data)).for_each(|relative| add(&beside(path, relative), found, seen));
        found.push(path.to_owned());
    }
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    add(path, &mut found, &mut seen);
    found
}

/// A file below `web/` as browsers get it: as `build.rs` made it.
#[cfg(not(debug_assertions))]
fn sent(path: &str) -> Option<Cow<'static, [u8]>> {
    static MADE: include_dir::Dir<'_> = include_dir::include_dir!("$OUT_DIR/web");
    Some(Cow::Borrowed(MADE.get_file(path)?.contents()))
}

/// A file below `web/` as browsers get it: as it stands there now.
#[cfg(debug_assertions)]
fn sent(path: &str) -> Option<Cow<'static, [u8]>> {
    let is_served = ["demo/", "desk/", "embed/", "shared/"].iter().any(|folder| path.starts_with(folder));
    if !is_served || path.contains("..") {
        return None;
    }
    let bytes = std::fs::read(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/web")).join(path)).ok()?;
    if !path.ends_with(".js") {
        return Some(Cow::Owned(bytes));
    }
    let text = String::from_utf8(bytes).ok()?;
    Some(Cow::Owned(minifier::js::minify(&text).ok()?.to_string().into_bytes()))
}

/// What a module without white space imports, not only later, by relative paths.
fn imported(text: &str) -> impl Iterator<Item = &str> {
    let behind = |word| text.split(word).skip(1).filter_map(|rest| rest.split('"').next());
    behind("from\"").chain(behind("import\"")).filter(|path| path.starts_with('.'))
}

/// The path that a relative one beside another names.
fn beside(path: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Where the files are, for the demo's pages, which stand at the service's root.
pub fn folder() -> String {
    format!("/assets/{DIGEST}")
}

/// The desk's page.
async fn show_desk() -> Result<HttpResponse, Problem> {
    let data = sent(DESK).ok_or_else(|| Problem::new(Code::NotFound))?;
    let page = String::from_utf8_lossy(&data).replace(FOLDER_MARK, &format!("assets/{DIGEST}"));
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, DESK_CSP))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/html; charset=utf-8")
        .body(page))
}

/// A file below `web/`.
async fn show_file(request: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (asked, path) = path.into_inner();
    let unknown = || Problem::new(Code::NotFound);
    // pages are not files of their own, and a debug build looks for them on the disk
    let content_type = content_type(&path).ok_or_else(unknown)?;
    let mut response = HttpResponse::Ok();
    let encoding = Encoding::accepted(request.headers());
    let compressed = encoding.header().and_then(|name| Some((name, sent(&format!("{path}{}", encoding.suffix()))?)));
    let data = match compressed {
        Some((name, data)) => {
            response.insert_header((header::CONTENT_ENCODING, name));
            data
        }
        None => sent(&path).ok_or_else(unknown)?,
    };
    let bytes = match data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    // by an address of before, or of an instance that is newer: what is here, and nobody keeps it
    let keeping = if asked == DIGEST && !cfg!(debug_assertions) { FOR_EVER } else { "no-store" };
    response.insert_header((header::VARY, "Accept-Encoding")).insert_header((header::CACHE_CONTROL, keeping));
    Ok(shared(&mut response).content_type(content_type).body(bytes))
}

fn content_type(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    match ending {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "json" => Some("application/json"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// For pages of every website.
fn shared(response: &mut actix_web::HttpResponseBuilder) -> &mut actix_web::HttpResponseBuilder {
    response
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")))
        .insert_header(("cross-origin-resource-policy", HeaderValue::from_static("cross-origin")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_beside_another_is_found() {
        for (path, relative, found) in [
            ("embed/main.js", "./reply.js", "embed/reply.js"),
            ("embed/main.js", "../shared/dom.js", "shared/dom.js"),
            ("embed/words/de.js", "../../shared/time.js", "shared/time.js"),
        ] {
            assert_eq!(beside(path, relative), found);
        }
    }

    #[test]
    fn imports_are_found_as_they_are_written() {
        let text = "import\"./a.js\";import{b}from\"../b.js\";import{c,d,}from\"./c.js\";const later=()=>import(\"./f.js\");\
                    export function g(){}export{e}from\"./e.js\";const word=\"from\";";
        let found: BTreeSet<&str> = imported(text).collect();
        assert_eq!(found, BTreeSet::from(["./a.js", "../b.js", "./c.js", "./e.js"]));
    }

    #[test]
    fn what_a_first_view_needs_is_named_once_and_before_what_needs_it() {
        let names = needed(ELEMENT);
        assert_eq!(names.last().map(String::as_str), Some(ELEMENT));
        let once: BTreeSet<&String> = names.iter().collect();
        assert_eq!(once.len(), names.len(), "{names:?}");
        for name in &names {
            assert!(sent(name).is_some(), "{name} is not there");
        }
    }
}
