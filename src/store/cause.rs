//! Which request a transaction belongs to: told to the log without every function's passing it on.

use std::sync::Arc;

tokio::task_local! {
    static REQUEST: Arc<str>;
}

/// Runs a future whose transactions belong to this request.
pub async fn within<F: Future>(request: Arc<str>, future: F) -> F::Output {
    REQUEST.scope(request, future).await
}

/// The request that this task works for, if it does for one.
pub(super) fn request() -> Option<Arc<str>> {
    REQUEST.try_with(Arc::clone).ok()
}
