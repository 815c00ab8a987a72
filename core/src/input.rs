//! What the machine is told.

use alloc::vec::Vec;

use crate::entry::{CallId, FetchId, Handle, Options};
use crate::error::InvalidList;
use crate::invalidation::Invalidation;

/// What every response of the server may say beside its body; empty where a header is missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer<'a> {
    /// `X-Mizan-Identity`.
    pub identity: &'a str,
    /// `X-Mizan-Schema`.
    pub schema: &'a str,
}

/// How a fetch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// 200 with a value; else the status of the failure: 0 where no answer came, 1 where it cannot be
    /// read.
    pub status: u16,
    /// How long the server asks to wait before the next attempt (`Retry-After`), in milliseconds.
    pub retry_after: u32,
}

/// What a response says that it changed, by both transports.
#[derive(Clone, Debug)]
pub struct Changes<'a> {
    /// The `invalidate` member.
    pub list: Result<Vec<Invalidation>, InvalidList>,
    /// The text of `X-Mizan-Invalidate`, field lines joined by commas; empty where it is missing.
    pub header: &'a str,
}

/// What holds for the whole page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings<'a> {
    /// Whose values the page has, if the machine does not know; empty where nobody does.
    pub identity: &'a str,
    /// The hash of the schema that the page's code was generated from; empty where there is none.
    pub schema: &'a str,
    /// Where the machine's random numbers begin: another number in each page.
    pub seed: u32,
    /// How often a fetch that failed for the time being is tried again.
    pub retries: u32,
    /// How many fetches may be under way at a time.
    pub concurrency: u32,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// The page's settings are these from now on.
    Configure(Settings<'a>),
    /// An observer wants the entry to be kept up to date.
    Subscribe(Handle, Options),
    /// An observer that had asked for this has left.
    Unsubscribe(Handle, Options),
    /// Somebody waits for one fresh value: [`Output::Settle`] ends it.
    Read(Handle),
    /// That somebody gave up.
    Unread(Handle),
    /// Somebody asks for a newer value than the present one.
    Refetch(Handle),
    /// A fetch ended.
    Fetched(Handle, FetchId, Outcome, Answer<'a>),
    /// The page came with a value of the entry.
    Hydrated(Handle, Answer<'a>),
    /// Somebody wants to call: [`Output::Send`] says when. Calls of one scope follow each other, those of
    /// the empty one do not wait. With `true`, [`Output::Settled`] waits for what the call
    /// invalidates. The call has patches for the entries that the list names.
    Call(CallId, bool, &'a str, Vec<Invalidation>),
    /// A call was answered; `true` says with success.
    CallAnswered(CallId, bool, Answer<'a>, Changes<'a>),
    /// A call ended without an answer. If it was sent, it may have been carried out.
    CallLost(CallId),
    /// Another request of the page was answered: the id by which whoever sees that answer knows it, empty where
    /// it has none.
    Seen(&'a str, Changes<'a>),
    /// A cookie of a redirect is there: its nonce, and the header that it carries.
    Cookie(&'a str, Changes<'a>),
    /// Another tab told of an invalidation: its id, which is the nonce if it came by a cookie, and the
    /// list of [`Output::Invalidated`].
    TabInvalidated(&'a str, Changes<'a>),
    /// Another tab told of another identity.
    TabIdentity(&'a str),
    /// The page's own code invalidates.
    Invalidate(Changes<'a>),
    /// The page is visible from now on, or hidden.
    Visible(bool),
    /// There is a network from now on, or none.
    Online(bool),
    /// The page came back from the back/forward cache: anything may have changed.
    Restored,
    /// Time went by.
    Tick,
}

impl<'a> Input<'a> {
    /// Who it says is logged in; empty where it does not.
    pub fn identity(&self) -> &'a str {
        match self {
            Self::Fetched(.., answer)
            | Self::Hydrated(_, answer)
            | Self::CallAnswered(_, _, answer, _) => answer.identity,
            _ => "",
        }
    }
}
