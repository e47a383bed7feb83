//! What hangs on each reply: votes, reports, its chain in the log, its former texts, where it came from.

use std::collections::{HashMap, HashSet};

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::{CheckLine, differing, taught, verdicts};
use crate::{
    domain::{
        ids::*,
        moderation::{Action, Reason},
        reply_state::ReplyState,
        timestamp::Timestamp,
    },
    store::{
        Conn,
        conn::native,
        sql::Sql,
        types::{Instant, Key},
    },
};

const BATCH: i64 = 2_000;

#[derive(Queryable)]
struct Row {
    id: ReplyId,
    site: SiteId,
    story: StoryId,
    author: AccountId,
    state: ReplyState,
    version: i32,
    revision: i32,
    was_refused: bool,
    is_flagged: bool,
    is_appealed: bool,
    recommendations: i32,
    open_reports: i32,
}

/// A row of the log about a reply.
#[derive(Queryable)]
pub(super) struct Link {
    pub(super) reply: ReplyId,
    pub(super) version: i32,
    pub(super) action: Action,
    pub(super) reason: Option<Reason>,
    pub(super) at: Timestamp,
    from: Option<ReplyState>,
    pub(super) to: ReplyState,
    site: Option<SiteId>,
    story: Option<StoryId>,
    account: Option<AccountId>,
    /// Who has claimed that account.
    claimed_by: Option<AccountId>,
}

struct Lines {
    votes: CheckLine,
    reports: CheckLine,
    queues: CheckLine,
    chains: CheckLine,
    verdicts: CheckLine,
    revisions: CheckLine,
    references: CheckLine,
    taught: CheckLine,
}

/// What is asked once for all replies.
struct Known {
    /// Questions to others that wait for their answers.
    questions: HashSet<JobId>,
    /// When decisions began to teach.
    taught_since: Option<Timestamp>,
}

/// Looks at all replies in the order of their ids.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 8]> {
    let mut lines = Lines {
        votes: CheckLine::new("recommendations of replies"),
        reports: CheckLine::new("open reports of replies"),
        queues: CheckLine::new("replies in queues"),
        chains: CheckLine::new("log chains of replies"),
        verdicts: CheckLine::new("verdicts about replies"),
        revisions: CheckLine::new("revisions of replies"),
        references: CheckLine::new("stories and sites of what belongs to replies"),
        taught: CheckLine::new("last decisions that teach"),
    };
    let mut after = ReplyId(Uuid::nil());
    let known = Known { questions: verdicts::questions(conn)?, taught_since: taught::since(conn)? };
    while let Some(last) = check_batch(conn, &mut lines, &known, after)? {
        after = last;
    }
    let Lines { votes, reports, queues, chains, verdicts, revisions, references, taught } = lines;
    Ok([votes, reports, queues, chains, verdicts, revisions, references, taught])
}

