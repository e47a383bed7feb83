//! Signing on by a token of the blog: the account that it leads to, and what of it follows later tokens.

use rejoinder::{
    domain::ids::{AccountId, SiteId},
    http::site_roles::change_admin,
    jobs,
    store::{Conn, identities},
};
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person},
    issuing::{Issuing, part},
    outside::Outside,
    together::{together, with_status},
};

async fn me(person: &Person) -> Value {
    person.get("/api/v1/me").expect(200).await.json()
}

async fn log(issuing: &Issuing, action: &str) -> Vec<Value> {
    let path = format!("/api/v1/sites/blog/log?action={action}");
    issuing.site.admin.get(path).expect(200).await.json()["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_readers_first_token_makes_an_account_and_later_ones_lead_to_it() {
    let issuing = Issuing::start(json!({})).await;
    let story = issuing.site.story("s1").await;
    let token = issuing.token_with("4711", json!({"name": "Ann  Reads", "nbf": issuing.app().now().as_secs()}));
    let answer = issuing.showing(&token).expect(201).await;
    assert_eq!(answer.json()["token_type"], "Bearer");
    let ann = issuing.app().person("ann", &answer.json());
    let shown = me(&ann).await;
    assert_eq!((&shown["display_name"], &shown["username"]), (&json!("Ann Reads"), &json!("Ann_Reads")));
    assert_eq!((&shown["email"], &shown["is_admin"], &shown["roles"]), (&Value::Null, &json!(false), &json!([])));
    ann.replies(&story, "Signed on.").await;
    assert_eq!(story.page("").await["items"][0]["author"]["display_name"], "Ann Reads");

    let again = issuing.signs_on("4711", json!({})).await;
    assert_eq!(again.id, ann.id);
    let other = issuing.signs_on("4712", json!({})).await;
    assert_ne!(other.id, ann.id);
    // a session as any other
    let refreshed = issuing.app().post("/api/v1/sessions/refresh").json(json!({"refresh_token": again.refresh_token}));
    refreshed.expect(201).await;
    let mut database = Outside::of(issuing.app());
    let begun = "SELECT count(*) AS count FROM sessions WHERE way = 'sso' AND identity_id IS NOT NULL";
    assert_eq!(database.count(begun), 3);
    assert_eq!(
        database.count("SELECT count(*) AS count FROM accounts WHERE proven_at IS NOT NULL AND password_hash IS NULL"),
        2
    );
    // and nobody signs in to it by a password
    let guessed = json!({"identifier": "Ann_Reads", "password": PASSWORD});
    issuing.app().post("/api/v1/sessions").json(guessed).refused("wrong_credentials").await;

    let site = SiteId(issuing.site.id.parse().unwrap());
    let find = |key: &'static str, sub: &'static str| {
        issuing.app().read(move |conn| identities::find(conn, site, key, sub).unwrap())
    };
    assert_eq!(find("wordpress", "4711").await.unwrap().to_string(), ann.id);
    assert_eq!((find("wordpress", "4713").await, find("other", "4711").await), (None, None));
    issuing.app().check().await;
}

#[actix_web::test]
async fn each_token_is_good_for_once_also_of_many_at_once() {
    let issuing = Issuing::start(json!({})).await;
    let token = issuing.token("4711");
    issuing.showing(&token).expect(201).await;
    issuing.showing(&token).refused("invalid_sso_token").await;
    let tried = issuing.tries(&token).await;
    assert_eq!((&tried["is_good"], &part(&tried, "jti")["is_right"]), (&json!(false), &json!(false)));
    let token = issuing.token("4711");
    let answers = together((0..8).map(|_| issuing.showing(&token))).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 401)), (1, 7));
    // and the same id in another token is the same token
    let claims = issuing.claims("4711");
    let sooner = issuing.token_with("4711", json!({"jti": claims["jti"], "exp": issuing.app().now().as_secs() + 60}));
    issuing.showing(&sooner).expect(201).await;
    issuing.showing(&issuing.signer.token(&issuing.header(), &claims)).refused("invalid_sso_token").await;

    // what nobody takes any more need not be remembered
    let mut database = Outside::of(issuing.app());
    let remembered = "SELECT count(*) AS count FROM spent_tokens";
    assert_eq!(database.count(remembered), 3);
    issuing.app().pass(std::time::Duration::from_secs(340));
    jobs::run_due(&issuing.app().state).await.unwrap();
    assert_eq!(database.count(remembered), 0);
    issuing.showing(&token).refused("invalid_sso_token").await;
    issuing.app().check().await;
}

