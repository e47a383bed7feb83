//! Days, as sums are kept of them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::timestamp::Timestamp;

/// A day in UTC, counted from 1970-01-01. On the wire its date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(pub i32);

const DAY_SECS: i64 = 24 * 3_600;

impl Day {
    /// The one of this time.
    pub fn of(time: Timestamp) -> Self {
        Self(i32::try_from(time.as_secs().div_euclid(DAY_SECS)).unwrap_or_default())
    }

    /// Its first moment.
    pub fn begins(self) -> Timestamp {
        Timestamp::from_micros(i64::from(self.0) * DAY_SECS * 1_000_000)
    }

    /// From a date such as `2026-11-26`.
    pub fn parse(text: &str) -> Option<Self> {
        let is_formed = text.len() == "2026-11-26".len() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        Timestamp::parse(&format!("{text}T00:00:00Z")).filter(|_| is_formed).map(Self::of)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let begins = self.begins().to_string();
        f.write_str(begins.split('T').next().unwrap_or_default())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a date such as 2026-11-26"))
    }
}

impl utoipa::PartialSchema for Day {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Date)))
            .into()
    }
}

impl utoipa::ToSchema for Day {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_dates_and_nothing_else() {
        let day = Day::parse("2026-11-26").unwrap();
        assert_eq!((day.to_string().as_str(), Day(0).to_string().as_str()), ("2026-11-26", "1970-01-01"));
        assert_eq!(Day::of(Timestamp::parse("2026-11-26T23:59:59.9Z").unwrap()), day);
        assert_eq!(Day::of(Timestamp::from_micros(-1)), Day(-1));
        for wrong in ["", "2026-11-31", "2026-1-1", "26-11-2026", "2026-11-26Z", "+026-11-26"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_are_those_of_utc() {
        let day = |text| Day::of(Timestamp::parse(text).unwrap());
        assert_eq!(day("2026-11-23T23:59:59.999999Z").to_string(), "2026-11-23");
        assert_eq!(day("2026-11-24T01:00:00+02:00").to_string(), "2026-11-23");
        assert_eq!(Day::parse("2026-11-23"), Some(day("2026-11-23T09:00:00Z")));
        for wrong in ["", "2026-11-3", "2026-02-30", "23.11.2026", "2026-11-23T", "+026-11-23"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }
}
