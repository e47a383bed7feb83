//! The one answer to "may this caller do this to that object?".
//!
//! Pure: who calls is a [`Standing`], what is done an [`Operation`] of the API, to what an [`Object`]. Each operation
//! names its [`Rule`] in one table; the OpenAPI document and the tests are made complete against it.

use super::{
    scopes::Lack,
    standing::{Rank, Standing},
};
use crate::domain::{ids::*, sanction::SanctionKind, site::UnprovenAccounts};

/// Who may do an operation at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Everybody; the caller is not looked at and the answer is the same for all.
    Public,
    /// Everybody; about the caller's own identity, so it is not public.
    Guest,
    /// Who is signed in, suspended on the site or not.
    SignedIn,
    /// Who is signed in and not suspended on the site.
    Participant,
    /// The object's owner, not suspended on the site.
    Owner,
    /// The object's owner, suspended on the site or not.
    OwnerAlways,
    /// The object's owner, not suspended on the site, or who moderates there.
    OwnerOrModerator,
    /// The object's owner, suspended on the site or not, or who moderates there.
    OwnerAlwaysOrModerator,
    /// Authors and moderators of the site, and admins.
    Staff,
    /// Moderators of the site, and admins.
    Moderator,
    /// Admins, and moderators of the site where it lets them.
    ModeratorIfAllowed,
    /// As `Moderator`, about an account of lower rank; everywhere: admins.
    ModeratorAbove,
    /// Moderators of some site, and admins.
    ModeratorSomewhere,
    /// Admins.
    Admin,
}

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident = $id:literal: $rule:ident,)*) => {
        /// Every operation of the API, by its id in the OpenAPI document.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Operation { $(#[doc = $id] $variant,)* }

        impl Operation {
            /// Every operation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The id in the OpenAPI document.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The operation of this id.
            pub fn parse(id: &str) -> Option<Self> {
                match id { $($id => Some(Self::$variant),)* _ => None }
            }

            /// Who may.
            pub fn rule(self) -> Rule {
                match self { $(Self::$variant => Rule::$rule,)* }
            }
        }
    };
}

