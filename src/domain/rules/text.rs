//! A text as rules look at it: read and folded once for all of them, which is dear.

use std::panic::catch_unwind;

use super::{
    fold::{Accents, Folded, fold},
    near::Groups,
};
use crate::domain::{markdown::render_shown, shown_text::ShownText};

/// See the module's description.
#[derive(Clone, Debug)]
pub struct Text {
    source: String,
    shown: ShownText,
    folded: Vec<Folded>,
    groups: Option<Groups>,
    is_read: bool,
}

impl Text {
    /// Of a source and what is seen of it.
    pub fn new(source: String, shown: ShownText) -> Self {
        let read = catch_unwind(|| {
            let folded = fold(shown.text(), Accents::Ignored);
            let groups = folded.first().and_then(Groups::of);
            (folded, groups)
        });
        let is_read = read.is_ok();
        let (folded, groups) = read.unwrap_or_default();
        Self { source, shown, folded, groups, is_read }
    }

    /// Whether rules can look at it: reading it came to no end that nobody had thought of.
    pub fn is_read(&self) -> bool {
        self.is_read
    }

    /// Of a Markdown source, whose rendering nobody needs.
    pub fn of_source(source: String) -> Self {
        let (_, shown) = render_shown(&source);
        Self::new(source, shown)
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// As it is seen.
    pub fn shown(&self) -> &ShownText {
        &self.shown
    }

    /// As words compare it where accents make no other word; the first is the one with fewer letters left out.
    pub fn folded(&self) -> &[Folded] {
        &self.folded
    }

    /// Its groups of words, by which near copies are found; nothing of one too short.
    pub fn groups(&self) -> Option<&Groups> {
        self.groups.as_ref()
    }
}

#[cfg(test)]
impl Text {
    /// Of a Markdown source.
    pub fn of(source: &str) -> Self {
        Self::of_source(source.to_owned())
    }

    /// One that could not be read.
    pub fn unread(source: &str) -> Self {
        Self { is_read: false, ..Self::of(source) }
    }
}
