//! One cached context: who wants it, how true it is, and what is under way for it.

use alloc::vec::Vec;

use crate::cache::{GC_TIME, Timestamp};
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

/// What a subscriber asks for beside the value, in milliseconds. [`NEVER`] is longer than any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// A value that is younger than this is not fetched again because the page became visible or the
    /// network came back.
    pub stale_time: u32,
    /// The value is fetched again when it is as old as this; 0 for not.
    pub refetch_interval: u32,
    /// How long the entry stays after the last subscriber has left.
    pub gc_time: u32,
}

/// No time at all is as long.
pub const NEVER: u32 = u32::MAX;

impl Default for Options {
    fn default() -> Self {
        Self { stale_time: 0, refetch_interval: 0, gc_time: GC_TIME }
    }
}

/// What is under way for an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    /// Nothing.
    Idle,
    /// A fetch is to begin as soon as there is room and a network for it.
    Queued,
    /// A fetch.
    Fetching,
    /// A fetch has failed and will be tried again.
    Waiting,
}

/// The fetch of an entry that is under way, or was last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fetch {
    pub(crate) id: FetchId,
    /// The entry's generation when the fetch began. An answer of an older generation is never fresh.
    pub(crate) generation: u32,
    /// The cache's epoch when it began.
    pub(crate) epoch: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    /// Where it stands in the index; 0 where it does not, because it was collected.
    pub(crate) link: u32,
    /// Where it was collected, the next place that is free.
    pub(crate) next: u32,
    pub(crate) observers: Vec<Options>,
    /// How many one-time reads wait for a fresh value.
    pub(crate) reads: u32,
    /// Raised by every invalidation that names the key, and by a change of identity.
    pub(crate) generation: u32,
    /// The value came from a fetch that began under the present generation.
    pub(crate) fresh: bool,
    pub(crate) phase: Phase,
    pub(crate) fetch: Fetch,
    /// The fetch that is to begin, or is under way, takes the place of one that was given up. Such a
    /// fetch is left to finish, so that a stream of invalidations cannot keep an entry from ever
    /// showing anything.
    pub(crate) restarted: bool,
    /// How many fetches have failed in a row.
    pub(crate) failures: u32,
    /// When it is its turn to do what its state says: to try again, to be polled, or, where nobody
    /// wants it, to be let go one stage at a time: first what is under way, then itself.
    pub(crate) due: Timestamp,
    /// When the last fetch ended.
    pub(crate) updated: Timestamp,
    pub(crate) gc_time: u32,
    /// The calls that wait for its next answer of the present generation.
    pub(crate) awaited: Vec<CallId>,
    /// The calls whose patches are shown on top of its value, in their order. One that has several for it
    /// stands here as often.
    pub(crate) layers: Vec<CallId>,
    /// The last round of invalidation that touched it, so that two members count once.
    pub(crate) round: u32,
}

impl Entry {
    /// A place that waits for [`Entry::begin`], and the next one that is free.
    pub(crate) const fn new(next: u32) -> Self {
        Self {
            key: Key::none(),
            link: 0,
            next,
            observers: Vec::new(),
            reads: 0,
            generation: 0,
            fresh: false,
            phase: Phase::Idle,
            fetch: Fetch { id: FetchId(0), generation: 0, epoch: 0 },
            restarted: false,
            failures: 0,
            due: Timestamp::MAX,
            updated: 0,
            gc_time: 0,
            awaited: Vec::new(),
            layers: Vec::new(),
            round: 0,
        }
    }

    /// It is the entry of this key from now on. The place is new, or what was there has been collected: then
    /// nobody wants that any more, and nothing is under way for it.
    pub(crate) fn begin(&mut self, key: Key, link: u32) {
        self.key = key;
        self.link = link;
        self.generation = 0;
        self.fresh = false;
        self.failures = 0;
        self.updated = 0;
        self.gc_time = GC_TIME;
    }

    /// It was not collected. One that was is neither wanted nor due, and nothing is said of it.
    pub(crate) fn kept(&self) -> bool {
        self.link > 0
    }

    pub(crate) fn observed(&self) -> bool {
        !self.observers.is_empty()
    }

    pub(crate) fn wanted(&self) -> bool {
        self.observed() || self.reads > 0
    }

    pub(crate) fn state(&self) -> State {
        State { fetching: self.phase != Phase::Idle, stale: !self.fresh }
    }

    /// The shortest of what its observers say; [`NEVER`] where none says anything.
    pub(crate) fn shortest(&self, of: fn(&Options) -> u32) -> u32 {
        self.observers.iter().map(of).fold(NEVER, u32::min)
    }
}
