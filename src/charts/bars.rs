//! Bars from left to right, one below the other.

use super::{
    Heading, INK, RULE, Tone, Undrawn,
    numbers::exact,
    sheet::{self, BELOW_HEADING, LETTER, MARGIN, SMALL, TEXT, WIDTH, bold, fill, font, plain, write},
};

/// Bars of a group that are drawn; what is beyond is summed up.
const SHOWN: usize = 12;
/// Letters of a label.
const LABEL_CHARS: usize = 42;
/// From one bar to the next, and from a group's heading to its first.
const STEP: i32 = 46;
const HEADING: i32 = 44;
/// How high a bar is.
const THICK: i32 = 16;
/// Bars that the title names.
const NAMED: usize = 4;

/// Numbers of the same kind beside each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bars {
    pub heading: Heading,
    /// All on one scale.
    pub groups: Vec<Group>,
}

/// Bars that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Above them, where there are others.
    pub heading: Option<String>,
    pub bars: Vec<Bar>,
    /// Whether they keep the order in which they stand: the longest comes first otherwise.
    pub is_ordered: bool,
}

/// One number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bar {
    pub label: String,
    pub value: i64,
    pub tone: Tone,
}

impl Bars {
    pub fn svg(&self) -> Result<String, Undrawn> {
        let groups: Vec<(Option<&String>, Vec<Bar>)> =
            self.groups.iter().map(|group| (group.heading.as_ref(), group.shown())).collect();
        let bars = || groups.iter().flat_map(|(_, bars)| bars);
        let most = bars().map(|bar| bar.value).max().unwrap_or_default();
        if bars().all(|bar| bar.value == 0) {
            return sheet::draw_nothing(&self.heading);
        }
        let letters = bars().map(|bar| exact(bar.value).len()).max().unwrap_or_default();
        let room = WIDTH - 2 * MARGIN - LETTER * i32::try_from(letters).unwrap_or_default() - 8;
        let height = |(heading, bars): &(Option<&String>, Vec<Bar>)| {
            HEADING * i32::from(heading.is_some()) + STEP * i32::try_from(bars.len()).unwrap_or_default()
        };
        let total = BELOW_HEADING + groups.iter().map(height).sum::<i32>() + 4;
        sheet::draw(&self.heading, &says(&groups), total, |area| {
            let mut y = BELOW_HEADING;
            for (heading, bars) in &groups {
                if let Some(heading) = heading {
                    write(area, &plain(heading, LABEL_CHARS), (MARGIN, y + 22), bold(SMALL))?;
                    y += HEADING;
                }
                for bar in bars {
                    let long = length(bar.value, most, room);
                    write(area, &plain(&bar.label, LABEL_CHARS), (MARGIN, y + 9), font(TEXT, INK))?;
                    fill(area, (MARGIN - 2, y + 17), (2, THICK + 6), RULE)?;
                    if long > 0 {
                        fill(area, (MARGIN, y + 20), (long, THICK), bar.tone.color())?;
                    }
                    let end = (MARGIN + long + 6, y + 28);
                    write(area, &exact(bar.value), end, font(TEXT, INK))?;
                    y += STEP;
                }
            }
            Ok(())
        })
    }
}

/// Units of a bar: what is something is seen.
fn length(value: i64, most: i64, room: i32) -> i32 {
    match value {
        ..=0 => 0,
        _ => ((value as f64 / most as f64 * f64::from(room)).round() as i32).max(2),
    }
}

impl Group {
    /// The bars in order, what is beyond the last summed up.
    fn shown(&self) -> Vec<Bar> {
        let mut bars = self.bars.clone();
        if !self.is_ordered {
            bars.sort_by(|one, other| other.value.cmp(&one.value).then_with(|| one.label.cmp(&other.label)));
        }
        if bars.len() > SHOWN {
            let rest = bars.split_off(SHOWN - 1);
            let value = rest.iter().fold(0, |sum: i64, bar| sum.saturating_add(bar.value));
            bars.push(Bar { label: format!("{} others together", rest.len()), value, tone: Tone::Beside });
        }
        bars
    }
}

/// What is seen, in a sentence.
fn says(groups: &[(Option<&String>, Vec<Bar>)]) -> String {
    let of_group = |(heading, bars): &(Option<&String>, Vec<Bar>)| {
        let named = bars.iter().take(NAMED).map(|bar| format!("{} {}", bar.label, exact(bar.value)));
        let mut named: Vec<String> = named.collect();
        if bars.len() > NAMED {
            named.push(format!("and {} more", bars.len() - NAMED));
        }
        let heading = heading.map(|heading| format!("{heading} - ")).unwrap_or_default();
        format!("{heading}{}", named.join(", "))
    };
    format!("{}.", groups.iter().filter(|(_, bars)| !bars.is_empty()).map(of_group).collect::<Vec<_>>().join("; "))
}
