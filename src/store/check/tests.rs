mod blog;

use uuid::Uuid;

use super::NAMED_MAX;
use blog::{Blog, STORY};

#[test]
fn a_consistent_database_is_clean_and_everything_was_looked_at() {
    let (is_clean, lines) = Blog::new().check();
    assert!(is_clean, "{lines:#?}");
    let (keys, lines): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.name == "foreign keys");
    assert!(keys[0].looked_at > 30, "{keys:?}");
    let shown: Vec<String> = lines.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "public replies of stories: 2 looked at, 0 wrong",
            "sites and keys of story URLs: 2 looked at, 0 wrong",
            "counters of sites: 2 looked at, 0 wrong",
            "counters of authors: 1 looked at, 0 wrong",
            "sums of days: 2 looked at, 0 wrong",
            "places of replies: 37 looked at, 0 wrong",
            "sequence numbers of replies: 37 looked at, 0 wrong",
            "public replies directly below: 37 looked at, 0 wrong",
            "public replies below: 37 looked at, 0 wrong",
            "recommendations of replies: 37 looked at, 0 wrong",
            "open reports of replies: 37 looked at, 0 wrong",
            "replies in queues: 37 looked at, 0 wrong",
            "log chains of replies: 37 looked at, 0 wrong",
            "verdicts about replies: 0 looked at, 0 wrong",
            "revisions of replies: 37 looked at, 0 wrong",
            "stories and sites of what belongs to replies: 37 looked at, 0 wrong",
            "last decisions that teach: 1 looked at, 0 wrong",
            "cases of replies: 1 looked at, 0 wrong",
            "records of reporters: 0 looked at, 0 wrong",
            "sanctions: 0 looked at, 0 wrong",
            "notes of moderators: 2 looked at, 0 wrong",
            "badges of sites: 2 looked at, 0 wrong",
            "badges of people: 1 looked at, 0 wrong",
            "featured replies: 2 looked at, 0 wrong",
            "statements of refused replies: 0 looked at, 0 wrong",
            "returned replies: 0 looked at, 0 wrong",
            "appeals: 0 looked at, 0 wrong",
            "notices: 0 looked at, 0 wrong",
            "texts with open notices: 0 looked at, 0 wrong",
            "issuers of sites: 1 looked at, 0 wrong",
            "identities: 1 looked at, 0 wrong",
            "sessions by identities: 1 looked at, 0 wrong",
            "keys of sites: 1 looked at, 0 wrong",
            "e-mail addresses of accounts: 1 looked at, 0 wrong",
            "codes and ways back of accounts: 1 looked at, 0 wrong",
            "second factors: 1 looked at, 0 wrong",
            "claims of imported accounts: 0 looked at, 0 wrong",
            "accounts that are to be closed, or were: 0 looked at, 0 wrong",
            "copies of people's data: 0 looked at, 0 wrong",
            "replies whose texts were erased: 0 looked at, 0 wrong",
            "lessons of decisions: 2 looked at, 0 wrong",
            "sums of lessons: 0 looked at, 0 wrong",
            "log seals: 0 looked at, 0 wrong",
            "log rows not sealed yet: 39 looked at, 0 wrong",
            "words that are searched for: 41 looked at, 0 wrong",
            "names of closed accounts: 1 looked at, 0 wrong",
        ]
    );
}

#[test]
fn what_differs_is_named_with_both_values_and_bounded() {
    let mut blog = Blog::new();
    blog.corrupt("UPDATE stories SET replies = 40 WHERE replies > 0; UPDATE replies SET recommendations = 7");
    let (_, lines) = blog.check();
    let stories = lines.iter().find(|line| line.name == "public replies of stories").unwrap();
    assert_eq!(
        stories.to_string(),
        format!(
            "public replies of stories: 2 looked at, 1 wrong\n  story {}: stored 40, counted 37",
            Uuid::from_u128(STORY)
        )
    );
    let votes = lines.iter().find(|line| line.name == "recommendations of replies").unwrap();
    assert_eq!((votes.wrong, votes.differences.len()), (37, NAMED_MAX));
    assert!(votes.to_string().ends_with("\n  and 17 more"));
}

