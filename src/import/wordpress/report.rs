//! What an import did, in numbers.

use std::{collections::BTreeMap, fmt};

use crate::domain::reply_state::ReplyState;

/// Why something in the file did not become a story or a reply.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LeftOut {
    /// An item that is a draft.
    Draft,
    /// An item that is private.
    Private,
    /// An item that waits for its editor's review.
    PendingItem,
    /// An item that is to be published later.
    Scheduled,
    /// An item in the trash.
    TrashedItem,
    /// An item of which nothing but an automatic draft exists.
    AutoDraft,
    /// An item of a status that is not WordPress's own.
    OtherStatus,
    /// An attachment or the like of an item that was left out.
    OfHiddenItem,
    /// A page, attachment, menu entry or the like without any comment that comes in.
    NotDiscussed,
    /// An item with the number of one that came before it; its comments are taken.
    RepeatedItem,
    /// A comment of an item that was left out.
    OfLeftOutItem,
    /// A pingback.
    Pingback,
    /// A trackback.
    Trackback,
    /// A comment of a plugin's own kind, such as a note on an order.
    OtherKind,
    /// A comment in a state that is none of the four, such as that of a trashed post.
    OtherState,
    /// A comment of more than 64 KiB.
    TooLong,
    /// A comment without any visible character.
    NoText,
    /// A comment with the number of one that came before it.
    RepeatedComment,
}

impl LeftOut {
    fn words(self) -> &'static str {
        match self {
            Self::Draft => "items: drafts",
            Self::Private => "items: private",
            Self::PendingItem => "items: waiting for review",
            Self::Scheduled => "items: scheduled",
            Self::TrashedItem => "items: in the trash",
            Self::AutoDraft => "items: automatic drafts",
            Self::OtherStatus => "items: other status",
            Self::OfHiddenItem => "items: of items left out",
            Self::NotDiscussed => "items: no posts, without comments",
            Self::RepeatedItem => "items: given twice",
            Self::OfLeftOutItem => "comments: of items left out",
            Self::Pingback => "comments: pingbacks",
            Self::Trackback => "comments: trackbacks",
            Self::OtherKind => "comments: other kinds",
            Self::OtherState => "comments: other states",
            Self::TooLong => "comments: over 64 KiB",
            Self::NoText => "comments: without visible text",
            Self::RepeatedComment => "comments: given twice",
        }
    }
}

/// What came in otherwise than it stands in the file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Note {
    /// A headline past the limit, shortened.
    ShortenedHeadline,
    /// An excerpt past the limit, shortened.
    ShortenedExcerpt,
    /// A protected item, closed and without excerpt.
    Protected,
    /// A link or GUID that is no address of a page.
    InvalidUrl,
    /// A link or GUID that belongs to another story of the site.
    TakenUrl,
    /// A name past the limit, shortened.
    ShortenedName,
    /// A comment without a time, which has that of its story.
    MissingTime,
    /// A comment whose parent is neither in the file nor on the site, or was left out: it stands at top level.
    MissingParent,
}

impl Note {
    fn words(self) -> &'static str {
        match self {
            Self::ShortenedHeadline => "headlines shortened",
            Self::ShortenedExcerpt => "excerpts shortened",
            Self::Protected => "protected stories, closed and without excerpt",
            Self::InvalidUrl => "addresses that are none",
            Self::TakenUrl => "addresses of another story",
            Self::ShortenedName => "names of authors shortened",
            Self::MissingTime => "replies without a time: their story's",
            Self::MissingParent => "replies at top level for want of their parent",
        }
    }
}

/// How many were made, and how many were there from an earlier run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Made by this run; in a dry run, to be made.
    pub new: u64,
    /// There already.
    pub known: u64,
}

impl Tally {
    /// Counts one.
    pub(super) fn count(&mut self, is_known: bool) {
        *(if is_known { &mut self.known } else { &mut self.new }) += 1;
    }
}

/// The outcome of an import, or of as much of it as was done.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Whether nothing was written.
    pub is_dry_run: bool,
    /// Whether the site was made by this run.
    pub is_new_site: bool,
    /// Stories.
    pub stories: Tally,
    /// Replies by the state that the file gives them.
    pub replies: BTreeMap<ReplyState, Tally>,
    /// Accounts made for names in the file.
    pub new_authors: u64,
    /// What did not come in, by reason.
    pub left_out: BTreeMap<LeftOut, u64>,
    /// What came in otherwise than it stands in the file.
    pub notes: BTreeMap<Note, u64>,
}

impl Report {
    /// Replies of all states.
    pub fn all_replies(&self) -> Tally {
        self.replies
            .values()
            .fold(Tally::default(), |all, of| Tally { new: all.new + of.new, known: all.known + of.known })
    }

    pub(super) fn leave_out(&mut self, reason: LeftOut) {
        *self.left_out.entry(reason).or_default() += 1;
    }

    pub(super) fn note(&mut self, note: Note) {
        *self.notes.entry(note).or_default() += 1;
    }

    /// Adds the numbers of a part.
    pub(super) fn absorb(&mut self, part: &Self) {
        self.is_new_site |= part.is_new_site;
        self.stories.new += part.stories.new;
        self.stories.known += part.stories.known;
        for (state, tally) in &part.replies {
            let sum = self.replies.entry(*state).or_default();
            sum.new += tally.new;
            sum.known += tally.known;
        }
        self.new_authors += part.new_authors;
        for (reason, number) in &part.left_out {
            *self.left_out.entry(*reason).or_default() += number;
        }
        for (note, number) in &part.notes {
            *self.notes.entry(*note).or_default() += number;
        }
    }
}

/// A table of counts, a line each.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WIDTH: usize = 48;
        const INNER: usize = WIDTH - 2;
        if self.is_dry_run {
            writeln!(f, "Dry run: nothing was written.")?;
        }
        if self.is_new_site {
            writeln!(f, "{}", if self.is_dry_run { "The site would be made." } else { "The site was made." })?;
        }
        writeln!(f, "{:WIDTH$}{:>10}{:>10}", "", "new", "known")?;
        writeln!(f, "{:WIDTH$}{:>10}{:>10}", "stories", self.stories.new, self.stories.known)?;
        let all = self.all_replies();
        writeln!(f, "{:WIDTH$}{:>10}{:>10}", "replies", all.new, all.known)?;
        for (state, tally) in &self.replies {
            writeln!(f, "  {:INNER$}{:>10}{:>10}", state.as_str(), tally.new, tally.known)?;
        }
        write!(f, "{:WIDTH$}{:>10}", "authors", self.new_authors)?;
        let left_out = self.left_out.iter().map(|(reason, number)| (reason.words(), number));
        let notes = self.notes.iter().map(|(note, number)| (note.words(), number));
        for (title, numbers) in [("left out", left_out.collect::<Vec<_>>()), ("changed", notes.collect())] {
            if !numbers.is_empty() {
                write!(f, "\n{title}")?;
            }
            for (words, number) in numbers {
                write!(f, "\n  {words:INNER$}{number:>10}")?;
            }
        }
        Ok(())
    }
}
