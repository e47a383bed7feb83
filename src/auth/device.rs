//! From what device a session began, in words for its owner: of closed lists, so that nothing of what a client says of itself
//! is stored or shown.

/// What stands in a client's words, and what it is; the first that is there counts, since browsers name those that they
/// resemble.
const PROGRAMS: [(&str, &str); 18] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "a Python program"),
    ("okhttp/", "an app"),
];

const SYSTEMS: [(&str, &str); 9] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
    ("OpenBSD", "OpenBSD"),
];

/// Bytes of a client's words that are looked at.
const LOOKED_AT: usize = 400;

/// What a `User-Agent` tells, as in `Firefox on Linux`; nothing if it tells nothing that is known.
pub fn in_words(agent: &str) -> Option<String> {
    let agent = &agent.as_bytes()[..agent.len().min(LOOKED_AT)];
    let find = |list: &[(&str, &'static str)]| {
        let is_there = |mark: &str| agent.windows(mark.len()).any(|part| part == mark.as_bytes());
        list.iter().find(|(mark, _)| is_there(mark)).map(|(_, name)| *name)
    };
    match (find(&PROGRAMS), find(&SYSTEMS)) {
        (Some(program), Some(system)) => Some(format!("{program} on {system}")),
        (known, other) => known.or(other).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn devices_have_names_that_people_know() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 \
                 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile \
                 Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/26.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 \
                 Safari/605.1.15",
                "Safari on macOS",
            ),
            ("curl/8.14.1", "curl"),
        ] {
            assert_eq!(in_words(agent).as_deref(), Some(words));
        }
        for unknown in ["", "WordPress/6.8; https://blog.example", "<script>alert(1)</script>"] {
            assert_eq!(in_words(unknown), None);
        }
    }

    #[test]
    fn what_stands_far_behind_is_not_looked_at() {
        assert_eq!(in_words(&("x".repeat(LOOKED_AT) + "Firefox/1")), None);
        // also in the middle of a letter
        assert_eq!(in_words(&"é".repeat(LOOKED_AT)), None);
    }

    proptest! {
        #[test]
        fn nothing_of_what_a_client_says_comes_through(agent in "(Firefox/|Linux|<b>|\"|\\PC){0,40}") {
            if let Some(words) = in_words(&agent) {
                prop_assert!(words.len() < 60 && words.chars().all(|c| c.is_ascii_alphanumeric() || c == ' '));
            }
        }
    }
}
