//! The second factor: codes of the time (TOTP, RFC 6238) from a device that knows a secret of ours, and recovery codes
//! for who has lost it.
//!
//! SHA-1, six digits and thirty seconds, since that is what every device knows; a code of the half minute before or after
//! is taken too, as clocks differ (RFC 6238, section 5.2), but none twice.

use diesel::QueryResult;
use totp_rs::{Builder, Secret, Totp};

use super::{
    codes::hash_of,
    keys::Keys,
    limits::{self, Subject, TooMany},
    sealed,
};
use crate::{
    clock::Random,
    config::Limits,
    domain::{ids::AccountId, timestamp::Timestamp},
    store::{
        Conn,
        second_factors::{self, SecondFactor},
    },
};

/// Bytes of the secret, as many as its hash has (RFC 4226, section 4).
const SECRET_BYTES: usize = 20;
/// How many recovery codes an account is given.
pub const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code: too many to try them against the hashes.
const RECOVERY_BYTES: usize = 10;
/// Characters of a recovery code in base 32, eight for five bytes.
const RECOVERY_CHARS: usize = RECOVERY_BYTES / 5 * 8;

/// A new secret, for the device and for the store.
pub struct NewSecret {
    /// In base 32, for who types it.
    pub secret: String,
    /// For who scans it: an `otpauth:` URI.
    pub uri: String,
    /// Encrypted for this account.
    pub sealed: String,
}

/// A secret for this account, which the device will show under these names.
pub fn new_secret(account: AccountId, (service, name): (&str, &str), (keys, random): (&Keys, &Random)) -> NewSecret {
    let secret = Secret::from(random.bytes::<SECRET_BYTES>());
    let text = secret.to_base32();
    // a colon parts the two in the URI
    let [service, name] = [service, name].map(|words| words.replace(':', " "));
    let totp = Builder::new().with_secret(secret).with_account_name(name).with_issuer(Some(service)).build();
    let uri = totp.and_then(|totp| totp.to_url()).expect("the secret is long enough and there is a name");
    NewSecret { uri, sealed: sealed::seal(keys, random, &place(account), &text), secret: text }
}

/// Where an account's secret stands, as it is encrypted for it alone.
fn place(account: AccountId) -> String {
    format!("second_factors/{account}")
}

/// Recovery codes as they are shown once, with their hashes.
pub fn new_recovery_codes(random: &Random) -> Vec<(String, Vec<u8>)> {
    let code = |_| {
        let code = Secret::new(Box::new(random.bytes::<RECOVERY_BYTES>())).to_base32();
        let parts: Vec<&str> = (0..RECOVERY_CHARS).step_by(4).map(|start| &code[start..start + 4]).collect();
        (parts.join("-").to_lowercase(), hash_of(&code))
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// A code as somebody typed it.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Typed {
    OfTheTime(String),
    Recovery(String),
}

impl Typed {
    fn parse(typed: &str) -> Option<Self> {
        let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        match code.len() {
            6 if code.bytes().all(|byte| byte.is_ascii_digit()) => Some(Self::OfTheTime(code)),
            RECOVERY_CHARS if code.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                Some(Self::Recovery(code.to_uppercase()))
            }
            _ => None,
        }
    }
}

/// What somebody showed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    Wrong,
    OfTheTime,
    Recovery,
}

