//! What people are written about the copies of what is kept of them.

use crate::{
    domain::{email::Email, mail::Mail, timestamp::Timestamp},
    letters::letter,
    proving::letters::{Links, named},
};

/// That a copy is ready. There is no link to it: who reads a mail is not asked who he is.
pub fn ready(links: Links<'_>, to: Email, username: Option<&str>, until: Timestamp) -> Mail {
    let text = format!(
        "The copy of all that is kept of {account} on {base} is ready. Sign in there to fetch it, until {until}; then it is \
         deleted.\n\nIf it was not you who asked for it, somebody else is signed in to your account: choose another password, and \
         sign everybody else out.\n",
        account = named(username),
        base = links.base(),
        until = until.in_words(),
    );
    letter(to, "Your data is ready", &text)
}
