use std::collections::HashSet;

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

fn query(typed: &str) -> TextQuery {
    TextQuery::parse(typed).unwrap_or_else(|| panic!("{typed:?} has a word"))
}

fn finds(typed: &str, text: &str) -> bool {
    let query = query(typed);
    let found = query.matches(text);
    assert!(!found || has_tokens(text, &query), "the index would not find {typed:?} in {text:?}");
    found
}

fn has_tokens(text: &str, query: &TextQuery) -> bool {
    let index = index_words(text);
    let index: HashSet<&str> = index.split(' ').collect();
    let is_there = |token: &Token| match token.is_prefix {
        true => index.iter().any(|word| word.starts_with(&token.text)),
        false => index.contains(token.text.as_str()),
    };
    query.wanted().iter().flat_map(Term::tokens).all(|token| is_there(&token))
}

fn marked(typed: &str, text: &str) -> Vec<String> {
    query(typed).marks(text).into_iter().map(|mark| text[mark].to_owned()).collect()
}

#[test]
fn words_are_alike_whatever_their_case_accents_and_forms() {
    for (typed, text) in [
        ("cafe", "Ein CAFÉ."),
        ("café", "cafe"),
        ("cafe\u{301}", "café"),
        ("strasse", "Die Straße"),
        ("STRASSE", "straße"),
        ("Straße", "STRASSE"),
        ("οδός", "ΟΔΟΣ"),
        ("οδος", "στην οδός."),
        ("ёлка", "Елка"),
        ("МОСКВА", "в «Москва»"),
        ("istanbul", "İstanbul"),
        ("Lodz", "Łódź"),
        ("smorrebrod", "Smørrebrød"),
        ("aether", "Æther"),
        ("office", "o\u{fb03}ce"),
        ("ｆｕｌｌ", "full width"),
        ("کتاب", "کتاب\u{200c}ها کِتاب"),
        ("كتاب", "الكِتَابُ كِتَـــاب"),
        ("שלום", "שָׁלוֹם"),
        ("צה\u{5f4}ל", "צהל"),
        ("soft", "so\u{ad}ft"),
        ("dont", "I don’t"),
        ("don't", "dont"),
        ("हिन्दी", "यह हिन्दी है"),
    ] {
        assert!(finds(typed, text), "{typed:?} in {text:?}");
    }
    for (typed, text) in [("cafe", "cafes"), ("his", "this"), ("und", "hundert"), ("l", "don't")] {
        assert!(!finds(typed, text), "{typed:?} in {text:?}");
    }
}

#[test]
fn what_stands_behind_an_elision_is_a_word() {
    assert!(finds("homme", "l'homme"));
    assert!(finds("l'homme", "L’HOMME"));
    assert!(finds("brien", "O'Brien"));
    assert!(!finds("don", "don't"));
}

#[test]
fn characters_of_scripts_without_spaces_are_found_alone_and_in_a_row() {
    for (typed, text) in [
        ("猫", "黒猫がいる"),
        ("黒", "黒猫"),
        ("黒猫", "あの黒猫がいる"),
        ("猫がいる", "黒猫がいる"),
        ("ｶﾞ", "ガラス"),
        ("カ\u{3099}ラス", "ガラス"),
        ("北京", "我在北京大学"),
        ("北京大学", "我在北京大学"),
        ("第3章", "これは第3章です"),
        ("iPhone用", "iPhone用ケース"),
        ("고양이", "고양이가 있다"),
        ("고양이", "고양이"),
        ("ไทย", "ภาษาไทยง่าย"),
        ("ကျော်", "မောင်ကျော်စိုး"),
        ("ភាសា", "ភាសាខ្មែរ"),
        ("ラーメン", "ラーメン屋"),
    ] {
        assert!(finds(typed, text), "{typed:?} in {text:?}");
    }
    for (typed, text) in [("猫黒", "黒猫"), ("黒猫", "黒い猫"), ("京北", "北京"), ("北大", "北京大学")]
    {
        assert!(!finds(typed, text), "{typed:?} in {text:?}");
    }
}

