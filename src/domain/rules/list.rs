//! Lists of a policy, read line by line.

/// An entry that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadEntry<E> {
    /// The list's name in its rule's settings.
    pub list: &'static str,
    /// From 1.
    pub line: usize,
    pub error: E,
}

/// The entries of a list, read; those that cannot be used are added to `bad`.
pub(super) fn read<T, E>(
    list: &'static str,
    entries: &[String],
    parse: impl Fn(&str) -> Result<T, E>,
    bad: &mut Vec<BadEntry<E>>,
) -> Vec<T> {
    let mut read = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        match parse(entry) {
            Ok(value) => read.push(value),
            Err(error) => bad.push(BadEntry { list, line: index + 1, error }),
        }
    }
    read
}
