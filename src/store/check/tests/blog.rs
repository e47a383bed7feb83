//! A small consistent database and ways to break it.

use diesel::{Connection as _, PgConnection, SqliteConnection, connection::SimpleConnection};

use std::time::Duration;

use super::super::{CheckLine, run};
use crate::{
    auth::keys::Keys,
    clock::Random,
    domain::{
        case::{self, ReportSettings},
        closing::ClosedTexts,
        code::CodePurpose,
        data_export::DataExportState,
        email::Email,
        fairness::AppealState,
        ids::*,
        moderation::{Action, ActorKind, Fate, ModerationMode, Reason, Terms},
        notice::{NoticeGround, NoticeOutcome, NoticeState},
        notice_reference::NoticeReference,
        reply_body::{RenderedBody, ReplyBody},
        reply_state::ReplyState,
        rules::{AuthorHistory, Finding, Outcome, RuleName, Verdict, features::Slot, lesson::taught_by},
        session::SessionWay,
        site::UnprovenAccounts,
        sso::{GrantKind, IssuerKind},
        timestamp::Timestamp,
        username::Username,
    },
    letters::About,
    noticing,
    store::{
        Conn, DbUrl, Native, accounts,
        accounts::Account,
        api_keys::{self, ApiKeyRow},
        appeals::Appeal,
        badges,
        closings::{self, Closing},
        codes::{self, Code},
        data_exports::{self, DataExport},
        decisions::Actor,
        featured,
        identities::{self, Identity},
        identity_grants, imports,
        issuers::{self, Issuer},
        lessons::{self, Decided, NewLesson},
        mentions,
        notes::{self, Subject},
        notice_decisions::NoticeDecision,
        notices::{self, Notice},
        recommendations,
        replies::{self, NewReply, Reply},
        reports,
        second_factors::{self, SecondFactor},
        sessions::{self, Session},
        sites,
        stories::{self, Story},
        story_urls::{self, StoryUrlRow},
        transitions::{self, Entry, NewText},
        types::TextList,
        verdicts::Judged,
    },
    test_database::Database,
};
use uuid::Uuid;

const NOW: i64 = 1_750_000_000_000_000;

fn now() -> Timestamp {
    Timestamp::from_micros(NOW)
}

fn id<Id: From<Uuid>>(number: u128) -> Id {
    Id::from(Uuid::from_u128(number))
}

fn rendered(text: &str) -> RenderedBody {
    ReplyBody::parse(text.to_owned(), 100).and_then(ReplyBody::render).unwrap()
}

const SITE: u128 = 0x10;
const OTHER_SITE: u128 = 0x11;
pub(super) const STORY: u128 = 0x20;
const OTHER_STORY: u128 = 0x21;
const ANN: u128 = 0x30;
const BOB: u128 = 0x31;
/// Who closed the account, and did nothing else.
const CLEO: u128 = 0x32;
const BY_BOB: Actor = Actor { kind: ActorKind::Moderator, id: Some(AccountId(Uuid::from_u128(BOB))) };
/// Replies under the story: numbers from here on, each the answer to the one before.
const REPLY: u128 = 0x100;
const ROWS: u128 = 0x1000;

enum Connection {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

pub(super) struct Blog {
    conn: Connection,
    rows: u128,
    _database: Database,
}

impl Blog {
    /// Two sites with a story each; a thread of 36 replies, one after the other, with all that can hang on them.
    pub(super) fn new() -> Self {
        let database = Database::create();
        let conn = match DbUrl::parse(&database.url).unwrap() {
            DbUrl::Sqlite(path) => Connection::Sqlite(SqliteConnection::establish(&path).unwrap()),
            DbUrl::Postgres(url) => Connection::Pg(PgConnection::establish(&url).unwrap()),
        };
        let mut blog = Self { conn, rows: ROWS, _database: database };
        blog.run("BEGIN");
        blog.fill();
        blog.run("COMMIT");
        blog
    }

    /// The same with verdicts, and with decisions that taught, of two months; the first of them are summed.
    pub(super) fn judged() -> Self {
        let mut blog = Self::new();
        blog.run("BEGIN");
        blog.fill_judged();
        blog.run("COMMIT");
        blog
    }

    /// The same with a refused reply whose author appeals, and a returned one.
    pub(super) fn owed() -> Self {
        let mut blog = Self::new();
        blog.run("BEGIN");
        blog.fill_owed();
        blog.run("COMMIT");
        blog
    }

