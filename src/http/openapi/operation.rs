//! What follows for each operation from the tables of permissions and problem codes: parameters, refusals, examples.

use std::collections::BTreeMap;

use utoipa::{
    PartialSchema,
    openapi::{
        Content, ObjectBuilder, Ref, RefOr, ResponseBuilder,
        header::HeaderBuilder,
        path::{HttpMethod, Operation as Described, Parameter, ParameterBuilder, ParameterIn},
        schema::{SchemaFormat, Type},
    },
};

use super::examples;
use crate::{
    auth::{
        permission::{Operation, Rule},
        scopes::{Need, need},
        work::SOLUTION_MAX_BYTES,
    },
    domain::{api_key::Scope, story::EXTERNAL_ID_MAX_CHARS},
    http::{cursor, problem::Code},
};

/// Completes what the handler says of its operation.
pub(super) fn complete(path: &str, method: &HttpMethod, described: &mut Described) {
    let Some(operation) = described.operation_id.as_deref().and_then(Operation::parse) else { return };
    let parameters = described.parameters.take().unwrap_or_default().into_iter().filter_map(inline);
    let mut parameters: Vec<Parameter> = parameters.map(explained).collect();
    let is_closed_set = |name: &str| matches!(name, "role" | "list");
    parameters.retain(|parameter| parameter.parameter_in != ParameterIn::Path || is_closed_set(&parameter.name));
    let in_path: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
    for name in in_path.iter().rev().filter(|name| !is_closed_set(name)) {
        parameters.insert(0, path_parameter(name));
    }
    let who = match need(operation) {
        None => format!("{}.", who_may(operation.rule())),
        Some(Need::Itself(scope)) => format!("{}; a key with the scope `{scope}`.", who_may(operation.rule())),
        Some(Need::ForReader(scope)) => {
            let both = if scope == Scope::RepliesActAs { "" } else { "`replies:act_as` and " };
            format!("{}; a key with {both}`{scope}`, for a reader.", who_may(operation.rule()))
        }
    };
    described.description = Some(match described.description.take().filter(|words| !words.is_empty()) {
        Some(words) => format!("{words}\n\n{who}"),
        None => who,
    });
    if let Some(Need::ForReader(_)) = need(operation) {
        parameters.push(header_parameter(
            "Act-As",
            "With a key: for whom, as the key of one of the site's issuers, a space, and a subject",
            ACT_AS_MAX_BYTES,
        ));
    }
    let is_tagged = operation.rule() == Rule::Public && *method == HttpMethod::Get && !path.ends_with('z');
    if is_tagged {
        parameters.push(header_parameter("If-None-Match", "Tags of the bytes that the reader has", TAGS_MAX_BYTES));
    }
    if let Some(RefOr::T(body)) = &mut described.request_body {
        body.content.values_mut().for_each(examples::add);
    }
    let has_cursor = parameters.iter().any(|parameter| parameter.name == "cursor");
    let mut codes =
        vec![Code::Busy, Code::Internal, Code::InvalidRequest, Code::InvalidQuery, Code::UriTooLong, Code::NotFound];
    if described.request_body.is_some() {
        codes.extend([Code::InvalidJson, Code::UnsupportedMediaType, Code::BodyTooLarge, Code::RequestTimeout]);
        codes.push(Code::InvalidFields);
    }
    if has_cursor {
        codes.push(Code::InvalidCursor);
    }
    if operation.needs_caller() {
        codes.extend([Code::Unauthenticated, Code::Suspended, Code::OriginNotAllowed, Code::Forbidden]);
        // also who may not by a key is told so, and an `Act-As` is read before it is known what for
        codes.extend([Code::InsufficientScope, Code::UnknownSubject, Code::InvalidHeader]);
    }
    if operation.needs_proof() {
        codes.push(Code::ProofNeeded);
    }
    if operation.is_for_staff() {
        codes.push(Code::StaffFactorMissing);
    }
    if operation.rule() == Rule::Guest {
        codes.push(Code::OriginNotAllowed);
    }
    // what everybody reads only where the service is configured so
    codes.push(Code::TooManyRequests);
    // every public read looks at `If-None-Match`
    if operation.rule() == Rule::Public
        || parameters.iter().any(|parameter| parameter.parameter_in == ParameterIn::Header)
    {
        codes.push(Code::InvalidHeader);
    }
    if *method != HttpMethod::Get || operation == Operation::ShowReadiness {
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
            response.content.values_mut().for_each(examples::add);
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
        "202" => "begun",
        "204" => "done",
        _ => "as asked",
    }
}

