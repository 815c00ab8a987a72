//! Reads lists of invalidations: the field (`header`), and what our own JavaScript says (`spec`).

use alloc::vec::Vec;

use crate::error::Reason;
use crate::invalidation::Invalidation;
use crate::key::{self, Key};
use crate::name::{is_name, is_param};
use crate::percent;
use crate::text::{self, Class, Utf8, is, owned};
use crate::value::check_number;

const SPACES: &Class = &[*b"  "];
const BLANKS: &Class = &[*b"  ", *b"\t\t"];
const DIGITS: &Class = &[*b"09"];
/// What a key is made of (RFC 9651 section 3.1.2).
const KEY: &Class = &[*b"az", *b"__", *b"09", *b"-.", *b"**"];
/// What a Token is made of (RFC 9651 section 3.3.4).
const TOKEN: &Class = &[*b"^z", *b"AZ", *b"-:", *b"!!", *b"#'", *b"*+", *b"||", *b"~~"];
const BASE64: &Class = &[*b"az", *b"AZ", *b"/9", *b"++", *b"=="];
/// What JavaScript writes finite numbers with.
const NUMBER: &Class = &[*b"09", *b"-.", *b"++", *b"ee"];
/// What `encodeURIComponent` gives.
const ENCODED: &Class = &[*b"az", *b"__", *b"09", *b"AZ", *b"!!", *b"%%", *b"'*", *b"-.", *b"~~"];

