//! Work that takes long and needs no database: off the threads that serve, and off the connections.

use super::problem::{Code, Problem};

/// Runs work on a blocking thread, in the request's span.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let span = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || span.in_scope(work)).await;
    done.unwrap_or_else(|cause| Err(Problem::new(Code::Internal).caused_by(cause)))
}
