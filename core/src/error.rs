//! What can be wrong with a text, and where. Every error says what was expected.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::text::{owned, push, push_byte, push_number, shown};

/// A name, param or value that cannot be part of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidKey {
    param: Vec<u8>,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// What can be wrong with a name, a param or a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Name,
    Param,
    Other,
    NoNumber,
    TooLarge,
}

impl Reason {
    /// What was expected, as the end of a sentence.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Name => "must match [A-Za-z][A-Za-z0-9_]{0,63}",
            Self::Param => "must match [a-z][a-z0-9_]{0,63}",
            Self::Other => "is no string, boolean or number",
            Self::NoNumber => "is not a finite number",
            Self::TooLarge => "is beyond 2^53 - 1: send it as a string",
        }
    }
}

impl InvalidKey {
    pub(crate) fn name() -> Self {
        Self { param: Vec::new(), reason: Reason::Name.text() }
    }

    pub(crate) fn of(param: &[u8], reason: &'static str) -> Self {
        Self { param: owned(param), reason }
    }

    /// The param that is wrong; empty where the context's name is.
    pub fn param(&self) -> &str {
        shown(&self.param)
    }

    /// The error as a sentence.
    pub fn message(&self) -> String {
        sentence(|out| self.write(out))
    }

    /// Appends the same. Built without the formatting machinery, which would cost a page more bytes than
    /// the rest of this file.
    pub fn write(&self, out: &mut Vec<u8>) {
        push(out, if self.param.is_empty() { b"context" } else { &b"param "[..] });
        push(out, &self.param);
        push_byte(out, b' ');
        push(out, self.reason.as_bytes());
    }
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for InvalidKey {}

/// A header field that is not a list of invalidations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidHeader {
    /// Where it went wrong: the index of the byte in the field's text.
    pub position: usize,
}

impl InvalidHeader {
    /// The error as a sentence, which ends with the position.
    pub fn message(&self) -> String {
        sentence(|out| self.write(out))
    }

    /// Appends the same.
    pub fn write(&self, out: &mut Vec<u8>) {
        at_index(out, b"invalid header", self.position);
    }
}

impl fmt::Display for InvalidHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for InvalidHeader {}

/// A list with a member that is no invalidation, such as the `invalidate` of a call's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidList {
    /// Which member of the list, from 0.
    pub position: usize,
}

impl InvalidList {
    /// The error as a sentence, which ends with the position.
    pub fn message(&self) -> String {
        sentence(|out| self.write(out))
    }

    /// Appends the same.
    pub fn write(&self, out: &mut Vec<u8>) {
        at_index(out, b"invalid context", self.position);
    }
}

impl fmt::Display for InvalidList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for InvalidList {}

fn at_index(out: &mut Vec<u8>, what: &[u8], position: usize) {
    push(out, what);
    push(out, b" at index ");
    push_number(out, position);
}

fn sentence(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut text = Vec::new();
    write(&mut text);
    shown(&text).into()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::{Key, Value, header};

    #[test]
    fn an_error_says_what_is_wrong_and_where() {
        let name = Key::new("us er", []).map_err(|error| error.to_string());
        assert_eq!(name, Err("context must match [A-Za-z][A-Za-z0-9_]{0,63}".into()));
        let param = Key::new("user", [("userId", Value::Bool(true))]);
        let param = param.map_err(|error| error.to_string());
        assert_eq!(param, Err("param userId must match [a-z][a-z0-9_]{0,63}".into()));
        let field = header::parse("user;user_id=").map_err(|error| error.to_string());
        assert_eq!(field, Err("invalid header at index 13".into()));
        assert_eq!(InvalidList { position: 10 }.to_string(), "invalid context at index 10");
    }
}
