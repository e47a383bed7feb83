//! The lists of a policy by themselves, as plain text: what people keep them in.

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, get, http::header, put, web};
use serde::Deserialize;
use std::{future::Future, pin::Pin};
use utoipa::ToSchema;

use super::{Expected, PolicyView, answer, etag, find_present, find_to_change, made_ready, store_next};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::rules::policy::Policy,
    http::{
        body::{HUGE, arrived, media_type, parse_texts},
        caller::Caller,
        problem::{Code, FieldError, Problem},
    },
    store::Conn,
};

/// A list of a policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyList {
    /// `words.hold`
    WordsHold,
    /// `words.spam`
    WordsSpam,
    /// `links.allow`
    LinksAllow,
    /// `links.deny`
    LinksDeny,
}

impl PolicyList {
    fn of(self, policy: &mut Policy) -> &mut Vec<String> {
        match self {
            Self::WordsHold => &mut policy.words.hold,
            Self::WordsSpam => &mut policy.words.spam,
            Self::LinksAllow => &mut policy.links.allow,
            Self::LinksDeny => &mut policy.links.deny,
        }
    }

    /// Where it stands in a policy, as a JSON pointer.
    fn pointer(self) -> &'static str {
        match self {
            Self::WordsHold => "/words/hold/",
            Self::WordsSpam => "/words/spam/",
            Self::LinksAllow => "/links/allow/",
            Self::LinksDeny => "/links/deny/",
        }
    }
}

/// The entries of a list, each with its line from 1; of JSON, its place. Empty lines of a text are nobody's.
#[derive(Clone, Debug)]
pub struct ListBody(Vec<(usize, String)>);

impl FromRequest for ListBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = match media_type(request).as_deref() {
            Some("application/json") => Ok(true),
            Some("text/plain") => Ok(false),
            _ => Err(Problem::new(Code::UnsupportedMediaType).detail("application/json or text/plain")),
        };
        let bytes = arrived(request, payload, HUGE);
        Box::pin(async move {
            let is_json = is_json?;
            let bytes = bytes.await?;
            if is_json {
                return Ok(Self((1..).zip(parse_texts(&bytes)?).collect()));
            }
            let text = std::str::from_utf8(&bytes)
                .map_err(|_| Problem::new(Code::InvalidRequest).detail("the text is not UTF-8"))?;
            if let Some(at) = text.find('\0') {
                let line = text[..at].matches('\n').count();
                return Err(Problem::field(format!("/{line}"), format!("line {}: NUL is not allowed", line + 1)));
            }
            let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().map(str::to_owned);
            Ok(Self((1..).zip(lines).filter(|(_, line)| !line.trim().is_empty()).collect()))
        })
    }
}

impl ListBody {
    /// The problem with a policy that has these entries in a list, told by the lines that were sent.
    fn by_lines(&self, list: PolicyList, problem: Problem) -> Problem {
        let told = |error: FieldError| {
            let index = error.pointer.strip_prefix(list.pointer()).and_then(|index| index.parse::<usize>().ok());
            let line = index.and_then(|index| self.0.get(index)).map(|(line, _)| *line);
            match (line, error.detail.split_once(": ")) {
                (Some(line), Some((_, detail))) => {
                    FieldError { pointer: format!("/{}", line - 1), detail: format!("line {line}: {detail}") }
                }
                _ => error,
            }
        };
        problem.map_fields(told)
    }
}

/// Show a list of a site's policy
///
/// One entry a line.
#[utoipa::path(
    tag = "policies",
    params(("list" = inline(PolicyList), Path)),
    responses((status = 200, content((String = "text/plain; charset=utf-8", example = json!("free money\nviagr*\n"))), headers(("ETag" = String)))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/policy/lists/{list}")]
pub async fn show_policy_list(
    caller: Caller,
    state: State,
    path: web::Path<(String, PolicyList)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let list = path.1;
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        find_present(conn, &caller, &path.0, Operation::ShowPolicyList)
    };
    let (_, PolicyView { version, mut policy, .. }) = state.db.read(read).await?;
    let text: String = list.of(&mut policy).iter().flat_map(|entry| [entry.as_str(), "\n"]).collect();
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, etag(version))).content_type("text/plain; charset=utf-8");
    Ok(response.body(text))
}

/// Replace a list of a site's policy
///
/// By the lines of a text or by a JSON array of texts. The rest of the policy stays as it is; what comes of it is a new
/// version. Entries that cannot be used are named one by one, by their lines.
#[utoipa::path(
    tag = "policies",
    params(("list" = inline(PolicyList), Path), ("If-Match" = String, Header)),
    request_body(content(
        (String = "text/plain", example = json!("free money\nviagr*\n")),
        (Vec<String> = "application/json", example = json!(["free money", "viagr*"]))
    )),
    responses((status = 200, body = PolicyView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[put("/api/v1/sites/{site}/policy/lists/{list}")]
pub async fn put_policy_list(
    caller: Caller,
    state: State,
    request: HttpRequest,
    path: web::Path<(String, PolicyList)>,
    body: ListBody,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let (key, list) = path.into_inner();
    let (reader, seen, of) = (caller.clone(), expected.clone(), key.clone());
    let read = move |conn: &mut Conn<'_>| {
        let caller = reader.sign_in(conn, now)?;
        find_present(conn, &caller, &of, Operation::PutPolicyList).and_then(|(site, view)| {
            seen.check(site.policy_version)?;
            Ok(view.policy)
        })
    };
    let mut policy = state.db.read(read).await?;
    *list.of(&mut policy) = body.0.iter().map(|(_, entry)| entry.clone()).collect();
    let (policy, _) = made_ready(&state, policy).await.map_err(|problem| body.by_lines(list, problem))?;
    let random = state.random.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let site = find_to_change(conn, &caller, &key, Operation::PutPolicyList, &expected)?;
        store_next(conn, &caller, &site, (&policy, None), (&random, now))
    };
    Ok(answer(state.db.write(write).await?))
}