#[actix_web::test]
async fn two_first_tokens_at_once_make_one_account() {
    let issuing = Issuing::start(json!({})).await;
    let tokens: Vec<String> = (0..6).map(|_| issuing.token_with("4711", json!({"name": "Ann"}))).collect();
    let answers = together(tokens.iter().map(|token| issuing.showing(token))).await;
    assert_eq!(with_status(&answers, 201), 6);
    let first = answers[0].json()["account_id"].clone();
    assert!(answers.iter().all(|answer| answer.json()["account_id"] == first));
    issuing.app().check().await;
}

#[actix_web::test]
async fn a_username_is_made_of_the_name_and_is_nobody_elses_and_not_reserved() {
    let issuing = Issuing::start(json!({})).await;
    issuing.site.set(json!({"reserved_names": ["kettle-king"]})).await;
    issuing.app().reader("ann").await;
    let mut usernames = Vec::new();
    for (sub, name) in [("1", "Ann"), ("2", "Ann"), ("3", "Admin"), ("4", "Kettle King"), ("5", "☃"), ("6", "☃")] {
        let person = issuing.signs_on(sub, json!({"name": name})).await;
        let shown = me(&person).await;
        assert_eq!(shown["display_name"], name);
        usernames.push(shown["username"].as_str().unwrap().to_owned());
    }
    let starts = ["Ann-", "Ann-", "guest-", "Kettle_King-", "guest-", "guest-"];
    for (username, start) in usernames.iter().zip(starts) {
        assert!(username.starts_with(start), "{usernames:?}");
    }
    // a name that cannot be shown is passed over
    for (sub, name) in [("7", "a\u{202e}b"), ("8", ""), ("9", &"x".repeat(61))] {
        let person = issuing.signs_on(sub, json!({ "name": name })).await;
        let shown = me(&person).await;
        assert_eq!(shown["display_name"], shown["username"], "{name}");
    }
    issuing.app().check().await;
}

#[actix_web::test]
async fn only_a_verified_and_free_email_is_taken_over() {
    let issuing = Issuing::start(json!({})).await;
    issuing.app().reader("ann").await;
    let email = async |sub: &str, claims: Value| me(&issuing.signs_on(sub, claims).await).await["email"].clone();
    assert_eq!(email("1", json!({"email": "new@example.org"})).await, Value::Null);
    assert_eq!(email("2", json!({"email": "new@example.org", "email_verified": false})).await, Value::Null);
    assert_eq!(email("3", json!({"email": "nonsense", "email_verified": true})).await, Value::Null);
    assert_eq!(email("4", json!({"email": "New@Example.org", "email_verified": true})).await, "New@example.org");
    assert_eq!(email("5", json!({"email": "new@example.org", "email_verified": true})).await, Value::Null);
    // of a local account, which is not joined by it
    assert_eq!(email("6", json!({"email": "ann@example.org", "email_verified": true})).await, Value::Null);
    // it stays as it was
    assert_eq!(email("4", json!({"email": "newer@example.org", "email_verified": true})).await, "New@example.org");
    let mut database = Outside::of(issuing.app());
    assert_eq!(
        database.count(
            "SELECT count(*) AS count FROM accounts WHERE email_verified_at IS NOT NULL AND password_hash IS NULL"
        ),
        1
    );
    issuing.app().check().await;
}

#[actix_web::test]
async fn the_name_follows_the_token_until_its_owner_names_himself_otherwise() {
    let issuing = Issuing::start(json!({})).await;
    let story = issuing.site.story("s1").await;
    let ann = issuing.signs_on("4711", json!({"name": "Ann"})).await;
    ann.replies(&story, "Mine.").await;
    let shown = async || story.page("").await["items"][0]["author"]["display_name"].clone();
    assert_eq!(shown().await, "Ann");
    issuing.signs_on("4711", json!({"name": "Ann B."})).await;
    assert_eq!(shown().await, "Ann B.");
    // a token that says nothing of it changes nothing
    issuing.signs_on("4711", json!({})).await;
    assert_eq!(shown().await, "Ann B.");
    ann.patch("/api/v1/me").json(json!({"display_name": "The Kettle"})).expect(200).await;
    issuing.signs_on("4711", json!({"name": "Ann C."})).await;
    assert_eq!(shown().await, "The Kettle");
    assert_eq!(me(&ann).await["username"], "Ann");
    issuing.app().check().await;
}

