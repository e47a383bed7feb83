//! Errors as the API tells them: problem details (RFC 9457) with a code out of one closed table.

use std::time::Duration;

use actix_web::{
    HttpResponse, ResponseError,
    error::InternalError,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    auth::{limits::TooMany, password::HasherBusy, permission::Denial},
    judging::NotStored,
    store::{DbError, transaction::LostRace},
};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $status:literal $code:literal: $title:literal,)*) => {
        /// Every code that a problem can have.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code { $(#[doc = $title] $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name on the wire; never changes.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// What it means, for people.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

codes! {
    InvalidJson = 400 "invalid_json": "The body is not JSON",
    InvalidQuery = 400 "invalid_query": "The query has an unknown parameter or a value out of its range",
    InvalidCursor = 400 "invalid_cursor": "The cursor does not belong to this list",
    InvalidHeader = 400 "invalid_header": "A header is malformed",
    InvalidRequest = 400 "invalid_request": "The request cannot be read",
    SignOnUnknown = 400 "sign_on_unknown": "This browser did not begin to sign in, or too long ago; begin again at the page",
    Unauthenticated = 401 "unauthenticated": "A valid access token is needed",
    WrongCredentials = 401 "wrong_credentials": "No active account has this name and password",
    SecondFactorRequired = 401 "second_factor_required": "A code of the second factor is needed as well",
    WrongCode = 401 "wrong_code": "The code is not valid, or was used",
    InvalidRefreshToken = 401 "invalid_refresh_token": "The refresh token is not valid",
    InvalidSsoToken = 401 "invalid_sso_token": "The site's token is not valid, or was used",
    Forbidden = 403 "forbidden": "You may not do that",
    Suspended = 403 "suspended": "This account is suspended",
    WarningUnread = 403 "warning_unread": "There is a warning to be read first, at /api/v1/me/sanctions",
    EmailUnverified = 403 "email_unverified": "The site lets only those write whose e-mail address is confirmed",
    WorkNeeded = 403 "work_needed": "Newcomers show work first, as many come at once; see /api/v1/challenges",
    StaffFactorMissing = 403 "staff_factor_missing": "Rights of staff need a second factor, shown in this session",
    ProofNeeded = 403 "proof_needed": "Show again who you are, at /api/v1/sessions/current/proof",
    OriginNotAllowed = 403 "origin_not_allowed": "This website may not do that here",
    OwnReply = 403 "own_reply": "That cannot be done to one's own reply",
    InsufficientScope = 403 "insufficient_scope": "The key may not do that",
    UnknownSubject = 403 "unknown_subject": "The key acts for no such reader",
    FirstDecider = 403 "first_decider": "Whoever decided first does not decide the appeal",
    EditWindowOver = 403 "edit_window_over": "The time to edit this reply is over",
    NotFound = 404 "not_found": "There is no such thing",
    MethodNotAllowed = 405 "method_not_allowed": "This address does not take this method",
    RequestTimeout = 408 "request_timeout": "The request took too long to arrive",
    VersionConflict = 409 "version_conflict": "It has changed meanwhile",
    Claimed = 409 "claimed": "Somebody else looks at it",
    StateConflict = 409 "state_conflict": "That is not possible in its present state",
    UsernameTaken = 409 "username_taken": "This username is taken",
    UsernameChangedLately = 409 "username_changed_lately": "The username was changed a short time ago",
    KeyTaken = 409 "key_taken": "A site with this key exists",
    UrlTaken = 409 "url_taken": "This URL belongs to another story",
    StoryClosed = 409 "story_closed": "The story takes no replies",
    ParentNotPublic = 409 "parent_not_public": "The reply answered is not public",
    PreconditionFailed = 412 "precondition_failed": "It has changed since it was read",
    BodyTooLarge = 413 "body_too_large": "The body is too large",
    UriTooLong = 414 "uri_too_long": "The address is too long",
    UnsupportedMediaType = 415 "unsupported_media_type": "The body must be of another type, most often application/json",
    InvalidFields = 422 "invalid_fields": "Some fields are not valid",
    InvalidCode = 422 "invalid_code": "The code is not valid, or not any more",
    IdempotencyMismatch = 422 "idempotency_mismatch": "This Idempotency-Key was used with another body",
    PreconditionRequired = 428 "precondition_required": "If-Match must name what was read",
    TooManyRequests = 429 "too_many_requests": "Too many requests; wait before the next",
    TooManyAttempts = 429 "too_many_attempts": "Too many tries; wait before the next",
    TooManyReplies = 429 "too_many_replies": "Too many replies; wait before the next",
    Internal = 500 "internal": "Something went wrong here",
    Busy = 503 "busy": "The service is busy or its database cannot be reached; try again shortly",
    StorageFull = 507 "storage_full": "The service has no room to store anything",
}

/// One invalid field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// Where in the body: a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong, for people; never repeats the value.
    pub detail: String,
}

