//! The field `X-Mizan-Invalidate`: an RFC 9651 List whose members are Tokens with Parameters
//! (protocol rules H1 to H6).
//!
//! ```
//! use mizan_core::header;
//!
//! let list = header::parse("user;user_id=5, notifications")?;
//! assert_eq!(header::format(&list, header::LIMIT), "user;user_id=5, notifications");
//! # Ok::<(), mizan_core::InvalidHeader>(())
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::InvalidHeader;
use crate::invalidation::Invalidation;
use crate::parser::{Parser, is_printable};
use crate::percent;
use crate::text::{cut, parts, push, push_byte, push_hex, push_part, shown};

/// The longest field that a server writes, in bytes. Proxies commonly refuse header blocks of 8 KB.
pub const LIMIT: usize = 4096;

/// Reads the field. Several field lines are one list: join them with a comma first.
///
/// # Errors
///
/// [`InvalidHeader`] with the index of the first byte that does not fit. A client that meets one
/// MUST invalidate everything, because the text may have named anything.
pub fn parse(text: impl AsRef<[u8]>) -> Result<Vec<Invalidation>, InvalidHeader> {
    read(text.as_ref()).map_err(|position| InvalidHeader { position })
}

/// The same, for who needs no more than the index.
pub fn read(text: &[u8]) -> Result<Vec<Invalidation>, usize> {
    Parser::list(text, false)
}

/// Writes the field in at most `limit` bytes. What does not fit is widened, never dropped: first
/// every member to its whole context, then all of them to `*`.
pub fn format(list: &[Invalidation], limit: usize) -> String {
    shown(&bytes(list, limit)).into()
}

/// The same as bytes.
pub fn bytes(list: &[Invalidation], limit: usize) -> Vec<u8> {
    let (mut members, mut contexts) = (Vec::new(), Vec::new());
    for member in list {
        member.clone().add(&mut members);
        member.widened().add(&mut contexts);
    }
    for text in [write(&members), write(&contexts)] {
        if text.len() <= limit {
            return text;
        }
    }
    b"*".into()
}

fn write(list: &[Invalidation]) -> Vec<u8> {
    let mut out = Vec::new();
    for member in list {
        let (name, pairs) = cut(member.bytes(), b'?');
        push_part(&mut out, b", ", name);
        for pair in parts(pairs, b'&') {
            let (param, value) = cut(pair, b'=');
            push_byte(&mut out, b';');
            push(&mut out, param);
            push_byte(&mut out, b'=');
            push_value(&mut out, &percent::decode(value).unwrap_or_default());
        }
    }
    out
}

/// Writes canonical text as the narrowest type that every RFC 9651 parser gives back unchanged.
fn push_value(out: &mut Vec<u8>, text: &[u8]) {
    if is_integer(text) {
        push(out, text);
        return;
    }
    let ascii = text.iter().all(is_printable);
    push(out, if ascii { b"\"" } else { b"%\"" });
    for byte in text {
        let special = matches!(byte, b'"') || *byte == if ascii { b'\\' } else { b'%' };
        if !ascii && (special || !is_printable(byte)) {
            push_byte(out, b'%');
            push_hex(out, *byte, b'a');
            continue;
        }
        if special {
            push_byte(out, b'\\');
        }
        push_byte(out, *byte);
    }
    push_byte(out, b'"');
}

/// Whether `text` is a canonical integer that RFC 9651 can carry: at most 15 digits.
fn is_integer(text: &[u8]) -> bool {
    match text.strip_prefix(b"-").unwrap_or(text) {
        [b'0'] => text.len() == 1,
        [b'1'..=b'9', rest @ ..] => rest.len() < 15 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Key;

    #[test]
    fn a_member_that_is_named_twice_is_written_once() {
        let user = Invalidation::from(Key::new("user", []).expect("a legal key"));
        let list = [user.clone(), Invalidation::All, user];
        assert_eq!(format(&list, LIMIT), "user, *");
    }

    #[test]
    fn what_only_our_own_javascript_says_is_no_header() {
        for (text, position) in [("user;user_id=#5", 13), ("user;name=%\"%C3%BC\"", 13)] {
            assert_eq!(parse(text), Err(InvalidHeader { position }), "{text}");
        }
    }
}
