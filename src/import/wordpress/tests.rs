mod blog;

use self::blog::{Blog, EXPORT, Quiet, Said, StopAfter, export};
use super::*;
use crate::{
    domain::reply_state::ReplyState,
    store::{sites, stories, story_urls},
};

/// So small that everything has to wait, be split and be read again.
const TINY: Bounds = Bounds { item_bytes: 2_000, batch_bytes: 300, batch_rows: 3 };

fn left_out(report: &Report) -> Vec<(LeftOut, u64)> {
    report.left_out.iter().map(|(reason, number)| (*reason, *number)).collect()
}

#[actix_web::test]
async fn comments_become_replies_below_their_parents_in_the_order_of_their_times() {
    let blog = Blog::new();
    blog.import(EXPORT).await;
    assert_eq!(blog.tree().await, [(101, 0), (103, 101), (102, 0), (104, 102), (105, 0), (106, 0), (108, 0), (120, 0)]);
    let replies = blog.replies().await;
    let states: Vec<ReplyState> = replies.iter().map(|reply| reply.state).collect();
    use ReplyState::{Approved, Pending, Rejected, Spam};
    assert_eq!(states, [Approved, Approved, Rejected, Approved, Pending, Spam, Approved, Approved]);
    assert_eq!(replies[0].created_at.to_string(), "2020-03-01T10:00:00Z");
    assert_eq!(replies[0].body.source, "A *parent* & more.\n\nSecond paragraph.");
    assert_eq!(replies[0].original, "A <em>parent</em> &amp; more.\n\nSecond paragraph.");
    assert_eq!(replies[7].created_at.to_string(), "2020-01-01T00:00:00Z", "the story's time");
    assert_eq!(
        blog.number("SELECT count(*) FROM decisions WHERE action = 'import' AND actor_kind = 'system'").await,
        8
    );
}

#[actix_web::test]
async fn what_is_left_out_is_counted_by_reason() {
    let report = Blog::new().import(EXPORT).await;
    assert_eq!((report.stories.new, report.all_replies().new, report.new_authors), (3, 8, 5));
    use LeftOut::*;
    let expected = [
        (Draft, 1),
        (Private, 1),
        (Scheduled, 1),
        (NotDiscussed, 1),
        (OfLeftOutItem, 1),
        (Pingback, 1),
        (OtherKind, 1),
        (OtherState, 1),
        (NoText, 1),
        (RepeatedComment, 1),
    ];
    assert_eq!(left_out(&report), expected);
    let notes: Vec<(Note, u64)> = report.notes.into_iter().collect();
    let expected = [
        (Note::Protected, 1),
        (Note::InvalidUrl, 1),
        (Note::TakenUrl, 1),
        (Note::MissingTime, 1),
        (Note::MissingParent, 2),
    ];
    assert_eq!(notes, expected);
}

#[actix_web::test]
async fn each_pair_of_name_and_mail_is_one_account_that_nobody_signs_in_to() {
    let blog = Blog::new();
    blog.import(EXPORT).await;
    let replies = blog.replies().await;
    let person = |comment: u64| {
        let reply = replies.iter().find(|reply| reply.comment == comment).unwrap();
        (reply.name.as_str(), reply.email.as_str())
    };
    assert_eq!(person(101), ("Ann", "other-ann@example.org"));
    assert_eq!(person(103), ("Ann", "ann@example.org"));
    assert_eq!(person(120), ("Ann", "ann@example.org"), "capitals make no other mailbox");
    assert_eq!(person(105), ("Anonymous", ""));
    assert_eq!(person(106), ("Eve", "eve@example.org"));
    assert_eq!(blog.number("SELECT count(*) FROM accounts").await, 5);
    let reachable = "SELECT count(*) FROM accounts WHERE email IS NOT NULL OR password_hash IS NOT NULL OR is_admin";
    assert_eq!(blog.number(reachable).await, 0);
    assert_eq!(blog.number("SELECT count(*) FROM accounts WHERE username IN ('Ann', 'Ann-1', 'Bob', 'Eve')").await, 4);
}

