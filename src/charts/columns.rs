//! Columns from the bottom up, one after the other, as time goes on.

use plotters::prelude::*;

use super::{
    Heading, INK, RULE, SOFT, Tone, Undrawn,
    axis::Axis,
    numbers::{exact, short, ticks},
    sheet::{self, BELOW_HEADING, MARGIN, SMALL, TEXT, WIDTH, fill, font, plain, write},
};

/// How high the columns may be.
const PLOT: i32 = 210;
/// Room for numbers at the left and names below.
const LEFT: i32 = 46;
const BELOW: i32 = 30;
/// From one line of the legend to the next, and its squares.
const LEGEND: i32 = 24;
const SQUARE: i32 = 14;
const LEGEND_CHARS: usize = 30;
/// Columns that are named below.
const NAMED: usize = 4;

/// Numbers as time goes on, on top of each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Columns {
    pub heading: Heading,
    /// What columns are made of, from the bottom up.
    pub series: Vec<Series>,
    pub columns: Vec<Column>,
}

/// What a part of each column is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Series {
    pub name: String,
    pub tone: Tone,
}

/// One column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Of when it is.
    pub label: String,
    /// A number for each series.
    pub values: Vec<i64>,
}

fn added(values: impl Iterator<Item = i64>) -> i64 {
    values.fold(0, |sum, value| sum.saturating_add(value.max(0)))
}

impl Columns {
    /// Of each series.
    fn totals(&self) -> Vec<i64> {
        let total = |at: usize| added(self.columns.iter().filter_map(|column| column.values.get(at).copied()));
        (0..self.series.len()).map(total).collect()
    }

    pub fn svg(&self) -> Result<String, Undrawn> {
        let totals = self.totals();
        let all = added(totals.iter().copied());
        if all == 0 {
            return sheet::draw_nothing(&self.heading);
        }
        let legend = LEGEND * i32::try_from(self.series.len()).unwrap_or_default();
        let height = BELOW_HEADING + legend + 12 + PLOT + BELOW;
        sheet::draw(&self.heading, &self.says(&totals, all), height, |area| {
            // as they lie upon each other
            for (line, (series, total)) in self.series.iter().zip(&totals).rev().enumerate() {
                let y = BELOW_HEADING + LEGEND * i32::try_from(line).unwrap_or_default();
                fill(area, (MARGIN, y + 3), (SQUARE, SQUARE), series.tone.color())?;
                let words = format!("{}: {}", plain(&series.name, LEGEND_CHARS), exact(*total));
                write(area, &words, (MARGIN + SQUARE + 8, y + 10), font(TEXT, INK))?;
            }
            let plot = area.clone().shrink((0, BELOW_HEADING + legend + 12), (WIDTH - MARGIN, PLOT + BELOW));
            self.draw(&plot)
        })
    }

    fn draw(&self, area: &sheet::Area<'_>) -> Result<(), Undrawn> {
        let most = self.columns.iter().map(|column| added(column.values.iter().copied())).max().unwrap_or_default();
        let (ticks, number) = (ticks(most), self.columns.len());
        let end = ticks.last().copied().unwrap_or(1.0);
        let every = number.div_ceil(NAMED).max(1);
        let named: Vec<f64> = (0..number).step_by(every).map(|at| at as f64 + 0.5).collect();
        let labels: Vec<String> = self.columns.iter().map(|column| plain(&column.label, 12)).collect();
        let label = move |at: f64| labels.get(at as usize).cloned().unwrap_or_default();
        let mut chart = ChartBuilder::on(area)
            .margin_top(8)
            .x_label_area_size(BELOW)
            .y_label_area_size(LEFT)
            .build_cartesian_2d(Axis::new(number as f64, named, label), Axis::new(end, ticks, short))?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(RULE)
            .light_line_style(TRANSPARENT)
            .axis_style(RULE)
            .x_label_style(font(SMALL, SOFT))
            .y_label_style(font(SMALL, SOFT))
            .draw()?;
        let gap = if number > 20 { 0.1 } else { 0.15 };
        for (at, column) in self.columns.iter().enumerate() {
            let (left, right) = (at as f64 + gap, (at + 1) as f64 - gap);
            let mut from = 0.0;
            for (value, series) in column.values.iter().zip(&self.series).filter(|(value, _)| **value > 0) {
                let to = from + *value as f64;
                let part = Rectangle::new([(left, to), (right, from)], series.tone.color().filled());
                chart.draw_series(std::iter::once(part))?;
                from = to;
            }
        }
        Ok(())
    }

    /// What is seen, in a sentence.
    fn says(&self, totals: &[i64], all: i64) -> String {
        let parts = self.series.iter().zip(totals).map(|(series, total)| format!("{} {}", series.name, exact(*total)));
        format!("{} in all; {}.", exact(all), parts.collect::<Vec<_>>().join(", "))
    }
}
