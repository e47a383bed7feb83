//! Random sequences of everything that people do, against a model in memory: the same answers, the same visible tree,
//! the same counts, the same work for moderators, the same cases.

use std::time::Duration;

use rejoinder::{
    domain::{
        case::CaseState,
        ids::{AccountId, SiteId},
        moderation::ModerationMode,
        queue_event::WorkQueue,
        reply_state::ReplyState,
        sanction::SanctionKind,
    },
    store::counters,
};
use serde_json::{Value, json};

use crate::{
    actors::{Person, Site, Story},
    app::{App, Request},
    dice::Dice,
    model::{FLAGGED, HELD, Model, Reply, Report, SPAM, Sanction, Shown, shown_in},
};

/// Steps of one sequence.
const STEPS: usize = 260;
const PEOPLE: [&str; 6] = ["ann", "bob", "cat", "dan", "mona", "otto"];
/// Those of them who moderate.
const MODERATORS: [usize; 2] = [4, 5];
/// Why readers report.
const REASONS: [&str; 2] = ["spam", "abuse"];
/// A third of the time of a claim.
const PASS: Duration = Duration::from_secs(30);
/// How often that passes: less than what a session is good for.
const PASSES: u32 = 15;

/// Whether the other moderator is to decide about an appeal: who took part in the refusal does not, unless the other one did,
/// too, or wrote it.
fn is_for_the_other(of: &Reply, moderator: usize) -> bool {
    let is_free = |other: &usize| *other != of.author && !of.refused_by.contains(other);
    of.refused_by.contains(&moderator) && MODERATORS.iter().any(is_free)
}

struct World {
    app: App,
    site: Site,
    people: Vec<Person>,
    stories: Vec<Story>,
    passes: u32,
    model: Model,
    dice: Dice,
}

impl World {
    async fn new(mode: ModerationMode) -> Self {
        let app = App::start().await;
        let settings = json!({"moderation_mode": mode, "trusted_after": 2, "edit_window_secs": 3600});
        let site = app.site_with("blog", settings).await;
        let words = json!({"hold": [HELD], "spam": [SPAM]});
        // nothing is held back of what readers report again
        let reports = json!({"immunity_hours": 0});
        let history = json!({"refused_percent": 0});
        let repeats = json!({"own": "pass"});
        site.policy(json!({"words": words, "history": history, "repeats": repeats, "reports": reports})).await;
        let mut people = Vec::new();
        for name in &PEOPLE[..4] {
            people.push(app.reader(name).await);
        }
        for moderator in MODERATORS {
            people.push(site.moderator(PEOPLE[moderator]).await);
        }
        let stories = vec![site.story("s1").await, site.story("s2").await];
        let model = Model {
            mode,
            replies: Vec::new(),
            sanctioned: Default::default(),
            now: app.now(),
            closed: Default::default(),
            staff: MODERATORS.into(),
        };
        Self { app, site, people, stories, passes: 0, model, dice: Dice::new() }
    }

    async fn step(&mut self, number: usize) {
        let has_replies = !self.model.replies.is_empty();
        self.model.now = self.app.now();
        match self.dice.below(34) {
            _ if !has_replies => self.post(None, number).await,
            0..=2 => self.post(None, number).await,
            3..=8 => {
                // the latest ones more often, so that threads grow deep
                let count = self.model.replies.len();
                let span = if self.dice.once_in(2) { count.min(3) } else { count };
                let parent = count - 1 - self.dice.below(span);
                self.post(Some(parent), number).await;
            }
            9 | 10 => self.edit(number).await,
            11 => self.withdraw().await,
            12..=14 => self.decide().await,
            15 => self.vote(true).await,
            16 => self.vote(false).await,
            17 | 30 | 31 | 32 => self.report().await,
            18 => self.impose_or_lift().await,
            19 => self.close_or_reopen().await,
            20 => self.take().await,
            21 => self.hold().await,
            22 => self.release().await,
            23 | 24 => self.appeal(number).await,
            25 | 26 => self.decide_appeal().await,
            27 => self.lapse().await,
            28 => self.impose_or_lift().await,
            33 => self.decide().await,
            _ => self.pass(),
        }
        self.model.settle(number);
    }

    fn any_moderator(&mut self) -> usize {
        *self.dice.pick(&MODERATORS)
    }

