//! The demo's small living blog: its content, and how it comes to life in an empty database.

use std::{collections::HashMap, time::Duration};

use self::{
    content::{ReplyText, StoryText, blog},
    events::{Event, planned},
};
use crate::{
    auth::standing::Rank,
    clock::Random,
    domain::{
        case::{self, ReportSettings},
        display_name::DisplayName,
        ids::*,
        markdown,
        moderation::{Action, ActorKind, ModerationMode, Terms},
        reply_body::{RenderedBody, ReplyBody},
        reply_state::ReplyState,
        rules::{AuthorHistory, Subject, policy::Policy},
        site::SiteRole,
        story_url::StoryUrl,
        timestamp::Timestamp,
        username::Username,
    },
    http::{
        featured::put_last,
        problem::{Code, Problem},
        site_roles::change_role,
        sites::{SiteSettings, new_site, store_new},
    },
    store::{
        Conn,
        accounts::{self, Account},
        decisions::Actor,
        featured,
        recommendations::{self, Recommendation},
        replies::{self, NewReply, Reply},
        reports::Report,
        settings,
        sites::Site,
        stories::{self, Commentary, Story},
        story_urls::{self, StoryUrlRow},
        transitions::{self, Entry, NewText},
        verdicts::Judged,
    },
};

mod content;
mod events;

/// The name of the setting that says that the blog is there.
const SEEDED: &str = "demo";
/// The username of the demo's admin.
pub const ADMIN: &str = "demo-admin";

/// Somebody of the demo who can sign in.
pub struct Member {
    pub username: String,
    pub what: &'static str,
}

/// Those of the demo who can sign in: the admin, the staff, and two readers.
pub fn members() -> Vec<Member> {
    let mut members = vec![Member { username: ADMIN.to_owned(), what: "admin" }];
    let mut readers = 0;
    for person in blog().people {
        let what = match person.role {
            Some(SiteRole::Author) => "author",
            Some(SiteRole::Moderator) => "moderator",
            None if readers < 2 => {
                readers += 1;
                "reader"
            }
            None => continue,
        };
        members.push(Member { username: person.username, what });
    }
    members
}

/// Whether the blog is there.
pub fn is_seeded(conn: &mut Conn<'_>) -> Result<bool, Problem> {
    Ok(settings::find(conn, SEEDED)?.is_some())
}

/// Gives members of an existing blog these passwords' hashes.
pub fn set_hashes(conn: &mut Conn<'_>, hashes: &HashMap<String, String>) -> Result<(), Problem> {
    for (username, hash) in hashes {
        let key = Username::from_store(username.clone()).key();
        let account = accounts::find_by_username(conn, &key)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        accounts::set_password_hash(conn, account.id, hash)?;
    }
    Ok(())
}

/// Fills an empty database with the blog; who is in `hashes` can sign in.
pub fn seed(
    conn: &mut Conn<'_>,
    hashes: &HashMap<String, String>,
    random: &Random,
    now: Timestamp,
) -> Result<(), Problem> {
    let blog = blog();
    let oldest = blog.stories.iter().map(|story| story.hours_ago).max().unwrap_or(0);
    let begun = now.minus(hours(oldest + 24));
    let mut site = new_site(random, begun);
    let settings = SiteSettings {
        key: Some(blog.site.key),
        name: Some(blog.site.name),
        tagline: Some(blog.site.tagline),
        moderation_mode: Some(ModerationMode::Trusted),
        ..SiteSettings::default()
    };
    settings.apply(&mut site, begun)?;
    store_new(conn, &site, Actor::SYSTEM, random)?;
    let mut seeder = Seeder { conn, random, site, people: HashMap::new(), hashes };
    seeder.add_person(ADMIN, None, None, begun)?;
    for person in &blog.people {
        seeder.add_person(&person.username, person.display_name.as_deref(), person.role, begun)?;
    }
    for story in &blog.stories {
        seeder.add_story(story, now.minus(hours(story.hours_ago)))?;
    }
    Ok(settings::insert(seeder.conn, SEEDED, "1")?)
}

fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3600)
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

struct Seeder<'a, 'c> {
    conn: &'a mut Conn<'c>,
    random: &'a Random,
    site: Site,
    people: HashMap<String, (AccountId, Rank)>,
    hashes: &'a HashMap<String, String>,
}

