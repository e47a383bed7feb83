//! The tables as both migration trees make them; a test compares all three.
//!
//! Written by hand: `Key` and `Instant` stand for the native column type of each database.

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    sites (id) {
        id -> Key,
        key -> Text,
        name -> Text,
        tagline -> Text,
        allowed_origins -> Text,
        reserved_names -> Text,
        reserved_keys -> Text,
        tracking_params -> Text,
        moderation_mode -> Text,
        trusted_after -> Integer,
        edit_window_secs -> Integer,
        close_after_days -> Nullable<Integer>,
        people_version -> BigInt,
        policy_version -> BigInt,
        moderators_change_policy -> Bool,
        asks_outside -> Bool,
        outside_version -> BigInt,
        colour -> Nullable<Text>,
        unproven_accounts -> Text,
        closed_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    site_counters (site_id) {
        site_id -> Key,
        pending -> BigInt,
        approved -> BigInt,
        rejected -> BigInt,
        spam -> BigInt,
        withdrawn -> BigInt,
        reported -> BigInt,
        flagged -> BigInt,
        returned -> BigInt,
        appeals -> BigInt,
        lessons -> BigInt,
        lessons_summed -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    accounts (id) {
        id -> Key,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        username -> Nullable<Text>,
        username_key -> Nullable<Text>,
        username_changed_at -> Nullable<Instant>,
        display_name -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        is_admin -> Bool,
        created_at -> Instant,
        closed_at -> Nullable<Instant>,
        email_verified_at -> Nullable<Instant>,
        proven_at -> Nullable<Instant>,
        claimed_email -> Nullable<Text>,
        second_factor_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    author_counters (account_id, site_id) {
        account_id -> Key,
        site_id -> Key,
        pending -> BigInt,
        approved -> BigInt,
        rejected -> BigInt,
        spam -> BigInt,
        withdrawn -> BigInt,
        returned -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    site_roles (site_id, account_id, role) {
        site_id -> Key,
        account_id -> Key,
        role -> Text,
        granted_by -> Nullable<Key>,
        granted_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    day_counts (site_id, day, measure, key) {
        site_id -> Key,
        day -> Integer,
        measure -> Text,
        key -> Text,
        number -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    sanctions (id) {
        id -> Key,
        account_id -> Key,
        site_id -> Nullable<Key>,
        kind -> Text,
        reason -> Text,
        message -> Nullable<Text>,
        reply_id -> Nullable<Key>,
        until -> Nullable<Instant>,
        per_day -> Nullable<Integer>,
        created_by -> Nullable<Key>,
        created_at -> Instant,
        lifted_by -> Nullable<Key>,
        lifted_at -> Nullable<Instant>,
        bulk_id -> Nullable<Key>,
        read_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    sessions (id) {
        id -> Key,
        account_id -> Key,
        created_at -> Instant,
        last_used_at -> Instant,
        expires_at -> Instant,
        ended_at -> Nullable<Instant>,
        end_reason -> Nullable<Text>,
        device -> Nullable<Text>,
        way -> Text,
        proven_at -> Nullable<Instant>,
        identity_id -> Nullable<Key>,
        place -> Nullable<Text>,
        factor_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    refresh_tokens (hash) {
        hash -> Binary,
        session_id -> Key,
        created_at -> Instant,
        spent_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    attempts (id) {
        id -> Key,
        subject -> Binary,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    stories (id) {
        id -> Key,
        site_id -> Key,
        external_id -> Text,
        headline -> Text,
        source_name -> Nullable<Text>,
        source_url -> Nullable<Text>,
        excerpt -> Nullable<Text>,
        published_at -> Instant,
        moderation_mode -> Nullable<Text>,
        closes_at -> Nullable<Instant>,
        closed_at -> Nullable<Instant>,
        is_kept_open -> Bool,
        revision -> BigInt,
        version -> BigInt,
        last_seq -> Integer,
        replies -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        recommendations_shown_at -> Nullable<Instant>,
        section -> Nullable<Text>,
        tags -> Text,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    story_urls (site_id, url_key) {
        site_id -> Key,
        url_key -> Text,
        story_id -> Key,
        position -> Integer,
        url -> Text,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    commentaries (story_id) {
        story_id -> Key,
        label -> Text,
        author_name -> Text,
        body_source -> Text,
        body_html -> Text,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    replies (id) {
        id -> Key,
        site_id -> Key,
        story_id -> Key,
        author_id -> Key,
        parent_id -> Nullable<Key>,
        root_id -> Key,
        in_reply_to -> Nullable<Key>,
        answered_revision -> Nullable<Integer>,
        depth -> Integer,
        path -> Binary,
        state -> Text,
        body_source -> Text,
        body_html -> Text,
        revision -> Integer,
        version -> Integer,
        created_at -> Instant,
        edited_at -> Nullable<Instant>,
        is_edited_by_staff -> Bool,
        state_changed_at -> Instant,
        refused_at -> Nullable<Instant>,
        direct_below -> Integer,
        visible_below -> Integer,
        recommendations -> Integer,
        open_reports -> Integer,
        flagged_at -> Nullable<Instant>,
        appealed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    queue_items (reply_id) {
        reply_id -> Key,
        site_id -> Key,
        is_pending -> Bool,
        is_reported -> Bool,
        is_flagged -> Bool,
        since -> Instant,
        found_points -> Integer,
        report_points -> Integer,
        reach_points -> Integer,
        author_points -> Integer,
        due_at -> Instant,
        claimed_by -> Nullable<Key>,
        claimed_until -> Nullable<Instant>,
        story_id -> Nullable<Key>,
        author_id -> Nullable<Key>,
        language -> Nullable<Text>,
        rules -> Text,
        reasons -> Text,
        is_appealed -> Bool,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    returns (reply_id) {
        reply_id -> Key,
        revision -> Integer,
        returned_by -> Key,
        message -> Text,
        returned_at -> Instant,
        due_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    statements (reply_id, reply_version) {
        reply_id -> Key,
        reply_version -> Integer,
        revision -> Integer,
        words -> Nullable<Text>,
        appeal_until -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    appeals (id) {
        id -> Key,
        reply_id -> Key,
        site_id -> Key,
        author_id -> Key,
        refused_version -> Integer,
        refused_by -> Nullable<Key>,
        text -> Text,
        state -> Text,
        created_at -> Instant,
        closed_at -> Nullable<Instant>,
        closed_by -> Nullable<Key>,
        reasons -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    notes (id) {
        id -> Key,
        site_id -> Nullable<Key>,
        account_id -> Nullable<Key>,
        reply_id -> Nullable<Key>,
        author_id -> Key,
        body -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    mentions (account_id, note_id) {
        account_id -> Key,
        note_id -> Key,
        created_at -> Instant,
        read_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    site_badges (site_id, key) {
        site_id -> Key,
        key -> Text,
        label -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    badge_holders (site_id, account_id, key) {
        site_id -> Key,
        account_id -> Key,
        key -> Text,
        granted_by -> Key,
        granted_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    featured (reply_id) {
        reply_id -> Key,
        site_id -> Key,
        story_id -> Key,
        position -> Integer,
        label -> Nullable<Text>,
        featured_by -> Key,
        featured_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};

    mutes (account_id, muted_id) {
        account_id -> Key,
        muted_id -> Key,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    cases (reply_id) {
        reply_id -> Key,
        site_id -> Key,
        state -> Text,
        weight -> BigInt,
        held_back -> BigInt,
        opened_at -> Instant,
        closed_at -> Nullable<Instant>,
        closed_by -> Nullable<Key>,
        reopened -> Integer,
        dismissed_at -> Nullable<Instant>,
        dismissed_revision -> Nullable<Integer>,
        dismissed_reasons -> Text,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    reporter_counters (account_id, site_id) {
        account_id -> Key,
        site_id -> Key,
        upheld -> BigInt,
        dismissed -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    bulks (id) {
        id -> Key,
        account_id -> Key,
        action -> Nullable<Text>,
        undoes -> Nullable<Key>,
        reason -> Nullable<Text>,
        note -> Nullable<Text>,
        message -> Nullable<Text>,
        state -> Text,
        request -> Text,
        done -> BigInt,
        total -> Nullable<BigInt>,
        result -> Text,
        created_at -> Instant,
        cancelled_at -> Nullable<Instant>,
        finished_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    bulk_items (bulk_id, position) {
        bulk_id -> Key,
        position -> Integer,
        reply_id -> Key,
        reply_version -> Integer,
        outcome -> Nullable<Text>,
        made_version -> Nullable<Integer>,
        former -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    saved_queues (id) {
        id -> Key,
        owner_id -> Key,
        name -> Text,
        filter -> Text,
        is_shared -> Bool,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::Key;

    saved_queue_sites (queue_id, site_id) {
        queue_id -> Key,
        site_id -> Key,
    }
}

diesel::table! {
    use crate::store::types::Key;

    saved_queue_assignees (queue_id, account_id) {
        queue_id -> Key,
        account_id -> Key,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    search_documents (seq) {
        seq -> BigInt,
        kind -> Text,
        object_id -> Key,
        digest -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    policies (site_id, version) {
        site_id -> Key,
        version -> BigInt,
        body -> Text,
        author_id -> Nullable<Key>,
        created_at -> Instant,
        restored_from -> Nullable<BigInt>,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    verdicts (reply_id, reply_version) {
        reply_id -> Key,
        reply_version -> Integer,
        revision -> Integer,
        policy_version -> BigInt,
        outcome -> Text,
        decided_by -> Text,
        findings -> Text,
        micros -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    lessons (site_id, number) {
        site_id -> Key,
        number -> BigInt,
        reply_id -> Key,
        reply_version -> Integer,
        revision -> Integer,
        month -> Integer,
        is_bad -> Bool,
        takes_back -> Nullable<BigInt>,
        score -> Nullable<Integer>,
        slots -> Binary,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    lesson_sums (site_id, month) {
        site_id -> Key,
        month -> Integer,
        good -> BigInt,
        bad -> BigInt,
        counts -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    shared_lesson_sums (month) {
        month -> Integer,
        good -> BigInt,
        bad -> BigInt,
        counts -> Binary,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    policy_runs (id) {
        id -> Key,
        site_id -> Key,
        kind -> Text,
        state -> Text,
        request -> Text,
        undoes -> Nullable<Key>,
        done -> BigInt,
        total -> BigInt,
        result -> Nullable<Text>,
        author_id -> Nullable<Key>,
        created_at -> Instant,
        cancelled_at -> Nullable<Instant>,
        finished_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    policy_run_items (run_id, reply_id) {
        run_id -> Key,
        reply_id -> Key,
        reply_version -> Integer,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    revisions (reply_id, number) {
        reply_id -> Key,
        number -> Integer,
        body_source -> Text,
        created_at -> Instant,
        replaced_at -> Instant,
        replaced_by -> Nullable<Key>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    recommendations (reply_id, account_id) {
        reply_id -> Key,
        account_id -> Key,
        story_id -> Key,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    reports (id) {
        id -> Key,
        reply_id -> Key,
        reporter_id -> Key,
        reason -> Text,
        note -> Nullable<Text>,
        revision -> Integer,
        created_at -> Instant,
        closed_at -> Nullable<Instant>,
        weight -> Integer,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    decisions (id) {
        id -> Key,
        site_id -> Nullable<Key>,
        reply_id -> Nullable<Key>,
        reply_version -> Nullable<Integer>,
        story_id -> Nullable<Key>,
        account_id -> Nullable<Key>,
        actor_kind -> Text,
        actor_id -> Nullable<Key>,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Nullable<Text>,
        reason -> Nullable<Text>,
        note -> Nullable<Text>,
        message -> Nullable<Text>,
        details -> Nullable<Text>,
        created_at -> Instant,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    log_rows (chain, place) {
        chain -> Key,
        place -> BigInt,
        decision_id -> Key,
        salt -> Nullable<Binary>,
        digest -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    log_seals (chain, number) {
        chain -> Key,
        number -> BigInt,
        first_place -> BigInt,
        row_count -> Integer,
        oldest_at -> Instant,
        newest_at -> Instant,
        rows_hash -> Binary,
        former_hash -> Nullable<Binary>,
        hash -> Binary,
        sealed_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    idempotency_keys (account_id, operation, key) {
        account_id -> Key,
        operation -> Text,
        key -> Text,
        body_hash -> Binary,
        status -> Integer,
        location -> Nullable<Text>,
        object_id -> Nullable<Key>,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    jobs (id) {
        id -> Key,
        kind -> Text,
        payload -> Text,
        run_at -> Instant,
        attempts -> Integer,
        leased_until -> Nullable<Instant>,
        last_error -> Nullable<Text>,
        created_at -> Instant,
        dead_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    imported_replies (site_id, external_id) {
        site_id -> Key,
        external_id -> Text,
        reply_id -> Key,
        original -> Text,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    imported_authors (account_id) {
        account_id -> Key,
        site_id -> Key,
        name -> Text,
        email -> Text,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    claimed_authors (account_id) {
        account_id -> Key,
        site_id -> Key,
        claimed_by -> Key,
        claimed_at -> Instant,
        finished_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    waiting_recommendations (story_id, reply_id) {
        story_id -> Key,
        reply_id -> Key,
        delta -> Integer,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    story_changes (story_id, version, position) {
        story_id -> Key,
        version -> BigInt,
        position -> Integer,
        kind -> Text,
        reply_id -> Nullable<Key>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    outside_checks (site_id) {
        site_id -> Key,
        kind -> Text,
        url -> Text,
        blog_url -> Nullable<Text>,
        secret -> Text,
        former_secret -> Nullable<Text>,
        author_id -> Nullable<Key>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    notice_decisions (id) {
        id -> Key,
        site_id -> Key,
        reply_id -> Key,
        revision -> Integer,
        outcome -> Text,
        basis -> Nullable<Text>,
        provision -> Nullable<Text>,
        reasons -> Text,
        is_automated -> Bool,
        decided_by -> Key,
        decided_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    notices (id) {
        id -> Key,
        site_id -> Key,
        reply_id -> Key,
        revision -> Integer,
        account_id -> Nullable<Key>,
        name -> Nullable<Text>,
        email -> Nullable<Text>,
        notifier -> Nullable<Binary>,
        ground -> Text,
        law -> Nullable<Text>,
        explanation -> Text,
        state -> Text,
        reference -> Nullable<Text>,
        token_hash -> Nullable<Binary>,
        created_at -> Instant,
        received_at -> Nullable<Instant>,
        decision_id -> Nullable<Key>,
        decided_at -> Nullable<Instant>,
        erased_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    notice_queue (notice_id) {
        notice_id -> Key,
        site_id -> Key,
        reply_id -> Key,
        revision -> Integer,
        opened_at -> Instant,
        notices -> Integer,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    notice_days (site_id, day, what) {
        site_id -> Key,
        day -> Integer,
        what -> Text,
        number -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    sso_issuers (id) {
        id -> Key,
        site_id -> Key,
        key -> Text,
        version -> BigInt,
        iss -> Text,
        aud -> Text,
        kind -> Text,
        secret -> Nullable<Text>,
        former_secret -> Nullable<Text>,
        keys -> Nullable<Text>,
        keys_url -> Nullable<Text>,
        joins_by_verified_email -> Bool,
        gives_roles -> Text,
        gives_badges -> Bool,
        author_id -> Key,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    identities (id) {
        id -> Key,
        issuer_id -> Key,
        sub -> Text,
        account_id -> Key,
        is_origin -> Bool,
        name -> Nullable<Text>,
        created_at -> Instant,
        last_used_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    identity_grants (identity_id, kind, name) {
        identity_id -> Key,
        kind -> Text,
        name -> Text,
        issuer_id -> Key,
    }
}

diesel::table! {
    use crate::store::types::Instant;
    use diesel::sql_types::*;

    spent_challenges (nonce) {
        nonce -> Binary,
        useless_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    spent_tokens (site_id, hash) {
        site_id -> Key,
        hash -> Binary,
        useless_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    api_keys (id) {
        id -> Key,
        site_id -> Key,
        account_id -> Key,
        name -> Text,
        scopes -> Text,
        beginning -> Text,
        version -> BigInt,
        expires_at -> Nullable<Instant>,
        last_used_at -> Nullable<Instant>,
        created_by -> Key,
        created_at -> Instant,
        revoked_by -> Nullable<Key>,
        revoked_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    codes (account_id, purpose) {
        account_id -> Key,
        purpose -> Text,
        email -> Text,
        email_key -> Text,
        link_hash -> Binary,
        digits_hash -> Binary,
        tries_left -> Integer,
        expires_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    second_factors (account_id) {
        account_id -> Key,
        secret -> Text,
        last_step -> Nullable<BigInt>,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    api_key_secrets (hash) {
        hash -> Binary,
        key_id -> Key,
        created_at -> Instant,
        ends_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    former_emails (id) {
        id -> Key,
        account_id -> Key,
        email -> Text,
        email_key -> Text,
        link_hash -> Binary,
        given_up_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    recovery_codes (hash) {
        hash -> Binary,
        account_id -> Key,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    oidc_codes (hash) {
        hash -> Binary,
        account_id -> Key,
        identity_id -> Key,
        challenge -> Text,
        useless_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    closings (account_id) {
        account_id -> Key,
        texts -> Text,
        asked_at -> Instant,
        closes_at -> Instant,
        job_id -> Key,
        closed_at -> Nullable<Instant>,
        erased_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Key};
    use diesel::sql_types::*;

    data_exports (account_id) {
        account_id -> Key,
        state -> Text,
        job_id -> Key,
        asked_at -> Instant,
        ended_at -> Nullable<Instant>,
        byte_count -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::Key;
    use diesel::sql_types::*;

    data_export_pieces (account_id, number) {
        account_id -> Key,
        number -> Integer,
        bytes -> Binary,
    }
}

diesel::joinable!(site_counters -> sites (site_id));
diesel::joinable!(commentaries -> stories (story_id));
diesel::joinable!(stories -> sites (site_id));
diesel::joinable!(story_urls -> stories (story_id));
diesel::joinable!(replies -> stories (story_id));
diesel::joinable!(replies -> accounts (author_id));
diesel::joinable!(reports -> accounts (reporter_id));
diesel::joinable!(reports -> replies (reply_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(identities -> sso_issuers (issuer_id));
diesel::joinable!(sso_issuers -> sites (site_id));
diesel::joinable!(site_roles -> accounts (account_id));
diesel::joinable!(api_key_secrets -> api_keys (key_id));

diesel::allow_tables_to_appear_in_same_query!(
    sites,
    site_counters,
    accounts,
    api_keys,
    api_key_secrets,
    author_counters,
    site_roles,
    day_counts,
    sanctions,
    sessions,
    refresh_tokens,
    attempts,
    stories,
    story_urls,
    commentaries,
    replies,
    queue_items,
    returns,
    statements,
    appeals,
    bulks,
    bulk_items,
    notes,
    mentions,
    site_badges,
    badge_holders,
    featured,
    mutes,
    notice_decisions,
    notices,
    notice_queue,
    notice_days,
    cases,
    reporter_counters,
    saved_queues,
    saved_queue_sites,
    saved_queue_assignees,
    search_documents,
    policies,
    verdicts,
    lessons,
    lesson_sums,
    shared_lesson_sums,
    policy_runs,
    policy_run_items,
    revisions,
    recommendations,
    reports,
    decisions,
    log_rows,
    log_seals,
    idempotency_keys,
    jobs,
    settings,
    imported_replies,
    imported_authors,
    claimed_authors,
    waiting_recommendations,
    story_changes,
    outside_checks,
    sso_issuers,
    identities,
);
