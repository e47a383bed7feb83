//! One batch into the database, in one transaction.

use std::collections::BTreeMap;

use diesel::QueryResult;

use super::{
    Note, Report, authors,
    batch::Batch,
    draft::{self, Author, ReplyDraft, StoryDraft},
};
use crate::{
    clock::Random,
    domain::{
        ids::*,
        moderation::{Action, Fate, Reason},
        reply_state::ReplyState,
        story_url::StoryUrl,
        timestamp::Timestamp,
    },
    store::{
        Conn, DbError,
        decisions::{self, Actor, Decision},
        imports::{self, ImportedReply},
        replies::{self, NewReply, Reply},
        sites::{self, Site, SiteOutcome},
        stories::{self, Story},
        story_urls::{self, StoryUrlRow, UrlsOutcome},
        transitions::{self, Entry},
    },
};

/// The site that is there; otherwise stores this one, with its row of the log, and answers nothing.
pub(super) fn find_or_insert_site(
    conn: &mut Conn<'_>,
    made: &Site,
    log_row: DecisionId,
) -> Result<Option<Site>, DbError> {
    if let Some(found) = sites::find_by_key(conn, &made.key)? {
        return Ok(Some(found));
    }
    match sites::insert(conn, made)? {
        SiteOutcome::Stored => {}
        // somebody made it in this very moment; on PostgreSQL nothing more can be asked in this transaction
        SiteOutcome::KeyTaken => return Err(DbError::Busy),
    }
    let row = Decision::new(log_row, Actor::SYSTEM, Action::CreateSite, made.created_at);
    decisions::insert(conn, &Decision { site_id: Some(made.id), ..row })?;
    Ok(None)
}

/// The addresses of a story, each once, and how many were none.
pub(super) fn addresses(story: &StoryDraft, site: &Site) -> (Vec<StoryUrl>, usize) {
    let mut addresses: Vec<StoryUrl> = Vec::new();
    let mut invalid = 0;
    for url in &story.urls {
        match StoryUrl::parse(url, &site.tracking_params.0) {
            Ok(url) if addresses.iter().any(|known| known.key() == url.key()) => {}
            Ok(url) => addresses.push(url),
            Err(_) => invalid += 1,
        }
    }
    (addresses, invalid)
}

/// Stores what is not there yet.
///
/// On PostgreSQL the locks are taken as `transitions` would take them, each kind in the order of ids: first all
/// stories, then the authors' counters, then the site's.
pub(super) fn write(
    conn: &mut Conn<'_>,
    site: &Site,
    batch: &Batch,
    now: Timestamp,
    random: &Random,
) -> Result<Report, DbError> {
    // another import into the site that runs beside this one would bring the same
    imports::hold(conn, site.id)?;
    let mut report = Report::default();
    let stories = put_stories(conn, site, batch, now, random, &mut report)?;

    let mut fresh: Vec<(StoryId, &ReplyDraft)> = Vec::new();
    for group in &batch.groups {
        for reply in &group.replies {
            let is_known = imports::find_reply(conn, site.id, &draft::external_id(reply.comment_id))?.is_some();
            report.replies.entry(reply.state).or_default().count(is_known);
            if let Some(story) = stories.get(&group.story.post_id).filter(|_| !is_known) {
                fresh.push((*story, reply));
            }
        }
    }
    let mut authors: BTreeMap<&Author, AccountId> = BTreeMap::new();
    for (_, reply) in &fresh {
        if !authors.contains_key(&reply.author) {
            let (account, is_new) = authors::find_or_insert(conn, site, &reply.author, now, random)?;
            if is_new {
                report.note_author(&reply.author);
            }
            authors.insert(&reply.author, account);
        }
    }
    let accounts: Vec<AccountId> = authors.values().copied().collect();
    imports::lock_counters(conn, site.id, &accounts)?;
    for (story, reply) in fresh {
        if let Some(author) = authors.get(&reply.author) {
            let has_parent = post(conn, site, story, *author, reply, now, random)?;
            report.note_reply(reply, has_parent);
        }
    }
    Ok(report)
}

