//! What whoever guards the service wants to know: one line of the log for each thing that happens to people's accounts and
//! rights, with `event` out of a closed set (docs/OPERATIONS.md says what to alert on). A line says who by ids, never by a
//! secret, an address or a name; the request's span beside it says in which request.

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $level:ident: $words:literal,)*) => {
        /// Every event.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Event { $(#[doc = $words] $variant,)* }

        impl Event {
            /// Every event.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in the log; never changes.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// For people.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }

            /// Whether it is a warning: seldom, and perhaps an attack that has come far.
            pub const fn is_warning(self) -> bool {
                match self { $(Self::$variant => $level,)* }
            }
        }
    };
}

const INFO: bool = false;
const WARNING: bool = true;

events! {
    SignedUp = "signed_up" INFO: "signed up",
    SignedIn = "signed_in" INFO: "signed in",
    SignedOn = "signed_on" INFO: "signed on",
    SignInFailed = "sign_in_failed" INFO: "sign-in failed",
    SignOnFailed = "sign_on_failed" INFO: "sign-on failed",
    WrongCode = "wrong_code" INFO: "a wrong code was shown",
    SignInsLimited = "sign_ins_limited" WARNING: "too many failed sign-ins",
    TokenReused = "token_reused" WARNING: "a spent refresh token was shown again; its session was ended",
    SessionsEnded = "sessions_ended" INFO: "sessions were ended",
    EmailConfirmed = "email_confirmed" INFO: "an e-mail address was confirmed",
    EmailRestored = "email_restored" WARNING: "a change of the e-mail address was taken back",
    PasswordChanged = "password_changed" INFO: "password changed",
    PasswordReset = "password_reset" INFO: "a password was reset",
    FactorSet = "factor_set" INFO: "second factor set up",
    FactorRemoved = "factor_removed" INFO: "second factor removed",
    RecoveryCodesRenewed = "recovery_codes_renewed" INFO: "recovery codes renewed",
    IdentityJoined = "identity_joined" INFO: "an identity was joined to an account",
    IdentityRemoved = "identity_removed" INFO: "an identity was removed by its owner",
    ClosingAsked = "closing_asked" INFO: "an account is to be closed",
    ClosingUndone = "closing_undone" INFO: "an account is not to be closed any more",
    AuthorsClaimed = "authors_claimed" INFO: "imported replies were claimed",
    AccountClosed = "account_closed" INFO: "account closed",
    DataAsked = "data_asked" WARNING: "somebody asked for all that is kept of his account",
    PermissionRefused = "permission_refused" INFO: "permission refused",
    OriginRefused = "origin_refused" INFO: "a website was refused",
    RequestsLimited = "requests_limited" INFO: "too many requests",
    RoleGranted = "role_granted" WARNING: "a role was granted",
    RoleRevoked = "role_revoked" INFO: "a role was taken back",
    SanctionImposed = "sanction_imposed" INFO: "sanction imposed",
    KeyMade = "key_made" WARNING: "a key was made or rotated",
    KeyRevoked = "key_revoked" INFO: "a key was revoked",
    KeyRefused = "key_refused" INFO: "what is no key, or none any more, was refused",
    StaffSpared = "staff_spared" WARNING: "a key, or a site's token, was to act for people of the service or of a site",
    IssuerChanged = "issuer_changed" WARNING: "an issuer was registered or changed",
    IssuerDeleted = "issuer_deleted" INFO: "an issuer was deleted",
    StrangerCameBack = "stranger_came_back" INFO: "somebody came back from a provider who did not go there with this browser",
}

/// Tells of an event, with further fields.
macro_rules! tell {
    ($event:ident $(, $($fields:tt)+)?) => {{
        const EVENT: $crate::security::Event = $crate::security::Event::$event;
        if EVENT.is_warning() {
            tracing::warn!(event = EVENT.as_str(), $($($fields)+,)? "{}", EVENT.words());
        } else {
            tracing::info!(event = EVENT.as_str(), $($($fields)+,)? "{}", EVENT.words());
        }
    }};
}

pub(crate) use tell;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_event_has_a_name_of_its_own_and_stands_in_the_operators_page() {
        let names: BTreeSet<&str> = Event::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!(names.len(), Event::ALL.len());
        let page = include_str!("../docs/OPERATIONS.md");
        for name in names {
            assert!(page.contains(&format!("`{name}`")), "{name} is not told of");
        }
    }
}