#[actix_web::test]
async fn roles_come_from_tokens_only_by_right_and_never_that_of_an_admin() {
    let issuing = Issuing::start(json!({})).await;
    let all = json!({"roles": ["admin", "moderator", "author", "editor-in-chief"]});
    let roles = async |person: &Person| -> Vec<String> {
        let shown = me(person).await;
        assert_eq!(shown["is_admin"], false);
        shown["roles"].as_array().unwrap().iter().map(|role| role["role"].as_str().unwrap().to_owned()).collect()
    };
    let mona = issuing.signs_on("mona", all.clone()).await;
    assert_eq!(roles(&mona).await, [""; 0]);
    issuing.change(json!({"gives_roles": ["author"]})).await;
    issuing.signs_on("mona", all.clone()).await;
    assert_eq!(roles(&mona).await, ["author"]);
    issuing.change(json!({"gives_roles": ["moderator", "author"]})).await;
    issuing.signs_on("mona", all.clone()).await;
    assert_eq!(roles(&mona).await.len(), 2);
    mona.get("/api/v1/moderation/replies?queue=pending&site=blog").expect(200).await;
    let granted = log(&issuing, "grant_role").await;
    assert_eq!(granted[0]["details"], json!({"role": "moderator", "issuer": "wordpress"}));
    assert_eq!((&granted[0]["actor_kind"], &granted[0]["account_id"]), (&json!("system"), &json!(mona.id)));

    // whoever signs on without them has them no more, at once and with any token of his
    issuing.signs_on("mona", json!({"roles": ["author"]})).await;
    assert_eq!(roles(&mona).await, ["author"]);
    mona.get("/api/v1/moderation/replies?queue=pending&site=blog").refused("not_found").await;
    issuing.signs_on("mona", json!({})).await;
    assert_eq!(roles(&mona).await, [""; 0]);
    assert_eq!(log(&issuing, "revoke_role").await.len(), 2);

    // what a person gave is not taken back by a token
    let grant = format!("/api/v1/sites/blog/roles/{}/moderator", mona.id);
    issuing.site.admin.put(&grant).expect(204).await;
    issuing.signs_on("mona", json!({"roles": ["moderator"]})).await;
    issuing.signs_on("mona", json!({})).await;
    assert_eq!(roles(&mona).await, ["moderator"]);
    // nor what he gave after he had taken it from the issuer
    issuing.site.admin.delete(&grant).expect(204).await;
    issuing.signs_on("mona", json!({"roles": ["moderator"]})).await;
    issuing.site.admin.delete(&grant).expect(204).await;
    issuing.site.admin.put(&grant).expect(204).await;
    issuing.signs_on("mona", json!({})).await;
    assert_eq!(roles(&mona).await, ["moderator"]);
    issuing.app().check().await;
}

