//! A colour, and what is read on it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Red, green and blue, written `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

impl Colour {
    /// What mails of no site are headed with.
    pub const SLATE: Self = Self([0x33, 0x47, 0x5b]);
    const BLACK: Self = Self([0; 3]);
    const WHITE: Self = Self([255; 3]);

    /// `None` if the text is not `#` and six hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Black or white, whichever stands out more on it (WCAG 2.2, contrast ratio).
    pub fn ink(self) -> Self {
        let light = self.luminance() + 0.05;
        // black's ratio is light to 0.05, white's 1.05 to light
        if light / 0.05 >= 1.05 / light { Self::BLACK } else { Self::WHITE }
    }

    /// Relative luminance (WCAG 2.2): 0 of black, 1 of white.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl TryFrom<String> for Colour {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a colour")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_and_nothing_that_could_be_more_than_a_colour() {
        assert_eq!(Colour::parse("#0B5394").unwrap().to_string(), "#0b5394");
        for wrong in
            ["", "#", "0b5394", "#0b539", "#0b53945", "#0b539g", "#+b5394", "red", "#00000;", "#ä5394", "# b5394"]
        {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_written_on_a_colour_can_be_read() {
        let ink = |text: &str| Colour::parse(text).unwrap().ink().to_string();
        for dark in ["#000000", "#0b5394", "#8b0000", "#33475b", "#5f5f5f"] {
            assert_eq!(ink(dark), "#ffffff", "{dark}");
        }
        for light in ["#ffffff", "#ffd400", "#00ff00", "#c0c0c0", "#ff7f50"] {
            assert_eq!(ink(light), "#000000", "{light}");
        }
        // the ratio is at least 4.5, which the same source asks of texts, on every grey
        for grey in 0..=255 {
            let paper = Colour([grey; 3]);
            let (dark, light) = (paper.luminance(), paper.ink().luminance());
            let ratio = (dark.max(light) + 0.05) / (dark.min(light) + 0.05);
            assert!(ratio >= 4.5, "{paper}: {ratio}");
        }
    }
}
