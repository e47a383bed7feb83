use proptest::prelude::*;

use super::*;

fn key_of(typed: &str) -> Option<String> {
    Username::parse(typed).ok().map(|name| name.key())
}

#[test]
fn names_of_many_scripts_are_accepted_as_typed() {
    for typed in [
        "ann",
        "Ann_B-2",
        "42nd",
        "zoë",
        "Иван_3",
        "李小龍",
        "ひらカナ漢字",
        "김철수",
        "محمد٣",
        "हिन्दी",
        "ελένη",
        "עברית",
    ] {
        let name = Username::parse(typed).map(|name| name.as_str().to_owned());
        assert_eq!(name, Ok(typed.to_owned()));
    }
}

#[test]
fn other_characters_and_mixed_scripts_are_refused() {
    for typed in [
        "a b",
        "a.b",
        "a@b",
        "_ann",
        "-ann",
        "an",
        "",
        "a\u{200d}nn",
        "annа",
        "аnn",
        "x\u{301}yz",
        "ann٣",
        "a🙂b",
        "ann\0",
        "\u{3164}\u{3164}\u{3164}",
        "a½b",
        "\u{93f}abc",
    ] {
        assert!(Username::parse(typed).is_err(), "{typed:?}");
    }
    assert!(Username::parse(&"a".repeat(30)).is_ok());
    assert!(Username::parse(&"a".repeat(31)).is_err());
    assert!(Username::parse(&"\u{fdfa}".repeat(100_000)).is_err());
}

#[test]
fn look_alikes_have_one_key_or_are_refused() {
    for (a, b) in [
        ("paypal", "PayPal"),
        ("paypal", "pаypаl"),
        ("paypal", "paypaI"),
        ("paypal", "раураӏ"),
        ("modern", "modem"),
        ("straße", "strasse"),
        ("ann0", "annO"),
        ("ann1", "annl"),
        ("ann", "ａｎｎ"),
        ("σας", "ΣΑΣ"),
        ("ann", "ɑnn"),
    ] {
        let other = key_of(b);
        assert!(other.is_none() || other == key_of(a), "{a} {b} {other:?}");
    }
    assert_ne!(key_of("ann"), key_of("bob"));
    assert_ne!(key_of("ann_b"), key_of("ann-b"));
}

#[test]
fn reserved_names_are_found_in_any_disguise() {
    let name = |typed| Username::parse(typed).expect("a valid name");
    for typed in ["admin", "ADMIN", "Adm_in", "a-d-m-i-n", "adm1n", "rnod", "formerreader", "аdмin"] {
        assert!(Username::parse(typed).is_err() || name(typed).is_reserved(&[]), "{typed}");
    }
    assert!(!name("ann").is_reserved(&[]));
    assert!(name("KevinC").is_reserved(&[bare_key("kevin-c")]));
}

#[test]
fn imported_authors_get_a_name_near_their_own() {
    let made = |name, n| Username::suggest(name, n).as_str().to_owned();
    assert_eq!(made("  Ann  O'Hara, Jr. ", 0), "Ann_O_Hara_Jr");
    assert_eq!(made("Ann", 12), "Ann-12");
    assert_eq!(made("李", 0), "guest-0");
    assert_eq!(made("Admin", 3), "guest-3");
    assert_eq!(made(&"x".repeat(99), 7), format!("{}-7", "x".repeat(28)));
}

#[test]
fn every_character_of_the_first_two_planes_has_a_stable_key() {
    for c in '\0'..='\u{1ffff}' {
        let once = key(c.encode_utf8(&mut [0; 4]));
        assert_eq!(key(&once), once, "{c:?}");
    }
}

proptest! {
    #[test]
    fn keys_are_stable_whatever_the_text(text in any::<String>()) {
        let once = key(&text);
        prop_assert_eq!(key(&once), once);
    }

    #[test]
    fn every_suggestion_is_a_username(name in any::<String>(), n in any::<u32>()) {
        let made = Username::suggest(&name, n);
        prop_assert_eq!(Username::parse(made.as_str()), Ok(made));
    }
}