#[test]
fn words_phrases_beginnings_and_exclusions_mean_what_they_say() {
    let text = "The quick brown fox jumps over the lazy dog.";
    for typed in [
        "fox dog",
        "dog fox",
        "\"brown fox\"",
        "“brown fox”",
        "jum*",
        "\"brown fo\"*",
        "\"brown fo*\"",
        "fox -cat",
        "quick-brown",
        "fox -\"dog lazy\"",
    ] {
        assert!(finds(typed, text), "{typed}");
    }
    for typed in ["fox cat", "\"fox brown\"", "jum", "j*", "fox -dog", "fox -\"lazy dog\"", "fox -la*", "brown-quick"] {
        assert!(!finds(typed, text), "{typed}");
    }
}

#[test]
fn signs_that_mean_nothing_are_left_out() {
    let text = "One and two";
    for typed in [
        "\"one",
        "one\"",
        "o\"ne one",
        "(one OR",
        "one AND",
        "one & two",
        "one <-> two",
        "NEAR(one)",
        "^one",
        "one:*",
        "{one}",
        "one\0two",
        "\u{202e}one",
        "😀 one 👍🏽",
        "one!",
        "'one'",
        "one;--",
        "\\one",
        "* one *",
    ] {
        assert!(query(typed).matches(&format!("{text} {typed}")), "{typed:?}");
    }
    assert!(finds("(one) & \"two", text));
    assert!(finds("\u{202e}one\u{202c} 😀", text));
    for typed in ["", " ", "\"\"", "-", "*", "😀", "\0", "-one", "-\"one two\"", "… — !", "\u{301}", "\u{fe0f}"] {
        assert_eq!(TextQuery::parse(typed), None, "{typed:?}");
    }
}

#[test]
fn queries_and_words_have_bounds() {
    let many: Vec<String> = (0..200).map(|number| format!("w{number}")).collect();
    assert_eq!(query(&many.join(" ")).wanted().len(), TERMS_MAX);
    assert_eq!(query(&format!("-{} one", many[..100].join(" -"))).wanted().len(), 1);
    assert_eq!(query(&"漢字".repeat(400)).wanted()[0].words.len(), WORDS_MAX);
    let (long, longer) = ("x".repeat(5_000), "x".repeat(6_000));
    assert!(query(&long).matches(&longer), "the end of what is too long to be a word does not count");
    assert!(index_words(&long).len() < 100);
    assert!(index_words(&"word ".repeat(10_000)).len() < 10);
    let different: String = (0..200_000).filter_map(|number| char::from_u32(0x4e00 + number * 7 % 20_000)).collect();
    assert!(index_words(&different).len() < 1024 * 1024 - 65_536 * 4);
}

#[test]
fn marks_are_the_words_as_they_were_written() {
    assert_eq!(marked("cafe", "Un café, deux CAFÉS, trois Cafe\u{301}!"), ["café", "Cafe\u{301}"]);
    assert_eq!(marked("caf*", "Un café, deux CAFÉS"), ["café", "CAFÉS"]);
    assert_eq!(marked("\"brown fox\" fox", "a brown, fox; fox"), ["brown, fox", "fox"]);
    assert_eq!(marked("猫がい", "黒猫がいる"), ["猫がい"]);
    assert_eq!(marked("北京 京大", "北京大学"), ["北京大"]);
    assert_eq!(marked("dont -stop", "Don't stop"), ["Don't"]);
    assert_eq!(marked("one two", "only one"), ["one"]);
    assert_eq!(marked("one", "none"), [""; 0]);
}

#[test]
fn terms_may_stand_in_several_texts() {
    let query = query("ann crash -spam");
    assert!(query.matches_in(&["A crash", "Ann Other"]));
    assert!(!query.matches_in(&["A crash", "Bob"]));
    assert!(!query.matches_in(&["A crash", "Ann Spam"]));
}

#[test]
fn the_index_holds_what_it_always_held() {
    assert_eq!(index_words("Don't panic: l'été à 10.5 % – don’t!"), "dont panic l ete a 10 5");
    assert_eq!(index_words("黒猫がいる iPhone用"), "黒 猫 黒猫 が 猫が い がい る いる iphone 用");
    assert_eq!(index_words("한국어 ไทย"), "한 국 한국 어 국어 ไ ท ไท ย ทย");
}

