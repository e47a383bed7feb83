//! Days of notices: what is counted of each, and what follows from the numbers.

use std::collections::BTreeMap;

use super::{
    notice::{NoticeGround, NoticeOutcome},
    statistics::Wait,
};

/// Something that is counted of a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Counted {
    /// Received, for this ground.
    Received(NoticeGround),
    /// Received of somebody with an account.
    OfAccount,
    /// Received of a guest.
    OfGuest,
    /// Never confirmed, or said before.
    Dropped,
    /// Decided so.
    Decided(NoticeOutcome),
    /// Decided with automated means.
    Automated,
    /// Decided after a time of this length.
    Took(Wait),
}

impl Counted {
    /// As it is stored.
    pub fn key(self) -> String {
        match self {
            Self::Received(ground) => format!("received/{ground}"),
            Self::OfAccount => "of/account".to_owned(),
            Self::OfGuest => "of/guest".to_owned(),
            Self::Dropped => "dropped".to_owned(),
            Self::Decided(outcome) => format!("decided/{outcome}"),
            Self::Automated => "automated".to_owned(),
            Self::Took(time) => format!("took/{}", time.key()),
        }
    }

    /// What was stored so; nothing of what a newer program counts.
    pub fn parse(key: &str) -> Option<Self> {
        match key.split_once('/') {
            Some(("received", ground)) => NoticeGround::parse(ground).map(Self::Received),
            Some(("of", "account")) => Some(Self::OfAccount),
            Some(("of", "guest")) => Some(Self::OfGuest),
            Some(("decided", outcome)) => NoticeOutcome::parse(outcome).map(Self::Decided),
            Some(("took", time)) => Wait::parse(time).map(Self::Took),
            None if key == "dropped" => Some(Self::Dropped),
            None if key == "automated" => Some(Self::Automated),
            _ => None,
        }
    }
}

/// Numbers of some days.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sums(BTreeMap<Counted, i64>);

impl Sums {
    /// Counts so many more.
    pub fn add(&mut self, counted: Counted, number: i64) {
        *self.0.entry(counted).or_default() += number;
    }

    /// Adds all of some others.
    pub fn add_all(&mut self, others: &Self) {
        others.0.iter().for_each(|(counted, number)| self.add(*counted, *number));
    }

    /// How many.
    pub fn of(&self, counted: Counted) -> i64 {
        self.0.get(&counted).copied().unwrap_or_default()
    }

    /// Each with its number, in one order.
    pub fn iter(&self) -> impl Iterator<Item = (Counted, i64)> {
        self.0.iter().map(|(counted, number)| (*counted, *number))
    }

    /// All that were received.
    pub fn received(&self) -> i64 {
        NoticeGround::ALL.iter().map(|ground| self.of(Counted::Received(*ground))).sum()
    }

    /// All that were decided about.
    pub fn decided(&self) -> i64 {
        NoticeOutcome::ALL.iter().map(|outcome| self.of(Counted::Decided(*outcome))).sum()
    }

    /// The seconds within which half of those decided were, to within a fifth; nothing if none was.
    pub fn median(&self) -> Option<u64> {
        let of_time = |(counted, number)| match counted {
            Counted::Took(time) => Some((time, number)),
            _ => None,
        };
        Wait::quantile(&self.iter().filter_map(of_time).collect(), 0.5)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_counted_reads_as_it_was_stored() {
        let all = NoticeGround::ALL.iter().map(|ground| Counted::Received(*ground));
        let all = all.chain(NoticeOutcome::ALL.iter().map(|outcome| Counted::Decided(*outcome)));
        let took = Counted::Took(Wait::of(Duration::from_secs(3_600)));
        let rest = [Counted::OfAccount, Counted::OfGuest, Counted::Dropped, Counted::Automated, took];
        for counted in all.chain(rest) {
            assert_eq!(Counted::parse(&counted.key()), Some(counted));
        }
        assert_eq!(Counted::parse("appealed/kept"), None);
    }
}
