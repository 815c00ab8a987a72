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
use crate::key::Key;
use crate::name::{is_name, is_param};
use crate::percent;

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
        let member = parser.member()?;
        if !list.contains(&member) {
            list.push(member);
        }
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
    let full = join(list, true);
    if full.len() <= limit {
        return full;
    }
    let mut contexts = Vec::new();
    for member in list {
        let member = match member {
            Invalidation::All => Some(Invalidation::All),
            Invalidation::Matching(key) => Key::named(key.name()).ok().map(Invalidation::from),
        };
        contexts = Invalidation::union(contexts, member.into_iter().collect());
    }
    let wide = join(&contexts, false);
    if wide.len() <= limit { wide } else { "*".into() }
}

fn join(list: &[Invalidation], params: bool) -> String {
    let mut out = String::new();
    for member in list {
        if !out.is_empty() {
            out.push_str(", ");
        }
        match member {
            Invalidation::All => out.push('*'),
            Invalidation::Matching(key) => {
                out.push_str(key.name());
                for (name, value) in key.params().iter().filter(|_| params) {
                    out.push(';');
                    out.push_str(name);
                    out.push('=');
                    push_value(&mut out, value);
                }
            }
        }
    }
    out
}

/// Writes canonical text as the narrowest type that every RFC 9651 parser gives back unchanged.
fn push_value(out: &mut String, text: &str) {
    let printable = |byte: &u8| (0x20..0x7f).contains(byte);
    if is_integer(text) {
        out.push_str(text);
    } else if text.as_bytes().iter().all(printable) {
        out.push('"');
        for char in text.chars() {
            if matches!(char, '"' | '\\') {
                out.push('\\');
            }
            out.push(char);
        }
        out.push('"');
    } else {
        out.push_str("%\"");
        for &byte in text.as_bytes() {
            if printable(&byte) && !matches!(byte, b'"' | b'%') {
                out.push(byte.into());
            } else {
                out.push('%');
                percent::push_hex(out, byte, b"0123456789abcdef");
            }
        }
        out.push('"');
    }
}

/// Whether `text` is a canonical integer that RFC 9651 can carry: at most 15 digits.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    match digits {
        [b'0'] => text == "0",
        [b'1'..=b'9', rest @ ..] => rest.len() < 15 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn member(&mut self) -> Result<Invalidation, InvalidHeader> {
        let start = self.at;
        let token = self.take(|b| is_tchar(b) || matches!(b, b':' | b'/'));
        let wrong = InvalidHeader { position: start, reason: "a context name or * was expected" };
        let mut key = match token {
            "*" => None,
            name if is_name(name) => Key::named(name).ok(),
            _ => return Err(wrong),
        };
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
                false => "true".into(),
            };
            if let Some(key) = &mut key {
                // The name was checked above; RFC 9651 section 4.2.3.2: the last one of a name counts.
                let _ = key.replace(name, value);
            }
        }
        Ok(key.map_or(Invalidation::All, Invalidation::from))
    }

    /// A bare item of any type as canonical text (RFC 9651 section 4.2.3.1).
    fn value(&mut self) -> Result<String, InvalidHeader> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => self.number(true),
            Some(b'"') => self.string(),
            Some(b'?') => {
                self.at += 1;
                match self.peek() {
                    Some(bit @ (b'0' | b'1')) => {
                        self.at += 1;
                        Ok(if bit == b'1' { "true" } else { "false" }.into())
                    }
                    _ => Err(self.error("0 or 1 was expected after ?")),
                }
            }
            Some(b'@') => {
                self.at += 1;
                self.number(false)
            }
            Some(b':') => {
                self.at += 1;
                let text = self
                    .take(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
                    .into();
                self.expect(b':', "a : that ends the byte sequence was expected")?;
                Ok(text)
            }
            Some(b'%') => self.display_string(),
            Some(b'*' | b'a'..=b'z' | b'A'..=b'Z') => {
                Ok(self.take(|b| is_tchar(b) || matches!(b, b':' | b'/')).into())
            }
            _ => Err(self.error("a value was expected")),
        }
    }

    /// An Integer or a Decimal, without what has no meaning: leading zeros, trailing zeros, `-0`.
    fn number(&mut self, decimal: bool) -> Result<String, InvalidHeader> {
        let negative = self.accept(b'-');
        let start = self.at;
        let whole = self.take(|b| b.is_ascii_digit());
        let mut most = 15;
        let mut fraction = "";
        if decimal && self.accept(b'.') {
            most = 12;
            let start = self.at;
            fraction = self.take(|b| b.is_ascii_digit());
            if !matches!(fraction.len(), 1..=3) {
                let reason = "1 to 3 digits were expected after the decimal point";
                return Err(InvalidHeader { position: start, reason });
            }
        }
        if whole.is_empty() || whole.len() > most {
            let reason = "a number of at most 15 digits (12 before a decimal point) was expected";
            return Err(InvalidHeader { position: start, reason });
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let mut text = String::new();
        if negative && !(whole.is_empty() && fraction.is_empty()) {
            text.push('-');
        }
        text.push_str(if whole.is_empty() { "0" } else { whole });
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        Ok(text)
    }

    fn string(&mut self) -> Result<String, InvalidHeader> {
        self.at += 1;
        let mut out = String::new();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(byte @ (b'"' | b'\\')) => out.push(byte.into()),
                        _ => return Err(self.error("\" or \\ was expected after a backslash")),
                    }
                }
                Some(byte @ 0x20..0x7f) => out.push(byte.into()),
                _ => return Err(self.error("printable ASCII or a closing quote was expected")),
            }
            self.at += 1;
        }
    }

    fn display_string(&mut self) -> Result<String, InvalidHeader> {
        let start = self.at;
        self.at += 1;
        self.expect(b'"', "a quote was expected after %")?;
        let mut bytes = Vec::new();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    let reason = "UTF-8 was expected in the display string";
                    return String::from_utf8(bytes)
                        .map_err(|_| InvalidHeader { position: start, reason });
                }
                Some(b'%') => {
                    self.at += 1;
                    let mut byte = 0;
                    for _ in 0..2 {
                        let digit = self
                            .peek()
                            .filter(|byte| !byte.is_ascii_uppercase())
                            .and_then(percent::digit);
                        let Some(digit) = digit else {
                            return Err(self.error("two lower-case hex digits were expected after %"));
                        };
                        byte = byte << 4 | digit;
                        self.at += 1;
                    }
                    bytes.push(byte);
                }
                Some(byte @ 0x20..0x7f) => {
                    bytes.push(byte);
                    self.at += 1;
                }
                _ => return Err(self.error("printable ASCII or a closing quote was expected")),
            }
        }
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

/// RFC 9110 section 5.6.2.
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
