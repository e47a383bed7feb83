use uuid::Uuid;

use super::*;
use crate::{
    auth::standing::Rights,
    domain::{
        sanction::{Held, SanctionKind},
        site::SiteRole,
    },
};

const HERE: SiteId = SiteId(Uuid::from_u128(1));
const ELSEWHERE: SiteId = SiteId(Uuid::from_u128(2));
const CALLER: AccountId = AccountId(Uuid::from_u128(3));
const OTHER: AccountId = AccountId(Uuid::from_u128(4));

fn reader() -> Standing {
    Standing::without_rights(CALLER)
}

fn with_role(site: SiteId, role: SiteRole) -> Standing {
    Standing { roles: vec![(site, role)], ..reader() }
}

/// The callers of the table below, in the order of its columns.
fn callers() -> [Standing; 6] {
    [
        reader(),
        with_role(HERE, SiteRole::Author),
        with_role(ELSEWHERE, SiteRole::Moderator),
        with_role(HERE, SiteRole::Moderator),
        Standing { is_admin: true, ..reader() },
        Standing { is_admin: true, is_suspended_everywhere: true, ..reader() },
    ]
}

/// What each caller gets for each operation on another's object of this site: `+` allowed, `-` forbidden, `?` unseen,
/// `s` suspended. Columns: reader, author here, moderator elsewhere, moderator here, admin, suspended admin.
const EXPECTED: [(&str, &str); 181] = [
    ("create_account", "+++++s"),
    ("create_session", "+++++s"),
    ("refresh_session", "+++++s"),
    ("create_sso_session", "+++++s"),
    ("begin_oidc_sign_on", "+++++s"),
    ("finish_oidc_sign_on", "+++++s"),
    ("create_oidc_session", "+++++s"),
    ("create_challenge", "+++++s"),
    ("delete_session", "+++++s"),
    ("list_sessions", "+++++s"),
    ("end_session", "+++++s"),
    ("end_other_sessions", "+++++s"),
    ("list_sessions_of_account", "????+s"),
    ("end_session_of_account", "----+s"),
    ("end_sessions_of_account", "----+s"),
    ("change_email", "+++++s"),
    ("send_email_code", "+++++s"),
    ("confirm_my_email", "+++++s"),
    ("confirm_email", "+++++s"),
    ("restore_email", "+++++s"),
    ("request_password_reset", "+++++s"),
    ("reset_password", "+++++s"),
    ("prove_session", "+++++s"),
    ("show_me", "+++++s"),
    ("update_me", "+++++s"),
    ("change_password", "+++++s"),
    ("close_account", "++++++"),
    ("keep_account", "++++++"),
    ("request_own_data", "++++++"),
    ("show_own_data", "++++++"),
    ("download_own_data", "++++++"),
    ("show_second_factor", "+++++s"),
    ("begin_second_factor", "+++++s"),
    ("confirm_second_factor", "+++++s"),
    ("renew_recovery_codes", "+++++s"),
    ("remove_second_factor", "+++++s"),
    ("list_identities", "+++++s"),
    ("add_identity", "+++++s"),
    ("list_claimable_authors", "+++++s"),
    ("claim_authors", "+++++s"),
    ("delete_identity", "+++++s"),
    ("show_account", "+++++s"),
    ("list_account_replies", "+++++s"),
    ("list_sites", "+++++s"),
    ("show_site", "+++++s"),
    ("create_site", "----+s"),
    ("update_site", "----+s"),
    ("show_site_settings", "???++s"),
    ("list_site_roles", "????+s"),
    ("grant_site_role", "----+s"),
    ("revoke_site_role", "----+s"),
    ("list_issuers", "????+s"),
    ("show_issuer", "????+s"),
    ("put_issuer", "----+s"),
    ("delete_issuer", "----+s"),
    ("test_sso_token", "----+s"),
    ("list_api_keys", "????+s"),
    ("show_api_key", "????+s"),
    ("create_api_key", "----+s"),
    ("rotate_api_key", "----+s"),
    ("revoke_api_key", "----+s"),
    ("list_badges", "???++s"),
    ("put_badge", "----+s"),
    ("delete_badge", "----+s"),
    ("list_badge_holders", "???++s"),
    ("grant_badge", "---++s"),
    ("revoke_badge", "---++s"),
    ("list_site_replies", "+++++s"),
    ("list_stories", "+++++s"),
    ("show_story_of_site", "+++++s"),
    ("put_story", "-+-++s"),
    ("show_story", "+++++s"),
    ("close_story", "-+-++s"),
    ("reopen_story", "-+-++s"),
    ("show_discussion", "+++++s"),
    ("list_story_replies", "+++++s"),
    ("show_reply", "+++++s"),
    ("list_replies_below", "+++++s"),
    ("count_replies", "+++++s"),
    ("query_counts", "+++++s"),
    ("list_story_events", "+++++s"),
    ("list_mine", "+++++s"),
    ("preview_reply", "+++++s"),
    ("create_reply", "+++++s"),
    ("update_reply", "---++s"),
    ("withdraw_reply", "-----s"),
    ("show_statement", "???++?"),
    ("create_appeal", "------"),
    ("recommend_reply", "+++++s"),
    ("unrecommend_reply", "+++++s"),
    ("list_mutes", "+++++s"),
    ("mute_account", "+++++s"),
    ("unmute_account", "+++++s"),
    ("list_own_reports", "+++++s"),
    ("report_reply", "+++++s"),
    ("list_featured", "+++++s"),
    ("put_featured", "-+-++s"),
    ("list_site_featured", "+++++s"),
    ("feature_reply", "-+-++s"),
    ("unfeature_reply", "-+-++s"),
    ("create_notice", "+++++s"),
    ("create_guest_notice", "+++++s"),
    ("confirm_notice", "+++++s"),
    ("show_notice", "++++++"),
    ("show_notice_decision", "++++++"),
    ("list_notices", "??+++s"),
    ("list_reply_notices", "???++s"),
    ("decide_notice", "---++s"),
    ("show_notice_statistics", "???++s"),
    ("list_queue", "??+++s"),
    ("search_replies", "??+++s"),
    ("count_queues", "??+++s"),
    ("list_queue_events", "??+++s"),
    ("take_next", "--+++s"),
    ("hold_claim", "---++s"),
    ("release_claim", "---++s"),
    ("list_cases", "??+++s"),
    ("show_case", "???++s"),
    ("list_account_notes", "??+++s"),
    ("add_account_note", "---++s"),
    ("list_reply_notes", "???++s"),
    ("add_reply_note", "---++s"),
    ("show_note", "???++s"),
    ("delete_note", "---++s"),
    ("list_mentions", "??+++s"),
    ("read_mention", "---++s"),
    ("decide_many", "--+++s"),
    ("undo_bulk", "--+++s"),
    ("list_bulks", "??+++s"),
    ("show_bulk", "??+++s"),
    ("list_bulk_items", "??+++s"),
    ("cancel_bulk", "--+++s"),
    ("list_saved_queues", "??+++s"),
    ("create_saved_queue", "--+++s"),
    ("show_saved_queue", "??+++s"),
    ("put_saved_queue", "--+++s"),
    ("delete_saved_queue", "--+++s"),
    ("show_queued_reply", "???++s"),
    ("list_revisions", "???++s"),
    ("compare_revisions", "???++s"),
    ("decide_reply", "---++s"),
    ("decide_appeal", "---++s"),
    ("show_trace", "???++s"),
    ("show_classifier", "???++s"),
    ("show_classifier_chart", "???++s"),
    ("show_policy", "???++s"),
    ("put_policy", "----+s"),
    ("list_policy_versions", "???++s"),
    ("show_policy_version", "???++s"),
    ("restore_policy", "----+s"),
    ("show_policy_list", "???++s"),
    ("put_policy_list", "----+s"),
    ("test_policy", "---++s"),
    ("simulate_policy", "---++s"),
    ("rerun_policy", "---++s"),
    ("list_policy_runs", "???++s"),
    ("show_policy_run", "???++s"),
    ("show_policy_run_chart", "???++s"),
    ("list_policy_run_events", "???++s"),
    ("cancel_policy_run", "---++s"),
    ("undo_policy_run", "---++s"),
    ("show_outside_check", "???++s"),
    ("put_outside_check", "----+s"),
    ("delete_outside_check", "----+s"),
    ("test_outside_check", "----+s"),
    ("list_log", "???++s"),
    ("list_common_log", "????+s"),
    ("show_log_head", "???++s"),
    ("export_log", "???++s"),
    ("impose_sanction", "---++s"),
    ("list_sanctions", "??+++s"),
    ("lift_sanction", "---++s"),
    ("list_own_sanctions", "++++++"),
    ("read_warning", "+++++s"),
    ("show_statistics", "???++s"),
    ("show_statistics_chart", "???++s"),
    ("show_transparency_report", "???++s"),
    ("show_transparency_chart", "???++s"),
    ("show_privacy", "+++++s"),
    ("show_health", "+++++s"),
    ("show_readiness", "+++++s"),
];

