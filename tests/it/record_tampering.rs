//! What was sealed and then changed behind the application's back is found, and texts may be erased all the same.

use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query};
use rejoinder::{
    domain::{
        ids::DecisionId,
        log_chain::{Hash, from_hex},
    },
    record::verify::{Known, verify},
    store::{
        Conn, DbError, Native, log_rows, log_seals,
        log_texts::{self, ErasedOutcome},
    },
};
use serde_json::Value;

use crate::record::{Recorded, verified};

impl Recorded {
    /// Runs statements where nothing keeps the log from being changed.
    async fn tamper(&self, sql: &str) {
        let off = if self.app.database.is_on_server() {
            ["decisions", "log_rows", "log_seals"]
                .map(|table| format!("ALTER TABLE {table} DISABLE TRIGGER USER"))
                .join(";")
        } else {
            let names = [
                "decisions_never_change",
                "decisions_never_go",
                "log_rows_never_change",
                "log_rows_never_go",
                "log_seals_never_change",
                "log_seals_never_go",
            ];
            names.map(|name| format!("DROP TRIGGER {name}")).join(";")
        };
        self.app.execute(&off).await;
        self.app.execute(sql).await;
    }

    /// The ids of rows with this action, the first ones first.
    async fn ids(&self, action: &str) -> Vec<DecisionId> {
        let path = format!("/api/v1/sites/blog/log?action={action}");
        let log = self.mona.get(path).expect(200).await.json();
        let ids = log["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().parse().unwrap());
        let mut ids: Vec<DecisionId> = ids.map(DecisionId).collect();
        ids.reverse();
        ids
    }

    async fn erase(&self, id: DecisionId) -> ErasedOutcome {
        let erase = move |conn: &mut Conn<'_>| Ok::<_, DbError>(log_texts::erase(conn, id)?);
        self.app.state.db.write(erase).await.unwrap()
    }

    /// Why the database refuses a statement.
    async fn refused(&self, sql: String) -> String {
        let run = move |conn: &mut Conn<'_>| {
            match &mut conn.native {
                Native::Sqlite(c) => c.batch_execute(&sql)?,
                Native::Pg(c) => c.batch_execute(&sql)?,
            }
            Ok::<_, DbError>(())
        };
        self.app.state.db.write(run).await.unwrap_err().to_string()
    }
}

/// An id in a statement.
fn literal(id: impl ToString, is_pg: bool) -> String {
    if is_pg { format!("'{}'", id.to_string()) } else { crate::record::blob(&id.to_string()) }
}

#[actix_web::test]
async fn every_change_of_what_is_sealed_is_found() {
    let of_site = "chain = CHAIN AND place";
    let cases = [
        ("UPDATE decisions SET note = 'nothing' WHERE id = REJECT", "places"),
        ("UPDATE decisions SET details = NULL, message = NULL, note = NULL WHERE id = REJECT", "places"),
        ("UPDATE decisions SET actor_id = NULL WHERE id = REJECT", "places"),
        ("UPDATE decisions SET reason = 'other' WHERE id = REJECT", "places"),
        ("UPDATE decisions SET site_id = NULL WHERE id = GRANT", "another's"),
        ("UPDATE decisions SET request_id = 'mine' WHERE id = GRANT", "places"),
        // words where there were none
        ("UPDATE decisions SET message = 'forged' WHERE id = POST", "places"),
        ("DELETE FROM decisions WHERE id = GRANT", "is gone"),
        ("UPDATE log_rows SET salt = NULL WHERE decision_id = REJECT", "places"),
        ("UPDATE log_rows SET digest = DIGEST, salt = NULL WHERE decision_id = REJECT", "places"),
        (&format!("DELETE FROM log_rows WHERE {of_site} = 2"), "there are"),
        (
            &format!(
                "UPDATE log_rows SET place = 1000 WHERE {of_site} = 1; UPDATE log_rows SET place = 1 WHERE {of_site} = 2; \
                 UPDATE log_rows SET place = 2 WHERE {of_site} = 1000"
            ),
            "places 1 to",
        ),
        ("INSERT INTO log_rows (chain, place, decision_id) VALUES (CHAIN, 1000, CHAIN)", "behind place"),
        ("UPDATE log_seals SET sealed_at = newest_at WHERE chain = CHAIN AND number = 2", "not what its hash says"),
        ("UPDATE log_seals SET rows_hash = DIGEST WHERE chain = CHAIN AND number = 2", "places"),
        ("UPDATE log_seals SET row_count = 2000000000 WHERE chain = CHAIN AND number = 3", "seals 2000000000 rows"),
        ("UPDATE log_seals SET hash = DIGEST WHERE chain = CHAIN AND number = 2", "not what its hash says"),
        ("DELETE FROM log_seals WHERE chain = CHAIN AND number = 1", "seals are missing"),
        ("DELETE FROM log_seals WHERE chain = CHAIN AND number = 2", "seals are missing"),
        ("DELETE FROM log_seals WHERE chain = CHAIN", "behind place 0"),
    ];
    for (sql, words) in cases {
        let recorded = Recorded::create().await;
        let (is_clean, _) = recorded.checked().await;
        assert!(is_clean);
        let is_pg = recorded.app.database.is_on_server();
        let digest = if is_pg { format!("'\\x{}'", "ab".repeat(32)) } else { format!("x'{}'", "ab".repeat(32)) };
        let sql = sql
            .replace("REJECT", &literal(recorded.ids("reject").await[1], is_pg))
            .replace("POST", &literal(recorded.ids("post").await[0], is_pg))
            .replace("GRANT", &literal(recorded.ids("grant_role").await[0], is_pg))
            .replace("CHAIN", &literal(&recorded.blog.id, is_pg))
            .replace("DIGEST", &digest);
        recorded.tamper(&sql).await;
        let (is_clean, found) = recorded.checked().await;
        assert!(!is_clean && found.contains(words), "{sql}: {found}");
        // an added row that refers to nothing is in no export, and so harmless there
        if !sql.starts_with("INSERT")
            && sql != format!("DELETE FROM log_seals WHERE chain = {}", literal(&recorded.blog.id, is_pg))
        {
            let text = recorded.export("").await;
            verified(&text).map(|_| ()).expect_err(&format!("{sql}:\n{text}"));
        }
    }
}

