//! Who becomes whom: accounts from before, joined by their owners or by an e-mail that both sides verified, and never else.

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Site},
    app::App,
    issuing::{Issuing, registering},
};

fn joining(person: &Person, token: &str) -> crate::app::Request {
    person.post("/api/v1/me/identities").json(json!({"site": "blog", "token": token}))
}

async fn identities(person: &Person) -> Vec<Value> {
    person.get("/api/v1/me/identities").expect(200).await.json()["items"].as_array().unwrap().clone()
}

/// As if its owner had confirmed the account's e-mail again.
async fn verify(app: &App, person: &Person) {
    let sql = format!("UPDATE accounts SET email_verified_at = created_at WHERE username = '{}'", person.username);
    app.execute(&sql).await;
}

#[actix_web::test]
async fn an_account_is_joined_by_its_owner_while_signed_in_to_both() {
    let issuing = Issuing::start(json!({"gives_roles": ["author"]})).await;
    let ann = issuing.app().reader("ann").await;
    assert_eq!(identities(&ann).await, [Value::Null; 0]);
    let token = issuing.token_with("4711", json!({"name": "Another", "roles": ["author"]}));
    let joined = joining(&ann, &token).expect(201).await.json();
    assert_eq!(
        (&joined["site"], &joined["issuer"], &joined["sub"]),
        (&json!("blog"), &json!("wordpress"), &json!("4711"))
    );
    assert_eq!(identities(&ann).await, std::slice::from_ref(&joined));
    // it is spent, and nothing else of the account is another
    issuing.showing(&token).refused("invalid_sso_token").await;
    let me = ann.get("/api/v1/me").expect(200).await.json();
    assert_eq!(
        (&me["display_name"], &me["email"], &me["roles"]),
        (&json!("ann"), &json!("ann@example.org"), &json!([]))
    );

    let on = issuing.signs_on("4711", json!({"name": "Another", "roles": ["author"]})).await;
    assert_eq!(on.id, ann.id);
    let me = ann.get("/api/v1/me").expect(200).await.json();
    // the name is one's own here; the role is the issuer's to give
    assert_eq!((&me["display_name"], &me["roles"][0]["role"]), (&json!("ann"), &json!("author")));
    // once more is nothing new
    assert_eq!(joining(&ann, &issuing.token("4711")).expect(201).await.json()["id"], joined["id"]);
    issuing.app().check().await;
}

