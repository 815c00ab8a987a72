//! Which parts of a body are what they were: equal bytes are one value.
//!
//! A **print** stands for a body and is kept beside the value that was parsed from it. Its numbers are the
//! seed, a hash of all bytes, and for each member of the object a hash of its name, which is odd, and hashes
//! of its values, which are even. The values of an array are its elements; any other member has one.
//!
//! Nothing here reads JSON. Bytes are cut where brackets and strings say so, and a part is a value only
//! because a parser of JSON takes it, or took the same bytes before. Each part being valid by itself, and
//! what lies between them being checked here, the whole is valid and means what its parts mean.

use alloc::vec::Vec;
use core::ops::Range;

/// Most members of a body that is compared in parts. Their names are compared one by one.
const MEMBERS: usize = 256;

/// Longest print of a body that is compared in parts: 1 MiB. What consists of a hundred thousand
/// numbers has little to keep.
const PRINT: usize = 1 << 17;

/// What there is to do for the value of a body.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The body's own print, for the next comparison; empty where the body is the older one. It holds
    /// only if the body can be parsed.
    pub print: Vec<u64>,
    /// How to put the value together; empty where the body has to be parsed as a whole.
    pub plan: Vec<Step>,
    /// For each hash of the older list, one more than the index of the first element that has it, at the
    /// first free place from where the hash says. At least half of the places are free.
    places: Vec<u64>,
}

/// One step of a plan: its kind in 2 bits, its start in 30, its end in 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Step(u64);

/// What a step does. Its range is one of bytes of the body, but for `Copy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The member with the name that these bytes are: its older value, unless steps follow that say
    /// otherwise.
    Member,
    /// Its value is what these bytes say.
    Value,
    /// Its value is a list, which goes on with the element of the older list that has this index.
    Copy,
    /// Its value is a list, which goes on with what these bytes say. Between two such steps there is but
    /// a comma and white space, so that they can be parsed as one.
    Parse,
}

impl Comparison {
    /// Nothing has been compared.
    pub const fn new() -> Self {
        Self { print: Vec::new(), plan: Vec::new(), places: Vec::new() }
    }

    /// Compares a body with the print of an older one, or with a seed alone where there is none.
    ///
    /// A print begins with its seed, which nobody who has a say in bodies must be able to guess.
    pub fn compare(&mut self, old: &[u64], body: &[u8]) {
        self.print.clear();
        self.plan.clear();
        let seed = old.first().copied().unwrap_or_default();
        let whole = hash(seed, body);
        if old.get(1) == Some(&whole) {
            return;
        }
        self.print.push(seed);
        self.print.push(whole);
        let old = old.get(2..).unwrap_or_default();
        let mut parts = Parts { body, at: 0, old, seed, found: self };
        if body.len() >= 1 << 30 || !parts.members() {
            self.print.truncate(2);
            self.plan.clear();
        }
    }

    fn step(&mut self, kind: Kind, start: usize, end: usize) {
        self.plan.push(Step((start << 2 | kind as usize) as u64 | (end as u64) << 32));
    }

    /// Makes the places of an older list.
    fn place_all(&mut self, hashes: &[u64]) {
        self.places.clear();
        for _ in 0..(hashes.len() * 2).next_power_of_two() {
            self.places.push(0);
        }
        for (at, &hash) in (1..).zip(hashes) {
            if let Some(place) = self.place(hashes, hash).filter(|place| **place == 0) {
                *place = at;
            }
        }
    }

    /// The place of this hash, or the free one where it belongs.
    #[expect(clippy::cast_possible_truncation, reason = "any bits of a hash will do")]
    fn place(&mut self, hashes: &[u64], hash: u64) -> Option<&mut u64> {
        let mut at = (hash >> 2) as usize;
        loop {
            at &= self.places.len() - 1;
            let element = *self.places.get(at)? as usize;
            if element == 0 || hashes.get(element - 1) == Some(&hash) {
                return self.places.get_mut(at);
            }
            at += 1;
        }
    }
}

impl Step {
    /// What to do.
    pub fn kind(self) -> Kind {
        match self.0 & 3 {
            0 => Kind::Member,
            1 => Kind::Value,
            2 => Kind::Copy,
            _ => Kind::Parse,
        }
    }

    /// Of which bytes of the body, or which element of the older list.
    #[expect(clippy::cast_possible_truncation, reason = "30 and 32 bits")]
    pub fn range(self) -> Range<usize> {
        (self.0 as u32 >> 2) as usize..(self.0 >> 32) as usize
    }
}

/// A body that is being cut. The byte after its end is 0, as is what is given where a cut is not safe.
struct Parts<'a> {
    body: &'a [u8],
    at: usize,
    /// The members of the older print.
    old: &'a [u64],
    seed: u64,
    found: &'a mut Comparison,
}

