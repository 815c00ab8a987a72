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
use crate::text::{cut, is_utf8, push_hex, push_part};
use crate::value::Value;

/// The longest field that a server writes, in bytes. Proxies commonly refuse header blocks of 8 KB.
pub const LIMIT: usize = 4096;

/// Reads the field. Several field lines are one list: join them with a comma first.
///
/// # Errors
///
/// [`InvalidHeader`] with the index of the first byte that does not fit. A client that meets one
/// MUST invalidate everything, because the text may have named anything.
pub fn parse(text: &str) -> Result<Vec<Invalidation>, InvalidHeader> {
    let mut parser = Parser { text, at: 0 };
    let mut list = Vec::new();
    parser.skip(b" ");
    while parser.peek().is_some() {
        parser.member()?.add(&mut list);
        parser.skip(b" \t");
        if parser.peek().is_none() {
            break;
        }
        parser.expect(b',', "a comma was expected")?;
        parser.skip(b" \t");
        if parser.peek().is_none() {
            return Err(parser.error("a member was expected after the comma"));
        }
    }
    Ok(list)
}

/// Writes the field in at most `limit` bytes. What does not fit is widened, never dropped: first
/// every member to its whole context, then all of them to `*`.
pub fn format(list: &[Invalidation], limit: usize) -> String {
    for params in [true, false] {
        let mut members: Vec<String> = Vec::new();
        for member in list {
            let member = write(member, params);
            if !members.iter().any(|other| *other == member) {
                members.push(member);
            }
        }
        let mut out = String::new();
        for member in &members {
            push_part(&mut out, ", ", member);
        }
        if out.len() <= limit {
            return out;
        }
    }
    "*".into()
}

fn write(member: &Invalidation, params: bool) -> String {
    let Invalidation::Matching(key) = member else { return "*".into() };
    let mut out = String::from(key.name());
    for pair in key.pairs().filter(|_| params) {
        let (name, value) = cut(pair, b'=');
        out.push(';');
        out.push_str(name);
        out.push('=');
        push_value(&mut out, &percent::decode(value.unwrap_or_default()).unwrap_or_default());
    }
    out
}

