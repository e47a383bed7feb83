//! Notices by people without an account: confirmed by a link, paced, forgotten.

use std::time::Duration;

use rejoinder::jobs;
use serde_json::{Value, json};

use crate::{
    actors::Reply,
    app::{App, Request},
    notice_mails::notice_of,
    notices::{Desk, REASONS, kept, removed},
    together::{together, with_status},
};

const HOUR: Duration = Duration::from_secs(3_600);
const GIL: &str = "gil@example.org";

impl App {
    fn giving_notice(&self, reply: &Reply, form: Value) -> Request {
        self.post(format!("/api/v1/replies/{}/guest-notices", reply.id)).json(form)
    }

    fn confirming(&self, token: &str) -> Request {
        self.post("/api/v1/notices/confirmations").json(json!({"token": token}))
    }

    /// Gives notice; the token of the link.
    async fn guest_notice(&self, reply: &Reply, email: &str) -> String {
        self.giving_notice(reply, notice_of(email)).expect(202).await;
        self.mails_to(email).await.pop().unwrap().token()
    }
}

#[actix_web::test]
async fn a_guests_notice_is_received_once_the_link_was_followed() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let mut form = notice_of(GIL);
    form["name"] = json!("<script>alert(1)</script>");
    let given = desk.app.giving_notice(&reply, form).expect(202).await.json();
    assert_eq!((&given["state"], given["reference"].is_null()), (&json!("unconfirmed"), true));
    assert_eq!((desk.queue().await.len(), desk.of_reply(&reply).await.len()), (0, 0), "nobody reads it yet");
    let mail = desk.app.mails_to(GIL).await.remove(0);
    assert!(mail.subject.contains("confirm") && !mail.text.contains("script"), "{mail:?}");
    let token = mail.token();
    assert!(token.len() >= 43, "32 bytes");

    let received = desk.app.confirming(&token).expect(200).await.json();
    let reference = received["reference"].as_str().unwrap().to_owned();
    assert_eq!((&received["state"], &received["decision"]), (&json!("open"), &Value::Null));
    let mails = desk.app.mails_to(GIL).await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1].subject.contains(&reference) && mails[1].text.contains("received"), "the receipt");
    assert_eq!(mails[1].token(), token);
    // again it shows the same and receives nothing
    assert_eq!(desk.app.confirming(&token).expect(200).await.json(), received);
    assert_eq!(desk.app.mails_to(GIL).await.len(), 2);
    let queue = desk.queue().await;
    let first = &queue[0]["first"];
    assert_eq!((&first["account_id"], &first["name"]), (&Value::Null, &json!("<script>alert(1)</script>")));
    assert!(!queue[0].to_string().contains(GIL), "a moderator does not learn the address");
    let log = desk.mona.get("/api/v1/sites/blog/log?action=receive_notice").expect(200).await;
    assert!(!log.text().contains(GIL) && log.json()["items"][0]["actor_id"].is_null());

    desk.mona.deciding_notice(&queue[0], removed(&queue[0]["version"])).expect(201).await;
    let mails = desk.app.mails_to(GIL).await;
    assert_eq!(mails.len(), 3);
    assert!(mails[2].text.contains(REASONS) && mails[2].text.contains(&reference), "{:?}", mails[2]);
    let shown = desk.app.confirming(&token).expect(200).await.json();
    assert_eq!((&shown["state"], &shown["decision"]["reasons"]), (&json!("decided"), &json!(REASONS)));
    // accounts know nothing of it
    desk.bob.get(format!("/api/v1/notices/{reference}")).refused("not_found").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn of_one_link_followed_many_times_at_once_one_notice_comes() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let token = desk.app.guest_notice(&reply, GIL).await;
    let answers = together((0..8).map(|_| desk.app.confirming(&token))).await;
    assert_eq!(with_status(&answers, 200), 8);
    assert!(answers.iter().all(|answer| answer.json() == answers[0].json()));
    assert_eq!(desk.statistics().await["total"]["received"], 1);
    assert_eq!(desk.app.mails_to(GIL).await.len(), 2);
    for wrong in ["", "x", &"x".repeat(43), &token[1..], &format!("{token}x")] {
        let answer = desk.app.confirming(wrong).send().await;
        assert!([404, 422].contains(&answer.status.as_u16()), "{wrong}: {}", answer.text());
    }
    desk.app.check().await;
}