operations! {
    CreateAccount = "create_account": Guest,
    CreateSession = "create_session": Guest,
    RefreshSession = "refresh_session": Guest,
    CreateSsoSession = "create_sso_session": Guest,
    BeginOidcSignOn = "begin_oidc_sign_on": Guest,
    FinishOidcSignOn = "finish_oidc_sign_on": Guest,
    CreateOidcSession = "create_oidc_session": Guest,
    CreateChallenge = "create_challenge": Guest,
    DeleteSession = "delete_session": SignedIn,
    ListSessions = "list_sessions": SignedIn,
    EndSession = "end_session": SignedIn,
    EndOtherSessions = "end_other_sessions": SignedIn,
    ListSessionsOfAccount = "list_sessions_of_account": Admin,
    EndSessionOfAccount = "end_session_of_account": Admin,
    EndSessionsOfAccount = "end_sessions_of_account": Admin,
    ChangeEmail = "change_email": SignedIn,
    SendEmailCode = "send_email_code": SignedIn,
    ConfirmMyEmail = "confirm_my_email": SignedIn,
    ConfirmEmail = "confirm_email": Guest,
    RestoreEmail = "restore_email": Guest,
    RequestPasswordReset = "request_password_reset": Guest,
    ResetPassword = "reset_password": Guest,
    ProveSession = "prove_session": SignedIn,
    ShowMe = "show_me": SignedIn,
    UpdateMe = "update_me": SignedIn,
    ChangePassword = "change_password": SignedIn,
    CloseAccount = "close_account": SignedIn,
    KeepAccount = "keep_account": SignedIn,
    RequestOwnData = "request_own_data": SignedIn,
    ShowOwnData = "show_own_data": SignedIn,
    DownloadOwnData = "download_own_data": SignedIn,
    ShowSecondFactor = "show_second_factor": SignedIn,
    BeginSecondFactor = "begin_second_factor": SignedIn,
    ConfirmSecondFactor = "confirm_second_factor": SignedIn,
    RenewRecoveryCodes = "renew_recovery_codes": SignedIn,
    RemoveSecondFactor = "remove_second_factor": SignedIn,
    ListIdentities = "list_identities": SignedIn,
    AddIdentity = "add_identity": SignedIn,
    ListClaimableAuthors = "list_claimable_authors": SignedIn,
    ClaimAuthors = "claim_authors": SignedIn,
    DeleteIdentity = "delete_identity": SignedIn,
    ShowAccount = "show_account": Public,
    ListAccountReplies = "list_account_replies": Public,
    ListSites = "list_sites": Public,
    ShowSite = "show_site": Public,
    CreateSite = "create_site": Admin,
    UpdateSite = "update_site": Admin,
    ShowSiteSettings = "show_site_settings": Moderator,
    ListSiteRoles = "list_site_roles": Admin,
    GrantSiteRole = "grant_site_role": Admin,
    RevokeSiteRole = "revoke_site_role": Admin,
    ListIssuers = "list_issuers": Admin,
    ShowIssuer = "show_issuer": Admin,
    PutIssuer = "put_issuer": Admin,
    DeleteIssuer = "delete_issuer": Admin,
    TestSsoToken = "test_sso_token": Admin,
    ListApiKeys = "list_api_keys": Admin,
    ShowApiKey = "show_api_key": Admin,
    CreateApiKey = "create_api_key": Admin,
    RotateApiKey = "rotate_api_key": Admin,
    RevokeApiKey = "revoke_api_key": Admin,
    ListBadges = "list_badges": Moderator,
    PutBadge = "put_badge": Admin,
    DeleteBadge = "delete_badge": Admin,
    ListBadgeHolders = "list_badge_holders": Moderator,
    GrantBadge = "grant_badge": Moderator,
    RevokeBadge = "revoke_badge": Moderator,
    ListSiteReplies = "list_site_replies": Public,
    ListStories = "list_stories": Public,
    ShowStoryOfSite = "show_story_of_site": Public,
    PutStory = "put_story": Staff,
    ShowStory = "show_story": Public,
    CloseStory = "close_story": Staff,
    ReopenStory = "reopen_story": Staff,
    ShowDiscussion = "show_discussion": Public,
    ListStoryReplies = "list_story_replies": Public,
    ShowReply = "show_reply": Public,
    ListRepliesBelow = "list_replies_below": Public,
    CountReplies = "count_replies": Public,
    QueryCounts = "query_counts": Public,
    ListStoryEvents = "list_story_events": Public,
    ListMine = "list_mine": SignedIn,
    PreviewReply = "preview_reply": SignedIn,
    CreateReply = "create_reply": Participant,
    UpdateReply = "update_reply": OwnerOrModerator,
    WithdrawReply = "withdraw_reply": Owner,
    ShowStatement = "show_statement": OwnerAlwaysOrModerator,
    CreateAppeal = "create_appeal": OwnerAlways,
    RecommendReply = "recommend_reply": Participant,
    UnrecommendReply = "unrecommend_reply": Participant,
    ListMutes = "list_mutes": SignedIn,
    MuteAccount = "mute_account": SignedIn,
    UnmuteAccount = "unmute_account": SignedIn,
    ListOwnReports = "list_own_reports": SignedIn,
    ReportReply = "report_reply": Participant,
    ListFeatured = "list_featured": Public,
    PutFeatured = "put_featured": Staff,
    ListSiteFeatured = "list_site_featured": Public,
    FeatureReply = "feature_reply": Staff,
    UnfeatureReply = "unfeature_reply": Staff,
    CreateNotice = "create_notice": SignedIn,
    CreateGuestNotice = "create_guest_notice": Guest,
    ConfirmNotice = "confirm_notice": Guest,
    ShowNotice = "show_notice": SignedIn,
    ShowNoticeDecision = "show_notice_decision": SignedIn,
    ListNotices = "list_notices": ModeratorSomewhere,
    ListReplyNotices = "list_reply_notices": Moderator,
    DecideNotice = "decide_notice": Moderator,
    ShowNoticeStatistics = "show_notice_statistics": Moderator,
    ListQueue = "list_queue": ModeratorSomewhere,
    SearchReplies = "search_replies": ModeratorSomewhere,
    CountQueues = "count_queues": ModeratorSomewhere,
    ListQueueEvents = "list_queue_events": ModeratorSomewhere,
    TakeNext = "take_next": ModeratorSomewhere,
    HoldClaim = "hold_claim": Moderator,
    ReleaseClaim = "release_claim": Moderator,
    ListCases = "list_cases": ModeratorSomewhere,
    ShowCase = "show_case": Moderator,
    ListAccountNotes = "list_account_notes": ModeratorSomewhere,
    AddAccountNote = "add_account_note": Moderator,
    ListReplyNotes = "list_reply_notes": Moderator,
    AddReplyNote = "add_reply_note": Moderator,
    ShowNote = "show_note": Moderator,
    DeleteNote = "delete_note": Moderator,
    ListMentions = "list_mentions": ModeratorSomewhere,
    ReadMention = "read_mention": Moderator,
    DecideMany = "decide_many": ModeratorSomewhere,
    UndoBulk = "undo_bulk": ModeratorSomewhere,
    ListBulks = "list_bulks": ModeratorSomewhere,
    ShowBulk = "show_bulk": ModeratorSomewhere,
    ListBulkItems = "list_bulk_items": ModeratorSomewhere,
    CancelBulk = "cancel_bulk": ModeratorSomewhere,
    ListSavedQueues = "list_saved_queues": ModeratorSomewhere,
    CreateSavedQueue = "create_saved_queue": ModeratorSomewhere,
    ShowSavedQueue = "show_saved_queue": ModeratorSomewhere,
    PutSavedQueue = "put_saved_queue": ModeratorSomewhere,
    DeleteSavedQueue = "delete_saved_queue": ModeratorSomewhere,
    ShowQueuedReply = "show_queued_reply": Moderator,
    ListRevisions = "list_revisions": Moderator,
    CompareRevisions = "compare_revisions": Moderator,
    DecideReply = "decide_reply": Moderator,
    DecideAppeal = "decide_appeal": Moderator,
    ShowTrace = "show_trace": Moderator,
    ShowClassifier = "show_classifier": Moderator,
    ShowClassifierChart = "show_classifier_chart": Moderator,
    ShowPolicy = "show_policy": Moderator,
    PutPolicy = "put_policy": ModeratorIfAllowed,
    ListPolicyVersions = "list_policy_versions": Moderator,
    ShowPolicyVersion = "show_policy_version": Moderator,
    RestorePolicy = "restore_policy": ModeratorIfAllowed,
    ShowPolicyList = "show_policy_list": Moderator,
    PutPolicyList = "put_policy_list": ModeratorIfAllowed,
    TestPolicy = "test_policy": Moderator,
    SimulatePolicy = "simulate_policy": Moderator,
    RerunPolicy = "rerun_policy": Moderator,
    ListPolicyRuns = "list_policy_runs": Moderator,
    ShowPolicyRun = "show_policy_run": Moderator,
    ShowPolicyRunChart = "show_policy_run_chart": Moderator,
    ListPolicyRunEvents = "list_policy_run_events": Moderator,
    CancelPolicyRun = "cancel_policy_run": Moderator,
    UndoPolicyRun = "undo_policy_run": Moderator,
    ShowOutsideCheck = "show_outside_check": Moderator,
    PutOutsideCheck = "put_outside_check": Admin,
    DeleteOutsideCheck = "delete_outside_check": Admin,
    TestOutsideCheck = "test_outside_check": Admin,
    ListLog = "list_log": Moderator,
    ListCommonLog = "list_common_log": Admin,
    ShowLogHead = "show_log_head": Moderator,
    ExportLog = "export_log": Moderator,
    ImposeSanction = "impose_sanction": ModeratorAbove,
    ListSanctions = "list_sanctions": ModeratorSomewhere,
    LiftSanction = "lift_sanction": ModeratorAbove,
    ListOwnSanctions = "list_own_sanctions": SignedIn,
    ReadWarning = "read_warning": SignedIn,
    ShowStatistics = "show_statistics": Moderator,
    ShowStatisticsChart = "show_statistics_chart": Moderator,
    ShowTransparencyReport = "show_transparency_report": Moderator,
    ShowTransparencyChart = "show_transparency_chart": Moderator,
    ShowPrivacy = "show_privacy": Public,
    ShowHealth = "show_health": Public,
    ShowReadiness = "show_readiness": Public,
}

