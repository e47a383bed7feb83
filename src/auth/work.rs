//! Proof of work: where many newcomers come at once, each pays with a moment of his computer's time. By ALTCHA's protocol
//! (version 2), with its own crate; nobody else is asked.
//!
//! A challenge is signed, salted, and bound to what it is for; who issued it keeps nothing. What was solved is good once:
//! the transaction that takes it writes it down, so that all instances agree.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use altcha::{Challenge, ChallengeParameters, HmacAlgorithm, Payload, VerifySolutionOptions};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use diesel::QueryResult;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::{
    keys::{Keys, Purpose},
    permission::Operation,
};
use crate::{
    clock::{Clock, Random},
    config::{Work, WorkMode},
    domain::{ids::*, timestamp::Timestamp},
    store::{Conn, spent_challenges},
};

/// How long a challenge may be worked at.
pub const TTL: Duration = Duration::from_secs(10 * 60);
/// Bytes of a solution at most; one of ours has some 700.
pub const SOLUTION_MAX_BYTES: usize = 4_096;
/// So long an account is new after it was proven whose it is.
const NEW: Duration = Duration::from_secs(7 * 24 * 3_600);
/// The time in which a rush is forgotten by half.
const HALF_LIFE: Duration = Duration::from_secs(5 * 60);
/// How much dearer work becomes at most.
const DEAREST: u32 = 16;
/// Rushes that are kept in mind; there are no more sites than admins make.
const RUSHES_MAX: usize = 1_024;

/// What browsers have of their own, so that solving takes no code but ALTCHA's.
const ALGORITHM: &str = "PBKDF2/SHA-256";
/// How the key that is looked for begins: one in 256 does.
const PREFIX: &str = "00";

/// What work is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Errand {
    /// A new account.
    SignUp,
    /// A reply on this site.
    Post(SiteId),
}

impl Errand {
    /// The operation that asks for it.
    pub fn operation(self) -> Operation {
        match self {
            Self::SignUp => Operation::CreateAccount,
            Self::Post(_) => Operation::CreateReply,
        }
    }

    /// The site.
    pub fn site(self) -> Option<SiteId> {
        match self {
            Self::SignUp => None,
            Self::Post(site) => Some(site),
        }
    }