    /// Work is handed out: what waits longest, or shortest, that nobody holds.
    async fn take(&mut self) {
        let (moderator, queue) = (self.any_moderator(), *self.dice.pick(WorkQueue::ALL));
        let (is_oldest, count) = (self.dice.once_in(2), 1 + self.dice.below(3));
        let now = self.app.now();
        let mut free = self.model.waiting(queue);
        if !is_oldest {
            free.reverse();
        }
        free.retain(|reply| self.model.replies[*reply].holder(now).is_none());
        if queue == WorkQueue::Appeals {
            free.retain(|reply| {
                let of = &self.model.replies[*reply];
                of.author != moderator && !is_for_the_other(of, moderator)
            });
        }
        free.truncate(count);
        let sort = if is_oldest { "oldest" } else { "newest" };
        let path = format!("/api/v1/moderation/next?queue={queue}&site=blog&sort={sort}&count={count}");
        let taken = self.people[moderator].post(path).expect(200).await.json();
        let ids: Vec<&str> =
            taken["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        let expected: Vec<&str> = free.iter().map(|reply| &*self.model.replies[*reply].id).collect();
        assert_eq!(ids, expected, "{queue} by {moderator}, sort {sort}");
        for (reply, item) in free.into_iter().zip(taken["items"].as_array().unwrap()) {
            let until = serde_json::from_value(item["waiting"]["claim"]["until"].clone()).unwrap();
            self.model.replies[reply].claim = Some((moderator, until));
        }
    }

    fn claim_of(&self, reply: usize) -> String {
        format!("/api/v1/moderation/replies/{}/claim", self.model.replies[reply].id)
    }

    async fn hold(&mut self) {
        let (moderator, reply, now) = (self.any_moderator(), self.any_reply(), self.app.now());
        let request = self.people[moderator].put(self.claim_of(reply));
        let of = &self.model.replies[reply];
        let refusal = match of.holder(now) {
            _ if of.waits_since.is_none() => Some("state_conflict"),
            _ if of.is_appealed && is_for_the_other(of, moderator) => Some("first_decider"),
            Some(holder) => (holder != moderator).then_some("claimed"),
            None => None,
        };
        if let Some(view) = outcome(request, refusal).await {
            let until = serde_json::from_value(view["until"].clone()).unwrap();
            self.model.replies[reply].claim = Some((moderator, until));
        }
    }

    async fn release(&mut self) {
        let (moderator, reply) = (self.any_moderator(), self.any_reply());
        self.people[moderator].delete(self.claim_of(reply)).expect(204).await;
        let claim = &mut self.model.replies[reply].claim;
        *claim = claim.filter(|(holder, _)| *holder != moderator);
    }

    fn pass(&mut self) {
        if self.passes < PASSES {
            self.passes += 1;
            self.app.pass(PASS);
        }
    }

    fn any_reply(&mut self) -> usize {
        self.dice.below(self.model.replies.len())
    }

    fn any_person(&mut self) -> usize {
        self.dice.below(PEOPLE.len())
    }

    fn at(&self, reply: usize, rest: &str) -> String {
        format!("/api/v1/replies/{}{rest}", self.model.replies[reply].id)
    }

    /// What somebody may not do to a reply, also as he only reads by now.
    fn refusal(&self, person: usize, reply: usize, needs: Needs) -> Option<&'static str> {
        if self.model.is_shut_out_everywhere(person) {
            return Some("suspended");
        }
        let is_shut_out = self.model.is_shut_out(person);
        self.refusal_of_anybody(person, reply, needs).or(is_shut_out.then_some("suspended"))
    }