impl Operation {
    /// Whether it only shows something: what may not be seen answers as if it were not there.
    pub fn is_reading(self) -> bool {
        matches!(
            self,
            Self::ListNotices
                | Self::ListReplyNotices
                | Self::ShowNoticeStatistics
                | Self::ListQueue
                | Self::SearchReplies
                | Self::CountQueues
                | Self::ListQueueEvents
                | Self::ListCases
                | Self::ShowCase
                | Self::ListAccountNotes
                | Self::ListReplyNotes
                | Self::ShowNote
                | Self::ListMentions
                | Self::ListBulks
                | Self::ShowBulk
                | Self::ListBulkItems
                | Self::ListSavedQueues
                | Self::ShowSavedQueue
                | Self::ShowQueuedReply
                | Self::ListRevisions
                | Self::CompareRevisions
                | Self::ShowStatement
                | Self::ShowTrace
                | Self::ShowClassifier
                | Self::ShowClassifierChart
                | Self::ShowPolicy
                | Self::ListPolicyVersions
                | Self::ShowPolicyVersion
                | Self::ShowPolicyList
                | Self::ListPolicyRuns
                | Self::ShowPolicyRun
                | Self::ShowPolicyRunChart
                | Self::ListPolicyRunEvents
                | Self::ShowOutsideCheck
                | Self::ListLog
                | Self::ListCommonLog
                | Self::ShowLogHead
                | Self::ExportLog
                | Self::ShowStatistics
                | Self::ShowStatisticsChart
                | Self::ShowTransparencyReport
                | Self::ShowTransparencyChart
                | Self::ListSiteRoles
                | Self::ListSessionsOfAccount
                | Self::ListIssuers
                | Self::ShowIssuer
                | Self::ListApiKeys
                | Self::ShowApiKey
                | Self::ListSanctions
                | Self::ListBadges
                | Self::ListBadgeHolders
                | Self::ShowSiteSettings
        )
    }