    /// The same with decisions of a moderator: about what a rule held, about a returned reply that lapsed, and about what was
    /// reported.
    pub(super) fn summed() -> Self {
        let mut blog = Self::new();
        blog.run("BEGIN");
        blog.fill_summed();
        blog.run("COMMIT");
        blog
    }

    /// The same with somebody who closed her account, and a copy of what is kept of somebody.
    pub(super) fn left() -> Self {
        let mut blog = Self::new();
        blog.run("BEGIN");
        blog.fill_leaving();
        blog.run("COMMIT");
        blog
    }

    /// The same with a notice that is open, one that was decided about, and one that nobody confirmed yet.
    pub(super) fn noticed() -> Self {
        let mut blog = Self::new();
        blog.run("BEGIN");
        blog.fill_noticed();
        blog.run("COMMIT");
        blog
    }

    fn conn(&mut self) -> Conn<'_> {
        match &mut self.conn {
            Connection::Sqlite(conn) => Conn::new(Native::Sqlite(conn)),
            Connection::Pg(conn) => Conn::new(Native::Pg(conn)),
        }
    }

    fn run(&mut self, sql: &str) {
        match &mut self.conn {
            Connection::Sqlite(conn) => conn.batch_execute(sql),
            Connection::Pg(conn) => conn.batch_execute(sql),
        }
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn fill(&mut self) {
        for (site, story, key) in [(SITE, STORY, "ledger"), (OTHER_SITE, OTHER_STORY, "other")] {
            sites::insert(&mut self.conn(), &new_site(id(site), key)).unwrap();
            stories::insert(&mut self.conn(), &new_story(id(story), id(site))).unwrap();
            let url = StoryUrlRow {
                site_id: id(site),
                url_key: "//blog.example/1".to_owned(),
                story_id: id(story),
                position: 0,
                url: "https://blog.example/1".to_owned(),
            };
            story_urls::put(&mut self.conn(), id(story), &[url]).unwrap();
        }
        for (account, name) in [(ANN, "ann"), (BOB, "bob")] {
            let account = Account::new(id(account), None, &Username::parse(name).unwrap(), now());
            accounts::insert(&mut self.conn(), &account).unwrap();
        }
        let email = Email::parse("Ann@example.org").unwrap();
        accounts::set_email(&mut self.conn(), id(ANN), &email, now()).unwrap();
        let code = Code {
            account_id: id(ANN),
            purpose: CodePurpose::ResetPassword,
            email: email.as_str().to_owned(),
            email_key: email.key(),
            link_hash: vec![1],
            digits_hash: vec![2],
            tries_left: 5,
            expires_at: now(),
        };
        codes::put(&mut self.conn(), &code).unwrap();
        let mut above: Option<Reply> = None;
        for number in 0..36 {
            above = Some(self.post(REPLY + number, above.as_ref()));
        }
        let first = self.post(REPLY + 36, None);
        let text = NewText { body: rendered("another text"), is_by_staff: false };
        let edit = self.entry(Action::Edit);
        let edited = transitions::change(&mut self.conn(), &first, ReplyState::Pending, Some(&text), &edit).unwrap();
        let approve = self.entry(Action::Approve);
        let approved = transitions::change(&mut self.conn(), &edited, ReplyState::Approved, None, &approve).unwrap();
        self.vote(approved.id);
        let report = reports::Report {
            id: id(ROWS - 1),
            reply_id: approved.id,
            reporter_id: id(BOB),
            reason: Reason::Other,
            note: None,
            revision: 2,
            created_at: now(),
            closed_at: None,
            weight: case::PLAIN,
            outcome: None,
        };
        transitions::report(&mut self.conn(), &approved, &report, &ReportSettings::default(), id(ROWS - 2)).unwrap();
        let import = imports::ImportedReply {
            site_id: id(SITE),
            external_id: "wp:comment:1".to_owned(),
            reply_id: approved.id,
            original: "another text".to_owned(),
        };
        imports::insert_reply(&mut self.conn(), &import).unwrap();
        for (note, about) in
            [(ROWS - 3, Subject::Account(id(ANN), None)), (ROWS - 4, Subject::Reply(approved.id, id(SITE)))]
        {
            notes::insert(&mut self.conn(), (id(note), about), (id(ANN), "A note."), now()).unwrap();
            mentions::insert(&mut self.conn(), id(note), &[id(ANN)], now()).unwrap();
        }
        badges::grant(&mut self.conn(), (id(SITE), id(ANN), "verified"), id(ANN), now()).unwrap();
        for (position, number) in [(1, REPLY + 36), (2, REPLY)] {
            let reply = replies::find(&mut self.conn(), id(number)).unwrap().unwrap();
            featured::insert(&mut self.conn(), &reply, (position, &None), id(ANN), now()).unwrap();
        }
        self.fill_identity();
        self.fill_key();
        self.fill_second_factor();
        accounts::close(&mut self.conn(), id(BOB), now()).unwrap();
    }

    fn fill_leaving(&mut self) {
        let mut conn = self.conn();
        let account = Account::new(id(CLEO), None, &Username::parse("cleo").unwrap(), now());
        accounts::insert(&mut conn, &account).unwrap();
        accounts::close(&mut conn, id(CLEO), now()).unwrap();
        let closing = Closing {
            account_id: id(CLEO),
            texts: ClosedTexts::Remove,
            asked_at: now(),
            closes_at: now(),
            job_id: id(ROWS - 20),
            closed_at: Some(now()),
            erased_at: Some(now()),
        };
        closings::insert(&mut conn, &closing).unwrap();
        let export = DataExport {
            account_id: id(ANN),
            state: DataExportState::Ready,
            job_id: id(ROWS - 21),
            asked_at: now(),
            ended_at: Some(now()),
            byte_count: 3,
        };
        data_exports::put(&mut conn, &export).unwrap();
        data_exports::insert_piece(&mut conn, id(ANN), 0, &[1, 2]).unwrap();
        data_exports::insert_piece(&mut conn, id(ANN), 1, &[3]).unwrap();
    }

    /// Somebody whose sign-in takes a code.
    fn fill_second_factor(&mut self) {
        let (account_id, created_at) = (id(ANN), now());
        let factor = SecondFactor { account_id, secret: "sealed".to_owned(), last_step: None, created_at };
        let mut conn = self.conn();
        second_factors::begin(&mut conn, &factor).unwrap();
        second_factors::switch_on(&mut conn, account_id, now()).unwrap();
        second_factors::replace_recovery_codes(&mut conn, account_id, &[vec![1], vec![2]]).unwrap();
    }

    /// Somebody who signed on by a token of the site.
    fn fill_identity(&mut self) {
        let issuer = Issuer {
            id: id(ROWS - 5),
            site_id: id(SITE),
            key: "blog".to_owned(),
            version: 1,
            iss: "https://blog.example".to_owned(),
            aud: "https://comments.example".to_owned(),
            kind: IssuerKind::Secret,
            secret: Some("sealed".to_owned()),
            former_secret: None,
            keys: None,
            keys_url: None,
            joins_by_verified_email: false,
            gives_roles: TextList(vec!["author".to_owned()]),
            gives_badges: true,
            author_id: id(ANN),
            created_at: now(),
            updated_at: now(),
        };
        issuers::insert(&mut self.conn(), &issuer).unwrap();
        let identity = Identity {
            id: id(ROWS - 6),
            issuer_id: issuer.id,
            sub: "4711".to_owned(),
            account_id: id(ANN),
            is_origin: false,
            name: None,
            created_at: now(),
            last_used_at: now(),
        };
        identities::insert(&mut self.conn(), &identity).unwrap();
        let badge = (GrantKind::Badge, "verified");
        identity_grants::insert(&mut self.conn(), (issuer.id, identity.id), badge).unwrap();
        let session = Session {
            id: id(ROWS - 7),
            account_id: id(ANN),
            created_at: now(),
            last_used_at: now(),
            expires_at: now(),
            ended_at: None,
            end_reason: None,
            device: None,
            way: SessionWay::Sso,
            proven_at: None,
            identity_id: Some(identity.id),
            place: None,
            factor_at: None,
        };
        sessions::insert(&mut self.conn(), &session).unwrap();
    }

    /// A key that acts under an account which is closed.
    fn fill_key(&mut self) {
        let key = ApiKeyRow {
            id: id(ROWS - 8),
            site_id: id(SITE),
            account_id: id(BOB),
            name: "A server".to_owned(),
            scopes: TextList(vec!["stories:write".to_owned()]),
            beginning: "rj_live_000000".to_owned(),
            version: 1,
            expires_at: None,
            last_used_at: None,
            created_by: id(ANN),
            created_at: now(),
            revoked_by: None,
            revoked_at: None,
        };
        api_keys::insert(&mut self.conn(), &key).unwrap();
        api_keys::insert_secret(&mut self.conn(), key.id, &[7; 32], now()).unwrap();
    }

    fn fill_judged(&mut self) {
        let (approved, later) = (ReplyState::Approved, now().plus(Duration::from_secs(40 * 24 * 3_600)));
        let held = self.post_judged(REPLY + 40, Outcome::Hold);
        let held = self.decide(&held, (Action::Approve, approved), now(), &[1, 2]);
        let held = self.decide(&held, (Action::Spam, ReplyState::Spam), now(), &[1, 2]);
        self.post_judged(REPLY + 41, Outcome::Flag);
        let plain = self.post_judged(REPLY + 42, Outcome::Pass);
        let plain = self.decide(&plain, (Action::Approve, approved), later, &[2, 3]);
        while lessons::sum(&mut self.conn(), id(SITE)).unwrap() {}

        let plain = self.edit(&plain, later);
        self.decide(&plain, (Action::Approve, approved), later, &[4]);
        // after an edit there may have been nothing to learn
        let other = self.post_judged(REPLY + 43, Outcome::Pass);
        let other = self.edit(&other, later);
        self.decide(&other, (Action::Approve, approved), later, &[]);
        let last = self.post_judged(REPLY + 44, Outcome::Pass);
        self.decide(&last, (Action::Approve, approved), later, &[5]);
        self.decide(&held, (Action::Restore, ReplyState::Pending), later, &[]);
    }

    fn fill_owed(&mut self) {
        let returned = self.post(REPLY + 50, None);
        let message = Some("Say it otherwise.".to_owned());
        let entry = Entry { actor: BY_BOB, message, ..self.entry(Action::Return) };
        transitions::change(&mut self.conn(), &returned, ReplyState::Returned, None, &entry).unwrap();
        let refused = self.post(REPLY + 51, None);
        let entry = Entry { actor: BY_BOB, reason: Some(Reason::Abuse), ..self.entry(Action::Reject) };
        let refused = transitions::change(&mut self.conn(), &refused, ReplyState::Rejected, None, &entry).unwrap();
        let appeal = Appeal {
            id: id(ROWS - 3),
            reply_id: refused.id,
            site_id: id(SITE),
            author_id: id(ANN),
            refused_version: refused.version,
            refused_by: Some(id(BOB)),
            text: "No.".to_owned(),
            state: AppealState::Open,
            created_at: now(),
            closed_at: None,
            closed_by: None,
            reasons: None,
        };
        let entry = self.entry(Action::Appeal);
        transitions::appeal(&mut self.conn(), &refused, &appeal, &entry).unwrap();
    }

    fn fill_summed(&mut self) {
        let held = self.post_judged(REPLY + 60, Outcome::Hold);
        let reported = replies::find(&mut self.conn(), id(REPLY + 36)).unwrap().unwrap();
        for reply in [held, reported] {
            self.decide_by(BY_BOB, &reply, (Action::Approve, ReplyState::Approved), now(), &[]);
        }
        let returned = self.post(REPLY + 61, None);
        let entry = Entry { actor: BY_BOB, message: Some("Otherwise.".to_owned()), ..self.entry(Action::Return) };
        let returned = transitions::change(&mut self.conn(), &returned, ReplyState::Returned, None, &entry).unwrap();
        let lapse = self.entry(Action::Reject);
        transitions::change(&mut self.conn(), &returned, ReplyState::Rejected, None, &lapse).unwrap();
    }

    fn fill_noticed(&mut self) {
        let (keys, random) = (Keys::generate(&Random::system()), Random::system());
        let open = self.give_notice(1, REPLY, NoticeState::Open);
        assert_eq!(open.state, NoticeState::Open);
        self.give_notice(2, REPLY + 1, NoticeState::Unconfirmed);
        let notice = self.give_notice(3, REPLY + 36, NoticeState::Open);
        let reply = replies::find(&mut self.conn(), notice.reply_id).unwrap().unwrap();
        let site = sites::find(&mut self.conn(), notice.site_id).unwrap().unwrap();
        let decided_at = now().plus(Duration::from_secs(3_600));
        let decision = NoticeDecision {
            id: id(3),
            site_id: notice.site_id,
            reply_id: notice.reply_id,
            revision: notice.revision,
            outcome: NoticeOutcome::Kept,
            basis: None,
            provision: None,
            reasons: "It breaks no law.".to_owned(),
            is_automated: true,
            decided_by: id(ANN),
            decided_at,
        };
        let actor = Actor { kind: ActorKind::Moderator, id: Some(id(ANN)) };
        let context = (&keys, &random, decided_at);
        let about = About {
            site: "Blog",
            colour: None,
            headline: "A headline",
            reply: reply.id,
            public_url: "https://comments.example/",
        };
        noticing::decide(&mut self.conn(), (&site, &reply, about), &decision, actor, context).unwrap();
    }

    fn give_notice(&mut self, number: u8, reply: u128, state: NoticeState) -> Notice {
        let reply = replies::find(&mut self.conn(), id(reply)).unwrap().unwrap();
        let is_received = state == NoticeState::Open;
        let notice = Notice {
            id: id(number.into()),
            site_id: reply.site_id,
            reply_id: reply.id,
            revision: reply.revision,
            account_id: Some(id(ANN)),
            name: None,
            email: None,
            notifier: Some(vec![number]),
            ground: if number == 1 { NoticeGround::Hate } else { NoticeGround::Fraud },
            law: None,
            explanation: "It breaks the law.".to_owned(),
            state,
            reference: is_received.then(|| NoticeReference::of([number; 12]).as_str().to_owned()),
            token_hash: None,
            created_at: now(),
            received_at: is_received.then(now),
            decision_id: None,
            decided_at: None,
            erased_at: None,
        };
        notices::insert(&mut self.conn(), &notice).unwrap();
        if is_received {
            let random = Random::system();
            noticing::receive(&mut self.conn(), &notice, &reply, Actor::SYSTEM, (&random, now())).unwrap();
        }
        notice
    }

    fn edit(&mut self, reply: &Reply, at: Timestamp) -> Reply {
        let entry = Entry { at, ..self.entry(Action::Edit) };
        let text = NewText { body: rendered("a new text"), is_by_staff: true };
        transitions::change(&mut self.conn(), reply, reply.state, Some(&text), &entry).unwrap()
    }

    /// Posts Ann's, of which the rule `words` says this.
    fn post_judged(&mut self, number: u128, outcome: Outcome) -> Reply {
        let found = Finding { outcome, ..Finding::pass(RuleName::Words, "a word") };
        let verdict = Verdict { findings: vec![found], ..Verdict::default() };
        let terms = Terms {
            mode: ModerationMode::Post,
            trusted_after: 2,
            is_staff: false,
            is_premoderated: false,
            is_unproven: false,
        };
        let fate = terms.fate(&verdict, &AuthorHistory::newcomer(now()));
        self.insert(number, None, fate, Some(Judged { verdict, policy_version: 0, fate }))
    }

    /// Decides about a reply whose text, if it teaches anything, has these slots.
    fn decide(&mut self, reply: &Reply, decided: (Action, ReplyState), at: Timestamp, slots: &[u32]) -> Reply {
        self.decide_by(Actor::SYSTEM, reply, decided, at, slots)
    }

    fn decide_by(
        &mut self,
        actor: Actor,
        reply: &Reply,
        (action, to): (Action, ReplyState),
        at: Timestamp,
        slots: &[u32],
    ) -> Reply {
        let entry = Entry { at, actor, ..self.entry(action) };
        let reply = transitions::change(&mut self.conn(), reply, to, None, &entry).unwrap();
        let slots = slots.iter().map(|slot| Slot(*slot)).collect();
        let text = NewLesson { revision: reply.revision, slots, score: None };
        let decided = Decided { site: reply.site_id, reply: reply.id, version: reply.version };
        let text = Some(&text).filter(|text| !text.slots.is_empty());
        lessons::teach(&mut self.conn(), decided, taught_by(action, None), text, at).unwrap();
        reply
    }

    fn entry(&mut self, action: Action) -> Entry {
        self.rows += 1;
        Entry::new(id(self.rows), Actor { kind: ActorKind::System, id: None }, action, now())
    }

    /// Posts Ann's approved answer.
    fn post(&mut self, number: u128, above: Option<&Reply>) -> Reply {
        self.insert(number, above, Fate::plain(true), None)
    }

    fn insert(&mut self, number: u128, parent: Option<&Reply>, fate: Fate, judged: Option<Judged>) -> Reply {
        let text = rendered(&format!("text {number}"));
        let new = NewReply {
            id: id(number),
            site_id: id(SITE),
            story_id: id(STORY),
            author_id: id(ANN),
            parent,
            fate,
            text: &text,
            created_at: now(),
        };
        let entry = Entry { judged, ..self.entry(Action::Post) };
        transitions::post(&mut self.conn(), new, None, &entry).unwrap()
    }

    fn vote(&mut self, reply: ReplyId) {
        let vote = recommendations::Recommendation {
            reply_id: reply,
            account_id: id(BOB),
            story_id: id(STORY),
            created_at: now(),
        };
        recommendations::insert(&mut self.conn(), &vote).unwrap();
        let reply = replies::find(&mut self.conn(), reply).unwrap().unwrap();
        transitions::recommend(&mut self.conn(), &reply, 1, now()).unwrap();
    }

    /// Does to the tables what no statement of ours would, with nothing that stops it.
    pub(super) fn corrupt(&mut self, sql: &str) {
        let unguarded = match self.conn {
            Connection::Sqlite(_) => {
                "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; \
                 DROP TRIGGER decisions_never_change; DROP TRIGGER decisions_never_go"
            }
            Connection::Pg(_) => {
                "SET session_replication_role = replica; \
                 DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint \
                 WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP \
                 EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.tab, c.conname); END LOOP; END $$"
            }
        };
        self.run(unguarded);
        let sql = match self.conn {
            Connection::Sqlite(_) => sql.to_owned(),
            Connection::Pg(_) => for_pg(sql),
        };
        self.run(&sql);
    }

    pub(super) fn check(&mut self) -> (bool, Vec<CheckLine>) {
        let mut lines = Vec::new();
        self.run(match self.conn {
            Connection::Sqlite(_) => "PRAGMA query_only = ON; BEGIN",
            Connection::Pg(_) => "BEGIN READ ONLY",
        });
        let is_clean = run(&mut self.conn(), &mut |line| lines.push(line)).unwrap();
        self.run("ROLLBACK");
        (is_clean, lines)
    }

    /// What a fresh database shows after this, line by line: kind and number of wrong ones.
    pub(super) fn found(sql: &str) -> Vec<(&'static str, u64)> {
        Self::new().found_after(sql)
    }

    /// The same of this one.
    pub(super) fn found_after(mut self, sql: &str) -> Vec<(&'static str, u64)> {
        self.corrupt(sql);
        let (is_clean, lines) = self.check();
        assert!(!is_clean, "nothing was found of {sql}");
        let wrong = lines.iter().filter(|line| line.wrong > 0);
        wrong.inspect(|line| assert!(!line.differences.is_empty())).map(|line| (line.name, line.wrong)).collect()
    }
}

/// Keys and bytes of SQLite's, `X'...'`, as PostgreSQL writes them.
fn for_pg(sql: &str) -> String {
    let mut parts = sql.split("X'");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |sql, part| {
        let (hex, rest) = part.split_once('\'').unwrap();
        match hex.len() {
            32 => format!("{sql}'{hex}'::uuid{rest}"),
            _ => format!("{sql}'\\x{hex}'::bytea{rest}"),
        }
    })
}

fn new_site(id: SiteId, key: &str) -> sites::Site {
    sites::Site {
        id,
        key: key.to_owned(),
        name: key.to_owned(),
        tagline: String::new(),
        allowed_origins: TextList::default(),
        reserved_names: TextList::default(),
        reserved_keys: TextList::default(),
        tracking_params: TextList::default(),
        moderation_mode: ModerationMode::Post,
        trusted_after: 2,
        edit_window_secs: 300,
        close_after_days: None,
        people_version: 1,
        policy_version: 0,
        moderators_change_policy: false,
        asks_outside: false,
        outside_version: 0,
        colour: None,
        unproven_accounts: UnprovenAccounts::Wait,
        closed_at: None,
        created_at: now(),
        updated_at: now(),
    }
}

fn new_story(id: StoryId, site_id: SiteId) -> Story {
    Story { headline: "A headline".to_owned(), ..Story::new(id, site_id, "1".to_owned(), now()) }
}
