//! What is kept of people, in which form, and for how long.

use std::time::Duration;

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Routes,
    public::{PublicPage, Reader},
};
use crate::{
    app::State,
    config::Config,
    domain::{
        closing::CAN_BE_UNDONE,
        code::{CodePurpose, WAY_BACK},
        data_export,
        retention::ADDRESSES,
    },
    store::jobs::DEAD_MAILS_KEPT,
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(show_privacy);
}

/// In which form something is kept.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptAs {
    /// As it is.
    Plain,
    /// So that it can be used, by a key that is not in the database.
    Encrypted,
    /// So that what is shown again can be recognised, and nothing be found out.
    Hash,
    /// The same, by a key that is another one each day.
    DailyHash,
}

/// Until when something is kept.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptUntil {
    /// So long after it came.
    Age,
    /// So long after it ended or was used last.
    LastUse,
    /// Until the account is closed.
    Closing,
    /// Until its author wants it erased as he closes his account.
    Author,
    /// For good.
    Never,
    /// As the site says.
    Site,
}

/// Something that is kept.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct KeptView {
    /// What.
    pub what: &'static str,
    /// In which form.
    pub kept_as: KeptAs,
    /// Until when.
    pub until: KeptUntil,
    /// How long, where that is a time.
    pub seconds: Option<u64>,
    /// What it is for, in words.
    pub purpose: &'static str,
}

/// What is kept of people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PrivacyView {
    /// All of it. Network addresses are not kept in any other form, and nothing is told to third parties unless a site has its
    /// replies checked outside.
    pub kept: Vec<KeptView>,
    /// How long somebody can undo that he closes his account.
    pub closing_can_be_undone_seconds: u64,
    /// How often somebody can ask for a copy of all that is kept of him, at most.
    pub copies_every_seconds: u64,
}

fn kept(config: &Config) -> Vec<KeptView> {
    let kept = |what, kept_as, (until, time): (KeptUntil, Option<Duration>), purpose| KeptView {
        what,
        kept_as,
        until,
        seconds: time.map(|time| time.as_secs()),
        purpose,
    };
    let age = |time| (KeptUntil::Age, Some(time));
    let closing = (KeptUntil::Closing, None);
    let retention = config.retention;
    let spam = match retention.spam_texts {
        Some(time) => (KeptUntil::Age, Some(time)),
        None => (KeptUntil::Author, None),
    };
    vec![
        kept("network_address", KeptAs::DailyHash, age(ADDRESSES), "to count failed and repeated tries"),
        kept("email", KeptAs::Plain, closing, "to sign in, and to be written to"),
        kept("former_email", KeptAs::Plain, age(WAY_BACK), "to take a change of it back"),
        kept("names", KeptAs::Plain, closing, "to be shown with replies"),
        kept("password", KeptAs::Hash, closing, "to sign in"),
        kept("second_factor", KeptAs::Encrypted, closing, "to sign in"),
        kept(
            "mailed_codes",
            KeptAs::Hash,
            age(CodePurpose::ConfirmEmail.lasts()),
            "to confirm an address or set a password",
        ),
        kept("identity", KeptAs::Plain, closing, "to be known again who signs on by a site"),
        kept(
            "sign_in",
            KeptAs::Plain,
            (KeptUntil::LastUse, Some(retention.sign_ins)),
            "device and place in words, to see where one is signed in",
        ),
        kept(
            "replies",
            KeptAs::Plain,
            (KeptUntil::Author, None),
            "the discussion; without a name once the account is closed",
        ),
        kept("spam_texts", KeptAs::Plain, spam, "to learn what spam is, and for appeals"),
        kept(
            "recommendations",
            KeptAs::Plain,
            (KeptUntil::Never, None),
            "to count each reader once; by an id that names nobody once the account is closed",
        ),
        kept(
            "reports",
            KeptAs::Plain,
            (KeptUntil::Never, None),
            "to weigh what a reader reports; what he wrote to them goes with his texts",
        ),
        kept(
            "moderation_log",
            KeptAs::Plain,
            (KeptUntil::Never, None),
            "that decisions can be proved; what it says of somebody in words is erased as he closes his account",
        ),
        kept(
            "notices_of_illegal_content",
            KeptAs::Plain,
            (KeptUntil::Never, None),
            "to answer them; the law asks for records",
        ),
        kept("names_of_guests_who_gave_notice", KeptAs::Plain, (KeptUntil::Site, None), "to answer them"),
        kept("repeated_requests", KeptAs::Hash, age(retention.idempotency_keys), "to do nothing twice"),
        kept(
            "mails",
            KeptAs::Encrypted,
            age(DEAD_MAILS_KEPT),
            "until they are sent; this long where they could not be",
        ),
        kept("copies_of_own_data", KeptAs::Plain, age(data_export::KEPT), "to be fetched"),
        kept("imported_authors", KeptAs::Plain, (KeptUntil::Author, None), "to know again whose replies were imported"),
    ]
}

/// Show what is kept of people
///
/// In which form, until when, and what for; with the times that are configured here.
#[utoipa::path(tag = "health", responses((status = 200, body = PrivacyView)))]
#[get("/api/v1/privacy")]
pub async fn show_privacy(reader: Reader, state: State) -> PublicPage {
    let view = PrivacyView {
        kept: kept(&state.config),
        closing_can_be_undone_seconds: CAN_BE_UNDONE.as_secs(),
        copies_every_seconds: data_export::AT_MOST_EVERY.as_secs(),
    };
    reader.hashed(&view)
}