    /// Whether it is owed to everybody: to know what was decided about oneself and why, and to object; to have what is kept of
    /// oneself, and to leave.
    pub fn is_owed(self) -> bool {
        matches!(
            self,
            Self::ListOwnSanctions
                | Self::ShowStatement
                | Self::CreateAppeal
                | Self::ShowNotice
                | Self::ShowNoticeDecision
                | Self::CloseAccount
                | Self::KeepAccount
                | Self::RequestOwnData
                | Self::ShowOwnData
                | Self::DownloadOwnData
        )
    }

    /// Whether who has proven nothing is kept from it, where the site lets such only read and recommend. Taking back what
    /// one wrote is none of it, nor what is owed to everybody.
    pub fn needs_identity(self) -> bool {
        matches!(self, Self::CreateReply | Self::UpdateReply | Self::ReportReply)
    }

    /// Whether its caller must have shown a short time ago who he is: it changes whom the service trusts or what it holds
    /// people to, or gives away much at once. Where a password or code stands in the request, that is shown by it.
    pub fn needs_proof(self) -> bool {
        matches!(
            self,
            Self::BeginSecondFactor
                | Self::RequestOwnData
                | Self::DownloadOwnData
                | Self::AddIdentity
                | Self::DeleteIdentity
                | Self::CreateSite
                | Self::UpdateSite
                | Self::GrantSiteRole
                | Self::RevokeSiteRole
                | Self::PutIssuer
                | Self::DeleteIssuer
                | Self::CreateApiKey
                | Self::RotateApiKey
                | Self::RevokeApiKey
                | Self::PutPolicy
                | Self::RestorePolicy
                | Self::PutPolicyList
                | Self::PutOutsideCheck
                | Self::DeleteOutsideCheck
                | Self::ExportLog
        )
    }

    /// Whether somebody may it as staff who may not otherwise.
    pub fn is_for_staff(self) -> bool {
        !matches!(self.rule(), Rule::Public | Rule::Guest | Rule::SignedIn | Rule::Owner | Rule::OwnerAlways)
    }

    /// Whether a token is needed.
    pub fn needs_caller(self) -> bool {
        !matches!(self.rule(), Rule::Public | Rule::Guest)
    }
}

/// What an operation is done to, as far as permission depends on it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Object {
    /// The site that it belongs to; none: no site's.
    pub site: Option<SiteId>,
    /// Whose it is.
    pub owner: Option<AccountId>,
    /// The rank of the account concerned.
    pub rank: Option<Rank>,
    /// Not to be seen by everybody.
    pub is_hidden: bool,
    /// Moderators may change it, and not admins alone.
    pub is_for_moderators: bool,
    /// What the site lets those do who have proven nothing; none: it is no site's.
    pub unproven_accounts: Option<UnprovenAccounts>,
}

