//! The twin migration trees: the same tables, keys, indexes and closed sets of values on both databases, as the code
//! knows them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
use rejoinder::{
    domain::{
        bulk::ItemOutcome,
        case::{CaseState, ReportFate},
        change::ChangeKind,
        closing::ClosedTexts,
        code::CodePurpose,
        data_export::DataExportState,
        fairness::AppealState,
        job::JobKind,
        moderation::{Action, ActorKind, Decider, ModerationMode, Reason},
        notice::{NoticeBasis, NoticeGround, NoticeOutcome, NoticeState},
        outside_check::OutsideKind,
        policy_run::{RunKind, RunState},
        reply_state::{ReplyState, Verb},
        rules::Outcome,
        sanction::SanctionKind,
        search_document::DocumentKind,
        session::{EndReason, SessionWay},
        site::{SiteRole, UnprovenAccounts},
        sso::{GrantKind, IssuerKind},
        statistics::Measure,
    },
    store::{Conn, DbError, Native},
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
    let rows: Vec<Column> = match &mut conn.native {
        Native::Sqlite(c) => sql_query(
            "SELECT t.name || '.' || c.name AS place, c.type AS kind, \
             CASE WHEN c.\"notnull\" = 0 THEN 'YES' ELSE 'NO' END AS nullable \
             FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE '!_!_%' ESCAPE '!' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'",
        )
        .load(*c),
        Native::Pg(c) => sql_query(
            "SELECT c.table_name || '.' || c.column_name AS place, c.data_type::text AS kind, \
             c.is_nullable::text AS nullable FROM information_schema.columns c \
             JOIN information_schema.tables t USING (table_schema, table_name) \
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.table_name NOT LIKE '\\_\\_%'",
        )
        .load(*c),
    }
    .unwrap();
    rows.into_iter().map(|row| (row.place, (row.kind, row.nullable == "YES"))).collect()
}

#[actix_web::test]
async fn the_database_has_the_tables_and_columns_that_the_code_knows() {
    let app = App::start().await;
    let (is_pg, found) = app.read(|conn| (conn.is_pg(), actual(conn))).await;
    assert!(found.len() > 100);
    assert_eq!(found, declared(is_pg));
}

fn migrations(tree: &str) -> BTreeMap<String, PathBuf> {
    let folder = format!("{}/migrations/{tree}", env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), entry.path())).collect()
}

