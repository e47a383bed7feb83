//! The deadline of a whole handler.

use std::time::Duration;

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
use tokio::time::timeout;

use super::problem::{Code, Problem};

/// From the head of the request to the head of the answer.
const HANDLER: Duration = Duration::from_secs(10);

/// Answers 503 when the handler takes too long. What it began in the database ends there, whole or not at all.
pub async fn bound(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match timeout(HANDLER, next.call(request)).await {
        Ok(outcome) => outcome.map(ServiceResponse::map_into_boxed_body),
        Err(_) => Err(Problem::new(Code::Busy).caused_by("a handler took longer than its deadline").into()),
    }
}
