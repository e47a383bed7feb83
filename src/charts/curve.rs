//! Lines over a scale from 0 to 1, each a share.

use plotters::prelude::*;

use super::{
    Heading, INK, RULE, SOFT, Tone, Undrawn,
    axis::Axis,
    sheet::{self, BELOW_HEADING, MARGIN, SMALL, TEXT, WIDTH, fill, font, plain, write},
};

const PLOT: i32 = 230;
const LEFT: i32 = 54;
const BELOW: i32 = 54;
const LEGEND: i32 = 24;
/// A line of the legend, and a piece of it where it is broken.
const STROKE: i32 = 26;
const PIECE: i32 = 6;
const LEGEND_CHARS: usize = 40;

/// Shares over a scale.
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    pub heading: Heading,
    /// What the scale is.
    pub scale: String,
    pub lines: Vec<Line>,
    /// A place on the scale.
    pub mark: Option<Mark>,
}

/// A share at places of the scale, both 0 to 1.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    pub name: String,
    pub tone: Tone,
    /// Whether it is broken, so that it is told from others without its colour.
    pub is_broken: bool,
    pub points: Vec<(f64, f64)>,
}

/// A place on the scale, with its name.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    pub name: String,
    pub at: f64,
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 100.0).round())
}

impl Curve {
    pub fn svg(&self) -> Result<String, Undrawn> {
        if self.lines.iter().all(|line| line.points.is_empty()) {
            return sheet::draw_nothing(&self.heading);
        }
        let lines = self.lines.len() + usize::from(self.mark.is_some());
        let legend = LEGEND * i32::try_from(lines).unwrap_or_default();
        let height = BELOW_HEADING + legend + 12 + PLOT + BELOW;
        sheet::draw(&self.heading, &self.says(), height, |area| {
            let mut y = BELOW_HEADING;
            for line in &self.lines {
                key(area, y, &line.name, line.tone, line.is_broken)?;
                y += LEGEND;
            }
            if let Some(mark) = &self.mark {
                fill(area, (MARGIN + STROKE / 2 - 1, y), (2, 20), Tone::Beside.color())?;
                let words = format!("{}: {:.2}", plain(&mark.name, LEGEND_CHARS), mark.at);
                write(area, &words, (MARGIN + STROKE + 8, y + 10), font(TEXT, INK))?;
                y += LEGEND;
            }
            self.draw(&area.clone().shrink((0, y + 12), (WIDTH - 2 * MARGIN, PLOT + BELOW)))
        })
    }

    fn draw(&self, area: &sheet::Area<'_>) -> Result<(), Undrawn> {
        let axis = |label: fn(f64) -> String| Axis::new(1.0, vec![0.0, 0.25, 0.5, 0.75, 1.0], label);
        let mut chart = ChartBuilder::on(area)
            .margin_top(8)
            .x_label_area_size(BELOW)
            .y_label_area_size(LEFT)
            .build_cartesian_2d(axis(|place| place.to_string()), axis(percent))?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(RULE)
            .light_line_style(TRANSPARENT)
            .axis_style(RULE)
            .x_label_style(font(SMALL, SOFT))
            .y_label_style(font(SMALL, SOFT))
            .x_desc(plain(&self.scale, LEGEND_CHARS))
            .axis_desc_style(font(SMALL, SOFT))
            .draw()?;
        if let Some(mark) = &self.mark {
            let at = mark.at.clamp(0.0, 1.0);
            let line = PathElement::new([(at, 0.0), (at, 1.0)], Tone::Beside.color().stroke_width(2));
            chart.draw_series(std::iter::once(line))?;
        }
        for line in self.lines.iter().filter(|line| !line.points.is_empty()) {
            let style = line.tone.color().stroke_width(3);
            let points = line.points.iter().copied();
            if line.is_broken {
                chart.draw_series(DashedLineSeries::new(points, PIECE, PIECE, style))?;
            } else {
                chart.draw_series(LineSeries::new(points, style))?;
            }
        }
        Ok(())
    }

    /// What is seen, in a sentence.
    fn says(&self) -> String {
        let ends = |line: &Line| match (line.points.first(), line.points.last()) {
            (Some((_, first)), Some((_, last))) => {
                format!("{} goes from {} to {}", line.name, percent(*first), percent(*last))
            }
            _ => format!("{} is not known", line.name),
        };
        let mut parts: Vec<String> = self.lines.iter().map(ends).collect();
        parts.extend(self.mark.iter().map(|mark| format!("{} is {:.2}", mark.name, mark.at)));
        format!("{}.", parts.join("; "))
    }
}

/// A line of the legend.
fn key(area: &sheet::Area<'_>, y: i32, name: &str, tone: Tone, is_broken: bool) -> Result<(), Undrawn> {
    let pieces: Vec<(i32, i32)> =
        if is_broken { (0..STROKE).step_by(10).map(|at| (at, PIECE)).collect() } else { vec![(0, STROKE)] };
    for (at, long) in pieces {
        fill(area, (MARGIN + at, y + 9), (long, 3), tone.color())?;
    }
    write(area, &plain(name, LEGEND_CHARS), (MARGIN + STROKE + 8, y + 10), font(TEXT, INK))
}