/// Reads from left to right. Once something does not fit there is nothing more to read: what is made of
/// that is nobody's, and each step need not ask.
pub(crate) struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    /// The text is one of ours.
    own: bool,
    /// The name that was read last. If it is a param's, its value follows, and both stand as in a key.
    pub(crate) pair: Vec<u8>,
    /// What is wrong if something is wrong here.
    pub(crate) reason: Reason,
    /// Where it went wrong: the index of the first byte that does not fit.
    wrong: Option<usize>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a [u8], own: bool) -> Self {
        let pair = Vec::new();
        Self { text, at: 0, own, pair, reason: Reason::Name, wrong: None }
    }

    /// The members of a list, each once but for our own texts. Fails with where it went wrong: in our own
    /// texts, in which member.
    #[inline(never)]
    pub(crate) fn list(text: &'a [u8], own: bool) -> Result<Vec<Invalidation>, usize> {
        let mut list = Vec::new();
        Self::each(text, own, |member| {
            if own {
                list.push(member);
            } else {
                member.add(&mut list);
            }
        })
        .map_or(Ok(list), Err)
    }

    /// Gives each of the members before the first one that is wrong, and where it went wrong.
    #[inline(always)]
    pub(crate) fn each(
        text: &'a [u8],
        own: bool,
        mut give: impl FnMut(Invalidation),
    ) -> Option<usize> {
        let mut parser = Self::new(text, own);
        let mut count = 0;
        parser.skip(SPACES);
        let mut more = !parser.ended();
        while more {
            let member = parser.member();
            parser.skip(BLANKS);
            more = !parser.ended();
            if more {
                parser.expect(b',');
                parser.skip(BLANKS);
            }
            if let Some(position) = parser.wrong {
                return Some(if own { count } else { position });
            }
            give(member);
            count += 1;
        }
        None
    }

    pub(crate) fn member(&mut self) -> Invalidation {
        self.reason = Reason::Name;
        let start = self.at;
        self.pair.clear();
        let name = self.run(TOKEN);
        let all = name == b"*";
        if !all && !is_name(name) {
            self.fail(start);
        }
        let mut pairs = Vec::new();
        // In our own texts, all is all.
        while !(all && self.own) && self.eat(b';') {
            self.skip(SPACES);
            self.reason = Reason::Param;
            let start = self.at;
            self.pair.clear();
            let param = self.run(if self.own { ENCODED } else { KEY });
            if !is_param(param) {
                self.fail(start);
            }
            self.push(param);
            self.push(b"=");
            if self.eat(b'=') {
                self.value();
            } else {
                self.push(b"true");
            }
            // The last value of a name counts (RFC 9651 section 4.2.3.2).
            key::add(&mut pairs, &self.pair);
        }
        if all { Invalidation::All } else { Key::of(owned(name), &pairs).into() }
    }

    /// A bare item of any type as canonical text (RFC 9651 section 4.2.3.1).
    fn value(&mut self) {
        self.reason = Reason::Other;
        let start = self.at;
        let first = self.peek();
        self.at += 1;
        match first {
            b'@' => self.number(false),
            b'"' => self.quoted(start, b'\\'),
            b'%' => {
                self.expect(b'"');
                self.quoted(start, b'%');
            }
            b'?' => {
                let yes = self.eat(b'1');
                if !yes {
                    self.expect(b'0');
                }
                self.push(if yes { b"true" } else { b"false" });
            }
            b':' => {
                let bytes = self.run(BASE64);
                percent::encode(&mut self.pair, bytes);
                self.expect(b':');
            }
            b'#' if self.own => {
                let number = self.run(NUMBER);
                self.push(number);
                if let Err(reason) = check_number(number) {
                    self.reason = reason;
                    self.fail(start);
                }
            }
            b'-' | b'0'..=b'9' => {
                self.at = start;
                self.number(true);
            }
            b'*' | b'a'..=b'z' | b'A'..=b'Z' => {
                self.at = start;
                let token = self.run(TOKEN);
                percent::encode(&mut self.pair, token);
            }
            _ => self.fail(start),
        }
    }

    /// An Integer or a Decimal, without what has no meaning: leading zeros, trailing zeros, `-0`.
    fn number(&mut self, decimal: bool) {
        if self.eat(b'-') {
            self.push(b"-");
        }
        let start = self.at;
        self.skip(&[*b"00"]);
        let digits = self.run(DIGITS);
        self.push(if digits.is_empty() { b"0" } else { digits });
        let whole = self.at - start;
        let mut most = 15;
        if decimal && whole > 0 && self.eat(b'.') {
            most = 12;
            let start = self.at;
            let digits = self.run(DIGITS);
            self.push(b".");
            self.push(digits);
            if !matches!(digits.len(), 1..=3) {
                self.fail(start);
            }
            while strip(&mut self.pair, b"0") {}
            strip(&mut self.pair, b".");
        }
        if !(1..=most).contains(&whole) {
            self.fail(start);
        }
        if strip(&mut self.pair, b"-0") {
            self.push(b"0");
        }
    }

    /// The rest of a String, in which `escape` is a backslash, or of a Display String, which began at
    /// `start`.
    fn quoted(&mut self, start: usize, escape: u8) {
        let mut utf8 = Utf8::default();
        loop {
            let mut byte = self.peek();
            if !is_printable(&byte) {
                return self.fail(self.at);
            }
            self.at += 1;
            if byte == b'"' {
                break;
            }
            if byte == escape {
                byte = if escape == b'%' {
                    self.hex() << 4 | self.hex()
                } else {
                    let escaped = self.peek();
                    self.check(matches!(escaped, b'"' | b'\\'));
                    self.at += 1;
                    escaped
                };
            }
            utf8.push(byte);
            percent::push(&mut self.pair, byte);
        }
        if !utf8.is_whole() {
            self.fail(start);
        }
    }

    /// A hex digit: a lower-case one, in our own texts an upper-case one.
    fn hex(&mut self) -> u8 {
        let ten = if self.own { b'A' } else { b'a' };
        let byte = self.peek();
        let letter = byte.wrapping_sub(ten);
        self.check(byte.is_ascii_digit() || letter < 6);
        self.at += 1;
        if letter < 6 { letter + 10 } else { byte.wrapping_sub(b'0') }
    }

    /// The next byte; 0, which fits nowhere, where there is none.
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or_default()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) {
        let found = self.eat(byte);
        self.check(found);
    }

    fn skip(&mut self, class: &Class) {
        while is(self.peek(), class) {
            self.at += 1;
        }
    }

    /// Takes the longest run of bytes in `class`.
    #[inline(never)]
    fn run(&mut self, class: &Class) -> &'a [u8] {
        let start = self.at;
        self.skip(class);
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn push(&mut self, text: &[u8]) {
        text::push(&mut self.pair, text);
    }

    /// Whether all of it was read, and nothing was wrong.
    pub(crate) fn is_done(&self) -> bool {
        self.wrong.is_none() && self.ended()
    }

    fn ended(&self) -> bool {
        self.at >= self.text.len()
    }

    fn check(&mut self, fits: bool) {
        if !fits {
            self.fail(self.at);
        }
    }

    #[inline(never)]
    fn fail(&mut self, at: usize) {
        if self.wrong.is_none() {
            self.wrong = Some(at);
            self.text = &[];
        }
    }
}

/// Takes an end off a text, if it has that.
fn strip(text: &mut Vec<u8>, end: &[u8]) -> bool {
    let found = text.ends_with(end);
    if found {
        text.truncate(text.len() - end.len());
    }
    found
}

pub(crate) fn is_printable(byte: &u8) -> bool {
    (0x20..0x7f).contains(byte)
}
