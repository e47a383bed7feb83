//! The search of moderators.

use std::{collections::HashSet, time::Duration};

use rejoinder::{domain::text_query::TextQuery, store::check};
use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Site, Story},
    app::App,
};

/// A query as it is sent.
fn asked(query: &[(&str, &str)]) -> String {
    let pairs = query.iter().map(|(name, value)| {
        let value: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("{name}={value}")
    });
    format!("/api/v1/moderation/search?{}", pairs.collect::<Vec<_>>().join("&"))
}

async fn page(person: &Person, query: &[(&str, &str)]) -> Value {
    person.get(asked(query)).expect(200).await.json()
}

async fn found(person: &Person, query: &[(&str, &str)]) -> Vec<String> {
    let page = page(person, query).await;
    assert_eq!(page["is_complete"], true);
    ids(&page)
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|found| found["item"]["id"].as_str().unwrap().to_owned()).collect()
}

fn of(replies: &[&Reply]) -> Vec<String> {
    replies.iter().map(|reply| reply.id.clone()).collect()
}

async fn blog(app: &App) -> (Site, Story, Person) {
    let blog = app.site_with("blog", json!({"moderation_mode": "post"})).await;
    blog.forgives().await;
    let story = blog.story_with("s1", json!({"headline": "Freight on the river"})).await;
    let mona = blog.moderator("mona").await;
    (blog, story, mona)
}

#[actix_web::test]
async fn words_of_any_script_find_what_has_them_and_nothing_else() {
    let app = App::with(&[("REPLIES_PER_MINUTE", "9999")]).await;
    let (_, story, mona) = blog(&app).await;
    let ann = app.reader("ann").await;
    let texts = [
        ("Un café noir, s’il vous plaît.", &["cafe", "CAFÉ", "plait", "\"cafe noir\"", "caf*", "vous cafe"][..]),
        ("Die Straße ist naß.", &["strasse", "STRASSE", "straße", "nass"]),
        ("Η οδός είναι κλειστή.", &["οδος", "ΟΔΌΣ", "κλειστη"]),
        ("Ёлка стоит в лесу.", &["елка", "ЛЕСУ"]),
        ("قرأت الكِتابَ أمس.", &["الكتاب", "امس"]),
        ("שָׁלוֹם לכולם", &["שלום", "לכולם"]),
        ("我在北京大学读书。", &["北京", "大学", "北京大学", "读", "我在"]),
        ("黒猫がいる。ラーメン！", &["猫", "黒猫", "猫がいる", "ラーメン", "ﾗｰﾒﾝ"]),
        ("고양이가 창가에 있다", &["고양이", "창가", "있다"]),
        ("ภาษาไทยง่ายมาก", &["ไทย", "ภาษา", "ง่าย"]),
        ("Emoji 😀 👨‍👩‍👧 done", &["emoji done", "done 😀"]),
    ];
    let mut replies = Vec::new();
    for (text, _) in texts {
        replies.push(ann.replies(&story, text).await);
    }
    for ((text, queries), reply) in texts.iter().zip(&replies) {
        for query in *queries {
            assert_eq!(found(&mona, &[("q", query)]).await, [&*reply.id], "{query} in {text}");
        }
    }
    for absent in ["caf", "stras", "京北", "猫黒", "이고양", "c*afe x", "\"noir cafe\"", "cafe -noir"] {
        assert_eq!(found(&mona, &[("q", absent)]).await, [""; 0], "{absent}");
    }
    app.check().await;
}

#[actix_web::test]
async fn marks_say_in_characters_where_it_stands() {
    let app = App::start().await;
    let (_, story, mona) = blog(&app).await;
    app.reader("river").await.replies(&story, "Ünder the RIVER, a river.").await;
    let page = page(&mona, &[("q", "river freight"), ("author", "river"), ("story", "the")]).await;
    let item = &page["items"][0];
    assert_eq!(item["item"]["author"]["username"], "river");
    let span = |start: u32, end: u32| json!({"start": start, "end": end});
    assert_eq!(
        item["marks"],
        json!({
            "body": [span(10, 15), span(19, 24)],
            "headline": [span(0, 7), span(11, 14), span(15, 20)],
            "username": [span(0, 5)],
            "display_name": [span(0, 5)],
        })
    );
}

