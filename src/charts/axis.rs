//! Axes whose lines are where we want them.

use std::ops::Range;

use plotters::coord::{
    ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter},
    types::RangedCoordf64,
};

/// From nothing to some end, with lines and their labels.
pub struct Axis {
    scale: RangedCoordf64,
    end: f64,
    lines: Vec<f64>,
    label: Box<dyn Fn(f64) -> String>,
}

impl Axis {
    pub fn new(end: f64, lines: Vec<f64>, label: impl Fn(f64) -> String + 'static) -> Self {
        Self { scale: (0.0..end).into(), end, lines, label: Box::new(label) }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.scale.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.lines.clone()
    }

    fn range(&self) -> Range<f64> {
        0.0..self.end
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        (self.label)(*value)
    }
}
