//! Looks at an exported log, line by line, and says the first thing that is wrong with it, or what it proves.

use std::{
    fmt,
    io::{self, BufRead, Read},
};

use serde::{Deserialize, Serialize};

use crate::{
    auth::log_key::is_signed,
    domain::log_chain::{
        Hash, SEAL_ROWS_MAX, VERSION, canonical, from_hex,
        lines::{BeginningLine, HeadLine, RowLine, SealLine},
        links::Links,
    },
};

/// Bytes of a line at most; the longest that is ever written is a change of a site's settings, of one or two MB.
const LINE_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Why a file proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// The first thing that is wrong with it.
    #[error("line {0}: {1}")]
    Wrong(u64, String),
}

/// What is known of the log from elsewhere.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Known {
    /// The hash of a seal that was the head once: the log must contain it.
    pub head: Option<Hash>,
    /// The public key that must have signed the file's head.
    pub public_key: Option<[u8; 32]>,
}

/// What a file proves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proved {
    pub site_id: Option<String>,
    /// Only some of the rows are here: what is left out cannot be told.
    pub is_filtered: bool,
    /// Rows that are here.
    pub rows: u64,
    /// Of these, those whose texts were erased.
    pub erased: u64,
    /// The chain's head.
    pub links: Links,
    pub public_key: String,
    /// The number of the seal that was known from elsewhere.
    pub known_seal: Option<i64>,
}

impl fmt::Display for Proved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let log =
            self.site_id.as_ref().map_or("the log of no site".to_owned(), |site| format!("the log of site {site}"));
        let Links { number, rows, hash } = self.links;
        writeln!(f, "{log}: {rows} rows in {number} seals, all links hold")?;
        if self.is_filtered {
            writeln!(f, "filtered: {} rows are here as they were sealed; what is left out cannot be told", self.rows)?;
        } else {
            writeln!(f, "complete: all {} rows are here as they were sealed", self.rows)?;
        }
        if self.erased > 0 {
            writeln!(f, "the texts of {} rows were erased", self.erased)?;
        }
        if let Some(number) = self.known_seal {
            writeln!(f, "the known head is seal {number}")?;
        }
        if let Some(hash) = hash {
            writeln!(f, "head: {hash}")?;
        }
        write!(f, "signed by: {}", self.public_key)
    }
}

/// Reads a file to its end.
pub fn verify(mut input: impl BufRead, known: &Known) -> Result<Proved, VerifyError> {
    let (mut line, mut number) = (Vec::new(), 0);
    let mut reader: Option<Reader<'_>> = None;
    loop {
        line.clear();
        number += 1;
        let bytes = input.by_ref().take(LINE_MAX_BYTES).read_until(b'\n', &mut line)?;
        let wrong = |what: String| VerifyError::Wrong(number, what);
        if bytes == 0 {
            let at = reader.as_ref().map_or(0, |reader| reader.last_place);
            return Err(wrong(format!(
                "the file ends behind place {at}, without the head; what is missing is after={at}"
            )));
        }
        let Some(text) = line.strip_suffix(b"\n") else {
            return Err(wrong("the line is cut off, or too long".to_owned()));
        };
        match &mut reader {
            None => reader = Some(Reader::begin(text, known).map_err(wrong)?),
            Some(reader) => {
                if let Some(proved) = reader.take(text).map_err(wrong)? {
                    return match input.fill_buf()?.is_empty() {
                        true => Ok(proved),
                        false => Err(VerifyError::Wrong(number + 1, "something stands behind the head".to_owned())),
                    };
                }
            }
        }
    }
}

/// A line that must be what it is read as, byte by byte.
fn read<'a, T: Deserialize<'a> + Serialize>(text: &'a [u8]) -> Result<T, String> {
    let line: T = parse(text)?;
    same(text, &canonical(&line)).map(|()| line)
}

fn parse<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(text).map_err(|error| format!("cannot be read: {error}"))
}

fn same(text: &[u8], canonical: &[u8]) -> Result<(), String> {
    let at = || text.iter().zip(canonical).take_while(|(is, should_be)| is == should_be).count() + 1;
    if text == canonical { Ok(()) } else { Err(format!("is not in canonical form at byte {}", at())) }
}

/// How far a file was read.
struct Reader<'k> {
    known: &'k Known,
    site_id: Option<String>,
    is_filtered: bool,
    links: Links,
    sealed_at: Option<String>,
    /// Rows behind the last seal.
    waiting: Vec<(i64, Hash)>,
    last_place: i64,
    rows: u64,
    erased: u64,
    known_seal: Option<i64>,
}

impl<'k> Reader<'k> {
    fn begin(text: &[u8], known: &'k Known) -> Result<Self, String> {
        if !text.starts_with(br#"{"log":"#) {
            return Err("a log begins with the line {\"log\":...}".to_owned());
        }
        let log = read::<BeginningLine>(text)?.log;
        of_version(log.v)?;
        Ok(Self {
            known,
            site_id: log.site_id.map(|site| site.to_string()),
            is_filtered: log.filter.is_some(),
            links: Links::default(),
            sealed_at: None,
            waiting: Vec::new(),
            last_place: 0,
            rows: 0,
            erased: 0,
            known_seal: None,
        })
    }

