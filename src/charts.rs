//! Charts as SVG: shapes and numbers. Of what they tell knows who has them drawn.
//!
//! A chart has as much room as its reader gives it: it has a `viewBox` and no size of its own, and its texts are large enough
//! on a phone. Nothing in it is styled inline, so that it may stand in a page of a strict policy, and the same numbers are
//! always the same bytes. Its `<title>` says in a sentence what is seen; the numbers themselves belong into a table beside it.

mod axis;
mod bars;
mod columns;
mod curve;
mod numbers;
mod sheet;
#[cfg(test)]
mod tests;

use plotters::style::RGBColor;

pub use self::{
    bars::{Bar, Bars, Group},
    columns::{Column, Columns, Series},
    curve::{Curve, Line, Mark},
    numbers::exact,
};

/// What a chart is about, and of when or of what: both are seen above it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading {
    /// A few words.
    pub title: String,
    /// Such as the days.
    pub of: String,
}

/// What a colour stands for. Nothing is told by colour alone: what has one has its name and its number beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Numbers of which nothing else is to be said; what is public.
    Plain,
    /// What waits, or took long.
    Waiting,
    /// What was put away or refused, and mistakes.
    Bad,
    /// What went as it should.
    Good,
    /// What is told beside.
    Beside,
}

/// The palette: every colour of every chart. They stand in attributes (`fill="#1D5C86"`), by which a page gives them others
/// in the dark; docs/MODERATION.md names them.
impl Tone {
    fn color(self) -> RGBColor {
        match self {
            Self::Plain => RGBColor(0x1D, 0x5C, 0x86),
            Self::Waiting => RGBColor(0x85, 0x54, 0x00),
            Self::Bad => RGBColor(0xA1, 0x2B, 0x2B),
            Self::Good => RGBColor(0x1B, 0x6A, 0x3B),
            Self::Beside => SOFT,
        }
    }
}

/// Texts.
const INK: RGBColor = RGBColor(0x1D, 0x21, 0x26);
/// What is less important.
const SOFT: RGBColor = RGBColor(0x59, 0x62, 0x6D);
/// Lines by which one finds one's way.
const RULE: RGBColor = RGBColor(0xDE, 0xDB, 0xD3);

/// A chart that could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("a chart could not be drawn: {0}")]
pub struct Undrawn(String);

/// Of what the library says, whatever its backend.
impl<E: std::error::Error + Send + Sync> From<plotters::drawing::DrawingAreaErrorKind<E>> for Undrawn {
    fn from(error: plotters::drawing::DrawingAreaErrorKind<E>) -> Self {
        Self(error.to_string())
    }
}