#[test]
fn wrong_counters_are_found() {
    assert_eq!(Blog::found("UPDATE stories SET replies = 36 WHERE last_seq > 0"), [("public replies of stories", 1)]);
    for column in ["pending", "approved", "rejected", "spam", "withdrawn", "returned", "reported", "flagged", "appeals"]
    {
        let sql = format!("UPDATE site_counters SET {column} = {column} + 1 WHERE approved > 0");
        assert_eq!(Blog::found(&sql), [("counters of sites", 1)], "{column}");
    }
    assert_eq!(Blog::found("DELETE FROM site_counters WHERE approved > 0"), [("counters of sites", 1)]);
    assert_eq!(Blog::found("UPDATE author_counters SET spam = 1"), [("counters of authors", 1)]);
    assert_eq!(Blog::found("DELETE FROM author_counters"), [("counters of authors", 1)]);
    assert_eq!(
        Blog::found("UPDATE replies SET direct_below = 2 WHERE depth = 3"),
        [("public replies directly below", 1)]
    );
    assert_eq!(Blog::found("UPDATE replies SET visible_below = 0 WHERE depth = 32"), [("public replies below", 1)]);
    assert_eq!(
        Blog::found("UPDATE replies SET recommendations = 2 WHERE recommendations = 1"),
        [("recommendations of replies", 1)]
    );
    assert_eq!(Blog::found("DELETE FROM recommendations"), [("recommendations of replies", 1)]);
    assert_eq!(
        Blog::found("UPDATE reports SET closed_at = created_at"),
        [("open reports of replies", 1), ("cases of replies", 1)]
    );
}

#[test]
fn a_history_of_nothing_is_no_fault() {
    let mut blog = Blog::new();
    blog.corrupt(
        "INSERT INTO author_counters SELECT a.id, s.id, 0, 0, 0, 0, 0, 0 FROM accounts a, sites s \
         WHERE a.closed_at IS NOT NULL",
    );
    assert!(blog.check().0);
}

#[test]
fn wrong_places_are_found() {
    const PLACES: &str = "places of replies";
    let third = "WHERE depth = 3";
    for change in [
        "depth = 4",
        "parent_id = NULL",
        "parent_id = (SELECT id FROM replies WHERE depth = 1 AND direct_below > 0)",
        "in_reply_to = parent_id",
        "site_id = (SELECT id FROM sites WHERE key = 'other')",
        "story_id = (SELECT id FROM stories WHERE last_seq = 0)",
        "path = X'00000001000000020000000300'",
        "path = X'000000010000000200000063'",
        "root_id = (SELECT id FROM replies WHERE depth = 1 AND direct_below = 0)",
    ] {
        let found = Blog::found(&format!("UPDATE replies SET {change} {third}"));
        assert!(found.iter().any(|(name, _)| *name == PLACES), "{change}: {found:?}");
    }
    let found = Blog::found("UPDATE replies SET in_reply_to = id WHERE depth = 33");
    assert_eq!(found, [(PLACES, 4)]);
    let found =
        Blog::found("UPDATE replies SET in_reply_to = (SELECT id FROM replies WHERE depth = 31) WHERE depth = 33");
    assert_eq!(found, [(PLACES, 4)]);
}

#[test]
fn wrong_sequence_numbers_are_found() {
    const NUMBERS: &str = "sequence numbers of replies";
    assert_eq!(Blog::found("UPDATE stories SET last_seq = last_seq - 1 WHERE last_seq > 0"), [(NUMBERS, 1)]);
    let again = "UPDATE replies SET path = X'00000001' WHERE depth = 1 AND direct_below = 0";
    assert_eq!(Blog::found(again), [(NUMBERS, 1)]);
    let beyond = "UPDATE replies SET path = X'FFFFFFFF' WHERE depth = 1 AND direct_below = 0";
    assert_eq!(Blog::found(beyond), [(NUMBERS, 1)]);
}

#[test]
fn broken_log_chains_are_found() {
    const CHAINS: &str = "log chains of replies";
    for sql in [
        "DELETE FROM decisions WHERE action = 'approve'",
        "UPDATE decisions SET to_state = 'spam' WHERE action = 'approve'",
        "UPDATE decisions SET from_state = 'spam' WHERE action = 'approve'",
        "UPDATE decisions SET from_state = NULL WHERE action = 'approve'",
        "UPDATE decisions SET from_state = 'pending' WHERE action = 'post' AND reply_id = \
         (SELECT id FROM replies WHERE depth = 2)",
        "UPDATE decisions SET reply_version = 4 WHERE action = 'approve'",
        "UPDATE replies SET version = 2 WHERE depth = 5",
        "UPDATE replies SET refused_at = created_at WHERE depth = 5",
    ] {
        assert_eq!(Blog::found(sql), [(CHAINS, 1)], "{sql}");
    }
    let found = Blog::found("DELETE FROM decisions WHERE reply_id = (SELECT id FROM replies WHERE depth = 9)");
    assert_eq!(found, [("sums of days", 1), (CHAINS, 1)]);
    let found = Blog::found("DELETE FROM decisions WHERE action = 'edit'");
    assert_eq!(found, [(CHAINS, 1), ("revisions of replies", 1)]);
    let state = Blog::found("UPDATE replies SET state = 'rejected' WHERE depth = 1 AND direct_below = 0");
    assert!(state.contains(&(CHAINS, 1)), "{state:?}");
}