/// Writes canonical text as the narrowest type that every RFC 9651 parser gives back unchanged.
fn push_value(out: &mut String, text: &[u8]) {
    let integer = is_integer(text);
    let ascii = text.iter().all(is_printable);
    if !integer {
        out.push_str(if ascii { "\"" } else { "%\"" });
    }
    for &byte in text {
        if ascii {
            if matches!(byte, b'"' | b'\\') {
                out.push('\\');
            }
            out.push(byte.into());
        } else if is_printable(&byte) && !matches!(byte, b'"' | b'%') {
            out.push(byte.into());
        } else {
            out.push('%');
            push_hex(out, byte, b'a');
        }
    }
    if !integer {
        out.push('"');
    }
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

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn member(&mut self) -> Result<Invalidation, InvalidHeader> {
        let start = self.at;
        let token = self.take(is_token);
        if token != "*" && !is_name(token) {
            let reason = "a context name or * was expected";
            return Err(InvalidHeader { position: start, reason });
        }
        let mut pairs = Pairs::default();
        while self.accept(b';') {
            self.skip(b" ");
            let start = self.at;
            let name = self.take(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'.' | b'*')
            });
            if !is_param(name) {
                let reason = "a param name was expected";
                return Err(InvalidHeader { position: start, reason });
            }
            let value = match self.accept(b'=') {
                true => self.value()?,
                false => b"true".into(),
            };
            // The name was checked above; the last value of a name counts (RFC 9651 section 4.2.3.2).
            let _ = pairs.insert(name, Value::Bytes(&value));
        }
        Ok(pairs.of(token).map_or(Invalidation::All, Invalidation::from))
    }

    /// A bare item of any type as canonical text (RFC 9651 section 4.2.3.1).
    fn value(&mut self) -> Result<Vec<u8>, InvalidHeader> {
        let start = self.at;
        let Some(first) = self.peek() else { return Err(self.error("a value was expected")) };
        self.at += 1;
        Ok(match first {
            b'-' | b'0'..=b'9' => {
                self.at = start;
                self.number(true)?
            }
            b'@' => self.number(false)?,
            b'"' => self.quoted(b'\\')?,
            b'%' => {
                self.expect(b'"', "a quote was expected after %")?;
                let bytes = self.quoted(b'%')?;
                if !is_utf8(&bytes) {
                    let reason = "UTF-8 was expected in the display string";
                    return Err(InvalidHeader { position: start, reason });
                }
                bytes
            }
            b'?' => match self.take(|byte| matches!(byte, b'0' | b'1')) {
                "1" => b"true".into(),
                "0" => b"false".into(),
                _ => {
                    self.at = start + 1;
                    return Err(self.error("0 or 1 was expected after ?"));
                }
            },
            b':' => {
                let text = self.take(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
                self.expect(b':', "a : that ends the byte sequence was expected")?;
                text.into()
            }
            b'*' | b'a'..=b'z' | b'A'..=b'Z' => {
                self.at = start;
                self.take(is_token).into()
            }
            _ => {
                self.at = start;
                return Err(self.error("a value was expected"));
            }
        })
    }

    /// An Integer or a Decimal, without what has no meaning: leading zeros, trailing zeros, `-0`.
    fn number(&mut self, decimal: bool) -> Result<Vec<u8>, InvalidHeader> {
        let negative = self.accept(b'-');
        let start = self.at;
        let whole = self.take(|byte| byte.is_ascii_digit());
        let mut most = 15;
        let mut text = Vec::new();
        for byte in whole.bytes() {
            if byte != b'0' || !text.is_empty() {
                text.push(byte);
            }
        }
        if text.is_empty() {
            text.push(b'0');
        }
        if decimal && self.accept(b'.') {
            most = 12;
            let start = self.at;
            let fraction = self.take(|byte| byte.is_ascii_digit());
            if !matches!(fraction.len(), 1..=3) {
                let reason = "1 to 3 digits were expected after the decimal point";
                return Err(InvalidHeader { position: start, reason });
            }
            text.push(b'.');
            text.extend(fraction.bytes());
            while matches!(text.last(), Some(b'0' | b'.')) && text.contains(&b'.') {
                text.pop();
            }
        }
        if !(1..=most).contains(&whole.len()) {
            let reason = "a number of at most 15 digits (12 before a decimal point) was expected";
            return Err(InvalidHeader { position: start, reason });
        }
        if negative && text != b"0" {
            text.insert(0, b'-');
        }
        Ok(text)
    }

    /// The rest of a String, in which `escape` is a backslash, or of a Display String.
    fn quoted(&mut self, escape: u8) -> Result<Vec<u8>, InvalidHeader> {
        let mut out = Vec::new();
        loop {
            let byte = match self.peek().filter(is_printable) {
                Some(byte) => byte,
                None => return Err(self.error("printable ASCII or a closing quote was expected")),
            };
            self.at += 1;
            out.push(match byte {
                b'"' => return Ok(out),
                b'\\' if byte == escape => match self.peek() {
                    Some(byte @ (b'"' | b'\\')) => {
                        self.at += 1;
                        byte
                    }
                    _ => return Err(self.error("\" or \\ was expected after a backslash")),
                },
                b'%' if byte == escape => self.hex()? << 4 | self.hex()?,
                _ => byte,
            });
        }
    }

    fn hex(&mut self) -> Result<u8, InvalidHeader> {
        let digit = self.peek().filter(|byte| !byte.is_ascii_uppercase()).and_then(percent::digit);
        let digit = digit.ok_or(self.error("two lower-case hex digits were expected after %"));
        self.at += usize::from(digit.is_ok());
        digit
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, reason: &'static str) -> Result<(), InvalidHeader> {
        match self.accept(byte) {
            true => Ok(()),
            false => Err(self.error(reason)),
        }
    }

    /// The longest run of bytes that `fits` accepts, all of them ASCII.
    fn take(&mut self, fits: fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(fits) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn skip(&mut self, bytes: &[u8]) {
        while self.peek().is_some_and(|byte| bytes.contains(&byte)) {
            self.at += 1;
        }
    }

    fn error(&self, reason: &'static str) -> InvalidHeader {
        InvalidHeader { position: self.at, reason }
    }
}

/// What a Token is made of (RFC 9651 section 3.3.4).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
}