fn letter(outcome: Result<(), Denial>) -> char {
    match outcome {
        Ok(()) => '+',
        Err(Denial::Forbidden) => '-',
        Err(Denial::Unseen) => '?',
        Err(Denial::Suspended) => 's',
        Err(Denial::FactorMissing) => 'f',
        Err(Denial::Unproven) => 'p',
        Err(Denial::Warned) => 'w',
        Err(Denial::OutOfScope(_)) => 'o',
        Err(Denial::Unidentified) => 'u',
    }
}

#[test]
fn every_operation_answers_every_role_as_the_table_says() {
    let object = Object { owner: Some(OTHER), rank: Some(Rank::Reader), ..Object::of_site(HERE) };
    let found = Operation::ALL.iter().map(|operation| {
        let outcome = callers().iter().map(|caller| letter(may(caller, *operation, object))).collect::<String>();
        (operation.id(), outcome)
    });
    assert_eq!(found.collect::<Vec<_>>(), EXPECTED.map(|(id, outcome)| (id, outcome.to_owned())));
}

#[test]
fn owners_change_their_own_and_nobody_suspends_themselves() {
    let own = Object { owner: Some(CALLER), rank: Some(Rank::Reader), ..Object::of_site(HERE) };
    assert_eq!(may(&reader(), Operation::UpdateReply, own), Ok(()));
    assert_eq!(may(&reader(), Operation::WithdrawReply, own), Ok(()));
    assert_eq!(may(&callers()[4], Operation::ImposeSanction, own), Err(Denial::Forbidden));
}