const VERDICTS: &str = "verdicts about replies";
const TEACHING: &str = "last decisions that teach";
const LESSONS: &str = "lessons of decisions";
const SUMS: &str = "sums of lessons";

#[test]
fn what_was_judged_and_taught_is_clean_and_was_looked_at() {
    let (is_clean, lines) = Blog::judged().check();
    assert!(is_clean, "{lines:#?}");
    let looked_at = |name| lines.iter().find(|line| line.name == name).map(|line| line.looked_at);
    // eight lessons and two sites; two months, of the site and of all; one decision that was made before there were lessons
    let looked_at = [VERDICTS, TEACHING, LESSONS, SUMS].map(looked_at);
    assert_eq!(looked_at, [Some(5), Some(5), Some(10), Some(4)]);
}

#[test]
fn wrong_verdicts_are_found() {
    let held = "WHERE outcome = 'hold'";
    for sql in [
        format!("UPDATE verdicts SET outcome = 'spam' {held}"),
        format!("UPDATE verdicts SET outcome = 'pass' {held}"),
        format!("UPDATE verdicts SET decided_by = 'mode' {held}"),
        format!("UPDATE verdicts SET decided_by = 'staff' {held}"),
        format!("UPDATE verdicts SET decided_by = 'not_run' {held}"),
        "UPDATE verdicts SET decided_by = 'rules' WHERE outcome = 'flag'".to_owned(),
        format!("UPDATE verdicts SET findings = '{{}}' {held}"),
        format!("UPDATE verdicts SET findings = '{{\"f\":[]}}' {held}"),
        format!("UPDATE verdicts SET findings = '{{\"f\":[[\"words\",\"spam\",1.0,[],\"a word\"]]}}' {held}"),
        format!("UPDATE verdicts SET reply_version = 9 {held}"),
        format!("UPDATE verdicts SET reply_version = 2 {held}"),
    ] {
        let mut found = Blog::judged().found_after(&sql);
        // what rules held is counted again from verdicts
        found.retain(|(name, _)| *name != "sums of days");
        assert_eq!(found, [(VERDICTS, 1)], "{sql}");
    }
    // a flag that nobody counted
    let sql = "UPDATE site_counters SET flagged = 0 WHERE flagged > 0";
    assert_eq!(Blog::judged().found_after(sql), [("counters of sites", 1)]);
}

#[test]
fn wrong_lessons_are_found() {
    for change in [
        "is_bad = (number <> 3) WHERE number IN (3, 6)",
        "month = month - 1 WHERE number IN (5, 6)",
        "number = number + 1 WHERE number = 8",
        "reply_version = 9 WHERE number = 6",
        "reply_version = 1 WHERE number = 6",
        "revision = 3 WHERE number IN (5, 6)",
        "reply_id = (SELECT id FROM replies WHERE depth = 1 AND direct_below > 0) WHERE number = 7",
        "takes_back = NULL WHERE number = 8",
        "takes_back = 1 WHERE number = 8",
        "slots = X'07' WHERE number = 8",
        "slots = X'80' WHERE number = 7",
        "score = 1000001 WHERE number = 7",
        "score = 1 WHERE number = 8",
    ] {
        let found = Blog::judged().found_after(&format!("UPDATE lessons SET {change}"));
        assert!(found.iter().any(|(name, _)| *name == LESSONS), "{change}: {found:?}");
    }
    for sql in [
        "DELETE FROM lessons",
        "DELETE FROM lessons WHERE number = 4",
        "DELETE FROM lessons WHERE number = 8",
        "UPDATE site_counters SET lessons = 9 WHERE lessons > 0",
    ] {
        let found = Blog::judged().found_after(sql);
        assert!(found.iter().any(|(name, _)| *name == LESSONS), "{sql}: {found:?}");
    }
}

