//! An invalidation: which keys are no longer true (protocol rules I1 to I3).

use alloc::vec::Vec;

use crate::key::{Key, name_of};
use crate::text::{cut, parts, push_part, shown};

/// One member of the list that a server answers with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Invalidation {
    /// `*`: every key of every context.
    All,
    /// Every key of this context that has all of these params. Without params, every key of it.
    Matching(Key),
}

impl Invalidation {
    /// Whether `key` is among those that this names. Params that only the key has do not matter.
    pub fn matches(&self, key: &Key) -> bool {
        match self {
            Self::All => true,
            Self::Matching(pattern) => {
                let (name, pairs) = cut(pattern.bytes(), b'?');
                let (other, others) = cut(key.bytes(), b'?');
                name == other
                    && parts(pairs, b'&').all(|pair| parts(others, b'&').any(|other| other == pair))
            }
        }
    }

    /// Whether both may be about the same: not if they are of two contexts, or have the same param with different
    /// values.
    pub fn overlaps(&self, other: &Self) -> bool {
        overlap(self.bytes(), other.bytes())
    }

    /// `*`, or the text of the key that it names.
    pub fn text(&self) -> &str {
        shown(self.bytes())
    }

    /// The same as bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::All => b"*",
            Self::Matching(key) => key.bytes(),
        }
    }

    /// Writes the texts of several, joined by commas, which no text contains, where there is nothing yet.
    pub fn join(list: &[Self], out: &mut Vec<u8>) {
        for member in list {
            push_part(out, b",", member.bytes());
        }
    }

    /// The whole context of what this names.
    pub(crate) fn widened(&self) -> Self {
        match self {
            Self::All => Self::All,
            Self::Matching(key) => Self::Matching(key.context()),
        }
    }

    /// Adds a member to a list in which each stands once.
    pub(crate) fn add(self, list: &mut Vec<Self>) {
        if !list.iter().any(|other| other.bytes() == self.bytes()) {
            list.push(self);
        }
    }
}

impl From<Key> for Invalidation {
    fn from(key: Key) -> Self {
        Self::Matching(key)
    }
}

/// The same of texts of members.
pub(crate) fn overlap(one: &[u8], other: &[u8]) -> bool {
    let (name, pairs) = cut(one, b'?');
    let (context, others) = cut(other, b'?');
    let fits =
        |pair| parts(others, b'&').all(|other| pair == other || name_of(pair) != name_of(other));
    one == b"*" || other == b"*" || name == context && parts(pairs, b'&').all(fits)
}
