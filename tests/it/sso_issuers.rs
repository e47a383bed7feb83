//! Issuers of a site: registered, changed and deleted by admins, with secrets that nobody sees again.

use rejoinder::store::check;
use serde_json::{Value, json};

use crate::{
    app::App,
    issuing::{Issuing, Signer, issuer, registering, showing, with},
    outside::Outside,
    together::{together, with_status},
};

const LIST: &str = "/api/v1/sites/blog/sso/issuers";
const SECRET: &str = "a secret of more than thirty-two bytes";

#[actix_web::test]
async fn admins_register_change_and_delete_issuers_and_the_log_tells() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let mona = blog.moderator("mona").await;
    mona.get(LIST).refused("not_found").await;
    let path = format!("{LIST}/wordpress");
    blog.admin.get(&path).refused("not_found").await;
    mona.put(&path).header("If-Match", "\"0\"").json(issuer("wordpress", "secret")).refused("forbidden").await;
    blog.admin.put(&path).json(issuer("wordpress", "secret")).refused("precondition_required").await;
    let put =
        |version: i64, body: Value| blog.admin.put(&path).header("If-Match", &format!("\"{version}\"")).json(body);
    put(1, issuer("wordpress", "secret")).refused("precondition_failed").await;
    let made = put(0, issuer("wordpress", "secret")).expect(200).await;
    assert_eq!(made.header("etag"), Some("\"1\""));
    let made = made.json();
    assert_eq!(made["secret"].as_str().unwrap().len(), 43);
    for (field, value) in [
        ("joins_by_verified_email", json!(false)),
        ("gives_roles", json!([])),
        ("gives_badges", json!(false)),
        ("author_id", json!(blog.admin.id)),
        ("former_secret_fingerprint", Value::Null),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    let rights = json!({"gives_roles": ["moderator", "author", "author"], "joins_by_verified_email": true});
    put(1, with(issuer("wordpress", "secret"), rights.clone())).refused("invalid_fields").await;
    let rights = json!({"gives_roles": ["moderator", "author"], "joins_by_verified_email": true});
    let changed = put(1, with(issuer("wordpress", "secret"), rights)).expect(200).await.json();
    assert_eq!((&changed["version"], &changed["secret"]), (&json!(2), &Value::Null));
    assert_eq!((&changed["gives_roles"], &changed["gives_badges"]), (&json!(["author", "moderator"]), &json!(false)));
    let shown = blog.admin.get(&path).expect(200).await;
    assert_eq!((shown.header("etag"), shown.json()), (Some("\"2\""), changed.clone()));
    assert_eq!(blog.admin.get(LIST).expect(200).await.json()["items"], json!([changed]));

    put(2, issuer("another", "secret")).refused("invalid_fields").await;
    blog.admin.delete(&path).refused("precondition_required").await;
    blog.admin.delete(&path).header("If-Match", "\"1\"").refused("precondition_failed").await;
    blog.admin.delete(&path).header("If-Match", "\"2\"").expect(204).await;
    blog.admin.delete(&path).header("If-Match", "*").refused("not_found").await;

    let log = mona.get("/api/v1/sites/blog/log?action=change_issuer").expect(200).await.json();
    let (change, first) = (&log["items"][0]["details"], &log["items"][1]["details"]);
    assert_eq!(
        (&first["key"], &first["before"], &first["after"]["iss"]),
        (&json!("wordpress"), &Value::Null, &made["iss"])
    );
    assert_eq!((&change["before"]["gives_roles"], &change["after"]["version"]), (&json!([]), &json!(2)));
    assert_eq!(change["after"].get("iss"), None);
    let gone = mona.get("/api/v1/sites/blog/log?action=delete_issuer").expect(200).await.json();
    assert_eq!(gone["items"][0]["details"]["iss"], made["iss"]);
    app.check().await;
}

