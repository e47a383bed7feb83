//! In which language a text is written.

use whatlang::Lang;

/// Where it cannot be told (BCP 47).
pub const UNDETERMINED: &str = "und";
/// Characters that are looked at; more say no more.
const LOOKED_AT: usize = 600;
/// Letters from which on it can be told.
const LETTERS_MIN: usize = 12;

/// How sure it must be, 0 to 1. The library itself calls reliable what is above 0.9, which leaves out most sentences; what it
/// gets wrong was below 0.4 in a dozen comments.
const CONFIDENCE_MIN: f64 = 0.5;

/// The languages that are told apart, by their shortest tags (BCP 47).
const TAGS: [(Lang, &str); 70] = [
    (Lang::Afr, "af"),
    (Lang::Aka, "ak"),
    (Lang::Amh, "am"),
    (Lang::Ara, "ar"),
    (Lang::Aze, "az"),
    (Lang::Bel, "be"),
    (Lang::Bul, "bg"),
    (Lang::Ben, "bn"),
    (Lang::Cat, "ca"),
    (Lang::Ces, "cs"),
    (Lang::Cym, "cy"),
    (Lang::Dan, "da"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Epo, "eo"),
    (Lang::Spa, "es"),
    (Lang::Est, "et"),
    (Lang::Pes, "fa"),
    (Lang::Fin, "fi"),
    (Lang::Fra, "fr"),
    (Lang::Guj, "gu"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Hrv, "hr"),
    (Lang::Hun, "hu"),
    (Lang::Hye, "hy"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Jpn, "ja"),
    (Lang::Jav, "jv"),
    (Lang::Kat, "ka"),
    (Lang::Khm, "km"),
    (Lang::Kan, "kn"),
    (Lang::Kor, "ko"),
    (Lang::Lat, "la"),
    (Lang::Lit, "lt"),
    (Lang::Lav, "lv"),
    (Lang::Mkd, "mk"),
    (Lang::Mal, "ml"),
    (Lang::Mar, "mr"),
    (Lang::Mya, "my"),
    (Lang::Nob, "nb"),
    (Lang::Nep, "ne"),
    (Lang::Nld, "nl"),
    (Lang::Ori, "or"),
    (Lang::Pan, "pa"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Sin, "si"),
    (Lang::Slk, "sk"),
    (Lang::Slv, "sl"),
    (Lang::Sna, "sn"),
    (Lang::Srp, "sr"),
    (Lang::Swe, "sv"),
    (Lang::Tam, "ta"),
    (Lang::Tel, "te"),
    (Lang::Tha, "th"),
    (Lang::Tuk, "tk"),
    (Lang::Tgl, "tl"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
    (Lang::Urd, "ur"),
    (Lang::Uzb, "uz"),
    (Lang::Vie, "vi"),
    (Lang::Yid, "yi"),
    (Lang::Cmn, "zh"),
    (Lang::Zul, "zu"),
];

/// The tag of the language that a text is written in.
pub fn detect(text: &str) -> &'static str {
    let text: String = text.chars().filter(|c| c.is_alphabetic() || c.is_whitespace()).take(LOOKED_AT).collect();
    if text.chars().filter(|c| c.is_alphabetic()).take(LETTERS_MIN).count() < LETTERS_MIN {
        return UNDETERMINED;
    }
    let told = whatlang::detect(&text).filter(|told| told.confidence() >= CONFIDENCE_MIN);
    told.and_then(|told| tag(told.lang())).unwrap_or(UNDETERMINED)
}

fn tag(lang: Lang) -> Option<&'static str> {
    TAGS.iter().find(|(known, _)| *known == lang).map(|(_, tag)| *tag)
}

/// The tag as it is stored, if it is one of a language that is told apart, or of none.
pub fn parse(text: &str) -> Option<&'static str> {
    let tags = TAGS.iter().map(|(_, tag)| *tag).chain([UNDETERMINED]);
    tags.into_iter().find(|tag| tag.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_tag_of_its_own() {
        assert!(Lang::all().iter().all(|lang| tag(*lang).is_some()));
        let distinct: std::collections::HashSet<&str> = TAGS.iter().map(|(_, tag)| *tag).collect();
        assert_eq!(distinct.len(), TAGS.len());
        assert_eq!([parse("DE"), parse("und"), parse("xx")], [Some("de"), Some("und"), None]);
    }

    #[test]
    fn texts_of_a_few_lines_are_told_apart() {
        let told = [
            ("The minister said that nobody had asked her about it before the report was published.", "en"),
            ("Die Ministerin sagte, dass niemand sie danach gefragt habe, bevor der Bericht erschien.", "de"),
            ("La ministre a dit que personne ne lui avait demandé cela avant la publication du rapport.", "fr"),
            ("الوزيرة قالت إن أحدا لم يسألها عن ذلك قبل نشر التقرير", "ar"),
            ("大臣は報告書が公表される前に誰もそのことを尋ねなかったと述べた。", "ja"),
            ("Министр сказала, что никто не спрашивал её об этом до публикации доклада.", "ru"),
        ];
        for (text, language) in told {
            assert_eq!(detect(text), language, "{text}");
        }
        for text in ["", "ok", "👍👍👍👍👍👍👍👍👍👍👍👍👍👍", "12345 67890 12345 67890"] {
            assert_eq!(detect(text), UNDETERMINED, "{text}");
        }
    }
}
