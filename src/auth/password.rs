//! Password hashing with argon2id (RFC 9106): bounded in memory, in cores and in waiters.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use subtle::ConstantTimeEq;

use crate::{
    clock::{Clock, Random},
    config::Config,
    gate::Gate,
};

/// Longer than any number of waiters that is configured in earnest takes, and less than the deadline of a handler.
const MAX_WAIT: Duration = Duration::from_secs(8);
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// Too many wait for their hash already.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("too many sign-ins at once")]
pub struct HasherBusy;

/// What came of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verified {
    /// Another password.
    No,
    /// The right one.
    Yes,
    /// The right one, but its hash is weaker than a new one would be.
    YesButWeak,
}

/// Hashes and compares, at most half as many at once as there are cores. Cheap to clone.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

struct Inner {
    params: Params,
    /// In front of half the cores.
    gate: Gate,
    /// Working memory, one piece for each that works at once, kept so that sign-ins do not grow and shrink the process.
    memory: Mutex<Vec<Vec<Block>>>,
    /// Of a password nobody has: compared against where there is no account, so that it takes as long.
    dummy: String,
    random: Random,
}

impl Hasher {
    /// As configured.
    pub fn new(config: &Config, random: Random, clock: &Clock) -> Self {
        let params = Params::new(config.argon2_memory_kib, config.argon2_passes, 1, Some(HASH_BYTES))
            .expect("the configuration's bounds are argon2's");
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let mut inner = Inner {
            gate: Gate::watched((cores / 2).max(1), config.argon2_max_waiting, MAX_WAIT, clock),
            memory: Mutex::new(Vec::new()),
            dummy: String::new(),
            params,
            random,
        };
        // a hash that no password has: nothing needs to be computed for it
        inner.dummy =
            inner.phc(&inner.params, &inner.random.bytes::<SALT_BYTES>(), &inner.random.bytes::<HASH_BYTES>());
        Self(Arc::new(inner))
    }

    /// How many wait for their hash.
    pub fn waiting(&self) -> usize {
        self.0.gate.load().waiting
    }

    /// How long the first of them has waited.
    pub fn behind(&self) -> Duration {
        self.0.gate.behind()
    }

    /// A new hash in the PHC string format.
    pub async fn hash(&self, password: String) -> Result<String, HasherBusy> {
        self.blocking(move |inner| {
            let salt = inner.random.bytes::<SALT_BYTES>();
            let hash = inner.compute(&inner.params, password.as_bytes(), &salt);
            inner.phc(&inner.params, &salt, &hash)
        })
        .await
    }

    /// Compares a password with a stored hash; without one it takes as long and is wrong.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verified, HasherBusy> {
        self.blocking(move |inner| inner.verify(&password, stored.as_deref())).await
    }

    /// Waits for a core, within bounds, then works on a blocking thread.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Result<T, HasherBusy> {
        let pass = self.0.gate.pass().await.map_err(|_| HasherBusy)?;
        let (inner, span) = (self.0.clone(), tracing::Span::current());
        let work = tokio::task::spawn_blocking(move || {
            let (_entered, _pass) = (span.enter(), pass);
            work(&inner)
        });
        work.await.map_err(|_| HasherBusy)
    }
}

impl Inner {
    fn verify(&self, password: &str, stored: Option<&str>) -> Verified {
        let parsed = stored.and_then(|phc| PasswordHash::new(phc).ok());
        let is_known = parsed.is_some();
        let parsed = parsed.unwrap_or_else(|| PasswordHash::new(&self.dummy).expect("made by ourselves"));
        let params = Params::try_from(&parsed);
        let (Ok(params), Some(salt), Some(hash)) = (params, parsed.salt, parsed.hash) else { return Verified::No };
        let computed = self.compute(&params, password.as_bytes(), salt.as_ref());
        let is_equal = bool::from(computed.ct_eq(hash.as_bytes()));
        let is_weak = params.m_cost() < self.params.m_cost() || params.t_cost() < self.params.t_cost();
        if is_weak && !is_equal {
            // a cheaper hash must not answer sooner than no account; the right one is hashed anew in any case
            self.compute(&self.params, password.as_bytes(), salt.as_ref());
        }
        match (is_equal && is_known, is_weak) {
            (false, _) => Verified::No,
            (true, false) => Verified::Yes,
            (true, true) => Verified::YesButWeak,
        }
    }

