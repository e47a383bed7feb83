use std::cell::Cell;

use proptest::prelude::*;

use super::*;

fn finding(rule: RuleName, outcome: Outcome) -> Finding {
    Finding::certain(rule, outcome, "found")
}

fn no_time() -> Duration {
    Duration::ZERO
}

#[test]
fn the_strictest_finding_decides_and_all_are_kept() {
    let words = || vec![finding(RuleName::Words, Outcome::Hold), finding(RuleName::Words, Outcome::Spam)];
    let links = || vec![finding(RuleName::Links, Outcome::Flag)];
    let verdict = judge(&[(RuleName::Words, &words), (RuleName::Links, &links)], no_time);
    assert_eq!(verdict.outcome(), Outcome::Spam);
    assert_eq!(verdict.findings.len(), 3);
    let deciding: Vec<_> = verdict.deciding().map(|finding| finding.rule).collect();
    assert_eq!(deciding, [RuleName::Words]);
}

#[test]
fn where_nothing_is_found_nothing_decides() {
    let verdict = judge(&[(RuleName::Shape, &|| vec![Finding::pass(RuleName::Shape, "nothing")])], no_time);
    assert_eq!((verdict.outcome(), verdict.deciding().count()), (Outcome::Pass, 0));
}

#[test]
fn a_rule_that_fails_holds_the_reply_and_the_others_still_run() {
    let verdict = judge(
        &[
            (RuleName::Words, &|| panic!("a rule fails")),
            (RuleName::Links, &|| vec![finding(RuleName::Links, Outcome::Flag)]),
        ],
        no_time,
    );
    assert_eq!(verdict.outcome(), Outcome::Hold);
    assert_eq!(verdict.not_run, [(RuleName::Words, NotRun::Failed)]);
    assert_eq!(verdict.findings.len(), 1);
}

#[test]
fn a_rule_that_took_too_long_counts_as_not_run() {
    let time = Cell::new(Duration::ZERO);
    let takes = |millis| {
        let time = &time;
        move || {
            time.set(time.get() + Duration::from_millis(millis));
            vec![finding(RuleName::Links, Outcome::Pass)]
        }
    };
    let (just, over) = (takes(50), takes(51));
    let verdict = judge(&[(RuleName::Links, &just), (RuleName::Shape, &over)], || time.get());
    assert_eq!(verdict.not_run, [(RuleName::Shape, NotRun::TooLong)]);
    assert_eq!((verdict.outcome(), verdict.micros), (Outcome::Hold, 101_000));
}

proptest! {
    #[test]
    fn the_order_of_rules_does_not_matter(
        outcomes in prop::collection::vec(0..Outcome::ALL.len() + 1, 0..RuleName::ALL.len()),
        turn in 0..RuleName::ALL.len(),
    ) {
        // one more than there are outcomes: it fails
        let said = |rule: RuleName, outcome: usize| match Outcome::ALL.get(outcome) {
            Some(outcome) => vec![finding(rule, *outcome)],
            None => std::panic::resume_unwind(Box::new("a rule fails")),
        };
        let mut rules: Vec<(RuleName, usize)> = RuleName::ALL.iter().copied().zip(outcomes).collect();
        let verdict = |rules: &[(RuleName, usize)]| {
            let closures: Vec<_> = rules.iter().map(|(rule, outcome)| (*rule, || said(*rule, *outcome))).collect();
            let run: Vec<Rule<'_>> = closures.iter().map(|(rule, closure)| (*rule, closure as _)).collect();
            let mut verdict = judge(&run, no_time);
            verdict.findings.sort_by_key(|finding| finding.rule);
            verdict.not_run.sort_unstable();
            (verdict.outcome(), verdict)
        };
        let before = verdict(&rules);
        if !rules.is_empty() {
            let turn = turn % rules.len();
            rules.rotate_left(turn);
            rules.reverse();
        }
        prop_assert_eq!(before, verdict(&rules));
    }
}

#[test]
fn what_is_added_later_takes_its_place() {
    let said = |findings| Verdict { findings, micros: 1, ..Verdict::default() };
    let pass = |rule| Finding::pass(rule, "nothing");
    let mut verdict = said(vec![pass(RuleName::Words), pass(RuleName::Repeats), pass(RuleName::Shape)]);
    verdict.extend(said(vec![pass(RuleName::Pace), finding(RuleName::Repeats, Outcome::Hold), pass(RuleName::Words)]));
    let found: Vec<_> = verdict.findings.iter().map(|finding| (finding.rule, finding.asks())).collect();
    let expected =
        [(RuleName::Words, false), (RuleName::Repeats, true), (RuleName::Pace, false), (RuleName::Shape, false)];
    assert_eq!((found, verdict.micros), (expected.to_vec(), 2));
}

#[test]
fn spans_are_in_order_and_bounded() {
    let found = finding(RuleName::Words, Outcome::Hold).at([5..6, 1..2, 5..6]);
    assert_eq!(found.spans, [Span { start: 1, end: 2 }, Span { start: 5, end: 6 }]);
    assert_eq!(found.at((0..500).map(|at| at..at + 1)).spans.len(), MAX_SPANS);
}

proptest! {
    #[test]
    fn any_bytes_are_a_policy_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let is_object = bytes.contains(&b'{');
        prop_assert!(is_object || serde_json::from_slice::<policy::Policy>(&bytes).is_err());
    }

    #[test]
    fn any_words_and_numbers_are_a_policy_that_judges_or_refused(
        phrases in prop::collection::vec("([a-z]{3,9}|.{0,30})", 0..4),
        hosts in prop::collection::vec("([a-z]{2,8}\\.example|(\\PC|[a-z.*-]){0,20})", 0..4),
        number in prop_oneof![0..20_i64, any::<i64>()],
        source in ".{0,60}",
    ) {
        let written = serde_json::json!({
            "words": {"hold": phrases, "spam": phrases},
            "links": {"max": number, "deny": hosts, "allow": hosts},
        });
        let ready = serde_json::from_value::<policy::Policy>(written).ok().and_then(|policy| policy.ready().ok());
        if let Some(ready) = ready {
            let (text, now) = (Text::of(&source), crate::domain::timestamp::Timestamp::from_micros(0));
            let author = AuthorHistory::newcomer(now);
            prop_assert_eq!(&ready.judge(&Subject::new(&text, &author, now), no_time).not_run, &[]);
        }
    }
}
