//! What kind of work an operation is: by it requests are counted ([`super::buckets`]), and in its order work is refused when
//! there is too much.

use super::permission::Operation;

/// A kind of work.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Reading what everybody sees: mostly out of memory, and counted only where that is asked for.
    Page,
    /// What costs much for one request: searches, exports, statistics, previews, trials, lists that are sifted.
    Dear,
    /// Texts of readers: replies, edits, notices, appeals.
    Posting,
    /// Complaints.
    Reporting,
    /// Recommendations.
    Recommending,
    /// New accounts, whose passwords are hashed.
    SigningUp,
    /// Sessions, and proofs of who one is.
    SigningIn,
    /// All else.
    Other,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Page,
        Self::Dear,
        Self::Posting,
        Self::Reporting,
        Self::Recommending,
        Self::SigningUp,
        Self::SigningIn,
        Self::Other,
    ];

    /// The name in headers and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Dear => "dear",
            Self::Posting => "posting",
            Self::Reporting => "reporting",
            Self::Recommending => "recommending",
            Self::SigningUp => "signing-up",
            Self::SigningIn => "signing-in",
            Self::Other => "other",
        }
    }
}

impl Operation {
    /// The kind of work that it is. No operation is left out: the compiler asks for a new one's line.
    pub fn kind(self) -> Kind {
        match self {
            Self::ShowAccount
            | Self::ListAccountReplies
            | Self::ListSites
            | Self::ShowSite
            | Self::ListSiteReplies
            | Self::ListStories
            | Self::ShowStoryOfSite
            | Self::ShowStory
            | Self::ShowDiscussion
            | Self::ListStoryReplies
            | Self::ShowReply
            | Self::ListRepliesBelow
            | Self::CountReplies
            | Self::QueryCounts
            | Self::ListStoryEvents
            | Self::ListFeatured
            | Self::ListSiteFeatured
            | Self::ShowPrivacy
            | Self::ShowHealth
            | Self::ShowReadiness => Kind::Page,
            Self::PreviewReply
            | Self::TestSsoToken
            | Self::SearchReplies
            | Self::CompareRevisions
            | Self::TestPolicy
            | Self::SimulatePolicy
            | Self::RerunPolicy
            | Self::TestOutsideCheck
            | Self::ListLog
            | Self::ListCommonLog
            | Self::ExportLog
            | Self::RequestOwnData
            | Self::DownloadOwnData
            | Self::ShowNoticeStatistics
            | Self::ShowStatistics
            | Self::ShowStatisticsChart
            | Self::ShowTransparencyReport
            | Self::ShowTransparencyChart => Kind::Dear,
            Self::CreateReply
            | Self::UpdateReply
            | Self::WithdrawReply
            | Self::CreateAppeal
            | Self::CreateNotice
            | Self::CreateGuestNotice
            | Self::ConfirmNotice => Kind::Posting,
            Self::ReportReply => Kind::Reporting,
            Self::RecommendReply | Self::UnrecommendReply => Kind::Recommending,
            Self::CreateAccount => Kind::SigningUp,
            Self::CreateSession
            | Self::RefreshSession
            | Self::ProveSession
            | Self::BeginOidcSignOn
            | Self::FinishOidcSignOn
            | Self::CreateOidcSession
            | Self::ChangeEmail
            | Self::SendEmailCode
            | Self::ConfirmMyEmail
            | Self::ConfirmEmail
            | Self::RestoreEmail
            | Self::RequestPasswordReset
            | Self::ResetPassword
            | Self::ConfirmSecondFactor
            | Self::RenewRecoveryCodes
            | Self::RemoveSecondFactor
            | Self::ChangePassword
            | Self::CloseAccount
            | Self::AddIdentity => Kind::SigningIn,
            // a blog's server signs all its readers on, from one address
            Self::CreateSsoSession
            | Self::CreateChallenge
            | Self::DeleteSession
            | Self::ShowMe
            | Self::ShowSecondFactor
            | Self::BeginSecondFactor
            | Self::UpdateMe
            | Self::KeepAccount
            | Self::ShowOwnData
            | Self::ListIdentities
            | Self::DeleteIdentity
            | Self::ListClaimableAuthors
            | Self::ClaimAuthors
            | Self::CreateSite
            | Self::UpdateSite
            | Self::ShowSiteSettings
            | Self::ListSiteRoles
            | Self::GrantSiteRole
            | Self::RevokeSiteRole
            | Self::ListIssuers
            | Self::ShowIssuer
            | Self::PutIssuer
            | Self::DeleteIssuer
            | Self::ListBadges
            | Self::PutBadge
            | Self::DeleteBadge
            | Self::ListBadgeHolders
            | Self::GrantBadge
            | Self::RevokeBadge
            | Self::PutStory
            | Self::CloseStory
            | Self::ReopenStory
            | Self::ListMine
            | Self::ShowStatement
            | Self::ListMutes
            | Self::MuteAccount
            | Self::UnmuteAccount
            | Self::ListOwnReports
            | Self::PutFeatured
            | Self::FeatureReply
            | Self::UnfeatureReply
            | Self::ShowNotice
            | Self::ShowNoticeDecision
            | Self::ListNotices
            | Self::ListReplyNotices
            | Self::DecideNotice
            // a request looks at so many rows at most, and it is what moderators do all day
            | Self::ListQueue
            | Self::CountQueues
            | Self::ListQueueEvents
            | Self::TakeNext
            | Self::HoldClaim
            | Self::ReleaseClaim
            | Self::ListCases
            | Self::ShowCase
            | Self::ListAccountNotes
            | Self::AddAccountNote
            | Self::ListReplyNotes
            | Self::AddReplyNote
            | Self::ShowNote
            | Self::DeleteNote
            | Self::ListMentions
            | Self::ReadMention
            | Self::DecideMany
            | Self::UndoBulk
            | Self::ListBulks
            | Self::ShowBulk
            | Self::ListBulkItems
            | Self::CancelBulk
            | Self::ListSavedQueues
            | Self::CreateSavedQueue
            | Self::ShowSavedQueue
            | Self::PutSavedQueue
            | Self::DeleteSavedQueue
            | Self::ShowQueuedReply
            | Self::ListRevisions
            | Self::DecideReply
            | Self::DecideAppeal
            | Self::ShowTrace
            | Self::ShowClassifier
            | Self::ShowClassifierChart
            | Self::ShowPolicy
            | Self::PutPolicy
            | Self::ListPolicyVersions
            | Self::ShowPolicyVersion
            | Self::RestorePolicy
            | Self::ShowPolicyList
            | Self::PutPolicyList
            | Self::ListPolicyRuns
            | Self::ShowPolicyRun
            | Self::ShowPolicyRunChart
            | Self::ListPolicyRunEvents
            | Self::CancelPolicyRun
            | Self::UndoPolicyRun
            | Self::ShowOutsideCheck
            | Self::PutOutsideCheck
            | Self::DeleteOutsideCheck
            | Self::ShowLogHead
            | Self::ImposeSanction
            | Self::ListSanctions
            | Self::LiftSanction
            | Self::ListOwnSanctions
            | Self::ReadWarning
            | Self::ListSessions
            | Self::EndSession
            | Self::EndOtherSessions
            | Self::ListSessionsOfAccount
            | Self::EndSessionOfAccount
            | Self::EndSessionsOfAccount
            | Self::ListApiKeys
            | Self::ShowApiKey
            | Self::CreateApiKey
            | Self::RotateApiKey
            | Self::RevokeApiKey => Kind::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::permission::Rule;

    #[test]
    fn what_everybody_reads_is_a_page_and_nothing_else_is() {
        for operation in Operation::ALL {
            let is_page = operation.kind() == Kind::Page;
            assert_eq!(is_page, operation.rule() == Rule::Public, "{}", operation.id());
        }
    }
}
