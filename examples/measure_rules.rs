//! How long all rules take on a text, against rendering the same Markdown: `scripts/bench` runs it. From memory, without
//! what is looked up in the database: twenty thousand phrases, twenty thousand hosts, a classifier whose slots are all
//! taken.
//!
//! Prints a JSON object: for each text the microseconds that rendering takes, and what judging takes beyond that.

use std::{collections::BTreeMap, hint::black_box, sync::Arc, time::Duration, time::Instant};

use rejoinder::domain::{
    markdown::{render, render_shown},
    rules::{
        AuthorHistory, Subject, Text,
        classifier::Count,
        features::{SLOTS, Slot},
        lesson::{Month, SlotCounts},
        links::LinkSettings,
        policy::{Policy, ReadyPolicy},
        trained::{Shared, Taught, Trained},
        words::WordSettings,
    },
    timestamp::Timestamp,
};
use serde_json::json;

/// Samples of each text, in turn.
const SAMPLES: usize = 40;
/// Characters of a reply.
const CHARS: usize = 10_000;
const NOW: i64 = 1_790_000_000_000_000;

fn main() {
    let (policy, trained) = (policy(), trained());
    let mut measured = BTreeMap::new();
    for (name, source) in texts() {
        let (mut rendering, mut judging) = (Vec::new(), Vec::new());
        // the first one warms up
        for sample in 0..=SAMPLES {
            let rendered = time(|| drop(black_box(render(black_box(&source)))));
            let judged = time(|| judge(&policy, &trained, &source));
            if sample > 0 {
                rendering.push(micros(rendered));
                judging.push(micros(judged.saturating_sub(rendered)));
            }
        }
        measured.insert(name, json!({"rendering": median(rendering), "judging": median(judging)}));
    }
    println!("{}", json!(measured));
}

/// All that a post does with its text beyond storing it.
fn judge(policy: &ReadyPolicy, trained: &Trained, source: &str) {
    let now = Timestamp::from_micros(NOW);
    let (html, shown) = render_shown(black_box(source));
    let text = Text::new(source.to_owned(), shown);
    let groups = text.groups();
    let author = AuthorHistory { approved: 7, ..AuthorHistory::newcomer(now.minus(Duration::from_secs(9_000_000))) };
    let hosts = ["blog.example.org".to_owned()];
    let subject = Subject {
        author_name: "Ann Reader",
        trained: Some(trained),
        site_hosts: &hosts,
        ..Subject::new(&text, &author, now)
    };
    black_box((html, groups, policy.judge(&subject, || Duration::ZERO)));
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}

fn policy() -> ReadyPolicy {
    let phrases =
        |seed: usize| (0..10_000).map(|number| format!("{} {}", word(number * 7 + seed), word(number))).collect();
    let hosts = |name: &str| (0..10_000).map(|number| format!("{name}{number}.example")).collect();
    let words = WordSettings { hold: phrases(1), spam: phrases(5), ..WordSettings::default() };
    let links = LinkSettings { allow: hosts("good"), deny: hosts("bad"), ..LinkSettings::default() };
    Policy { words, links, ..Policy::default() }.ready().expect("a policy that can be run")
}

fn trained() -> Trained {
    let month = Month::of(Timestamp::from_micros(NOW));
    let mut counts = SlotCounts::default();
    for slot in 0..SLOTS {
        counts.0.insert(Slot(slot), (i64::from(slot % 7), i64::from(slot % 5 + 1)));
    }
    let all = Count { good: 900.0, bad: 300.0 };
    let sums = || [(month, all, &counts)];
    let mut trained = Trained::new(sums(), 0, month, Arc::new(Shared::new(sums(), month)));
    for number in 1..=500 {
        #[expect(clippy::cast_precision_loss, reason = "500 at most")]
        let score = Some(number as f64 / 500.0);
        trained.learn(&Taught { number, month, is_bad: number % 3 == 0, takes_back: None, score, slots: Vec::new() });
    }
    trained
}

/// A word out of some thousand.
fn word(number: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ta", "ler", "mo", "ni", "sus", "por", "ed", "ing", "ca", "re", "lo", "ma", "ten", "vi", "ho", "ur"];
    let syllable = |part: usize| SYLLABLES[(number / 16_usize.pow(u32::try_from(part).unwrap_or(0))) % 16];
    (0..2 + number % 3).map(syllable).collect()
}

/// A text that people might write, and some that they would not.
fn texts() -> Vec<(&'static str, String)> {
    let cut = |text: String| text.chars().take(CHARS).collect::<String>();
    let filled = |part: &str| part.chars().cycle().take(CHARS).collect::<String>();
    let prose = (0..4_000).map(|number| match number % 40 {
        7 => format!("*{}* ", word(number * 31)),
        19 => format!("{}. ", word(number * 31)),
        23 if number % 400 == 23 => format!("https://news{number}.example/{number} "),
        39 => "\n\n".to_owned(),
        _ => format!("{} ", word(number * 31)),
    });
    let confusables: String =
        ('\u{400}'..'\u{530}').chain('\u{370}'..'\u{3ff}').chain('\u{ff21}'..'\u{ff5a}').collect();
    vec![
        ("typical", cut(prose.collect())),
        ("one character", filled("a")),
        ("letters typed apart", filled("a ")),
        ("confusables", filled(&confusables)),
        ("links", filled("[x](http://a.example) ")),
        ("ten thousand links", "[x](http://a.example) ".repeat(10_000)),
        ("addresses", filled("http://b.example/x ")),
        ("nested emphasis", filled("*a _b ")),
        ("stars", filled("*")),
        ("quotes", filled("> ")),
        ("joiners", filled("a\u{200d}b\u{ad}")),
        ("long forms", filled("\u{fdfa}")),
    ]
}