#[test]
fn decisions_that_taught_something_else_or_nothing_are_found() {
    let without = |number: i64| {
        format!(
            "DELETE FROM lessons WHERE number > {number}; UPDATE site_counters SET lessons = {number} WHERE lessons > 0"
        )
    };
    // nothing was taken back; then nothing was learnt either
    assert_eq!(Blog::judged().found_after(&without(7)), [(TEACHING, 1)]);
    assert_eq!(Blog::judged().found_after(&without(6)), [(TEACHING, 2)]);
    for change in ["is_bad = (number = 7) WHERE number = 7", "revision = 2 WHERE number = 7"] {
        let found = Blog::judged().found_after(&format!("UPDATE lessons SET {change}"));
        assert!(found.contains(&(TEACHING, 1)), "{change}: {found:?}");
    }
}

#[test]
fn wrong_sums_of_lessons_are_found() {
    for table in ["lesson_sums", "shared_lesson_sums"] {
        let first = format!("WHERE month = (SELECT min(month) FROM {table})");
        for sql in [
            format!("DELETE FROM {table} {first}"),
            format!("UPDATE {table} SET good = good + 1 {first}"),
            format!("UPDATE {table} SET bad = 0 {first}"),
            format!("UPDATE {table} SET counts = X'' {first}"),
            format!("UPDATE {table} SET counts = X'80' {first}"),
        ] {
            assert_eq!(Blog::judged().found_after(&sql), [(SUMS, 1)], "{sql}");
        }
        assert_eq!(Blog::judged().found_after(&format!("DELETE FROM {table}")), [(SUMS, 2)]);
        let moved = format!("UPDATE {table} SET month = month - 7 {first}");
        assert_eq!(Blog::judged().found_after(&moved), [(SUMS, 2)]);
    }
    for summed in [0, 3, 5, 9] {
        let sql = format!("UPDATE site_counters SET lessons_summed = {summed} WHERE lessons > 0");
        assert!(Blog::judged().found_after(&sql).iter().all(|(name, _)| *name == SUMS), "{summed}");
    }
}

/// A key that nothing has.
const NOBODY: &str = "X'0000000000000000000000000000FFFF'";

#[test]
fn rows_that_refer_to_nothing_are_counted_and_named() {
    let mut blog = Blog::new();
    blog.corrupt(&format!("UPDATE replies SET author_id = {NOBODY}; UPDATE reports SET reporter_id = {NOBODY}"));
    let (is_clean, lines) = blog.check();
    let line = lines.iter().find(|line| line.name == "foreign keys").unwrap();
    assert!(!is_clean);
    assert_eq!((line.wrong, line.differences.len()), (38, NAMED_MAX));
    assert!(line.differences.iter().any(|text| text.starts_with("replies, ") && text.ends_with("no row of accounts")));
}

#[test]
fn broken_references_are_found() {
    const BELONGING: &str = "stories and sites of what belongs to replies";
    let other_site = "(SELECT id FROM sites WHERE key = 'other')";
    let other_story = "(SELECT id FROM stories WHERE last_seq = 0)";
    for (sql, name) in [
        ("UPDATE revisions SET number = 2".to_owned(), "revisions of replies"),
        ("DELETE FROM revisions".to_owned(), "revisions of replies"),
        (format!("UPDATE recommendations SET story_id = {other_story}"), BELONGING),
        (
            "UPDATE recommendations SET account_id = (SELECT author_id FROM replies WHERE id = reply_id)".to_owned(),
            BELONGING,
        ),
        ("UPDATE decisions SET account_id = NULL WHERE action = 'approve'".to_owned(), BELONGING),
        (format!("UPDATE imported_replies SET site_id = {other_site}"), BELONGING),
        (format!("UPDATE decisions SET story_id = {other_story} WHERE action = 'approve'"), BELONGING),
        (format!("UPDATE decisions SET site_id = {other_site} WHERE action = 'approve'"), BELONGING),
        (format!("UPDATE reports SET reporter_id = {NOBODY}"), "foreign keys"),
        (format!("INSERT INTO commentaries VALUES ({NOBODY}, '', '', '', '')"), "foreign keys"),
        (format!("INSERT INTO site_roles SELECT id, {NOBODY}, 'author', NULL, created_at FROM sites"), "foreign keys"),
    ] {
        let found = Blog::found(&sql);
        assert_eq!(found.iter().map(|(name, _)| *name).collect::<Vec<_>>(), [name], "{sql}");
    }
    let names = "UPDATE accounts SET display_name = 'Bob' WHERE closed_at IS NOT NULL";
    assert_eq!(Blog::found(names), [("words that are searched for", 1), ("names of closed accounts", 1)]);
    let urls = format!(
        "UPDATE story_urls SET site_id = {other_site}, url_key = '//blog.example/2' WHERE site_id <> {other_site}"
    );
    assert_eq!(Blog::found(&urls), [("sites and keys of story URLs", 1)]);
}

