//! What keys may do: which scope each operation needs, in one table. What does not stand in it no key may do: whatever
//! concerns accounts, sites, roles, keys and policies, and what only persons decide.

use std::fmt;

use super::permission::{Denial, Operation};
use crate::domain::{api_key::Scope, ids::*};

/// What a key needs for an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// This scope; done by the key itself.
    Itself(Scope),
    /// This scope and `replies:act_as`; done for a reader.
    ForReader(Scope),
}

/// What a key needs for this operation; none: it never may.
pub fn need(operation: Operation) -> Option<Need> {
    use {Need::*, Operation::*, Scope::*};
    Some(match operation {
        PutStory | CloseStory | ReopenStory => Itself(StoriesWrite),
        PutFeatured | FeatureReply | UnfeatureReply => Itself(FeaturedWrite),
        ListMine | PreviewReply | ShowStatement => ForReader(RepliesActAs),
        CreateReply | UpdateReply | WithdrawReply | RecommendReply | UnrecommendReply | ReportReply | CreateAppeal => {
            ForReader(RepliesWrite)
        }
        CountQueues | ShowStatistics | ShowStatisticsChart | ShowTransparencyReport | ShowTransparencyChart => {
            Itself(CountsRead)
        }
        ListQueue | SearchReplies | ListQueueEvents | ShowQueuedReply | ListRevisions | CompareRevisions
        | ShowTrace | ListCases | ShowCase => Itself(ModerationRead),
        DecideReply => Itself(ModerationDecide),
        ListLog | ShowLogHead | ExportLog => Itself(LogRead),
        _ => return None,
    })
}

/// The key by which somebody acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByKey {
    pub id: ApiKeyId,
    /// The one site on which it may anything.
    pub site: SiteId,
    pub scopes: Vec<Scope>,
    /// Whether it acts for a reader, and not by itself.
    pub is_for_reader: bool,
}

/// Why a key may not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    /// No key may.
    Any,
    /// It has not this scope.
    Scope(Scope),
    /// It must say for whom.
    Reader,
    /// It may itself, and not for somebody.
    Itself,
}

impl ByKey {
    /// Whether it has a scope.
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Refuses what it may not do at all, wherever its reader might; other sites are as if they were not there.
    pub fn check(&self, operation: Operation, site: Option<SiteId>) -> Result<(), Denial> {
        if site.is_some_and(|site| site != self.site) {
            return Err(Denial::Unseen);
        }
        self.lack(operation).map_or(Ok(()), |lack| Err(Denial::OutOfScope(lack)))
    }

    fn lack(&self, operation: Operation) -> Option<Lack> {
        let (scope, is_for_reader) = match need(operation) {
            None => return Some(Lack::Any),
            Some(Need::Itself(scope)) => (scope, false),
            Some(Need::ForReader(scope)) => (scope, true),
        };
        let wanted = [Some(scope), is_for_reader.then_some(Scope::RepliesActAs)];
        let missing = wanted.into_iter().flatten().find(|scope| !self.has(*scope));
        match missing {
            Some(scope) => Some(Lack::Scope(scope)),
            None if is_for_reader && !self.is_for_reader => Some(Lack::Reader),
            None if !is_for_reader && self.is_for_reader => Some(Lack::Itself),
            None => None,
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("no key may do this"),
            Self::Scope(scope) => write!(f, "the key needs the scope {scope}"),
            Self::Reader => f.write_str("a key does this for a reader, whom Act-As names"),
            Self::Itself => f.write_str("a key does this itself, without Act-As"),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::auth::permission::Rule;

    fn key(scopes: &[Scope], is_for_reader: bool) -> ByKey {
        let (id, site) = (ApiKeyId(Uuid::from_u128(1)), SiteId(Uuid::from_u128(2)));
        ByKey { id, site, scopes: scopes.to_vec(), is_for_reader }
    }

    #[test]
    fn no_scope_reaches_accounts_sites_roles_keys_or_what_only_admins_may() {
        for operation in Operation::ALL.iter().filter(|operation| need(**operation).is_some()) {
            assert!(!matches!(operation.rule(), Rule::Admin | Rule::ModeratorIfAllowed | Rule::ModeratorAbove));
            let id = operation.id();
            for word in ["account", "session", "password", "role", "key", "policy", "issuer", "identit", "sanction"] {
                assert!(!id.contains(word), "{id}");
            }
        }
    }

    #[test]
    fn each_scope_is_for_something_and_public_reading_needs_none() {
        for scope in Scope::ALL {
            let is_it = |need: Need| matches!(need, Need::Itself(of) | Need::ForReader(of) if of == *scope);
            assert!(Operation::ALL.iter().filter_map(|operation| need(*operation)).any(is_it), "{scope}");
        }
        assert!(Operation::ALL.iter().all(|operation| operation.needs_caller() || need(*operation).is_none()));
    }

    #[test]
    fn a_key_may_what_its_scopes_say_on_its_own_site() {
        let here = Some(SiteId(Uuid::from_u128(2)));
        let writes = key(&[Scope::StoriesWrite], false);
        assert_eq!(writes.check(Operation::PutStory, here), Ok(()));
        assert_eq!(writes.check(Operation::PutStory, Some(SiteId(Uuid::from_u128(3)))), Err(Denial::Unseen));
        let lacks = |key: ByKey, operation| match key.check(operation, here) {
            Err(Denial::OutOfScope(lack)) => lack,
            other => panic!("{other:?}"),
        };
        assert_eq!(lacks(writes.clone(), Operation::DecideReply), Lack::Scope(Scope::ModerationDecide));
        assert_eq!(lacks(writes, Operation::ShowMe), Lack::Any);
        assert_eq!(lacks(key(Scope::ALL, true), Operation::PutStory), Lack::Itself);
        assert_eq!(lacks(key(Scope::ALL, false), Operation::CreateReply), Lack::Reader);
        let lacking = key(&[Scope::RepliesWrite], true);
        assert_eq!(lacks(lacking, Operation::CreateReply), Lack::Scope(Scope::RepliesActAs));
        let acting = key(&[Scope::RepliesActAs], true);
        assert_eq!(lacks(acting.clone(), Operation::CreateReply), Lack::Scope(Scope::RepliesWrite));
        assert_eq!(acting.check(Operation::ListMine, here), Ok(()));
    }
}
