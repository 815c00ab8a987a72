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
use crate::key::Pairs;
use crate::name::{is_name, is_param};
use crate::percent;
use crate::text::{Class, cut, is, is_utf8, parts, push_byte, push_hex, push_part};
use crate::value::Value;

/// The longest field that a server writes, in bytes. Proxies commonly refuse header blocks of 8 KB.
pub const LIMIT: usize = 4096;

const SPACES: &Class = &[*b"  "];
const BLANKS: &Class = &[*b"  ", *b"\t\t"];
const DIGITS: &Class = &[*b"09"];
/// What a key is made of (RFC 9651 section 3.1.2).
const KEY: &Class = &[*b"az", *b"09", *b"__", *b"-.", *b"**"];
/// What a Token is made of (RFC 9651 section 3.3.4).
const TOKEN: &Class = &[*b"!!", *b"#'", *b"*+", *b"-:", *b"AZ", *b"^z", *b"||", *b"~~"];
const BASE64: &Class = &[*b"az", *b"AZ", *b"/9", *b"++", *b"=="];

/// Reads the field. Several field lines are one list: join them with a comma first.
///
/// # Errors
///
/// [`InvalidHeader`] with the index of the first byte that does not fit. A client that meets one
/// MUST invalidate everything, because the text may have named anything.
pub fn parse(text: &str) -> Result<Vec<Invalidation>, InvalidHeader> {
    let mut parser = Parser { text, at: 0, value: Vec::new() };
    let mut list = Vec::new();
    match parser.list(&mut list) {
        Some(()) => Ok(list),
        None => Err(InvalidHeader { position: parser.at }),
    }
}

/// Writes the field in at most `limit` bytes. What does not fit is widened, never dropped: first
/// every member to its whole context, then all of them to `*`.
pub fn format(list: &[Invalidation], limit: usize) -> String {
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
    "*".into()
}

fn write(list: &[Invalidation]) -> String {
    let mut out = String::new();
    for member in list {
        let (name, pairs) = cut(member.text(), b'?');
        push_part(&mut out, ", ", name);
        for pair in parts(pairs.unwrap_or_default(), b'&') {
            let (param, value) = cut(pair, b'=');
            push_byte(&mut out, b';');
            out.push_str(param);
            push_byte(&mut out, b'=');
            push_value(&mut out, &percent::decode(value.unwrap_or_default()).unwrap_or_default());
        }
    }
    out
}

/// Writes canonical text as the narrowest type that every RFC 9651 parser gives back unchanged.
fn push_value(out: &mut String, text: &[u8]) {
    if is_integer(text) {
        text.iter().for_each(|byte| push_byte(out, *byte));
        return;
    }
    let ascii = text.iter().all(is_printable);
    out.push_str(if ascii { "\"" } else { "%\"" });
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

fn is_printable(byte: &u8) -> bool {
    (0x20..0x7f).contains(byte)
}

/// Reads from left to right. `None` means that the byte at `at` does not fit.
struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The value that was read last, as canonical text.
    value: Vec<u8>,
}

impl<'a> Parser<'a> {
    fn list(&mut self, list: &mut Vec<Invalidation>) -> Option<()> {
        self.skip(SPACES);
        while self.at < self.text.len() {
            self.member()?.add(list);
            self.skip(BLANKS);
            if self.at == self.text.len() {
                break;
            }
            self.expect(b',')?;
            self.skip(BLANKS);
            self.peek()?;
        }
        Some(())
    }

    fn member(&mut self) -> Option<Invalidation> {
        let start = self.at;
        let name = self.take(TOKEN);
        if name != "*" && !is_name(name) {
            return self.fail(start);
        }
        let mut pairs = Pairs::default();
        while self.expect(b';').is_some() {
            self.skip(SPACES);
            let start = self.at;
            let param = self.take(KEY);
            if !is_param(param) {
                return self.fail(start);
            }
            self.value.clear();
            match self.expect(b'=') {
                Some(()) => self.value()?,
                None => self.push("true"),
            }
            // The last value of a name counts (RFC 9651 section 4.2.3.2).
            pairs.insert(param, Value::Bytes(&self.value)).ok()?;
        }
        Some(pairs.of(name).map_or(Invalidation::All, Invalidation::from))
    }

