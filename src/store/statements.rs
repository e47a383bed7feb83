//! Statements of refusals: what authors are told. Most of one stands in the log and in the verdict of the same version; kept
//! beside these is what was so at that moment.

use diesel::{OptionalExtension, QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::{
    Conn, Native,
    conn::native,
    sql::{Sql, Value},
    types::{Instant, Key},
    verdicts::Findings,
};
use crate::domain::{
    fairness::{FairnessSettings, Ground},
    ids::*,
    moderation::{Action, ActorKind, Reason},
    timestamp::Timestamp,
};

/// What is kept of a refusal.
#[derive(Clone, Debug)]
pub struct NewStatement<'a> {
    pub reply_id: ReplyId,
    /// The reply's version that refused it.
    pub reply_version: i32,
    /// Of the text.
    pub revision: i32,
    /// What the site says to such a refusal.
    pub words: Option<&'a str>,
    pub appeal_until: Timestamp,
}

/// A statement with what the log and the rules say.
#[derive(Clone, Debug, Queryable)]
pub struct Statement {
    pub reply_id: ReplyId,
    pub reply_version: i32,
    /// Of the text that was refused.
    pub revision: i32,
    pub words: Option<String>,
    pub appeal_until: Timestamp,
    action: Action,
    actor_kind: ActorKind,
    actor_id: Option<AccountId>,
    reason: Option<Reason>,
    /// For the author.
    pub message: Option<String>,
    pub at: Timestamp,
    findings: Option<String>,
}

impl Statement {
    /// What the refusal rests on.
    pub fn ground(&self) -> Ground {
        Ground::of(self.action, self.actor_kind, self.reason)
    }

    /// The person who refused; none where nobody did at that moment.
    pub fn refused_by(&self) -> Option<AccountId> {
        self.actor_id.filter(|_| !self.ground().is_automated())
    }

    /// What the rules said, where they refused.
    pub fn findings(&self) -> Findings {
        let of_rules = self.findings.as_deref().filter(|_| self.ground() == Ground::Rules);
        of_rules.and_then(|findings| Findings::from_json(findings).ok()).unwrap_or_default()
    }
}

/// What authors may expect on a site by now.
pub fn settings(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<FairnessSettings> {
    // taken out by the database, as a policy may have tens of thousands of phrases
    let query = Sql::<Nullable<Text>>::new(match &conn.native {
        Native::Sqlite(_) => "SELECT json_extract(p.body, '$.fairness') ",
        Native::Pg(_) => "SELECT CAST(p.body AS json) ->> 'fairness' ",
    })
    .sql("FROM sites s JOIN policies p ON p.site_id = s.id AND p.version = s.policy_version WHERE s.id = ")
    .key(site);
    let found: Option<Option<String>> = native!(conn, c => query.get_result(c).optional())?;
    Ok(found.flatten().and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// Stores the statement of a refusal.
pub(super) fn insert(conn: &mut Conn<'_>, new: &NewStatement<'_>) -> QueryResult<()> {
    let insert =
        Sql::<()>::new("INSERT INTO statements (reply_id, reply_version, revision, words, appeal_until) VALUES (")
            .values([
                Value::key(new.reply_id),
                new.reply_version.into(),
                new.revision.into(),
                new.words.into(),
                new.appeal_until.into(),
            ])
            .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Forgets the statement of a refusal that is undone.
pub(super) fn delete(conn: &mut Conn<'_>, reply: ReplyId, version: i32) -> QueryResult<()> {
    let delete =
        Sql::<()>::new("DELETE FROM statements WHERE reply_id = ").key(reply).sql(" AND reply_version = ").int(version);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// The statement of a reply's last refusal.
pub fn find_last(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<Statement>> {
    type Columns = (
        Key,
        Integer,
        Integer,
        Nullable<Text>,
        Instant,
        Text,
        Text,
        Nullable<Key>,
        Nullable<Text>,
        Nullable<Text>,
        Instant,
        Nullable<Text>,
    );
    let query = Sql::<Columns>::new(
        "SELECT m.reply_id, m.reply_version, m.revision, m.words, m.appeal_until, d.action, d.actor_kind, d.actor_id, d.reason, \
         d.message, d.created_at, v.findings FROM statements m \
         JOIN decisions d ON d.reply_id = m.reply_id AND d.reply_version = m.reply_version \
         LEFT JOIN verdicts v ON v.reply_id = m.reply_id AND v.reply_version = m.reply_version WHERE m.reply_id = ",
    )
    .key(reply)
    .sql(" AND m.reply_version = (SELECT max(n.reply_version) FROM statements n WHERE n.reply_id = ")
    .key(reply)
    .sql(")");
    native!(conn, c => query.get_result(c).optional())
}
