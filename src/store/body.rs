//! A reply's text in its row: the source, and beside it the HTML, unless that is nothing but the source in paragraphs, as
//! most people write. Then the column is empty, and each reply takes half the room.

use diesel::{
    Queryable, Selectable,
    backend::Backend,
    deserialize::{self, FromStaticSqlRow},
    sql_types::Text,
};

use super::schema::replies;
use crate::domain::{markdown, reply_body::RenderedBody, safe_html::SafeHtml};

/// The columns `body_source` and `body_html`, of which [`RenderedBody`] is read.
pub(super) type Body = (Text, Text);

/// The bytes of the HTML of `r`, a row of `replies`.
pub(super) const HTML_BYTES: &str = "CAST(octet_length(CASE WHEN r.body_html = '' \
     THEN '<p></p>.' || replace(r.body_source, '\n\n', '</p>.<p>') ELSE r.body_html END) AS BIGINT)";

/// What stands in `body_html`.
pub(super) fn stored_html(body: &RenderedBody) -> &str {
    match SafeHtml::of_plain(&body.source) {
        Some(html) if html == body.html => "",
        _ => body.html.as_str(),
    }
}

impl<DB> Queryable<Body, DB> for RenderedBody
where
    DB: Backend,
    (String, String): FromStaticSqlRow<Body, DB>,
{
    type Row = (String, String);

    fn build((source, html): Self::Row) -> deserialize::Result<Self> {
        if source.is_empty() {
            return Ok(Self::erased());
        }
        let html = match html.is_empty() {
            false => SafeHtml::from_store(html),
            // what somebody wrote past us is rendered, so that it is safe whatever it is
            true => SafeHtml::of_plain(&source).unwrap_or_else(|| markdown::render(&source)),
        };
        Ok(Self { source, html })
    }
}

impl<DB: Backend> Selectable<DB> for RenderedBody {
    type SelectExpression = (replies::body_source, replies::body_html);

    fn construct_selection() -> Self::SelectExpression {
        (replies::body_source, replies::body_html)
    }
}

#[cfg(test)]
mod tests {
    use diesel::{RunQueryDsl, sql_types::BigInt};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        domain::reply_body::ReplyBody,
        store::{Db, DbError, DbOptions, DbUrl, conn::native, sql::Sql},
        test_database::Database,
    };

    fn read(source: &str, html: &str) -> RenderedBody {
        let row = (source.to_owned(), html.to_owned());
        <RenderedBody as Queryable<Body, diesel::sqlite::Sqlite>>::build(row).unwrap()
    }

    #[test]
    fn every_text_is_read_as_it_was_stored_and_plain_ones_are_stored_once() {
        let plain =
            ["One line.", "Two.\n\nParagraphs; \"quoted\", isn't it?", "A line\nbreak.", "Ünïcödé 茶 🫖\n\nالشاي"];
        let marked = [
            "*One* line.",
            "a & b",
            "a < b",
            "https://blog.example/1",
            "1. first",
            "# head",
            "> quoted",
            " led",
            "a\n\n\nb",
            "a\r\n\r\nb",
            "trail  \nbreak",
            "end\n",
            "`code`",
            "a\u{a0}b",
            "a\\*b",
            "&amp;",
            "    code",
            "a\n\n    b",
            "a\n\n---",
            "www.blog.example",
            "me@blog.example",
            "~~a~~",
            "\na",
            "a\n===",
            "a \nb",
        ];
        for (source, is_plain) in plain.map(|text| (text, true)).into_iter().chain(marked.map(|text| (text, false))) {
            let body = ReplyBody::parse(source.to_owned(), 1_000).and_then(ReplyBody::render).unwrap();
            let stored = stored_html(&body);
            assert_eq!(stored.is_empty(), is_plain, "{source:?} {:?}", body.html);
            assert_eq!(read(source, stored), body, "{source:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_it_was_stored(source in "[a-zé \\n\\r*_.:/<>&#`1\\\\|~\\[\\]()!-]{1,60}") {
            if let Ok(body) = ReplyBody::parse(source.clone(), 100).and_then(ReplyBody::render) {
                prop_assert_eq!(read(&source, stored_html(&body)), body);
            }
        }
    }

    #[tokio::test]
    async fn a_query_weighs_what_is_shown() {
        let database = Database::create();
        let url = DbUrl::parse(&database.url).unwrap();
        let db = Db::open(&url, DbOptions::default()).unwrap();
        for source in ["One line.", "Two: é\n\nparagraphs\n\nor three", "*marked* & é"] {
            let body = ReplyBody::parse(source.to_owned(), 100).and_then(ReplyBody::render).unwrap();
            let (html, expected) = (stored_html(&body).to_owned(), body.html.as_str().len());
            let query = Sql::<BigInt>::new("SELECT ").sql(HTML_BYTES).sql(" FROM (SELECT CAST(").str(source);
            let query = query.sql(" AS text) AS body_source, CAST(").str(html).sql(" AS text) AS body_html) r");
            let weighed: i64 =
                db.read(move |conn| Ok::<_, DbError>(native!(conn, c => query.get_result(c))?)).await.unwrap();
            assert_eq!(weighed, expected as i64, "{source:?}");
        }
    }

    #[test]
    fn a_source_that_is_no_plain_text_is_rendered_where_its_html_is_missing() {
        for source in ["<script>alert(1)</script>", "a & b <img src=x onerror=y>"] {
            assert_eq!(read(source, "").html, markdown::render(source));
        }
    }
}
