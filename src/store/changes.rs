//! What a transaction changed of what others look at, to be announced once it is durable.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::ids::{SiteId, StoryId};

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
}

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
        self.stories.len() + self.sites.len() + self.queues.len() + self.recommended.len()
    }

    pub(super) fn note(&mut self, change: Change) {
        match change {
            Change::Story(id, version) => raise(&mut self.stories, id, version),
            Change::Site(id, version) => raise(&mut self.sites, id, version),
            Change::Queues(id) => drop(self.queues.insert(id)),
            Change::Recommendations(id) => drop(self.recommended.insert(id)),
        }
    }

    /// Takes in what another transaction changed.
    pub fn merge(&mut self, other: &Self) {
        other.stories.iter().for_each(|(id, version)| self.note(Change::Story(*id, *version)));
        other.sites.iter().for_each(|(id, version)| self.note(Change::Site(*id, *version)));
        self.queues.extend(&other.queues);
        self.recommended.extend(&other.recommended);
        self.everything |= other.everything;
    }
}

fn raise<Id: Ord>(versions: &mut BTreeMap<Id, i64>, id: Id, version: i64) {
    let known = versions.entry(id).or_insert(version);
    *known = version.max(*known);
}
