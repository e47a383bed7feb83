//! What the author of a reply is written about what was decided: never by whom.

use diesel::QueryResult;

use super::AppealDecision;
use crate::{
    auth::keys::Keys,
    clock::Random,
    domain::{
        email::Email,
        fairness::{Ground, Ruling},
        ids::AccountId,
        mail::Mail,
        reply_state::Verb,
        timestamp::Timestamp,
    },
    letters::{About, REDRESS},
    mail,
    store::{
        Conn, accounts,
        replies::Reply,
        returns::{self, Return},
        statements::{self, Statement},
    },
};

/// What was decided.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// About a reply; only refusals and returns are written of.
    Decision(Verb),
    /// About an appeal.
    Ruling(&'a AppealDecision),
}

/// Leaves a letter to the author of a reply about what was just decided, by this person or by nobody. Who has no address is not
/// written to, nor who decided about his own.
pub fn write_to_author(
    conn: &mut Conn<'_>,
    (reply, about): (&Reply, About<'_>),
    told: Told<'_>,
    by: Option<AccountId>,
    (keys, random, now): (&Keys, &Random, Timestamp),
) -> QueryResult<()> {
    if matches!(told, Told::Decision(Verb::Approve | Verb::Restore)) || by == Some(reply.author_id) {
        return Ok(());
    }
    let author = accounts::find(conn, reply.author_id)?;
    let Some(to) = author.and_then(|author| author.email).map(Email::from_store) else { return Ok(()) };
    let mail = match told {
        Told::Decision(Verb::Return) => returns::find(conn, reply.id)?.map(|returned| returning(about, to, &returned)),
        Told::Decision(_) => statements::find_last(conn, reply.id)?.map(|statement| refusal(about, to, &statement)),
        Told::Ruling(decision) => Some(ruling(about, to, decision)),
    };
    mail::leave(conn, mail.as_slice(), (keys, random), now)
}

/// The statement of a refusal.
fn refusal(about: About<'_>, to: Email, statement: &Statement) -> Mail {
    let paragraph = |words: &Option<String>| words.as_deref().map(|words| format!("\n{words}\n")).unwrap_or_default();
    let ground = statement.ground();
    let automated = if ground.is_automated() { "No person decided at that moment." } else { "A person decided." };
    let text = format!(
        "A reply of yours was refused and is not shown.\n{}\n\nThe ground: {}. {automated}\n{}{}\n{}",
        about.place(),
        in_words(ground),
        paragraph(&statement.words),
        paragraph(&statement.message),
        about.appeal(statement.appeal_until)
    );
    about.letter(to, &format!("A reply of yours on {} was refused", about.site), &text)
}

fn in_words(ground: Ground) -> &'static str {
    match ground {
        Ground::Spam => "it is taken for advertising",
        Ground::Abuse => "insults, threats or harassment",
        Ground::OffTopic => "it is not about the story",
        Ground::Misinformation => "false facts",
        Ground::Illegal => "it is against the law",
        Ground::Other => "another rule of the site",
        Ground::Rules => "the site's automatic rules",
        Ground::Lapsed => "it was not changed in time",
    }
}

/// That a reply is its author's to change.
fn returning(about: About<'_>, to: Email, returned: &Return) -> Mail {
    let until = returned.due_at.map(|due_at| format!(" until {}", due_at.in_words())).unwrap_or_default();
    let text = format!(
        "A moderator gave a reply of yours back to you. It is not shown; you may change it once{until}, and then it is looked at \
         again. What is not changed in time is refused.\n{}\n\n{}\n",
        about.place(),
        returned.message
    );
    about.letter(to, &format!("Please change your reply on {}", about.site), &text)
}

/// What came of an appeal.
fn ruling(about: About<'_>, to: Email, decision: &AppealDecision) -> Mail {
    let (outcome, redress) = match decision.ruling {
        Ruling::Overturned => ("The reply is shown again.", String::new()),
        Ruling::Upheld => ("The reply stays refused.", format!("\nIf you do not agree you may {REDRESS}\n")),
    };
    let text = format!(
        "It was decided about your appeal. {outcome}\n{}\n\nThe reasons:\n{}\n{redress}",
        about.place(),
        decision.reasons
    );
    about.letter(to, &format!("Decision about your appeal on {}", about.site), &text)
}
