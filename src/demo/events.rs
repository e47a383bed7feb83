//! What happens in the demo's discussions, and when.

use super::content::{ReplyText, ReportText};
use crate::domain::reply_state::ReplyState;

/// What happens under a story, in the order of time.
pub(super) enum Event<'t> {
    Post { text: &'t ReplyText, parent: Option<usize> },
    Edit(&'t str),
    Decide { state: ReplyState, text: &'t ReplyText },
    Recommend(&'t str),
    Report(&'t ReportText),
    Feature(&'t String),
}

/// Everything that happens to these replies and below them, in the order of time: the minute, the reply's number, what.
pub(super) fn planned(texts: &[ReplyText]) -> Vec<(u64, usize, Event<'_>)> {
    let (mut events, mut count) = (Vec::new(), 0);
    for text in texts {
        plan(text, None, &mut count, &mut events);
    }
    // sorting keeps the order of what falls into one minute
    events.sort_by_key(|(minute, ..)| *minute);
    events
}

/// What happens to a reply and below it; the minute of the last of it.
fn plan<'t>(
    text: &'t ReplyText,
    parent: Option<usize>,
    count: &mut usize,
    events: &mut Vec<(u64, usize, Event<'t>)>,
) -> u64 {
    let index = *count;
    *count += 1;
    let posted = text.minutes_after;
    events.push((posted, index, Event::Post { text, parent }));
    if text.state != ReplyState::Pending {
        // what was answered was public first
        let is_public_first = text.state == ReplyState::Approved || !text.answers.is_empty();
        if is_public_first {
            events.push((posted, index, Event::Decide { state: ReplyState::Approved, text }));
        }
    }
    if let Some(edited) = &text.edited_text {
        events.push((posted + 2, index, Event::Edit(edited)));
    }
    let mut last = posted + 2;
    for answer in &text.answers {
        last = last.max(plan(answer, Some(index), count, events));
    }
    events.extend(text.recommended_by.iter().map(|by| (posted + 3, index, Event::Recommend(by))));
    events.extend(text.reports.iter().map(|report| (posted + 4, index, Event::Report(report))));
    events.extend(text.featured.iter().map(|label| (posted + 5, index, Event::Feature(label))));
    if !matches!(text.state, ReplyState::Pending | ReplyState::Approved) {
        last += 5;
        events.push((last, index, Event::Decide { state: text.state, text }));
    }
    last
}
