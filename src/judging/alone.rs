//! Texts judged each by itself, apart from what is compared with others: a text that is tried, those of an import.

use std::sync::Arc;

use diesel::QueryResult;

use super::{
    Judging,
    models::{self, Model, News},
    nothing_could_run, off_thread,
    policies::ReadPolicy,
    site_hosts,
};
use crate::{
    clock::Clock,
    domain::{
        rules::{RuleName, Subject, Text, Verdict, policy::ReadyPolicy},
        timestamp::Timestamp,
    },
    store::{Conn, Db, DbError, histories::KnownAuthor, sites::Site},
};

/// What texts are judged by, each by itself, as it was read.
pub struct Alone {
    site: Site,
    /// The site's own policy; none where a draft takes its place.
    policy: Option<ReadPolicy>,
    news: Option<News>,
}

/// The same, ready: apart from rules that compare a text with others.
pub struct Bench {
    policy: Option<Arc<ReadyPolicy>>,
    trained: Option<Model>,
    site_hosts: Vec<String>,
    clock: Clock,
}

impl Bench {
    /// What the rules say of a text by itself.
    pub fn judge(&self, text: &Text, author: &KnownAuthor, now: Timestamp) -> Verdict {
        let Some(policy) = &self.policy else { return nothing_could_run() };
        let trained = self.trained.as_ref().map(models::read);
        let subject = Subject {
            author_name: &author.name,
            trained: trained.as_deref(),
            site_hosts: &self.site_hosts,
            ..Subject::new(text, &author.history, now)
        };
        let mut verdict = policy.judge(&subject, || self.clock.worked());
        verdict.findings.retain(|finding| finding.rule != RuleName::Repeats);
        verdict
    }
}

impl Judging {
    /// What is read to judge texts by themselves on a site, by its own policy or by a draft.
    pub fn read_alone(&self, conn: &mut Conn<'_>, site: Site, has_draft: bool, now: Timestamp) -> QueryResult<Alone> {
        let policy = if has_draft { None } else { Some(self.policies.read(conn, &site)?) };
        let news = self.models.read_all(conn, site.id, now)?;
        Ok(Alone { site, policy, news })
    }

    /// What rules say of texts that come with an import into a site, by what they are alone: nobody knows their authors
    /// here, and neither pace nor repeats are judged.
    pub async fn judge_imported(
        &self,
        db: &Db,
        site: Site,
        texts: Vec<(String, Timestamp)>,
        now: Timestamp,
    ) -> Result<Vec<(Verdict, i64)>, DbError> {
        let (judging, version) = (self.clone(), site.policy_version);
        let reader = self.clone();
        let alone = db.read(move |conn| Ok::<_, DbError>(reader.read_alone(conn, site.clone(), false, now)?)).await?;
        off_thread(move || {
            let bench = judging.bench(alone, None);
            let judge = |(source, at): (String, Timestamp)| {
                (bench.judge(&Text::of_source(source), &KnownAuthor::newcomer(at), at), version)
            };
            texts.into_iter().map(judge).collect()
        })
        .await
    }

    /// Makes what was read ready to judge many texts, each by itself.
    pub fn bench(&self, alone: Alone, draft: Option<Arc<ReadyPolicy>>) -> Bench {
        let Alone { site, policy, news } = alone;
        let own = || policy.and_then(|policy| self.policies.ready(site.id, site.policy_version, policy));
        Bench {
            policy: draft.or_else(own),
            trained: news.map(|news| self.models.take_in(news)),
            site_hosts: site_hosts(&site),
            clock: self.clock.clone(),
        }
    }
}