#[test]
fn wrong_cases_and_records_are_found() {
    for sql in [
        "UPDATE cases SET weight = 7",
        "UPDATE cases SET held_back = 7",
        "UPDATE cases SET state = 'upheld', closed_at = opened_at",
        "DELETE FROM cases",
    ] {
        assert_eq!(Blog::found(sql), [("cases of replies", 1)], "{sql}");
    }
    let sql = "INSERT INTO reporter_counters SELECT reporter_id, r.site_id, 1, 0 FROM reports p \
        JOIN replies r ON r.id = p.reply_id";
    assert_eq!(Blog::found(sql), [("records of reporters", 1)]);
}

#[test]
fn wrong_sanctions_are_found() {
    let ban = |id: &str, more: &str| {
        format!(
            "INSERT INTO sanctions (id, account_id, site_id, kind, reason, created_at, reply_id, until) \
             SELECT {id}, author_id, site_id, 'suspend', 'rude', created_at, {more} FROM replies WHERE depth = 3;"
        )
    };
    let twice = |more: &str| ban("id", "id, NULL") + &ban("story_id", more);
    assert_eq!(Blog::found(&twice("id, NULL")), [("sanctions", 1)]);
    let mut blog = Blog::new();
    blog.corrupt(&twice("NULL, created_at"));
    assert!(blog.check().0, "one of them ends by itself");
    let of_another = "UPDATE sanctions SET account_id = (SELECT id FROM accounts WHERE closed_at IS NOT NULL)";
    assert_eq!(Blog::found(&(ban("id", "id, NULL") + of_another)), [("sanctions", 1)]);
    let elsewhere = "UPDATE sanctions SET site_id = (SELECT id FROM sites WHERE key = 'other')";
    assert_eq!(Blog::found(&(ban("id", "id, NULL") + elsewhere)), [("sanctions", 1)]);
}

#[test]
fn wrong_sums_of_days_are_found() {
    assert_eq!(
        Blog::found("UPDATE day_counts SET number = number + 1 WHERE measure = 'received'"),
        [("sums of days", 1)]
    );
    assert_eq!(Blog::found("DELETE FROM day_counts WHERE measure = 'reported'"), [("sums of days", 1)]);
    let moved = "UPDATE day_counts SET day = day + 1 WHERE measure = 'decided'";
    // of two decisions, on the day on which they are missing and on that on which there are none
    assert_eq!(Blog::owed().found_after(moved), [("sums of days", 4)]);
    let (is_clean, lines) = Blog::summed().check();
    assert!(is_clean, "{lines:#?}");
    for measure in ["held", "agreed", "closed", "lapsed", "moderator"] {
        for change in ["DELETE FROM day_counts", "UPDATE day_counts SET number = number + 1"] {
            let sql = format!("{change} WHERE measure = '{measure}'");
            assert_eq!(Blog::summed().found_after(&sql), [("sums of days", 1)], "{sql}");
        }
    }
    let mut blog = Blog::summed();
    blog.corrupt("DELETE FROM day_counts WHERE measure = 'waited'");
    assert!(blog.check().0, "since when a reply waited is not known any more");
}

#[test]
fn wrong_featured_replies_are_found() {
    for sql in [
        "UPDATE featured SET story_id = (SELECT id FROM stories WHERE last_seq = 0) WHERE position = 1",
        "UPDATE featured SET site_id = (SELECT id FROM sites WHERE key = 'other') WHERE position = 1",
    ] {
        assert_eq!(Blog::found(sql), [("featured replies", 1)], "{sql}");
    }
    assert_eq!(Blog::found("UPDATE featured SET position = 1"), [("featured replies", 2)]);
    let found = Blog::found(
        "UPDATE replies SET state = 'pending' WHERE id IN (SELECT reply_id FROM featured WHERE position = 1)",
    );
    assert!(found.contains(&("featured replies", 1)), "{found:?}");
}