#[actix_web::test]
async fn the_site_and_its_stories_are_made_of_the_export() {
    let blog = Blog::new();
    let report = blog.import(EXPORT).await;
    assert!(report.is_new_site);
    let read = |conn: &mut crate::store::Conn<'_>| {
        let site = sites::find_by_key(conn, "ledger")?.unwrap();
        let mut heads = Vec::new();
        for id in ["wp:7", "wp:8", "wp:9"] {
            let head = stories::find_head_by_external_id(conn, site.id, id)?.unwrap();
            let urls = story_urls::list(conn, head.story.id)?;
            heads.push((head.story.headline, head.story.excerpt, head.story.closed_at.is_some(), urls));
        }
        Ok::<_, DbError>((site, heads))
    };
    let (site, heads) = blog.db.read(read).await.unwrap();
    assert_eq!((site.name.as_str(), site.tagline.as_str()), ("Harbour & Ledger", "Business news in context"));
    assert_eq!(site.allowed_origins.0, ["https://ledger.example"]);
    let story = |headline: &str, excerpt: Option<&str>, is_closed: bool, urls: &[&str]| {
        let urls: Vec<String> = urls.iter().map(|url| (*url).to_owned()).collect();
        (headline.to_owned(), excerpt.map(str::to_owned), is_closed, urls)
    };
    let grain = ["https://ledger.example/blog/grain/?utm_source=feed", "https://ledger.example/blog/?p=7"];
    assert_eq!(heads[0], story("Grain and freight", Some("Freight rates rose again."), false, &grain));
    assert_eq!(heads[1], story("Protected", None, true, &[]));
    assert_eq!(heads[2], story("About", Some("An excerpt …"), true, &["https://ledger.example/blog/about/"]));
}

#[actix_web::test]
async fn hostile_html_comes_in_as_words() {
    let blog = Blog::new();
    blog.import(EXPORT).await;
    let replies = blog.replies().await;
    let hostile = replies.iter().find(|reply| reply.comment == 106).unwrap();
    assert_eq!(hostile.body.html.as_str(), "<p>Click</p>\n");
    assert!(hostile.original.contains("onerror"));
}

#[actix_web::test]
async fn twice_gives_nothing_new() {
    let blog = Blog::new();
    let first = blog.import(EXPORT).await;
    let before = blog.replies().await;
    let second = blog.import(EXPORT).await;
    assert_eq!((second.stories, second.all_replies()), (Tally { new: 0, known: 3 }, Tally { new: 0, known: 8 }));
    assert_eq!((second.new_authors, second.is_new_site), (0, false));
    assert_eq!(second.left_out, first.left_out);
    assert_eq!(blog.replies().await, before);
}

#[actix_web::test]
async fn a_dry_run_reports_the_same_and_writes_nothing() {
    let blog = Blog::new();
    let files = blog.files();
    let dry = blog.dry_run(EXPORT).await;
    assert_eq!(blog.number("SELECT count(*) FROM sites").await, 0);
    let nowhere = blog.run(Target::DryRun(None), EXPORT, BOUNDS, &mut Quiet).await.unwrap();
    assert_eq!(nowhere, dry);
    let wet = blog.import(EXPORT).await;
    assert_eq!(Report { is_dry_run: true, ..wet }, dry);
    let again = blog.dry_run(EXPORT).await;
    assert_eq!(Report { is_dry_run: true, ..blog.import(EXPORT).await }, again);
    assert_eq!(blog.files().len(), files.len() + 1, "the export");
}

#[actix_web::test]
async fn pingbacks_come_in_when_asked_for() {
    let mut blog = Blog::new();
    blog.import(EXPORT).await;
    blog.options.with_pingbacks = true;
    let report = blog.import(EXPORT).await;
    assert_eq!(report.all_replies(), Tally { new: 1, known: 8 });
    let replies = blog.replies().await;
    let pingback = replies.iter().find(|reply| reply.comment == 107).unwrap();
    assert_eq!((pingback.name.as_str(), pingback.body.source.as_str()), ("Some blog", "\\[...\\] quoted \\[...\\]"));
}

#[actix_web::test]
async fn a_broken_file_changes_nothing_and_its_place_is_told() {
    let blog = Blog::new();
    let cut = &EXPORT[..EXPORT.find("Below one in the trash").unwrap()];
    let error = blog.try_import(cut, BOUNDS, &mut Quiet).await.unwrap_err();
    assert!(error.to_string().contains("line 61, column 33: the file is truncated"), "{error}");
    assert_eq!(blog.number("SELECT count(*) FROM sites").await, 0);
    blog.import(EXPORT).await;
}

