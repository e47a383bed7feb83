//! The text of one element, put together from its pieces within a bound.

use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

/// The text of one element.
#[derive(Debug, Default)]
pub(super) struct Text {
    kept: String,
    max_bytes: usize,
    is_over: bool,
}

impl Text {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { kept: String::new(), max_bytes, is_over: false }
    }

    /// Whether there was more than the bound allows; what is kept then ends at the bound.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Appends characters as the file has them: forbidden ones left out, line ends as XML wants them.
    pub(super) fn push_raw(&mut self, raw: &str) {
        let is_plain = |byte: u8| matches!(byte, b'\t' | b'\n' | 0x20..=0xEE | 0xF0..);
        if raw.bytes().all(is_plain) {
            return self.push_str(raw);
        }
        let mut characters = raw.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\r' if characters.peek() == Some(&'\n') => {}
                '\r' => self.push('\n'),
                _ => self.push(character),
            }
            if self.is_over {
                return;
            }
        }
    }

    /// Appends what `&name;` stands for, or the reference itself if it stands for nothing known.
    pub(super) fn push_reference(&mut self, name: &str) {
        match name {
            "lt" => self.push('<'),
            "gt" => self.push('>'),
            "amp" => self.push('&'),
            "quot" => self.push('"'),
            "apos" => self.push('\''),
            _ => match code_point(name) {
                // A reference to no character is left out like the forbidden characters themselves.
                Some(code) => char::from_u32(code).into_iter().for_each(|c| self.push(c)),
                None => {
                    self.push('&');
                    self.push_raw(name);
                    self.push(';');
                }
            },
        }
    }

    /// The text as the file has it.
    pub(super) fn into_exact(self) -> String {
        self.kept
    }

    /// The text without whitespace around it.
    pub(super) fn into_trimmed(self) -> String {
        let trimmed = self.kept.trim();
        if trimmed.len() == self.kept.len() { self.kept } else { trimmed.to_owned() }
    }

    fn push(&mut self, character: char) {
        if is_xml_character(character) {
            self.push_str(character.encode_utf8(&mut [0; 4]));
        }
    }

    fn push_str(&mut self, text: &str) {
        if self.is_over {
            return;
        }
        let room = self.max_bytes - self.kept.len();
        self.is_over = text.len() > room;
        self.kept.push_str(&text[..text.floor_char_boundary(room.min(text.len()))]);
    }
}

/// `Char` of XML 1.0, section 2.2.
fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// The code of a numeric reference: `#65` or `#x41`.
fn code_point(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('#')?;
    let (digits, radix) = match digits.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    // The standard parser would take a sign as well.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}

/// Microseconds since 1970 of `2024-05-01 12:30:00` taken as UTC; `None` if it is no date, as the
/// `0000-00-00 00:00:00` that WordPress writes for "never".
pub(super) fn mysql_micros(text: &str) -> Option<i64> {
    let date = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    Some(TimeZone::UTC.to_timestamp(date).ok()?.as_microsecond())
}

/// Microseconds since 1970 of `Wed, 01 May 2024 12:30:00 +0000`; `None` if it is no date.
pub(super) fn rfc2822_micros(text: &str) -> Option<i64> {
    // Plugins that shift dates leave the weekday behind.
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    Some(parser.parse_timestamp(text).ok()?.as_microsecond())
}
