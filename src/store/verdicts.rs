//! What the rules said of texts. Most say nothing of most texts, so what is stored of that is short.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Conn,
    conn::native,
    replies::Reply,
    schema::verdicts,
    sql::{Sql, Value},
};
use crate::domain::{
    ids::*,
    moderation::{Decider, Fate},
    rules::{FeatureWeight, Finding, Knowledge, NotRun, Outcome, RuleName, Span, Verdict},
};

/// What the rules said of a text, and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    pub verdict: Verdict,
    /// The version of the policy that it was judged by.
    pub policy_version: i64,
    pub fate: Fate,
}

/// A stored verdict.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = verdicts)]
pub struct StoredVerdict {
    pub reply_id: ReplyId,
    /// The reply's version that it made.
    pub reply_version: i32,
    /// Of the text.
    pub revision: i32,
    pub policy_version: i64,
    pub outcome: Outcome,
    pub decided_by: Decider,
    pub findings: Findings,
    pub micros: i64,
}

impl StoredVerdict {
    /// What the rules said.
    pub fn verdict(&self) -> Verdict {
        Verdict { micros: u64::try_from(self.micros).unwrap_or_default(), ..self.findings.clone().verdict() }
    }
}

/// What stands in the column `findings`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Findings {
    pub found: Vec<Finding>,
    pub not_run: Vec<(RuleName, NotRun)>,
    pub knowledge: Knowledge,
}

/// The column's JSON: arrays instead of objects, and of a rule that found nothing its words alone, or its name if
/// these are the usual ones.
#[derive(Serialize, Deserialize)]
struct Packed {
    #[serde(rename = "f")]
    found: Vec<PackedFinding>,
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    not_run: Vec<(RuleName, NotRun)>,
    /// The knowledge's numbers, without those at the end that are 0.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    knowledge: Vec<i64>,
}

impl Packed {
    fn pack(Knowledge { compared, lessons, shared_lessons }: Knowledge) -> Vec<i64> {
        let mut numbers = vec![compared, lessons, shared_lessons];
        while numbers.last() == Some(&0) {
            numbers.pop();
        }
        numbers
    }