#[actix_web::test]
async fn badges_follow_the_token_where_the_issuer_may_give_them() {
    let issuing = Issuing::start(json!({})).await;
    let story = issuing.site.story("s1").await;
    for number in 1..=6 {
        let put = issuing.site.admin.put(format!("/api/v1/sites/blog/badges/b{number}")).header("If-Match", "\"0\"");
        put.json(json!({"label": format!("Badge {number}")})).expect(200).await;
    }
    let ann = issuing.signs_on("ann", json!({"badges": ["b1"]})).await;
    ann.replies(&story, "Mine.").await;
    let shown = async || -> Vec<String> {
        let author = story.page("").await["items"][0]["author"].clone();
        let badges = author["badges"].as_array().cloned().unwrap_or_default();
        badges.iter().map(|badge| badge["key"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(shown().await, [""; 0]);
    issuing.change(json!({"gives_badges": true})).await;
    issuing.signs_on("ann", json!({"badges": ["b1", "b1", "unknown", "moderator", "No badge\u{0}"]})).await;
    assert_eq!(shown().await, ["b1"]);
    issuing.signs_on("ann", json!({"badges": ["b2", "verified"]})).await;
    assert_eq!(shown().await, ["b2", "verified"]);
    // five at most, and what is taken back makes room
    issuing.signs_on("ann", json!({"badges": ["b1", "b2", "b3", "b4", "b5", "b6"]})).await;
    assert_eq!(shown().await, ["b1", "b2", "b3", "b4", "b5"]);
    issuing.site.admin.put(format!("/api/v1/sites/blog/badges/b6/holders/{}", ann.id)).refused("state_conflict").await;
    issuing.signs_on("ann", json!({})).await;
    assert_eq!(shown().await, [""; 0]);
    // what a person gave stays
    issuing.site.admin.put(format!("/api/v1/sites/blog/badges/b6/holders/{}", ann.id)).expect(204).await;
    issuing.signs_on("ann", json!({"badges": ["b6"]})).await;
    issuing.signs_on("ann", json!({})).await;
    assert_eq!(shown().await, ["b6"]);
    let given = log(&issuing, "grant_badge").await;
    assert_eq!(given[1]["details"]["issuer"], "wordpress");
    // a badge that is gone is forgotten: the next of its name is another
    issuing.signs_on("ann", json!({"badges": ["b1"]})).await;
    issuing.site.admin.delete("/api/v1/sites/blog/badges/b1").header("If-Match", "*").expect(204).await;
    let again = issuing.site.admin.put("/api/v1/sites/blog/badges/b1").header("If-Match", "\"0\"");
    again.json(json!({"label": "Another"})).expect(200).await;
    issuing.site.admin.put(format!("/api/v1/sites/blog/badges/b1/holders/{}", ann.id)).expect(204).await;
    issuing.signs_on("ann", json!({})).await;
    assert_eq!(shown().await, ["b1", "b6"]);
    issuing.app().check().await;
}

#[actix_web::test]
async fn who_is_suspended_signs_on_and_reads_why() {
    let issuing = Issuing::start(json!({})).await;
    let ann = issuing.signs_on("ann", json!({})).await;
    let impose = issuing.site.admin.post(format!("/api/v1/accounts/{}/sanctions", ann.id));
    impose.json(json!({"kind": "ban", "reason": "rude"})).expect(201).await;
    let again = issuing.signs_on("ann", json!({})).await;
    again.get("/api/v1/me").refused("suspended").await;
    let told = again.get("/api/v1/me/sanctions").expect(200).await.json();
    assert_eq!(told["items"][0]["kind"], "ban");
    issuing.app().check().await;
}

#[actix_web::test]
async fn whoever_became_an_admin_signs_on_no_more() {
    let issuing = Issuing::start(json!({})).await;
    let ann = issuing.signs_on("ann", json!({})).await;
    let (id, state, now) = (AccountId(ann.id.parse().unwrap()), issuing.app().state.clone(), issuing.app().now());
    let make = move |conn: &mut Conn<'_>| change_admin(conn, id, true, (&state.random, now));
    issuing.app().state.db.write(make).await.unwrap();
    // also what began before is none by his word
    ann.get("/api/v1/me").refused("unauthenticated").await;
    let refresh = json!({"refresh_token": ann.refresh_token});
    issuing.app().post("/api/v1/sessions/refresh").json(refresh).refused("invalid_refresh_token").await;
    let token = issuing.token("ann");
    let tried = issuing.tries(&token).await;
    assert_eq!((&tried["is_good"], &tried["outcome"]), (&json!(false), &Value::Null));
    assert!(part(&tried, "sub")["says"].as_str().unwrap().starts_with("is an admin's"));
    issuing.showing(&token).refused("invalid_sso_token").await;
    issuing.app().check().await;
}

#[actix_web::test]
async fn a_closed_account_is_nobodys_identity_and_the_next_token_makes_another() {
    let issuing = Issuing::start(json!({"gives_roles": ["author"], "gives_badges": true})).await;
    let ann = issuing.app().reader("ann").await;
    let join = json!({"site": "blog", "token": issuing.token("4711")});
    ann.post("/api/v1/me/identities").json(join).expect(201).await;
    let on = issuing.signs_on("4711", json!({"roles": ["author"], "badges": ["staff"]})).await;
    assert_eq!(on.id, ann.id);
    on.closes().await;
    on.get("/api/v1/me").refused("unauthenticated").await;
    let mut database = Outside::of(issuing.app());
    assert_eq!(database.count("SELECT count(*) AS count FROM identities"), 0);
    let new = issuing.signs_on("4711", json!({})).await;
    assert_ne!(new.id, ann.id);
    issuing.app().check().await;
}

#[actix_web::test]
async fn many_useless_tokens_from_one_address_have_to_wait() {
    let app = crate::app::App::with(&[("SIGN_IN_FAILURES_PER_ADDRESS", "3")]).await;
    let issuing = Issuing::by_secret(&app.site("blog").await, "wordpress", json!({})).await;
    let good = issuing.token("4711");
    for _ in 0..3 {
        issuing.showing("nonsense").from("10.0.0.1").refused("invalid_sso_token").await;
    }
    let told = issuing.showing(&good).from("10.0.0.1").expect(429).await;
    assert!(told.header("retry-after").is_some());
    let join = issuing.site.admin.post("/api/v1/me/identities").json(json!({"site": "blog", "token": "nonsense"}));
    join.from("10.0.0.1").refused("too_many_attempts").await;
    // good ones count for nothing, wherever they come from
    for sub in ["1", "2", "3", "4", "5"] {
        issuing.showing(&issuing.token(sub)).from("10.0.0.2").expect(201).await;
    }
    issuing.showing(&good).from("10.0.0.2").expect(201).await;
    app.check().await;
}
