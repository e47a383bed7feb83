//! The twin migration trees: the same tables, columns and closed sets of values on both databases, as the code knows
//! them.

use std::{collections::BTreeMap, fs, path::PathBuf};

use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
use rejoinder::{
    domain::{
        moderation::{Action, ActorKind, ModerationMode, Reason},
        reply_state::ReplyState,
        site::SiteRole,
    },
    store::{Conn, DbError},
};

use crate::app::App;

/// By table and column: the type and whether it may be null.
type Columns = BTreeMap<String, (String, bool)>;

/// What `schema.rs` says, with a column's type as the database at hand names it.
fn declared(is_pg: bool) -> Columns {
    let name_of = |kind: &str| match (kind, is_pg) {
        ("Key", true) => "uuid",
        ("Key", false) | ("Binary", false) => "BLOB",
        ("Instant", true) => "timestamp with time zone",
        ("Instant" | "Integer" | "BigInt" | "Bool", false) => "INTEGER",
        ("Integer", true) => "integer",
        ("BigInt", true) => "bigint",
        ("Bool", true) => "boolean",
        ("Binary", true) => "bytea",
        ("Text", true) => "text",
        ("Text", false) => "TEXT",
        (kind, _) => panic!("unknown type {kind}"),
    };
    let (mut columns, mut table) = (Columns::new(), String::new());
    for line in include_str!("../../src/store/schema.rs").lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(") {").and_then(|head| head.split_once(" (")) {
            table = name.to_owned();
        } else if let Some((column, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            columns.insert(format!("{table}.{column}"), (name_of(inner.unwrap_or(kind)).to_owned(), inner.is_some()));
        }
    }
    columns
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    nullable: String,
}

fn actual(conn: &mut Conn<'_>) -> Columns {
    let rows: Vec<Column> = match conn {
        Conn::Sqlite(c) => sql_query(
            "SELECT t.name || '.' || c.name AS place, c.type AS kind, \
             CASE WHEN c.\"notnull\" = 0 THEN 'YES' ELSE 'NO' END AS nullable \
             FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE '!_!_%' ESCAPE '!' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'",
        )
        .load(*c),
        Conn::Pg(c) => sql_query(
            "SELECT table_name || '.' || column_name AS place, data_type::text AS kind, is_nullable::text AS nullable \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'",
        )
        .load(*c),
    }
    .unwrap();
    rows.into_iter().map(|row| (row.place, (row.kind, row.nullable == "YES"))).collect()
}

#[actix_web::test]
async fn the_database_has_the_tables_and_columns_that_the_code_knows() {
    let app = App::start().await;
    let (is_pg, found) = app.read(|conn| (matches!(conn, Conn::Pg(_)), actual(conn))).await;
    assert!(found.len() > 100);
    assert_eq!(found, declared(is_pg));
}

fn migrations(tree: &str) -> BTreeMap<String, PathBuf> {
    let folder = format!("{}/migrations/{tree}", env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), entry.path())).collect()
}

/// The words of each CHECK of a migration, in their order; `BETWEEN 0 AND 1` of SQLite's booleans left out.
fn checks(path: &std::path::Path) -> Vec<String> {
    let sql = fs::read_to_string(path.join("up.sql")).unwrap();
    let words = sql.lines().filter(|line| !line.trim().starts_with("--")).collect::<Vec<_>>().join(" ");
    let mut checks = Vec::new();
    for rest in words.split("CHECK (").skip(1) {
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        let check = rest[..end.unwrap()].split_whitespace().collect::<Vec<_>>().join(" ");
        if !check.ends_with(" IN (0, 1)") {
            checks.push(check);
        }
    }
    checks
}

#[test]
fn both_trees_have_the_same_steps_with_the_same_checks() {
    let (sqlite, postgres) = (migrations("sqlite"), migrations("postgres"));
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    let mut count = 0;
    for (name, path) in &sqlite {
        let checks_here = checks(path);
        assert_eq!(checks_here, checks(&postgres[name]), "{name}");
        count += checks_here.len();
    }
    assert!(count > 30);
}

/// Every value of a set as SQL lists them.
fn listed(values: impl IntoIterator<Item = &'static str>) -> String {
    values.into_iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_closed_set_of_values_has_a_check_that_names_it_whole() {
    let mut found: Vec<String> = migrations("sqlite").values().flat_map(|path| checks(path)).collect();
    found.retain(|check| check.contains(" IN ('"));
    let reasons = listed(Reason::ALL.iter().map(|reason| reason.as_str()));
    let states = listed(ReplyState::ALL.iter().map(|state| state.as_str()));
    let modes = listed(ModerationMode::ALL.iter().map(|mode| mode.as_str()));
    let expected = [
        format!("moderation_mode IN ({modes})"),
        format!("role IN ({})", listed(SiteRole::ALL.iter().map(|role| role.as_str()))),
        format!("state IN ({states})"),
        format!("reason IN ({reasons})"),
        format!("actor_kind IN ({})", listed(ActorKind::ALL.iter().map(|kind| kind.as_str()))),
        format!("action IN ({})", listed(Action::ALL.iter().map(|action| action.as_str()))),
        format!("from_state IN ({states})"),
        format!("to_state IN ({states})"),
    ];
    // the order of a list's words makes no difference
    let sorted = |check: &str| {
        let (column, list) = check.split_once(" IN (").unwrap();
        let mut values: Vec<String> = list.trim_end_matches(')').split(", ").map(str::to_owned).collect();
        values.sort();
        (column.to_owned(), values)
    };
    let found: Vec<_> = found.iter().map(|check| sorted(check)).collect();
    for check in &expected {
        assert!(found.contains(&sorted(check)), "{check} is not among {found:?}");
    }
}

#[actix_web::test]
async fn the_log_takes_no_change_and_loses_nothing() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    app.reader("ann").await.replies(&story, "Logged.").await;
    for sql in ["UPDATE decisions SET note = 'x'", "DELETE FROM decisions"] {
        let outcome: Result<(), DbError> = app
            .state
            .db
            .write(move |conn| {
                match conn {
                    Conn::Sqlite(c) => c.batch_execute(sql)?,
                    Conn::Pg(c) => c.batch_execute(sql)?,
                }
                Ok(())
            })
            .await;
        assert!(outcome.unwrap_err().to_string().contains("append-only"), "{sql}");
    }
    app.check().await;
}