/// What both databases share of a migration's tables and indexes (what begins with two underscores is each one's own), a
/// statement a line: types by SQLite's names (the
/// columns are compared above), without what only SQLite says of how a table is stored and what a boolean is.
fn statements(path: &Path) -> Vec<String> {
    let sql = fs::read_to_string(path.join("up.sql")).unwrap();
    let lines = sql.lines().filter(|line| !line.trim().starts_with("--")).map(|line| {
        let (line, end) = match line.split_once(" CHECK (") {
            Some((head, check)) if check.trim_end_matches([',', ';']).ends_with(" IN (0, 1))") => {
                (head, if check.ends_with(';') { ";" } else { "," })
            }
            _ => (line, ""),
        };
        let line = line
            .replace(") STRICT, WITHOUT ROWID;", ");")
            .replace(") STRICT;", ");")
            .replace(" DEFAULT false", " DEFAULT 0");
        let words = line.split_whitespace().map(|word| match word.trim_end_matches([',', ';']) {
            "UUID" | "BYTEA" => word.replacen(word.trim_end_matches([',', ';']), "BLOB", 1),
            "TIMESTAMPTZ" | "BIGINT" | "BOOLEAN" => word.replacen(word.trim_end_matches([',', ';']), "INTEGER", 1),
            _ => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ") + end
    });
    let text = lines.collect::<Vec<_>>().join(" ");
    let statements = text.split(';').map(str::trim);
    let is_shared = |statement: &&str| {
        ["CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX ", "ALTER "].iter().any(|it| statement.starts_with(it))
    };
    // SQLite has no statement for constraints; what comes of them is compared in the databases
    let is_own = |statement: &str| statement.contains(" CONSTRAINT ") || statement.contains(" __");
    statements.filter(is_shared).filter(|statement| !is_own(statement)).map(str::to_owned).collect()
}

#[test]
fn both_trees_make_the_same_tables_keys_checks_and_indexes() {
    let (sqlite, postgres) = (migrations("sqlite"), migrations("postgres"));
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    let mut count = 0;
    for (name, path) in &sqlite {
        let here = statements(path);
        assert_eq!(here, statements(&postgres[name]), "{name}");
        count += here.len();
    }
    assert!(count > 40, "{count}");
}

#[test]
fn nothing_that_goes_takes_other_rows_with_it() {
    let all = ["sqlite", "postgres"].map(migrations);
    let all = all.iter().flat_map(|tree| tree.values()).flat_map(|path| statements(path));
    let references: Vec<String> = all.filter(|statement| statement.contains(" REFERENCES ")).collect();
    assert!(references.len() > 20);
    for statement in references {
        for action in [" ON DELETE ", " ON UPDATE "] {
            assert!(!statement.contains(action), "{statement}");
        }
    }
}

/// The values of a closed set, in an order of their own.
fn sorted<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut values: Vec<String> = values.into_iter().map(str::to_owned).collect();
    values.sort();
    values
}

/// The values that each column's CHECK allows, as the database at hand has it.
fn closed_sets(conn: &mut Conn<'_>) -> BTreeMap<String, Vec<String>> {
    let rows: Vec<Column> = match &mut conn.native {
        Native::Sqlite(c) => sql_query(
            "SELECT name AS place, sql AS kind, '' AS nullable FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL",
        )
        .load(*c),
        Native::Pg(c) => sql_query(
            "SELECT conrelid::regclass::text AS place, pg_get_constraintdef(oid) AS kind, '' AS nullable \
             FROM pg_constraint WHERE contype = 'c'",
        )
        .load(*c),
    }
    .unwrap();
    let mut found = BTreeMap::new();
    for row in rows {
        for check in row.kind.split("CHECK (").skip(1).filter(|check| check.contains('\'')) {
            // PostgreSQL says of a set of one value that the column equals it
            let one = || check.split_once(" = '").filter(|(_, rest)| !rest.contains(" = "));
            let list = check.split_once(" IN ('").or_else(|| check.split_once(" = ANY (ARRAY['")).or_else(one);
            let column = check.trim_start_matches('(').split(' ').next().unwrap();
            if let Some((_, list)) = list.filter(|(head, _)| head.trim_start_matches('(') == column) {
                let values = list.split([')', ']']).next().unwrap().split('\'').step_by(2);
                found.insert(format!("{}.{column}", row.place), sorted(values.filter(|value| !value.is_empty())));
            }
        }
    }
    found
}

#[actix_web::test]
async fn every_closed_set_of_values_has_a_check_that_names_it_whole() {
    let reasons = sorted(Reason::ALL.iter().map(|reason| reason.as_str()));
    let states = sorted(ReplyState::ALL.iter().map(|state| state.as_str()));
    let modes = sorted(ModerationMode::ALL.iter().map(|mode| mode.as_str()));
    let runs = sorted(RunState::ALL.iter().map(|state| state.as_str()));
    let expected = [
        ("appeals.state", sorted(AppealState::ALL.iter().map(|state| state.as_str()))),
        ("bulk_items.outcome", sorted(ItemOutcome::ALL.iter().map(|outcome| outcome.as_str()))),
        ("bulks.action", sorted(Verb::ALL.iter().map(|verb| verb.as_str()))),
        ("bulks.reason", reasons.clone()),
        ("bulks.state", runs.clone()),
        ("cases.state", sorted(CaseState::ALL.iter().map(|state| state.as_str()))),
        ("codes.purpose", sorted(CodePurpose::ALL.iter().map(|purpose| purpose.as_str()))),
        ("day_counts.measure", sorted(Measure::ALL.iter().map(|measure| measure.as_str()))),
        ("decisions.action", sorted(Action::ALL.iter().map(|action| action.as_str()))),
        ("decisions.actor_kind", sorted(ActorKind::ALL.iter().map(|kind| kind.as_str()))),
        ("decisions.from_state", states.clone()),
        ("decisions.reason", reasons.clone()),
        ("decisions.to_state", states.clone()),
        ("identity_grants.kind", sorted(GrantKind::ALL.iter().map(|kind| kind.as_str()))),
        ("jobs.kind", sorted(JobKind::ALL.iter().map(|kind| kind.as_str()))),
        ("notice_decisions.basis", sorted(NoticeBasis::ALL.iter().map(|basis| basis.as_str()))),
        ("notice_decisions.outcome", sorted(NoticeOutcome::ALL.iter().map(|outcome| outcome.as_str()))),
        ("notices.ground", sorted(NoticeGround::ALL.iter().map(|ground| ground.as_str()))),
        ("notices.state", sorted(NoticeState::ALL.iter().map(|state| state.as_str()))),
        ("outside_checks.kind", sorted(OutsideKind::ALL.iter().map(|kind| kind.as_str()))),
        ("policy_runs.kind", sorted(RunKind::ALL.iter().map(|kind| kind.as_str()))),
        ("policy_runs.state", runs),
        ("replies.state", states),
        ("reports.outcome", sorted(ReportFate::ALL.iter().map(|fate| fate.as_str()))),
        ("reports.reason", reasons),
        ("sanctions.kind", sorted(SanctionKind::ALL.iter().map(|kind| kind.as_str()))),
        ("search_documents.kind", sorted(DocumentKind::ALL.iter().map(|kind| kind.as_str()))),
        ("closings.texts", sorted(ClosedTexts::ALL.iter().map(|texts| texts.as_str()))),
        ("data_exports.state", sorted(DataExportState::ALL.iter().map(|state| state.as_str()))),
        ("sessions.end_reason", sorted(EndReason::ALL.iter().map(|reason| reason.as_str()))),
        ("sessions.way", sorted(SessionWay::ALL.iter().map(|way| way.as_str()))),
        ("site_roles.role", sorted(SiteRole::ALL.iter().map(|role| role.as_str()))),
        ("sites.moderation_mode", modes.clone()),
        ("sites.unproven_accounts", sorted(UnprovenAccounts::ALL.iter().map(|what| what.as_str()))),
        ("sso_issuers.kind", sorted(IssuerKind::ALL.iter().map(|kind| kind.as_str()))),
        ("stories.moderation_mode", modes),
        ("story_changes.kind", sorted(ChangeKind::ALL.iter().map(|kind| kind.as_str()))),
        ("verdicts.decided_by", sorted(Decider::ALL.iter().map(|decider| decider.as_str()))),
        ("verdicts.outcome", sorted(Outcome::ALL.iter().map(|outcome| outcome.as_str()))),
    ];
    let found = App::start().await.read(closed_sets).await;
    assert_eq!(found, expected.map(|(column, values)| (column.to_owned(), values)).into());
}

#[actix_web::test]
async fn a_check_that_a_migration_edited_still_refuses() {
    let app = App::start().await;
    let insert =
        "INSERT INTO decisions (id, actor_kind, action, created_at) VALUES (randomblob(16), 'system', 'dance', 0)";
    let outcome: Result<(), DbError> = app
        .state
        .db
        .write(move |conn| {
            match &mut conn.native {
                Native::Sqlite(c) => c.batch_execute(insert)?,
                Native::Pg(c) => {
                    c.batch_execute(&insert.replace("randomblob(16)", "gen_random_uuid()").replace(", 0)", ", now())"))?
                }
            }
            Ok(())
        })
        .await;
    let refused = outcome.unwrap_err().to_string();
    assert!(refused.contains("CHECK constraint") || refused.contains("decisions_action_check"), "{refused}");
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
                match &mut conn.native {
                    Native::Sqlite(c) => c.batch_execute(sql)?,
                    Native::Pg(c) => c.batch_execute(sql)?,
                }
                Ok(())
            })
            .await;
        assert!(outcome.unwrap_err().to_string().contains("append-only"), "{sql}");
    }
    app.check().await;
}
