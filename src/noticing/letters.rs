//! What people are written about notices: plain words, and what the law wants told (Regulation (EU) 2022/2065, articles
//! 16 and 17). Nobody is told who gave notice.

use crate::{
    domain::{
        email::Email,
        ids::ReplyId,
        mail::{Mail, PlainText, Subject},
        notice::{NoticeBasis, NoticeOutcome},
    },
    store::{notice_decisions::NoticeDecision, notices::OpenNotice},
};

/// What a letter is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The site's name.
    pub site: &'a str,
    /// Of the story that was answered.
    pub headline: &'a str,
    pub reply: ReplyId,
}

impl About<'_> {
    fn place(self) -> String {
        format!("The reply: {} under \"{}\" on {}", self.reply, self.headline, self.site)
    }
}

fn letter(to: Email, subject: &str, text: &str) -> Mail {
    Mail { to, subject: Subject::new(subject), text: PlainText::new(text) }
}

/// Asks a guest to follow a link.
pub fn confirmation(about: About<'_>, to: Email, link: &str) -> Mail {
    let text = format!(
        "Somebody gave this address for a notice that a reply is illegal.\n{}\n\nIf that was you, confirm it within 24 \
         hours:\n{link}\n\nUntil then nobody reads the notice, and after that it is deleted. If it was not you, there \
         is nothing to do.\n",
        about.place()
    );
    letter(to, &format!("Please confirm your notice to {}", about.site), &text)
}

/// The receipt (article 16, paragraph 4).
pub fn receipt(about: About<'_>, to: Email, reference: &str, link: &str) -> Mail {
    let text = format!(
        "We have received your notice. Its reference: {reference}\n{}\n\nA moderator will decide about it, and you \
         will be written what was decided and why. Until then you see here where it stands; keep the link \
         to yourself:\n{link}\n",
        about.place()
    );
    letter(to, &format!("Your notice {reference}"), &text)
}

/// The decision, to who gave notice (article 16, paragraph 5); nothing if there is no address.
pub fn decision(about: About<'_>, notice: &OpenNotice, decision: &NoticeDecision) -> Option<Mail> {
    let to = Email::from_store(notice.email.clone()?);
    let outcome = match decision.outcome {
        NoticeOutcome::Removed => "The reply is not shown any more.",
        NoticeOutcome::Kept => "Nothing is done about the reply because of your notice.",
    };
    let text = format!(
        "It was decided about your notice {}.\n{}\n\n{outcome}\n{}",
        notice.reference,
        about.place(),
        grounds(decision)
    );
    Some(letter(to, &format!("Decision about your notice {}", notice.reference), &text))
}

/// The statement of reasons, to the author of a reply that was removed (article 17); nothing if there is no address.
pub fn statement(about: About<'_>, to: Option<String>, decision: &NoticeDecision) -> Option<Mail> {
    let to = Email::from_store(to?);
    let text = format!(
        "Somebody gave notice that a reply of yours is illegal, and a moderator decided about it.\n{}\n\nThe reply is \
         not shown any more, anywhere and for good.\n{}",
        about.place(),
        grounds(decision)
    );
    Some(letter(to, &format!("A reply of yours on {} was removed", about.site), &text))
}

/// What a decision rests on, and what can be done against it.
fn grounds(decision: &NoticeDecision) -> String {
    let provision = decision.provision.as_deref().map(|words| format!(": {words}")).unwrap_or_default();
    let basis = match decision.basis {
        Some(NoticeBasis::Legal) => format!("It rests on the law{provision}\n"),
        Some(NoticeBasis::Contractual) => format!("It rests on the site's terms{provision}\n"),
        None => String::new(),
    };
    let automated = match decision.is_automated {
        true => "Automated means helped to find the reply or to decide.",
        false => "No automated means were used.",
    };
    format!(
        "{basis}\nThe facts and the reasons:\n{}\n\n{automated} A person decided.\n\nWho does not agree may object to \
         the site, turn to a certified body that settles disputes out of court (Regulation (EU) 2022/2065, article \
         21), or go to court.\n",
        decision.reasons
    )
}
