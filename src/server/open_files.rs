//! How many files and sockets may be open: as many as the system lets us, since each connection is one.

use rlimit::Resource;

/// Raises the soft limit to the hard one, and logs what came of it: the service runs with either.
pub(super) fn raise() {
    let raised = Resource::NOFILE.get().and_then(|(soft, hard)| {
        if soft < hard {
            Resource::NOFILE.set(hard, hard)?;
        }
        Ok((soft, hard))
    });
    match raised {
        Ok((soft, hard)) if soft < hard => tracing::info!(from = soft, to = hard, "raised the limit of open files"),
        Ok((_, hard)) => tracing::info!(limit = hard, "the limit of open files is as high as it may be"),
        Err(cause) => tracing::warn!(%cause, "the limit of open files could not be raised"),
    }
}
