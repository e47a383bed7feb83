//! What a decision teaches the classifier, made ready before its transaction.

use diesel::QueryResult;

use super::{
    Judging,
    models::{self, Model, News},
    off_thread,
};
use crate::{
    domain::{
        ids::ReplyId,
        rules::{Subject, Text, features},
        timestamp::Timestamp,
    },
    store::{
        Conn, Db, DbError,
        histories::{self, KnownAuthor},
        lessons::NewLesson,
        replies::{self, Reply},
    },
};

/// What was read of a reply that is decided about.
struct Seen {
    reply: Reply,
    author: KnownAuthor,
    news: Option<News>,
}

impl Judging {
    /// What a text would teach if it were decided about now: its features, and what the classifier says of it so far, as
    /// that is how it is measured. Nothing if there is no such reply.
    pub async fn lesson(&self, db: &Db, reply: ReplyId) -> Result<Option<NewLesson>, DbError> {
        let (reader, judging, now) = (self.clone(), self.clone(), self.clock.now());
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(reader.see(conn, reply, now)?);
        let Some(Seen { reply, author, news }) = db.read(read).await? else { return Ok(None) };
        off_thread(move || {
            let trained = news.map(|news| judging.models.take_in(news));
            Some(lesson(reply, &author, trained.as_ref(), now))
        })
        .await
    }

    fn see(&self, conn: &mut Conn<'_>, id: ReplyId, now: Timestamp) -> QueryResult<Option<Seen>> {
        let Some(reply) = replies::find(conn, id)? else { return Ok(None) };
        let Some(author) = histories::find(conn, reply.author_id, reply.site_id, now)? else { return Ok(None) };
        let news = self.models.read(conn, reply.site_id, author.lessons, now)?;
        Ok(Some(Seen { reply, author, news }))
    }
}

fn lesson(reply: Reply, author: &KnownAuthor, trained: Option<&Model>, now: Timestamp) -> NewLesson {
    let text = Text::of_source(reply.body.source);
    let subject = Subject { author_name: &author.name, ..Subject::new(&text, &author.history, now) };
    let slots: Vec<_> = features::of(&text, &subject).iter().map(features::Feature::slot).collect();
    let trained = trained.map(models::read).filter(|trained| !trained.is_quiet());
    let score = trained.map(|trained| trained.score(slots.iter().copied(), now).value());
    NewLesson { revision: reply.revision, slots, score }
}
