//! What was promised to who closes his account, or wants a copy of what is kept of him: that it is done, and that nothing is
//! left that was to be erased.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::{CheckLine, differing};
use crate::{
    domain::{closing::ClosedTexts, ids::*, job::JobKind},
    store::{Conn, claimed_authors, closings, conn::native, erasing, sql::Sql, types::Key},
};

const BATCH: i64 = 500;

/// Each closing, each copy, and each reply whose text was erased.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 3]> {
    Ok([closed(conn)?, copies(conn)?, erased(conn)?])
}

/// The next accounts of a table after this one.
fn batch(conn: &mut Conn<'_>, text: &'static str, after: AccountId) -> QueryResult<Vec<AccountId>> {
    let query = Sql::<Key>::new(text).key(after).sql(" ORDER BY account_id LIMIT ").int(BATCH);
    native!(conn, c => query.load(c))
}

fn has_job(conn: &mut Conn<'_>, job: JobId, kind: JobKind) -> QueryResult<bool> {
    let query = Sql::<Bool>::new("SELECT EXISTS (SELECT 1 FROM jobs WHERE id = ")
        .key(job)
        .sql(" AND kind = ")
        .str(kind.as_str())
        .sql(")");
    native!(conn, c => query.get_result(c))
}

fn closed(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("accounts that are to be closed, or were");
    let mut after = AccountId(Uuid::nil());
    loop {
        let accounts = batch(conn, "SELECT account_id FROM closings WHERE account_id > ", after)?;
        let Some(last) = accounts.last() else { return Ok(line) };
        after = *last;
        for account in accounts {
            let wrong = wrong_closing(conn, account)?;
            line.look(wrong.map(|wrong| format!("account {account}: {wrong}")));
        }
    }
}