impl Parts<'_> {
    /// Cuts the whole body, and says whether that was safe.
    fn members(&mut self) -> bool {
        let mut after = self.next();
        if after != b'{' {
            return false;
        }
        for _ in 0..MEMBERS {
            after = self.member();
            if after != b',' {
                break;
            }
        }
        self.next();
        after == b'}' && self.at > self.body.len()
    }

    /// Cuts one member, and gives what comes after it.
    #[expect(clippy::cast_possible_truncation, reason = "a place is no larger than a list is long")]
    fn member(&mut self) -> u8 {
        if self.next() != b'"' {
            return 0;
        }
        let start = self.at;
        // Any other name may be written in two ways, so that two names are one.
        while matches!(self.byte(), b' ' | b'!' | b'#'..=b'[' | b']'..=b'~') {}
        let end = self.at - 1;
        let name = self.hash(start, end, 1);
        self.at = end;
        let printed = self.found.print.get(2..).unwrap_or_default();
        if !find(printed, name).is_empty() || self.byte() != b'"' || self.next() != b':' {
            return 0;
        }
        self.found.step(Kind::Member, start, end);
        self.found.print.push(name);
        let known = find(self.old, name);
        self.found.place_all(known);
        let steps = self.found.plan.len();
        // An empty list is a value like others.
        let start = self.at;
        let is_list = self.next() == b'[' && self.next() != b']';
        self.at = if is_list { self.at - 1 } else { start };
        let mut kept = true;
        let mut next = 0;
        let mut count = 0;
        let mut after = b',';
        while after == b',' && (is_list || count == 0) {
            // An empty value, or a byte order mark, which decoders drop at the beginning of a text.
            if matches!(self.next(), b',' | b']' | b'}' | 0x80..) || self.found.print.len() > PRINT
            {
                return 0;
            }
            let start = self.at - 1;
            self.at = start;
            after = self.value();
            let end = self.at - 1;
            // An element is never the value of a member that was no array.
            let hash = self.hash(start, end, if is_list { 0 } else { 2 });
            self.found.print.push(hash);
            // The successor of the last one comes first, so that equal elements are found one after
            // another.
            let found = if known.get(next) == Some(&hash) {
                next + 1
            } else {
                self.found.place(known, hash).map_or(0, |place| *place as usize)
            };
            count += 1;
            kept &= found == count;
            if found > 0 {
                next = found;
                self.found.step(Kind::Copy, found - 1, found);
            } else {
                self.found.step(if is_list { Kind::Parse } else { Kind::Value }, start, end);
            }
        }
        if kept && count == known.len() {
            self.found.plan.truncate(steps);
        }
        if is_list {
            after = if after == b']' { self.next() } else { 0 };
        }
        after
    }

    /// Goes to the end of a value, and gives what comes after it.
    fn value(&mut self) -> u8 {
        let mut depth = 0;
        loop {
            match self.byte() {
                b'"' => loop {
                    match self.byte() {
                        b'"' => break,
                        b'\\' => _ = self.byte(),
                        0 => return 0,
                        _ => {}
                    }
                },
                0 => return 0,
                b'[' | b'{' => depth += 1,
                byte @ (b',' | b']' | b'}') if depth == 0 => return byte,
                b']' | b'}' => depth -= 1,
                _ => {}
            }
        }
    }

    /// The next byte that is no white space.
    fn next(&mut self) -> u8 {
        loop {
            match self.byte() {
                b' ' | b'\t' | b'\n' | b'\r' => {}
                byte => return byte,
            }
        }
    }

    #[inline(always)]
    fn byte(&mut self) -> u8 {
        let byte = self.body.get(self.at);
        self.at += 1;
        byte.copied().unwrap_or_default()
    }

    /// The hash of some bytes, with these as its lowest bits.
    fn hash(&self, start: usize, end: usize, bits: u64) -> u64 {
        let bytes = self.body.get(start..end).unwrap_or_default();
        hash(self.seed, bytes) & !3 | bits
    }
}

/// The hashes of a member's values in a print.
fn find(print: &[u64], name: u64) -> &[u64] {
    let mut after = print.iter();
    after.find(|word| **word == name);
    let values = after.as_slice();
    let end = after.position(|word| word % 2 == 1);
    values.get(..end.unwrap_or(values.len())).unwrap_or_default()
}

/// A hash of which nothing can be said without the seed: both factors of each product have a part in it.
fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let (blocks, rest) = bytes.as_chunks();
    // The digits of pi, so that a seed with few bits is as good as others.
    let mut state = seed ^ 0x1319_8a2e_0370_7344;
    for block in blocks {
        state = mix(seed, state, u128::from_le_bytes(*block));
    }
    // One bit more than the bytes have says how many there are.
    mix(seed, state, rest.iter().fold(1, |last, byte| last << 8 | u128::from(*byte)))
}

/// The two halves of a product, one upon the other.
#[expect(clippy::cast_possible_truncation, reason = "halves")]
fn mix(seed: u64, state: u64, block: u128) -> u64 {
    // Turned, so that the factors cannot change places.
    let secret = seed.rotate_left(32) ^ 0x243f_6a88_85a3_08d3;
    let product = u128::from(block as u64 ^ secret) * u128::from((block >> 64) as u64 ^ state);
    product as u64 ^ (product >> 64) as u64
}
