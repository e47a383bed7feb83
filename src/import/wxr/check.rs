//! What the XML parser lets pass and we do not, and what its errors mean.

use std::io::BufRead;

use quick_xml::encoding::EncodingError;
use quick_xml::events::{BytesDecl, BytesStart};

use super::error::shortened;
use super::source::{Place, Source};
use super::{ATTRIBUTES_MAX, WxrError, WxrErrorKind};

/// Encodings of which UTF-8 is a superset.
const ENCODINGS: [&str; 4] = ["utf-8", "utf8", "us-ascii", "ascii"];

/// Refuses names that are none, and attributes badly written, too many or twice.
pub(super) fn check_tag(start: &BytesStart<'_>) -> Result<(), WxrErrorKind> {
    let name = start.name().into_inner();
    if !name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')) {
        return Err(malformed(&format!("{name:?} is no element's name")));
    }
    // The search for a name given twice compares all pairs, hence the bound.
    for (index, attribute) in start.attributes().enumerate() {
        if index == ATTRIBUTES_MAX {
            return Err(WxrErrorKind::TooManyAttributes);
        }
        attribute.map_err(|error| malformed(&error.to_string()))?;
    }
    Ok(())
}

/// Refuses an XML declaration in a wrong place, and one of an encoding that we do not read.
pub(super) fn check_declaration(declaration: &BytesDecl<'_>, is_first: bool) -> Result<(), WxrErrorKind> {
    if !is_first {
        return Err(malformed("an XML declaration that is not at the beginning"));
    }
    let Some(encoding) = declaration.encoding() else {
        return Ok(());
    };
    let encoding = encoding.map_err(|error| malformed(&error.to_string()))?;
    if ENCODINGS.iter().any(|name| encoding.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    Err(WxrErrorKind::Encoding(shortened(&encoding)))
}

/// What the parser's error means. `token` is what it has read of the token that begins `at`.
pub(super) fn explain<R: BufRead>(error: quick_xml::Error, at: Place, token: &[u8], source: &Source<R>) -> WxrError {
    // Also one that is too large or has no end: what it is matters more.
    if token.starts_with(b"<!D") || token.starts_with(b"<!d") {
        return WxrError::new(at, WxrErrorKind::Doctype);
    }
    match error {
        quick_xml::Error::Io(_) if source.has_overrun() => WxrError::new(at, WxrErrorKind::TokenTooLarge),
        quick_xml::Error::Io(error) => WxrError::new(source.place(), WxrErrorKind::Io(error)),
        quick_xml::Error::Encoding(EncodingError::Utf8(error)) => {
            if error.error_len().is_none() && source.has_ended() {
                return WxrError::new(source.place(), WxrErrorKind::Truncated);
            }
            let valid = &token[..error.valid_up_to().min(token.len())];
            WxrError::new(at.after(valid), WxrErrorKind::InvalidUtf8)
        }
        quick_xml::Error::Syntax(_) if source.has_ended() => WxrError::new(source.place(), WxrErrorKind::Truncated),
        other => WxrError::new(at, malformed(&other.to_string())),
    }
}

fn malformed(what: &str) -> WxrErrorKind {
    WxrErrorKind::Malformed(shortened(what))
}
