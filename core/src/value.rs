//! A param's value and its canonical text (protocol rules K3 to K5).

use alloc::vec::Vec;

use crate::error::Reason;
use crate::percent;
use crate::text::push;

/// 2^53 - 1, the largest integer that every party can hold exactly.
const LARGEST_INTEGER: &[u8] = b"9007199254740991";

/// A param's value on its way to canonical text.
///
/// Values are compared by that text alone: the number 5, the string `"5"` and the `5` of a header are
/// one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A string. Its canonical text is itself, without Unicode normalisation.
    Text(&'a str),
    /// A string, as bytes that are known to be UTF-8.
    Bytes(&'a [u8]),
    /// A boolean: `true` or `false`.
    Bool(bool),
    /// A number as ECMAScript's `Number::toString` prints it, which is what `String(n)` gives in a
    /// browser and [`number::text`](crate::number::text) gives elsewhere.
    Number(&'a str),
    /// A list, an object or anything else that has no canonical text.
    Other,
}

impl Value<'_> {
    /// Appends the canonical text, percent-encoded; fails with why there is none.
    pub(crate) fn write(self, out: &mut Vec<u8>) -> Result<(), Reason> {
        match self {
            Self::Text(text) => percent::encode(out, text.as_bytes()),
            Self::Bytes(bytes) => percent::encode(out, bytes),
            Self::Bool(value) => push(out, if value { b"true" } else { b"false" }),
            Self::Number(text) => {
                check_number(text.as_bytes())?;
                push(out, text.as_bytes());
            }
            Self::Other => return Err(Reason::Other),
        }
        Ok(())
    }
}

/// Numbers are judged by value, not by type, because a browser cannot tell 2^53 from an integer that
/// was rounded to it: beyond ±(2^53 - 1) a whole number might name another row.
pub(crate) fn check_number(text: &[u8]) -> Result<(), Reason> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if !digits.first().is_some_and(u8::is_ascii_digit) {
        return Err(Reason::NoNumber);
    }
    // Number::toString writes `e+` from 10^21 on: such a number is whole and too large.
    let large = match digits.iter().all(u8::is_ascii_digit) {
        true => {
            digits.len() > LARGEST_INTEGER.len()
                || digits.len() == LARGEST_INTEGER.len() && digits > LARGEST_INTEGER
        }
        false => text.iter().any(|byte| matches!(byte, b'+')),
    };
    if large { Err(Reason::TooLarge) } else { Ok(()) }
}
