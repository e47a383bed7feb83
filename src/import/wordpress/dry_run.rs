//! What an import would do, found out without writing.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use diesel::QueryResult;

use super::{
    Note, Report,
    batch::Batch,
    draft::{self, Author},
    write,
};
use crate::store::{Conn, imports, sites::Site, stories, story_urls};

/// What the database knows of a batch.
#[derive(Default)]
pub(super) struct Facts {
    /// Numbers of posts.
    stories: HashSet<u64>,
    /// Numbers of comments.
    replies: HashSet<u64>,
    /// Parents outside the batch, by the comment's number, with the posts that they are under.
    parents: HashMap<u64, u64>,
    authors: HashSet<Author>,
    /// Keys of addresses that stories have.
    addresses: HashSet<String>,
}

/// Asks the database, where the site of this id may not exist yet.
pub(super) fn facts(conn: &mut Conn<'_>, site: &Site, batch: &Batch) -> QueryResult<Facts> {
    let mut facts = Facts::default();
    for group in &batch.groups {
        let head = stories::find_head_by_external_id(conn, site.id, &group.story.external_id())?;
        facts.stories.extend(head.as_ref().map(|_| group.story.post_id));
        for address in write::addresses(&group.story, site).0 {
            if story_urls::find_story(conn, site.id, address.key())?.is_some() {
                facts.addresses.insert(address.key().to_owned());
            }
        }
        for reply in &group.replies {
            if imports::find_reply(conn, site.id, &draft::external_id(reply.comment_id))?.is_some() {
                facts.replies.insert(reply.comment_id);
                continue;
            }
            if imports::find_author(conn, site.id, &reply.author.name, &reply.author.email)?.is_some() {
                facts.authors.insert(reply.author.clone());
            }
            let parent = imports::find_reply(conn, site.id, &draft::external_id(reply.parent))?;
            if let (Some(parent), Some(head)) = (parent, &head)
                && crate::store::replies::find_story_id(conn, parent)? == Some(head.story.id)
            {
                facts.parents.insert(reply.parent, group.story.post_id);
            }
        }
    }
    Ok(facts)
}

/// What the batches before would have written: a hash each, so that a large export fits.
#[derive(Default)]
pub(super) struct DryRun(HashSet<u64>);

impl DryRun {
    /// The report that writing this batch would give.
    pub(super) fn take(&mut self, site: &Site, batch: &Batch, facts: &Facts) -> Report {
        let mut report = Report::default();
        for group in &batch.groups {
            let post = group.story.post_id;
            let is_known = facts.stories.contains(&post);
            if is_known || !self.is_new(("story", post)) {
                if !group.is_continued {
                    report.stories.count(true);
                }
            } else {
                report.stories.count(false);
                report.note_story(&group.story);
                let (addresses, invalid) = write::addresses(&group.story, site);
                (0..invalid).for_each(|_| report.note(Note::InvalidUrl));
                for address in addresses {
                    if facts.addresses.contains(address.key()) || !self.is_new(("address", address.key())) {
                        report.note(Note::TakenUrl);
                    }
                }
            }
            for reply in &group.replies {
                let is_known = facts.replies.contains(&reply.comment_id);
                report.replies.entry(reply.state).or_default().count(is_known);
                if is_known {
                    continue;
                }
                if !facts.authors.contains(&reply.author) && self.is_new(("author", &reply.author)) {
                    report.note_author(&reply.author);
                }
                // looked for before it is there itself: some say that they answer themselves
                let has_parent = reply.parent == 0
                    || facts.parents.get(&reply.parent) == Some(&post)
                    || self.0.contains(&hash(("reply", post, reply.parent)));
                report.note_reply(reply, has_parent);
                self.is_new(("reply", post, reply.comment_id));
            }
        }
        report
    }

    fn is_new(&mut self, what: impl Hash) -> bool {
        self.0.insert(hash(what))
    }
}

fn hash(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