    /// What somebody may not do to a reply that they do not see, or that is not theirs.
    fn refusal_of_anybody(&self, person: usize, reply: usize, needs: Needs) -> Option<&'static str> {
        let (of, is_staff) = (&self.model.replies[reply], self.model.staff.contains(&person));
        let is_owner = of.author == person;
        let sees = of.state.is_public() || is_owner || is_staff;
        let has_right = match needs {
            Needs::Sight => sees,
            Needs::Owner => is_owner,
            Needs::OwnerOrStaff => is_owner || is_staff,
        };
        match (has_right, sees) {
            (false, false) => Some("not_found"),
            (false, true) => Some("forbidden"),
            (true, _) => None,
        }
    }

    /// A text that the rules let pass, or do not.
    fn text(&mut self, text: &str) -> String {
        match self.dice.below(8) {
            0 => format!("{text} {HELD}"),
            1 => format!("{text} {SPAM}"),
            2 => format!("{text} {FLAGGED}"),
            _ => text.to_owned(),
        }
    }

    async fn post(&mut self, parent: Option<usize>, number: usize) {
        let person = self.any_person();
        let story = parent.map_or_else(|| self.dice.below(2), |parent| self.model.replies[parent].story);
        let text = self.text(&format!("Text {number}"));
        let mut body = json!({"body": text});
        if let Some(parent) = parent {
            body["parent_id"] = json!(self.model.replies[parent].id);
        }
        let path = format!("/api/v1/stories/{}/replies", self.stories[story].id);
        let request = self.people[person].post(path).json(body);
        let refusal = if self.model.is_shut_out(person) {
            Some("suspended")
        } else if self.model.is_under(person, SanctionKind::Warn) {
            Some("warning_unread")
        } else if self.model.closed.contains(&story) {
            Some("story_closed")
        } else if self.model.has_posted_enough(person) {
            Some("too_many_replies")
        } else if parent.is_some_and(|parent| !self.model.replies[parent].state.is_public()) {
            Some("parent_not_public")
        } else {
            None
        };
        if let Some(view) = outcome(request, refusal).await {
            let id = view["id"].as_str().unwrap().to_owned();
            let index = self.model.post(id, story, person, parent, &text);
            assert_eq!(view["state"], json!(self.model.replies[index].state));
        }
    }

    async fn edit(&mut self, number: usize) {
        let reply = self.any_or(Reply::is_dismissed);
        let before = self.model.replies[reply].clone();
        let person = if self.dice.once_in(2) { self.any_person() } else { before.author };
        let is_stale = self.dice.once_in(5);
        let version = before.version - i64::from(is_stale);
        let text = self.text(&format!("Edit {number}"));
        let request = self.people[person].patch(self.at(reply, "")).json(json!({"body": text, "version": version}));
        let refusal = self.refusal(person, reply, Needs::OwnerOrStaff).or(if is_stale {
            Some("version_conflict")
        } else if !matches!(before.state, ReplyState::Pending | ReplyState::Approved)
            && (before.state != ReplyState::Returned || before.author != person)
        {
            Some("state_conflict")
        } else {
            None
        });
        if outcome(request, refusal).await.is_some() {
            self.model.edit(reply, person, &text);
        }
    }

    async fn withdraw(&mut self) {
        let reply = self.any_or(Reply::has_open_reports);
        let person = if self.dice.once_in(2) { self.any_person() } else { self.model.replies[reply].author };
        let request = self.people[person].delete(self.at(reply, ""));
        let refusal = self.refusal(person, reply, Needs::Owner);
        if outcome(request, refusal).await.is_some() {
            self.model.replies[reply].change(ReplyState::Withdrawn);
        }
    }

    async fn decide(&mut self) {
        let reply = self.any_or(|reply| reply.case.is_some());
        let (moderator, is_stale) = (self.any_moderator(), self.dice.once_in(6));
        let action = *self.dice.pick(&["approve", "approve", "reject", "spam", "restore", "return", "return"]);
        let before = &self.model.replies[reply];
        let mut body = json!({"action": action, "version": before.version - i64::from(is_stale)});
        if action == "reject" {
            body["reason"] = json!("abuse");
        }
        if action == "return" {
            body["message"] = json!("Say it otherwise.");
        }
        let is_refused = matches!(before.state, ReplyState::Rejected | ReplyState::Spam);
        let is_returned = before.state == ReplyState::Returned;
        let next = match action {
            _ if before.state == ReplyState::Withdrawn || before.is_appealed => None,
            "approve" => Some(ReplyState::Approved),
            "reject" => Some(ReplyState::Rejected),
            "spam" => Some(ReplyState::Spam),
            "return" => (!is_refused && !is_returned).then_some(ReplyState::Returned),
            _ => (before.state != ReplyState::Pending).then_some(ReplyState::Pending),
        };
        let path = format!("/api/v1/moderation/replies/{}/decisions", before.id);
        let request = self.people[moderator].post(path).json(body);
        let refusal = match next {
            _ if is_stale => Some("version_conflict"),
            None => Some("state_conflict"),
            Some(_) => None,
        };
        if outcome(request, refusal).await.is_some() {
            let decided = &mut self.model.replies[reply];
            decided.change(next.unwrap());
            match action {
                "return" => decided.returned_by = Some(moderator),
                _ => decided.refuse(moderator, is_refused),
            }
        }
    }

    /// One of which this holds, if there is one.
    fn one_that(&mut self, is_meant: impl Fn(&Reply) -> bool) -> usize {
        let meant: Vec<usize> =
            (0..self.model.replies.len()).filter(|index| is_meant(&self.model.replies[*index])).collect();
        if meant.is_empty() { self.any_reply() } else { *self.dice.pick(&meant) }
    }

    /// Any, or as often one of which this holds, if there is one.
    fn any_or(&mut self, is_meant: impl Fn(&Reply) -> bool) -> usize {
        if self.dice.once_in(2) { self.any_reply() } else { self.one_that(is_meant) }
    }

    async fn appeal(&mut self, number: usize) {
        let reply = self.one_that(|reply| reply.state.is_refused());
        let of = &self.model.replies[reply];
        let person = if self.dice.once_in(3) { self.any_person() } else { of.author };
        let of = &self.model.replies[reply];
        let request =
            self.people[person].post(self.at(reply, "/appeal")).json(json!({"text": format!("Why {number}?")}));
        // also who is suspended may
        let refusal = self.refusal_of_anybody(person, reply, Needs::Owner);
        let is_possible = of.state.is_refused() && !of.is_appealed && !of.was_appealed;
        if let Some(view) = outcome(request, refusal.or((!is_possible).then_some("state_conflict"))).await {
            let id = view["appeal"]["id"].as_str().unwrap().to_owned();
            self.model.replies[reply].appeal(id);
        }
    }

    async fn decide_appeal(&mut self) {
        let is_appealed = self.model.replies.iter().any(|reply| reply.is_appealed);
        let reply = self.one_that(|reply| if is_appealed { reply.is_appealed } else { reply.appeal.is_some() });
        let of = self.model.replies[reply].clone();
        let Some(appeal) = of.appeal.clone() else { return };
        let (moderator, is_stale, is_overturned) = (self.any_moderator(), self.dice.once_in(6), self.dice.once_in(2));
        let ruling = if is_overturned { "overturned" } else { "upheld" };
        let body =
            json!({"ruling": ruling, "version": of.version - i64::from(is_stale), "reasons": "Looked at again."});
        let request = self.people[moderator].post(format!("/api/v1/moderation/appeals/{appeal}/decision")).json(body);
        let refusal = match of.is_appealed {
            _ if of.author == moderator => Some("own_reply"),
            false => Some("state_conflict"),
            true if is_stale => Some("version_conflict"),
            true => is_for_the_other(&of, moderator).then_some("first_decider"),
        };
        if outcome(request, refusal).await.is_some() {
            self.model.replies[reply].rule(is_overturned);
        }
    }

    /// The time is over of all that is with its author.
    async fn lapse(&mut self) {
        if !self.dice.once_in(3) {
            return;
        }
        self.app.execute("UPDATE returns SET due_at = returned_at WHERE due_at IS NOT NULL").await;
        rejoinder::jobs::waits::end_due(&self.app.state).await.unwrap();
        for reply in self.model.replies.iter_mut().filter(|reply| reply.state == ReplyState::Returned) {
            reply.lapse();
        }
    }

    async fn vote(&mut self, is_given: bool) {
        let (person, reply) = (self.any_person(), self.any_reply());
        let path = self.at(reply, "/recommendation");
        let person_at = &self.people[person];
        let request = if is_given { person_at.put(path) } else { person_at.delete(path) };
        let of = &self.model.replies[reply];
        let refusal = self.refusal(person, reply, Needs::Sight).or(if !of.state.is_public() {
            Some("not_found")
        } else {
            (of.author == person).then_some("own_reply")
        });
        if outcome(request, refusal).await.is_some() {
            let votes = &mut self.model.replies[reply].recommended_by;
            if is_given {
                votes.insert(person)
            } else {
                votes.remove(&person)
            };
            self.app.settle().await;
        }
    }

    async fn report(&mut self) {
        // what was reported before more often, so that cases are opened again
        let is_again = self.dice.once_in(2);
        let reply = self.any_or(|reply| reply.state.is_public() && (!is_again || reply.case.is_some()));
        let (person, reason) = (self.any_person(), *self.dice.pick(&REASONS));
        let request = self.people[person].post(self.at(reply, "/reports")).json(json!({"reason": reason}));
        // whatever there is not to be seen is taken without a word
        let refusal = self.refusal(person, reply, Needs::Sight).filter(|code| *code != "not_found");
        let is_taken = outcome(request, refusal).await.is_some();
        let reply = &mut self.model.replies[reply];
        if is_taken && reply.state.is_public() && reply.author != person {
            reply.report(person, reason);
        }
    }

    async fn impose_or_lift(&mut self) {
        let person = self.dice.below(4);
        let path = format!("/api/v1/accounts/{}/sanctions", self.people[person].id);
        let Some(sanction) = self.model.sanction(person).cloned() else {
            return self.impose(person, path).await;
        };
        self.model.sanctioned.remove(&person);
        if sanction.kind == SanctionKind::Warn && self.dice.once_in(2) {
            let read = format!("/api/v1/me/sanctions/{}/read", sanction.id);
            self.people[person].post(read).expect(204).await;
            return;
        }
        let by = if sanction.is_everywhere { &self.site.admin } else { &self.people[4] };
        by.delete(format!("{path}/{}", sanction.id)).expect(204).await;
    }

    async fn impose(&mut self, person: usize, path: String) {
        let kind = *self.dice.pick(SanctionKind::ALL);
        let may_end = !matches!(kind, SanctionKind::Warn | SanctionKind::Ban);
        let ends = kind == SanctionKind::Suspend || (may_end && self.dice.once_in(2));
        // half a pass of time more than one, so that it ends while time passes
        let until = ends.then(|| self.app.now().plus(PASS + PASS / 2));
        let posted = self.model.replies.iter().filter(|reply| reply.author == person).count();
        let per_day = 1 + posted + self.dice.below(3);
        let is_everywhere = self.dice.once_in(3);
        let mut body = json!({"kind": kind, "reason": "Insults", "message": "Be kind.", "until": until});
        if kind == SanctionKind::Slow {
            body["per_day"] = json!(per_day.min(100));
        }
        if !is_everywhere {
            body["site"] = json!("blog");
        }
        let by = if is_everywhere { &self.site.admin } else { &self.people[4] };
        let made = by.post(path).json(body).expect(201).await.json();
        let id = made["id"].as_str().unwrap().to_owned();
        self.model.sanctioned.insert(person, Sanction { id, kind, is_everywhere, until, per_day });
    }

    async fn close_or_reopen(&mut self) {
        let story = self.dice.below(2);
        let is_closed = self.model.closed.remove(&story);
        if !is_closed {
            self.model.closed.insert(story);
        }
        let verb = if is_closed { "reopen" } else { "close" };
        let view = self.people[4].post(format!("/api/v1/stories/{}/{verb}", self.stories[story].id));
        assert_eq!(view.expect(200).await.json()["is_closed"], !is_closed);
    }

    /// All that is shown of a story, page by page.
    async fn read(&mut self, story: usize) -> Vec<Shown> {
        let (limit, each) = *self.dice.pick(&[(1, 0), (2, 3), (3, 100), (100, 4)]);
        let (mut shown, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.stories[story].page(&format!("?limit={limit}&replies_per_thread={each}{cursor}")).await;
            assert_eq!(page["story"]["replies"], self.model.public_in(story));
            for item in page["items"].as_array().unwrap() {
                shown.push(shown_in(item));
                let (mut below, id) = (item["below"].clone(), item["id"].as_str().unwrap());
                loop {
                    shown.extend(below["items"].as_array().unwrap().iter().map(shown_in));
                    let Some(next) = below["next_cursor"].as_str() else { break };
                    let path = format!("/api/v1/replies/{id}/below?limit=7&cursor={next}");
                    below = self.app.get(path).expect(200).await.json();
                }
            }
            let Some(next) = page["next_cursor"].as_str() else { return shown };
            cursor = format!("&cursor={next}");
        }
    }

    async fn compare(&mut self) {
        for story in 0..2 {
            assert_eq!(self.read(story).await, self.model.shown(story));
        }
        let counts = self.people[4].get("/api/v1/moderation/counts?site=blog").expect(200).await.json();
        let count = |state| self.model.count(state);
        assert_eq!(
            counts["items"][0],
            json!({
                "site": "blog",
                "pending": count(ReplyState::Pending),
                "approved": count(ReplyState::Approved),
                "rejected": count(ReplyState::Rejected),
                "spam": count(ReplyState::Spam),
                "reported": self.model.reported(),
                "flagged": self.model.flagged(),
                "returned": count(ReplyState::Returned),
                "appeals": self.model.waiting(WorkQueue::Appeals).len(),
            })
        );
        assert_eq!(self.people[4].queue(&self.site, "reported").await.len(), self.model.reported().min(50));
        for queue in WorkQueue::ALL {
            let path = format!("/api/v1/moderation/replies?queue={queue}&site=blog&sort=priority&limit=100");
            let page = self.people[4].get(path).expect(200).await.json();
            let (now, items) = (self.app.now(), page["items"].as_array().unwrap());
            let mut listed: Vec<(&str, Value)> = items
                .iter()
                .map(|item| (item["id"].as_str().unwrap(), item["waiting"]["claim"]["account_id"].clone()))
                .collect();
            listed.sort_by_key(|(id, _)| *id);
            let holder = |reply: &usize| self.model.replies[*reply].holder(now).map(|person| &self.people[person].id);
            let waiting = self.model.waiting(*queue);
            let mut expected: Vec<(&str, Value)> =
                waiting.iter().map(|reply| (&*self.model.replies[*reply].id, json!(holder(reply)))).collect();
            expected.sort_by_key(|(id, _)| *id);
            assert_eq!(listed, expected);
        }
        assert_eq!(self.people[4].queue(&self.site, "flagged").await.len(), self.model.flagged().min(50));
        let site = SiteId(self.site.id.parse().unwrap());
        for (index, person) in self.people.iter().enumerate() {
            let id = AccountId(person.id.parse().unwrap());
            let kept = self.app.read(move |conn| counters::find(conn, id, site).unwrap()).await;
            let expected = ReplyState::ALL.iter().map(|state| self.model.count_of(index, *state));
            assert_eq!(kept.map(|count| usize::try_from(count).unwrap()).to_vec(), expected.collect::<Vec<_>>());
        }
        self.compare_cases().await;
    }

    /// Of each reply where its case stands, how often it was opened again, and what came of each report, the newest first.
    async fn compare_cases(&self) {
        for reply in &self.model.replies {
            let path = format!("/api/v1/moderation/replies/{}/case", reply.id);
            let shown = self.people[4].get(path).expect(200).await.json();
            let case = json!([shown["case"]["state"], shown["case"]["reopened"]]);
            let reopened = reply.case.as_ref().map(|case| case.reopened);
            assert_eq!(case, json!([reply.standing(self.app.now()), reopened]), "{reply:?}: {shown}");
            let reports = shown["reports"]["items"].as_array().unwrap().iter();
            let reports: Vec<Value> =
                reports.map(|it| json!([it["reporter"]["id"], it["reason"], it["revision"], it["outcome"]])).collect();
            let outcome = |report: &Report| (report.state != CaseState::Open).then_some(report.state);
            let expected = reply.reports.iter().rev();
            let expected: Vec<Value> = expected
                .map(|report| json!([self.people[report.by].id, report.reason, report.revision, outcome(report)]))
                .collect();
            assert_eq!(reports, expected, "{reply:?}");
        }
    }
}

