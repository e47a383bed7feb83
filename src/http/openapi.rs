//! The OpenAPI document: what the handlers say of themselves, completed with what follows from the tables of
//! permissions and problem codes.

use std::sync::LazyLock;

use actix_web::App;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        InfoBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Server,
        path::{HttpMethod, Operation as Described, PathItem},
        schema::{Schema, SchemaFormat, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
        tag::TagBuilder,
    },
};
use utoipa_actix_web::AppExt;

use super::{
    live::QueueItemsEventView,
    problem::{Code, FieldError, ProblemBody},
    views::CurrentState,
    work::WorkNeededView,
};
use crate::domain::{
    moderation::Action,
    queue_event::{Happening, QueueEvent, WorkQueue},
    reply_state::ReplyState,
};

mod examples;
mod operation;

#[cfg(test)]
pub(super) use self::operation::own_codes;

const TAGS: [(&str, &str); 10] = [
    ("accounts", "Signing up, and what everybody sees of an account"),
    ("sessions", "Signing in, staying signed in, signing out"),
    ("me", "One's own account"),
    ("sites", "News blogs, their settings and roles"),
    ("stories", "Stories as front ends register them"),
    ("reading", "Threads, counts, and what is one's own in them"),
    ("replies", "Posting, editing, withdrawing, recommending, reporting"),
    ("moderation", "Queues, decisions, sanctions, the log"),
    ("policies", "What automatic rules hold and flag, version by version"),
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
    let (_, mut document) = App::new().into_utoipa_app().configure(|config| super::routes(config)).split_for_parts();
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
    // what only problems and streams have
    let further = [
        named::<FieldError>(),
        named::<CurrentState>(),
        named::<ReplyState>(),
        named::<QueueItemsEventView>(),
        named::<QueueEvent>(),
        named::<Happening>(),
        named::<WorkQueue>(),
        named::<Action>(),
        named::<WorkNeededView>(),
    ];
    for (name, schema) in further {
        components.schemas.insert(name, schema);
    }
    components.schemas.insert("Problem".to_owned(), problem_schema());
    for (name, schema) in &mut components.schemas {
        if is_answer(name) {
            require_all(name, schema);
        }
    }
    for (path, item) in &mut document.paths.paths {
        for (method, described) in operations(item) {
            operation::complete(path, &method, described);
        }
    }
    document
}

/// Whether a schema is one of answers, by the names that answers have.
fn is_answer(name: &str) -> bool {
    name.ends_with("View")
        || name.starts_with("Page_")
        || matches!(name, "ThreadPage" | "StoryState" | "CurrentState" | "QueueEvent")
}

/// Answers have all their fields always, also those that may be null; but for a count, which repeats what it was asked by.
fn require_all(name: &str, schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            let is_left_out = |field: &&String| {
                matches!(
                    (name, field.as_str()),
                    ("CountView", "external_id" | "url")
                        | ("ReplyView", "featured")
                        | ("AuthorView", "is_staff" | "badges")
                        | ("TokensView", "refresh_token")
                )
            };
            object.required = object.properties.keys().filter(|field| !is_left_out(field)).cloned().collect();
        }
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter_mut().for_each(|part| require_all(name, part)),
        _ => {}
    }
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
         opaque and good for the list that it came from. What is no public read tells by `RateLimit` and \
         `RateLimit-Policy` (IETF draft-ietf-httpapi-ratelimit-headers-10) how much of its kind its caller may ask for: \
         `q` requests in `w` seconds, `r` of them at once, and all in `t` seconds. Errors are problem details (RFC 9457) with one of these \
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
        .property("claim", Ref::from_schema_name("ClaimView"))
        .property("sanction", Ref::from_schema_name("SanctionView"))
        .property(
            "featured",
            utoipa::openapi::schema::ArrayBuilder::new().items(Ref::from_schema_name("PutFeaturedItem")),
        )
        .property("state", text())
        .property("story_id", text().format(Some(SchemaFormat::Custom("uuid".to_owned()))))
        .property("undone_by", text().format(Some(SchemaFormat::Custom("uuid".to_owned()))))
        .property("version", text())
        .property("work", Ref::from_schema_name("WorkNeededView"))
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