#[actix_web::test]
async fn a_site_has_ten_issuers_each_of_another_iss() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    for number in 0..10 {
        registering(&blog, &format!("i{number}"), issuer(&format!("i{number}"), "secret")).expect(200).await;
    }
    registering(&blog, "i10", issuer("i10", "secret")).refused("state_conflict").await;
    blog.admin.delete(format!("{LIST}/i9")).header("If-Match", "*").expect(204).await;
    registering(&blog, "i10", issuer("i0", "secret")).refused("state_conflict").await;
    registering(&blog, "I10", issuer("i10", "secret")).refused("invalid_request").await;
    let page = blog.admin.get(format!("{LIST}?limit=4")).expect(200).await.json();
    let next = format!("{LIST}?limit=9&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = blog.admin.get(next).expect(200).await.json();
    assert_eq!((&page["items"][3]["key"], &rest["items"][0]["key"]), (&json!("i3"), &json!("i4")));
    assert_eq!(rest["items"].as_array().unwrap().len(), 5);
    // of two at once one is told that it came too late
    let put = || blog.admin.put(format!("{LIST}/new")).header("If-Match", "\"0\"").json(issuer("new", "secret"));
    let answers = together((0..4).map(|_| put())).await;
    assert_eq!((with_status(&answers, 200), with_status(&answers, 412)), (1, 3));
    app.check().await;
}

#[actix_web::test]
async fn a_secret_is_seen_once_and_is_good_beside_its_successor() {
    let issuing = Issuing::start(json!({})).await;
    let first = issuing.site.admin.get(issuing.path()).expect(200).await.json();
    let works = async |signer: &Signer| {
        let token = signer.token(&issuing.header(), &issuing.claims("ann"));
        showing(&issuing.site, &token).send().await.status == 201
    };
    assert!(works(&issuing.signer).await);
    issuing.change(json!({"secret": SECRET, "rotate": true})).await;
    let both = issuing.site.admin.get(issuing.path()).expect(200).await.json();
    assert_eq!(both["former_secret_fingerprint"], first["secret_fingerprint"]);
    assert_ne!(both["secret_fingerprint"], first["secret_fingerprint"]);
    let second = Signer::secret(SECRET);
    assert!(works(&issuing.signer).await && works(&second).await);
    // the next change forgets the former one, and keeps the present one
    let third = issuing.change(json!({})).await;
    assert_eq!((&third["secret"], &third["former_secret_fingerprint"]), (&Value::Null, &Value::Null));
    assert!(!works(&issuing.signer).await && works(&second).await);
    let made = issuing.change(json!({"rotate": true})).await["secret"].as_str().unwrap().to_owned();
    assert!(works(&second).await && works(&Signer::secret(&made)).await);

    let log = issuing.site.admin.get("/api/v1/sites/blog/log").expect(200).await.text();
    let list = issuing.site.admin.get(LIST).expect(200).await.text();
    for text in [log, list] {
        assert!(!text.contains(SECRET) && !text.contains(&made), "{text}");
    }
    let plain = format!("SELECT count(*) AS count FROM sso_issuers WHERE secret LIKE '%{}%'", &made[..20]);
    assert_eq!(Outside::of(issuing.app()).count(&plain), 0);
    for short in ["", "thirty-one bytes are not enough", &"x".repeat(257)] {
        let put =
            registering(&issuing.site, "wordpress", with(issuer("wordpress", "secret"), json!({ "secret": short })));
        let problem = put.refused("invalid_fields").await;
        assert_eq!(problem["errors"][0]["pointer"], "/secret", "{short}");
    }
    issuing.app().check().await;
}

