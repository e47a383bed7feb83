use super::*;
use crate::domain::{
    rules::{AuthorHistory, Text},
    timestamp::Timestamp,
};

fn author(approved: i64) -> AuthorHistory {
    let since = Timestamp::from_micros(0);
    AuthorHistory { approved, ..AuthorHistory::newcomer(since) }
}

/// What is found, with the parts of the source that it rests on.
fn found(settings: LinkSettings, approved: i64, source: &str) -> Vec<(Outcome, Vec<&str>)> {
    let (text, author) = (Text::of(source), author(approved));
    let site_hosts = ["blog.example.org".to_owned(), "wikipedia.org".to_owned()];
    let subject = Subject { site_hosts: &site_hosts, ..Subject::new(&text, &author, Timestamp::from_micros(0)) };
    let findings = LinkRule::new(settings).unwrap().judge(&subject);
    let found = findings.into_iter().filter(|finding| finding.outcome > Outcome::Pass);
    found
        .map(|finding| (finding.outcome, finding.spans.iter().map(|span| &source[span.start..span.end]).collect()))
        .collect()
}

#[test]
fn too_many_links_hold_and_newcomers_have_fewer() {
    let settings = || LinkSettings { max: 2, newcomer_max: 1, ..LinkSettings::default() };
    let two = "https://a.example/ https://b.example/";
    let new = 0;
    assert_eq!(found(settings(), 10, two), []);
    let both = vec!["https://a.example/", "https://b.example/"];
    assert_eq!(found(settings(), new, two), [(Outcome::Hold, both)]);
    assert_eq!(found(settings(), 10, &format!("{two} <https://c.example>"))[0].0, Outcome::Hold);
    let own = LinkSettings { allow: vec!["example.org".to_owned()], ..settings() };
    assert_eq!(found(own, new, "https://example.org https://www.example.org/ https://a.example.org/"), []);
}

#[test]
fn a_denied_host_is_spam_with_all_below_it() {
    let settings =
        || LinkSettings { deny: vec!["Bad.example".into(), "bücher.example".into()], ..LinkSettings::default() };
    for source in
        ["https://bad.example/x", "http://www.bad.example", "https://xn--bcher-kva.example/", "https://BÜCHER.example/"]
    {
        assert_eq!(found(settings(), 10, source)[0].0, Outcome::Spam, "{source}");
    }
    assert_eq!(found(settings(), 10, "https://notbad.example/"), []);
}

#[test]
fn words_that_name_another_host_pretend() {
    let settings = LinkSettings::default;
    let lie = "[https://bank.com/login](https://evil.net/)";
    assert_eq!(found(settings(), 10, lie), [(Outcome::Hold, vec![lie])]);
    assert_eq!(found(settings(), 10, "[www.bank.com](https://evil.net/)").len(), 1);
    for honest in [
        "[bank.com](https://www.bank.com/login)",
        "[my bank](https://evil.net/)",
        "[e.g.](https://evil.net/)",
        "[version 2.0](https://evil.net/)",
        "https://evil.net/?u=bank.com",
    ] {
        assert_eq!(found(settings(), 10, honest), [], "{honest}");
    }
}

#[test]
fn hosts_that_imitate_others_pretend() {
    // Cyrillic о and а
    for source in ["https://wikipedi\u{430}.org/", "https://ex\u{430}mple.org/", "https://p\u{430}yp\u{430}l.com"] {
        assert_eq!(found(LinkSettings::default(), 10, source).len(), 1, "{source}");
    }
    for source in [
        "https://wikipedia.org/",
        "https://bücher-und-mehr.de/",
        "https://пример.рф/",
        "https://größe.example.org",
        "https://例え.jp/",
    ] {
        assert_eq!(found(LinkSettings::default(), 10, source), [], "{source}");
    }
}

#[test]
fn what_looks_like_itself_needs_no_table() {
    for c in ('a'..='z').chain('0'..='9').chain(".-_".chars()) {
        let bones: String = skeleton(c.encode_utf8(&mut [0; 4])).collect();
        let is_other = bones != c.to_string();
        assert_eq!(is_other, c.is_ascii() && LOOKING_LIKE_OTHERS.contains(&(c as u8)), "{c}");
    }
}

#[test]
fn what_is_allowed_and_denied_is_allowed() {
    let deny = vec!["good.example".into(), "bad.example".into()];
    let settings = || LinkSettings { deny: deny.clone(), ..allowing(&["good.example", "www.bad.example"]) };
    assert_eq!(found(settings(), 10, "https://good.example/ https://a.www.bad.example/"), []);
    assert_eq!(found(settings(), 10, "https://a.bad.example/")[0].0, Outcome::Spam);
}

