//! What people are written about their accounts. No letter says more than who reads the address may know.

use super::{Occasion, changes::Change};
use crate::{
    auth::codes::{CodeDigits, LinkToken},
    config::Config,
    domain::{
        code::CodePurpose,
        email::Email,
        mail::{Letterhead, Mail, SenderName},
        timestamp::Timestamp,
    },
    letters::letter,
    store::sites::Site,
};

/// Where pages of the service are.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    base: &'a str,
}

/// A code as it is mailed.
#[derive(Clone, Debug)]
pub struct Mailed {
    pub token: LinkToken,
    pub digits: CodeDigits,
}

impl<'a> Links<'a> {
    /// As the service is reached.
    pub fn of(config: &'a Config) -> Self {
        Self { base: config.home() }
    }

    /// How the service is reached.
    pub(crate) fn base(self) -> &'a str {
        self.base
    }

    /// A link to a page. The token stands behind the `#`, which browsers send to nobody.
    fn to(self, page: &str, token: &LinkToken) -> String {
        format!("{}/account/{page}#{}", self.base, token.as_str())
    }
}

/// Whose account it is, where it has a name.
pub(crate) fn named(username: Option<&str>) -> String {
    username.map(|name| format!("the account {name}")).unwrap_or_else(|| "your account".to_owned())
}

/// From what device something was done, where that is known, and when.
type Seen<'a> = (Option<&'a str>, Timestamp);

fn when((device, at): Seen<'_>) -> String {
    match device {
        Some(device) => format!("on {}, from {device}", at.in_words()),
        None => format!("on {}", at.in_words()),
    }
}

fn minutes(purpose: CodePurpose) -> u64 {
    purpose.lasts().as_secs() / 60
}

/// Asks whoever reads an address to confirm it.
pub fn confirmation(links: Links<'_>, to: Email, (username, occasion): (&str, Occasion), mailed: &Mailed) -> Mail {
    let what = match occasion {
        Occasion::SignUp => "Somebody made the account",
        Occasion::Change => "Somebody wants this address for the account",
    };
    let text = format!(
        "{what} {username} on {base}. If that was you, confirm that the address is yours, within {minutes} minutes:\n\
         {link}\n\nor type this code where you are signed in: {digits}\n\nIf it was not you, do nothing: nobody gets anything \
         by your address.\n",
        base = links.base,
        minutes = minutes(CodePurpose::ConfirmEmail),
        link = links.to("email", &mailed.token),
        digits = mailed.digits.in_groups(),
    );
    letter(to, "Please confirm your e-mail address", &text)
}

/// Tells the owner of an address that somebody named it.
pub fn taken(links: Links<'_>, to: Email, username: Option<&str>, occasion: Occasion) -> Mail {
    let what = match occasion {
        Occasion::SignUp => "Somebody signed up with this address",
        Occasion::Change => "Somebody wants this address for another account",
    };
    let text = format!(
        "{what} on {base}. It belongs to {account} already and stays there; nobody was told so.\n\nIf that was you, sign in to \
         that account, or have a mail sent to set its password anew. If it was not you, there is nothing to do.\n",
        base = links.base,
        account = named(username),
    );
    letter(to, "You have an account already", &text)
}

/// Tells who reads a former address that it is one, and how to undo that.
pub fn changed(links: Links<'_>, to: Email, username: Option<&str>, (token, until): (&LinkToken, Timestamp)) -> Mail {
    let text = format!(
        "The e-mail address of {account} on {base} is another one from now on, and this one is not used for it any more.\n\nIf \
         that was you, there is nothing to do. If it was not, take it back until {until}:\n{link}\n\nThen this address is the \
         account's again, everybody is signed out, the password is void, and you are written how to choose another.\n",
        account = named(username),
        base = links.base,
        until = until.in_words(),
        link = links.to("email-back", token),
    );
    letter(to, "Your e-mail address was changed", &text)
}

/// Tells who reads an address that its account went back to one from before.
pub fn went_back(links: Links<'_>, to: Email, username: Option<&str>) -> Mail {
    let text = format!(
        "The e-mail address of {account} on {base} is again the one that it had before, and this one is not used for it any \
         more.\n",
        account = named(username),
        base = links.base,
    );
    letter(to, "Your e-mail address was changed back", &text)
}

