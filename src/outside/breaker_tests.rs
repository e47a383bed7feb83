use proptest::prelude::*;

use super::*;

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn fail(breaker: &Breaker, name: &str, now: Duration, times: u32) {
    for _ in 0..times {
        breaker.enter(name, now).unwrap().failed(now);
    }
}

fn wait(breaker: &Breaker, now: Duration) -> Duration {
    breaker.enter("a", now).unwrap_err().retry_after
}

#[test]
fn five_failures_in_a_row_open_it_and_no_others() {
    let breaker = Breaker::new();
    fail(&breaker, "a", secs(0), 4);
    breaker.enter("a", secs(0)).unwrap().succeeded();
    assert_eq!(breaker.remembered(), 0);
    fail(&breaker, "a", secs(1), 4);
    drop(breaker.enter("a", secs(1)).unwrap());
    fail(&breaker, "a", secs(1), 1);
    assert_eq!(wait(&breaker, secs(1)), secs(30));
    assert_eq!(wait(&breaker, secs(30)), secs(1));
    breaker.enter("b", secs(1)).unwrap().succeeded();
}

#[test]
fn it_waits_twice_as_long_after_each_failed_trial_until_ten_minutes() {
    let breaker = Breaker::new();
    let mut now = secs(0);
    fail(&breaker, "a", now, MAX_FAILURES);
    for expected in [30, 60, 120, 240, 480, 600, 600] {
        assert_eq!(wait(&breaker, now), secs(expected));
        now += secs(expected);
        breaker.enter("a", now).unwrap().failed(now);
    }
    breaker.enter("a", now + LONGEST_WAIT).unwrap().succeeded();
    fail(&breaker, "a", now, MAX_FAILURES);
    assert_eq!(wait(&breaker, now), FIRST_WAIT);
}

#[test]
fn one_trial_is_out_at_a_time_and_one_that_goes_away_makes_room() {
    let breaker = Breaker::new();
    let late = breaker.enter("a", secs(0)).unwrap();
    fail(&breaker, "a", secs(0), MAX_FAILURES);
    let trial = breaker.enter("a", secs(30)).unwrap();
    assert!(breaker.enter("a", secs(500)).is_err());
    late.succeeded();
    assert!(breaker.enter("a", secs(500)).is_err(), "who is late decides nothing");
    drop(trial);
    breaker.enter("a", secs(30)).unwrap().succeeded();
    assert_eq!(breaker.remembered(), 0);
}

#[test]
fn so_many_are_remembered_the_latest_of_them() {
    let breaker = Breaker::new();
    for number in 0..2 * MAX_CIRCUITS as u64 {
        fail(&breaker, &number.to_string(), secs(number), 1);
    }
    assert_eq!(breaker.remembered(), MAX_CIRCUITS);
    let last = (2 * MAX_CIRCUITS - 1).to_string();
    fail(&breaker, &last, secs(9999), MAX_FAILURES - 1);
    assert!(breaker.enter(&last, secs(9999)).is_err());
}

#[test]
fn of_many_threads_one_gets_the_trial() {
    let breaker = Breaker::new();
    fail(&breaker, "a", secs(0), MAX_FAILURES);
    let passes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| breaker.enter("a", secs(31)).ok())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(passes.iter().flatten().count(), 1);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Enter,
    Succeed(usize),
    Fail(usize),
    Leave(usize),
    Pause(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Enter),
        1 => any::<usize>().prop_map(Step::Succeed),
        5 => any::<usize>().prop_map(Step::Fail),
        1 => any::<usize>().prop_map(Step::Leave),
        2 => (0..700u64).prop_map(Step::Pause),
    ]
}

proptest! {
    /// Whatever happens in whatever order: while it is open nobody passes, of trials one is out, the waits are
    /// within their bounds, and time opens it again.
    #[test]
    fn it_keeps_its_word(steps in proptest::collection::vec(step(), 0..200)) {
        let breaker = Breaker::new();
        let (mut now, mut out, mut shut_until) = (secs(0), Vec::<Pass<'_>>::new(), secs(0));
        for step in steps {
            let mut take = |index: usize| (!out.is_empty()).then(|| out.swap_remove(index % out.len()));
            match step {
                Step::Pause(pause) => now += secs(pause),
                Step::Succeed(index) => if let Some(pass) = take(index) { pass.succeeded() },
                Step::Fail(index) => if let Some(pass) = take(index) { pass.failed(now) },
                Step::Leave(index) => drop(take(index)),
                Step::Enter => match breaker.enter("a", now) {
                    Ok(pass) => {
                        prop_assert!(now >= shut_until, "it was open until {:?}", shut_until);
                        out.push(pass);
                    }
                    Err(open) => {
                        prop_assert!(!open.retry_after.is_zero() && open.retry_after <= LONGEST_WAIT);
                        let trials = out.iter().filter(|pass| pass.trial.is_some()).count();
                        if let Some(State::HalfOpen { .. }) = breaker.circuits().state("a") {
                            prop_assert_eq!(trials, 1);
                        } else {
                            prop_assert_eq!(trials, 0);
                            shut_until = now + open.retry_after;
                        }
                    }
                },
            }
            prop_assert!(out.iter().filter(|pass| pass.trial.is_some()).count() <= 1);
            prop_assert!(breaker.remembered() <= 1);
        }
        out.clear();
        prop_assert!(breaker.enter("a", now + LONGEST_WAIT).is_ok());
    }
}