/// With these hosts allowed.
fn allowing(allow: &[&str]) -> LinkSettings {
    LinkSettings { allow: allow.iter().copied().map(str::to_owned).collect(), ..LinkSettings::default() }
}

#[test]
fn a_host_in_plain_letters_that_looks_like_a_known_one_pretends() {
    let settings = || allowing(&["paypal.com", "www.microsoft.com", "google.com", "bücher.example"]);
    for source in [
        "https://paypa1.com/login",
        "https://www.paypa1.com/",
        "https://rnicrosoft.com/",
        "https://login.rnicrosoft.com/",
        "https://g00gle.com/",
        "https://wikipedia.org.paypa1.com/",
        "https://b\u{fc}cher.exarnple/",
        // the site's own: wikipedia.org and example.org
        "https://exarnple.org/",
    ] {
        assert_eq!(found(settings(), 10, source), [(Outcome::Hold, vec![source])], "{source}");
    }
    for source in ["https://paypal.net/", "https://paypall.com/", "https://pay-pal.com/", "https://a.example/"] {
        assert_eq!(found(settings(), 10, source), [], "{source}");
    }
}

#[test]
fn a_twin_in_one_other_alphabet_pretends_whatever_stands_before_it() {
    let twin = "\u{430}\u{440}\u{440}\u{4cf}\u{435}.com";
    for allowed in ["apple.com", "support.apple.com"] {
        for source in [format!("https://{twin}/"), format!("https://www.{twin}/"), format!("https://a.b.{twin}/x")] {
            assert_eq!(found(allowing(&[allowed]), 10, &source).len(), 1, "{allowed} {source}");
        }
    }
    // where nobody knows what it imitates it is a name like any other
    assert_eq!(found(LinkSettings::default(), 10, &format!("https://www.{twin}/")), []);
}

#[test]
fn known_hosts_imitate_nobody() {
    let settings = || allowing(&["paypal.com", "news.example.net", "paypa1.com", "exarnple.org"]);
    for source in [
        "https://paypal.com/",
        "https://www.paypal.com/",
        // below the domain of an allowed host
        "https://example.net/",
        "https://shop.example.net/",
        // alike, and both allowed
        "https://paypa1.com/",
        "https://exarnple.org/",
        // the site's own
        "https://blog.example.org/",
        "https://example.org/",
        "https://www.wikipedia.org/",
        "https://g\u{f6}\u{441}.example.org/",
    ] {
        assert_eq!(found(settings(), 10, source), [], "{source}");
    }
}

#[test]
fn a_denied_host_is_found_behind_any_number_of_links() {
    let settings = || LinkSettings { deny: vec!["bad.example".into()], max: MAX_LINKS, ..allowing(&["good.example"]) };
    for before in [500, 2_000] {
        let allowed = "[x](https://good.example) ".repeat(before);
        assert_eq!(found(settings(), 10, &allowed), []);
        let denied = "https://www.bad.example/";
        assert_eq!(found(settings(), 10, &format!("{allowed}{denied}")), [(Outcome::Spam, vec![denied])]);
        let twin = "https://g00d.example/";
        assert_eq!(found(settings(), 10, &format!("{allowed}{twin}")), [(Outcome::Hold, vec![twin])]);
        let unknown = "[x](https://any.example) ".repeat(before);
        assert_eq!(found(settings(), 10, &format!("{unknown}{denied}"))[0], (Outcome::Spam, vec![denied]));
    }
}

#[test]
fn what_no_policy_looks_at_is_held() {
    let settings = || LinkSettings { max: MAX_LINKS, ..allowing(&["good.example"]) };
    let most = "[x](https://any.example) ".repeat(MAX_LINKS as usize - 1);
    let twin = "https://g00d.example/";
    assert_eq!(found(settings(), 10, &format!("{most}{twin}")), [(Outcome::Hold, vec![twin])]);
    let one_more = format!("{most}https://any.example {twin}");
    let held = found(settings(), 10, &one_more);
    assert_eq!(held.iter().map(|(outcome, _)| *outcome).collect::<Vec<_>>(), [Outcome::Hold]);
}

#[test]
fn entries_that_are_no_hosts_are_named() {
    let deny =
        ["good.example", "http://x.example", "co.uk", "", "x.example/path", "localhost", "1.2.3.4", "a b.example"];
    let settings = LinkSettings { deny: deny.map(str::to_owned).into(), ..LinkSettings::default() };
    let bad: Vec<_> = LinkRule::new(settings).unwrap_err().into_iter().map(|bad| (bad.line, bad.error)).collect();
    assert_eq!(
        bad,
        [
            (2, HostError::Malformed),
            (3, HostError::PublicSuffix),
            (4, HostError::Malformed),
            (5, HostError::Malformed),
            (6, HostError::Malformed),
            (8, HostError::Malformed),
        ]
    );
}
