//! Muting, and revisions compared.

use rejoinder::{
    domain::{ids::AccountId, username::Username},
    store::{
        Conn, DbError,
        accounts::{self, Account},
        mutes,
    },
};
use serde_json::{Value, json};

use crate::app::App;

#[actix_web::test]
async fn who_is_muted_is_ones_own_affair() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let (ann, bob, eve) = (app.reader("ann").await, app.reader("bob").await, app.reader("zoe").await);
    bob.replies(&story, "Something tiring.").await;
    let page = story.page("").await;
    let mute = |id: &str| format!("/api/v1/me/mutes/{id}");
    ann.put(mute(&bob.id)).expect(204).await;
    ann.put(mute(&bob.id)).expect(204).await;
    ann.put(mute(&eve.id)).expect(204).await;
    assert_eq!(ann.mine(&story).await["muted"], json!([bob.id, eve.id]));
    assert_eq!(bob.mine(&story).await["muted"], json!([]));
    assert_eq!(story.page("").await, page, "what all see stays the same");
    let first = ann.get("/api/v1/me/mutes?limit=1").expect(200).await.json();
    assert_eq!((&first["items"][0]["account_id"], &first["items"][0]["display_name"]), (&json!(bob.id), &json!("bob")));
    let next = format!("/api/v1/me/mutes?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = ann.get(next).expect(200).await.json();
    assert_eq!((&second["items"][0]["account_id"], &second["next_cursor"]), (&json!(eve.id), &Value::Null));
    ann.delete(mute(&bob.id)).expect(204).await;
    ann.delete(mute(&bob.id)).expect(204).await;
    assert_eq!(ann.mine(&story).await["muted"], json!([eve.id]));
    ann.put(mute(&ann.id)).refused("state_conflict").await;
    ann.put(mute("0193a000-0000-7000-8000-00000000dead")).expect(404).await;
    // who leaves takes along whom he did not want to read
    ann.closes().await;
    let me = ann.id.parse().map(AccountId).unwrap();
    let by_ann = app.read(move |conn| mutes::list_ids(conn, me).unwrap()).await;
    assert_eq!(by_ann, []);
}

#[actix_web::test]
async fn who_mutes_as_many_as_may_be_mutes_one_of_them_again_and_nobody_else() {
    let app = App::start().await;
    let (ann, bob, eve) = (app.reader("ann").await, app.reader("bob").await, app.reader("zoe").await);
    let mute = |id: &str| format!("/api/v1/me/mutes/{id}");
    ann.put(mute(&bob.id)).expect(204).await;
    let (me, now) = (ann.id.parse().map(AccountId).unwrap(), app.now());
    let random = app.state.random.clone();
    let fill = move |conn: &mut Conn<'_>| {
        for number in 1..500 {
            let name = Username::parse(&format!("m-{number}")).unwrap();
            let account = Account::new(random.id(now), None, &name, now);
            accounts::insert(conn, &account)?;
            mutes::insert(conn, me, account.id, now)?;
        }
        Ok::<_, DbError>(())
    };
    app.state.db.write(fill).await.unwrap();
    ann.put(mute(&bob.id)).expect(204).await;
    ann.put(mute(&eve.id)).refused("state_conflict").await;
    ann.delete(mute(&bob.id)).expect(204).await;
    ann.put(mute(&eve.id)).expect(204).await;
}

#[actix_web::test]
async fn any_two_revisions_are_compared_word_by_word() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (mona, ann, story) = (blog.moderator("mona").await, app.reader("ann").await, blog.story("s1").await);
    let reply = ann.replies(&story, "The cat sat on the mat.").await;
    let reply = ann.edits(&reply, "The dog sat on the mat.").await;
    let reply = ann.edits(&reply, "The dog slept on the mat.").await;
    let path = format!("/api/v1/moderation/replies/{}/diff", reply.id);
    let part = |change: &str, text: &str| json!({"change": change, "text": text});
    let last = mona.get(&path).expect(200).await.json();
    let expected =
        json!([part("same", "The dog "), part("removed", "sat"), part("added", "slept"), part("same", " on the mat.")]);
    assert_eq!((&last["from"], &last["to"], &last["parts"]), (&json!(2), &json!(3), &expected));
    let all = mona.get(format!("{path}?from=1&to=3")).expect(200).await.json();
    assert_eq!(all["parts"][1], part("removed", "cat"));
    let back = mona.get(format!("{path}?from=3&to=1")).expect(200).await.json();
    assert_eq!(back["parts"][2], part("added", "cat"));
    for query in ["?from=4", "?to=9", "?from=0", "?from=x"] {
        mona.get(format!("{path}{query}")).refused("invalid_query").await;
    }
    ann.get(&path).expect(404).await;
}