    /// The next line; what all of them prove if it was the last.
    fn take(&mut self, text: &[u8]) -> Result<Option<Proved>, String> {
        if text.starts_with(br#"{"row":"#) {
            self.row(text).map(|()| None)
        } else if text.starts_with(br#"{"hash":"#) {
            self.seal(text).map(|()| None)
        } else if text.starts_with(br#"{"head":"#) {
            self.head(text).map(Some)
        } else {
            Err("is neither a row, nor a seal, nor the head".to_owned())
        }
    }

    fn row(&mut self, text: &[u8]) -> Result<(), String> {
        let line: RowLine<&str> = parse(text)?;
        let (written, hash) = line.written();
        same(text, &written)?;
        of_version(line.row.v)?;
        let place = line.row.place;
        self.is_of_site(line.row.site_id)?;
        if !line.has_its_texts() {
            return Err(format!("the texts of the row at place {place} are not those of its digest"));
        }
        let is_next =
            if self.is_filtered { place > self.last_place.max(self.links.rows) } else { place == self.last_place + 1 };
        if !is_next {
            let last = self.last_place;
            return Err(format!(
                "the row at place {place} stands behind place {last}: rows are missing or out of order"
            ));
        }
        if self.waiting.len() >= SEAL_ROWS_MAX {
            return Err("more rows without a seal than one seals".to_owned());
        }
        self.waiting.push((place, hash));
        self.last_place = place;
        self.rows += 1;
        self.erased += u64::from(line.row.digest.is_some() && line.texts.is_none());
        Ok(())
    }

    fn seal(&mut self, text: &[u8]) -> Result<(), String> {
        let line: SealLine<&str> = read(text)?;
        let (seal, hash) = (&line.seal, line.hash);
        of_version(seal.v)?;
        self.is_of_site(seal.site_id)?;
        let rows = match (self.is_filtered, line.hashes) {
            (false, None) => Some(self.waiting.iter().map(|(_, hash)| *hash).collect()),
            (true, Some(hashes)) if !self.waiting.is_empty() => {
                let hash_at = |place: i64| hashes.get(usize::try_from(place.checked_sub(seal.first)?).ok()?);
                let wrong = self.waiting.iter().find(|(place, hash)| hash_at(*place) != Some(hash));
                if let Some((place, _)) = wrong {
                    return Err(format!("seal {}: the row at place {place} is not what was sealed", seal.number));
                }
                Some(hashes)
            }
            (true, None) if self.waiting.is_empty() => None,
            _ => return Err(format!("seal {}: the hashes of its rows do not go with the rows here", seal.number)),
        };
        self.links.follow(seal, hash, rows.as_deref())?;
        self.sealed_at = Some(seal.sealed_at.to_owned());
        if self.known.head == Some(hash) {
            self.known_seal = Some(seal.number);
        }
        self.waiting.clear();
        Ok(())
    }

    fn head(&mut self, text: &[u8]) -> Result<Proved, String> {
        let line: HeadLine<&str> = read(text)?;
        let head = &line.head;
        of_version(head.v)?;
        self.is_of_site(head.site_id)?;
        if !self.waiting.is_empty() {
            return Err("the seal of the last rows is missing".to_owned());
        }
        let found = Links { number: head.number, rows: head.rows, hash: head.hash };
        if found != self.links || head.sealed_at != self.sealed_at.as_deref() {
            let Links { number, .. } = self.links;
            return Err(format!("the head is seal {}, and the last one here is seal {number}", head.number));
        }
        let public = from_hex(line.public_key).ok_or("the public key is none")?;
        let signature = from_hex(line.signature).ok_or("the signature is none")?;
        if !is_signed(&public, &canonical(head), &signature) {
            return Err("the head is not signed by its key".to_owned());
        }
        if self.known.public_key.is_some_and(|known| known != public) {
            return Err(format!("the head is signed by another key: {}", line.public_key));
        }
        if self.known.head.is_some() && self.known_seal.is_none() {
            return Err(
                "no seal has the hash of the known head: this is another log, or one that was written anew".to_owned()
            );
        }
        Ok(Proved {
            site_id: self.site_id.clone(),
            is_filtered: self.is_filtered,
            rows: self.rows,
            erased: self.erased,
            links: self.links,
            public_key: line.public_key.to_owned(),
            known_seal: self.known_seal,
        })
    }

    fn is_of_site(&self, site: Option<&str>) -> Result<(), String> {
        if site == self.site_id.as_deref() { Ok(()) } else { Err("is of another site".to_owned()) }
    }
}

fn of_version(version: u8) -> Result<(), String> {
    if version == VERSION { Ok(()) } else { Err(format!("is in a form of version {version}, which is not known")) }
}
