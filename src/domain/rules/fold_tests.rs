use proptest::prelude::*;

use super::*;

fn folded(text: &str) -> String {
    fold(text, Accents::Ignored)[0].text.trim().to_owned()
}

#[test]
fn what_reads_alike_is_alike() {
    for (text, expected) in [
        ("Buy NOW!!", "buy now"),
        ("buy,\n  now", "buy now"),
        ("ｂｕｙ ⓝⓞⓦ", "buy now"),
        ("𝓿𝓲𝓪𝓰𝓻𝓪", "viagra"),
        ("Straße STRASSE", "strasse strasse"),
        ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"),
        ("café cafe\u{301}", "cafe cafe"),
        ("via\u{ad}gra vi\u{200b}ag\u{2060}ra", "viagra viagra"),
        // Cyrillic а and о
        ("vi\u{430}gra c\u{43e}in", "viagra coin"),
        ("v i a g r a for you", "viagra for you"),
        ("v.i.a.g.r.a", "viagra"),
        ("J. R. R. Tolkien", "j r r tolkien"),
        ("日本語 text", "日本語 text"),
        ("", ""),
        ("...", ""),
    ] {
        assert_eq!(folded(text), expected, "{text:?}");
    }
}

#[test]
fn a_russian_word_stays_russian() {
    assert_eq!(folded("Вор ВОР"), "вор вор");
    // "сор" alone could be Latin "cop" by its looks
    assert_eq!(folded("в избе был сор"), "в избе был сор");
    assert_eq!(folded("call a \u{441}\u{43e}\u{440} now please"), "call a cop now please");
}

#[test]
fn accents_may_be_kept() {
    let kept = |text| fold(text, Accents::Kept)[0].text.trim().to_owned();
    assert_eq!(kept("Café"), kept("cafe\u{301}"));
    assert_ne!(kept("café"), kept("cafe"));
    assert_eq!(kept("ngu\u{303}\u{31b}"), kept("ng\u{1eef}"));
}

#[test]
fn letters_typed_again_and_again_are_read_both_ways() {
    let ways =
        |text| -> Vec<String> { fold(text, Accents::Ignored).iter().map(|way| way.text.trim().to_owned()).collect() };
    assert_eq!(ways("viiiiagra"), ["viiagra", "viagra"]);
    assert_eq!(ways("coool"), ["cool", "col"]);
    assert_eq!(ways("good"), ["good"]);
    assert_eq!(ways("1000"), ["1000"]);
}

#[test]
fn folded_letters_know_where_they_came_from() {
    let text = "say V\u{200b}I\u{c1}\u{c1}\u{c1}GRA!";
    for way in fold(text, Accents::Ignored) {
        let at = way.text.find(" vi").unwrap();
        let range = way.source_of(at..way.text.len()).unwrap();
        assert_eq!(&text[range], "V\u{200b}I\u{c1}\u{c1}\u{c1}GRA");
    }
    assert_eq!(fold("a b", Accents::Ignored)[0].source_of(0..1), None);
}

#[test]
fn tokens_are_words_or_characters_of_scripts_without_spaces() {
    let folded = &fold("Two words, 日本語 🍑🍑", Accents::Ignored)[0];
    assert_eq!(folded.tokens().collect::<Vec<_>>(), ["two", "words", "日", "本", "語", "🍑", "🍑"]);
}

proptest! {
    #[test]
    fn no_text_is_too_much_and_every_place_lies_in_it(
        text in "(\\PC|[a-c \u{300}\u{200b}\u{430}ßİ漢ﷺ\n.-]){0,60}",
        from in 0usize..60,
        length in 1usize..30,
        keeps in any::<bool>(),
    ) {
        for way in fold(&text, if keeps { Accents::Kept } else { Accents::Ignored }) {
            prop_assert!(way.text.starts_with(' ') && way.text.ends_with(' '), "{:?}", way.text);
            prop_assert!(!way.text.contains("  "), "{:?}", way.text);
            prop_assert!(way.letters.iter().all(|letter| way.text.is_char_boundary(letter.at)));
            if let Some(range) = way.source_of(from..from + length) {
                prop_assert!(text.get(range).is_some_and(|part| !part.is_empty()));
            }
        }
    }

    #[test]
    fn case_makes_no_difference(text in "[a-zA-Zà-öø-ÿ ]{0,40}") {
        prop_assert_eq!(folded(&text), folded(&text.to_uppercase()));
    }

    #[test]
    fn what_is_folded_stays_so(text in "([a-z0-9]{2,6} {0,2}){0,8}") {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once.clone());
    }
}