    fn compute(&self, params: &Params, password: &[u8], salt: &[u8]) -> Vec<u8> {
        let mut memory = self.memory.lock().map(|mut kept| kept.pop()).ok().flatten().unwrap_or_default();
        memory.resize(params.block_count().max(memory.len()), Block::default());
        let mut hash = vec![0; params.output_len().unwrap_or(HASH_BYTES)];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into_with_memory(password, salt, &mut hash, &mut memory[..params.block_count()])
            .expect("salt, hash and memory have their lengths");
        if let Ok(mut kept) = self.memory.lock() {
            kept.push(memory);
        }
        hash
    }

    fn phc(&self, params: &Params, salt: &[u8], hash: &[u8]) -> String {
        PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(params).expect("parameters are short"),
            salt: Some(Salt::new(salt).expect("sixteen bytes are a salt")),
            hash: Some(Output::new(hash).expect("thirty-two bytes are a hash")),
        }
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(name: &str, value: &str) -> Hasher {
        let config = Config::from_lookup(&|asked| (asked == name).then(|| value.into())).unwrap();
        Hasher::new(&config, Random::system(), &Clock::system())
    }

    #[tokio::test]
    async fn the_right_password_is_recognised_and_no_other() {
        let hasher = hasher("ARGON2_PASSES", "2");
        let hash = hasher.hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(hasher.verify("correct horse".to_owned(), Some(hash.clone())).await, Ok(Verified::Yes));
        assert_eq!(hasher.verify("correct hors".to_owned(), Some(hash)).await, Ok(Verified::No));
        assert_eq!(hasher.verify("correct horse".to_owned(), None).await, Ok(Verified::No));
    }

    #[tokio::test]
    async fn an_older_cheaper_hash_is_recognised_as_weak() {
        let hash = hasher("ARGON2_PASSES", "2").hash("correct horse".to_owned()).await.unwrap();
        let now = hasher("ARGON2_PASSES", "3");
        assert_eq!(now.verify("correct horse".to_owned(), Some(hash)).await, Ok(Verified::YesButWeak));
    }

    #[tokio::test]
    async fn a_wrong_password_costs_what_a_new_hash_does_whatever_is_stored() {
        let hash = hasher("ARGON2_MEMORY_KIB", "19456").hash("correct horse".to_owned()).await.unwrap();
        for stored in [Some(hash), None] {
            let now = hasher("ARGON2_MEMORY_KIB", "20480");
            assert_eq!(now.verify("correct hors".to_owned(), stored).await, Ok(Verified::No));
            let used: Vec<usize> = now.0.memory.lock().unwrap().iter().map(Vec::len).collect();
            assert_eq!(used, [20_480], "KiB, a block each");
        }
    }

    #[tokio::test]
    async fn half_the_cores_hash_and_so_many_wait_as_configured() {
        let hasher = hasher("ARGON2_MAX_WAITING", "4");
        let at_once = (std::thread::available_parallelism().unwrap().get() / 2).max(1);
        let mut passes = Vec::new();
        for _ in 0..at_once {
            passes.push(hasher.0.gate.pass().await.unwrap());
        }
        let mut waiting: Vec<_> = (0..4).map(|_| Box::pin(hasher.hash("correct horse".to_owned()))).collect();
        for hash in &mut waiting {
            assert!(tokio::time::timeout(Duration::ZERO, hash).await.is_err(), "it waits");
        }
        assert_eq!(hasher.hash("correct horse".to_owned()).await, Err(HasherBusy));
        drop((waiting, passes));
        let hash = || {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.hash("correct horse".to_owned()).await })
        };
        for hash in [hash(), hash(), hash(), hash()] {
            hash.await.unwrap().unwrap();
        }
        assert!(hasher.0.memory.lock().unwrap().len() <= at_once, "a piece for each that works at once");
    }
}