#[actix_web::test]
async fn an_import_broken_off_anywhere_and_repeated_gives_the_whole() {
    let whole = Blog::new();
    whole.import(EXPORT).await;
    for batches in 0..4 {
        let blog = Blog::new();
        let stopped = blog.try_import(EXPORT, TINY, &mut StopAfter(batches)).await.unwrap_err();
        assert!(matches!(stopped, ImportError::Stopped));
        blog.assert_clean().await;
        let part = blog.replies().await.len();
        assert!(0 < part && part < 8, "{part}");
        let report = blog.import(EXPORT).await;
        assert_eq!(report.all_replies(), Tally { new: 8 - part as u64, known: part as u64 });
        assert_eq!(blog.replies().await, whole.replies().await);
    }
}

#[actix_web::test]
async fn a_later_export_adds_what_is_new_in_it() {
    let blog = Blog::new();
    blog.import(&export(&[(1, 0, 10, "one"), (2, 0, 20, "two")])).await;
    blog.import(&export(&[(1, 0, 10, "one"), (2, 0, 20, "two"), (3, 1, 15, "three"), (4, 0, 5, "four")])).await;
    assert_eq!(blog.tree().await, [(1, 0), (3, 1), (2, 0), (4, 0)]);
}

#[actix_web::test]
async fn an_item_larger_than_the_memory_for_it_is_read_as_often_as_needed() {
    let text = "words ".repeat(50);
    // from the last to the first, so that almost nothing comes at its turn
    let comments: Vec<Said<'_>> =
        (1..=60).rev().map(|id| (id, if id % 3 == 0 { id - 1 } else { 0 }, id as i64, text.as_str())).collect();
    let (small, large) = (Blog::new(), Blog::new());
    let whole = large.import(&export(&comments)).await;
    let parts = small.try_import(&export(&comments), TINY, &mut Quiet).await.unwrap();
    small.assert_clean().await;
    assert_eq!(parts, whole);
    assert_eq!(parts.all_replies().new, 60);
    assert_eq!(small.replies().await, large.replies().await);
}

#[actix_web::test]
async fn threads_keep_their_depth_and_go_flat_past_the_limit() {
    let blog = Blog::new();
    let comments: Vec<Said<'_>> = (1..=40).map(|id| (id, id - 1, id as i64, "text")).collect();
    blog.import(&export(&comments)).await;
    let replies = blog.replies().await;
    assert_eq!((replies[9].comment, replies[9].depth, replies[9].in_reply_to), (10, 10, None));
    for reply in &replies[32..] {
        // what it answers is named beside the parent where it is another
        let answered = Some(reply.comment - 1).filter(|answered| *answered != 32);
        assert_eq!((reply.depth, reply.parent, reply.in_reply_to), (33, Some(32), answered));
    }
}

#[actix_web::test]
async fn only_a_text_past_64_kib_is_too_long() {
    let blog = Blog::new();
    let (fits, over) = ("word ".repeat(13_107), "word ".repeat(13_108));
    let report = blog.import(&export(&[(1, 0, 1, &fits), (2, 0, 2, &over), (3, 2, 3, "below")])).await;
    assert_eq!(blog.tree().await, [(1, 0), (3, 0)]);
    assert_eq!(left_out(&report), [(LeftOut::TooLong, 1)]);
}

