//! The query string as characters, percent-decoded once.
//!
//! Each character remembers whether it was written encoded. Brackets, quotes and bars mean the same either way (one
//! client encodes them), but an encoded `&` or `=` is always text, and a `+` in form-encoded text is a space.

use super::error::Error;
use crate::kit::Text;

/// One decoded character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ch {
    /// The character.
    pub c: char,
    /// It was written as `%XX`.
    pub encoded: bool,
}

impl Ch {
    /// An `&` that separates.
    pub(super) fn is_and(self) -> bool {
        self.c == '&' && !self.encoded
    }

    /// An `=` that separates.
    pub(super) fn is_equals(self) -> bool {
        self.c == '=' && !self.encoded
    }
}

/// Decodes `%XX` once. A `%` that does not begin an escape stands for itself; `+` stays a plus.
pub(super) fn decode(raw: &str) -> Result<Vec<Ch>, Error> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let mut escaped = Vec::new();
        while let Some(byte) = escape(rest) {
            escaped.push(byte);
            rest = rest.get(3..).unwrap_or_default();
        }
        if escaped.is_empty() {
            out.push(Ch { c, encoded: false });
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        let text = std::str::from_utf8(&escaped).map_err(|_| {
            Error::bad_query(Text::new("The query is not UTF-8 text: encode each character as its UTF-8 bytes."))
        })?;
        out.extend(text.chars().map(|c| Ch { c, encoded: true }));
    }
    if out.iter().any(|ch| ch.c == '\0') {
        let text = "The query contains the character U+0000, which no value has: leave it out.";
        return Err(Error::bad_query(Text::new(text)));
    }
    Ok(out)
}

fn escape(rest: &str) -> Option<u8> {
    let digits = rest.strip_prefix('%')?.get(..2)?;
    if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) { u8::from_str_radix(digits, 16).ok() } else { None }
}

/// The characters as text.
pub(super) fn text(part: &[Ch]) -> String {
    part.iter().map(|ch| ch.c).collect()
}

/// The characters as form-encoded text: a `+` that was not encoded is a space.
pub(super) fn form_text(part: &[Ch]) -> String {
    part.iter().map(|ch| if ch.c == '+' && !ch.encoded { ' ' } else { ch.c }).collect()
}

/// Whether the text can have come out of form encoding, which leaves few characters as they are.
pub(super) fn could_be_form(part: &[Ch]) -> bool {
    part.iter().all(|ch| ch.encoded || ch.c.is_ascii_alphanumeric() || "*-._~+".contains(ch.c))
}