#[test]
fn wrong_issuers_and_identities_are_found() {
    for wrong in ["kind = 'keys'", "kind = 'keys_url', secret = NULL", "gives_roles = '[\"admin\"]'"] {
        assert_eq!(Blog::found(&format!("UPDATE sso_issuers SET {wrong}")), [("issuers of sites", 1)], "{wrong}");
    }
    let many = (0..10).map(|number| {
        format!(
            "INSERT INTO sso_issuers SELECT {}, site_id, 'i{number}', 1, 'i{number}', aud, kind, secret, NULL, NULL, NULL, \
             joins_by_verified_email, gives_roles, gives_badges, author_id, created_at, updated_at FROM sso_issuers \
             WHERE key = 'blog';",
            format_args!("X'{:032x}'", 0x9000 + number)
        )
    });
    assert_eq!(Blog::found(&many.collect::<String>()), [("issuers of sites", 11)]);
    let of_closed = "UPDATE identities SET account_id = (SELECT id FROM accounts WHERE closed_at IS NOT NULL)";
    assert_eq!(Blog::found(of_closed), [("identities", 1), ("sessions by identities", 1)]);
    let gone = "DELETE FROM identity_grants; DELETE FROM identities";
    assert_eq!(Blog::found(gone), [("sessions by identities", 1)]);
    assert_eq!(Blog::found("UPDATE identity_grants SET kind = 'role', name = 'admin'"), [("identities", 1)]);
}

#[test]
fn wrong_keys_are_found() {
    let secret = |hash: &str, ends_at: &str| {
        format!("INSERT INTO api_key_secrets SELECT {hash}, id, created_at, {ends_at} FROM api_keys;")
    };
    let former = secret("X'08'", "created_at");
    for wrong in [
        "UPDATE api_keys SET account_id = (SELECT id FROM accounts WHERE closed_at IS NULL LIMIT 1)",
        "UPDATE api_keys SET scopes = '[\"sites:write\"]'",
        "UPDATE api_keys SET revoked_at = created_at",
        "UPDATE api_key_secrets SET ends_at = created_at",
        "DELETE FROM api_key_secrets",
        &secret("X'08'", "NULL"),
        &format!("{former}{}", secret("X'09'", "created_at")),
    ] {
        assert_eq!(Blog::found(wrong), [("keys of sites", 1)], "{wrong}");
    }
    for right in [&*former, "DELETE FROM api_key_secrets; UPDATE api_keys SET revoked_at = created_at"] {
        let mut blog = Blog::new();
        blog.corrupt(right);
        assert!(blog.check().0, "{right}");
    }
}

#[test]
fn second_factors_that_lack_a_part_are_found() {
    let closed = "(SELECT id FROM accounts WHERE closed_at IS NOT NULL)";
    for wrong in [
        "DELETE FROM second_factors",
        "UPDATE accounts SET second_factor_at = NULL",
        &format!("UPDATE second_factors SET account_id = {closed}"),
        &format!("UPDATE recovery_codes SET account_id = {closed}"),
    ] {
        let found = Blog::found(wrong);
        assert_eq!(found[0].0, "second factors", "{wrong}: {found:?}");
    }
}

#[test]
fn wrong_badges_are_found() {
    assert_eq!(
        Blog::found(
            "DELETE FROM site_badges WHERE key = 'staff' AND site_id NOT IN (SELECT site_id FROM badge_holders)"
        ),
        [("badges of sites", 1)]
    );
    let many = (0..51).map(|number| format!("INSERT INTO site_badges SELECT id, 'own-{number}', 'Own', 1 FROM sites;"));
    assert_eq!(Blog::found(&many.collect::<String>()), [("badges of sites", 2)]);
    let held = (0..5).map(|number| {
        format!(
            "INSERT INTO site_badges SELECT site_id, 'own-{number}', 'Own', 1 FROM badge_holders WHERE key = 'verified'; \
             INSERT INTO badge_holders SELECT site_id, account_id, 'own-{number}', granted_by, granted_at \
             FROM badge_holders WHERE key = 'verified';"
        )
    });
    assert_eq!(Blog::found(&held.collect::<String>()), [("badges of people", 1)]);
    let of_closed = "UPDATE badge_holders SET account_id = (SELECT id FROM accounts WHERE closed_at IS NOT NULL)";
    assert_eq!(Blog::found(of_closed), [("badges of people", 1)]);
}

#[test]
fn wrong_addresses_and_what_is_mailed_to_closed_accounts_are_found() {
    const ADDRESSES: &str = "e-mail addresses of accounts";
    for sql in [
        "UPDATE accounts SET email_key = 'bob@example.org' WHERE email IS NOT NULL",
        "UPDATE accounts SET email_key = NULL WHERE email IS NOT NULL",
        "UPDATE accounts SET email = NULL, email_key = NULL WHERE email IS NOT NULL",
        "UPDATE accounts SET proven_at = NULL WHERE email IS NOT NULL",
    ] {
        assert_eq!(Blog::found(sql), [(ADDRESSES, 1)], "{sql}");
    }
    let of_closed = "UPDATE codes SET account_id = (SELECT id FROM accounts WHERE closed_at IS NOT NULL)";
    assert_eq!(Blog::found(of_closed), [("codes and ways back of accounts", 1)]);
}

