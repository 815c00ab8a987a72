//! Cutting and writing texts at ASCII bytes. What the standard library has for this finds any
//! character in any text and formats anything, which costs a page kilobytes. All that is done with texts in
//! here is done with their bytes: nobody asks at each cut whether it parts a character.

use alloc::vec::Vec;
use core::str;

/// The text before the first `byte`, and the text after it.
pub fn cut(text: &[u8], byte: u8) -> (&[u8], &[u8]) {
    let at = text.iter().position(|other| *other == byte).unwrap_or(text.len());
    let (head, tail) = text.split_at_checked(at).unwrap_or_default();
    (head, tail.get(1..).unwrap_or_default())
}

/// The parts between the `byte`s; none after the last one.
pub(crate) fn parts(text: &[u8], byte: u8) -> Parts<'_> {
    Parts { rest: text, byte }
}

/// See [`parts`].
pub(crate) struct Parts<'a> {
    rest: &'a [u8],
    byte: u8,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (part, rest) = cut(self.rest, self.byte);
        let more = !self.rest.is_empty();
        self.rest = rest;
        more.then_some(part)
    }
}

/// Ranges of bytes, each from its first to its last. Tests of their own for each class are longer.
pub(crate) type Class = [[u8; 2]];

/// Whether `byte` is in one of the ranges.
pub(crate) fn is(byte: u8, class: &Class) -> bool {
    class.iter().any(|[first, last]| (*first..=*last).contains(&byte))
}

/// A copy of `text`, which grows as every other text does: `to_vec` has a way of its own.
pub(crate) fn owned(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    push(&mut out, text);
    out
}

/// A text as hosts in Rust have it. Those that come in are UTF-8, and are cut at ASCII only.
pub(crate) fn shown(text: &[u8]) -> &str {
    str::from_utf8(text).unwrap_or_default()
}

/// Makes a text the same as another one.
pub(crate) fn set(text: &mut Vec<u8>, other: &[u8]) {
    text.clear();
    push(text, other);
}

/// Empties a list of bytes and makes room for so many. Each crate has ways to grow of its own: those of this
/// one are there already.
pub fn clear(bytes: &mut Vec<u8>, room: usize) {
    bytes.clear();
    bytes.reserve(room);
}

/// Appends `text`. Inlined at its many uses, it costs a page 100 bytes.
#[inline(never)]
pub fn push(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(text);
}

/// Appends `text`, after `separator` unless it is the first.
pub(crate) fn push_part(out: &mut Vec<u8>, separator: &[u8], text: &[u8]) {
    if !out.is_empty() {
        push(out, separator);
    }
    push(out, text);
}

/// Appends `text`, after `separator` unless it is the first, if it is not there yet. Whether it was not.
pub(crate) fn add_part(out: &mut Vec<u8>, separator: u8, text: &[u8]) -> bool {
    let new = !parts(out, separator).any(|other| other == text);
    if new {
        push_part(out, &[separator], text);
    }
    new
}

/// Appends a byte. `Vec::push` brings a way of its own to grow.
pub(crate) fn push_byte(out: &mut Vec<u8>, byte: u8) {
    push(out, &[byte]);
}

/// Appends `byte` as two hex digits; `ten` is the letter for 10, of the case that is wanted.
pub(crate) fn push_hex(out: &mut Vec<u8>, byte: u8, ten: u8) {
    for digit in [byte >> 4, byte & 15] {
        push_byte(out, if digit < 10 { b'0' + digit } else { ten + digit - 10 });
    }
}

/// Appends a number in decimal digits.
#[expect(clippy::cast_possible_truncation, reason = "a digit fits")]
pub(crate) fn push_number(out: &mut Vec<u8>, number: usize) {
    if number > 9 {
        push_number(out, number / 10);
    }
    push_byte(out, b'0' + (number % 10) as u8);
}

/// Whether the bytes are UTF-8.
pub(crate) fn is_utf8(bytes: &[u8]) -> bool {
    let mut utf8 = Utf8::default();
    bytes.iter().for_each(|byte| utf8.push(*byte));
    utf8.is_whole()
}

/// Looks whether bytes are UTF-8 (RFC 3629 section 3). The standard library's check is tuned for speed
/// and is four times as large.
#[derive(Default)]
pub(crate) struct Utf8 {
    /// The character that is being read, how long it is, and how many of its bytes are to come.
    code: u32,
    length: u32,
    tails: u32,
    broken: bool,
}

impl Utf8 {
    pub(crate) fn push(&mut self, byte: u8) {
        let ones = byte.leading_ones();
        let bits = u32::from(byte);
        if self.tails > 0 {
            self.tails -= 1;
            self.code = self.code << 6 | bits & 0x3f;
            self.broken |= ones != 1;
        } else {
            self.length = ones.max(1);
            self.tails = self.length - 1;
            self.code = bits & 0x7f >> ones;
            self.broken |= ones == 1 || ones > 4;
        }
        // No surrogate, none beyond the last character, and none that is written longer than it is.
        let length = char::from_u32(self.code).map_or(0, char::len_utf8);
        self.broken |= self.tails == 0 && length != self.length as usize;
    }

    /// Whether what was read is UTF-8 so far, and ends with a character.
    pub(crate) fn is_whole(&self) -> bool {
        !self.broken && self.tails == 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    extern crate std;

    proptest! {
        #[test]
        fn is_utf8_agrees_with_the_standard_library(
            bytes in prop::collection::vec(
                prop_oneof![any::<u8>(), 0x7fu8..0xc3, 0xdfu8..=0xff, Just(0xa0), Just(0x90)], 0..8
            )
        ) {
            prop_assert_eq!(is_utf8(&bytes), str::from_utf8(&bytes).is_ok());
        }

        #[test]
        fn numbers_print_as_usual(number: usize) {
            let mut text = Vec::new();
            push_number(&mut text, number);
            prop_assert_eq!(shown(&text), std::format!("{number}"));
        }
    }

    #[test]
    fn is_utf8_agrees_with_the_standard_library_on_every_start_of_three_bytes() {
        for first in 0x7f..=0xff {
            for second in 0x7f..=0xc1 {
                for rest in [&[][..], &[0x80], &[0xbf, 0x80], &[0xc0]] {
                    let bytes = [&[first, second], rest].concat();
                    assert_eq!(is_utf8(&bytes), str::from_utf8(&bytes).is_ok(), "{bytes:x?}");
                }
            }
        }
    }
}