/// How to set a password anew.
pub fn reset(links: Links<'_>, to: Email, username: Option<&str>, mailed: &Mailed) -> Mail {
    let text = format!(
        "For {account} on {base} a new password can be chosen, within {minutes} minutes:\n{link}\n\nor with this code where you \
         were asked for it: {digits}\n\nWhoever is signed in then is signed out. If you did not ask for this, do nothing: \
         nothing changes.\n",
        account = named(username),
        base = links.base,
        minutes = minutes(CodePurpose::ResetPassword),
        link = links.to("password", &mailed.token),
        digits = mailed.digits.in_groups(),
    );
    letter(to, "Choose a new password", &text)
}

/// That a password was set anew.
pub fn was_reset(links: Links<'_>, to: Email, username: Option<&str>, seen: Seen<'_>) -> Mail {
    let text = format!(
        "The password of {account} on {base} was set anew by a mail to this address, {when}, and everybody was signed \
         out.\n\nIf that was not you, somebody reads your mails: see to your mailbox first, and then choose another password.\n",
        account = named(username),
        base = links.base,
        when = when(seen),
    );
    letter(to, "Your password was changed", &text)
}

/// That something changed of the ways into an account, and what to do if that was somebody else. On the paper of the site that
/// is concerned, if one is.
pub fn changed_way_in(
    links: Links<'_>,
    to: Email,
    (username, change, site): (Option<&str>, Change<'_>, Option<&Site>),
    seen: Seen<'_>,
) -> Mail {
    let (account, base, when) = (named(username), links.base, when(seen));
    let of_site = site.map_or("a site", |site| site.name.as_str());
    let (subject, what, more) = match change {
        Change::Password => (
            "Your password was changed",
            format!("The password of {account} on {base} was changed {when}, and everybody else was signed out."),
            "",
        ),
        Change::PasswordByOperator => (
            "Your password was changed",
            format!("Whoever runs {base} gave {account} another password {when}, and everybody was signed out."),
            "",
        ),
        Change::FactorSet => (
            "A second factor was set up",
            format!(
                "Signing in to {account} on {base} takes a code of a device as well. It was set up {when}, and everybody else \
                 was signed out."
            ),
            " The device stays with the account then: ask whoever runs the service to take it away.",
        ),
        Change::FactorRemoved => (
            "Your second factor was removed",
            format!(
                "The second factor of {account} on {base} was removed {when}, and everybody else was signed out. Signing in \
                 takes the password alone."
            ),
            " Then set up a second factor again.",
        ),
        Change::FactorRemovedByOperator => (
            "Your second factor was removed",
            format!(
                "Whoever runs {base} took the second factor of {account} away {when}, and everybody was signed out. Signing in \
                 takes the password alone until you set up another."
            ),
            " Then set up a second factor again, and ask whoever runs the service who wanted this.",
        ),
        Change::RecoveryCodesRenewed => (
            "Your recovery codes were renewed",
            format!("New recovery codes for {account} on {base} were made {when}; the former ones are good no more."),
            " Then make new ones again.",
        ),
        Change::RecoveryCodeUsed(left) => (
            "A recovery code was used",
            format!("A recovery code of {account} on {base} was used in place of a device {when}. {left} are left."),
            " Then make new ones.",
        ),
        Change::IdentityJoined(_, issuer) => (
            "Another way to sign in was added",
            format!("Who signs in at {of_site} ({issuer}) is signed in to {account} on {base} as well; joined {when}."),
            " Then remove it where your identities are listed.",
        ),
        Change::IdentityRemoved(_, issuer) => (
            "A way to sign in was removed",
            format!(
                "Who signs in at {of_site} ({issuer}) is not signed in to {account} on {base} any more; removed {when}."
            ),
            "",
        ),
    };
    let text = format!(
        "{what}\n\nIf that was you, there is nothing to do. If it was not, have a mail sent to choose another password: with it \
         everybody is signed out.{more}\n"
    );
    let letterhead = site.map(|site| Letterhead { name: SenderName::new(&site.name), colour: site.colour() });
    Mail { letterhead, ..letter(to, subject, &text) }
}

/// That no account has an address.
pub fn unknown(links: Links<'_>, to: Email) -> Mail {
    let text = format!(
        "Somebody wanted to choose a new password on {base} for the account of this address. No account has it.\n\nIf that was \
         you: perhaps you signed up with another address, or did not confirm this one; then sign in by your username. If it was \
         not you, there is nothing to do.\n",
        base = links.base,
    );
    letter(to, "No account has this address", &text)
}
