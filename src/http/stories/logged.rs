//! What the log tells of a story that a front end put.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    domain::{log_chain::hex, moderation::ModerationMode, timestamp::Timestamp},
    http::{log::what_changed, problem::Problem},
    store::{
        Conn,
        decisions::{self, Decision},
        stories::StoryHead,
    },
};

/// All that front ends set. Of long texts, which the story itself keeps, a digest.
#[derive(PartialEq, Eq, Serialize)]
pub(super) struct Logged {
    headline: String,
    source_name: Option<String>,
    source_url: Option<String>,
    published_at: Timestamp,
    moderation_mode: Option<ModerationMode>,
    closes_at: Option<Timestamp>,
    section: Option<String>,
    tags: Vec<String>,
    urls: Vec<String>,
    excerpt_sha256: Option<String>,
    /// Of its label, its author's name and its text, each ended by a zero byte.
    commentary_sha256: Option<String>,
}

impl Logged {
    pub(super) fn of(head: &StoryHead, urls: Vec<String>) -> Self {
        let (story, commentary) = (head.story.clone(), head.commentary.as_ref());
        let commentary = commentary.map(|text| [&*text.label, &*text.author_name, &*text.body_source]);
        Self {
            headline: story.headline,
            source_name: story.source_name,
            source_url: story.source_url,
            published_at: story.published_at,
            moderation_mode: story.moderation_mode,
            closes_at: story.closes_at,
            section: story.section,
            tags: story.tags.0,
            urls,
            excerpt_sha256: story.excerpt.map(|text| hex(&Sha256::digest(text))),
            commentary_sha256: commentary.map(|texts| {
                let ended = texts.map(|text| [text, "\0"].concat());
                hex(&Sha256::digest(ended.concat()))
            }),
        }
    }
}

/// Says in the log what was changed of a story, if anything was; `row` tells who did it and when.
pub(super) fn log(
    conn: &mut Conn<'_>,
    head: &StoryHead,
    (before, after): (Option<&Logged>, &Logged),
    row: Decision,
) -> Result<(), Problem> {
    let details = match before {
        Some(before) if before == after => return Ok(()),
        Some(before) => what_changed(before, after)?,
        None => what_changed(&(), after)?,
    };
    let (site_id, story_id) = (Some(head.site.id), Some(head.story.id));
    Ok(decisions::insert(conn, &Decision { site_id, story_id, details: Some(details), ..row })?)
}
