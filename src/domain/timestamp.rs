//! Points in time, to the microsecond, as both databases keep them.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Microseconds since 1970-01-01T00:00:00Z. On the wire an RFC 3339 time in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The last time that can be written as RFC 3339 with any offset: a day before the end of the year 9999.
    const MAX_MICROS: i64 = 253_402_207_199_999_999;
    /// The first: the beginning of the year 1.
    const MIN_MICROS: i64 = -62_135_596_800_000_000;

    /// From microseconds since the epoch; what lies outside the years 1 to 9999 becomes the nearest time inside.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(Self::MIN_MICROS, Self::MAX_MICROS))
    }

    /// Microseconds since the epoch.
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as tokens carry them.
    pub fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Whole milliseconds since the epoch; 0 for earlier times. UUIDv7 begins with them.
    pub fn as_millis(self) -> u64 {
        u64::try_from(self.0.div_euclid(1_000)).unwrap_or(0)
    }

    /// Its year and month (1 to 12) in UTC.
    pub fn year_and_month(self) -> (i16, i8) {
        let time = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        let date = jiff::tz::Offset::UTC.to_datetime(time).date();
        (date.year(), date.month())
    }

    /// To the minute, as people read it: `2026-11-26 10:05 UTC`.
    pub fn in_words(self) -> String {
        let time = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        let at = jiff::tz::Offset::UTC.to_datetime(time);
        format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute())
    }

    /// The beginning of its hour.
    pub fn hour(self) -> Self {
        const HOUR: i64 = 3_600 * 1_000_000;
        Self::from_micros(self.0.div_euclid(HOUR) * HOUR)
    }

    /// This much later, at most the last time that can be written.
    pub fn plus(self, span: Duration) -> Self {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// This much earlier, at least the beginning of the year 1.
    pub fn minus(self, span: Duration) -> Self {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_sub(micros))
    }

    /// How long after `earlier`; nothing if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// From RFC 3339 text with any offset, and nothing else that ISO 8601 allows; until the year 9999 but its last day.
    pub fn parse(text: &str) -> Option<Self> {
        let parsed: jiff::Timestamp = text.parse().ok().filter(|_| is_rfc3339(text))?;
        Some(Self::from_micros(parsed.as_microsecond()))
    }
}

/// Whether a text that is a time of some kind is one of RFC 3339 (section 5.6), by its form.
fn is_rfc3339(text: &str) -> bool {
    let Some((date_time, rest)) = text.split_at_checked("2026-11-23T09:30:00".len()) else { return false };
    let is_formed = |text: &str, form: &str| {
        let fits = |(is, should_be): (u8, u8)| match should_be {
            b'0' => is.is_ascii_digit(),
            b'T' => matches!(is, b'T' | b't'),
            other => is == other,
        };
        text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
    };
    let digits = rest.strip_prefix('.').map(|fraction| fraction.bytes().take_while(u8::is_ascii_digit).count());
    let offset = match digits {
        None => rest,
        Some(0) => return false,
        Some(count) => &rest[1 + count..],
    };
    let is_offset = matches!(offset, "Z" | "z")
        || offset.strip_prefix(['+', '-']).is_some_and(|offset| is_formed(offset, "00:00") && offset < "24:00");
    is_formed(date_time, "0000-00-00T00:00:00") && is_offset
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(time) => time.fmt(f),
            Err(_) => Err(std::fmt::Error),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 time"))
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .examples([serde_json::json!("2026-11-23T09:30:00Z")])
            .into()
    }
}

impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_as_it_was_written() {
        let time = Timestamp::parse("2026-11-23T10:30:00.25+01:00").unwrap();
        assert_eq!(time.to_string(), "2026-11-23T09:30:00.25Z");
        assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
    }

    #[test]
    fn people_read_it_to_the_minute() {
        assert_eq!(Timestamp::parse("2026-11-06T09:05:59Z").unwrap().in_words(), "2026-11-06 09:05 UTC");
    }

    #[test]
    fn every_time_can_be_written() {
        for micros in [i64::MIN, i64::MAX, 0] {
            let time = Timestamp::from_micros(micros);
            assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
        }
    }
}
