//! What the machine is told.

use alloc::vec::Vec;

use crate::entry::{CallId, FetchId, Handle};
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

/// What a response says that it changed, by both transports.
#[derive(Clone, Debug)]
pub struct Changes<'a> {
    /// The `invalidate` member.
    pub list: Result<Vec<Invalidation>, InvalidList>,
    /// The text of `X-Mizan-Invalidate`, field lines joined by commas; empty where it is missing.
    pub header: &'a str,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// An observer wants the entry to be kept up to date.
    Subscribe(Handle),
    /// That observer has left.
    Unsubscribe(Handle),
    /// Somebody waits for one fresh value: [`Output::Settle`] ends it.
    Read(Handle),
    /// That somebody gave up.
    Unread(Handle),
    /// Somebody asks for a newer value than the present one.
    Refetch(Handle),
    /// A fetch ended: with 200 and a value, or as a failure with its status, 0 where no answer came.
    Fetched(Handle, FetchId, u16, Answer<'a>),
    /// A call is about to be sent.
    Call(CallId),
    /// A call was answered, whatever the status. With `true`, [`Output::Settled`] waits for what the
    /// call invalidated.
    CallAnswered(CallId, bool, Answer<'a>, Changes<'a>),
    /// A call ended without an answer. It may have been carried out.
    CallLost(CallId),
    /// Another request of the page was answered.
    Seen(Changes<'a>),
    /// A cookie of a redirect is there: its nonce, and the header that it carries.
    Cookie(&'a str, Changes<'a>),
    /// Another tab told of an invalidation: the list of [`Output::Invalidated`].
    TabInvalidated(Changes<'a>),
    /// Another tab told of another identity.
    TabIdentity(&'a str),
    /// The page's own code invalidates.
    Invalidate(Changes<'a>),
    /// The page's code was generated from the schema with this hash.
    Schema(&'a str),
    /// The page became visible or the network came back: what is in use may have changed.
    Revalidate,
    /// The page came back from the back/forward cache: anything may have changed.
    Restored,
    /// Time went by.
    Tick,
}
