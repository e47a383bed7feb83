//! The API's documents: the OpenAPI document, a page that browses it without the internet, the table of problem codes.

use actix_web::{
    HttpResponse, ResponseError,
    dev::Service,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    web,
};
use utoipa_swagger_ui::SwaggerUi;

use super::{
    openapi,
    problem::{Code, Problem},
};

/// The pages bring their scripts and styles along; Swagger UI sets styles on elements and draws pictures from data.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Where the document is served.
pub const DOCUMENT_PATH: &str = "/api/openapi.json";

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route(DOCUMENT_PATH, web::get().to(show_document));
    config.service(
        web::scope("/docs")
            .wrap_fn(|request, service| {
                let answered = service.call(request);
                async move {
                    let mut response = answered.await?;
                    if response.status() == StatusCode::NOT_FOUND {
                        response = response.into_response(Problem::new(Code::NotFound).error_response());
                    }
                    let headers = response.headers_mut();
                    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
                    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
                    Ok(response)
                }
            })
            .route("", web::get().to(redirect))
            .route("/problems", web::get().to(show_problems))
            .service(SwaggerUi::new("/{file:.*}").config(
                // no service elsewhere is asked what it thinks of the document
                // and its groups stay shut: all operations at once take a browser seconds
                utoipa_swagger_ui::Config::from(DOCUMENT_PATH).validator_url("none").doc_expansion("none"),
            )),
    );
}

async fn show_document() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, no-cache"))
        .content_type("application/json")
        .body(openapi::document_json())
}

async fn redirect() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}

/// What the `type` of a problem points to.
async fn show_problems() -> HttpResponse {
    let mut text =
        String::from("The problem codes of this API. Each answer with an error has one of them as `code`.\n\n");
    for code in Code::ALL {
        text.push_str(&format!("#{} ({})\n    {}\n\n", code.as_str(), code.status(), code.title()));
    }
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text)
}
