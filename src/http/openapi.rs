//! The OpenAPI document: what the handlers say of themselves, completed with what follows from the tables of
//! permissions and problem codes.

use std::{collections::BTreeMap, sync::LazyLock};

use actix_web::App;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Content, InfoBuilder, ObjectBuilder, OpenApi, Ref, RefOr, ResponseBuilder, Server,
        header::HeaderBuilder,
        path::{HttpMethod, Operation as Described, Parameter, ParameterBuilder, ParameterIn, PathItem},
        schema::{Schema, SchemaFormat, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
        tag::TagBuilder,
    },
};
use utoipa_actix_web::AppExt;

use super::{
    problem::{Code, FieldError, ProblemBody},
    views::CurrentState,
};
use crate::auth::permission::{Operation, Rule};

const TAGS: [(&str, &str); 9] = [
    ("accounts", "Signing up, and what everybody sees of an account"),
    ("sessions", "Signing in, staying signed in, signing out"),
    ("me", "One's own account"),
    ("sites", "News blogs, their settings and roles"),
    ("stories", "Stories as front ends register them"),
    ("reading", "Threads, counts, and what is one's own in them"),
    ("replies", "Posting, editing, withdrawing, recommending, reporting"),
    ("moderation", "Queues, decisions, suspensions, the log"),
    ("health", "Whether the service works"),
];

/// The document, made once.
pub fn document() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(build);
    &DOCUMENT
}

/// The document as it is served and printed.
pub fn document_json() -> &'static str {
    static JSON: LazyLock<String> =
        LazyLock::new(|| document().to_pretty_json().expect("the document is plain values") + "\n");
    &JSON
}

fn build() -> OpenApi {
    let (_, mut document) = App::new().into_utoipa_app().configure(super::routes).split_for_parts();
    document.info = InfoBuilder::new()
        .title("Rejoinder")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(description()))
        .build();
    document.servers = Some(vec![Server::new("/")]);
    document.tags =
        Some(TAGS.map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build()).to_vec());
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    for (name, schema) in
        [named::<FieldError>(), named::<CurrentState>(), named::<crate::domain::reply_state::ReplyState>()]
    {
        components.schemas.insert(name, schema);
    }
    components.schemas.insert("Problem".to_owned(), problem_schema());
    for (path, item) in &mut document.paths.paths {
        for (method, described) in operations(item) {
            complete(path, &method, described);
        }
    }
    document
}

fn named<T: ToSchema + PartialSchema>() -> (String, RefOr<Schema>) {
    (T::name().into_owned(), T::schema())
}

fn description() -> String {
    let rows: String = Code::ALL
        .iter()
        .map(|code| format!("| `{}` | {} | {} |\n", code.as_str(), code.status(), code.title()))
        .collect();
    format!(
        "The discussion backend of a news blog.\n\n\
         Times are RFC 3339 in UTC, ids are UUIDs as strings. Lists answer `items` and `next_cursor`; a cursor is \
         opaque and good for the list that it came from. Errors are problem details (RFC 9457) with one of these \
         codes:\n\n| code | status | meaning |\n|---|---|---|\n{rows}"
    )
}

/// `ProblemBody`, with further members by name.
fn problem_schema() -> RefOr<Schema> {
    let _: fn() -> RefOr<Schema> = <ProblemBody<'static> as PartialSchema>::schema;
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let text = || ObjectBuilder::new().schema_type(Type::String);
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("Problem details (RFC 9457)"))
        .property("type", text())
        .property("title", text())
        .property("status", ObjectBuilder::new().schema_type(Type::Integer))
        .property("detail", text())
        .property("code", text().enum_values(Some(codes)))
        .property("errors", utoipa::openapi::schema::ArrayBuilder::new().items(Ref::from_schema_name("FieldError")))
        .property("current", Ref::from_schema_name("CurrentState"))
        .property("story_id", text().format(Some(SchemaFormat::Custom("uuid".to_owned()))))
        .required("type")
        .required("title")
        .required("status")
        .required("code")
        .additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::FreeForm(false)))
        .into()
}

/// The operations of a path.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Described)> {
    [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, described)| described.as_mut().map(|described| (method, described)))
}

/// The methods that an address of the document takes, as `Allow` names them.
pub fn methods(path: &str) -> Option<String> {
    let mut item = document().paths.paths.get(path)?.clone();
    let names = operations(&mut item).map(|(method, _)| match method {
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Delete => "DELETE",
        _ => "GET, HEAD",
    });
    Some(names.collect::<Vec<_>>().join(", "))
}

