//! A policy tried on former replies, each as things stood when it was posted: the author's history, what came before it,
//! and of what the classifier has learnt since then, what it said of the text before.
//!
//! Replies are looked at in the order in which they came, so near copies are found among those that were looked at; network
//! addresses are not kept, so their pace is left out.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use diesel::QueryResult;

use super::{
    Judging,
    attempt::Counted,
    models::{self, Model},
    near_index::NearIndex,
    off_thread, site_hosts,
};
use crate::{
    auth::standing::Standing,
    domain::{
        ids::*,
        moderation::{Action, Terms},
        policy_run::{Decided, Simulation, Tried},
        reply_state::ReplyState,
        rules::{NearCopy, Subject, Text, near::NEAR, policy::ReadyPolicy, shape},
        timestamp::Timestamp,
    },
    store::{
        Conn, Db, DbError, accounts,
        histories::{self, Before, KnownAuthor, Paced},
        lessons, policy_runs,
        replies::{self, Reply},
        sites::Site,
        stories,
    },
};

mod compared;

use compared::Compared;

/// A policy that is tried.
pub struct Simulator {
    judging: Judging,
    policy: Arc<ReadyPolicy>,
    site: Site,
    trained: Option<Model>,
    near: NearIndex,
    known: Mutex<Known>,
}

/// What was seen so far.
#[derive(Default)]
struct Known {
    compared: Compared,
    staff: HashMap<AccountId, bool>,
}

/// A reply with what it is judged by.
struct Case {
    reply: Reply,
    author: KnownAuthor,
    counted: Counted,
    terms: Terms,
    decided: Option<Decided>,
    /// What the classifier said of the text before it learnt it, if it learnt it.
    scored: Option<Option<f64>>,
}

impl Simulator {
    /// Tries a policy on a site, with what was learnt there by now.
    pub async fn new(
        judging: Judging,
        db: &Db,
        site: Site,
        policy: Arc<ReadyPolicy>,
        now: Timestamp,
    ) -> Result<Self, DbError> {
        let (reader, of) = (judging.clone(), site.id);
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(reader.models.read_all(conn, of, now)?);
        let trained = db.read(read).await?.map(|news| judging.models.take_in(news));
        Ok(Self { judging, policy, site, trained, near: NearIndex::default(), known: Mutex::default() })
    }

    /// Tries it on these replies, which came after those before.
    pub async fn go_on(
        self: &Arc<Self>,
        db: &Db,
        ids: Vec<ReplyId>,
        so_far: Simulation,
    ) -> Result<Simulation, DbError> {
        let (reader, judge) = (self.clone(), self.clone());
        let cases = db.read(move |conn| Ok::<_, DbError>(reader.read(conn, &ids)?)).await?;
        off_thread(move || {
            let mut simulation = so_far;
            cases.into_iter().for_each(|case| judge.judge(case, &mut simulation));
            simulation
        })
        .await
    }

    fn read(&self, conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<Case>> {
        let decided = decided(policy_runs::list_deciding(conn, ids)?);
        let scores: HashMap<ReplyId, Option<f64>> = lessons::list_scores(conn, ids)?.into_iter().collect();
        let mut cases = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(reply) = replies::find(conn, *id)?.filter(|reply| reply.state != ReplyState::Withdrawn) else {
                continue;
            };
            let Some(head) = stories::find_head(conn, reply.story_id)? else { continue };
            let at = reply.created_at;
            let Some(mut author) = histories::find_as_of(conn, reply.author_id, self.site.id, at)? else { continue };
            if shape::may_be_unusually_long(&reply.body.source) {
                author.history.usual_chars = histories::find_usual_chars(conn, reply.author_id)?;
            }
            let paced = Paced { site: self.site.id, author: reply.author_id, story: reply.story_id, address: None };
            let text = (reply.body.source.as_str(), Some(reply.id));
            let counted = Counted::read(conn, &self.policy, &author.history, paced, text, (Before::Then(at), true))?;
            let terms = Terms {
                mode: head.moderation_mode(),
                trusted_after: head.site.trusted_after,
                is_staff: self.is_staff(conn, reply.author_id, at)?,
                // what a policy says, and not what is known of a person
                is_premoderated: false,
                is_unproven: false,
            };
            let (decided, scored) = (decided.get(id).copied(), scores.get(id).copied());
            cases.push(Case { reply, author, counted, terms, decided, scored });
        }
        Ok(cases)
    }

    fn is_staff(&self, conn: &mut Conn<'_>, author: AccountId, now: Timestamp) -> QueryResult<bool> {
        if let Some(is_staff) = self.known().staff.get(&author) {
            return Ok(*is_staff);
        }
        let is_staff = is_staff(conn, author, self.site.id, now)?;
        self.known().staff.insert(author, is_staff);
        Ok(is_staff)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn judge(&self, case: Case, simulation: &mut Simulation) {
        let Case { reply, author, counted, terms, decided, scored } = case;
        let text = Text::of_source(reply.body.source);
        let copies = self.copies(&text, reply.id, reply.created_at);
        let trained = self.trained.as_ref().map(models::read);
        let hosts = site_hosts(&self.site);
        let subject = Subject {
            author_name: &author.name,
            copies: &copies,
            trained: trained.as_deref(),
            scored,
            site_hosts: &hosts,
            ..Subject::new(&text, &author.history, reply.created_at)
        };
        let mut verdict = self.policy.judge(&subject, || self.judging.clock.worked());
        verdict.extend(counted.judge(&self.policy, &self.judging.clock));
        let fate = terms.fate(&verdict, &author.history);
        let tried = Tried { reply: reply.id, state: reply.state, decided, source: text.source() };
        simulation.add(tried, &verdict, fate);
    }

    /// Near copies among the texts before this one, which is remembered.
    fn copies(&self, text: &Text, reply: ReplyId, at: Timestamp) -> Vec<NearCopy> {
        let Some(groups) = text.groups().cloned() else { return Vec::new() };
        let sketch = groups.sketch();
        let mut known = self.known();
        let found = self.near.find(self.site.id, &sketch, at).replies.into_iter().filter_map(|other| {
            let likeness = groups.likeness(known.compared.find(other)?);
            (likeness >= NEAR).then_some(NearCopy { reply: other, likeness })
        });
        let found = found.collect();
        self.near.add(self.site.id, (reply, 1), sketch, at);
        known.compared.add(reply, groups, at);
        found
    }
}

/// Whether an account is author or moderator of a site, or admin.
fn is_staff(conn: &mut Conn<'_>, account: AccountId, site: SiteId, now: Timestamp) -> QueryResult<bool> {
    let Some(account) = accounts::find(conn, account)? else { return Ok(false) };
    Ok(Standing::of(conn, &account, now)?.is_staff(site))
}

/// What people decided about each reply in the end.
fn decided(rows: Vec<(ReplyId, Action)>) -> HashMap<ReplyId, Decided> {
    let mut decided = HashMap::new();
    for (reply, action) in rows {
        match action {
            Action::Approve | Action::OverturnAppeal => drop(decided.insert(reply, Decided::Approved)),
            Action::Reject | Action::Spam => drop(decided.insert(reply, Decided::Refused)),
            _ => drop(decided.remove(&reply)),
        }
    }
    decided
}
