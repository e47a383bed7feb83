//! `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): what creates something creates it once.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use uuid::Uuid;

use super::problem::{Code, Problem};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{ids::*, timestamp::Timestamp},
    store::{
        Conn,
        idempotency::{self, Claim, IdempotencyKey},
    },
};

/// Characters of a key.
const MAX_CHARS: usize = 200;

/// The header, if there is one.
#[derive(Clone, Debug)]
pub struct Once {
    key: Option<String>,
    /// How long keys are remembered.
    kept: Duration,
}

impl FromRequest for Once {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all("idempotency-key");
        let key = match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value
                .to_str()
                .ok()
                // the draft has a quoted string; the bare form is what most clients send
                .map(|text| text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text))
                .filter(|key| {
                    (1..=MAX_CHARS).contains(&key.len())
                        && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
                })
                .map(|key| Some(key.to_owned()))
                .ok_or_else(malformed),
            (Some(_), Some(_)) => Err(malformed()),
        };
        let state: &State = request.app_data().expect("the application has its state");
        let kept = state.config.retention.idempotency_keys;
        ready(key.map(|key| Self { key, kept }))
    }
}

fn malformed() -> Problem {
    Problem::new(Code::InvalidHeader).detail("Idempotency-Key: one value of 1 to 200 visible ASCII characters")
}

/// What was created, as its answer names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Created {
    pub status: u16,
    pub location: Option<String>,
    pub object_id: Option<Uuid>,
}

impl Created {
    /// A new object at this address.
    pub fn at(location: String, object_id: impl Into<Uuid>) -> Self {
        Self { status: 201, location: Some(location), object_id: Some(object_id.into()) }
    }
}

impl Once {
    /// By a key that a form of ours holds.
    pub fn by(key: String, state: &State) -> Self {
        Self { key: Some(key), kept: state.config.retention.idempotency_keys }
    }

    /// Does `work` unless a request with the same key and body did it before, and says what came of it either way.
    /// Failures are not kept: the transaction takes the claim back with everything else.
    pub fn run<E: From<Problem>>(
        &self,
        conn: &mut Conn<'_>,
        caller: AccountId,
        (operation, object): (Operation, &str),
        body_hash: [u8; 32],
        now: Timestamp,
        work: impl FnOnce(&mut Conn<'_>) -> Result<Created, E>,
    ) -> Result<Created, E> {
        let Some(key) = &self.key else { return work(conn) };
        let claim = IdempotencyKey {
            account_id: caller,
            // the object is a part of the operation: the same key under two stories makes two replies; and so is the API
            // key that acts for somebody, whose own requests know nothing of its
            operation: match conn.key() {
                None => format!("{} {object}", operation.id()),
                Some(key) => format!("{} {object} by {key}", operation.id()),
            },
            key: key.clone(),
            body_hash: body_hash.to_vec(),
            status: 0,
            location: None,
            object_id: None,
            created_at: now,
        };
        match idempotency::claim(conn, &claim, self.kept).map_err(Problem::from)? {
            Claim::Known(known) if known.body_hash == body_hash => Ok(Created {
                status: u16::try_from(known.status).unwrap_or(200),
                location: known.location,
                object_id: known.object_id.map(|id| id.0),
            }),
            Claim::Known(_) => Err(Problem::new(Code::IdempotencyMismatch).into()),
            Claim::Fresh => {
                let created = work(conn)?;
                idempotency::settle(
                    conn,
                    &IdempotencyKey {
                        status: created.status.into(),
                        location: created.location.clone(),
                        object_id: created.object_id.map(ObjectId),
                        ..claim
                    },
                )
                .map_err(Problem::from)?;
                Ok(created)
            }
        }
    }
}
