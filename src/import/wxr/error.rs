//! What can be wrong with an export, and where.

use std::io;
use std::sync::Arc;

use super::source::Place;
use super::{ATTRIBUTES_MAX, DEPTH_MAX, FIELD_MAX_BYTES, TOKEN_MAX_BYTES};

/// An export cannot be read further.
///
/// The place is the beginning of the tag or text at fault; for a value, the beginning of its element; for
/// invalid UTF-8, the byte itself; for a truncated file, its end.
#[derive(Debug, Clone, thiserror::Error)]
#[error("line {line}, column {column}: {kind}")]
pub struct WxrError {
    /// Line, counted from 1.
    pub line: u64,
    /// Column in characters, counted from 1; a byte order mark does not count.
    pub column: u64,
    /// What is wrong.
    pub kind: WxrErrorKind,
}

impl WxrError {
    pub(super) fn new(at: Place, kind: WxrErrorKind) -> Self {
        Self { line: at.line, column: at.column, kind }
    }
}

/// What is wrong with an export.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum WxrErrorKind {
    /// The file cannot be read from where it is.
    #[error("the file cannot be read: {0}")]
    Io(Arc<io::Error>),
    /// Not well-formed XML.
    #[error("not well-formed XML: {0}")]
    Malformed(String),
    /// Well-formed so far, but not an export of WordPress.
    #[error("not a WordPress export: {0}")]
    NotWxr(&'static str),
    /// An export of a version other than 1.0, 1.1 and 1.2.
    #[error("WordPress export version {0:?} is not supported; 1.0, 1.1 and 1.2 are")]
    UnsupportedVersion(String),
    /// An item or a comment has no number.
    #[error("{0} is missing")]
    MissingNumber(&'static str),
    /// A number is not one that fits 64 bits without sign.
    #[error("{element} is not a number: {found:?}")]
    InvalidNumber {
        /// The element.
        element: &'static str,
        /// The beginning of what stands there.
        found: String,
    },
    /// The file ends in the midst of an element.
    #[error("the file is truncated: it ends inside an element")]
    Truncated,
    /// A DOCTYPE, which could declare entities or point outside the file.
    #[error("a DOCTYPE is not allowed")]
    Doctype,
    /// The file declares or shows an encoding other than UTF-8 and ASCII.
    #[error("the encoding {0:?} is not supported; UTF-8 is")]
    Encoding(String),
    /// Bytes that are not UTF-8.
    #[error("not valid UTF-8")]
    InvalidUtf8,
    /// A tag, text, CDATA section or comment exceeds [`TOKEN_MAX_BYTES`].
    #[error("the text or tag beginning here is longer than {TOKEN_MAX_BYTES} bytes")]
    TokenTooLarge,
    /// A field exceeds [`FIELD_MAX_BYTES`].
    #[error("{0} is longer than {FIELD_MAX_BYTES} bytes")]
    FieldTooLong(&'static str),
    /// Elements are nested deeper than [`DEPTH_MAX`].
    #[error("elements are nested deeper than {DEPTH_MAX}")]
    TooDeep,
    /// An element has more attributes than [`ATTRIBUTES_MAX`].
    #[error("an element has more than {ATTRIBUTES_MAX} attributes")]
    TooManyAttributes,
}

/// The beginning of a piece of the file, short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN_MAX_BYTES: usize = 120;
    if text.len() <= SHOWN_MAX_BYTES {
        return text.to_owned();
    }
    format!("{}...", &text[..text.floor_char_boundary(SHOWN_MAX_BYTES)])
}