#[test]
fn staff_of_the_same_or_higher_rank_are_never_suspended() {
    let ranks = [Rank::Reader, Rank::Author, Rank::Moderator, Rank::Admin];
    let outcomes = |caller: &Standing| -> String {
        let object = |rank| Object { owner: Some(OTHER), rank: Some(rank), ..Object::of_site(HERE) };
        ranks.iter().map(|rank| letter(may(caller, Operation::ImposeSanction, object(*rank)))).collect()
    };
    assert_eq!(outcomes(&callers()[3]), "++--");
    assert_eq!(outcomes(&callers()[4]), "+++-");
}

#[test]
fn only_admins_suspend_everywhere() {
    let everywhere = Object { owner: Some(OTHER), rank: Some(Rank::Reader), ..Object::default() };
    let outcome: String =
        callers().iter().map(|caller| letter(may(caller, Operation::ImposeSanction, everywhere))).collect();
    assert_eq!(outcome, "----+s");
}

#[test]
fn who_is_suspended_on_a_site_reads_signs_in_and_appeals_but_does_not_act_there() {
    let caller = Standing { suspended_on: vec![HERE], ..with_role(HERE, SiteRole::Moderator) };
    let own = |site| Object { owner: Some(CALLER), ..Object::of_site(site) };
    for operation in Operation::ALL {
        match operation.rule() {
            Rule::Public | Rule::Guest | Rule::SignedIn | Rule::OwnerAlways | Rule::OwnerAlwaysOrModerator => {
                assert_eq!(may(&caller, *operation, own(HERE)), Ok(()), "{operation:?}");
            }
            _ => assert!(may(&caller, *operation, own(HERE)).is_err(), "{operation:?}"),
        }
    }
    assert_eq!(may(&caller, Operation::CreateReply, own(ELSEWHERE)), Ok(()));
    // but not as the moderator that he is
    let other = Object { owner: Some(OTHER), ..Object::of_site(HERE) };
    assert_eq!(may(&caller, Operation::ShowStatement, other), Err(Denial::Suspended));
}