#[test]
fn wrong_claims_are_found() {
    let claim = |of: &str, by: &str, finished: &str| {
        format!(
            "INSERT INTO claimed_authors (account_id, site_id, claimed_by, claimed_at, finished_at) \
             SELECT c.id, (SELECT id FROM sites WHERE key <> 'other'), b.id, c.created_at, {finished} \
             FROM accounts c, accounts b WHERE c.closed_at IS {of} AND b.closed_at IS {by};"
        )
    };
    let mut blog = Blog::new();
    blog.corrupt(&claim("NOT NULL", "NULL", "NULL"));
    assert!(blog.check().0, "the key's account, which wrote nothing");
    const CLAIMS: &str = "claims of imported accounts";
    assert_eq!(Blog::found(&claim("NULL", "NOT NULL", "NULL")), [(CLAIMS, 1)]);
    assert_eq!(Blog::found(&claim("NOT NULL", "NOT NULL", "NULL")), [(CLAIMS, 1)]);
    // what the log names is known to have been the claimer's; and it is not left behind
    let left = claim("NOT NULL", "NULL", "NULL")
        + "UPDATE replies SET author_id = (SELECT id FROM accounts WHERE closed_at IS NOT NULL) WHERE depth = 3;";
    assert!(Blog::found(&left).contains(&("stories and sites of what belongs to replies", 1)));
    let done = left + "UPDATE claimed_authors SET finished_at = claimed_at";
    assert!(Blog::found(&done).contains(&(CLAIMS, 1)));
}

#[test]
fn wrong_notes_are_found() {
    const NOTES: &str = "notes of moderators";
    for sql in [
        "UPDATE notes SET site_id = (SELECT id FROM sites WHERE key = 'other') WHERE reply_id IS NOT NULL",
        "UPDATE notes SET account_id = (SELECT id FROM accounts WHERE closed_at IS NOT NULL) WHERE account_id IS NOT NULL",
    ] {
        assert_eq!(Blog::found(sql), [(NOTES, 1)], "{sql}");
    }
    let many = "INSERT INTO mentions SELECT r.id, n.id, n.created_at, NULL FROM replies r, notes n WHERE n.reply_id IS NOT NULL";
    assert!(Blog::found(many).contains(&(NOTES, 1)));
}

#[test]
fn what_is_owed_to_authors_and_missing_is_found() {
    const STATEMENTS: &str = "statements of refused replies";
    const APPEALS: &str = "appeals";
    let (is_clean, lines) = Blog::owed().check();
    assert!(is_clean, "{lines:#?}");
    let looked_at = |name| lines.iter().find(|line| line.name == name).map(|line| line.looked_at);
    assert_eq!([STATEMENTS, "returned replies", APPEALS].map(looked_at), [Some(1); 3]);
    for (sql, expected) in [
        ("DELETE FROM statements", &[(STATEMENTS, 1)][..]),
        // of what refuses nothing, and so the last refusal has none
        ("UPDATE statements SET reply_version = 1", &[(STATEMENTS, 2)]),
        ("UPDATE returns SET due_at = NULL", &[("returned replies", 1)]),
        ("DELETE FROM returns", &[("returned replies", 1)]),
        ("UPDATE appeals SET state = 'upheld', closed_at = created_at", &[("sums of days", 1), (APPEALS, 1)]),
        ("UPDATE appeals SET author_id = refused_by", &[(APPEALS, 1)]),
        ("DELETE FROM appeals", &[("sums of days", 1), (APPEALS, 1)]),
        ("UPDATE queue_items SET is_appealed = is_pending WHERE is_appealed", &[("replies in queues", 1)]),
        ("DELETE FROM queue_items WHERE is_appealed", &[("replies in queues", 1)]),
    ] {
        assert_eq!(Blog::owed().found_after(sql), expected, "{sql}");
    }
    let found = Blog::owed().found_after("UPDATE replies SET appealed_at = NULL");
    assert!(found.contains(&(APPEALS, 1)) && found.contains(&("counters of sites", 1)), "{found:?}");
}

