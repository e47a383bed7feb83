//! What letters to people have in common: plain words, what they are about, and how an author objects.

use crate::{
    config::Config,
    domain::{
        colour::Colour,
        email::Email,
        ids::ReplyId,
        mail::{Letterhead, Mail, PlainText, SenderName, Subject},
        timestamp::Timestamp,
    },
    store::stories::StoryHead,
};

/// Where else an author may turn to (the same regulation, article 17, paragraph 3 (f)).
pub const REDRESS: &str = "turn to a certified body that settles disputes out of court (Regulation (EU) 2022/2065, article 21), \
                           or go to court.";

/// What a letter is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The site's name.
    pub site: &'a str,
    /// The site's colour.
    pub colour: Option<Colour>,
    /// Of the story that was answered.
    pub headline: &'a str,
    pub reply: ReplyId,
    /// Where the API is.
    pub public_url: &'a str,
}

impl<'a> About<'a> {
    /// About a reply to this story.
    pub fn of(head: &'a StoryHead, reply: ReplyId, config: &'a Config) -> Self {
        let (site, public_url) = (&head.site, config.public_url.as_str());
        Self { site: &site.name, colour: site.colour(), headline: &head.story.headline, reply, public_url }
    }

    /// A letter of these words, on the site's paper.
    pub fn letter(self, to: Email, subject: &str, text: &str) -> Mail {
        let letterhead = Letterhead { name: SenderName::new(self.site), colour: self.colour };
        Mail { letterhead: Some(letterhead), ..letter(to, subject, text) }
    }

    /// The line that says so.
    pub fn place(self) -> String {
        format!("The reply: {} under \"{}\" on {}", self.reply, self.headline, self.site)
    }

    /// How its author objects to a refusal (Regulation (EU) 2022/2065, article 17, paragraph 3 (f)).
    pub fn appeal(self, until: Timestamp) -> String {
        format!(
            "If you do not agree you may appeal, once, until {}: with a text that says why, where you read your replies, or by a \
             POST to {}/api/v1/replies/{}/appeal. Another moderator than the one who refused it decides, if there is one.\n\
             You may also {REDRESS}\n",
            until.in_words(),
            self.public_url.trim_end_matches('/'),
            self.reply
        )
    }
}

/// A letter of these words, on nobody's paper: for what is about no site.
pub fn letter(to: Email, subject: &str, text: &str) -> Mail {
    Mail { to, subject: Subject::new(subject), text: PlainText::new(text), letterhead: None }
}
