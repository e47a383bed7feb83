//! What the database knows of a caller when a transaction runs: read inside the handler's own, so that a sign-out, a
//! sanction or a demotion counts at once, also for access tokens already given out.

use std::time::Duration;

use diesel::QueryResult;

use super::{scopes::ByKey, token::Proof};
use crate::{
    domain::{
        ids::*,
        moderation::ActorKind,
        sanction::{Held, SanctionKind},
        site::{Badge, SiteRole, UnprovenAccounts},
        timestamp::Timestamp,
    },
    store::{
        Conn,
        accounts::{self, Account},
        decisions::Actor,
        moderation::QueueSites,
        sites::Site,
        standing::{self, Grant, InSession},
    },
};

/// An account with its rights.
#[derive(Clone, Debug)]
pub struct Standing {
    pub account_id: AccountId,
    /// None: by a command, not by a session.
    pub session_id: Option<SessionId>,
    pub is_admin: bool,
    /// Whether its owner ever proved who he is: by his e-mail address, or a site's sign-on.
    pub is_identified: bool,
    pub roles: Vec<(SiteId, SiteRole)>,
    pub is_suspended_everywhere: bool,
    pub suspended_on: Vec<SiteId>,
    /// Whether its owner showed a short time ago who he is.
    pub is_proven: bool,
    /// What the account may as staff, where the second factor is to be shown first; its roles are none until then.
    pub asleep: Option<Rights>,
    /// Sanctions that leave more than reading, each with its site; none: everywhere.
    pub held: Vec<(Option<SiteId>, Held)>,
    /// By which key it acts: for a reader, or by itself. None: somebody is there himself.
    pub by_key: Option<ByKey>,
}

/// What somebody may as staff.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rights {
    pub is_admin: bool,
    pub roles: Vec<(SiteId, SiteRole)>,
}

/// So long it counts that somebody showed who he is, for what changes whom the service trusts.
pub const PROOF_MAX_AGE: Duration = Duration::from_secs(600);

/// Staff rank: who stands above whom when one imposes a sanction on the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rank {
    Reader,
    Author,
    Moderator,
    Admin,
}

impl Standing {
    /// Of the caller who showed this proof; `None` if the session has ended or the account is closed. Staff need a second
    /// factor where they are to have one, and whoever has one needs it for his rights as staff, however he signed in.
    pub fn find(
        conn: &mut Conn<'_>,
        proof: Proof,
        is_factor_demanded: bool,
        now: Timestamp,
    ) -> QueryResult<Option<(Self, Account)>> {
        let found = standing::find_signed_in(conn, proof.session_id, proof.account_id, now)?;
        Ok(found.map(|InSession { account, grants, proven_at, factor_at }| {
            // whoever has a second factor shows who he is by that, however he signed in
            let proven_at = if account.second_factor_at.is_some() { factor_at } else { Some(proven_at) };
            let is_proven = proven_at.is_some_and(|proven_at| now.since(proven_at) < PROOF_MAX_AGE);
            let mut standing =
                Self { session_id: Some(proof.session_id), is_proven, ..Self::granted(&account, &grants) };
            let needs_factor = is_factor_demanded || account.second_factor_at.is_some();
            if needs_factor && factor_at.is_none() {
                standing.sleep();
            }
            (standing, account)
        }))
    }

    /// Puts the rights of staff to sleep.
    fn sleep(&mut self) {
        let rights = Rights { is_admin: self.is_admin, roles: std::mem::take(&mut self.roles) };
        self.is_admin = false;
        self.asleep = (rights.is_admin || !rights.roles.is_empty()).then_some(rights);
    }

    /// As it would be with the second factor shown, if that makes a difference.
    pub fn awake(&self) -> Option<Self> {
        let Rights { is_admin, roles } = self.asleep.clone()?;
        Some(Self { is_admin, roles, asleep: None, ..self.clone() })
    }

    /// Of an account, without a session.
    pub fn of(conn: &mut Conn<'_>, account: &Account, now: Timestamp) -> QueryResult<Self> {
        Ok(Self::granted(account, &standing::list(conn, account.id, now)?))
    }

    /// Of the account with this id, without a session; nothing if there is none or it is closed.
    pub fn of_open(conn: &mut Conn<'_>, id: AccountId, now: Timestamp) -> QueryResult<Option<Self>> {
        let account = accounts::find(conn, id)?.filter(|account| account.closed_at.is_none());
        account.map(|account| Self::of(conn, &account, now)).transpose()
    }

    /// Of an account that has nothing.
    pub fn without_rights(account_id: AccountId) -> Self {
        Self {
            account_id,
            session_id: None,
            is_admin: false,
            is_identified: true,
            roles: Vec::new(),
            is_suspended_everywhere: false,
            suspended_on: Vec::new(),
            is_proven: true,
            asleep: None,
            held: Vec::new(),
            by_key: None,
        }
    }