/// An error on its way out.
#[derive(Clone, Debug)]
pub struct Problem {
    code: Code,
    detail: Option<String>,
    errors: Vec<FieldError>,
    /// Further members, such as the present state of what changed.
    more: Map<String, Value>,
    retry_after: Option<Duration>,
    /// Logged once, never sent.
    cause: Option<String>,
    is_lost_race: bool,
}

impl Problem {
    /// A problem without further words.
    pub fn new(code: Code) -> Self {
        let is_passing = matches!(code, Code::Busy | Code::StorageFull);
        Self {
            code,
            detail: None,
            errors: Vec::new(),
            more: Map::new(),
            retry_after: is_passing.then_some(Duration::from_secs(2)),
            cause: None,
            is_lost_race: false,
        }
    }

    /// Of a transaction that lost against a concurrent one and may simply be tried again; what is seen if it keeps
    /// losing is a conflict.
    pub fn lost_race() -> Self {
        Self { is_lost_race: true, ..Self::new(Code::VersionConflict) }
    }

    /// With words about this occurrence.
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// One invalid field.
    pub fn field(pointer: impl Into<String>, detail: impl ToString) -> Self {
        Self::fields(vec![FieldError { pointer: pointer.into(), detail: detail.to_string() }])
    }

    /// Invalid fields.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(Code::InvalidFields) }
    }

    /// With each invalid field told in another way.
    pub fn map_fields(mut self, tell: impl FnMut(FieldError) -> FieldError) -> Self {
        self.errors = self.errors.into_iter().map(tell).collect();
        self
    }

    /// With the places of invalid fields below another one.
    pub fn below(self, pointer: &str) -> Self {
        self.map_fields(|error| FieldError { pointer: format!("{pointer}{}", error.pointer), ..error })
    }

    /// With a further member.
    pub fn with(mut self, member: &str, value: impl Serialize) -> Self {
        self.more.insert(member.to_owned(), serde_json::to_value(value).unwrap_or_default());
        self
    }

    /// With a cause for the log.
    pub fn caused_by(self, cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string()), ..self }
    }

    /// To be tried again after this time.
    pub fn retry_after(self, time: Duration) -> Self {
        Self { retry_after: Some(time), ..self }
    }

    /// All that whoever asked is told, in one line.
    pub fn told(&self) -> String {
        let mut words = self.code.title().to_owned();
        self.detail.iter().for_each(|detail| words.push_str(&format!(": {detail}")));
        for error in &self.errors {
            words.push_str(&format!("; {} {}", error.pointer.trim_start_matches('/'), error.detail));
        }
        words
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }
}

/// A problem's body (RFC 9457).
#[derive(Serialize, ToSchema)]
pub struct ProblemBody<'a> {
    /// Identifies the code: its place in the API's documents.
    #[serde(rename = "type")]
    #[schema(rename = "type", examples("/docs/problems#not_found"))]
    kind: String,
    /// What the code means, for people.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened this time, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// The code; the closed table stands in this document's description.
    code: &'static str,
    /// Invalid fields, each with its place in the body.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    /// Further members: `current` holds the present state of what changed meanwhile, `featured` what is featured under the
    /// story, `sanction` the one that holds already, `state` that of a decision about many and `undone_by` its undoing,
    /// `story_id` the story that has the URL, `version` the present tag of what `If-Match` was about, `work` how a challenge is got.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    more: &'a Map<String, Value>,
}