/// Locks the stories that are there and stores those that are not.
fn put_stories(
    conn: &mut Conn<'_>,
    site: &Site,
    batch: &Batch,
    now: Timestamp,
    random: &Random,
    report: &mut Report,
) -> QueryResult<BTreeMap<u64, StoryId>> {
    let mut stories: BTreeMap<u64, StoryId> = BTreeMap::new();
    for group in &batch.groups {
        let found = stories::find_head_by_external_id(conn, site.id, &group.story.external_id())?;
        stories.extend(found.map(|head| (group.story.post_id, head.story.id)));
    }
    let mut known: Vec<StoryId> = stories.values().copied().collect();
    known.sort_unstable();
    for id in known {
        stories::lock(conn, id)?;
    }
    for group in &batch.groups {
        if stories.contains_key(&group.story.post_id) {
            if !group.is_continued {
                report.stories.count(true);
            }
            continue;
        }
        let id = insert_story(conn, site, &group.story, now, random, report)?;
        report.stories.count(false);
        report.note_story(&group.story);
        stories.insert(group.story.post_id, id);
    }
    Ok(stories)
}

fn insert_story(
    conn: &mut Conn<'_>,
    site: &Site,
    draft: &StoryDraft,
    now: Timestamp,
    random: &Random,
    report: &mut Report,
) -> QueryResult<StoryId> {
    let id: StoryId = random.id(draft.published_at);
    let story = Story {
        headline: draft.headline.clone(),
        excerpt: draft.excerpt.clone(),
        published_at: draft.published_at,
        closed_at: draft.is_closed.then_some(now),
        ..Story::new(id, site.id, draft.external_id(), now)
    };
    stories::insert(conn, &story)?;
    let (addresses, invalid) = addresses(draft, site);
    (0..invalid).for_each(|_| report.note(Note::InvalidUrl));
    let row = |(position, url): (i32, &StoryUrl)| StoryUrlRow {
        site_id: site.id,
        url_key: url.key().to_owned(),
        story_id: id,
        position,
        url: url.as_str().to_owned(),
    };
    let mut free: Vec<StoryUrl> = addresses;
    loop {
        let rows: Vec<StoryUrlRow> = (0..).zip(&free).map(row).collect();
        let UrlsOutcome::Taken { url: taken, .. } = story_urls::put(conn, id, &rows)? else { return Ok(id) };
        report.note(Note::TakenUrl);
        free.retain(|url| url.as_str() != taken);
    }
}

/// Stores a reply below its parent; whether the parent that it names is there.
fn post(
    conn: &mut Conn<'_>,
    site: &Site,
    story: StoryId,
    author: AccountId,
    draft: &ReplyDraft,
    now: Timestamp,
    random: &Random,
) -> QueryResult<bool> {
    let id: ReplyId = random.id(draft.created_at);
    let above = find_parent(conn, site, story, draft.parent)?;
    let new = NewReply {
        id,
        site_id: site.id,
        story_id: story,
        author_id: author,
        parent: above.as_ref(),
        fate: Fate::imported(draft.state),
        text: &draft.text,
        created_at: draft.created_at,
    };
    let mut entry = Entry::new(random.id(now), Actor::SYSTEM, Action::Import, now);
    // why it went to the trash is not told
    entry.reason = (draft.state == ReplyState::Rejected).then_some(Reason::Other);
    entry.judged.clone_from(&draft.judged);
    transitions::post(conn, new, None, &entry)?;
    let import = ImportedReply {
        site_id: site.id,
        external_id: draft::external_id(draft.comment_id),
        reply_id: id,
        original: draft.original.clone(),
    };
    imports::insert_reply(conn, &import)?;
    Ok(draft.parent == 0 || above.is_some())
}

fn find_parent(conn: &mut Conn<'_>, site: &Site, story: StoryId, comment_id: u64) -> QueryResult<Option<Reply>> {
    if comment_id == 0 {
        return Ok(None);
    }
    let Some(id) = imports::find_reply(conn, site.id, &draft::external_id(comment_id))? else { return Ok(None) };
    Ok(replies::find(conn, id)?.filter(|reply| reply.story_id == story))
}
