//! An invalidation: which keys are no longer true (protocol rules I1 to I3).

use alloc::string::String;
use alloc::vec::Vec;

use crate::key::Key;

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
                pattern.name() == key.name()
                    && pattern.params().iter().all(|pair| key.params().contains(pair))
            }
        }
    }

    /// `*`, or the text of the key that it names.
    pub fn text(&self) -> String {
        match self {
            Self::All => "*".into(),
            Self::Matching(key) => key.text(),
        }
    }

    /// The union of two transports: each member once, in the order of their first mention.
    pub(crate) fn union(mut list: Vec<Self>, more: Vec<Self>) -> Vec<Self> {
        for member in more {
            if !list.contains(&member) {
                list.push(member);
            }
        }
        list
    }
}

impl From<Key> for Invalidation {
    fn from(key: Key) -> Self {
        Self::Matching(key)
    }
}
