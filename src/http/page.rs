//! Lists in pages.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::store::{
    decisions::Decision, pages::ShownReply, policy_runs::RunPlace, replies::OwnReply, revisions::Revision,
};

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Of rows of which one more than `limit` was asked for: that one only tells that there are more.
    pub fn of<Row>(
        mut rows: Vec<Row>,
        limit: usize,
        cursor: impl FnOnce(&Row) -> String,
        view: impl FnMut(Row) -> T,
    ) -> Self {
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| has_more).map(cursor);
        Self { items: rows.into_iter().map(view).collect(), next_cursor }
    }
}

/// Bytes of a page at most, before compression; past them it ends early, with its cursor.
pub const PAGE_MAX_BYTES: usize = 1024 * 1024 - 2_000;

/// Rows that carry texts.
pub trait Texts {
    /// Bytes of the texts.
    fn bytes(&self) -> usize;
}

/// A bound of the bytes that a row takes in JSON: texts at most double when they are escaped, and the rest, names
/// included, is short.
pub fn max_bytes(row: &impl Texts) -> usize {
    2 * row.bytes() + 1_500
}

/// How many of the rows fit into what is left of a page, one at least if it must make progress.
pub fn fitting(rows: &[impl Texts], left: &mut usize, must_progress: bool) -> usize {
    let mut count = 0;
    for row in rows {
        let bytes = max_bytes(row);
        if bytes > *left && !(must_progress && count == 0) {
            break;
        }
        *left = left.saturating_sub(bytes);
        count += 1;
    }
    count
}

/// Leaves of a reply's ancestors, the farthest first, the nearest ones whose texts fit; how many went.
pub fn keep_nearest(ancestors: &mut Vec<impl Texts>, max_text_bytes: usize) -> usize {
    let mut bytes = 0;
    let kept = ancestors.iter().rev().take_while(|row| {
        bytes += row.bytes();
        bytes <= max_text_bytes
    });
    let left_out = ancestors.len() - kept.count();
    ancestors.drain(..left_out).count()
}

impl<T> Page<T> {
    /// As [`Page::of`], of no more rows than fit into [`PAGE_MAX_BYTES`].
    pub fn of_texts<Row: Texts>(
        rows: Vec<Row>,
        limit: usize,
        cursor: impl FnOnce(&Row) -> String,
        view: impl FnMut(Row) -> T,
    ) -> Self {
        let shown = fitting(&rows[..rows.len().min(limit)], &mut PAGE_MAX_BYTES.clone(), true);
        Self::of(rows, shown, cursor, view)
    }
}

impl Texts for ShownReply {
    fn bytes(&self) -> usize {
        let shown = [&self.author.badges, &self.featured.label].into_iter().flatten().map(String::len);
        self.body.html.as_str().len() + shown.sum::<usize>()
    }
}

impl Texts for OwnReply {
    fn bytes(&self) -> usize {
        self.body.source.len() + self.body.html.as_str().len()
    }
}

impl Texts for Decision {
    fn bytes(&self) -> usize {
        [&self.note, &self.message, &self.details].into_iter().flatten().map(String::len).sum()
    }
}

impl Texts for Revision {
    fn bytes(&self) -> usize {
        self.body_source.len()
    }
}

impl Texts for RunPlace {
    fn bytes(&self) -> usize {
        usize::try_from(self.bytes).unwrap_or_default()
    }
}

/// Where a page begins and how long it is.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// Items of a page where the request does not say.
pub const DEFAULT_LIMIT: u32 = 50;

impl Paging {
    /// Items of the page.
    pub fn limit(&self) -> usize {
        self.limit.unwrap_or(DEFAULT_LIMIT) as usize
    }

    /// Rows to ask for: one more, to know whether there are more.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit.unwrap_or(DEFAULT_LIMIT)) + 1
    }
}