#[actix_web::test]
async fn what_belongs_to_something_hidden_is_as_hidden() {
    let item = |id: u64, parent: u64, kind: &str, status: &str, password: &str| {
        format!(
            "<item><title>Item {id}</title><wp:post_id>{id}</wp:post_id><wp:post_parent>{parent}</wp:post_parent>\
             <wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>\
             <wp:post_password>{password}</wp:post_password><wp:comment_status>open</wp:comment_status>\
             <excerpt:encoded xmlns:excerpt='http://wordpress.org/export/1.2/excerpt/'>Words</excerpt:encoded>\
             <wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>Ann</wp:comment_author>\
             <wp:comment_date_gmt>2020-03-01 10:00:00</wp:comment_date_gmt>\
             <wp:comment_content>Below {id}, {}</wp:comment_content>\
             <wp:comment_approved>1</wp:comment_approved></wp:comment></item>",
            "words ".repeat(60)
        )
    };
    let attachment = |id: u64, parent: u64| item(id, parent, "attachment", "inherit", "");
    // each before what it belongs to
    let items = [
        attachment(11, 21),
        attachment(12, 22),
        attachment(13, 23),
        attachment(14, 0),
        item(21, 0, "post", "draft", ""),
        item(22, 0, "post", "publish", "secret"),
        item(23, 0, "post", "publish", ""),
    ];
    let xml = export(&[]).replace("<item>", &format!("{}<item>", items.concat()));
    // also where an item is too large to be held, and so was planned before
    for bounds in [BOUNDS, TINY, Bounds { item_bytes: 200, ..TINY }] {
        let blog = Blog::new();
        let report = blog.try_import(&xml, bounds, &mut Quiet).await.unwrap();
        blog.assert_clean().await;
        let expected = [(LeftOut::Draft, 1), (LeftOut::OfHiddenItem, 1), (LeftOut::OfLeftOutItem, 2)];
        assert_eq!(left_out(&report), expected);
        assert_eq!(report.notes.get(&Note::Protected), Some(&2));
        let mut below: Vec<u64> = blog.replies().await.iter().map(|reply| reply.comment).collect();
        below.sort_unstable();
        assert_eq!(below, [12, 13, 14, 22, 23]);
        let protected = "SELECT count(*) FROM stories WHERE excerpt IS NULL AND closed_at IS NOT NULL \
             AND external_id IN ('wp:12', 'wp:22')";
        assert_eq!(blog.number(protected).await, 2);
    }
}

#[actix_web::test]
async fn what_comes_in_otherwise_than_it_stands_there_is_counted() {
    let blog = Blog::new();
    let name = "A name without an end ".repeat(5);
    let xml = export(&[(1, 1, 10, "one"), (2, 3, 20, "two"), (3, 2, 30, "three"), (4, 0, 40, "four")])
        .replace("<wp:comment_author>Ann", &format!("<wp:comment_author>{name}"))
        .replace("<wp:comment_date_gmt>2020-03-01 00:40:00</wp:comment_date_gmt>", "");
    let dry = blog.dry_run(&xml).await;
    let report = blog.import(&xml).await;
    let notes: Vec<(Note, u64)> = report.notes.clone().into_iter().collect();
    assert_eq!(notes, [(Note::ShortenedName, 1), (Note::MissingTime, 1), (Note::MissingParent, 2)]);
    assert_eq!(Report { is_dry_run: true, ..report }, dry, "a dry run tells the same");
}

#[actix_web::test]
async fn two_at_once_bring_everything_once() {
    let blog = Blog::new();
    let text = "word";
    let comments: Vec<Said<'_>> = (1..=60).map(|id| (id, id / 2, id as i64, text)).collect();
    let xml = export(&comments);
    // the site is there: two that make it at once, one of them is told to come again
    blog.import(&export(&[])).await;
    std::fs::write(&blog.options.file, xml).unwrap();
    let import = async || {
        let now = Timestamp::from_micros(0);
        run_within(TINY, Target::Write(&blog.db), now, &Random::system(), &blog.options, &mut Quiet).await
    };
    let (first, second) = tokio::join!(import(), import());
    let (first, second) = (first.unwrap().all_replies(), second.unwrap().all_replies());
    assert_eq!((first.new + second.new, first.known + second.known), (60, 60));
    assert_eq!(blog.replies().await.len(), 60);
    blog.assert_clean().await;
}

#[actix_web::test]
async fn what_cannot_be_read_more_than_once_is_refused() {
    let mut blog = Blog::new();
    for path in ["/dev/null", "/"] {
        blog.options.file = path.into();
        let target = Target::Write(&blog.db);
        let error = run(target, Timestamp::from_micros(0), &Random::system(), &blog.options, &mut Quiet).await;
        assert!(matches!(error, Err(ImportError::NoFile(_))), "{error:?}");
    }
}

#[actix_web::test]
async fn a_name_that_many_share_gives_each_a_username() {
    let blog = Blog::new();
    let comments: String = (1..=70)
        .map(|id| {
            format!(
                "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author></wp:comment_author>\
                 <wp:comment_author_email>{id}@example.org</wp:comment_author_email>\
                 <wp:comment_content>text</wp:comment_content><wp:comment_approved>1</wp:comment_approved>\
                 </wp:comment>"
            )
        })
        .collect();
    let report = blog.import(&export(&[]).replace("</item>", &format!("{comments}</item>"))).await;
    assert_eq!(report.new_authors, 70);
    assert_eq!(blog.number("SELECT count(*) FROM accounts WHERE username LIKE 'guest-%'").await, 70);
}