#[test]
fn who_has_a_warning_to_read_posts_nothing_there_and_does_all_else() {
    let warned = |place| {
        let held = Held { kind: SanctionKind::Warn, per_day: None };
        Standing { held: vec![(place, held)], ..reader() }
    };
    let own = |site| Object { owner: Some(CALLER), ..Object::of_site(site) };
    for operation in Operation::ALL {
        let expected = match operation {
            Operation::CreateReply => Err(Denial::Warned),
            operation => may(&reader(), *operation, own(HERE)),
        };
        assert_eq!(may(&warned(Some(HERE)), *operation, own(HERE)), expected, "{operation:?}");
    }
    assert_eq!(may(&warned(Some(HERE)), Operation::CreateReply, own(ELSEWHERE)), Ok(()));
    assert_eq!(may(&warned(None), Operation::CreateReply, own(ELSEWHERE)), Err(Denial::Warned));
}

#[test]
fn who_has_proven_nothing_writes_where_the_site_lets_him_and_does_all_else() {
    let unproven = Standing { is_identified: false, ..reader() };
    let own = |site, unproven_accounts| Object { owner: Some(CALLER), unproven_accounts, ..Object::of_site(site) };
    let strict = Some(UnprovenAccounts::ReadAndRecommend);
    for operation in Operation::ALL {
        let expected = match operation {
            Operation::CreateReply | Operation::UpdateReply | Operation::ReportReply => Err(Denial::Unidentified),
            operation => may(&reader(), *operation, own(HERE, strict)),
        };
        assert_eq!(may(&unproven, *operation, own(HERE, strict)), expected, "{operation:?}");
        for lenient in [None, Some(UnprovenAccounts::Wait), Some(UnprovenAccounts::Allow)] {
            let object = own(HERE, lenient);
            assert_eq!(may(&unproven, *operation, object), may(&reader(), *operation, object), "{operation:?}");
        }
    }
    // of the site's own people somebody knows who they are
    let author = Standing { is_identified: false, ..with_role(HERE, SiteRole::Author) };
    assert_eq!(may(&author, Operation::CreateReply, own(HERE, strict)), Ok(()));
    assert_eq!(may(&author, Operation::CreateReply, own(ELSEWHERE, strict)), Err(Denial::Unidentified));
}

#[test]
fn who_showed_long_ago_who_he_is_does_all_but_what_needs_it_anew() {
    let object = Object { owner: Some(OTHER), rank: Some(Rank::Reader), ..Object::of_site(HERE) };
    for caller in callers() {
        let stale = Standing { is_proven: false, ..caller.clone() };
        for operation in Operation::ALL {
            let expected = match may(&caller, *operation, object) {
                Ok(()) if operation.needs_proof() => Err(Denial::Unproven),
                // what one may not is refused before it is asked who one is
                outcome => outcome,
            };
            assert_eq!(may(&stale, *operation, object), expected, "{operation:?}");
        }
    }
}

#[test]
fn staff_whose_rights_sleep_are_readers_who_are_told_why() {
    let object = Object { owner: Some(OTHER), rank: Some(Rank::Reader), ..Object::of_site(HERE) };
    for caller in callers() {
        let Standing { is_admin, ref roles, .. } = caller;
        let asleep = Some(Rights { is_admin, roles: roles.clone() });
        let sleeping = Standing { is_admin: false, roles: Vec::new(), asleep, ..caller.clone() };
        let as_reader = Standing { asleep: None, ..sleeping.clone() };
        for operation in Operation::ALL {
            let awake = may(&caller, *operation, object);
            let expected = match may(&as_reader, *operation, object) {
                Err(Denial::Forbidden | Denial::Unseen) if awake == Ok(()) => Err(Denial::FactorMissing),
                outcome => outcome,
            };
            assert_eq!(may(&sleeping, *operation, object), expected, "{operation:?}");
            assert!(expected != Err(Denial::FactorMissing) || operation.is_for_staff(), "{operation:?}");
        }
    }
}

#[test]
fn what_is_hidden_answers_strangers_as_if_it_were_not_there() {
    let hidden = Object { owner: Some(OTHER), is_hidden: true, ..Object::of_site(HERE) };
    for operation in [
        Operation::UpdateReply,
        Operation::WithdrawReply,
        Operation::DecideReply,
        Operation::RecommendReply,
        Operation::ReportReply,
    ] {
        assert_eq!(may(&reader(), operation, hidden), Err(Denial::Unseen), "{operation:?}");
    }
    assert_eq!(may(&callers()[3], Operation::DecideReply, hidden), Ok(()));
    let own = Object { owner: Some(CALLER), ..hidden };
    assert_eq!(may(&reader(), Operation::WithdrawReply, own), Ok(()));
}