/// In words, as the commands say it.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.told())?;
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({cause})"))
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        if let Some(cause) = &self.cause {
            tracing::error!(code = self.code.as_str(), %cause, "request failed");
        }
        let mut response = HttpResponse::build(self.status_code());
        response.content_type("application/problem+json");
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if self.code.status() == 401 {
            // RFC 6750, section 3: the error is named only where a token was shown, and none is needed to say so
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"rejoinder\""));
        }
        if let Some(time) = self.retry_after {
            let secs = time.as_secs() + u64::from(time.subsec_nanos() > 0);
            response.insert_header((header::RETRY_AFTER, secs.max(1)));
        }
        response.json(ProblemBody {
            kind: format!("/docs/problems#{}", self.code.as_str()),
            title: self.code.title(),
            status: self.code.status(),
            detail: self.detail.as_deref(),
            code: self.code.as_str(),
            errors: &self.errors,
            more: &self.more,
        })
    }
}

/// The answer to an error for which there is no request any more, with further headers: by itself actix would send it
/// without them.
pub fn with_headers(error: &actix_web::Error, add: impl FnOnce(&mut HeaderMap)) -> actix_web::Error {
    let mut response = error.error_response();
    add(response.headers_mut());
    InternalError::from_response("answered", response).into()
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Busy => Self::new(Code::Busy),
            DbError::Unreachable(cause) => Self::new(Code::Busy).caused_by(cause),
            DbError::Panicked => Self::new(Code::Internal),
            DbError::Query(error) => error.into(),
        }
    }
}

impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        let code = match &error {
            error if error.is_lost_race() => Code::Busy,
            Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _) | Error::BrokenTransactionManager => {
                Code::Busy
            }
            Error::DatabaseError(_, about) => match about.message() {
                text if text.contains("disk is full") || text.contains("No space left") => Code::StorageFull,
                text if IS_PASSING.iter().any(|part| text.contains(part)) => Code::Busy,
                _ => Code::Internal,
            },
            _ => Code::Internal,
        };
        Self { is_lost_race: error.is_lost_race(), ..Self::new(code).caused_by(error) }
    }
}

/// What databases say when nothing is wrong with the statement.
const IS_PASSING: [&str; 9] = [
    "database is locked",
    "attempt to write a readonly database",
    "disk I/O error",
    "server closed the connection",
    "terminating connection",
    "canceling statement",
    "no connection to the server",
    "lock timeout",
    "the database system is",
];

impl From<Problem> for NotStored<Problem> {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl LostRace for Problem {
    fn is_lost_race(&self) -> bool {
        self.is_lost_race
    }
}

impl From<Denial> for Problem {
    fn from(denial: Denial) -> Self {
        Self::new(match denial {
            Denial::Unseen => Code::NotFound,
            Denial::Forbidden => Code::Forbidden,
            Denial::Suspended => Code::Suspended,
            Denial::Warned => Code::WarningUnread,
            Denial::OutOfScope(lack) => return Self::new(Code::InsufficientScope).detail(lack.to_string()),
            Denial::Unidentified => Code::EmailUnverified,
            Denial::FactorMissing => Code::StaffFactorMissing,
            Denial::Unproven => Code::ProofNeeded,
        })
    }
}

impl From<TooMany> for Problem {
    fn from(TooMany { retry_after }: TooMany) -> Self {
        Self::new(Code::TooManyAttempts).retry_after(retry_after)
    }
}

impl From<HasherBusy> for Problem {
    fn from(_: HasherBusy) -> Self {
        Self::new(Code::Busy)
    }
}
