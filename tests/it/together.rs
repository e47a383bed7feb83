//! Many at once.

use crate::app::{Request, Response};

/// Sends all requests before the first answer came; the answers in the same order.
pub async fn together(requests: impl IntoIterator<Item = Request>) -> Vec<Response> {
    let sent: Vec<_> = requests.into_iter().map(|request| actix_web::rt::spawn(request.send())).collect();
    let mut answers = Vec::with_capacity(sent.len());
    for answer in sent {
        answers.push(answer.await.unwrap());
    }
    answers
}

/// How many of the answers have this status.
pub fn with_status(answers: &[Response], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status.as_u16() == status).count()
}