#[actix_web::test]
async fn what_belongs_to_another_kind_or_is_no_public_key_is_refused() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let key = Signer::ed25519().jwk("a");
    let keys = |keys: Value| json!({"kind": "keys", "keys": {"keys": keys}});
    let many: Vec<Value> = (0..21).map(|number| with(key.clone(), json!({"kid": number.to_string()}))).collect();
    for (more, pointer) in [
        (json!({"iss": ""}), "/iss"),
        (json!({"iss": "a b"}), "/iss"),
        (json!({"aud": "x".repeat(256)}), "/aud"),
        (json!({"keys": {"keys": [key]}}), "/keys"),
        (json!({"keys_url": "https://blog.example/keys"}), "/keys_url"),
        (json!({"kind": "keys"}), "/keys"),
        (with(keys(json!([key])), json!({"secret": SECRET})), "/secret"),
        (with(keys(json!([key])), json!({"rotate": true})), "/rotate"),
        (json!({"kind": "keys", "keys": [key]}), "/keys"),
        (keys(json!([])), "/keys"),
        (keys(json!(many)), "/keys"),
        (keys(json!([key, key])), "/keys"),
        (keys(json!([with(key.clone(), json!({"d": "AAAA"}))])), "/keys"),
        (keys(json!([with(key.clone(), json!({"use": "enc"}))])), "/keys"),
        (keys(json!([with(key.clone(), json!({"alg": "RS256"}))])), "/keys"),
        (keys(json!([{"kty": "oct", "k": "c2VjcmV0"}])), "/keys"),
        (json!({"kind": "keys", "keys": {"keys": [key], "more": "x".repeat(65_536)}}), "/keys"),
        (json!({"kind": "keys_url"}), "/keys_url"),
        (json!({"kind": "keys_url", "keys_url": "http://blog.example/keys"}), "/keys_url"),
        (json!({"kind": "keys_url", "keys_url": "https://127.0.0.1/keys"}), "/keys_url"),
        (json!({"kind": "keys_url", "keys_url": "https://169.254.169.254/latest"}), "/keys_url"),
        (json!({"kind": "keys_url", "keys_url": "https://a:b@blog.example/keys"}), "/keys_url"),
        (json!({"kind": "none"}), "/kind"),
        (json!({"gives_roles": ["admin"]}), "/gives_roles/0"),
    ] {
        let put = registering(&blog, "wordpress", with(issuer("wordpress", "secret"), more.clone()));
        let problem = put.refused("invalid_fields").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{more}");
    }
    assert_eq!(blog.admin.get(LIST).expect(200).await.json()["items"], json!([]));
    let shown =
        registering(&blog, "wordpress", with(issuer("wordpress", "keys"), keys(json!([key])))).expect(200).await.json();
    let shown_key = &shown["keys"][0];
    assert_eq!((&shown_key["kid"], &shown_key["alg"]), (&json!("a"), &json!("EdDSA")));
    assert_eq!(shown_key["thumbprint"].as_str().unwrap().len(), 43);
    app.check().await;
}

#[actix_web::test]
async fn a_deleted_issuer_takes_its_sessions_identities_and_gifts_with_it() {
    let rights = json!({"gives_roles": ["moderator", "author"], "gives_badges": true});
    let issuing = Issuing::start(rights.clone()).await;
    let story = issuing.site.story("s1").await;
    let given = json!({"name": "Mona", "roles": ["moderator"], "badges": ["verified"]});
    let mona = issuing.signs_on("mona", given.clone()).await;
    mona.replies(&story, "Mine.").await;
    let by_hand = issuing.app().reader("by-hand").await;
    let join = json!({"site": "blog", "token": issuing.token("by-hand")});
    by_hand.post("/api/v1/me/identities").json(join).expect(201).await;
    issuing.site.admin.put(format!("/api/v1/sites/blog/roles/{}/author", by_hand.id)).expect(204).await;
    issuing.signs_on("by-hand", json!({"roles": ["author", "moderator"]})).await;

    issuing.site.admin.delete(issuing.path()).header("If-Match", "*").expect(204).await;
    mona.get("/api/v1/me").refused("unauthenticated").await;
    let refresh = issuing.app().post("/api/v1/sessions/refresh").json(json!({"refresh_token": mona.refresh_token}));
    refresh.refused("invalid_refresh_token").await;
    issuing.showing(&issuing.token("mona")).refused("invalid_sso_token").await;
    // the account stays, and what it wrote
    let author = story.page("").await["items"][0]["author"].clone();
    assert_eq!((&author["display_name"], &author["badge"]), (&json!("Mona"), &Value::Null));
    assert_eq!(author.get("badges"), None);
    // so do the own session of who has joined, and what a person gave
    let me = by_hand.get("/api/v1/me").expect(200).await.json();
    assert_eq!(me["roles"].as_array().unwrap().len(), 1);
    assert_eq!(by_hand.get("/api/v1/me/identities").expect(200).await.json()["items"], json!([]));
    let log = issuing.site.admin.get("/api/v1/sites/blog/log?action=delete_issuer").expect(200).await.json();
    let details = &log["items"][0]["details"];
    for (what, number) in [("identities", 2), ("sessions", 2), ("roles", 2), ("badges", 1)] {
        assert_eq!(details[what], number, "{what}: {details}");
    }
    // registered anew it knows nobody
    let again = Issuing::by_secret(&issuing.site, "wordpress", rights).await;
    assert_ne!(again.signs_on("mona", given).await.id, mona.id);
    issuing.app().check().await;
}