#[actix_web::test]
async fn what_a_guest_says_again_answers_the_former_reference() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let first = desk.app.guest_notice(&reply, GIL).await;
    // in another case it is the same address
    let second = desk.app.guest_notice(&reply, "Gil@Example.org").await;
    let received = desk.app.confirming(&first).expect(200).await.json();
    assert_eq!(desk.app.confirming(&second).expect(200).await.json()["reference"], received["reference"]);
    assert_eq!(desk.queue().await[0]["notices"], 1);
    let other = desk.app.guest_notice(&reply, "greta@example.org").await;
    desk.app.confirming(&other).expect(200).await;
    assert_eq!(desk.queue().await[0]["notices"], 2);
    desk.app.check().await;
}

#[actix_web::test]
async fn what_nobody_confirms_within_a_day_is_forgotten_and_counted() {
    let mut desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let late = desk.app.guest_notice(&reply, GIL).await;
    desk.pass(23 * HOUR).await;
    let in_time = desk.app.guest_notice(&reply, "greta@example.org").await;
    desk.pass(HOUR).await;
    desk.app.confirming(&late).refused("not_found").await;
    desk.app.confirming(&in_time).expect(200).await;
    jobs::run_due(&desk.app.state).await.unwrap();
    let total = &desk.statistics().await["total"];
    assert_eq!((&total["dropped"], &total["received"]), (&json!(1), &json!(1)));
    desk.app.confirming(&late).refused("not_found").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn guests_are_paced_and_no_answer_tells_of_an_address() {
    let desk = Desk::on(App::with(&[("NOTICES_PER_HOUR", "2")]).await).await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let from = |address: &str, email: &str| desk.app.giving_notice(&reply, notice_of(email)).from(address);
    for address in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"] {
        let answer = from(address, GIL).expect(202).await.json();
        let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["confirm_until", "state"]);
    }
    assert_eq!(desk.app.mails_to(GIL).await.len(), 2, "the third and the fourth are not written to");
    for email in ["a@example.org", "b@example.org"] {
        from("192.0.2.9", email).expect(202).await;
    }
    let refused = from("192.0.2.9", "c@example.org").expect(429).await;
    assert_eq!((&refused.json()["code"], refused.header("retry-after").is_some()), (&json!("too_many_attempts"), true));
    assert_eq!(desk.app.mails_to("c@example.org").await.len(), 0);
    desk.app.pass(HOUR);
    from("192.0.2.9", "c@example.org").expect(202).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn made_up_addresses_shut_nobody_out_for_long() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let from = |network: usize, email: &str| {
        desk.app.giving_notice(&reply, notice_of(email)).from(&format!("198.51.{network}.7"))
    };
    // from as many networks as there are, so many in a minute
    for number in 0..30 {
        from(number, &format!("made-up{number}@example.com")).expect(202).await;
    }
    let refused = from(40, GIL).expect(429).await;
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!(wait <= 60, "{wait}");
    desk.app.pass(Duration::from_secs(60));
    from(40, GIL).expect(202).await;
    // as many as may wait at all: the oldest make room, but none within its hour
    let (is_pg, now) = (desk.app.read(|conn| conn.is_pg()).await, desk.app.now());
    let (new_id, early) = match is_pg {
        true => ("gen_random_uuid()".to_owned(), format!("timestamptz '{}'", now.minus(2 * HOUR))),
        false => ("randomblob(16)".to_owned(), now.minus(2 * HOUR).as_micros().to_string()),
    };
    let many = format!(
        "INSERT INTO notices (id, site_id, reply_id, revision, name, email, notifier, ground, explanation, state, token_hash, \
         created_at) SELECT {new_id}, n.site_id, n.reply_id, n.revision, n.name, n.email, n.notifier, n.ground, \
         n.explanation, n.state, NULL, {early} FROM (SELECT * FROM notices LIMIT 1) n CROSS JOIN \
         (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 2000) SELECT i FROM c) AS many"
    );
    desk.app.execute(&many).await;
    from(41, "greta@example.org").expect(202).await;
    let token = desk.app.mails_to("greta@example.org").await[0].token();
    desk.app.confirming(&token).expect(200).await;
    let token = desk.app.mails_to(GIL).await[0].token();
    desk.app.confirming(&token).expect(200).await;
    assert!(desk.statistics().await["total"]["dropped"].as_i64().unwrap() >= 500);
    desk.app.check().await;
}

#[actix_web::test]
async fn many_addresses_of_one_network_count_as_one_that_may_more() {
    let desk = Desk::on(App::with(&[("NOTICES_PER_HOUR", "1")]).await).await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let from = |address: String, email: &str| desk.app.giving_notice(&reply, notice_of(email)).from(&address);
    for number in 0..10 {
        from(format!("192.0.2.{number}"), &format!("made-up{number}@example.com")).expect(202).await;
    }
    from("192.0.2.99".to_owned(), GIL).expect(429).await;
    from("198.51.100.1".to_owned(), GIL).expect(202).await;
}

