use proptest::prelude::*;

use super::*;

fn phrases(lines: &[&str]) -> Vec<Phrase> {
    lines.iter().map(|line| Phrase::parse(line, Accents::Ignored).unwrap()).collect()
}

/// The parts of the text that were found.
fn found<'t>(lines: &[&str], text: &'t str) -> Vec<&'t str> {
    let list = PhraseList::new(phrases(lines), Accents::Ignored);
    list.find(&fold(text, Accents::Ignored)).into_iter().map(|hit| &text[hit.at]).collect()
}

#[test]
fn whole_words_are_found_and_parts_of_words_are_not() {
    assert_eq!(found(&["cialis"], "a specialist; CIALIS, cialis2"), ["CIALIS"]);
    assert_eq!(found(&["ass"], "class, asses, ass"), ["ass"]);
}

#[test]
fn a_star_stands_for_the_rest_of_a_word() {
    assert_eq!(found(&["casino*"], "Casinos and casino-hotels, occasino"), ["Casino", "casino"]);
}

#[test]
fn phrases_reach_over_white_space_and_signs() {
    assert_eq!(found(&["buy now"], "Buy\n\n  now! buy: now. buynow"), ["Buy\n\n  now", "buy: now"]);
}

#[test]
fn disguises_are_seen_through() {
    for text in
        ["v i a g r a", "V.I.A.G.R.A", "vi\u{200b}agra", "vi\u{430}gr\u{430}", "viiiagra", "vìágrâ", "ｖｉａｇｒａ"]
    {
        assert_eq!(found(&["viagra"], text), [text], "{text:?}");
    }
}

#[test]
fn a_letter_three_times_in_a_row_is_an_effect_and_twice_another_word() {
    assert_eq!(found(&["viagra"], "viagrrra, viagrra"), ["viagrrra"]);
    assert_eq!(found(&["ass", "loser"], "as the looser said"), [""; 0]);
}

#[test]
fn scripts_without_spaces_and_pictures_have_no_ends_of_words() {
    assert_eq!(found(&["微信"], "请加微信号123"), ["微信"]);
    assert_eq!(found(&["🍑"], "nice🍑🍑"), ["🍑", "🍑"]);
}

#[test]
fn phrases_that_overlap_are_all_found() {
    assert_eq!(found(&["free money", "money now", "money"], "free money now"), ["free money", "money", "money now"]);
}

#[test]
fn a_phrase_that_is_listed_again_and_again_counts_once() {
    let mut lines = ["Money", "money!", "m o n e y"].repeat(MAX_HITS);
    lines.push("now");
    assert_eq!(found(&lines, "money now"), ["money", "now"]);
}

#[test]
fn what_cannot_be_looked_for_is_refused() {
    let parse = |text: &str| Phrase::parse(text, Accents::Ignored).map(|phrase| phrase.text);
    assert_eq!(parse("  \t"), Err(PhraseError::Empty));
    let long = "x".repeat(201);
    assert_eq!(parse(&long), Err(PhraseError::TooLong(201)));
    assert_eq!(parse("a*b"), Err(PhraseError::MisplacedStar));
    assert_eq!(parse("a *"), Err(PhraseError::MisplacedStar));
    assert_eq!(parse("*"), Err(PhraseError::FoldsToNothing));
    assert_eq!(parse("?! \u{200b}"), Err(PhraseError::FoldsToNothing));
    assert_eq!(parse(" Buy  Now* "), Ok("Buy  Now*".to_owned()));
}

#[test]
fn a_text_full_of_hits_is_marked_enough() {
    let list = PhraseList::new(phrases(&["a", "a a", "b*"]), Accents::Ignored);
    let hits = list.find(&fold(&"ab a ".repeat(2_000), Accents::Ignored));
    assert!(hits.len() <= MAX_HITS);
}

proptest! {
    #[test]
    fn a_phrase_is_found_in_itself_and_beside_others(
        phrase in "[a-zA-Zé漢ß0-9]{1,8}( [a-z]{2,6}){0,2}",
        before in "[a-z]{2,8}",
        after in "[a-z]{2,8}",
    ) {
        let text = format!("{before}, {phrase}. {after}");
        prop_assert!(found(&[&phrase], &text).contains(&phrase.as_str()), "{text:?}");
    }

    #[test]
    fn every_hit_lies_in_the_text(
        phrase in "(\\PC|[a-c *]){1,12}",
        text in "(\\PC|[a-c \u{200b}\u{430}]){0,60}",
    ) {
        if let Ok(phrase) = Phrase::parse(&phrase, Accents::Ignored) {
            let list = PhraseList::new(vec![phrase], Accents::Ignored);
            for hit in list.find(&fold(&text, Accents::Ignored)) {
                prop_assert!(text.get(hit.at).is_some_and(|part| !part.is_empty()));
            }
        }
    }
}