/// Who may do what has this rule, in words.
fn who_may(rule: Rule) -> &'static str {
    match rule {
        Rule::Public => "Everybody may, and all get the same answer",
        Rule::Guest => "Everybody may, without a token",
        Rule::SignedIn => "Whoever is signed in may, also who is suspended on the site",
        Rule::Participant => "Whoever is signed in and not suspended on the site may",
        Rule::Owner => "Whose it is may, unless suspended on the site",
        Rule::OwnerAlways => "Whose it is may, also who is suspended on the site",
        Rule::OwnerOrModerator => "Whose it is may, unless suspended on the site, and moderators of the site",
        Rule::OwnerAlwaysOrModerator => {
            "Whose it is may, also who is suspended on the site, and moderators of the site"
        }
        Rule::Staff => "Authors and moderators of the site may, and admins",
        Rule::Moderator => "Moderators of the site may, and admins",
        Rule::ModeratorIfAllowed => "Admins may, and moderators where the site lets them",
        Rule::ModeratorAbove => {
            "Moderators of the site may, and admins, about an account of lower rank; everywhere only admins"
        }
        Rule::ModeratorSomewhere => "Moderators of any site may, about what they moderate, and admins",
        Rule::Admin => "Admins may",
    }
}

/// What an operation refuses beside what its parts do.
pub(in crate::http) fn own_codes(operation: Operation) -> &'static [Code] {
    match operation {
        Operation::CreateAccount => &[Code::UsernameTaken, Code::TooManyAttempts, Code::WorkNeeded],
        Operation::CreateSession => {
            &[Code::WrongCredentials, Code::SecondFactorRequired, Code::WrongCode, Code::TooManyAttempts]
        }
        Operation::ProveSession => &[
            Code::WrongCredentials,
            Code::SecondFactorRequired,
            Code::WrongCode,
            Code::TooManyAttempts,
            Code::StateConflict,
        ],
        Operation::BeginSecondFactor => &[Code::StateConflict],
        Operation::ConfirmSecondFactor | Operation::RenewRecoveryCodes | Operation::RemoveSecondFactor => {
            &[Code::WrongCode, Code::TooManyAttempts, Code::StateConflict]
        }
        Operation::RefreshSession => &[Code::InvalidRefreshToken],
        Operation::CreateSsoSession => &[Code::InvalidSsoToken, Code::TooManyAttempts],
        Operation::BeginOidcSignOn => &[Code::TooManyAttempts],
        Operation::FinishOidcSignOn => &[Code::SignOnUnknown, Code::TooManyAttempts],
        Operation::CreateOidcSession => &[Code::WrongCode, Code::TooManyAttempts],
        Operation::AddIdentity => &[Code::InvalidSsoToken, Code::TooManyAttempts, Code::StateConflict],
        Operation::DeleteIdentity | Operation::ClaimAuthors => &[Code::StateConflict],
        Operation::ChangeEmail => &[Code::WrongCredentials, Code::TooManyAttempts, Code::StateConflict],
        Operation::SendEmailCode => &[Code::TooManyAttempts, Code::StateConflict],
        Operation::ConfirmMyEmail => &[Code::InvalidCode, Code::StateConflict],
        Operation::ConfirmEmail | Operation::RestoreEmail => {
            &[Code::InvalidCode, Code::StateConflict, Code::TooManyAttempts]
        }
        Operation::RequestPasswordReset => &[Code::TooManyAttempts],
        Operation::ResetPassword => &[Code::InvalidCode, Code::TooManyAttempts],
        Operation::UpdateMe => &[Code::UsernameTaken, Code::UsernameChangedLately],
        Operation::ChangePassword => &[Code::WrongCredentials, Code::TooManyAttempts],
        Operation::CloseAccount => &[Code::WrongCredentials, Code::ProofNeeded, Code::TooManyAttempts],
        Operation::RequestOwnData => &[Code::TooManyAttempts],
        Operation::CreateSite => &[Code::KeyTaken, Code::IdempotencyMismatch],
        Operation::UpdateSite => &[Code::KeyTaken, Code::UrlTaken],
        Operation::PutStory => &[Code::PreconditionFailed, Code::UrlTaken, Code::StateConflict, Code::VersionConflict],
        Operation::CreateReply => &[
            Code::WarningUnread,
            Code::EmailUnverified,
            Code::WorkNeeded,
            Code::StoryClosed,
            Code::ParentNotPublic,
            Code::TooManyReplies,
            Code::IdempotencyMismatch,
        ],
        Operation::UpdateReply => {
            &[Code::EmailUnverified, Code::VersionConflict, Code::StateConflict, Code::EditWindowOver]
        }
        Operation::RecommendReply | Operation::UnrecommendReply => &[Code::OwnReply],
        Operation::ReportReply => &[Code::EmailUnverified, Code::IdempotencyMismatch],
        Operation::CreateNotice => {
            &[Code::VersionConflict, Code::StateConflict, Code::TooManyAttempts, Code::IdempotencyMismatch]
        }
        Operation::CreateGuestNotice => {
            &[Code::Forbidden, Code::VersionConflict, Code::StateConflict, Code::TooManyAttempts]
        }
        Operation::DecideNotice => {
            &[Code::OwnReply, Code::VersionConflict, Code::StateConflict, Code::IdempotencyMismatch]
        }
        Operation::DecideReply => {
            &[Code::OwnReply, Code::VersionConflict, Code::StateConflict, Code::IdempotencyMismatch]
        }
        Operation::TakeNext => &[Code::StateConflict],
        Operation::HoldClaim => &[Code::Claimed, Code::StateConflict, Code::FirstDecider],
        Operation::CreateAppeal => &[Code::StateConflict, Code::IdempotencyMismatch],
        Operation::DecideAppeal => {
            &[Code::OwnReply, Code::VersionConflict, Code::StateConflict, Code::FirstDecider, Code::IdempotencyMismatch]
        }
        Operation::PutPolicy
        | Operation::RestorePolicy
        | Operation::PutPolicyList
        | Operation::PutOutsideCheck
        | Operation::DeleteOutsideCheck => &[Code::PreconditionFailed, Code::PreconditionRequired],
        Operation::PutFeatured => &[Code::PreconditionFailed, Code::PreconditionRequired, Code::StateConflict],
        Operation::PutBadge | Operation::DeleteBadge | Operation::PutIssuer => {
            &[Code::PreconditionFailed, Code::PreconditionRequired, Code::StateConflict]
        }
        Operation::CreateApiKey => &[Code::StateConflict, Code::IdempotencyMismatch],
        Operation::RotateApiKey => &[Code::PreconditionFailed, Code::PreconditionRequired, Code::StateConflict],
        Operation::RevokeApiKey => &[Code::PreconditionFailed, Code::PreconditionRequired],
        Operation::DeleteIssuer => &[Code::PreconditionFailed, Code::PreconditionRequired],
        Operation::AddAccountNote | Operation::AddReplyNote => &[Code::StateConflict, Code::IdempotencyMismatch],
        Operation::GrantBadge => &[Code::StateConflict],
        Operation::FeatureReply => &[Code::StateConflict],
        Operation::DecideMany => &[Code::StateConflict, Code::IdempotencyMismatch],
        Operation::MuteAccount => &[Code::StateConflict],
        Operation::UndoBulk => &[Code::StateConflict, Code::IdempotencyMismatch],
        Operation::CreateSavedQueue => &[Code::StateConflict, Code::IdempotencyMismatch],
        Operation::PutSavedQueue | Operation::DeleteSavedQueue => {
            &[Code::PreconditionFailed, Code::PreconditionRequired]
        }
        Operation::SimulatePolicy | Operation::RerunPolicy | Operation::UndoPolicyRun => &[Code::StateConflict],
        Operation::ImposeSanction => &[Code::StateConflict, Code::IdempotencyMismatch],
        Operation::ReadWarning => &[Code::StateConflict],
        // it says in the log that it was asked for
        Operation::ExportLog => &[Code::StorageFull],
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
        true if codes.contains(&Code::TooManyRequests) => ["RateLimit", "RateLimit-Policy"]
            .into_iter()
            .fold(response, |response, name| response.header(name, header::<String>()))
            .header("Retry-After", header::<u32>()),
        true => response.header("Retry-After", header::<u32>()),
        false if codes.iter().any(|code| code.status() == 401) => {
            response.header("WWW-Authenticate", header::<String>())
        }
        false => response,
    }
    .build()
}

