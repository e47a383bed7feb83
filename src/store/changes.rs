//! What a transaction changed of what others look at, to be announced once it is durable.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    ids::{SiteId, StoryId},
    queue_event::QueueEvent,
};

/// One thing that changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// What readers see of a story, which has this version now.
    Story(StoryId, i64),
    /// Names, badges or settings that a site's pages show, which have this version now; 0 where it did not change, and
    /// which stories it has did.
    Site(SiteId, i64),
    /// The numbers of a site's queues.
    Queues(SiteId),
    /// Recommendations wait to be shown by the next version of a story.
    Recommendations(StoryId),
    /// Something happened to a reply in the queues.
    QueueItem(QueueEvent),
}

/// What happened in the queues is named up to so many times.
const QUEUE_ITEMS_MAX: usize = 500;

/// All that one transaction changed, or several together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes {
    /// Stories with their new versions.
    pub stories: BTreeMap<StoryId, i64>,
    /// Sites whose pages show something new, with the version of their people.
    pub sites: BTreeMap<SiteId, i64>,
    /// Sites whose queues have new numbers.
    pub queues: BTreeSet<SiteId>,
    /// Stories with recommendations that no version shows yet.
    pub recommended: BTreeSet<StoryId>,
    /// What happened in the queues, in its order.
    pub queue_items: Vec<QueueEvent>,
    /// More happened there than is named.
    pub has_more_queue_items: bool,
    /// Whatever there is may have changed.
    pub everything: bool,
}

impl Changes {
    /// That nothing is known any more.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many things changed.
    pub fn len(&self) -> usize {
        self.stories.len() + self.sites.len() + self.queues.len() + self.recommended.len() + self.queue_items.len()
    }

    pub(super) fn note(&mut self, change: Change) {
        match change {
            Change::Story(id, version) => raise(&mut self.stories, id, version),
            Change::Site(id, version) => raise(&mut self.sites, id, version),
            Change::Queues(id) => drop(self.queues.insert(id)),
            Change::Recommendations(id) => drop(self.recommended.insert(id)),
            Change::QueueItem(_) if self.queue_items.len() >= QUEUE_ITEMS_MAX => self.has_more_queue_items = true,
            Change::QueueItem(event) => self.queue_items.push(event),
        }
    }

    /// Takes in what another transaction changed.
    pub fn merge(&mut self, other: &Self) {
        other.stories.iter().for_each(|(id, version)| self.note(Change::Story(*id, *version)));
        other.sites.iter().for_each(|(id, version)| self.note(Change::Site(*id, *version)));
        self.queues.extend(&other.queues);
        self.recommended.extend(&other.recommended);
        other.queue_items.iter().for_each(|event| self.note(Change::QueueItem(*event)));
        self.has_more_queue_items |= other.has_more_queue_items;
        self.everything |= other.everything;
    }
}

fn raise<Id: Ord>(versions: &mut BTreeMap<Id, i64>, id: Id, version: i64) {
    let known = versions.entry(id).or_insert(version);
    *known = version.max(*known);
}
