//! What all charts are drawn on.

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{Heading, INK, SOFT, Undrawn};

/// Units from left to right. A phone's 360 pixels make a text of 16 units one of 13 pixels and more.
pub const WIDTH: i32 = 400;
/// Room at the sides.
pub const MARGIN: i32 = 8;
/// Where what is below the heading begins.
pub const BELOW_HEADING: i32 = 62;
/// The size of texts, and of those that are told beside.
pub const TEXT: f64 = 16.0;
pub const SMALL: f64 = 14.0;
/// What a letter of that size takes at most, as digits and most letters of common fonts do.
pub const LETTER: i32 = 9;

const TITLE: f64 = 17.0;
/// Letters that fit beside each other.
const TITLE_CHARS: usize = 40;
const OF_CHARS: usize = 48;
/// What the library takes off a font's size.
const EM: f64 = 1.24;

/// Where a chart is drawn.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The same, but thicker.
pub fn bold(size: f64) -> TextStyle<'static> {
    ("sans-serif", size * EM, FontStyle::Bold).into_font().color(&INK)
}

/// A font.
pub fn font(size: f64, color: RGBColor) -> TextStyle<'static> {
    ("sans-serif", size * EM).into_font().color(&color)
}

/// Writes a text from this place on; its middle stands at this height.
pub fn write(area: &Area<'_>, text: &str, (x, y): (i32, i32), style: TextStyle<'static>) -> Result<(), Undrawn> {
    Ok(area.draw(&Text::new(text.to_owned(), (x, y), style.pos(Pos::new(HPos::Left, VPos::Center))))?)
}

/// Fills a rectangle.
pub fn fill(area: &Area<'_>, (x, y): (i32, i32), (width, height): (i32, i32), color: RGBColor) -> Result<(), Undrawn> {
    Ok(area.draw(&Rectangle::new([(x, y), (x + width, y + height)], color.filled()))?)
}

/// Draws a chart below its heading; its title says in a sentence what is seen.
pub fn draw(
    heading: &Heading,
    says: &str,
    height: i32,
    draw: impl FnOnce(&Area<'_>) -> Result<(), Undrawn>,
) -> Result<String, Undrawn> {
    let mut drawn = String::new();
    let area = SVGBackend::with_string(&mut drawn, (WIDTH.unsigned_abs(), height.unsigned_abs())).into_drawing_area();
    write(&area, &plain(&heading.title, TITLE_CHARS), (MARGIN, 20), bold(TITLE))?;
    write(&area, &plain(&heading.of, OF_CHARS), (MARGIN, 43), font(SMALL, SOFT))?;
    draw(&area)?;
    area.present()?;
    drop(area);
    // the library's own first line gives it a size
    let shapes = drawn.split_once('\n').map_or("", |(_, shapes)| shapes);
    let sentence = plain(&format!("{}, {}: {says}", heading.title, heading.of), usize::MAX);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n<title>{}</title>\n{shapes}",
        escaped(&sentence)
    ))
}

/// Says that there is nothing.
pub fn draw_nothing(heading: &Heading) -> Result<String, Undrawn> {
    draw(heading, "nothing to show.", BELOW_HEADING + 40, |area| {
        write(area, "Nothing to show.", (MARGIN, BELOW_HEADING + 14), font(TEXT, INK))
    })
}

/// A text on one line, without what no XML may have or what turns the direction of others, and not longer than that.
pub fn plain(text: &str, chars: usize) -> String {
    let is_shown = |letter: &char| !matches!(*letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}');
    let letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).filter(is_shown);
    let mut kept: Vec<char> = letters.take(chars.saturating_add(1)).collect();
    if kept.len() > chars {
        kept.truncate(chars.saturating_sub(1));
        kept.push('…');
    }
    kept.into_iter().collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
