//! Days of notices: what is counted of each, and what follows from the numbers.

use std::{collections::BTreeMap, time::Duration};

use super::notice::{NoticeGround, NoticeOutcome};

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
    Took(Took),
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
            Self::Took(Took(class)) => format!("took/{class}"),
        }
    }

    /// What was stored so; nothing of what a newer program counts.
    pub fn parse(key: &str) -> Option<Self> {
        match key.split_once('/') {
            Some(("received", ground)) => NoticeGround::parse(ground).map(Self::Received),
            Some(("of", "account")) => Some(Self::OfAccount),
            Some(("of", "guest")) => Some(Self::OfGuest),
            Some(("decided", outcome)) => NoticeOutcome::parse(outcome).map(Self::Decided),
            Some(("took", class)) => class.parse().ok().map(|class| Self::Took(Took(class))),
            None if key == "dropped" => Some(Self::Dropped),
            None if key == "automated" => Some(Self::Automated),
            _ => None,
        }
    }
}

/// Classes of times of which four make a doubling, so that a median is right to a fifth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Took(pub u16);

impl Took {
    /// The class of a time.
    pub fn of(time: Duration) -> Self {
        (0..u16::MAX).map(Self).find(|class| time <= class.longest()).unwrap_or(Self(u16::MAX))
    }

    /// The longest time in it: a minute in the first.
    pub fn longest(self) -> Duration {
        let (doublings, quarter) = (u32::from(self.0 / 4).min(30), usize::from(self.0 % 4));
        // a minute, by the roots of two, in milliseconds
        const QUARTERS: [u64; 4] = [60_000, 71_352, 84_853, 100_908];
        Duration::from_millis(QUARTERS[quarter] << doublings)
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

    /// What half of those decided took at most; nothing if none was.
    pub fn median(&self) -> Option<Duration> {
        let of_time = |(counted, number)| match counted {
            Counted::Took(class) => Some((class, number)),
            _ => None,
        };
        let classes: Vec<(Took, i64)> = self.iter().filter_map(of_time).collect();
        let all: i64 = classes.iter().map(|(_, number)| number).sum();
        let mut before = 0;
        let middle = classes.into_iter().find(|(_, number)| {
            before += number;
            2 * before >= all && *number > 0
        });
        middle.map(|(class, _)| class.longest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_reads_as_it_was_stored() {
        let all = NoticeGround::ALL.iter().map(|ground| Counted::Received(*ground));
        let all = all.chain(NoticeOutcome::ALL.iter().map(|outcome| Counted::Decided(*outcome)));
        let rest = [Counted::OfAccount, Counted::OfGuest, Counted::Dropped, Counted::Automated, Counted::Took(Took(7))];
        for counted in all.chain(rest) {
            assert_eq!(Counted::parse(&counted.key()), Some(counted));
        }
        assert_eq!(Counted::parse("appealed/kept"), None);
    }

    #[test]
    fn a_median_is_right_to_a_fifth() {
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        let mut sums = Sums::default();
        assert_eq!(sums.median(), None);
        for time in [hours(1), hours(10), hours(100)] {
            sums.add(Counted::Took(Took::of(time)), 1);
        }
        let median = sums.median().unwrap();
        assert!(hours(10) <= median && median < hours(12), "{median:?}");
        assert_eq!(Took::of(Duration::ZERO), Took(0));
        assert!(Took::of(hours(24 * 3_650)).longest() >= hours(24 * 3_650));
    }
}
