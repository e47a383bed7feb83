//! What people are written about notices: plain words, and what the law wants told (Regulation (EU) 2022/2065, articles
//! 16 and 17). Nobody is told who gave notice.

use crate::{
    domain::{
        email::Email,
        mail::Mail,
        notice::{NoticeBasis, NoticeOutcome},
        timestamp::Timestamp,
    },
    letters::About,
    store::{notice_decisions::NoticeDecision, notices::OpenNotice},
};

/// Asks a guest to follow a link.
pub fn confirmation(about: About<'_>, to: Email, link: &str) -> Mail {
    let text = format!(
        "Somebody gave this address for a notice that a reply is illegal.\n{}\n\nIf that was you, confirm it within 24 \
         hours:\n{link}\n\nUntil then nobody reads the notice, and after that it is deleted. If it was not you, there \
         is nothing to do.\n",
        about.place()
    );
    about.letter(to, &format!("Please confirm your notice to {}", about.site), &text)
}

/// The receipt (article 16, paragraph 4).
pub fn receipt(about: About<'_>, to: Email, reference: &str, link: &str) -> Mail {
    let text = format!(
        "We have received your notice. Its reference: {reference}\n{}\n\nA moderator will decide about it, and you \
         will be written what was decided and why. Until then you see here where it stands; keep the link \
         to yourself:\n{link}\n",
        about.place()
    );
    about.letter(to, &format!("Your notice {reference}"), &text)
}

/// The decision, to who gave notice, and whom to turn to against it (article 16, paragraph 5); nothing if there is no address.
pub fn decision(about: About<'_>, notice: &OpenNotice, decision: &NoticeDecision) -> Option<Mail> {
    let to = Email::from_store(notice.email.clone()?);
    let outcome = match decision.outcome {
        NoticeOutcome::Removed => "The reply is not shown any more.",
        NoticeOutcome::Kept => "Nothing is done about the reply because of your notice.",
    };
    let text = format!(
        "It was decided about your notice {}.\n{}\n\n{outcome}\n{}\nIf you do not agree you may object to the site, complain to the \
         Digital Services Coordinator of the country where you are (Regulation (EU) 2022/2065, article 53), turn to a certified \
         body that settles disputes out of court (article 21), or go to court.\n",
        notice.reference,
        about.place(),
        grounds(decision)
    );
    Some(about.letter(to, &format!("Decision about your notice {}", notice.reference), &text))
}

/// The statement of reasons, to the author of a reply that was removed (article 17), and until when to appeal, where there is
/// something to appeal against; nothing if there is no address.
pub fn statement(
    about: About<'_>,
    to: Option<String>,
    decision: &NoticeDecision,
    appeal_until: Option<Timestamp>,
) -> Option<Mail> {
    let to = Email::from_store(to?);
    let text = format!(
        "Somebody gave notice that a reply of yours is illegal, and a moderator decided about it.\n{}\n\nThe reply is \
         not shown any more.\n{}\n{}",
        about.place(),
        grounds(decision),
        appeal_until.map(|until| about.appeal(until)).unwrap_or_default()
    );
    Some(about.letter(to, &format!("A reply of yours on {} was removed", about.site), &text))
}

/// What a decision rests on.
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
    format!("{basis}\nThe facts and the reasons:\n{}\n\n{automated} A person decided.\n", decision.reasons)
}