#[actix_web::test]
async fn an_edit_is_found_by_its_new_words_and_not_by_the_old_ones() {
    let app = App::start().await;
    let (_, story, mona) = blog(&app).await;
    let ann = app.reader("ann").await;
    let reply = ann.replies(&story, "The first wording.").await;
    let edited = ann.edits(&reply, "Another phrase.").await;
    assert_eq!(found(&mona, &[("q", "first")]).await, [""; 0]);
    assert_eq!(found(&mona, &[("q", "wording phrase")]).await, [""; 0]);
    assert_eq!(found(&mona, &[("q", "phrase")]).await, of(&[&reply]));
    // what a moderator writes instead too
    mona.edits(&edited, "Redacted").await;
    assert_eq!(found(&mona, &[("q", "phrase")]).await, [""; 0]);
    assert_eq!(found(&mona, &[("q", "redacted")]).await, of(&[&reply]));
    app.check().await;
}

#[actix_web::test]
async fn names_and_headlines_are_found_as_they_are_now() {
    let app = App::start().await;
    let (blog, story, mona) = blog(&app).await;
    let other = blog.story_with("s2", json!({"headline": "Über Getreide"})).await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let (first, second) = (ann.replies(&story, "Well said.").await, bob.replies(&other, "Well, ann said.").await);
    assert_eq!(found(&mona, &[("q", "ann")]).await, of(&[&second, &first]), "in the text or as the author");
    assert_eq!(found(&mona, &[("author", "ann")]).await, of(&[&first]));
    assert_eq!(found(&mona, &[("q", "said freight")]).await, of(&[&first]), "one word here, one there");
    assert_eq!(found(&mona, &[("q", "well"), ("story", "uber getr*")]).await, of(&[&second]));
    assert_eq!(found(&mona, &[("q", "well -getreide")]).await, of(&[&first]));
    assert_eq!(found(&mona, &[("q", "\"ann well\"")]).await, [""; 0], "a phrase stands in one text");

    ann.patch("/api/v1/me").json(json!({"display_name": "Ännchen Maier"})).expect(200).await;
    assert_eq!(found(&mona, &[("author", "annchen")]).await, of(&[&first]));
    assert_eq!(found(&mona, &[("q", "maier well")]).await, of(&[&first]));
    blog.admin.put("/api/v1/sites/blog/stories/s2").json(json!({"headline": "Corn"})).expect(200).await;
    assert_eq!(found(&mona, &[("story", "getreide")]).await, [""; 0]);
    assert_eq!(found(&mona, &[("story", "corn")]).await, of(&[&second]));
    ann.closes().await;
    assert_eq!(found(&mona, &[("author", "annchen")]).await, [""; 0], "a closed account has no name");
    app.check().await;
}