/// Whether this is a code of the account, which is locked. A right one is spent; a wrong one counts, once the transaction is
/// stored.
pub fn show(
    conn: &mut Conn<'_>,
    account: AccountId,
    typed: &str,
    (keys, limits, random): (&Keys, &Limits, &Random),
    now: Timestamp,
) -> QueryResult<Result<Shown, TooMany>> {
    let counted = match limits::count(conn, &[Subject::Code(account)], (keys, limits, random), now)? {
        Ok(counted) => counted,
        Err(too_many) => return Ok(Err(too_many)),
    };
    let Some(factor) = second_factors::find(conn, account)? else { return Ok(Ok(Shown::Wrong)) };
    let shown = match Typed::parse(typed) {
        None => Shown::Wrong,
        Some(Typed::Recovery(code)) => match second_factors::spend_recovery_code(conn, account, &hash_of(&code))? {
            true => Shown::Recovery,
            false => Shown::Wrong,
        },
        Some(Typed::OfTheTime(code)) => match step_of(&factor, &code, keys, now) {
            Some(step) => {
                second_factors::spend_steps(conn, account, step)?;
                Shown::OfTheTime
            }
            None => Shown::Wrong,
        },
    };
    if shown != Shown::Wrong {
        limits::forgive(conn, &counted)?;
    }
    Ok(Ok(shown))
}

/// The half minute that this code is of, if it is right and none of that or a later one was spent.
fn step_of(factor: &SecondFactor, code: &str, keys: &Keys, now: Timestamp) -> Option<i64> {
    let totp = match open(factor, keys) {
        Ok(totp) => totp,
        Err(error) => {
            tracing::error!(account = %factor.account_id, error, "a second factor cannot be read");
            return None;
        }
    };
    let step = totp.check(code, u64::try_from(now.as_secs()).ok()?)?;
    i64::try_from(step).ok().filter(|step| factor.last_step.is_none_or(|last| *step > last))
}

fn open(factor: &SecondFactor, keys: &Keys) -> Result<Totp, String> {
    let text = sealed::open(keys, &place(factor.account_id), &factor.secret).map_err(|error| error.to_string())?;
    let secret = Secret::try_from_base32(text).map_err(|error| error.to_string())?;
    Builder::new().with_secret(secret).build().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret of its SHA-1 rows, and the last six digits of two of them.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let keys = Keys::generate(&Random::system());
        let account = AccountId(uuid::Uuid::nil());
        let text = Secret::new(Box::new(*b"12345678901234567890")).to_base32();
        let secret = sealed::seal(&keys, &Random::system(), &place(account), &text);
        let at = |secs: i64| Timestamp::from_micros(secs * 1_000_000);
        let factor =
            |last_step| SecondFactor { account_id: account, secret: secret.clone(), last_step, created_at: at(0) };
        assert_eq!(step_of(&factor(None), "287082", &keys, at(59)), Some(1));
        assert_eq!(step_of(&factor(None), "081804", &keys, at(1_111_111_109)), Some(37_037_036));
        // clocks differ by half a minute, not by two
        assert_eq!(step_of(&factor(None), "287082", &keys, at(89)), Some(1));
        assert_eq!(step_of(&factor(None), "287082", &keys, at(90)), None);
        assert_eq!(step_of(&factor(Some(0)), "287082", &keys, at(59)), Some(1));
        assert_eq!(step_of(&factor(Some(1)), "287082", &keys, at(59)), None);
        let other = Keys::generate(&Random::system());
        assert_eq!(step_of(&factor(None), "287082", &other, at(59)), None);
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(Typed::parse(" 123 456 "), Some(Typed::OfTheTime("123456".to_owned())));
        let (shown, hashed) = new_recovery_codes(&Random::system()).remove(0);
        assert_eq!(shown.len(), 19);
        for typed in [shown.clone(), shown.to_uppercase(), shown.replace('-', " ")] {
            let Some(Typed::Recovery(code)) = Typed::parse(&typed) else { panic!("{typed}") };
            assert_eq!(hash_of(&code), hashed);
        }
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６", &shown[1..]] {
            assert_eq!(Typed::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_cannot_break_out_of_the_uri() {
        let context = (&Keys::generate(&Random::system()), &Random::system());
        let made = new_secret(AccountId(uuid::Uuid::nil()), ("comments.example:8080", "a&b:c?d"), context);
        let totp = Totp::from_url(&made.uri).unwrap();
        assert_eq!(totp.secret().to_base32(), made.secret);
        assert_eq!((totp.issuer(), totp.account_name()), (Some("comments.example 8080"), "a&b c?d"));
    }
}
