//! Filters as requests say them: checked, with sites by their keys.

use std::collections::HashMap;

use crate::{
    domain::{
        ids::*,
        language,
        queue_filter::{Base, ENTRIES_MAX, QueueFilter, TEXT_MAX_CHARS},
        story,
        text_query::TextQuery,
        visible,
    },
    http::{
        caller::SignedIn,
        problem::{FieldError, Problem},
    },
    store::{Conn, accounts, sites, stories},
};

/// A filter on the wire.
pub type FilterView = QueueFilter<String>;

/// Refuses what is wrong with a filter by itself. What is stored of it has no blanks around its words.
pub(super) fn checked(mut filter: FilterView) -> Result<FilterView, Problem> {
    let mut errors = Vec::new();
    let mut wrong = |pointer: &str, detail: &str| {
        errors.push(FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() });
    };
    let lengths = [
        ("/queues", filter.queues.len()),
        ("/sites", filter.sites.len()),
        ("/stories", filter.stories.len()),
        ("/authors", filter.authors.len()),
        ("/sections", filter.sections.len()),
        ("/tags", filter.tags.len()),
        ("/rules", filter.rules.len()),
        ("/reasons", filter.reasons.len()),
        ("/languages", filter.languages.len()),
    ];
    for (pointer, _) in lengths.into_iter().filter(|(_, length)| *length > ENTRIES_MAX) {
        wrong(pointer, &format!("{ENTRIES_MAX} entries at most"));
    }
    match filter.base() {
        None => wrong(
            "/queues",
            "pending, reported, flagged and appeals, or spam, approved, rejected and returned, but not both",
        ),
        Some(Base::Decided(_)) if filter.waiting_minutes.is_some() => {
            wrong("/waiting_minutes", "only of what waits: of pending, reported, flagged and appeals");
        }
        _ => {}
    }
    let bounds = [
        ("/author_approved_below", filter.author_approved_below, 1_000_000),
        ("/author_days_below", filter.author_days_below, 36_500),
        ("/waiting_minutes", filter.waiting_minutes, 5_256_000),
    ];
    for (pointer, number, most) in bounds {
        if number.is_some_and(|number| !(1..=most).contains(&number)) {
            wrong(pointer, &format!("1 to {most}"));
        }
    }
    for (pointer, names) in [("/sections", &mut filter.sections), ("/tags", &mut filter.tags)] {
        for (index, name) in names.iter_mut().enumerate().take(ENTRIES_MAX) {
            match story::tag(name) {
                Some(tag) => *name = tag.to_owned(),
                None => wrong(&format!("{pointer}/{index}"), "no section's name or tag"),
            }
        }
    }
    for (index, tag) in filter.languages.iter_mut().enumerate().take(ENTRIES_MAX) {
        match language::parse(tag) {
            Some(known) => *tag = known.to_owned(),
            None => wrong(&format!("/languages/{index}"), "no language that is told apart"),
        }
    }
    if let Some(text) = &filter.text {
        if text.chars().count() > TEXT_MAX_CHARS {
            wrong("/text", &format!("{TEXT_MAX_CHARS} characters at most"));
        } else if text.chars().any(visible::is_forbidden_control) {
            wrong("/text", "control characters are not allowed");
        } else if TextQuery::parse(text).is_none() {
            wrong("/text", "needs a word to look for");
        }
    }
    if errors.is_empty() { Ok(filter) } else { Err(Problem::fields(errors)) }
}

/// A checked filter by ids. What the caller does not moderate is answered as if it were not there.
pub(super) fn resolved(conn: &mut Conn<'_>, caller: &SignedIn, filter: FilterView) -> Result<QueueFilter, Problem> {
    let keys = sites::list_by_keys(conn, &filter.sites)?;
    let of_key: HashMap<&str, SiteId> = keys.iter().map(|(id, key)| (key.as_str(), *id)).collect();
    let of_story: HashMap<StoryId, SiteId> = stories::list_sites(conn, &filter.stories)?.into_iter().collect();
    let known = accounts::list_known(conn, &filter.authors)?;
    let moderates = |site: &SiteId| caller.standing.may_decide(*site);
    let mut errors = Vec::new();
    let mut unknown = |list: &str, index: usize, what: &str| {
        errors.push(FieldError { pointer: format!("/{list}/{index}"), detail: format!("no such {what}") });
    };
    let mut site_ids = Vec::new();
    for (index, key) in filter.sites.iter().enumerate() {
        match of_key.get(key.as_str()).filter(|site| moderates(site)) {
            Some(site) if !site_ids.contains(site) => site_ids.push(*site),
            Some(_) => {}
            None => unknown("sites", index, "site"),
        }
    }
    for (index, story) in filter.stories.iter().enumerate() {
        // also not of sites that the filter leaves out: who sees it need not moderate these
        let is_named = |site: &SiteId| site_ids.is_empty() || site_ids.contains(site);
        if !of_story.get(story).is_some_and(|site| moderates(site) && is_named(site)) {
            unknown("stories", index, "story");
        }
    }
    for (index, author) in filter.authors.iter().enumerate() {
        if !known.contains(author) {
            unknown("authors", index, "account");
        }
    }
    if errors.is_empty() { Ok(filter.of_sites(site_ids)) } else { Err(Problem::fields(errors)) }
}
