use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::atomic::{AtomicU64, Ordering},
};

use super::*;
use crate::domain::timestamp::Timestamp;

/// Buckets of so many postings, of addresses twice as many, of sites three times, and what lets time pass.
fn buckets(posting: u32) -> (Buckets, impl Fn(u64)) {
    let millis = Arc::new(AtomicU64::new(0));
    let passed = millis.clone();
    let clock = Clock::from_fn(|| Timestamp::from_micros(0))
        .measuring(move || Duration::from_millis(passed.load(Ordering::Relaxed)));
    let paces = Paces { posting: Some(posting), address_times: 2, site_times: 3, ..Paces::off() };
    let pass = move |more| {
        millis.fetch_add(more, Ordering::Relaxed);
    };
    (Buckets::new(&paces, clock), pass)
}

fn account(number: u128) -> Whose {
    Whose::Account(AccountId(uuid::Uuid::from_u128(number)))
}

fn address(number: u32) -> Whose {
    Whose::Address(IpAddr::V4(Ipv4Addr::from_bits(number)))
}

#[test]
fn a_bucket_lets_through_what_it_holds_and_fills_again_steadily() {
    let (buckets, pass) = buckets(3);
    let take = || buckets.take(Kind::Posting, account(1)).unwrap();
    for remaining in [2, 1, 0] {
        let level = take().unwrap();
        assert_eq!((level.quota, level.remaining), (3, remaining));
        assert_eq!(level.full_in, Duration::from_secs(20) * (3 - remaining));
    }
    assert_eq!(take().unwrap_err().retry_after, Duration::from_secs(20));
    pass(19_000);
    assert_eq!(take().unwrap_err().retry_after, Duration::from_secs(1));
    pass(1_000);
    assert_eq!(take().unwrap().remaining, 0);
    take().unwrap_err();
    pass(3_600_000);
    assert_eq!(take().unwrap().remaining, 2);
}

#[test]
fn everybody_has_a_bucket_of_his_own_for_each_kind() {
    let (buckets, _) = buckets(1);
    let take = |whose| buckets.take(Kind::Posting, whose).unwrap();
    take(account(1)).unwrap();
    take(account(1)).unwrap_err();
    take(account(2)).unwrap();
    let site = Whose::Site(SiteId(uuid::Uuid::from_u128(1)));
    assert_eq!((take(address(1)).unwrap().quota, take(site).unwrap().quota), (2, 3));
    assert!(buckets.take(Kind::Reporting, account(1)).is_none(), "nobody limits that");
}

#[test]
fn a_network_that_one_customer_has_is_one_address() {
    let (buckets, _) = buckets(1);
    let take = |address: &str| {
        let address = address.parse::<Ipv6Addr>().unwrap();
        buckets.take(Kind::Posting, Whose::Address(IpAddr::V6(address))).unwrap()
    };
    take("2001:db8::1").unwrap();
    take("2001:db8::2").unwrap();
    take("2001:db8::3:4").unwrap_err();
    take("2001:db8:0:1::1").unwrap();
}

#[test]
fn a_flood_of_addresses_drives_out_no_bucket_that_was_emptied() {
    let (buckets, _) = buckets(10);
    let take = |whose| buckets.take(Kind::Posting, whose).unwrap();
    for number in 0..100 {
        while take(account(number)).is_ok() {}
    }
    for number in 0..1_000_000 {
        take(address(number)).unwrap();
    }
    assert!((0..100).all(|number| take(account(number)).is_err()));
}
