//! Limits of pace, counted in the database so that all instances agree.

use std::{net::IpAddr, time::Duration};

use diesel::QueryResult;

use super::keys::{Keys, Purpose};
use crate::{
    clock::Random,
    config::{Limits, MAIL_WINDOW, NOTICE_WINDOW, SIGN_IN_WINDOW, SIGN_UP_WINDOW},
    domain::{day::Day, ids::*, notice::UNCONFIRMED_A_MINUTE, timestamp::Timestamp},
    store::{
        Conn,
        attempts::{self, Attempt},
        locks, replies,
    },
};

/// Past a limit: try again after this time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooMany {
    pub retry_after: Duration,
}

/// Something whose tries are counted.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// Signing in with this e-mail or username, folded; whether there is such an account makes no difference.
    Identifier(&'a str),
    /// Signing in from this address.
    SignInAddress(IpAddr),
    /// Showing a token of a site from this address that is good for nothing.
    SsoAddress(IpAddr),
    /// Signing up from this address.
    SignUpAddress(IpAddr),
    /// Asking from this address for a mail by which a password is set anew.
    ResetAddress(IpAddr),
    /// Showing a mailed code from this address that is good for nothing.
    CodeAddress(IpAddr),
    /// Mails about accounts to this e-mail, by its key, whoever asks for them.
    MailTo(&'a str),
    /// Mails by which this e-mail's owner sets his password anew, apart from the others, so that nobody keeps them from him.
    ResetTo(&'a str),
    /// Mails which tell this account's owner that something of this name has changed of his ways in, apart from all others, so
    /// that nobody who has done harmless things keeps from him what came after them. The account is locked.
    ChangeOf(AccountId, &'static str),
    /// Mails that this account asks for, to whomever.
    MailsOf(AccountId),
    /// Proving one's password again while signed in.
    Password(AccountId),
    /// Showing a code of this account's second factor.
    Code(AccountId),
    /// Giving notice of illegal content without an account, from this address.
    NoticeAddress(IpAddr),
    /// The same from the network around it, since who has many addresses mostly has them there.
    NoticeNetwork(IpAddr),
    /// Links that are mailed to those who give notice on this site, whoever they are.
    NoticeLinks(SiteId),
    /// The same for this e-mail, by its key.
    NoticeEmail(&'a str),
    /// The same with an account.
    NoticeAccount(AccountId),
}

impl Subject<'_> {
    /// The hash by which it is counted on a day. Addresses are others every day, so that nobody is known again.
    fn hash(self, keys: &Keys, day: Day) -> [u8; 32] {
        let day = if self.is_address() { day.0.to_be_bytes().to_vec() } else { Vec::new() };
        let hash = |what: &[u8], who: &[u8]| keys.hash(Purpose::Attempt, &[what, who, &day]);
        match self {
            Self::Identifier(text) => hash(b"identifier", text.as_bytes()),
            Self::SignInAddress(address) => hash(b"sign-in", &network(address)),
            Self::SsoAddress(address) => hash(b"sso", &network(address)),
            Self::SignUpAddress(address) => hash(b"sign-up", &network(address)),
            Self::ResetAddress(address) => hash(b"reset", &network(address)),
            Self::CodeAddress(address) => hash(b"code", &network(address)),
            Self::MailTo(key) => hash(b"mail to", key.as_bytes()),
            Self::ResetTo(key) => hash(b"reset to", key.as_bytes()),
            Self::ChangeOf(account, what) => {
                keys.hash(Purpose::Attempt, &[b"change of", account.0.as_bytes().as_slice(), what.as_bytes()])
            }
            Self::MailsOf(account) => hash(b"mails of", account.0.as_bytes()),
            Self::Password(account) => hash(b"password", account.0.as_bytes()),
            Self::Code(account) => hash(b"code", account.0.as_bytes()),
            Self::NoticeAddress(address) => hash(b"notice", &network(address)),
            Self::NoticeNetwork(address) => hash(b"notice network", &wide_network(address)),
            Self::NoticeLinks(site) => hash(b"notice links", site.0.as_bytes()),
            Self::NoticeEmail(key) => hash(b"notice e-mail", key.as_bytes()),
            Self::NoticeAccount(account) => hash(b"notice account", account.0.as_bytes()),
        }
    }

    fn is_address(self) -> bool {
        matches!(
            self,
            Self::SignInAddress(_)
                | Self::SsoAddress(_)
                | Self::SignUpAddress(_)
                | Self::ResetAddress(_)
                | Self::CodeAddress(_)
                | Self::NoticeAddress(_)
                | Self::NoticeNetwork(_)
        )
    }

    /// The hashes by which its tries since then were counted, today's first.
    fn hashes(self, keys: &Keys, since: Timestamp, now: Timestamp) -> Vec<[u8; 32]> {
        let (first, today) = (Day::of(since), Day::of(now));
        let is_of_two = self.is_address() && first < today;
        let days = [today].into_iter().chain(is_of_two.then_some(first));
        days.map(|day| self.hash(keys, day)).collect()
    }

    fn limit(self, limits: &Limits) -> (Option<u32>, Duration) {
        match self {
            Self::Identifier(_) | Self::Password(_) => (limits.sign_in_failures_per_identifier, SIGN_IN_WINDOW),
            Self::SignInAddress(_) | Self::SsoAddress(_) | Self::CodeAddress(_) => {
                (limits.sign_in_failures_per_address, SIGN_IN_WINDOW)
            }
            Self::Code(_) => (Some(WRONG_CODES), SIGN_IN_WINDOW),
            Self::SignUpAddress(_) | Self::ResetAddress(_) => (limits.sign_ups_per_address, SIGN_UP_WINDOW),
            Self::MailTo(_) | Self::ResetTo(_) | Self::MailsOf(_) | Self::ChangeOf(..) => {
                (limits.account_mails_per_hour, MAIL_WINDOW)
            }
            Self::NoticeAddress(_) | Self::NoticeEmail(_) | Self::NoticeAccount(_) => {
                (limits.notices_per_hour, NOTICE_WINDOW)
            }
            Self::NoticeNetwork(_) => {
                (limits.notices_per_hour.map(|limit| limit.saturating_mul(OF_NETWORK)), NOTICE_WINDOW)
            }
            Self::NoticeLinks(_) => (Some(UNCONFIRMED_A_MINUTE), MINUTE),
        }
    }
}

/// Wrong codes that nobody can switch off: of the million that there are three are right at a time.
const WRONG_CODES: u32 = 10;
/// What is behind one network, against one address.
const OF_NETWORK: u32 = 10;
const MINUTE: Duration = Duration::from_secs(60);

/// The network around an address that one provider or owner has: a /24, or of IPv6 a /48.
fn wide_network(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets()[..3].to_vec(),
        IpAddr::V6(address) => address.octets()[..6].to_vec(),
    }
}

/// An IPv6 customer has a /64 to choose addresses from, so it counts as one.
pub(super) fn network(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets()[..8].to_vec(),
    }
}

/// Counts a try at each subject, in the order in which every caller names them, unless one of them had too many: then nothing is counted, so that the time to wait
/// does not grow by trying. The counted tries can be taken back with [`forgive`].
pub fn count(
    conn: &mut Conn<'_>,
    subjects: &[Subject<'_>],
    (keys, limits, random): (&Keys, &Limits, &Random),
    now: Timestamp,
) -> QueryResult<Result<Vec<AttemptId>, TooMany>> {
    let mut counted = Vec::new();
    for subject in subjects {
        let (Some(limit), window) = subject.limit(limits) else { continue };
        let hashes = subject.hashes(keys, now.minus(window), now);
        locks::hold(conn, &hashes[0])?;
        if let Some(oldest) = attempts::nth_latest(conn, &hashes, i64::from(limit), now.minus(window))? {
            return Ok(Err(TooMany { retry_after: oldest.plus(window).since(now) }));
        }
        counted.push(hashes[0]);
    }
    let mut ids = Vec::new();
    for hash in counted {
        let attempt = Attempt { id: random.id(now), subject: hash.to_vec(), created_at: now };
        attempts::insert(conn, &attempt)?;
        ids.push(attempt.id);
    }
    Ok(Ok(ids))
}

/// Whether one of these subjects had too many tries already, of which this is none yet: for what counts only if it fails,
/// since what is tried cannot be guessed.
pub fn check(
    conn: &mut Conn<'_>,
    subjects: &[Subject<'_>],
    (keys, limits): (&Keys, &Limits),
    now: Timestamp,
) -> QueryResult<Result<(), TooMany>> {
    for subject in subjects {
        let (Some(limit), window) = subject.limit(limits) else { continue };
        let hashes = subject.hashes(keys, now.minus(window), now);
        let oldest = attempts::nth_latest(conn, &hashes, i64::from(limit), now.minus(window))?;
        if let Some(oldest) = oldest {
            return Ok(Err(TooMany { retry_after: oldest.plus(window).since(now) }));
        }
    }
    Ok(Ok(()))
}

/// Takes counted tries back: they succeeded.
pub fn forgive(conn: &mut Conn<'_>, counted: &[AttemptId]) -> QueryResult<()> {
    counted.iter().try_for_each(|id| attempts::delete(conn, *id))
}

/// An address as the pace of replies on a site counts it: a keyed hash that is another on each site and every day, so
/// that nobody is known again.
pub fn daily_address(keys: &Keys, site: SiteId, address: IpAddr, now: Timestamp) -> [u8; 32] {
    let day = i64::from(Day::of(now).0);
    keys.hash(Purpose::Pace, &[&day.to_be_bytes(), site.0.as_bytes(), &network(address)])
}

/// Counts a reply from an address.
pub fn count_reply(conn: &mut Conn<'_>, address: &[u8], random: &Random, now: Timestamp) -> QueryResult<()> {
    attempts::insert(conn, &Attempt { id: random.id(now), subject: address.to_vec(), created_at: now })
}

/// Waits for whoever counts this account's replies at this moment; others wait from here on.
pub fn hold_author(conn: &mut Conn<'_>, author: AccountId) -> QueryResult<()> {
    locks::hold(conn, author.0.as_bytes())
}

/// Whether an account may post another reply now; where that is limited, [`hold_author`] comes first.
pub fn check_pace(
    conn: &mut Conn<'_>,
    author: AccountId,
    limits: &Limits,
    now: Timestamp,
) -> QueryResult<Result<(), TooMany>> {
    let Some(limit) = limits.replies_per_minute else { return Ok(Ok(())) };
    hold_author(conn, author)?;
    let oldest = replies::nth_latest_of_author(conn, (author, None), i64::from(limit), now.minus(MINUTE))?;
    Ok(oldest.map_or(Ok(()), |oldest| Err(TooMany { retry_after: oldest.plus(MINUTE).since(now) })))
}