#[actix_web::test]
async fn a_form_names_who_gives_notice() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let with = |field: &str, value: Value| {
        let mut form = notice_of(GIL);
        form[field] = value;
        desk.app.giving_notice(&reply, form)
    };
    for (field, value) in [
        ("name", Value::Null),
        ("name", json!("Gil\nBcc: all@example.org")),
        ("name", json!("x".repeat(101))),
        ("email", json!("gil")),
        ("email", json!("gil@example.org\r\nBcc: all@example.org")),
        ("email", json!("gil@example.org, all@example.org")),
        ("is_in_good_faith", json!(false)),
        ("explanation", json!("short")),
    ] {
        let refused = with(field, value).refused("invalid_fields").await;
        assert_eq!(refused["errors"][0]["pointer"], format!("/{field}"));
    }
    // but of offences against children anybody may tell without a name
    let mut form = notice_of(GIL);
    form["ground"] = json!("child_abuse");
    form["name"] = Value::Null;
    desk.app.giving_notice(&reply, form).expect(202).await;
    with("version", json!(9)).refused("version_conflict").await;
    let hidden = Reply { id: "0193a000-0000-7000-8000-00000000dead".to_owned(), ..reply.clone() };
    desk.app.giving_notice(&hidden, notice_of(GIL)).refused("not_found").await;
    desk.mona.decides(&reply, "reject").await;
    desk.app.giving_notice(&reply, notice_of(GIL)).refused("not_found").await;
}

#[actix_web::test]
async fn a_site_may_take_notices_by_accounts_alone() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    desk.blog.policy(json!({"notices": {"guests": "off"}})).await;
    desk.app.giving_notice(&reply, notice_of(GIL)).refused("forbidden").await;
    desk.bob.gives_notice(&reply).await;
    let wrong = desk.blog.admin.put("/api/v1/sites/blog/policy").header("If-Match", "*");
    let refused = wrong.json(json!({"notices": {"guests_kept_days": 0}})).refused("invalid_fields").await;
    assert_eq!(refused["errors"][0]["pointer"], "/notices/guests_kept_days");
}

#[actix_web::test]
async fn who_a_guest_was_is_erased_after_a_time_and_the_numbers_stay() {
    let mut desk = Desk::start().await;
    desk.blog.policy(json!({"notices": {"guests_kept_days": 2}, "history": {"refused_percent": 0}})).await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let open = desk.ann.replies(&desk.story, "She took bribes.").await;
    let token = desk.app.guest_notice(&reply, GIL).await;
    desk.app.confirming(&token).expect(200).await;
    let reference = desk.bob.gives_notice(&reply).await;
    let other = desk.app.guest_notice(&open, GIL).await;
    desk.app.confirming(&other).expect(200).await;
    let item = desk.queue().await.remove(0);
    desk.mona.deciding_notice(&item, kept(&item["version"])).expect(201).await;
    let numbers = desk.statistics().await["total"].clone();
    let names = async |desk: &Desk, reply: &Reply| {
        let notices = desk.of_reply(reply).await;
        notices.iter().map(|notice| notice["name"].clone()).collect::<Vec<_>>()
    };
    desk.pass(47 * HOUR).await;
    jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(names(&desk, &reply).await, [Value::Null, json!("Gil Guest")]);
    desk.pass(2 * HOUR).await;
    jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(names(&desk, &reply).await, [Value::Null, Value::Null]);
    assert_eq!(names(&desk, &open).await, [json!("Gil Guest")], "what is open is answered yet");
    desk.app.confirming(&token).refused("not_found").await;
    let shown = desk.bob.get(format!("/api/v1/notices/{reference}")).expect(200).await.json();
    assert_eq!(shown["decision"]["outcome"], "kept");
    assert_eq!(desk.statistics().await["total"], numbers);
    desk.app.check().await;
}

#[actix_web::test]
async fn the_page_of_the_link_is_the_same_for_all_and_runs_its_own_script_alone() {
    let app = App::start().await;
    let page = app.get("/notices/confirm").expect(200).await;
    let csp = page.header("content-security-policy").unwrap();
    assert!(csp.starts_with("default-src 'none'; script-src 'sha256-") && csp.contains("connect-src 'self'"), "{csp}");
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let text = page.text();
    assert!(text.contains("../api/v1/notices/confirmations") && text.contains("location.hash"));
    assert!(!text.contains("innerHTML") && !text.contains("onclick"));
    assert_eq!(app.get("/notices/confirm?token=x").expect(200).await.text(), text);
}
