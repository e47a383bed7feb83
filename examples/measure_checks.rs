//! What each request pays before its work begins: `scripts/bench` runs it. A good access token is verified, and a request
//! is counted by its account, its address and its site, where a hundred thousand readers have buckets already.
//!
//! Prints a JSON object: the nanoseconds that one of each takes, the median of the samples.

use std::{
    hint::black_box,
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use rejoinder::{
    auth::{
        buckets::{Buckets, Whose},
        keys::Keys,
        kind::Kind,
        token::{AccessTokens, Proof},
    },
    clock::{Clock, Random},
    config::Config,
    domain::ids::{AccountId, SiteId},
};
use serde_json::json;
use uuid::Uuid;

const SAMPLES: u32 = 40;
/// Of each in a sample.
const TIMES: u32 = 10_000;
const READERS: u32 = 100_000;
const ISSUER: &str = "https://comments.example.org";

fn main() {
    let (clock, random) = (Clock::system(), Random::system());
    let now = clock.now();
    let tokens = AccessTokens::new(Keys::generate(&random), ISSUER.to_owned(), Duration::from_secs(600));
    let proof = Proof { account_id: random.id(now), session_id: random.id(now) };
    let token = tokens.issue(proof, now, &random);
    assert_eq!(tokens.verify(&token, now), Some(proof), "the token is good");

    // the paces that a service has when nobody sets any
    let paces = Config::from_lookup(&|_| None).expect("all has defaults").paces;
    let buckets = Buckets::new(&paces, clock);
    let counted = |number: u32| {
        let site = SiteId(Uuid::from_u128(u128::from(number % 10)));
        let account = AccountId(Uuid::from_u128(u128::from(number)));
        let whose = [Whose::Account(account), Whose::Address(address(number)), Whose::Site(site)];
        whose.map(|whose| buckets.take(Kind::Posting, whose)).iter().flatten().filter(|taken| taken.is_ok()).count()
    };
    assert_eq!(counted(0), 3, "by default all three are counted");
    for number in 0..READERS {
        counted(number);
    }

    let (mut verifying, mut counting) = (Vec::new(), Vec::new());
    for sample in 0..SAMPLES {
        verifying.push(time(|_| _ = black_box(tokens.verify(black_box(&token), now))));
        counting.push(time(|number| _ = black_box(counted((sample + number * 7_919) % READERS))));
    }
    println!("{}", json!({"token": median(verifying), "limits": median(counting)}));
}

fn address(number: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + number))
}

/// The nanoseconds of one.
fn time(work: impl FnMut(u32)) -> u64 {
    let begun = Instant::now();
    (0..TIMES).for_each(work);
    u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX) / u64::from(TIMES)
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}
