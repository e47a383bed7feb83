//! What browsers load: the element's and the desk's modules, which are in the binary as they stand below `web/`, with their
//! compressed forms.
//!
//! `/embed.js` is the one address that pages name. It imports the modules of a first view, all at once, by an address that
//! holds a hash of all files: what stands there never changes, so that browsers and CDNs keep it. A debug build reads the files
//! anew each time.

use std::collections::BTreeSet;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web::{self, Bytes},
};
use rust_embed_for_web::{EmbedableFile, RustEmbed};

use super::{
    etag::Tags,
    problem::{Code, Problem},
    public::encoding::Encoding,
};

#[derive(RustEmbed)]
#[folder = "web"]
#[include = "embed/**"]
#[include = "demo/**"]
#[include = "desk/**"]
#[include = "shared/**"]
struct Files;

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
        let Some(file) = Files::get(path) else { return };
        let data = file.data();
        let text = String::from_utf8_lossy(data.as_ref()).into_owned();
        imported(&text).for_each(|relative| add(&beside(path, relative), found, seen));
        found.push(path.to_owned());
    }
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    add(path, &mut found, &mut seen);
    found
}

/// What a module imports at its beginning, by relative paths, as our formatter writes it.
fn imported(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| ["import ", "export ", "} from "].iter().any(|word| line.starts_with(word)));
    let named = lines.filter_map(|line| match line.split_once(" from \"") {
        Some((_, rest)) => rest.split('"').next(),
        None => line.strip_prefix("import \"")?.split('"').next(),
    });
    named.filter(|path| path.starts_with('.'))
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
    let file = Files::get(DESK).ok_or_else(|| Problem::new(Code::NotFound))?;
    let data = file.data();
    let page = String::from_utf8_lossy(data.as_ref()).replace(FOLDER_MARK, &format!("assets/{DIGEST}"));
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
    let content_type = content_type(&path).filter(|_| !path.contains("..")).ok_or_else(unknown)?;
    let file = Files::get(&path).ok_or_else(unknown)?;
    let mut response = HttpResponse::Ok();
    let encoding = Encoding::accepted(request.headers());
    let compressed = match encoding {
        Encoding::Brotli => file.data_br(),
        Encoding::Gzip => file.data_gzip(),
        Encoding::Identity => None,
    };
    let bytes = match (&compressed, encoding.header()) {
        (Some(bytes), Some(name)) => {
            response.insert_header((header::CONTENT_ENCODING, name));
            Bytes::copy_from_slice(bytes.as_ref())
        }
        _ => Bytes::copy_from_slice(file.data().as_ref()),
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
        let text = "// import \"./no.js\"\nimport \"./a.js\";\nimport { b } from \"../b.js\";\nimport {\n  c,\n  d,\n} from \"./c.js\";\n\
                    export { e } from \"./e.js\";\nconst later = () => import(\"./f.js\");\nexport const g = 1;\n";
        assert_eq!(imported(text).collect::<Vec<_>>(), ["./a.js", "../b.js", "./c.js", "./e.js"]);
    }

    #[test]
    fn what_a_first_view_needs_is_named_once_and_before_what_needs_it() {
        let names = needed(ELEMENT);
        assert_eq!(names.last().map(String::as_str), Some(ELEMENT));
        let once: BTreeSet<&String> = names.iter().collect();
        assert_eq!(once.len(), names.len(), "{names:?}");
        for name in &names {
            assert!(Files::get(name).is_some(), "{name} is not there");
        }
    }
}
