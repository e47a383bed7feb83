//! Content codings of public pages (RFC 9110, section 8.4), and which of them a reader takes.

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use libdeflater::{CompressionLvl, Compressor};

// Measured with a page of 69 kB. A level more takes 1.7 times (gzip) or three times as long (Brotli) and wins 0.4 or 0.8 %
// of the page; gzip 1 takes half the time and leaves it 7 % longer.

/// Of gzip, 0 to 12: a page of 69 kB in 0.26 ms to 22.6 %.
const GZIP_LEVEL: i32 = 5;
/// Of Brotli, 0 to 11: the same page in 0.8 ms to 21.9 %.
const BROTLI_QUALITY: i32 = 4;
/// Of Brotli: the window that holds the longest page.
const BROTLI_WINDOW: i32 = 20;
/// Members of an `Accept-Encoding` that are looked at.
const LOOKED_AT: usize = 16;

/// How a page's bytes are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// All of them, the shortest result first.
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// What ends the validator in a tag, since other bytes need another one.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => ".gz",
            Self::Brotli => ".br",
        }
    }

    /// As `Content-Encoding` names it; none for the bytes as they are.
    pub fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Brotli => Some(HeaderValue::from_static("br")),
        }
    }

    /// The one that the reader likes best, of those liked alike the shortest; the bytes as they are for who likes none of
    /// them (RFC 9110, section 12.5.3).
    pub fn accepted(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
        let members = lines.flat_map(|line| line.split(',')).take(LOOKED_AT);
        let [mut brotli, mut gzip, mut identity, mut any] = [None; 4];
        for member in members {
            let (name, parameters) = member.split_once(';').unwrap_or((member, ""));
            let name = name.trim();
            let place = if name.eq_ignore_ascii_case("br") {
                &mut brotli
            } else if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
                &mut gzip
            } else if name.eq_ignore_ascii_case("identity") {
                &mut identity
            } else if name == "*" {
                &mut any
            } else {
                continue;
            };
            *place = Some(weight(parameters));
        }
        let (brotli, gzip) = (brotli.or(any).unwrap_or(0), gzip.or(any).unwrap_or(0));
        // acceptable where nothing is said of it, but liked less than what is named
        let identity = identity.or(any).unwrap_or(1);
        if brotli > 0 && brotli >= gzip && brotli >= identity {
            Self::Brotli
        } else if gzip > 0 && gzip >= identity {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    /// The bytes in this coding: always the same for the same bytes.
    pub fn encode(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Identity => bytes.to_vec(),
            Self::Gzip => {
                let mut encoder = Compressor::new(CompressionLvl::new(GZIP_LEVEL).expect("it is one of the levels"));
                let mut encoded = vec![0; encoder.gzip_compress_bound(bytes.len())];
                let length = encoder.gzip_compress(bytes, &mut encoded).expect("it fits by the bound");
                encoded.truncate(length);
                encoded.shrink_to_fit();
                encoded
            }
            Self::Brotli => {
                let mut encoded = Vec::with_capacity(bytes.len() / 4);
                let parameters = brotli::enc::BrotliEncoderParams {
                    quality: BROTLI_QUALITY,
                    lgwin: BROTLI_WINDOW,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &bytes[..], &mut encoded, &parameters).expect("memory takes all bytes");
                encoded
            }
        }
    }
}

/// A weight in thousandths (RFC 9110, section 12.4.2); of what is none, as if it were not there.
fn weight(parameters: &str) -> u32 {
    let parameters = parameters.split(';').map(str::trim);
    let value =
        parameters.filter_map(|parameter| parameter.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("q"));
    let number = value.and_then(|(_, value)| value.trim().parse::<f32>().ok());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    number.filter(|number| (0.0..=1.0).contains(number)).map_or(1_000, |number| (number * 1_000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn accepted(lines: &[&str]) -> Encoding {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap());
        }
        Encoding::accepted(&headers)
    }

    #[test]
    fn the_best_liked_coding_is_taken_and_of_equals_the_shortest() {
        use Encoding::*;
        for (line, expected) in [
            ("", Identity),
            ("gzip", Gzip),
            ("X-GZIP", Gzip),
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip;q=1.0, br;q=0.5", Gzip),
            ("br;q=0, gzip;q=0.1", Gzip),
            ("*", Brotli),
            ("*;q=0.3, br;q=0", Gzip),
            ("gzip;q=0", Identity),
            ("identity, gzip;q=0.5", Identity),
            ("identity;q=0.5, gzip;q=0.5", Gzip),
            ("identity;q=0", Identity),
            ("*;q=0", Identity),
            ("zstd, compress;q=0.9", Identity),
            ("br; Q=0.2, gzip ; q = 0.3", Gzip),
            ("gzip;q=nonsense", Gzip),
        ] {
            assert_eq!(accepted(&[line]), expected, "{line}");
        }
        assert_eq!(accepted(&["gzip;q=0.5", "br"]), Brotli);
        assert_eq!(accepted(&[&"x,".repeat(5_000)]), Identity);
    }

    proptest! {
        #[test]
        fn no_header_is_too_much(line in "[ -~]{0,200}") {
            accepted(&[&line]);
        }
    }
}
