//! One cached context: who wants it, and how true it is.

use alloc::vec::Vec;

use crate::cache::Timestamp;
use crate::key::Key;
use crate::output::State;

/// An entry of the cache. Handles are small and are given again once an entry has been collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle(pub u32);

/// One fetch of one entry. Never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FetchId(pub u32);

/// One call, numbered by whoever makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallId(pub u32);

#[derive(Clone)]
pub(crate) struct Fetch {
    pub(crate) id: FetchId,
    /// The entry's generation when the fetch began. An answer of an older generation is never fresh.
    pub(crate) generation: u32,
    /// The cache's epoch when it began.
    pub(crate) epoch: u32,
    /// It took the place of one that was given up. Such a fetch is left to finish, so that a stream
    /// of invalidations cannot keep an entry from ever showing anything.
    pub(crate) restarted: bool,
}

#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    /// How many observers are subscribed.
    pub(crate) subscribers: u32,
    /// How many one-time reads wait for a fresh value.
    pub(crate) reads: u32,
    /// Raised by every invalidation that names the key, and by a change of identity.
    pub(crate) generation: u32,
    /// The value came from a fetch that began under the present generation.
    pub(crate) fresh: bool,
    /// The last fetch failed; the next one waits for somebody to ask.
    pub(crate) failed: bool,
    pub(crate) fetch: Option<Fetch>,
    /// When an entry that nobody wants is let go, one stage at a time: first its fetch, then itself.
    pub(crate) release: Option<Timestamp>,
    /// The calls that wait for its next answer of the present generation.
    pub(crate) awaited: Vec<CallId>,
    /// The last round of invalidation that touched it, so that two members count once.
    pub(crate) round: u32,
}

impl Entry {
    pub(crate) fn new(key: Key) -> Self {
        Self {
            key,
            subscribers: 0,
            reads: 0,
            generation: 0,
            fresh: false,
            failed: false,
            fetch: None,
            release: None,
            awaited: Vec::new(),
            round: 0,
        }
    }

    pub(crate) fn wanted(&self) -> bool {
        self.subscribers > 0 || self.reads > 0
    }

    pub(crate) fn state(&self) -> State {
        State { fetching: self.fetch.is_some(), stale: !self.fresh }
    }

    /// The count of its subscribers, or else of its reads.
    pub(crate) fn count(&mut self, subscribers: bool) -> &mut u32 {
        if subscribers { &mut self.subscribers } else { &mut self.reads }
    }
}
