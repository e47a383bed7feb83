//! The bytes below the XML parser: counted, and bounded for each token.

use std::io::{self, BufRead, Read};

use super::TOKEN_MAX_BYTES;

/// Most bytes handed to the parser at once. The parser copies whole chunks, so this is how far a token can
/// exceed its bound before it is noticed.
const CHUNK_MAX_BYTES: usize = 64 * 1024;

/// A place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes before it.
    pub(super) offset: u64,
    /// Line, from 1.
    pub(super) line: u64,
    /// Column in characters, from 1.
    pub(super) column: u64,
}

impl Place {
    const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// The place after `bytes`, which begin here.
    pub(super) fn after(mut self, bytes: &[u8]) -> Self {
        self.offset += bytes.len() as u64;
        match bytes.iter().rposition(|&byte| byte == b'\n') {
            Some(last) => {
                self.line += bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
                self.column = 1 + characters(&bytes[last + 1..]);
            }
            None => self.column += characters(bytes),
        }
        self
    }
}

/// Number of characters that begin in `bytes`: every byte of UTF-8 but the continuations.
fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64
}

/// How a file begins, where that forbids or allows to read on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// May be UTF-8; a byte order mark was skipped.
    Readable,
    /// UTF-16, by its byte order mark or its first `<`.
    Utf16,
}

/// A reader that knows its place and ends a token that grows too large.
///
/// The parser keeps a whole token in memory until it sees its end; it has no bound of its own.
#[derive(Debug)]
pub(super) struct Source<R> {
    inner: R,
    place: Place,
    token_bytes: usize,
    has_ended: bool,
    has_overrun: bool,
}

impl<R: BufRead> Source<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, place: Place::START, token_bytes: 0, has_ended: false, has_overrun: false }
    }

    /// Looks at the first bytes; called once, before anything is read.
    pub(super) fn begin(&mut self) -> io::Result<Beginning> {
        let first = loop {
            match self.inner.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        match first {
            [0xEF, 0xBB, 0xBF, ..] => {
                self.inner.consume(3);
                self.place.offset = 3;
            }
            [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [b'<', 0, ..] | [0, b'<', ..] => {
                return Ok(Beginning::Utf16);
            }
            _ => {}
        }
        Ok(Beginning::Readable)
    }

    /// The place of the next byte, from where the next token's length is counted.
    pub(super) fn begin_token(&mut self) -> Place {
        self.token_bytes = 0;
        self.place
    }

    /// The place of the next byte.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// Whether the parser asked for more than there is.
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Whether the last error is this type's own, for a token too large.
    pub(super) fn has_overrun(&self) -> bool {
        self.has_overrun
    }
}

impl<R: BufRead> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.token_bytes >= TOKEN_MAX_BYTES {
            self.has_overrun = true;
            return Err(io::Error::other("token too large"));
        }
        let chunk = self.inner.fill_buf()?;
        self.has_ended = chunk.is_empty();
        Ok(&chunk[..chunk.len().min(CHUNK_MAX_BYTES)])
    }

    fn consume(&mut self, amount: usize) {
        if amount == 0 {
            return;
        }
        // What is to be consumed was handed out, so it is still buffered and this reads nothing.
        if let Ok(chunk) = self.inner.fill_buf() {
            self.place = self.place.after(&chunk[..amount.min(chunk.len())]);
        }
        self.token_bytes += amount;
        self.inner.consume(amount);
    }
}

impl<R: BufRead> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}