impl Seeder<'_, '_> {
    fn add_person(
        &mut self,
        name: &str,
        display_name: Option<&str>,
        role: Option<SiteRole>,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let username = Username::parse(name).map_err(|error| Problem::field("/username", error))?;
        let display_name = display_name.map(DisplayName::parse).transpose();
        let display_name = display_name.map_err(|error| Problem::field("/display_name", error))?;
        let account = Account {
            display_name: display_name.map(|name| name.as_str().to_owned()),
            password_hash: self.hashes.get(name).cloned(),
            is_admin: name == ADMIN,
            proven_at: Some(now),
            ..Account::new(self.random.id(now), None, &username, now)
        };
        accounts::insert(self.conn, &account)?;
        let rank = role.map_or(Rank::Reader, Rank::from);
        if let Some(role) = role {
            let what = (self.site.id, account.id, role);
            change_role(self.conn, what, true, (Actor::SYSTEM, self.random, now))?;
        }
        self.people.insert(name.to_owned(), (account.id, rank));
        Ok(())
    }

    fn person(&self, name: &str) -> Result<(AccountId, Rank), Problem> {
        self.people.get(name).copied().ok_or_else(|| Problem::new(Code::Internal).detail(name))
    }

    fn actor(&self, name: &str) -> Result<Actor, Problem> {
        let (id, rank) = self.person(name)?;
        let kind = match rank {
            Rank::Reader => ActorKind::Reader,
            Rank::Author => ActorKind::Author,
            Rank::Moderator => ActorKind::Moderator,
            Rank::Admin => ActorKind::Admin,
        };
        Ok(Actor { kind, id: Some(id) })
    }

    /// A moderator, in turns.
    fn moderator(&self, turn: usize) -> Result<Actor, Problem> {
        let mut names: Vec<&String> =
            self.people.iter().filter(|(_, (_, rank))| *rank == Rank::Moderator).map(|(name, _)| name).collect();
        names.sort();
        let name = names.get(turn % names.len().max(1)).ok_or_else(|| Problem::new(Code::Internal))?;
        self.actor(name)
    }

    fn add_story(&mut self, text: &StoryText, at: Timestamp) -> Result<(), Problem> {
        let story = Story {
            headline: text.headline.clone(),
            source_name: Some(text.source.name.clone()),
            source_url: Some(text.source.url.clone()),
            excerpt: Some(text.excerpt.clone()),
            ..Story::new(self.random.id(at), self.site.id, text.external_id.clone(), at)
        };
        stories::insert(self.conn, &story)?;
        let commentary = Commentary {
            story_id: story.id,
            label: text.commentary.label.clone(),
            author_name: text.commentary.author_name.clone(),
            body_html: markdown::render(&text.commentary.body),
            body_source: text.commentary.body.clone(),
        };
        stories::put_commentary(self.conn, story.id, Some(&commentary))?;
        let urls = text.urls.iter().enumerate().map(|(index, url)| {
            let url = StoryUrl::parse(url, &self.site.tracking_params.0);
            let url = url.map_err(|error| Problem::field("/urls", error))?;
            let position = i32::try_from(index).unwrap_or(i32::MAX);
            let (url_key, url) = (url.key().to_owned(), url.as_str().to_owned());
            Ok(StoryUrlRow { site_id: self.site.id, url_key, story_id: story.id, position, url })
        });
        let urls: Vec<StoryUrlRow> = urls.collect::<Result<_, Problem>>()?;
        story_urls::put(self.conn, story.id, &urls)?;
        self.play(&story, &text.replies, at)
    }

    /// Lets everything happen in its order.
    fn play(&mut self, story: &Story, texts: &[ReplyText], at: Timestamp) -> Result<(), Problem> {
        let events = planned(texts);
        let mut posted: HashMap<usize, ReplyId> = HashMap::new();
        for (turn, (minute, index, event)) in events.iter().enumerate() {
            let at = at.plus(minutes(*minute));
            match event {
                Event::Post { text, parent } => {
                    let parent = match parent.and_then(|parent| posted.get(&parent)) {
                        Some(id) => replies::find(self.conn, *id)?,
                        None => None,
                    };
                    posted.insert(*index, self.post(story, text, parent.as_ref(), at)?);
                }
                event => self.happen(story, posted[index], event, turn, at)?,
            }
        }
        Ok(())
    }

