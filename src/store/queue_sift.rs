//! What a filter takes of a queue, with the help of texts where it asks for words: a bounded number of replies is looked at,
//! and where that ends it can be gone on.

use std::collections::HashMap;

use diesel::{QueryResult, RunQueryDsl, sql_types::Text};

use super::{
    Conn,
    conn::native,
    queue_walk::{Place, Walk},
    sql::Sql,
    types::Key,
    verdicts,
};
use crate::domain::{
    ids::ReplyId,
    language,
    queue_filter::{Base, QueueFilter},
    rules::{Outcome, RuleName},
    text_query::TextQuery,
};

/// Replies that are looked at in one piece.
const PIECE: i64 = 1_000;
/// The same where texts are read, which have 40 kB at most.
const PIECE_OF_TEXTS: i64 = 200;

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sifted {
    pub taken: Vec<Place>,
    /// Behind which place to go on; nothing if all was looked at.
    pub next: Option<Place>,
    /// How many were looked at.
    pub looked_at: usize,
}

/// The first replies past a place that a walk's filter takes: as many as are wanted, unless that takes looking at more than
/// `most`.
pub fn sift(
    conn: &mut Conn<'_>,
    walk: &Walk<'_>,
    after: Option<Place>,
    wanted: usize,
    most: usize,
) -> QueryResult<Sifted> {
    // one more tells whether there is more
    let enough = wanted + 1;
    let texts = walk.filter.map(|filter| Texts::of(filter, walk.base)).filter(Texts::are_needed);
    let piece = match (walk.is_choosing(), &texts) {
        (false, _) => i64::try_from(enough).unwrap_or(PIECE),
        (true, None) => PIECE,
        (true, Some(_)) => PIECE_OF_TEXTS,
    };
    let (mut place, mut looked_at, mut taken) = (after, 0, Vec::new());
    loop {
        let steps = walk.steps(conn, place, piece)?;
        let is_end = (steps.len() as i64) < piece;
        looked_at += steps.len();
        place = steps.last().map(|step| step.place).or(place);
        let fitting: Vec<Place> = steps.iter().filter(|step| step.is_taken).map(|step| step.place).collect();
        taken.extend(match &texts {
            Some(texts) => texts.sift(conn, fitting)?,
            None => fitting,
        });
        if taken.len() >= enough {
            taken.truncate(wanted);
            return Ok(Sifted { next: taken.last().copied().or(after), taken, looked_at });
        }
        if is_end || looked_at >= most {
            return Ok(Sifted { next: place.filter(|_| !is_end), taken, looked_at });
        }
    }
}

/// What a filter asks of the texts themselves.
struct Texts<'a> {
    words: Option<TextQuery>,
    languages: &'a [String],
    rules: &'a [RuleName],
}

impl<'a> Texts<'a> {
    fn of(filter: &'a QueueFilter, base: &Base) -> Self {
        // of what waits it is known already
        let is_known = matches!(base, Base::Waiting(_));
        Self {
            words: filter.words(),
            languages: if is_known { &[] } else { &filter.languages },
            rules: if is_known { &[] } else { &filter.rules },
        }
    }

    fn are_needed(&self) -> bool {
        self.words.is_some() || !self.languages.is_empty() || !self.rules.is_empty()
    }

    fn sift(&self, conn: &mut Conn<'_>, places: Vec<Place>) -> QueryResult<Vec<Place>> {
        let ids: Vec<ReplyId> = places.iter().map(|(_, id)| *id).collect();
        let mut is_taken: HashMap<ReplyId, bool> = HashMap::new();
        if self.words.is_some() || !self.languages.is_empty() {
            for (id, text) in list_texts(conn, &ids)? {
                let has_words = self.words.as_ref().is_none_or(|words| words.matches(&text));
                let is_of = |tag: &str| self.languages.iter().any(|language| language == tag);
                is_taken.insert(id, has_words && (self.languages.is_empty() || is_of(language::detect(&text))));
            }
        }
        if !self.rules.is_empty() {
            let said = verdicts::list_last_of_replies(conn, &ids)?;
            let found = |id: ReplyId| {
                let said = said.iter().find(|said| said.reply_id == id);
                let findings = said.map(|said| said.verdict().findings).unwrap_or_default();
                findings.iter().any(|found| found.outcome != Outcome::Pass && self.rules.contains(&found.rule))
            };
            is_taken.extend(ids.iter().filter(|id| !found(**id)).map(|id| (*id, false)));
        }
        Ok(places.into_iter().filter(|(_, id)| is_taken.get(id).copied().unwrap_or(true)).collect())
    }
}

fn list_texts(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<(ReplyId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        Sql::<(Key, Text)>::new("SELECT id, body_source FROM replies WHERE id IN (").keys(ids.iter().copied()).sql(")");
    native!(conn, c => query.load(c))
}