#[actix_web::test]
async fn an_identity_is_of_one_account_and_an_account_has_ten() {
    let issuing = Issuing::start(json!({})).await;
    let (ann, bob) = (issuing.app().reader("ann").await, issuing.app().reader("bob").await);
    joining(&ann, &issuing.token("ann")).expect(201).await;
    let taken = issuing.token("ann");
    joining(&bob, &taken).refused("state_conflict").await;
    let on = issuing.signs_on("on", json!({})).await;
    joining(&bob, &issuing.token("on")).refused("state_conflict").await;
    assert_eq!(issuing.signs_on("on", json!({})).await.id, on.id);
    for number in 1..10 {
        joining(&ann, &issuing.token(&format!("ann-{number}"))).expect(201).await;
    }
    joining(&ann, &issuing.token("one too many")).refused("invalid_sso_token").await;
    joining(&ann, &issuing.token("one-too-many")).refused("state_conflict").await;
    let first = ann.get("/api/v1/me/identities?limit=4").expect(200).await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = ann.get(format!("/api/v1/me/identities?cursor={cursor}")).expect(200).await.json();
    assert_eq!((first["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (4, 6));
    issuing.app().check().await;
}

#[actix_web::test]
async fn what_joins_nobody_is_refused() {
    let issuing = Issuing::start(json!({})).await;
    let ann = issuing.app().reader("ann").await;
    joining(&ann, "nonsense").refused("invalid_sso_token").await;
    let join = json!({"site": "nowhere", "token": issuing.token("1")});
    ann.post("/api/v1/me/identities").json(join).refused("not_found").await;
    // who holds an issuer's key would be an admin
    joining(&issuing.site.admin, &issuing.token("1")).refused("state_conflict").await;
    // a token for another site is none here
    let other = issuing.app().site("other").await;
    let join = json!({"site": "other", "token": issuing.token("1")});
    ann.post("/api/v1/me/identities").json(join.clone()).refused("invalid_sso_token").await;
    // a website joins nothing for another one
    issuing.site.set(json!({"allowed_origins": ["https://blog.example"]})).await;
    let from = |origin: &str| joining(&ann, &issuing.token("1")).header("Origin", origin);
    other.set(json!({"allowed_origins": ["https://other.example"]})).await;
    from("https://other.example").refused("origin_not_allowed").await;
    from("https://blog.example").expect(201).await;
    issuing.app().check().await;
}

#[actix_web::test]
async fn an_identity_is_removed_with_its_sessions_and_gifts_but_not_the_last_way_in() {
    let issuing = Issuing::start(json!({"gives_roles": ["moderator"], "gives_badges": true})).await;
    let ann = issuing.app().reader("ann").await;
    let joined = joining(&ann, &issuing.token("ann")).expect(201).await.json();
    let given = json!({"roles": ["moderator"], "badges": ["verified"]});
    let on = issuing.signs_on("ann", given).await;
    let path = format!("/api/v1/me/identities/{}", joined["id"].as_str().unwrap());
    issuing.app().reader("bob").await.delete(&path).refused("not_found").await;
    on.delete(&path).expect(204).await;
    on.get("/api/v1/me").refused("unauthenticated").await;
    let refresh = issuing.app().post("/api/v1/sessions/refresh").json(json!({"refresh_token": on.refresh_token}));
    refresh.refused("invalid_refresh_token").await;
    // the other session goes on, without what came by the identity
    assert_eq!(ann.get("/api/v1/me").expect(200).await.json()["roles"], json!([]));
    let holders = "/api/v1/sites/blog/badges/verified/holders";
    assert_eq!(issuing.site.admin.get(holders).expect(200).await.json()["items"], json!([]));
    ann.delete(&path).refused("not_found").await;
    assert_ne!(issuing.signs_on("ann", json!({})).await.id, ann.id);

    let new = issuing.signs_on("new", json!({})).await;
    let only = identities(&new).await.remove(0);
    let path = format!("/api/v1/me/identities/{}", only["id"].as_str().unwrap());
    new.delete(&path).refused("state_conflict").await;
    joining(&new, &issuing.token("new-too")).expect(201).await;
    new.delete(&path).expect(204).await;
    issuing.signs_on("new-too", json!({})).await.get("/api/v1/me").expect(200).await;
    issuing.app().check().await;
}

/// An issuer that may join by e-mail, and what it says of whom it knows.
async fn joining_blog() -> (Issuing, impl Fn(&Person) -> Value) {
    let issuing = Issuing::start(json!({"joins_by_verified_email": true})).await;
    let claims = |person: &Person| json!({"email": format!("{}@Example.org", person.username), "email_verified": true});
    (issuing, claims)
}

#[actix_web::test]
async fn a_verified_email_joins_where_the_site_lets_the_issuer() {
    let (issuing, claims) = joining_blog().await;
    let ann = issuing.app().reader("ann").await;
    let token = issuing.token_with("4711", claims(&ann));
    let tried = issuing.tries(&token).await;
    assert_eq!((&tried["outcome"], &tried["account_id"]), (&json!("joined_account"), &json!(ann.id)));
    // trying changes nothing
    assert_eq!(identities(&ann).await, [Value::Null; 0]);
    let on = issuing.app().person("ann", &issuing.showing(&token).expect(201).await.json());
    assert_eq!((&on.id, identities(&ann).await.len()), (&ann.id, 1));
    // the password goes on being a way in, and the subject leads there whatever its e-mail is later
    issuing.app().sign_in("ann", PASSWORD).await;
    assert_eq!(issuing.signs_on("4711", json!({})).await.id, ann.id);
    // another subject with the same e-mail is joined too: its owner is the same
    assert_eq!(issuing.signs_on("4712", claims(&ann)).await.id, ann.id);
    issuing.app().check().await;
}

/// Signs on with somebody's e-mail: a new account it is, and it has no e-mail.
async fn is_another(issuing: &Issuing, sub: &str, claims: Value, whom: &Person) {
    let on = issuing.signs_on(sub, claims).await;
    assert_ne!(on.id, whom.id);
    assert_eq!(on.get("/api/v1/me").expect(200).await.json()["email"], Value::Null);
    assert_eq!(identities(whom).await, [Value::Null; 0]);
}

#[actix_web::test]
async fn an_email_that_one_side_has_not_verified_joins_nobody() {
    let (issuing, claims) = joining_blog().await;
    let ann = issuing.app().reader("ann").await;
    // not verified here
    issuing.app().execute("UPDATE accounts SET email_verified_at = NULL").await;
    is_another(&issuing, "1", claims(&ann), &ann).await;
    verify(issuing.app(), &ann).await;
    // not verified there
    for (sub, is_verified) in [("2", json!({"email_verified": false})), ("3", json!({}))] {
        let mut claims = json!({"email": "ann@example.org"});
        claims.as_object_mut().unwrap().extend(is_verified.as_object().unwrap().clone());
        is_another(&issuing, sub, claims, &ann).await;
    }
    for wrong in [json!("true"), json!(1), json!(null)] {
        let token = issuing.token_with("4", json!({"email": "ann@example.org", "email_verified": wrong}));
        issuing.showing(&token).refused("invalid_sso_token").await;
    }
    issuing.app().check().await;
}

#[actix_web::test]
async fn an_issuer_without_that_right_joins_nobody_by_email() {
    let (issuing, claims) = joining_blog().await;
    let ann = issuing.app().reader("ann").await;
    let other = Issuing::by_secret(&issuing.site, "other", json!({})).await;
    let tried = other.tries(&other.token_with("1", claims(&ann))).await;
    assert_eq!(tried["outcome"], "new_account");
    assert_eq!(tried["remarks"].as_array().unwrap().len(), 1);
    is_another(&other, "1", claims(&ann), &ann).await;
    issuing.change(json!({"joins_by_verified_email": false})).await;
    is_another(&issuing, "1", claims(&ann), &ann).await;
    issuing.app().check().await;
}

#[actix_web::test]
async fn people_of_sites_and_admins_are_never_joined_by_email() {
    let (issuing, claims) = joining_blog().await;
    let elsewhere: Site = issuing.app().site("other").await;
    let staff = [
        issuing.site.moderator("mona").await,
        issuing.site.author("aaron").await,
        elsewhere.author("otto").await,
        issuing.site.admin.clone(),
    ];
    for (number, person) in staff.iter().enumerate() {
        is_another(&issuing, &number.to_string(), claims(person), person).await;
    }
    issuing.app().check().await;
}

#[actix_web::test]
async fn an_account_that_another_issuer_made_is_never_joined_by_email() {
    let (issuing, _) = joining_blog().await;
    let elsewhere = issuing.app().site("other").await;
    let first = Issuing::by_secret(&elsewhere, "first", json!({})).await;
    let email = json!({"email": "victim@example.org", "email_verified": true});
    // whoever runs that site might have named the victim's address before he came
    let prepared = first.signs_on("attacker", email.clone()).await;
    assert_eq!(prepared.get("/api/v1/me").expect(200).await.json()["email"], "victim@example.org");
    let victim = issuing.signs_on("victim", email).await;
    assert_ne!(victim.id, prepared.id);
    assert_eq!(victim.get("/api/v1/me").expect(200).await.json()["email"], Value::Null);
    issuing.app().check().await;
}

#[actix_web::test]
async fn the_same_iss_on_another_site_is_another_issuer() {
    let issuing = Issuing::start(json!({})).await;
    let other = issuing.app().site("other").await;
    let secret = "the same secret of one blog on two sites";
    issuing.change(json!({"secret": secret})).await;
    registering(
        &other,
        "wordpress",
        json!({"iss": issuing.iss, "aud": crate::issuing::AUD, "kind": "secret", "secret": secret}),
    )
    .expect(200)
    .await;
    let here = Issuing::of(&issuing.site, "wordpress", crate::issuing::Signer::secret(secret), None);
    let there = Issuing::of(&other, "wordpress", crate::issuing::Signer::secret(secret), None);
    let (ann, bob) = (here.signs_on("4711", json!({})).await, there.signs_on("4711", json!({})).await);
    assert_ne!(ann.id, bob.id);
    issuing.app().check().await;
}
