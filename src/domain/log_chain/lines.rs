//! The lines of an exported log (NDJSON): a beginning, rows with a seal behind each sealed batch, and the signed head.
//!
//! Each line is in canonical form itself: what was read is written again and must give the same bytes, so that no byte of
//! a file changes unseen.

use serde::{Deserialize, Serialize};

use super::{Hash, HeadForm, RowForm, SealForm, Texts, VERSION, canonical};
use crate::domain::{ids::*, moderation::Action, timestamp::Timestamp};

/// What is asked of the rows that are exported; each thing that is absent asks nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Whom it concerns.
    pub account_id: Option<AccountId>,
    /// What was done.
    pub action: Option<Action>,
    /// Who did it.
    pub actor_id: Option<AccountId>,
    /// To which reply.
    pub reply_id: Option<ReplyId>,
    /// From then on.
    pub since: Option<Timestamp>,
    /// To which story itself, and not to the replies to it. Where nothing was asked of it the line is as it was before it
    /// could be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story_id: Option<StoryId>,
    /// Before then.
    pub until: Option<Timestamp>,
}

/// The first line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginningLine {
    pub log: Beginning,
}

/// What the file is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    /// None: every row is here.
    pub filter: Option<Filter>,
    pub site_id: Option<SiteId>,
    pub v: u8,
}

impl Beginning {
    /// Of an export.
    pub fn new(site_id: Option<SiteId>, filter: &Filter) -> Self {
        Self { filter: Some(filter.clone()).filter(|filter| *filter != Filter::default()), site_id, v: VERSION }
    }
}

/// A row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowLine<S> {
    pub row: RowForm<S>,
    /// None: there were none, or they were erased, which the digest tells apart.
    pub texts: Option<Texts>,
}

impl<S: Serialize> RowLine<S> {
    /// The line's bytes, and the hash of the row.
    pub fn written(&self) -> (Vec<u8>, Hash) {
        let form = canonical(&self.row);
        let hash = Hash::of(&form);
        let mut line = Vec::with_capacity(form.len() + 32);
        line.extend_from_slice(br#"{"row":"#);
        line.extend_from_slice(&form);
        line.extend_from_slice(br#","texts":"#);
        match &self.texts {
            Some(texts) => line.extend(canonical(texts)),
            None => line.extend_from_slice(b"null"),
        }
        line.push(b'}');
        (line, hash)
    }

    /// Whether the texts are those of the row's digest.
    pub fn has_its_texts(&self) -> bool {
        self.texts.as_ref().is_none_or(|texts| self.row.digest == Some(Hash::of_form(texts)))
    }
}

/// A seal, behind its rows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealLine<S> {
    pub hash: Hash,
    /// Of its rows, where some of them are here and others are left out.
    pub hashes: Option<Vec<Hash>>,
    pub seal: SealForm<S>,
}

/// The last line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadLine<S> {
    pub head: HeadForm<S>,
    /// Ed25519 (RFC 8032), in hexadecimal digits.
    pub public_key: S,
    /// Of the head's canonical bytes, likewise.
    pub signature: S,
}
