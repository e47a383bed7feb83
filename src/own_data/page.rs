//! The page of a copy that people read: who they are here, and all that they wrote. Its templates escape.

use askama::Template;

use crate::{
    config::Config,
    domain::timestamp::Timestamp,
    store::{accounts::Account, own_data::OwnReply},
};

#[derive(Template)]
#[template(path = "own_data/head.html")]
struct Head<'a> {
    service: &'a str,
    name: &'a str,
    username: &'a str,
    email: &'a str,
    since: String,
    made_at: String,
}

#[derive(Template)]
#[template(path = "own_data/reply.html")]
struct Reply<'a> {
    is_first_of_story: bool,
    site: &'a str,
    headline: &'a str,
    written_at: String,
    edited_at: Option<String>,
    state: &'a str,
    html: &'a str,
}

#[derive(Template)]
#[template(path = "own_data/tail.html")]
struct Tail {
    has_replies: bool,
}

/// What stands above the replies.
pub(super) fn head(account: &Account, config: &Config, now: Timestamp) -> String {
    let username = account.username.as_deref().unwrap_or_default();
    let head = Head {
        service: config.public_url.as_str(),
        name: account.display_name.as_deref().unwrap_or(username),
        username,
        email: account.email.as_deref().unwrap_or("none"),
        since: account.created_at.in_words(),
        made_at: now.in_words(),
    };
    head.render().unwrap_or_default()
}

/// A reply; before the first one of a story, where that is.
pub(super) fn reply(row: &OwnReply, is_first_of_story: bool) -> String {
    let reply = Reply {
        is_first_of_story,
        site: &row.site,
        headline: &row.headline,
        written_at: row.created_at.in_words(),
        edited_at: row.edited_at.map(Timestamp::in_words),
        state: row.state.as_str(),
        html: row.body.html.as_str(),
    };
    reply.render().unwrap_or_default()
}

/// What stands below them.
pub(super) fn tail(has_replies: bool) -> String {
    Tail { has_replies }.render().unwrap_or_default()
}
