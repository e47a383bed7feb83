//! A reader of Prometheus' text format 0.0.4 that forgives nothing.

use std::collections::{BTreeMap, BTreeSet};

/// Names and values.
type Labels = Vec<(String, String)>;
/// A name with its labels, sorted.
pub type Series = (String, Labels);

/// What a scrape showed.
pub struct Exposition {
    /// Families by name, with their kinds.
    pub families: BTreeMap<String, String>,
    pub series: BTreeMap<Series, f64>,
}

impl Exposition {
    /// Reads the text; the test fails at the first thing that is not as the format says.
    pub fn parse(text: &str) -> Self {
        assert!(text.ends_with('\n') && !text.contains('\r'), "every line ends");
        let mut found = Self { families: BTreeMap::new(), series: BTreeMap::new() };
        let (mut helped, mut family): (BTreeSet<String>, Option<(String, String)>) = Default::default();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, about) = rest.split_once(' ').expect(line);
                assert!(is_name(name) && !about.is_empty() && helped.insert(name.to_owned()), "{line}");
                family = None;
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').expect(line);
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                assert!(helped.contains(name), "its help comes first: {line}");
                assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
                assert_eq!(found.families.insert(name.to_owned(), kind.to_owned()), None, "{line}");
                family = Some((name.to_owned(), kind.to_owned()));
            } else {
                let (series, value) = sample(line);
                let (name, kind) = family.as_ref().unwrap_or_else(|| panic!("a sample of no family: {line}"));
                let suffix = series.0.strip_prefix(name.as_str()).expect(line);
                let suffixes: &[&str] = if kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
                assert!(suffixes.contains(&suffix), "{line}");
                assert!(value >= 0.0 || kind == "gauge", "{line}");
                assert_eq!(found.series.insert(series, value), None, "twice: {line}");
            }
        }
        found.check_histograms();
        found
    }

    /// Buckets rise, and the last one has all.
    fn check_histograms(&self) {
        let histograms = self.families.iter().filter(|(_, kind)| *kind == "histogram");
        for (name, _) in histograms {
            let mut by_labels: BTreeMap<Labels, Vec<(f64, f64)>> = BTreeMap::new();
            for ((_, labels), count) in self.series.iter().filter(|((found, _), _)| *found == format!("{name}_bucket"))
            {
                let (bound, labels): (Vec<_>, Vec<_>) = labels.iter().cloned().partition(|(label, _)| label == "le");
                by_labels.entry(labels).or_default().push((number(&bound[0].1), *count));
            }
            for (labels, mut buckets) in by_labels {
                buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
                assert!(buckets.is_sorted_by(|one, other| one.0 < other.0 && one.1 <= other.1), "{name} {labels:?}");
                let all = self.series[&(format!("{name}_count"), labels.clone())];
                assert_eq!(buckets.last(), Some(&(f64::INFINITY, all)), "{name} {labels:?}");
                assert!(self.series.contains_key(&(format!("{name}_sum"), labels)), "{name}");
            }
        }
    }

    /// The value of a series, written as in the text, labels in any order.
    pub fn value(&self, series: &str) -> f64 {
        let (key, _) = sample(&format!("{series} 0"));
        *self.series.get(&key).unwrap_or_else(|| panic!("there is no {series}"))
    }

    /// The values of all series of this name, added up.
    pub fn sum(&self, name: &str) -> f64 {
        self.series.iter().filter(|((found, _), _)| found == name).map(|(_, value)| value).sum()
    }

    /// The values that a label has.
    pub fn labels(&self, name: &str) -> BTreeSet<&str> {
        let labels = self.series.keys().flat_map(|(_, labels)| labels);
        labels.filter(|(label, _)| label == name).map(|(_, value)| value.as_str()).collect()
    }
}

fn is_name(name: &str) -> bool {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(is_first) && name.chars().all(|c| is_first(c) || c.is_ascii_digit())
}

fn number(text: &str) -> f64 {
    match text {
        "+Inf" => f64::INFINITY,
        text => text.parse().unwrap_or_else(|_| panic!("no number: {text}")),
    }
}

/// `name{label="value",...} number`, without a time.
fn sample(line: &str) -> (Series, f64) {
    let (series, value) = line.rsplit_once(' ').expect(line);
    let (name, labels) = match series.strip_suffix('}') {
        Some(series) => series.split_once('{').expect(line),
        None => (series, ""),
    };
    assert!(is_name(name), "{line}");
    let (mut found, mut rest) = (Vec::new(), labels);
    while !rest.is_empty() {
        let (label, behind) = rest.split_once("=\"").expect(line);
        assert!(is_name(label), "{line}");
        let (mut text, mut chars) = (String::new(), behind.char_indices());
        let end = loop {
            match chars.next().expect(line) {
                (at, '"') => break at,
                (_, '\\') => text.push(match chars.next().expect(line).1 {
                    'n' => '\n',
                    c @ ('\\' | '"') => c,
                    _ => panic!("no escape: {line}"),
                }),
                (_, c) => text.push(c),
            }
        };
        found.push((label.to_owned(), text));
        rest = &behind[end + 1..];
        assert!(rest.is_empty() || rest.starts_with(','), "{line}");
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    found.sort();
    ((name.to_owned(), found), number(value))
}
