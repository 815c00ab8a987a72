//! Percent-encoding of UTF-8 (RFC 3986 section 2).

use alloc::vec::Vec;

use crate::text::{is, push_byte, push_hex};

/// Appends `text` with every byte encoded that is not unreserved in RFC 3986.
pub fn encode(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        push(out, byte);
    }
}

/// Appends one byte of such a text.
pub(crate) fn push(out: &mut Vec<u8>, byte: u8) {
    if is(byte, &[*b"az", *b"AZ", *b"09", *b"-.", *b"__", *b"~~"]) {
        push_byte(out, byte);
    } else {
        push_byte(out, b'%');
        push_hex(out, byte, b'A');
    }
}

/// The bytes that `encoded` stands for; `None` where an escape is broken.
pub fn decode(encoded: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = encoded.as_ref().iter().copied();
    while let Some(byte) = rest.next() {
        bytes.extend_from_slice(&[match byte {
            b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
            _ => byte,
        }]);
    }
    Some(bytes)
}

/// The value of a hex digit of either case.
pub(crate) fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
