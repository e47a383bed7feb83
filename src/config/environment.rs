//! Variables: of the process's environment, and of the file `.env` in the working directory.

use std::{collections::HashMap, ffi::OsString, path::Path, time::Duration};

/// Where variables are looked up by name.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The variables of a file `NAME=value`; none if there is no such file.
///
/// # Errors
/// In a sentence that repeats nothing of the file, which may hold secrets.
pub(super) fn read_file(path: &Path) -> Result<HashMap<String, String>, String> {
    let shown = path.display();
    let lines = match dotenvy::from_path_iter(path) {
        Ok(lines) => lines,
        Err(error) if error.not_found() => return Ok(HashMap::new()),
        Err(_) => return Err(format!("{shown}: cannot be read")),
    };
    let mut variables = HashMap::new();
    let mut last = None;
    for line in lines {
        let Ok((name, value)) = line else {
            let place = last.map_or("the first line".to_owned(), |name| format!("what follows {name}"));
            return Err(format!("{shown}: {place} is no NAME=value in UTF-8"));
        };
        last = Some(name.clone());
        variables.insert(name, value);
    }
    Ok(variables)
}

/// Reads variables one by one and collects what is wrong with them.
pub(super) struct Reader<'a> {
    pub lookup: Lookup<'a>,
    pub wrong: Vec<String>,
}

impl Reader<'_> {
    /// The variable as text; an empty one counts as not set.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let value = (self.lookup)(name).filter(|value| !value.is_empty())?;
        value.into_string().map_err(|_| self.wrong.push(format!("{name}: must be UTF-8"))).ok()
    }

    /// The variable as `parse` takes it, which is told as `what`.
    pub fn parsed<T>(&mut self, name: &str, default: T, what: &str, parse: impl Fn(&str) -> Option<T>) -> T {
        let Some(value) = self.text(name) else { return default };
        parse(value.trim()).unwrap_or_else(|| {
            // the value may be a secret in the wrong place, so it is not repeated
            self.wrong.push(format!("{name}: must be {what}"));
            default
        })
    }

    /// A number within bounds.
    pub fn number(&mut self, name: &str, default: u32, min: u32, max: u32) -> u32 {
        let what = format!("a whole number from {min} to {max}");
        self.parsed(name, default, &what, |value| value.parse().ok().filter(|n| (min..=max).contains(n)))
    }

    /// A limit; 0 switches it off, and so does `off`.
    pub fn limit(&mut self, name: &str, default: u32, max: u32) -> Option<u32> {
        let what = format!("a whole number from 0 to {max}, or off");
        let parse = |value: &str| if value == "off" { Some(0) } else { value.parse().ok().filter(|n| *n <= max) };
        Some(self.parsed(name, default, &what, parse)).filter(|limit| *limit > 0)
    }

    /// Seconds within bounds.
    pub fn secs(&mut self, name: &str, default: u32, min: u32, max: u32) -> Duration {
        Duration::from_secs(u64::from(self.number(name, default, min, max)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_what_is_wrong_in_it_is_told_without_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        assert_eq!(read_file(&path), Ok(HashMap::new()));
        std::fs::write(&path, "# a comment\nLISTEN=127.0.0.1:1\n\nDATA_DIR='a $b'\n").unwrap();
        let read = read_file(&path).unwrap();
        assert_eq!((&*read["LISTEN"], &*read["DATA_DIR"]), ("127.0.0.1:1", "a $b"));
        for (text, words) in [
            (&b"LISTEN=127.0.0.1:1\nJWT 's3cret\n"[..], "what follows LISTEN"),
            (b"s3cret\n", "the first line"),
            (b"LISTEN=\xffs3cret\n", "the first line"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = read_file(&path).unwrap_err();
            assert!(error.contains(words) && !error.contains("s3cret"), "{error}");
        }
    }
}