#[test]
fn notices_are_clean_and_were_looked_at() {
    let (is_clean, lines) = Blog::noticed().check();
    assert!(is_clean, "{lines:#?}");
    let looked_at = |name| lines.iter().find(|line| line.name == name).map(|line| line.looked_at);
    // a post and a report; of notices two grounds and who they are from, an outcome, a time, and that it was automated
    let looked_at = ["notices", "texts with open notices", "sums of days"].map(looked_at);
    assert_eq!(looked_at, [Some(3), Some(1), Some(8)]);
}

#[test]
fn wrong_notices_are_found() {
    let other_site = "(SELECT id FROM sites WHERE key = 'other')";
    for change in [
        "reference = 'RJ-0000000000001' WHERE state = 'decided'".to_owned(),
        "reference = NULL WHERE state = 'decided'".to_owned(),
        "reference = 'RJ-0000000000000' WHERE state = 'unconfirmed'".to_owned(),
        "revision = 9 WHERE state = 'unconfirmed'".to_owned(),
        format!("site_id = {other_site} WHERE state = 'unconfirmed'"),
        "revision = 1 WHERE state = 'decided'".to_owned(),
    ] {
        assert_eq!(Blog::noticed().found_after(&format!("UPDATE notices SET {change}")), [("notices", 1)], "{change}");
    }
    for sql in [
        "DELETE FROM notice_queue".to_owned(),
        "UPDATE notice_queue SET notices = 2".to_owned(),
        "UPDATE notice_queue SET revision = 2".to_owned(),
        format!("UPDATE notice_queue SET site_id = {other_site}"),
    ] {
        let found = Blog::noticed().found_after(&sql);
        assert!(found.iter().all(|(name, _)| *name == "texts with open notices"), "{sql}: {found:?}");
    }
    for sql in [
        "UPDATE day_counts SET number = 2 WHERE key = 'automated'",
        "DELETE FROM day_counts WHERE key = 'decided/kept'",
        "DELETE FROM day_counts WHERE key LIKE 'took/%'",
        "INSERT INTO day_counts SELECT site_id, day + 1, measure, key, number FROM day_counts WHERE key = 'of/account'",
    ] {
        assert_eq!(Blog::noticed().found_after(sql), [("sums of days", 1)], "{sql}");
    }
    let uncounted =
        "INSERT INTO day_counts SELECT site_id, day, measure, 'dropped', 7 FROM day_counts WHERE key = 'automated'";
    let mut blog = Blog::noticed();
    blog.corrupt(uncounted);
    assert!(blog.check().0, "what was dropped is not there any more to be counted");
}

#[test]
fn what_is_left_of_who_left_is_found() {
    const CLOSED: &str = "accounts that are to be closed, or were";
    let (is_clean, lines) = Blog::left().check();
    assert!(is_clean, "{lines:#?}");
    for left in [
        "UPDATE closings SET erased_at = NULL",
        "UPDATE closings SET closed_at = NULL",
        "INSERT INTO mutes (account_id, muted_id, created_at) SELECT c.account_id, a.id, c.asked_at FROM closings c, accounts a",
        "UPDATE second_factors SET account_id = (SELECT account_id FROM closings)",
        "UPDATE notes SET account_id = (SELECT account_id FROM closings), reply_id = NULL",
        "UPDATE sessions SET device = 'Firefox on Linux', account_id = (SELECT account_id FROM closings)",
        "INSERT INTO data_exports (account_id, state, job_id, asked_at, byte_count) \
         SELECT c.account_id, 'failed', c.job_id, c.asked_at, 0 FROM closings c",
        "UPDATE replies SET author_id = (SELECT account_id FROM closings) WHERE depth = 3",
    ] {
        let found = Blog::left().found_after(left);
        assert!(found.contains(&(CLOSED, 1)), "{left}: {found:?}");
    }
}

#[test]
fn copies_that_are_not_whole_are_found() {
    for wrong in [
        "DELETE FROM data_export_pieces WHERE number = 1",
        "UPDATE data_exports SET byte_count = 4",
        // nobody puts it together
        "UPDATE data_exports SET state = 'waiting'",
    ] {
        assert_eq!(Blog::left().found_after(wrong), [("copies of people's data", 1)], "{wrong}");
    }
}

#[test]
fn erased_texts_of_what_may_still_be_decided_about_are_found() {
    const ERASED: &str = "replies whose texts were erased";
    let found = Blog::found("UPDATE replies SET body_source = '', body_html = '' WHERE depth = 3");
    assert!(found.contains(&(ERASED, 1)), "{found:?}");
}