#[actix_web::test]
async fn filters_choose_among_what_has_the_words() {
    let app = App::with(&[("REPLIES_PER_MINUTE", "9999")]).await;
    let (blog, story, mona) = blog(&app).await;
    let other = blog.story_with("s2", json!({"moderation_mode": "pre"})).await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let public = ann.replies(&story, "Wheat, approved").await;
    let waiting = bob.replies(&other, "Wheat, waiting").await;
    let refused = mona.decides(&bob.replies(&story, "Wheat, refused").await, "reject").await;
    let spam = mona.decides(&ann.replies(&story, "Wheat, spam").await, "spam").await;
    let taken_back = bob.replies(&story, "Wheat, taken back").await;
    bob.withdraws(&taken_back).await;
    let reported = bob.replies(&story, "Wheat, reported").await;
    ann.reports(&reported, "spam").await;
    bob.replies(&story, "Rye").await;
    let all = of(&[&reported, &taken_back, &spam, &refused, &waiting, &public]);
    assert_eq!(found(&mona, &[("q", "wheat")]).await, all);
    for (queue, expected) in [
        ("pending", of(&[&waiting])),
        ("approved", of(&[&reported, &public])),
        ("rejected", of(&[&refused])),
        ("spam", of(&[&spam])),
        ("withdrawn", of(&[&taken_back])),
        ("reported", of(&[&reported])),
        ("flagged", vec![]),
    ] {
        assert_eq!(found(&mona, &[("q", "wheat"), ("queue", queue)]).await, expected, "{queue}");
    }
    assert_eq!(found(&mona, &[("q", "wheat"), ("story_id", &other.id)]).await, of(&[&waiting]));
    assert_eq!(found(&mona, &[("q", "wheat"), ("author_id", &ann.id), ("site", "blog")]).await, of(&[&spam, &public]));
    // what is decided moves on
    mona.decides(&waiting, "approve").await;
    assert_eq!(found(&mona, &[("q", "wheat"), ("queue", "pending")]).await, [""; 0]);
    mona.decides(&reported, "approve").await;
    assert_eq!(found(&mona, &[("q", "wheat"), ("queue", "reported")]).await, [""; 0]);
    app.check().await;
}