fn wrong_closing(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<Option<String>> {
    let Some(closing) = closings::find(conn, account)? else { return Ok(None) };
    let open = Sql::<Bool>::new("SELECT closed_at IS NULL FROM accounts WHERE id = ").key(account);
    let is_open: bool = native!(conn, c => open.get_result(c))?;
    if is_open != closing.closed_at.is_none() {
        return Ok(Some("open and closed at once".to_owned()));
    }
    if closing.erased_at.is_none() {
        let is_going_on = has_job(conn, closing.job_id, JobKind::CloseAccount)?;
        return Ok((!is_going_on).then(|| "there is no job that goes on with closing it".to_owned()));
    }
    if is_open {
        return Ok(Some("erased, and open".to_owned()));
    }
    let mut left: Vec<&str> = left_of(conn, account)?;
    if closing.texts == ClosedTexts::Remove && erasing::has_texts(conn, account)? {
        left.push("texts");
    }
    Ok((!left.is_empty()).then(|| format!("erased, and there are {}", left.join(", "))))
}

/// What is left of a closed account that should not be.
fn left_of(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<Vec<&'static str>> {
    let things = [
        ("identities", "SELECT EXISTS (SELECT 1 FROM identities WHERE account_id = "),
        ("roles", "SELECT EXISTS (SELECT 1 FROM site_roles WHERE account_id = "),
        ("badges", "SELECT EXISTS (SELECT 1 FROM badge_holders WHERE account_id = "),
        ("mutes", "SELECT EXISTS (SELECT 1 FROM mutes WHERE account_id = "),
        ("notes", "SELECT EXISTS (SELECT 1 FROM notes WHERE account_id = "),
        ("codes", "SELECT EXISTS (SELECT 1 FROM codes WHERE account_id = "),
        ("former addresses", "SELECT EXISTS (SELECT 1 FROM former_emails WHERE account_id = "),
        ("a second factor", "SELECT EXISTS (SELECT 1 FROM second_factors WHERE account_id = "),
        ("recovery codes", "SELECT EXISTS (SELECT 1 FROM recovery_codes WHERE account_id = "),
        ("repeated requests", "SELECT EXISTS (SELECT 1 FROM idempotency_keys WHERE account_id = "),
        ("a copy of its data", "SELECT EXISTS (SELECT 1 FROM data_exports WHERE account_id = "),
    ];
    let more = [
        (
            "names in exports",
            "SELECT EXISTS (SELECT 1 FROM imported_authors i JOIN claimed_authors c ON c.account_id = i.account_id \
             WHERE c.claimed_by = ",
        ),
        (
            "places and devices",
            "SELECT EXISTS (SELECT 1 FROM sessions WHERE (device IS NOT NULL OR place IS NOT NULL) AND account_id = ",
        ),
        (
            "words of sanctions",
            "SELECT EXISTS (SELECT 1 FROM sanctions WHERE (message IS NOT NULL OR reason <> '') AND account_id = ",
        ),
    ];
    let mut left = Vec::new();
    for (name, text) in things.into_iter().chain(more) {
        let query = Sql::<Bool>::new(text).key(account).sql(")");
        if native!(conn, c => query.get_result(c))? {
            left.push(name);
        }
    }
    let sites = Sql::<Key>::new("SELECT id FROM sites");
    let sites: Vec<SiteId> = native!(conn, c => sites.load(c))?;
    let claimed = claimed_authors::list_of_claimer(conn, account)?;
    for account in [account].into_iter().chain(claimed) {
        for site in sites.iter().copied().map(Some).chain([None]) {
            if !erasing::list_log_texts(conn, (site, account), 1)?.is_empty() {
                left.push("words in the log");
            }
        }
    }
    Ok(left)
}

fn copies(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("copies of people's data");
    let mut after = AccountId(Uuid::nil());
    loop {
        let accounts = batch(conn, "SELECT account_id FROM data_exports WHERE account_id > ", after)?;
        let Some(last) = accounts.last() else { return Ok(line) };
        after = *last;
        for account in accounts {
            let query = Sql::<(Text, Key, BigInt, BigInt, BigInt)>::new(
                "SELECT e.state, e.job_id, e.byte_count, coalesce((SELECT CAST(sum(length(p.bytes)) AS BIGINT) \
                 FROM data_export_pieces p WHERE p.account_id = e.account_id), 0), (SELECT count(*) FROM jobs j \
                 WHERE j.id = e.job_id) FROM data_exports e WHERE e.account_id = ",
            )
            .key(account);
            let (state, _, said, bytes, jobs): (String, JobId, i64, i64, i64) =
                native!(conn, c => query.get_result(c))?;
            line.look(match state.as_str() {
                // of one that is being put together there are pieces already
                "waiting" => (jobs == 0).then(|| format!("account {account}, copy: nobody puts it together")),
                _ => differing(said, bytes, || format!("account {account}, bytes of its copy")),
            });
        }
    }
}

/// Replies without a text are of no moderator's business any more, and nothing of their former texts is left.
fn erased(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("replies whose texts were erased");
    let mut after = ReplyId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Text, Text, Bool)>::new(
            "SELECT r.id, r.state, r.body_html, EXISTS (SELECT 1 FROM revisions v WHERE v.reply_id = r.id \
             AND v.body_source <> '') OR EXISTS (SELECT 1 FROM imported_replies i WHERE i.reply_id = r.id AND i.original <> '') \
             FROM replies r WHERE r.body_source = '' AND r.id > ",
        )
        .key(after)
        .sql(" ORDER BY r.id LIMIT ")
        .int(BATCH);
        let rows: Vec<(ReplyId, String, String, bool)> = native!(conn, c => query.load(c))?;
        let Some((last, ..)) = rows.last() else { return Ok(line) };
        after = *last;
        for (id, state, html, has_former) in rows {
            let wrong = match state.as_str() {
                "withdrawn" | "spam" if html.is_empty() && !has_former => None,
                "withdrawn" | "spam" => Some("something of its texts is left"),
                _ => Some("it is neither withdrawn nor spam"),
            };
            line.look(wrong.map(|wrong| format!("reply {id}, without a text: {wrong}")));
        }
    }
}
