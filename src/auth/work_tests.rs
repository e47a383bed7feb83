use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use altcha::{SolveChallengeOptions, solve_challenge};

use super::*;

fn now() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000)
}
const SITE: Errand = Errand::Post(SiteId(uuid::Uuid::from_u128(7)));

fn works(mode: WorkMode, keys: &Keys) -> (Works, impl Fn(u64) + use<>) {
    let secs = Arc::new(AtomicU64::new(0));
    let passed = secs.clone();
    let clock = Clock::from_fn(now).measuring(move || Duration::from_secs(passed.load(Ordering::Relaxed)));
    let works = Works::new(keys.clone(), Work { mode, cost: 2, from: 10 }, clock);
    let pass = move |more| {
        secs.fetch_add(more, Ordering::Relaxed);
    };
    (works, pass)
}

fn keys() -> Keys {
    Keys::generate(&Random::system())
}

fn solved(challenge: Challenge) -> String {
    let solution = solve_challenge(SolveChallengeOptions::new(&challenge)).unwrap().unwrap();
    BASE64.encode(serde_json::to_vec(&Payload { challenge, solution }).unwrap())
}

fn is_good(shown: Shown) -> bool {
    matches!(shown, Shown::Proven(_))
}

#[test]
fn a_solved_challenge_is_known_for_ten_minutes_by_every_key() {
    let (old, new) = (keys(), keys());
    let (works, _) = self::works(WorkMode::On, &old);
    let solution = solved(works.challenge(SITE, now(), &Random::system()));
    assert!(solution.len() < SOLUTION_MAX_BYTES / 2, "{}", solution.len());
    assert!(is_good(works.look_at(&solution, now())));
    assert!(is_good(works.look_at(&solution, now().plus(TTL).minus(Duration::from_secs(1)))));
    assert!(!is_good(works.look_at(&solution, now().plus(TTL))));
    assert!(is_good(self::works(WorkMode::On, &new.followed_by(&old)).0.look_at(&solution, now())));
    assert!(!is_good(self::works(WorkMode::On, &new).0.look_at(&solution, now())));
}

#[test]
fn nothing_else_passes_for_work() {
    let (works, _) = works(WorkMode::On, &keys());
    let random = Random::system();
    let honest = works.challenge(SITE, now(), &random);
    let good = solve_challenge(SolveChallengeOptions::new(&honest)).unwrap().unwrap();
    let shown = |change: &dyn Fn(&mut Payload)| {
        let mut payload = Payload { challenge: honest.clone(), solution: good.clone() };
        change(&mut payload);
        is_good(works.look_at(&BASE64.encode(serde_json::to_vec(&payload).unwrap()), now()))
    };
    assert!(shown(&|_| {}));
    assert!(!shown(&|payload| payload.solution.counter += 1));
    assert!(!shown(&|payload| payload.solution.derived_key.replace_range(..2, "01")));
    assert!(!shown(&|payload| payload.challenge.signature = None));
    assert!(!shown(&|payload| payload.challenge.parameters.cost = 1));
    assert!(!shown(&|payload| payload.challenge.parameters.expires_at = None));
    assert!(!shown(&|payload| payload.challenge.parameters.key_prefix.clear()));
    assert!(!shown(&|payload| payload.challenge.parameters.data = Some(Errand::SignUp.data())));
    assert!(!shown(&|payload| payload.challenge.parameters.salt.replace_range(..2, "zz")));
    // signed by the solver himself
    assert!(!shown(&|payload| {
        payload.challenge = signed(payload.challenge.parameters.clone(), "").unwrap();
    }));
    for nonsense in ["", "e30=", "%%%", &BASE64.encode("{"), &"A".repeat(SOLUTION_MAX_BYTES)] {
        assert!(!is_good(works.look_at(nonsense, now())), "{nonsense}");
    }
}

#[test]
fn a_rush_asks_for_work_that_becomes_dearer_and_is_forgotten() {
    let (works, pass) = works(WorkMode::Automatic, &keys());
    let come = |count: u32| (0..count).for_each(|_| works.count(SITE));
    assert!(!works.is_asked_for(SITE));
    come(10);
    assert!(!works.is_asked_for(SITE));
    come(1);
    assert!(works.is_asked_for(SITE) && !works.is_asked_for(Errand::SignUp));
    assert_eq!(works.cost(SITE), 2);
    come(9);
    assert_eq!(works.cost(SITE), 4);
    come(10_000);
    assert_eq!(works.cost(SITE), 2 * DEAREST);
    pass(3_600);
    assert!(!works.is_asked_for(SITE));
    assert_eq!(works.cost(SITE), 2);
}

#[test]
fn no_more_rushes_are_kept_in_mind_than_there_is_room_for() {
    let (works, pass) = works(WorkMode::Automatic, &keys());
    let sites = |from: u128| (from..from + 2_000).map(|id| Errand::Post(SiteId(uuid::Uuid::from_u128(id))));
    sites(0).for_each(|errand| works.count(errand));
    assert_eq!(works.rushes.lock().unwrap().len(), RUSHES_MAX);
    pass(600);
    sites(5_000).for_each(|errand| works.count(errand));
    assert_eq!(works.rushes.lock().unwrap().len(), RUSHES_MAX);
}

#[test]
fn whoever_was_let_pass_or_has_been_known_for_some_time_is_trusted() {
    assert!(!Works::trusts(0, Some(now()), now().plus(NEW).minus(Duration::from_secs(1))));
    assert!(Works::trusts(0, Some(now()), now().plus(NEW)));
    assert!(!Works::trusts(0, None, now()));
    assert!(Works::trusts(1, None, now()));
}