/// Looks at the next replies after this one; the last of them, if there were any.
fn check_batch(conn: &mut Conn<'_>, lines: &mut Lines, known: &Known, after: ReplyId) -> QueryResult<Option<ReplyId>> {
    type Columns = (Key, Key, Key, Key, Text, Integer, Integer, Bool, Bool, Bool, Integer, Integer);
    let query = Sql::<Columns>::new(
        "SELECT id, site_id, story_id, author_id, state, version, revision, refused_at IS NOT NULL, flagged_at IS NOT NULL, \
         appealed_at IS NOT NULL, recommendations + coalesce((SELECT w.delta FROM waiting_recommendations w WHERE w.story_id = replies.story_id \
         AND w.reply_id = replies.id), 0), open_reports FROM replies WHERE id > ",
    )
    .key(after)
    .sql(" ORDER BY id LIMIT ")
    .int(BATCH);
    let rows: Vec<Row> = native!(conn, c => query.load(c))?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
    let range = |begin: &'static str, end: &'static str| {
        Sql::<(Key, BigInt, BigInt)>::new(begin).key(after).sql(" AND t.reply_id <= ").key(last).sql(end)
    };
    let votes = grouped(
        conn,
        range(
            "SELECT t.reply_id, count(*), \
             count(CASE WHEN t.story_id <> r.story_id OR t.account_id = r.author_id THEN 1 END) FROM recommendations t JOIN replies r ON r.id = t.reply_id WHERE t.reply_id > ",
            " GROUP BY t.reply_id",
        ),
    )?;
    let reports = grouped(
        conn,
        range(
            "SELECT t.reply_id, count(CASE WHEN t.closed_at IS NULL THEN 1 END), count(*) FROM reports t \
             WHERE t.reply_id > ",
            " GROUP BY t.reply_id",
        ),
    )?;
    let former = grouped(
        conn,
        range(
            "SELECT t.reply_id, count(*), CAST(max(t.number) AS bigint) FROM revisions t WHERE t.reply_id > ",
            " GROUP BY t.reply_id",
        ),
    )?;
    let imported = grouped(
        conn,
        range(
            "SELECT t.reply_id, count(*), count(CASE WHEN t.site_id <> r.site_id THEN 1 END) \
             FROM imported_replies t JOIN replies r ON r.id = t.reply_id WHERE t.reply_id > ",
            " GROUP BY t.reply_id",
        ),
    )?;
    let waiting = waiting(conn, after, last)?;
    let chains = chains(conn, after, last)?;
    let mut said = verdicts::read(conn, after, last)?;
    let standing = taught::standing(conn, after, last)?;
    for row in &rows {
        let id = row.id;
        let (given, given_wrongly) = votes.get(&id).copied().unwrap_or_default();
        lines.votes.look(differing(row.recommendations.into(), given, || format!("reply {id}")));
        let (open, _) = reports.get(&id).copied().unwrap_or_default();
        lines.reports.look(differing(row.open_reports.into(), open, || format!("reply {id}")));
        lines.queues.look(misplaced(row, waiting.get(&id).copied().unwrap_or_default()));
        let chain = chains.get(&id).map_or(&[][..], Vec::as_slice);
        lines.chains.look(broken_chain(row, chain));
        for verdict in said.remove(&id).unwrap_or_default() {
            let link = chain.iter().find(|link| link.version == verdict.version);
            let unasked = || verdicts::unasked(&verdict, link, row.version, &known.questions);
            lines.verdicts.look(verdicts::difference(&verdict, link).or_else(unasked));
        }
        if let Some(difference) = taught::difference(chain, standing.get(&id), known.taught_since) {
            lines.taught.look(difference);
        }
        let (number, highest) = former.get(&id).copied().unwrap_or_default();
        let expected = i64::from(row.revision) - 1;
        let edits = chain.iter().filter(|link| link.action == Action::Edit).count();
        let is_whole = number == expected && highest == expected && i64::try_from(edits) == Ok(expected);
        lines.revisions.look((!is_whole).then(|| {
            let revision = row.revision;
            format!(
                "reply {id}: revision {revision}, {number} former texts, the highest number is {highest}, {edits} edits"
            )
        }));
        let (_, imported_elsewhere) = imported.get(&id).copied().unwrap_or_default();
        let is_of_another = |link: &Link| {
            let is_of_author = [link.account, link.claimed_by].contains(&Some(row.author));
            (link.site, link.story) != (Some(row.site), Some(row.story)) || !is_of_author
        };
        let wrong = [
            (given_wrongly > 0, "recommendations of another story or by its author"),
            (imported_elsewhere > 0, "an import of another site"),
            (chain.iter().any(is_of_another), "log rows of another site, story or author"),
            (row.is_flagged && !row.state.is_public(), "a flag without being public"),
            (row.is_appealed && !row.state.is_refused(), "an appeal without being refused"),
        ];
        let wrong: Vec<&str> = wrong.iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, what)| *what).collect();
        lines.references.look((!wrong.is_empty()).then(|| format!("reply {id}: has {}", wrong.join(", "))));
    }
    Ok(Some(last))
}

/// Two numbers for each reply.
fn grouped(conn: &mut Conn<'_>, query: Sql<(Key, BigInt, BigInt)>) -> QueryResult<HashMap<ReplyId, (i64, i64)>> {
    let rows: Vec<(ReplyId, i64, i64)> = native!(conn, c => query.load(c))?;
    Ok(rows.into_iter().map(|(id, first, second)| (id, (first, second))).collect())
}