enum Needs {
    Sight,
    Owner,
    OwnerOrStaff,
}

/// The body of a success, none of an expected refusal.
async fn outcome(request: Request, refusal: Option<&str>) -> Option<Value> {
    let response = request.send().await;
    let is_success = response.status.is_success();
    match refusal {
        None => {
            assert!(is_success, "{}", response.text());
            Some(if response.body.is_empty() { Value::Null } else { response.json() })
        }
        Some(code) => {
            assert!(!is_success, "expected {code}, not {}", response.text());
            assert_eq!(response.json()["code"], code);
            None
        }
    }
}

async fn run(mode: ModerationMode) {
    let mut world = World::new(mode).await;
    for number in 0..STEPS {
        world.step(number).await;
        if number % 20 == 19 {
            world.compare().await;
        }
    }
    world.app.check().await;
}

#[actix_web::test]
async fn whatever_people_do_is_shown_and_counted_as_the_model_says_in_mode_post() {
    run(ModerationMode::Post).await;
}

#[actix_web::test]
async fn whatever_people_do_is_shown_and_counted_as_the_model_says_in_mode_pre() {
    run(ModerationMode::Pre).await;
}

#[actix_web::test]
async fn whatever_people_do_is_shown_and_counted_as_the_model_says_in_mode_trusted() {
    run(ModerationMode::Trusted).await;
}