    /// A bare item of any type as canonical text (RFC 9651 section 4.2.3.1).
    fn value(&mut self) -> Option<()> {
        let start = self.at;
        let first = self.peek()?;
        self.at += 1;
        match first {
            b'@' => self.number(false)?,
            b'"' => self.quoted(b'\\')?,
            b'%' => {
                self.expect(b'"')?;
                self.quoted(b'%')?;
                if !is_utf8(&self.value) {
                    return self.fail(start);
                }
            }
            b'?' => {
                let bit = self.peek()?;
                self.push(match bit {
                    b'0' => "false",
                    b'1' => "true",
                    _ => return None,
                });
                self.at += 1;
            }
            b':' => {
                let text = self.take(BASE64);
                self.push(text);
                self.expect(b':')?;
            }
            _ => {
                self.at = start;
                match first {
                    b'-' | b'0'..=b'9' => self.number(true)?,
                    b'*' | b'a'..=b'z' | b'A'..=b'Z' => {
                        let text = self.take(TOKEN);
                        self.push(text);
                    }
                    _ => return None,
                }
            }
        }
        Some(())
    }

    /// An Integer or a Decimal, without what has no meaning: leading zeros, trailing zeros, `-0`.
    fn number(&mut self, decimal: bool) -> Option<()> {
        if self.expect(b'-').is_some() {
            self.push("-");
        }
        let start = self.at;
        self.skip(&[*b"00"]);
        let digits = self.take(DIGITS);
        let whole = self.at - start;
        let mut most = 15;
        self.push(if digits.is_empty() { "0" } else { digits });
        if decimal && whole > 0 && self.expect(b'.').is_some() {
            let start = self.at;
            let fraction = self.take(DIGITS);
            if !matches!(fraction.len(), 1..=3) {
                return self.fail(start);
            }
            most = 12;
            self.push(".");
            self.push(fraction);
            while self.value.pop_if(|byte| *byte == b'0').is_some() {}
            self.value.pop_if(|byte| *byte == b'.');
        }
        if whole == 0 || whole > most {
            return self.fail(start);
        }
        if self.value == b"-0" {
            self.value.remove(0);
        }
        Some(())
    }

    /// The rest of a String, in which `escape` is a backslash, or of a Display String.
    fn quoted(&mut self, escape: u8) -> Option<()> {
        loop {
            let mut byte = self.peek().filter(is_printable)?;
            self.at += 1;
            if byte == b'"' {
                return Some(());
            }
            if byte == escape {
                byte = match byte {
                    b'%' => self.hex()? << 4 | self.hex()?,
                    _ => {
                        let escaped = self.peek().filter(|byte| matches!(byte, b'"' | b'\\'))?;
                        self.at += 1;
                        escaped
                    }
                };
            }
            self.value.extend_from_slice(&[byte]);
        }
    }

    /// A lower-case hex digit.
    fn hex(&mut self) -> Option<u8> {
        let digit = percent::digit(self.peek().filter(|byte| !byte.is_ascii_uppercase())?)?;
        self.at += 1;
        Some(digit)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn skip(&mut self, class: &Class) {
        while self.peek().is_some_and(|byte| is(byte, class)) {
            self.at += 1;
        }
    }

    /// The longest run of bytes in `class`, all of them ASCII.
    fn take(&mut self, class: &Class) -> &'a str {
        let start = self.at;
        self.skip(class);
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn push(&mut self, text: &str) {
        self.value.extend_from_slice(text.as_bytes());
    }

    fn fail<T>(&mut self, at: usize) -> Option<T> {
        self.at = at;
        None
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
}