    fn knowledge(&self) -> Knowledge {
        let [compared, lessons, shared_lessons] =
            [0, 1, 2].map(|place| self.knowledge.get(place).copied().unwrap_or_default());
        Knowledge { compared, lessons, shared_lessons }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum PackedFinding {
    Weighed(RuleName, Outcome, f64, Vec<(usize, usize)>, String, Vec<(String, f64)>),
    Found(RuleName, Outcome, f64, Vec<(usize, usize)>, String),
    Pass(RuleName, String),
    Nothing(RuleName),
}

impl From<&Finding> for PackedFinding {
    fn from(finding: &Finding) -> Self {
        let Finding { rule, outcome, score, spans, words, features } = finding.clone();
        if finding == &Finding::nothing(rule) {
            return Self::Nothing(rule);
        }
        if finding == &Finding::pass(rule, words.clone()) {
            return Self::Pass(rule, words);
        }
        let spans = spans.iter().map(|span| (span.start, span.end)).collect();
        if features.is_empty() {
            return Self::Found(rule, outcome, score, spans, words);
        }
        // a hundredth is enough of what is a logarithm
        let short = |weight: FeatureWeight| (weight.name, (weight.evidence * 100.0).round() / 100.0);
        Self::Weighed(rule, outcome, score, spans, words, features.into_iter().map(short).collect())
    }
}

impl From<PackedFinding> for Finding {
    fn from(packed: PackedFinding) -> Self {
        match packed {
            PackedFinding::Found(rule, outcome, score, spans, words) => {
                Self::from(PackedFinding::Weighed(rule, outcome, score, spans, words, Vec::new()))
            }
            PackedFinding::Weighed(rule, outcome, score, spans, words, features) => Self {
                rule,
                outcome,
                score,
                spans: spans.into_iter().map(|(start, end)| Span { start, end }).collect(),
                words,
                features: features.into_iter().map(|(name, evidence)| FeatureWeight { name, evidence }).collect(),
            },
            PackedFinding::Pass(rule, words) => Self::pass(rule, words),
            PackedFinding::Nothing(rule) => Self::nothing(rule),
        }
    }
}

impl Findings {
    /// What the rules said, but for the time that they took.
    pub fn verdict(self) -> Verdict {
        let Self { found, not_run, knowledge } = self;
        Verdict { findings: found, not_run, micros: 0, knowledge }
    }

    fn to_json(verdict: &Verdict) -> String {
        let found = verdict.findings.iter().map(PackedFinding::from).collect();
        let packed = Packed { found, not_run: verdict.not_run.clone(), knowledge: Packed::pack(verdict.knowledge) };
        serde_json::to_string(&packed).expect("plain values are JSON")
    }

    /// What the rules said without the words that they found: which rules, and how sure they were.
    fn without_words(self) -> Verdict {
        let Verdict { findings, not_run, micros, knowledge } = self.verdict();
        let is_silent = |finding: &Finding| finding == &Finding::nothing(finding.rule);
        let bare = |finding: Finding| match is_silent(&finding) {
            true => finding,
            false => Finding { spans: Vec::new(), words: String::new(), features: Vec::new(), ..finding },
        };
        Verdict { findings: findings.into_iter().map(bare).collect(), not_run, micros, knowledge }
    }

    /// Of a column's text. Errors: where it is not what we write.
    pub fn from_json(text: &str) -> serde_json::Result<Self> {
        let packed: Packed = serde_json::from_str(text)?;
        let knowledge = packed.knowledge();
        Ok(Self { found: packed.found.into_iter().map(Finding::from).collect(), not_run: packed.not_run, knowledge })
    }
}

impl<DB> Queryable<diesel::sql_types::Text, DB> for Findings
where
    DB: diesel::backend::Backend,
    String: diesel::deserialize::FromStaticSqlRow<diesel::sql_types::Text, DB>,
{
    type Row = String;

    fn build(text: String) -> diesel::deserialize::Result<Self> {
        Ok(Self::from_json(&text)?)
    }
}

/// Stores what was said of a reply's present text.
pub(super) fn insert(conn: &mut Conn<'_>, reply: &Reply, judged: &Judged) -> QueryResult<()> {
    // as text, since diesel would prepare it anew each time
    let insert = Sql::<()>::new(
        "INSERT INTO verdicts (reply_id, reply_version, revision, policy_version, outcome, decided_by, findings, micros) \
         VALUES (",
    )
    .values([
        Value::key(reply.id),
        reply.version.into(),
        reply.revision.into(),
        judged.policy_version.into(),
        judged.verdict.outcome().as_str().into(),
        judged.fate.decided_by.as_str().into(),
        Findings::to_json(&judged.verdict).as_str().into(),
        i64::try_from(judged.verdict.micros).unwrap_or(i64::MAX).into(),
    ])
    .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Erases the words that the rules found in a reply's texts; what they said of them stays.
pub(super) fn erase_words(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<()> {
    let all =
        verdicts::table.filter(verdicts::reply_id.eq(reply)).select((verdicts::reply_version, verdicts::findings));
    let all: Vec<(i32, Findings)> = native!(conn, c => all.load(c))?;
    for (version, findings) in all {
        let bare = Findings::to_json(&findings.without_words());
        let row = verdicts::table.find((reply, version));
        native!(conn, c => diesel::update(row).set(verdicts::findings.eq(bare)).execute(c))?;
    }
    Ok(())
}

/// Verdicts that are shown of a reply, the newest.
pub const SHOWN: i64 = 50;

/// The newest verdicts about a reply, the newest first.
pub fn list_of_reply(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Vec<StoredVerdict>> {
    let newest =
        verdicts::table.filter(verdicts::reply_id.eq(reply)).order(verdicts::reply_version.desc()).limit(SHOWN);
    native!(conn, c => newest.select(StoredVerdict::as_select()).load(c))
}

/// The last verdict about each of these replies.
pub fn list_last_of_replies(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<StoredVerdict>> {
    type Row = (
        super::types::Key,
        diesel::sql_types::Integer,
        diesel::sql_types::Integer,
        diesel::sql_types::BigInt,
        diesel::sql_types::Text,
        diesel::sql_types::Text,
        diesel::sql_types::Text,
        diesel::sql_types::BigInt,
    );
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<Row>::new(
        "SELECT v.reply_id, v.reply_version, v.revision, v.policy_version, v.outcome, v.decided_by, v.findings, v.micros \
         FROM verdicts v WHERE v.reply_version = (SELECT max(w.reply_version) FROM verdicts w \
         WHERE w.reply_id = v.reply_id) AND v.reply_id IN (",
    )
    .keys(ids.iter().copied())
    .sql(")");
    native!(conn, c => query.load(c))
}

/// What was last said of a reply's present text.
pub fn find_last_of_text(conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<Option<Verdict>> {
    let said = find_last(conn, reply.id)?.filter(|said| said.revision == reply.revision);
    Ok(said.map(|said| said.verdict()))
}

/// Whether a reply ever waited by a sanction on its author.
pub fn was_premoderated(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<bool> {
    let query = Sql::<super::types::Key>::new("SELECT reply_id FROM verdicts WHERE decided_by = ")
        .str(Decider::Sanction.as_str())
        .sql(" AND reply_id = ")
        .key(reply)
        .sql(" LIMIT 1");
    let found: Option<ReplyId> = native!(conn, c => query.get_result(c).optional())?;
    Ok(found.is_some())
}

/// The last verdict about a reply.
pub fn find_last(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<StoredVerdict>> {
    Ok(list_last_of_replies(conn, &[reply])?.pop())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_words_the_rules_say_the_same() {
        let found = Finding::certain(RuleName::Words, Outcome::Hold, "listed: x").at([1..2, 5..9]);
        let findings = vec![found, Finding::pass(RuleName::Links, "1 link"), Finding::nothing(RuleName::Pace)];
        let said = Findings { found: findings, ..Findings::default() };
        let bare = said.clone().without_words();
        assert_eq!(bare.outcome(), said.clone().verdict().outcome());
        let json = Findings::to_json(&bare);
        assert_eq!(json, r#"{"f":[["words","hold",1.0,[],""],["links",""],"pace"]}"#);
        assert_eq!(Findings::from_json(&json).unwrap().verdict(), bare);
    }

    #[test]
    fn what_is_stored_is_what_was_said() {
        let found = Finding::certain(RuleName::Words, Outcome::Hold, "listed: x").at([1..2, 5..9]);
        let scored = Finding { score: 0.25, ..Finding::pass(RuleName::Shape, "nothing") };
        let verdict = Verdict {
            findings: vec![found, Finding::pass(RuleName::Links, "1 link"), Finding::nothing(RuleName::Pace), scored],
            not_run: vec![(RuleName::History, NotRun::TooLong)],
            micros: 7,
            knowledge: Knowledge { compared: 12, lessons: 0, shared_lessons: 0 },
        };
        let json = Findings::to_json(&verdict);
        let read = Findings::from_json(&json).unwrap();
        assert_eq!((read.found, read.not_run, read.knowledge), (verdict.findings, verdict.not_run, verdict.knowledge));
        assert_eq!(
            json,
            r#"{"f":[["words","hold",1.0,[[1,2],[5,9]],"listed: x"],["links","1 link"],"pace",["shape","pass",0.25,[],"nothing"]],"n":[["history","too_long"]],"k":[12]}"#
        );
        // as it was stored before it was told how much was known
        assert_eq!(Findings::from_json(r#"{"f":["pace"]}"#).unwrap().knowledge, Knowledge::default());
    }
}