    /// As it stands in the challenge.
    fn data(self) -> BTreeMap<String, serde_json::Value> {
        let data = [("operation", json!(self.operation().id())), ("site", json!(self.site()))];
        data.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Somebody worked for this, and has not used it yet as far as this instance knows.
#[derive(Clone, Debug)]
pub struct Proven {
    /// What names the challenge.
    nonce: Vec<u8>,
    data: BTreeMap<String, serde_json::Value>,
    useless_at: Timestamp,
}

/// What a request shows of work.
#[derive(Clone, Debug)]
pub enum Shown {
    Nothing,
    /// It is no solution of a challenge of ours, or one too late.
    Bad,
    Proven(Proven),
}

/// Asks for work and looks at it.
#[derive(Debug)]
pub struct Works {
    keys: Keys,
    config: Work,
    clock: Clock,
    rushes: Mutex<HashMap<Errand, Rush>>,
}

/// How many newcomers came lately: a count that is forgotten by half every [`HALF_LIFE`].
#[derive(Clone, Copy, Debug)]
struct Rush {
    count: f64,
    counted_at: Duration,
}

impl Rush {
    fn at(self, now: Duration) -> f64 {
        let halves = now.saturating_sub(self.counted_at).as_secs_f64() / HALF_LIFE.as_secs_f64();
        self.count * (-halves).exp2()
    }
}

impl Works {
    /// As configured.
    pub fn new(keys: Keys, config: Work, clock: Clock) -> Self {
        Self { keys, config, clock, rushes: Mutex::default() }
    }

    /// Whether whom this account belongs to is no newcomer any more: somebody read him and let him pass, or he has proven for some
    /// time who he is.
    pub fn trusts(approved: i64, proven_at: Option<Timestamp>, now: Timestamp) -> bool {
        approved > 0 || proven_at.is_some_and(|proven_at| now.since(proven_at) >= NEW)
    }

    /// A challenge for this, as dear as the rush there makes it.
    pub fn challenge(&self, errand: Errand, now: Timestamp, random: &Random) -> Challenge {
        let parameters = ChallengeParameters {
            algorithm: ALGORITHM.to_owned(),
            cost: self.cost(errand),
            data: Some(errand.data()),
            expires_at: Some(now.plus(TTL).as_secs()),
            key_length: 32,
            key_prefix: PREFIX.to_owned(),
            key_signature: None,
            memory_cost: None,
            nonce: hex(&random.bytes::<16>()),
            parallelism: None,
            salt: hex(&random.bytes::<16>()),
        };
        let secret = hex(&self.keys.hash(Purpose::Work, &[]));
        signed(parameters, &secret).expect("values of ours can be signed")
    }

    /// Whether newcomers have to show work for this at the moment.
    pub fn is_asked_for(&self, errand: Errand) -> bool {
        match self.config.mode {
            WorkMode::Off => false,
            WorkMode::On => true,
            WorkMode::Automatic => self.rush(errand) > f64::from(self.config.from),
        }
    }

    /// Iterations of a try: twice as many each time that a rush doubles.
    fn cost(&self, errand: Errand) -> u32 {
        let times = self.rush(errand) / f64::from(self.config.from);
        let mut dearer = 1;
        while f64::from(dearer * 2) <= times && dearer < DEAREST {
            dearer *= 2;
        }
        self.config.cost.saturating_mul(dearer)
    }

    fn rush(&self, errand: Errand) -> f64 {
        let rushes = self.rushes.lock().unwrap_or_else(PoisonError::into_inner);
        rushes.get(&errand).map_or(0.0, |rush| rush.at(self.clock.elapsed()))
    }

    /// Counts a newcomer who wants this.
    pub fn count(&self, errand: Errand) {
        let now = self.clock.elapsed();
        let mut rushes = self.rushes.lock().unwrap_or_else(PoisonError::into_inner);
        if rushes.len() >= RUSHES_MAX && !rushes.contains_key(&errand) {
            rushes.retain(|_, rush| rush.at(now) >= 1.0);
        }
        if rushes.len() < RUSHES_MAX || rushes.contains_key(&errand) {
            let count = rushes.get(&errand).map_or(0.0, |rush| rush.at(now)) + 1.0;
            rushes.insert(errand, Rush { count, counted_at: now });
        }
    }

    /// What a solution in base64 proves. It takes as long as a try of who solved it, so it belongs off the threads that serve.
    pub fn look_at(&self, solution: &str, now: Timestamp) -> Shown {
        self.proven(solution, now).map_or(Shown::Bad, Shown::Proven)
    }

    fn proven(&self, solution: &str, now: Timestamp) -> Option<Proven> {
        let json = BASE64.decode(solution).ok()?;
        let Payload { challenge, solution } = serde_json::from_slice(&json).ok()?;
        let Challenge { mut parameters, signature } = challenge;
        // nothing dear is done for what was not signed here
        let mut secrets = self.keys.hashes(Purpose::Work, &[]).map(|secret| hex(&secret));
        let secret = secrets.find(|secret| {
            let ours = signed(parameters.clone(), secret).and_then(|challenge| challenge.signature);
            ours.zip(signature.as_ref()).is_some_and(|(ours, shown)| ours.as_bytes().ct_eq(shown.as_bytes()).into())
        })?;
        let useless_at = Timestamp::from_micros(parameters.expires_at?.checked_mul(1_000_000)?);
        if useless_at <= now {
            return None;
        }
        // the crate compares with the machine's clock, and we did with the one that is passed in
        parameters.expires_at = None;
        let challenge = signed(parameters, &secret)?;
        let verified = altcha::verify_solution(VerifySolutionOptions::new(&challenge, &solution, secret)).ok()?;
        let Challenge { parameters, .. } = challenge;
        verified.verified.then_some(Proven { nonce: parameters.nonce.into_bytes(), data: parameters.data?, useless_at })
    }

    /// Takes a newcomer's work inside the transaction that it is for; false if it is no good, or was used before.
    pub fn take(conn: &mut Conn<'_>, shown: &Shown, errand: Errand) -> QueryResult<bool> {
        match shown {
            Shown::Proven(proven) if proven.data == errand.data() => {
                spent_challenges::spend(conn, &proven.nonce, proven.useless_at)
            }
            _ => Ok(false),
        }
    }
}

fn signed(mut parameters: ChallengeParameters, secret: &str) -> Option<Challenge> {
    altcha::sign_challenge(&HmacAlgorithm::Sha256, &mut parameters, None, secret, None).ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[path = "work_tests.rs"]
mod tests;