#[actix_web::test]
async fn pages_lead_to_the_end_without_doubles_or_gaps_while_replies_are_written() {
    let app = App::with(&[("REPLIES_PER_MINUTE", "9999")]).await;
    let (_, story, mona) = blog(&app).await;
    let ann = app.reader("ann").await;
    let mut expected = Vec::new();
    for number in 0..25 {
        let text = if number % 5 == 4 { "word one" } else { "one word" };
        expected.push(ann.replies(&story, &format!("{text} {number}")).await);
        ann.replies(&story, &format!("Something else {number}")).await;
    }
    expected.reverse();
    for (q, expected) in [
        ("one", expected.iter().collect::<Vec<_>>()),
        ("\"one word\"", expected.iter().enumerate().filter(|(at, _)| at % 5 != 0).map(|(_, reply)| reply).collect()),
    ] {
        let (mut all, mut cursor, mut pages): (Vec<String>, Option<String>, usize) = (Vec::new(), None, 0);
        loop {
            let mut query = vec![("q", q), ("limit", "4")];
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = page(&mona, &query).await;
            all.extend(ids(&page));
            pages += 1;
            ann.replies(&story, "one word more").await;
            cursor = page["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        all.retain(|id| expected.iter().any(|reply| reply.id == *id) || pages < 2);
        assert_eq!(all, of(&expected), "{q}");
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }
    let cursor = page(&mona, &[("q", "one"), ("limit", "1")]).await["next_cursor"].as_str().unwrap().to_owned();
    mona.get(asked(&[("q", "word"), ("limit", "1"), ("cursor", &cursor)])).refused("invalid_cursor").await;
}

#[actix_web::test]
async fn what_an_import_brought_is_found() {
    let app = App::start().await;
    let report = crate::import::import(&app, false).await;
    assert_eq!(report.all_replies().new, 8);
    let admin = app.admin("ruth").await;
    let page = page(&admin, &[("story", "grain"), ("site", "ledger")]).await;
    assert!(!ids(&page).is_empty());
    assert_eq!(page["is_complete"], true);
}

#[actix_web::test]
async fn only_sites_that_one_moderates_are_searched() {
    let app = App::start().await;
    let (blog, story, mona) = blog(&app).await;
    let other = app.site("other").await;
    let (elsewhere, ann) = (other.story("s1").await, app.reader("ann").await);
    let (here, there) = (ann.replies(&story, "Wheat").await, ann.replies(&elsewhere, "Wheat").await);
    let otto = other.moderator("otto").await;
    assert_eq!(found(&mona, &[("q", "wheat")]).await, of(&[&here]));
    assert_eq!(found(&otto, &[("q", "wheat")]).await, of(&[&there]));
    assert_eq!(found(&blog.admin, &[("q", "wheat")]).await, of(&[&there, &here]));
    assert_eq!(found(&blog.admin, &[("q", "wheat"), ("site", "other")]).await, of(&[&there]));
    mona.get(asked(&[("q", "wheat"), ("site", "other")])).refused("not_found").await;
    assert_eq!(found(&mona, &[("q", "wheat"), ("story_id", &elsewhere.id)]).await, [""; 0]);
    ann.get(asked(&[("q", "wheat")])).refused("not_found").await;
    app.get(asked(&[("q", "wheat")])).refused("unauthenticated").await;
}

#[actix_web::test]
async fn whatever_is_typed_is_understood_or_refused_in_words() {
    let app = App::start().await;
    let (_, story, mona) = blog(&app).await;
    let reply = app.reader("ann").await.replies(&story, "near and or not, one two").await;
    let long = "long ".repeat(200);
    let many: String = (0..100).map(|number| format!("-w{number} ")).collect::<String>() + "one";
    for hostile in [
        "one AND",
        "one OR two",
        "NOT one",
        "NEAR(one two, 3)",
        "one NEAR two",
        "^one",
        "words:one",
        "{words}: one",
        "one + two",
        "(one",
        "one)",
        "\"one",
        "one\"",
        "\"\"one\"\"",
        "'one",
        "one''",
        "'; DROP TABLE replies; --one",
        "one & two",
        "one | two",
        "!one",
        "one <-> two",
        "one <2> two",
        "one:*",
        "one:AB",
        "\\one",
        "\\'one\\'",
        "one\\",
        "one %",
        "one_two",
        "*one*",
        "one**",
        "on*",
        "§one",
        "¤one",
        "¬spam one",
        "one -",
        "- one",
        "--one two",
        "one\u{1}two",
        "\u{202e}one",
        "\u{feff}one",
        "one\u{200d}",
        "o\u{301}ne",
        "1 OR 1=1",
        "one 😀",
        "$1 one",
        "?1 one",
        &long,
        "漢字かな交じり文",
        "\u{10ffff}one",
        "one /* two */",
        &many,
    ] {
        let page = page(&mona, &[("q", hostile)]).await;
        let is_it = TextQuery::parse(hostile).unwrap().matches("near and or not, one two\nann\nFreight on the river");
        assert_eq!(ids(&page).len(), usize::from(is_it), "{hostile}");
        let short: String = hostile.chars().take(50).collect();
        for name in ["author", "story"] {
            let answer = mona.get(asked(&[("q", "one"), (name, &short)])).send().await;
            let has_word = TextQuery::parse(&short).is_some();
            assert_eq!(answer.status.as_u16(), if has_word { 200 } else { 400 }, "{name} {short}");
        }
    }
    assert_eq!(found(&mona, &[("q", "near not")]).await, of(&[&reply]), "no word means anything else");
    for nothing in ["😀", "\"\"", "-one", "*", "…", "' OR", ""] {
        let is_word = TextQuery::parse(nothing).is_some();
        let answer = mona.get(asked(&[("q", nothing)])).send().await;
        assert_eq!(answer.status.as_u16(), if is_word { 200 } else { 400 }, "{nothing}");
    }
    mona.get(asked(&[("q", "one\0two")])).refused("invalid_query").await;
    mona.get(asked(&[("q", &"x".repeat(1_001))])).refused("invalid_query").await;
    mona.get(asked(&[])).refused("invalid_query").await;
    mona.get(asked(&[("q", "one"), ("queue", "all")])).refused("invalid_query").await;
    mona.get(asked(&[("q", "one"), ("limit", "101")])).refused("invalid_query").await;
    mona.get(asked(&[("q", "one"), ("cursor", "x")])).refused("invalid_cursor").await;
}

#[actix_web::test]
async fn what_was_written_before_there_was_a_search_is_brought_in_by_a_job() {
    let app = App::with(&[("REPLIES_PER_MINUTE", "9999")]).await;
    let (_, story, mona) = blog(&app).await;
    let ann = app.reader("ann").await;
    let mut replies = Vec::new();
    for number in 0..130 {
        replies.push(ann.replies(&story, &format!("Old words {number}")).await);
    }
    let is_pg = app.read(|conn| conn.is_pg()).await;
    app.execute(if is_pg { "DELETE FROM __search_words" } else { "DELETE FROM __search_words WHERE rowid > 0" }).await;
    app.execute("UPDATE search_documents SET digest = NULL").await;
    app.check().await;
    let nothing = page(&mona, &[("q", "words")]).await;
    assert_eq!((&nothing["items"], &nothing["is_complete"]), (&json!([]), &json!(false)));
    // what is written meanwhile is found at once, in its place
    let new = ann.replies(&story, "New words").await;
    let edited = ann.edits(&replies[0], "Edited words").await;
    assert_eq!(ids(&page(&mona, &[("q", "words")]).await), of(&[&new, &edited]));
    app.pass(Duration::from_secs(61));
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(found(&mona, &[("q", "old 7 ann")]).await, of(&[&replies[7]]));
    assert_eq!(found(&mona, &[("q", "old"), ("limit", "60")]).await.len(), 60);
    assert_eq!(found(&mona, &[("q", "freight words"), ("limit", "2")]).await, of(&[&new, &replies[129]]));
    app.check().await;
}

#[actix_web::test]
async fn the_check_finds_what_the_search_would_not() {
    let app = App::start().await;
    let (_, story, _) = blog(&app).await;
    let reply = app.reader("ann").await.replies(&story, "Words").await;
    let is_pg = app.read(|conn| conn.is_pg()).await;
    let of_reply = "(SELECT seq FROM search_documents WHERE kind = 'reply')";
    let seq = if is_pg { "seq" } else { "rowid" };
    let without_words = format!("DELETE FROM __search_words WHERE {seq} = {of_reply}");
    let looked_at = async || {
        let lines = app.read(|conn| {
            let mut lines = Vec::new();
            check::run(conn, &mut |line| lines.push(line)).unwrap();
            lines
        });
        let line = lines.await.into_iter().find(|line| line.name == "words that are searched for").unwrap();
        (line.wrong, line.differences)
    };
    let wrong = |words: &str| (1, vec![format!("reply {}: {words}", reply.id)]);
    app.execute(&without_words).await;
    assert_eq!(looked_at().await, wrong("is not in the index"));
    app.execute("UPDATE search_documents SET digest = NULL WHERE kind = 'reply'").await;
    assert_eq!(looked_at().await, (0, vec![]), "it waits");
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(looked_at().await, (0, vec![]));
    app.execute("UPDATE replies SET body_source = 'Other'").await;
    assert_eq!(looked_at().await, wrong("its words are others"));
    app.execute(&without_words).await;
    app.execute("DELETE FROM search_documents WHERE kind = 'reply'").await;
    assert_eq!(looked_at().await, wrong("has no document"));
}

#[actix_web::test]
async fn what_an_older_program_posted_is_found_after_the_next_look() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (mona, story) = (blog.moderator("mona").await, blog.story("s1").await);
    app.reader("ann").await.replies(&story, "A walrus on the shore.").await;
    let found = async || {
        let page = mona.get("/api/v1/moderation/search?q=walrus").expect(200).await.json();
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(found().await, 1);
    app.execute("DELETE FROM __search_words").await;
    app.execute("DELETE FROM search_documents WHERE kind = 'reply'").await;
    assert_eq!(found().await, 0);
    app.pass(Duration::from_secs(301));
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(found().await, 1);
}
