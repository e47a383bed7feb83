//! Names into addresses, each of them looked at before any is dialled.
//!
//! The connection goes to what was looked at: a second look-up could tell something else (DNS rebinding). A host of
//! which one address is refused is refused whole: a public name has no business pointing inside, and whether it may be
//! asked must not depend on which of its addresses happens to answer.

use std::{
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use hyper_util::client::legacy::connect::dns::Name;
use tokio::sync::oneshot;
use tower_service::Service;

use super::guard::Guard;
use crate::gate::Gate;

/// Look-ups at once. Each has a thread, which the system's resolver may keep for many seconds.
const AT_ONCE: usize = 8;
/// Look-ups that wait for one to end.
const MAX_WAITING: usize = 64;
/// The most addresses that are tried, so that each has a fair part of the deadline.
const MAX_TRIED: usize = 4;

type Find = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

/// Tells the addresses of a name.
#[derive(Clone)]
pub struct Names(Arc<Find>);

impl Names {
    /// As the system knows them.
    pub fn system() -> Self {
        Self::from_fn(|name| Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect()))
    }

    /// As this function says, which may block.
    pub fn from_fn(find: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names")
    }
}

/// Why a name is not dialled.
#[derive(Debug, thiserror::Error)]
pub(super) enum LookupError {
    /// One of its addresses is refused.
    #[error("the name leads to an address that is refused")]
    Refused,
    /// It has none.
    #[error("the name has no address")]
    Nothing,
    /// So many are looked up that this one had no turn.
    #[error("too many names are being looked up")]
    Crowded,
    /// It could not be looked up.
    #[error(transparent)]
    Failed(#[from] io::Error),
}

/// What the connector asks.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    names: Names,
    guard: Guard,
    gate: Arc<Gate>,
}

impl Lookup {
    /// Looks names up here, within this time.
    pub(super) fn new(names: Names, guard: Guard, deadline: Duration) -> Self {
        Self { names, guard, gate: Arc::new(Gate::new(AT_ONCE, MAX_WAITING, deadline)) }
    }

    async fn find(self, name: String) -> Result<Vec<SocketAddr>, LookupError> {
        let pass = self.gate.pass().await.map_err(|_| LookupError::Crowded)?;
        let (tell, told) = oneshot::channel();
        let Names(find) = self.names;
        // not in the pool that databases and passwords work in: a resolver that hangs would take it up
        std::thread::Builder::new().name("lookup".to_owned()).spawn(move || {
            let found = find(&name);
            drop(pass);
            // who asked may have gone away
            let _ = tell.send(found);
        })?;
        let addresses = told.await.map_err(|_| LookupError::Nothing)??;
        if addresses.is_empty() {
            return Err(LookupError::Nothing);
        }
        if !addresses.iter().all(|address| self.guard.allows(*address)) {
            return Err(LookupError::Refused);
        }
        // the connector puts the port in
        Ok(addresses.into_iter().take(MAX_TRIED).map(|address| SocketAddr::new(address, 0)).collect())
    }
}

impl Service<Name> for Lookup {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = LookupError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let lookup = self.clone();
        Box::pin(async move { Ok(lookup.find(name.as_str().to_owned()).await?.into_iter()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn find(addresses: &'static [&'static str], guard: Guard) -> Result<Vec<SocketAddr>, LookupError> {
        let names = Names::from_fn(|_| Ok(addresses.iter().map(|address| address.parse().unwrap()).collect()));
        Lookup::new(names, guard, Duration::from_secs(2)).find("endpoint.test".to_owned()).await
    }

    #[tokio::test]
    async fn a_name_with_one_refused_address_is_refused_wherever_it_stands() {
        let strict = Guard::new(false);
        for addresses in [&["10.0.0.1"][..], &["8.8.8.8", "10.0.0.1"], &["::1", "8.8.8.8"]] {
            assert!(matches!(find(addresses, strict).await, Err(LookupError::Refused)), "{addresses:?}");
        }
        let late = &["8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "127.0.0.1"];
        assert!(matches!(find(late, strict).await, Err(LookupError::Refused)), "also behind those that are tried");
        assert_eq!(find(late, Guard::new(true)).await.unwrap().len(), MAX_TRIED);
    }

    #[tokio::test]
    async fn public_addresses_are_given_in_their_order() {
        let found = find(&["2606::1", "8.8.8.8"], Guard::new(false)).await.unwrap();
        assert_eq!(found, ["[2606::1]:0".parse().unwrap(), "8.8.8.8:0".parse().unwrap()]);
        assert!(matches!(find(&[], Guard::new(true)).await, Err(LookupError::Nothing)));
    }
}