fn path_parameter(name: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
    let (words, schema) = match name {
        "site" => ("The site's key".to_owned(), text.max_length(Some(40))),
        "badge" => ("The badge's key".to_owned(), text.max_length(Some(40))),
        "issuer" => ("The issuer's key".to_owned(), text.max_length(Some(40))),
        "version" => {
            let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
            ("The version's number".to_owned(), number)
        }
        "reference" => ("What the notice is known by".to_owned(), text.max_length(Some(40))),
        "external_id" => ("The site's own id of the story".to_owned(), text.max_length(Some(EXTERNAL_ID_MAX_CHARS))),
        name => {
            let id = ObjectBuilder::new().schema_type(Type::String);
            let id = id.format(Some(SchemaFormat::Custom("uuid".to_owned())));
            (format!("The {}'s id", name.trim_end_matches("_id")), id)
        }
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(utoipa::openapi::Required::True)
        .description(Some(words))
        .schema(Some(schema))
        .build()
}

/// What a handler names without words of its own.
fn explained(mut parameter: Parameter) -> Parameter {
    match parameter.name.as_str() {
        "Idempotency-Key" => header_parameter(
            "Idempotency-Key",
            "1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice",
            200,
        ),
        "If-Match" => {
            let words = "Tags of what was read, one of which it must still have";
            let mut described = header_parameter("If-Match", words, TAGS_MAX_BYTES);
            described.required = parameter.required;
            described
        }
        "Altcha" => header_parameter(
            "Altcha",
            "The solution of a challenge, where newcomers have to show one",
            SOLUTION_MAX_BYTES,
        ),
        "If-None-Match" => header_parameter("If-None-Match", "`*`: there must be no such story yet", TAGS_MAX_BYTES),
        "cursor" => {
            parameter.schema = Some(text(cursor::MAX_CHARS).into());
            parameter
        }
        "role" => {
            parameter.description = Some("The role".to_owned());
            parameter
        }
        "list" => {
            parameter.description = Some("The list".to_owned());
            parameter
        }
        _ => parameter,
    }
}

/// Bytes of two names and a space.
const ACT_AS_MAX_BYTES: usize = 300;
/// Bytes of a list of tags.
const TAGS_MAX_BYTES: usize = 4_096;

fn text(max_length: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).max_length(Some(max_length))
}

fn header_parameter(name: &str, words: &str, max_length: usize) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .description(Some(words))
        .schema(Some(text(max_length)))
        .build()
}