    fn post(
        &mut self,
        story: &Story,
        text: &ReplyText,
        parent: Option<&Reply>,
        at: Timestamp,
    ) -> Result<ReplyId, Problem> {
        let (author_id, rank) = self.person(&text.by)?;
        let id = self.random.id(at);
        let is_staff = rank > Rank::Reader;
        let entry = Entry::new(self.random.id(at), self.actor(&text.by)?, Action::Post, at);
        let (text, judged) = judged(&text.text, ModerationMode::Pre, is_staff, at)?;
        let fate = judged.fate;
        let entry = Entry { judged: Some(judged), ..entry };
        let new = NewReply {
            id,
            site_id: story.site_id,
            story_id: story.id,
            author_id,
            parent,
            fate,
            text: &text,
            created_at: at,
        };
        transitions::post(self.conn, new, None, &entry)?;
        Ok(id)
    }

    fn happen(
        &mut self,
        story: &Story,
        id: ReplyId,
        event: &Event<'_>,
        turn: usize,
        at: Timestamp,
    ) -> Result<(), Problem> {
        let reply = replies::find(self.conn, id)?.ok_or_else(|| Problem::new(Code::Internal))?;
        match event {
            Event::Post { .. } => {}
            Event::Edit(text) => {
                let is_public = reply.state.is_public();
                let mode = if is_public { ModerationMode::Post } else { ModerationMode::Pre };
                let (body, mut judged) = judged(text, mode, false, at)?;
                if !is_public {
                    judged.fate = judged.fate.while_waiting();
                }
                let text = NewText { body, is_by_staff: false };
                let actor = Actor { kind: ActorKind::Reader, id: Some(reply.author_id) };
                let entry = Entry::new(self.random.id(at), actor, Action::Edit, at);
                let entry = Entry { judged: Some(judged), ..entry };
                transitions::change(self.conn, &reply, reply.state, Some(&text), &entry)?;
            }
            Event::Decide { state, .. } if *state == reply.state => {}
            Event::Decide { state, text } => {
                let (actor, action) = match state {
                    ReplyState::Withdrawn => (self.actor(&text.by)?, Action::Withdraw),
                    ReplyState::Rejected => (self.moderator(turn)?, Action::Reject),
                    ReplyState::Spam => (self.moderator(turn)?, Action::Spam),
                    ReplyState::Approved | ReplyState::Pending | ReplyState::Returned => {
                        (self.moderator(turn)?, Action::Approve)
                    }
                };
                let is_reject = *state == ReplyState::Rejected;
                let entry = Entry {
                    reason: text.reason.filter(|_| is_reject),
                    note: text.note.clone().filter(|_| is_reject),
                    message: text.message.clone().filter(|_| is_reject),
                    ..Entry::new(self.random.id(at), actor, action, at)
                };
                transitions::change(self.conn, &reply, *state, None, &entry)?;
            }
            Event::Recommend(by) => {
                let (account_id, _) = self.person(by)?;
                let vote = Recommendation { reply_id: id, account_id, story_id: story.id, created_at: at };
                recommendations::insert(self.conn, &vote)?;
                transitions::recommend(self.conn, &reply, 1, at)?;
            }
            Event::Report(report) => {
                let row = Report {
                    id: self.random.id(at),
                    reply_id: id,
                    reporter_id: self.person(&report.by)?.0,
                    reason: report.reason,
                    note: report.text.clone(),
                    revision: reply.revision,
                    created_at: at,
                    closed_at: None,
                    weight: case::PLAIN,
                    outcome: None,
                };
                let hold = self.random.id(at);
                transitions::report(self.conn, &reply, &row, &ReportSettings::default(), hold)?;
            }
            Event::Feature(label) => {
                let label = Some((*label).clone());
                let actor = self.moderator(turn)?;
                let by = actor.id.ok_or_else(|| Problem::new(Code::Internal))?;
                let listed = featured::list_of_story(self.conn, story.id)?;
                put_last(self.conn, &reply, (&listed, &label), (actor, by), (self.random.id(at), at))?;
            }
        }
        Ok(())
    }
}

/// A text with what the rules of a new site say of it, of somebody new.
fn judged(text: &str, mode: ModerationMode, is_staff: bool, at: Timestamp) -> Result<(RenderedBody, Judged), Problem> {
    let rendered = ReplyBody::parse(text.to_owned(), 10_000).and_then(ReplyBody::render_to_judge);
    let (body, text) = rendered.map_err(|error| Problem::field("/text", error))?;
    let policy = Policy::default().ready().map_err(|_| Problem::new(Code::Internal))?;
    let author = AuthorHistory::newcomer(at);
    let verdict = policy.judge(&Subject::new(&text, &author, at), || Duration::ZERO);
    let fate =
        Terms { mode, trusted_after: 0, is_staff, is_premoderated: false, is_unproven: false }.fate(&verdict, &author);
    Ok((body, Judged { verdict, policy_version: 0, fate }))
}
