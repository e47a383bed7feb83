//! A reply as a plain page shows it.

use super::{nesting::Leveled, words::Language};
use crate::{
    domain::{ids::*, safe_html::SafeHtml, site::Badge, timestamp::Timestamp},
    http::{
        threads::ThreadView,
        views::{AuthorView, ReplyView},
    },
};

/// A reply on a page.
pub struct Shown {
    pub id: ReplyId,
    pub level: i32,
    /// Nothing of a tombstone.
    pub author: Option<AuthorView>,
    /// Sanitised HTML; nothing of a tombstone.
    pub html: Option<SafeHtml>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub is_edited_by_staff: bool,
    pub recommendations: i32,
    pub is_featured: bool,
    /// The one that the page is about.
    pub is_marked: bool,
    /// Its own page.
    pub url: String,
    /// Where it is answered.
    pub answer_url: String,
    /// Where more of its answers are.
    pub more_url: Option<String>,
}

impl Leveled for Shown {
    fn level(&self) -> i32 {
        self.level
    }
}

impl Shown {
    /// What a role is called; the words of badges that sites give are theirs.
    pub fn role(&self, words: &'static super::words::Words) -> Option<&'static str> {
        self.author.as_ref()?.badge.map(|badge| match badge {
            Badge::Author => words.author,
            Badge::Moderator => words.moderator,
            Badge::Admin => words.admin,
        })
    }
}

/// Makes addresses of pages of one discussion.
pub struct Links<'a> {
    /// Where it is.
    pub discussion: &'a str,
    pub language: Language,
}

impl Links<'_> {
    /// A page of threads.
    pub fn page(&self, parameters: &str) -> String {
        format!("{}?{parameters}{}", self.discussion, self.language.parameter())
    }

    /// A reply's page, or where what is below it goes on.
    pub fn reply(&self, id: ReplyId, cursor: Option<&str>) -> String {
        let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let parameters = format!("{cursor}{}", self.language.parameter());
        let parameters = parameters.strip_prefix('&').map(|rest| format!("?{rest}")).unwrap_or_default();
        format!("{}/replies/{id}{parameters}", self.discussion)
    }

    fn answer(&self, id: ReplyId) -> String {
        format!("{}/reply?to={id}{}", self.discussion, self.language.parameter())
    }

    fn shown(&self, reply: ReplyView, more_url: Option<String>) -> Shown {
        Shown {
            id: reply.id,
            level: reply.depth,
            author: reply.author,
            html: reply.body_html,
            created_at: reply.created_at,
            edited_at: reply.edited_at,
            is_edited_by_staff: reply.is_edited_by_staff,
            recommendations: reply.recommendations,
            is_featured: reply.featured.is_some(),
            is_marked: false,
            url: self.reply(reply.id, None),
            answer_url: self.answer(reply.id),
            more_url,
        }
    }

    /// Threads with what is shown of each, in reading order.
    pub fn of_threads(&self, threads: Vec<ThreadView>) -> Vec<Shown> {
        let mut shown = Vec::new();
        for ThreadView { reply, below } in threads {
            let more = below.next_cursor.map(|cursor| self.reply(reply.id, Some(&cursor)));
            let mut rest: Vec<Shown> = below.items.into_iter().map(|reply| self.shown(reply, None)).collect();
            let mut top = self.shown(reply, None);
            // behind all that is shown of the thread
            match rest.last_mut() {
                Some(last) => last.more_url = more,
                None => top.more_url = more,
            }
            shown.push(top);
            shown.append(&mut rest);
        }
        shown
    }

    /// A reply with its ancestors and what is below it, in reading order.
    pub fn of_reply(&self, ancestors: Vec<ReplyView>, reply: ReplyView, below: Vec<ReplyView>) -> Vec<Shown> {
        let ancestors = ancestors.into_iter().map(|reply| self.shown(reply, None));
        let marked = Shown { is_marked: true, ..self.shown(reply, None) };
        let below = below.into_iter().map(|reply| self.shown(reply, None));
        ancestors.chain([marked]).chain(below).collect()
    }
}
