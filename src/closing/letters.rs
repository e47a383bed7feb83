//! What people are written about the closing of their accounts.

use crate::{
    domain::{closing::ClosedTexts, email::Email, mail::Mail},
    letters::letter,
    proving::letters::{Links, named},
    store::{accounts::Account, closings::Closing},
};

/// That an account is to be closed, and how to undo that.
pub fn asked(links: Links<'_>, to: Email, account: &Account, closing: &Closing) -> Mail {
    let texts = match closing.texts {
        ClosedTexts::Keep => "Its replies stay, without a name.",
        ClosedTexts::Remove => "Its replies are withdrawn and their texts erased; what others answered stays.",
    };
    let text = format!(
        "{account} on {base} is to be closed. That happens at {closes_at}, and then nothing brings it back: address, names and \
         password are forgotten. {texts}\n\nUntil then it can be undone: sign in, and take it back. If it was not you who asked \
         for this, do so at once, choose another password, and sign everybody else out.\n",
        account = capital(&named(account.username.as_deref())),
        base = links.base(),
        closes_at = closing.closes_at.in_words(),
    );
    letter(to, "Your account is to be closed", &text)
}

/// As a sentence begins.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
