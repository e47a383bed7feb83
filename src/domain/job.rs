//! Jobs: what is left to be done after a transaction.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::text_enum;

text_enum! {
    /// What there is to do.
    pub enum JobKind {
        /// Delete what nobody needs any more.
        Prune = "prune",
        /// Try a policy on former replies, or judge those anew that wait.
        RunPolicy = "run_policy",
        /// Add up what was learnt of decisions.
        SumLessons = "sum_lessons",
        /// Refuse what went back to its author and was not changed in time; drop appeals of who left.
        EndWaits = "end_waits",
        /// Count sums of days again, and mend those that differ.
        MendSums = "mend_sums",
        /// Weigh anew what waits in the queues.
        RankQueues = "rank_queues",
        /// Decide about many replies, or put them back.
        RunBulk = "run_bulk",
        /// Bring into the index what was written before there was one.
        IndexWords = "index_words",
        /// Ask an endpoint or a service about a reply.
        AskOutside = "ask_outside",
        /// Tell a service what people decided.
        TellOutside = "tell_outside",
        /// Pass the replies of an imported account on to who claimed it.
        ClaimAuthor = "claim_author",
        /// Send a mail.
        SendMail = "send_mail",
        /// Close an account once its owner cannot undo that any more, and erase what is to be erased.
        CloseAccount = "close_account",
        /// Put together all that is kept of somebody.
        ExportData = "export_data",
        /// Erase texts that nobody needs any more.
        ForgetTexts = "forget_texts",
    }
}

/// Jobs that wait for each other and not for those of other lanes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lane {
    /// What keeps the database in order.
    Upkeep,
    /// Policies tried and run again, one at a time.
    Runs,
    /// Decisions about many replies and claims, one at a time.
    Bulks,
    /// Others that are asked and told.
    Outside,
    /// Mails, one after the other.
    Mail,
    /// What is kept of people: erased, or put together for them, one after the other.
    People,
}

impl Lane {
    /// Every lane.
    pub const ALL: &'static [Self] = &[Self::Upkeep, Self::Runs, Self::Bulks, Self::Outside, Self::Mail, Self::People];

    /// The kinds of jobs in it.
    pub fn kinds(self) -> impl Iterator<Item = JobKind> {
        JobKind::ALL.iter().copied().filter(move |kind| kind.lane() == self)
    }
}

impl JobKind {
    /// How often a kind is run of which there is always one job; nothing of those that somebody leaves.
    pub fn period(self) -> Option<Duration> {
        match self {
            Self::IndexWords | Self::EndWaits => Some(Duration::from_secs(60)),
            Self::RankQueues => Some(Duration::from_secs(300)),
            Self::Prune | Self::SumLessons | Self::MendSums | Self::ForgetTexts => Some(Duration::from_secs(3600)),
            Self::RunPolicy
            | Self::RunBulk
            | Self::ClaimAuthor
            | Self::AskOutside
            | Self::TellOutside
            | Self::SendMail
            | Self::CloseAccount
            | Self::ExportData => None,
        }
    }

    /// Where it waits.
    pub fn lane(self) -> Lane {
        match self {
            Self::Prune | Self::SumLessons | Self::MendSums | Self::RankQueues | Self::IndexWords | Self::EndWaits => {
                Lane::Upkeep
            }
            Self::RunPolicy => Lane::Runs,
            Self::RunBulk | Self::ClaimAuthor => Lane::Bulks,
            Self::AskOutside | Self::TellOutside => Lane::Outside,
            Self::SendMail => Lane::Mail,
            Self::CloseAccount | Self::ExportData | Self::ForgetTexts => Lane::People,
        }
    }
}