/// Texts of letters that are hard to fold, and of whatever there is.
fn texts() -> impl Strategy<Value = String> {
    let hard = select(vec![
        "a",
        "É",
        "ß",
        "ς",
        "İ",
        "ﬁ",
        "ŉ",
        "'",
        "’",
        "-",
        "*",
        "\"",
        "“",
        " ",
        "\u{301}",
        "\u{200d}",
        "\u{ad}",
        "猫",
        "が",
        "ｶ",
        "ﾞ",
        "ー",
        "한",
        "\u{1112}",
        "\u{1161}",
        "\u{11ab}",
        "ไ",
        "ำ",
        "್",
        "1",
        "½",
        "①",
        "😀",
        "\u{fe0f}",
        "\0",
        "ـ",
        "ֹ",
        "״",
        "\u{3164}",
        "\u{10ffff}",
        "ﷺ",
        "ǅ",
    ]);
    prop_oneof![vec(hard, 0..40).prop_map(|pieces| pieces.concat()), any::<String>(), "\\PC{0,40}"]
}

#[test]
fn a_word_that_became_a_mark_or_a_character_is_looked_for_in_texts() {
    for (typed, text) in [("\u{640}\u{11ab}", "\u{732b}\u{11ab}"), ("\u{3220}", "\u{4e00}")] {
        let query = query(typed);
        assert!(!query.wanted()[0].is_one_token(), "{typed}");
        assert!(query.matches(typed) && !query.matches(text), "{typed}");
    }
}

#[test]
fn what_passes_unseen_in_a_text_parts_no_term() {
    let text = "a\u{2028}\u{1e800} and b\u{2029}c";
    for word in ["a\u{2028}\u{1e800}", "a\u{1e800}", "b\u{2029}c", "bc"] {
        assert!(query(word).matches(text), "{word:?}");
    }
    assert_eq!(query("bc\u{2029}\u{2028} and").wanted().len(), 2);
}

proptest! {
    #[test]
    fn the_index_finds_whatever_matches(typed in texts(), text in texts(), around in texts()) {
        let Some(query) = TextQuery::parse(&typed) else { return Ok(()) };
        prop_assert!((1..=TERMS_MAX).contains(&query.wanted().len()) && query.unwanted().len() <= TERMS_MAX);
        for text in [&text, &typed, &format!("{around} {typed} {text}")] {
            prop_assert!(!query.matches(text) || has_tokens(text, &query));
        }
    }

    #[test]
    fn a_term_of_one_token_stands_wherever_the_token_is(typed in texts(), text in texts()) {
        let Some(query) = TextQuery::parse(&typed) else { return Ok(()) };
        for term in query.wanted().iter().filter(|term| term.is_one_token()) {
            let alone = TextQuery { wanted: vec![term.clone()], unwanted: Vec::new() };
            prop_assert_eq!(term.tokens().len(), 1);
            for text in [&text, &typed] {
                prop_assert_eq!(alone.matches(text), has_tokens(text, &alone));
            }
        }
    }

    #[test]
    fn each_word_of_a_text_finds_it(text in texts(), around in texts()) {
        for word in Words::of(&text).iter() {
            let written = &text[word.from.clone()];
            prop_assert!(query(written).matches(written), "{written:?}");
            prop_assert!(query(written).matches(&format!("{around} {written} {around}")), "{written:?}");
        }
    }

    #[test]
    fn marks_lie_in_the_text_in_order_wherever_it_matches(typed in texts(), text in texts()) {
        let Some(query) = TextQuery::parse(&typed) else { return Ok(()) };
        for text in [&text, &typed] {
            let marks = query.marks(text);
            prop_assert!(!marks.is_empty() || !query.matches(text));
            let mut end = None;
            for mark in marks {
                prop_assert!(end < Some(mark.start) && mark.start < mark.end);
                prop_assert!(text.get(mark.clone()).is_some());
                end = Some(mark.end);
            }
        }
    }

    #[test]
    fn the_index_is_words_once_each(text in texts()) {
        let index = index_words(&text);
        let mut seen = HashSet::new();
        for word in index.split(' ').filter(|_| !index.is_empty()) {
            prop_assert!(seen.insert(word));
            let is_plain = |c: char| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit();
            prop_assert!(!word.is_empty() && word.chars().all(is_plain), "{word:?}");
        }
    }
}