#[actix_web::test]
async fn an_issuer_registered_anew_takes_no_token_twice() {
    let issuing = Issuing::start(json!({})).await;
    issuing.change(json!({"secret": SECRET})).await;
    let token = Signer::secret(SECRET).token(&issuing.header(), &issuing.claims("ann"));
    issuing.showing(&token).expect(201).await;
    issuing.site.admin.delete(issuing.path()).header("If-Match", "*").expect(204).await;
    issuing.change(json!({"secret": SECRET})).await;
    issuing.showing(&token).refused("invalid_sso_token").await;
    issuing.app().check().await;
}

#[actix_web::test]
async fn what_an_issuer_may_give_no_more_is_taken_back_at_once() {
    let issuing = Issuing::start(json!({"gives_roles": ["moderator", "author"], "gives_badges": true})).await;
    let given = json!({"roles": ["moderator", "author"], "badges": ["verified"]});
    let mona = issuing.signs_on("mona", given.clone()).await;
    let queue = || mona.get("/api/v1/moderation/replies?queue=pending&site=blog");
    queue().expect(200).await;
    issuing.change(json!({"gives_roles": ["author"], "gives_badges": false})).await;
    queue().refused("not_found").await;
    let roles = mona.get("/api/v1/me").expect(200).await.json()["roles"].clone();
    assert_eq!((roles.as_array().unwrap().len(), &roles[0]["role"]), (1, &json!("author")));
    let holders = "/api/v1/sites/blog/badges/verified/holders";
    assert_eq!(issuing.site.admin.get(holders).expect(200).await.json()["items"], json!([]));
    issuing.signs_on("mona", given).await;
    queue().refused("not_found").await;
    // its sessions end where somebody wants that
    issuing.change(json!({"end_sessions": true})).await;
    mona.get("/api/v1/me").refused("unauthenticated").await;
    issuing.signs_on("mona", json!({})).await.get("/api/v1/me").expect(200).await;
    issuing.app().check().await;
}

#[actix_web::test]
async fn a_token_that_was_looked_at_before_its_issuer_changed_is_refused() {
    let issuing = Issuing::start(json!({"gives_roles": ["moderator"]})).await;
    let token = issuing.token_with("mona", json!({"roles": ["moderator"]}));
    let (reached, go_on) = issuing.app().pause_at("INSERT INTO spent_tokens");
    if Outside::of(issuing.app()).is_pg() {
        // it holds the issuer: the change waits, and takes back what was given
        let signing_on = actix_web::rt::spawn(issuing.showing(&token).send());
        reached.await.unwrap();
        let change = registering(&issuing.site, "wordpress", issuer("wordpress", "secret"));
        let changing = actix_web::rt::spawn(change.send());
        Outside::of(issuing.app()).somebody_waits().await;
        go_on.send(()).unwrap();
        let on = signing_on.await.unwrap();
        assert_eq!((on.status.as_u16(), changing.await.unwrap().status.as_u16()), (201, 200));
        let mona = issuing.app().person("mona", &on.json());
        assert_eq!(mona.get("/api/v1/me").expect(200).await.json()["roles"], json!([]));
    }
    issuing.app().check().await;
}

#[actix_web::test]
async fn check_finds_issuers_and_identities_that_cannot_be() {
    let issuing = Issuing::start(json!({})).await;
    let ann = issuing.signs_on("ann", json!({})).await;
    let wrong = async || {
        let mut lines = Vec::new();
        issuing
            .app()
            .read(move |conn| {
                check::run(conn, &mut |line| lines.extend(line.differences)).unwrap();
                lines
            })
            .await
    };
    assert_eq!(wrong().await, [""; 0]);
    issuing.app().execute("UPDATE sso_issuers SET kind = 'keys'").await;
    assert!(wrong().await[0].ends_with("has not what its kind needs"), "{:?}", wrong().await);
    issuing.app().execute("UPDATE sso_issuers SET kind = 'secret'").await;
    issuing.app().execute("DELETE FROM identities").await;
    assert!(wrong().await[0].ends_with("goes on, and the identity by which it began is gone"), "{:?}", wrong().await);
    assert_eq!(ann.username, "ann");
}
