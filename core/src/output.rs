//! What the machine wants done.

use crate::entry::{CallId, FetchId, Handle};
use crate::wire;

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields say what their types say")]
pub enum Output {
    /// Begin to fetch the entry's context.
    Fetch { entry: Handle, fetch: FetchId },
    /// Give up that fetch. Its answer will not be looked at.
    Abort { entry: Handle, fetch: FetchId },
    /// Show observers the entry as it is now.
    Publish { entry: Handle, value: Update, error: Update, state: State },
    /// End the reads that wait: with the value, or with the error.
    Settle { entry: Handle, ok: bool },
    /// Forget the entry. Its handle may be given again.
    Collect { entry: Handle },
    /// Send a call.
    Send { call: CallId },
    /// End a call.
    Settled { call: CallId },
    /// From now on show the entry with this patch of the call on top of the others: its place in the list
    /// that came with the call.
    Patch { entry: Handle, call: CallId, patch: u32 },
    /// Show the entry without any patch of the call.
    Unpatch { entry: Handle, call: CallId },
    /// Contexts were invalidated, [`Cache::invalidated`](crate::Cache::invalidated) says which: tell
    /// those who watch and, with `share`, the other tabs. They see cookies themselves.
    Invalidated { source: Source, share: bool },
    /// Tell the other tabs who is logged in: the [identity](crate::Input::identity) of the input just handled.
    Share,
    /// Somebody else is logged in, and everything was dropped: tell those who watch.
    Identity,
    /// Tell those who watch, once: the page's code was generated from another schema.
    Outdated,
    /// Tell those who watch: the header, or else the list, could not be read at that position, and so
    /// everything was invalidated.
    Malformed { header: bool, position: usize },
}

/// Where an invalidation came from, for those who watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The answer of a call: its `invalidate` member, its header, or both. Or that none came.
    Call,
    /// The header of a response to a request that the page made by itself.
    Header,
    /// A cookie that was set on a redirect.
    Cookie,
    /// Another tab.
    Tab,
    /// The page's own code.
    Local,
    /// Nothing said so: the page was brought back from the back/forward cache.
    Unknown,
}

impl Source {
    /// Where an input of this kind heard of it (see `wire`).
    pub(crate) fn of(kind: u32) -> Self {
        match kind {
            wire::SEEN => Self::Header,
            wire::COOKIE => Self::Cookie,
            wire::TAB_INVALIDATED => Self::Tab,
            _ => Self::Local,
        }
    }
}

/// What becomes of the value, or of the error, that observers of an entry see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// It stays.
    Keep,
    /// It is replaced by the one that came with the input just handled.
    Take,
    /// It goes away.
    Clear,
}

/// What observers see of an entry beside its value and its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// A fetch is under way, or will be as soon as there is room, a network, or time for another
    /// attempt.
    pub fetching: bool,
    /// The value, if there is one, may be older than what the server has.
    pub stale: bool,
}