fn complete(path: &str, method: &HttpMethod, described: &mut Described) {
    let Some(operation) = described.operation_id.as_deref().and_then(Operation::parse) else { return };
    let mut parameters: Vec<Parameter> =
        described.parameters.take().unwrap_or_default().into_iter().filter_map(inline).collect();
    parameters.retain(|parameter| parameter.parameter_in != ParameterIn::Path || parameter.name == "role");
    let in_path: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
    for name in in_path.iter().rev().filter(|name| **name != "role") {
        parameters.insert(0, path_parameter(name));
    }
    let is_tagged = operation.rule() == Rule::Public && *method == HttpMethod::Get && !path.ends_with('z');
    if is_tagged {
        parameters.push(header_parameter("If-None-Match", "Tags of the bytes that the reader has"));
    }
    let has_cursor = parameters.iter().any(|parameter| parameter.name == "cursor");
    let has_query = parameters.iter().any(|parameter| parameter.parameter_in == ParameterIn::Query);
    let mut codes = vec![Code::Busy, Code::Internal, Code::InvalidRequest];
    if described.request_body.is_some() {
        codes.extend([Code::InvalidJson, Code::UnsupportedMediaType, Code::BodyTooLarge, Code::RequestTimeout]);
        codes.push(Code::InvalidFields);
    }
    if has_query || *method == HttpMethod::Get {
        codes.push(Code::InvalidQuery);
    }
    if has_cursor {
        codes.push(Code::InvalidCursor);
    }
    if !in_path.is_empty() {
        codes.push(Code::NotFound);
    }
    if operation.needs_caller() {
        codes.extend([Code::Unauthenticated, Code::Suspended, Code::OriginNotAllowed, Code::Forbidden]);
    }
    if operation.rule() == Rule::Guest {
        codes.push(Code::OriginNotAllowed);
    }
    if parameters.iter().any(|parameter| parameter.parameter_in == ParameterIn::Header) {
        codes.push(Code::InvalidHeader);
    }
    if *method != HttpMethod::Get {
        codes.push(Code::StorageFull);
    }
    codes.extend(own_codes(operation));
    if !parameters.is_empty() {
        described.parameters = Some(parameters.into_iter().map(RefOr::T).collect());
    }
    for (status, response) in &mut described.responses.responses {
        if let RefOr::T(response) = response {
            let own = if response.description.is_empty() { success(status) } else { &response.description }.to_owned();
            response.description = own;
            if is_tagged {
                response.headers.insert("ETag".to_owned(), header::<String>().into());
            }
        }
    }
    if is_tagged {
        let response = ResponseBuilder::new().description("the reader has these bytes").build();
        described.responses.responses.insert("304".to_owned(), response.into());
    }
    for (status, codes) in by_status(codes) {
        described.responses.responses.insert(status, problem_response(&codes).into());
    }
}

/// Ours are never references.
fn inline(parameter: RefOr<Parameter>) -> Option<Parameter> {
    match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    }
}

fn header<T: PartialSchema>() -> utoipa::openapi::header::Header {
    HeaderBuilder::new().schema(Some(T::schema())).build()
}

fn success(status: &str) -> &'static str {
    match status {
        "201" => "created",
        "204" => "done",
        _ => "as asked",
    }
}

/// What an operation refuses beside what its parts do.
fn own_codes(operation: Operation) -> &'static [Code] {
    match operation {
        Operation::CreateAccount => &[Code::EmailTaken, Code::UsernameTaken, Code::TooManyAttempts],
        Operation::CreateSession => &[Code::WrongCredentials, Code::TooManyAttempts],
        Operation::RefreshSession => &[Code::InvalidRefreshToken, Code::Suspended],
        Operation::UpdateMe => &[Code::UsernameTaken, Code::UsernameChangedLately],
        Operation::ChangePassword | Operation::CloseAccount => &[Code::WrongCredentials, Code::TooManyAttempts],
        Operation::CreateSite => &[Code::KeyTaken, Code::IdempotencyMismatch],
        Operation::PutStory => &[Code::PreconditionFailed, Code::UrlTaken, Code::StateConflict, Code::VersionConflict],
        Operation::CreateReply => {
            &[Code::StoryClosed, Code::ParentNotPublic, Code::TooManyReplies, Code::IdempotencyMismatch]
        }
        Operation::UpdateReply => &[Code::VersionConflict, Code::StateConflict, Code::EditWindowOver],
        Operation::RecommendReply | Operation::UnrecommendReply => &[Code::OwnReply],
        Operation::ReportReply => &[Code::IdempotencyMismatch],
        Operation::DecideReply => &[Code::VersionConflict, Code::StateConflict, Code::IdempotencyMismatch],
        Operation::SuspendAccount => &[Code::IdempotencyMismatch],
        Operation::ListQueue | Operation::CountQueues | Operation::CountReplies | Operation::QueryCounts => {
            &[Code::NotFound]
        }
        _ => &[],
    }
}

fn by_status(mut codes: Vec<Code>) -> BTreeMap<String, Vec<Code>> {
    codes.sort();
    codes.dedup();
    let mut statuses: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    for code in codes {
        statuses.entry(code.status().to_string()).or_default().push(code);
    }
    statuses
}

fn problem_response(codes: &[Code]) -> utoipa::openapi::Response {
    let list: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    let mut content = Content::new(Some(Ref::from_schema_name("Problem")));
    content.example = codes.first().map(|code| {
        serde_json::json!({
            "type": format!("/docs/problems#{}", code.as_str()),
            "title": code.title(),
            "status": code.status(),
            "code": code.as_str(),
        })
    });
    let response = ResponseBuilder::new().description(list.join("; ")).content("application/problem+json", content);
    let is_passing = codes.iter().any(|code| matches!(code.status(), 429 | 503 | 507));
    match is_passing {
        true => response.header("Retry-After", header::<u32>()),
        false => response,
    }
    .build()
}

fn path_parameter(name: &str) -> Parameter {
    let is_id = name.ends_with("_id") && name != "external_id";
    let schema =
        ObjectBuilder::new().schema_type(Type::String).format(is_id.then(|| SchemaFormat::Custom("uuid".to_owned())));
    let text = match name {
        "site" => "The site's key".to_owned(),
        "external_id" => "The site's own id of the story".to_owned(),
        name => format!("The {}'s id", name.trim_end_matches("_id")),
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(utoipa::openapi::Required::True)
        .description(Some(text))
        .schema(Some(schema))
        .build()
}

fn header_parameter(name: &str, text: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .description(Some(text))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}