/// In which queues replies stand: pending, reported, flagged, appeals.
fn waiting(conn: &mut Conn<'_>, after: ReplyId, last: ReplyId) -> QueryResult<HashMap<ReplyId, [bool; 4]>> {
    let query = Sql::<(Key, Bool, Bool, Bool, Bool)>::new(
        "SELECT reply_id, is_pending, is_reported, is_flagged, is_appealed FROM queue_items WHERE reply_id > ",
    )
    .key(after)
    .sql(" AND reply_id <= ")
    .key(last);
    let rows: Vec<(ReplyId, bool, bool, bool, bool)> = native!(conn, c => query.load(c))?;
    let places = |(id, pending, reported, flagged, appeals)| (id, [pending, reported, flagged, appeals]);
    Ok(rows.into_iter().map(places).collect())
}

/// That a reply stands in other queues than it should.
fn misplaced(row: &Row, stands: [bool; 4]) -> Option<String> {
    let is_reported = row.state.is_public() && row.open_reports > 0;
    let should = [row.state == ReplyState::Pending, is_reported, row.is_flagged, row.is_appealed];
    let named = |of: [bool; 4]| {
        let names = ["pending", "reported", "flagged", "appeals"].into_iter().zip(of).filter(|(_, is_in)| *is_in);
        names.map(|(name, _)| name).collect::<Vec<_>>().join(" ")
    };
    (stands != should).then(|| format!("reply {}: stands in [{}], not in [{}]", row.id, named(stands), named(should)))
}

/// The log's rows of each reply, in their order.
fn chains(conn: &mut Conn<'_>, after: ReplyId, last: ReplyId) -> QueryResult<HashMap<ReplyId, Vec<Link>>> {
    type Whose = Nullable<Key>;
    type Columns = (Key, Integer, Text, Nullable<Text>, Instant, Nullable<Text>, Text, Whose, Whose, Whose, Whose);
    let query = Sql::<Columns>::new(
        "SELECT reply_id, reply_version, action, reason, created_at, from_state, to_state, site_id, story_id, account_id, \
         (SELECT c.claimed_by FROM claimed_authors c WHERE c.account_id = decisions.account_id) \
         FROM decisions WHERE reply_id > ",
    )
    .key(after)
    .sql(" AND reply_id <= ")
    .key(last)
    .sql(" ORDER BY reply_id, reply_version");
    let rows: Vec<Link> = native!(conn, c => query.load(c))?;
    let mut chains: HashMap<ReplyId, Vec<Link>> = HashMap::new();
    for row in rows {
        chains.entry(row.reply).or_default().push(row);
    }
    Ok(chains)
}

/// What breaks a reply's chain: from nothing, version by version, to its present version and state.
fn broken_chain(row: &Row, chain: &[Link]) -> Option<String> {
    let id = row.id;
    // with what was refused before each row that stands
    let (mut version, mut state, mut was_refused, mut refused_before) = (0, None, false, Vec::new());
    for link in chain {
        if link.version != version + 1 {
            return Some(format!("reply {id}: version {} follows on version {version}", link.version));
        }
        if link.from != state {
            let [said, was] = [shown(link.from), shown(state)];
            return Some(format!(
                "reply {id}: version {} was made from {said}, the one before it led to {was}",
                link.version
            ));
        }
        let before = was_refused;
        was_refused = match link.action {
            Action::Undo => refused_before.pop().unwrap_or_default(),
            Action::Import | Action::Reject | Action::Spam => link.to.is_refused(),
            Action::Withdraw | Action::Appeal | Action::UpholdAppeal | Action::DropAppeal => was_refused,
            // rules refuse nobody
            _ => false,
        };
        if link.action != Action::Undo {
            refused_before.push(before);
        }
        (version, state) = (link.version, Some(link.to));
    }
    let stored = (row.version, Some(row.state), row.was_refused);
    (stored != (version, state, was_refused)).then(|| {
        let was = |refused: bool| if refused { "refused" } else { "not refused" };
        format!(
            "reply {id}: version {}, {}, {}; its log ends with version {version}, {}, {}",
            row.version,
            row.state,
            was(row.was_refused),
            shown(state),
            was(was_refused),
        )
    })
}

fn shown(state: Option<ReplyState>) -> &'static str {
    state.map_or("nothing", ReplyState::as_str)
}
