//! How well the classifier tells spam from other texts: `scripts/eval-rules` gives it labelled texts and shows its table.
//!
//! A file has a JSON object a line, `{"text": ..., "is_spam": ...}`, in the order in which they are decided about. The
//! first ones are learnt, each after it was scored; the threshold follows from those scores alone; the rest is the test.
//! That is done in several orders, and the table has the means.

use std::{env, error::Error, fs, path::Path};

use rejoinder::domain::{
    markdown::render_shown,
    rules::{
        AuthorHistory, Subject, Text as JudgedText,
        classifier::{Learnt, score, threshold},
        features::{self, Slot},
    },
    timestamp::Timestamp,
};
use serde::Deserialize;

/// Decisions that are learnt.
const LEARNT: usize = 1_000;
/// Of the good ones, so many may be held by the threshold.
const GOOD_HELD: f64 = 0.01;
/// Orders of each file.
const ORDERS: usize = 5;

#[derive(Deserialize)]
struct Text {
    text: String,
    is_spam: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("| texts | learnt | tested | spam | precision | recall | good held |");
    println!("|---|---|---|---|---|---|---|");
    for file in env::args().skip(1) {
        let texts: Result<Vec<Text>, _> = fs::read_to_string(&file)?.lines().map(serde_json::from_str).collect();
        let name = Path::new(&file).file_stem().unwrap_or_default().to_string_lossy();
        println!("{}", evaluated(&name, &texts?));
    }
    Ok(())
}

/// The means over [`ORDERS`] orders, each beginning elsewhere in the file.
fn evaluated(name: &str, texts: &[Text]) -> String {
    let slots: Vec<(Vec<Slot>, bool)> = texts.iter().map(|text| (slots(&text.text), text.is_spam)).collect();
    let mut sums = [0.0; 4];
    for order in 0..ORDERS {
        let mut slots = slots.clone();
        let begins_at = slots.len() * order / ORDERS;
        slots.rotate_left(begins_at);
        let results = of_order(&slots);
        sums.iter_mut().zip(results).for_each(|(sum, result)| *sum += result / ORDERS as f64);
    }
    let [spam, precision, recall, held] = sums;
    let tested = texts.len().saturating_sub(LEARNT);
    format!(
        "| {name} | {} | {tested} | {:.0} % | {precision:.3} | {recall:.3} | {held:.4} |",
        texts.len() - tested,
        spam * 100.0
    )
}

/// The share of spam, precision, recall and the share of good texts that were held.
fn of_order(texts: &[(Vec<Slot>, bool)]) -> [f64; 4] {
    let (mut learnt, nothing) = (Learnt::default(), Learnt::default());
    let (first, rest) = texts.split_at(LEARNT.min(texts.len()));
    let mut scored = Vec::new();
    for (slots, is_spam) in first {
        if !learnt.is_quiet() {
            scored.push((score(slots.iter().copied(), &learnt, &nothing).value(), *is_spam));
        }
        learnt.learn(slots.iter().copied(), *is_spam, 1.0);
    }
    let limit = threshold(scored, GOOD_HELD);
    let (mut caught, mut held) = (0, 0);
    for (slots, is_spam) in rest {
        if score(slots.iter().copied(), &learnt, &nothing).value() > limit {
            *(if *is_spam { &mut caught } else { &mut held }) += 1;
        }
    }
    let spam = rest.iter().filter(|(_, is_spam)| *is_spam).count();
    let share = |part: usize, all: usize| part as f64 / all.max(1) as f64;
    [share(spam, rest.len()), share(caught, caught + held), share(caught, spam), share(held, rest.len() - spam)]
}

/// What a reader nobody knows would have written.
fn slots(source: &str) -> Vec<Slot> {
    let source: String = source.chars().take(10_000).collect();
    let (_, shown) = render_shown(&source);
    let now = Timestamp::from_micros(0);
    let text = JudgedText::new(source, shown);
    features::of(&text, &Subject::new(&text, &AuthorHistory::newcomer(now), now))
        .iter()
        .map(features::Feature::slot)
        .collect()
}
