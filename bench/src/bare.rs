//! The limit of reads: a handler that has the bytes already and does nothing but send them.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::{StatusCode, header},
    web::{self, Bytes, Data},
};
use serde::Deserialize;

use crate::Failure;

#[derive(clap::Args)]
pub struct Args {
    /// Where to listen.
    #[arg(long)]
    listen: SocketAddr,
    /// Threads that serve.
    #[arg(long)]
    workers: usize,
    /// A JSON list of pages; their bodies are files beside it.
    #[arg(long)]
    pages: PathBuf,
}

/// A page as the service answered it.
#[derive(Deserialize)]
struct Written {
    path: String,
    /// Without what every server sets itself: length and date.
    headers: Vec<(String, String)>,
    not_modified_headers: Vec<(String, String)>,
    body_file: String,
}

struct Page {
    etag: Option<String>,
    headers: Vec<(String, String)>,
    not_modified_headers: Vec<(String, String)>,
    body: Bytes,
}

pub fn run(args: Args) -> Result<(), Failure> {
    let folder = args.pages.parent().unwrap_or(Path::new("."));
    let written: Vec<Written> = serde_json::from_slice(&fs::read(&args.pages)?)?;
    let mut pages: Vec<(String, Data<Page>)> = Vec::new();
    for Written { path, headers, not_modified_headers, body_file } in written {
        let is_etag = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("etag");
        let etag = headers.iter().find(is_etag).map(|(_, value)| value.clone());
        let body = Bytes::from(fs::read(folder.join(body_file))?);
        pages.push((path, Data::new(Page { etag, headers, not_modified_headers, body })));
    }
    let server = HttpServer::new(move || {
        pages.iter().fold(App::new(), |app, (path, page)| {
            app.service(web::resource(path.as_str()).app_data(page.clone()).route(web::get().to(send)))
        })
    });
    actix_web::rt::System::new().block_on(server.workers(args.workers).bind(args.listen)?.run())?;
    Ok(())
}

async fn send(request: HttpRequest, page: Data<Page>) -> HttpResponse {
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
    let is_known = known.is_some() && known == page.etag.as_deref();
    let (status, headers) = match is_known {
        true => (StatusCode::NOT_MODIFIED, &page.not_modified_headers),
        false => (StatusCode::OK, &page.headers),
    };
    let mut response = HttpResponse::build(status);
    for (name, value) in headers {
        response.insert_header((name.as_str(), value.as_str()));
    }
    if is_known { response.finish() } else { response.body(page.body.clone()) }
}