impl Object {
    /// Something of a site that everybody sees.
    pub fn of_site(site: SiteId) -> Self {
        Self { site: Some(site), ..Self::default() }
    }
}

/// Why not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Denial {
    /// The caller may not know that it exists.
    Unseen,
    /// The caller has no right to.
    Forbidden,
    /// The caller would have, but is suspended.
    Suspended,
    /// The caller would have, but has a warning to read first.
    Warned,
    /// The caller would have, but has not proven who he is.
    Unidentified,
    /// The caller would have, but is to show the second factor first, or to set one up.
    FactorMissing,
    /// The caller has, but is to show again who he is.
    Unproven,
    /// The caller acts by a key, which may not.
    OutOfScope(Lack),
}

/// Whether this caller may do this to that object.
pub fn may(caller: &Standing, operation: Operation, object: Object) -> Result<(), Denial> {
    if let Some(key) = &caller.by_key {
        key.check(operation, object.site)?;
    }
    let denial = match may_awake(caller, operation, object) {
        Ok(()) if operation.needs_proof() && !caller.is_proven => return Err(Denial::Unproven),
        Ok(()) => return Ok(()),
        Err(denial) => denial,
    };
    let is_for_sleep = matches!(denial, Denial::Unseen | Denial::Forbidden)
        && caller.awake().is_some_and(|awake| may_awake(&awake, operation, object).is_ok());
    Err(if is_for_sleep { Denial::FactorMissing } else { denial })
}

fn may_awake(caller: &Standing, operation: Operation, object: Object) -> Result<(), Denial> {
    if caller.is_suspended_everywhere && !operation.is_owed() {
        return Err(Denial::Suspended);
    }
    let is_owner = object.owner == Some(caller.account_id);
    let moderates =
        !caller.is_suspended_everywhere && object.site.map_or(caller.is_admin, |site| caller.moderates(site));
    let is_warned_here = operation == Operation::CreateReply
        && object.site.is_some_and(|site| caller.is_held_on(site, SanctionKind::Warn));
    let is_unidentified_here = operation.needs_identity()
        && !caller.is_identified
        && object.unproven_accounts == Some(UnprovenAccounts::ReadAndRecommend)
        && !object.site.is_some_and(|site| caller.is_staff(site));
    let is_suspended_here = object.site.is_some_and(|site| caller.suspended_on.contains(&site));
    let refused = if operation.is_reading() || (object.is_hidden && !is_owner && !moderates) {
        Denial::Unseen
    } else {
        Denial::Forbidden
    };
    let has_right = match operation.rule() {
        Rule::Public | Rule::Guest | Rule::SignedIn => true,
        Rule::Participant => !object.is_hidden || is_owner || moderates,
        Rule::Owner | Rule::OwnerAlways => is_owner,
        Rule::OwnerOrModerator | Rule::OwnerAlwaysOrModerator => is_owner || moderates,
        Rule::Staff => object.site.map_or(caller.is_admin, |site| caller.is_staff(site)),
        Rule::Moderator => moderates,
        Rule::ModeratorIfAllowed => caller.is_admin || (moderates && object.is_for_moderators),
        Rule::ModeratorAbove => {
            let is_above = object.rank.is_none_or(|rank| caller.rank(object.site) > rank);
            moderates && is_above && !is_owner
        }
        Rule::ModeratorSomewhere => caller.rank(None) >= Rank::Moderator,
        Rule::Admin => caller.is_admin,
    };
    match (has_right, operation.rule()) {
        (false, _) => Err(refused),
        (true, Rule::Public | Rule::Guest | Rule::SignedIn | Rule::OwnerAlways) => Ok(()),
        (true, Rule::OwnerAlwaysOrModerator) if is_owner => Ok(()),
        (true, _) if is_suspended_here => Err(Denial::Suspended),
        (true, _) if is_unidentified_here => Err(Denial::Unidentified),
        (true, _) if is_warned_here => Err(Denial::Warned),
        (true, _) => Ok(()),
    }
}

#[cfg(test)]
#[path = "permission_tests.rs"]
mod tests;