    fn granted(account: &Account, grants: &[Grant]) -> Self {
        let is_identified = account.proven_at.is_some();
        let mut standing = Self { is_admin: account.is_admin, is_identified, ..Self::without_rights(account.id) };
        for grant in grants {
            match grant {
                Grant::Role(site, role) => standing.roles.push((*site, *role)),
                Grant::Sanction(Some(site), held) if held.kind.shuts_out() => standing.suspended_on.push(*site),
                Grant::Sanction(None, held) if held.kind.shuts_out() => standing.is_suspended_everywhere = true,
                Grant::Sanction(site, held) => standing.held.push((*site, *held)),
            }
        }
        standing
    }

    /// Whether the account has this role on this site.
    pub fn has_role(&self, site: SiteId, role: SiteRole) -> bool {
        self.roles.contains(&(site, role))
    }

    /// Whether the account decides on this site.
    pub fn moderates(&self, site: SiteId) -> bool {
        self.is_admin || self.has_role(site, SiteRole::Moderator)
    }

    /// The sanctions of this kind that hold on a site, with those everywhere.
    pub fn held_on(&self, site: SiteId, kind: SanctionKind) -> impl Iterator<Item = (Option<SiteId>, Held)> {
        let holds = move |place: &Option<SiteId>| place.is_none_or(|place| place == site);
        self.held.iter().copied().filter(move |(place, held)| holds(place) && held.kind == kind)
    }

    /// Whether a sanction of this kind holds on a site.
    pub fn is_held_on(&self, site: SiteId, kind: SanctionKind) -> bool {
        self.held_on(site, kind).next().is_some()
    }

    /// Where the account decides by a role of its own, sites where it is suspended left out.
    pub fn moderated_sites(&self) -> Vec<SiteId> {
        let is_moderated =
            |(site, role): &&(SiteId, SiteRole)| *role == SiteRole::Moderator && !self.suspended_on.contains(site);
        self.roles.iter().filter(is_moderated).map(|(site, _)| *site).collect()
    }

    /// Whether the account decides on this site and is not suspended there.
    pub fn may_decide(&self, site: SiteId) -> bool {
        self.moderates(site) && !self.is_suspended_everywhere && !self.suspended_on.contains(&site)
    }

    /// Those of these sites where the account decides; of none that are named: all.
    pub fn queue_sites(&self, named: &[SiteId]) -> QueueSites {
        match (self.is_admin, named) {
            (true, []) => QueueSites::All,
            (true, named) => QueueSites::These(named.to_vec()),
            (false, named) => {
                let mut sites = self.moderated_sites();
                sites.retain(|site| named.is_empty() || named.contains(site));
                QueueSites::These(sites)
            }
        }
    }

    /// Whether the account is author or moderator of the site, or admin.
    pub fn is_staff(&self, site: SiteId) -> bool {
        self.is_admin || self.roles.iter().any(|(on, _)| *on == site)
    }

    /// Whether what the account writes on the site waits, as nobody knows whose it is. Its own people somebody knows.
    pub fn waits_unproven(&self, site: &Site) -> bool {
        site.unproven_accounts != UnprovenAccounts::Allow && !self.is_identified && !self.is_staff(site.id)
    }

    /// The rank on a site; without one the highest anywhere.
    pub fn rank(&self, site: Option<SiteId>) -> Rank {
        if self.is_admin {
            return Rank::Admin;
        }
        let roles = self.roles.iter().filter(|(on, _)| site.is_none_or(|site| *on == site));
        roles.map(|(_, role)| Rank::from(*role)).max().unwrap_or(Rank::Reader)
    }

    /// As the log names who acted on a site.
    pub fn actor(&self, site: Option<SiteId>) -> Actor {
        let kind = match self.rank(site) {
            _ if self.by_key.as_ref().is_some_and(|key| !key.is_for_reader) => ActorKind::Key,
            Rank::Admin => ActorKind::Admin,
            Rank::Moderator => ActorKind::Moderator,
            Rank::Author => ActorKind::Author,
            Rank::Reader => ActorKind::Reader,
        };
        Actor { kind, id: Some(self.account_id) }
    }
}

impl From<SiteRole> for Rank {
    fn from(role: SiteRole) -> Self {
        match role {
            SiteRole::Author => Self::Author,
            SiteRole::Moderator => Self::Moderator,
        }
    }
}

/// The badge of an author with these rights on the site.
pub fn badge(is_admin: bool, role: Option<SiteRole>) -> Option<Badge> {
    role.map(Badge::from).or(is_admin.then_some(Badge::Admin))
}