#[actix_web::test]
async fn a_chain_that_is_made_anew_or_cut_off_fits_no_head_that_was_kept() {
    let recorded = Recorded::create().await;
    let is_pg = recorded.app.database.is_on_server();
    let kept = recorded.head().await;
    let known = Known {
        head: Hash::parse(kept["head"]["hash"].as_str().unwrap()),
        public_key: from_hex(kept["public_key"].as_str().unwrap()),
    };
    verify(recorded.export("").await.as_bytes(), &known).unwrap();
    // somebody changes a row, throws all seals away, and lets the service seal anew
    let reject = literal(recorded.ids("reject").await[1], is_pg);
    let forget = "DELETE FROM log_seals; DELETE FROM log_rows";
    recorded.tamper(&format!("UPDATE decisions SET note = 'nothing' WHERE id = {reject}; {forget}")).await;
    recorded.seal().await;
    let text = recorded.export("").await;
    verified(&text).unwrap();
    assert!(recorded.checked().await.0);
    assert!(verify(text.as_bytes(), &known).unwrap_err().to_string().contains("known head"));
}

#[actix_web::test]
async fn a_row_put_in_by_hand_stands_at_the_end() {
    let recorded = Recorded::create().await;
    let rows = recorded.head().await["head"]["rows"].as_i64().unwrap();
    let is_pg = recorded.app.database.is_on_server();
    let id: DecisionId = recorded.app.state.random.id(recorded.app.now());
    let (id, site) = (literal(id, is_pg), literal(&recorded.blog.id, is_pg));
    let long_ago = if is_pg { "'2000-01-01T00:00:00Z'" } else { "946684800000000" };
    let insert = format!(
        "INSERT INTO decisions (id, site_id, actor_kind, action, created_at) VALUES ({id}, {site}, 'system', 'change_site', {long_ago})"
    );
    recorded.app.execute(&insert).await;
    recorded.seal().await;
    let text = recorded.export("").await;
    verified(&text).unwrap();
    let row = text.lines().find(|line| line.contains("2000-01-01T00:00:00Z")).unwrap();
    assert!(row.contains(&format!(r#""place":{}"#, rows + 1)), "{row}");
}

#[actix_web::test]
async fn texts_are_erased_and_the_chain_holds() {
    let recorded = Recorded::create().await;
    let before = recorded.export("").await;
    let rejected = recorded.ids("reject").await;
    assert_eq!(recorded.erase(rejected[1]).await, ErasedOutcome::Erased);
    assert_eq!(recorded.erase(rejected[1]).await, ErasedOutcome::NothingThere);
    assert_eq!(recorded.erase(recorded.ids("post").await[0]).await, ErasedOutcome::NothingThere);
    let after = recorded.export("").await;
    let proved = verified(&after).unwrap();
    assert_eq!((proved.erased, proved.links), (1, verified(&before).unwrap().links));
    let kind = |text: &str| text.matches("Please be kind.").count();
    assert_eq!((kind(&before), kind(&after)), (3, 2));
    recorded.app.check().await;

    recorded.goes_on("dora").await;
    let last = *recorded.ids("reject").await.last().unwrap();
    assert_eq!(recorded.erase(last).await, ErasedOutcome::NotSealed);
    recorded.seal().await;
    assert_eq!(recorded.erase(last).await, ErasedOutcome::Erased);
    verified(&recorded.export("").await).unwrap();
}

#[actix_web::test]
async fn nothing_else_is_taken_from_the_log() {
    let recorded = Recorded::create().await;
    let is_pg = recorded.app.database.is_on_server();
    let rejected = recorded.ids("reject").await;
    recorded.erase(rejected[0]).await;
    let (erased, other) = (literal(rejected[0], is_pg), literal(rejected[1], is_pg));
    let digest = if is_pg { format!("'\\x{}'", "ab".repeat(32)) } else { format!("x'{}'", "ab".repeat(32)) };
    let mut statements = vec![
        format!("UPDATE decisions SET note = NULL, message = NULL, details = NULL WHERE id = {other}"),
        format!("UPDATE decisions SET note = 'x' WHERE id = {erased}"),
        format!("UPDATE decisions SET message = 'x' WHERE id = {erased}"),
        format!("UPDATE decisions SET details = 'x' WHERE id = {erased}"),
        format!("DELETE FROM decisions WHERE id = {erased}"),
        format!("UPDATE log_rows SET salt = NULL WHERE decision_id = {other}"),
        format!("UPDATE log_rows SET salt = NULL, digest = {digest}, place = 1000 WHERE decision_id = {other}"),
        format!("UPDATE log_rows SET salt = NULL, digest = {digest} WHERE decision_id = {erased}"),
        format!("UPDATE log_rows SET digest = NULL WHERE decision_id = {erased}"),
        "UPDATE log_rows SET place = place + 1000".to_owned(),
        "DELETE FROM log_rows".to_owned(),
        "UPDATE log_seals SET sealed_at = sealed_at".to_owned(),
        "DELETE FROM log_seals".to_owned(),
    ];
    // each column there is, also one that a later migration adds
    let columns = recorded.app.read(columns_of_the_log).await;
    assert!(columns.len() >= 17, "{columns:?}");
    let words = ["note", "message", "details"];
    for column in columns.iter().filter(|column| !words.contains(&column.as_str())) {
        // any other value, or none where there is one
        statements.push(format!(
            "UPDATE decisions SET {column} = CASE WHEN {column} IS NULL THEN (SELECT max_of.{column} FROM decisions max_of \
             WHERE max_of.{column} IS NOT NULL LIMIT 1) ELSE NULL END WHERE id = {erased}"
        ));
    }
    for sql in statements {
        let said = recorded.refused(sql.clone()).await;
        // what nothing in the log has a value for stays as it is, and that is refused too
        assert!(said.contains("append-only") || said.to_lowercase().contains("null"), "{sql}: {said}");
    }
    recorded.app.check().await;
}

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

fn columns_of_the_log(conn: &mut Conn<'_>) -> Vec<String> {
    let rows: Vec<Named> = match &mut conn.native {
        Native::Sqlite(c) => sql_query("SELECT name FROM pragma_table_info('decisions')").load(*c),
        Native::Pg(c) => {
            sql_query("SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = 'decisions'")
                .load(*c)
        }
    }
    .unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

#[actix_web::test]
async fn seals_and_rows_know_each_other() {
    let recorded = Recorded::create().await;
    let site = rejoinder::domain::ids::SiteId(recorded.blog.id.parse().unwrap());
    let look = move |conn: &mut Conn<'_>| {
        let last = log_seals::find_last(conn, site).unwrap().unwrap();
        let number = log_seals::find_number_of(conn, site, last.first_place).unwrap();
        let rows = log_rows::list(conn, site, (last.first_place, last.last_place())).unwrap();
        (last, number, rows)
    };
    let (last, number, rows) = recorded.app.read(look).await;
    assert_eq!((last.number, number, rows.len()), (3, Some(3), last.row_count as usize));
    assert!(rows.iter().all(|(row, decision)| decision.as_ref().is_some_and(|found| found.id == row.decision_id)));
    // of rows without words nothing is kept but their places
    let salted = rows.iter().filter(|(row, _)| row.salt.is_some()).count();
    assert!(salted > 0 && salted < rows.len());
    let listed: Value = recorded.head().await;
    assert_eq!(listed["head"]["number"], 3);
}
