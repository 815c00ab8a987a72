//! How inputs and outputs cross to a host in another language: as numbers and texts. The machine works on
//! them as they are; [`Input`] and [`Output`] are what they mean, for hosts in Rust.
//!
//! An input is its kind, up to four numbers, and texts:
//!
//! | kind | numbers | texts |
//! |---|---|---|
//! | 0 subscribe, 1 unsubscribe | entry, stale time, refetch interval, gc time | |
//! | 2 read, 3 unread, 4 refetch | entry | |
//! | 5 fetched | entry, fetch, status, retry after | identity, schema |
//! | 6 call | call, awaits | scope, list of its patches |
//! | 7 call answered | call, ok | identity, schema, header, list |
//! | 8 call lost | call | |
//! | 9 seen | | header |
//! | 10 cookie | | nonce, header |
//! | 11 invalidated by a tab | | id, list |
//! | 12 identity of a tab | | identity |
//! | 13 invalidate | | list |
//! | 14 configure | seed, retries, concurrency | identity, schema |
//! | 15 visible, 16 online | whether | |
//! | 17 restored, 18 tick | | |
//! | 19 hydrated | entry | identity, schema |
//!
//! An output is three numbers:
//!
//! | what | of which | detail |
//! |---|---|---|
//! | 0 fetch, 1 abort | entry | fetch |
//! | 2 publish | entry | value + 4 · error + 16 · fetching + 32 · stale (keep 0, take 1, clear 2) |
//! | 3 settle | entry | 1 with a value, 0 with an error |
//! | 4 collect | entry | |
//! | 5 call settled | call | |
//! | 6 invalidated | source + 8 · share | |
//! | 7 share who is logged in | | |
//! | 8 identity changed, outdated | 1, 0 | |
//! | 9 malformed | 1 header, 0 list | position |
//! | 10 timer, which the host adds | 1 set, 0 clear | milliseconds from now |
//! | 11 send a call | call | |
//! | 12 unpatch | entry | call |
//! | 16 + place of the patch: patch | entry | call |

#![expect(missing_docs, reason = "the table says what each kind is")]

use alloc::vec::Vec;

use crate::entry::{CallId, FetchId, Handle};
use crate::input::{Answer, Changes, Input, Settings};
use crate::invalidation::Invalidation;
use crate::line::Line;
use crate::output::{Output, Source, State, Update};

pub const SUBSCRIBE: u32 = 0;
pub const UNSUBSCRIBE: u32 = 1;
pub const READ: u32 = 2;
pub const UNREAD: u32 = 3;
pub const REFETCH: u32 = 4;
pub const FETCHED: u32 = 5;
pub const CALL: u32 = 6;
pub const CALL_ANSWERED: u32 = 7;
pub const CALL_LOST: u32 = 8;
pub const SEEN: u32 = 9;
pub const COOKIE: u32 = 10;
pub const TAB_INVALIDATED: u32 = 11;
pub const TAB_IDENTITY: u32 = 12;
pub const INVALIDATE: u32 = 13;
pub const CONFIGURE: u32 = 14;
pub const VISIBLE: u32 = 15;
pub const ONLINE: u32 = 16;
pub const RESTORED: u32 = 17;
pub const TICK: u32 = 18;
pub const HYDRATED: u32 = 19;

/// An input as it crosses. Its list is read where it is needed, by `L`.
#[derive(Debug)]
pub struct Told<'a, L> {
    /// What happened.
    pub kind: u32,
    /// Its numbers; those that it has not are not looked at.
    pub numbers: [u32; 4],
    pub answer: Said<'a>,
    pub header: &'a [u8],
    pub list: L,
}

/// What an answer says, as it crosses.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// In its place, the nonce, the id or the scope.
    pub identity: &'a [u8],
    pub schema: &'a [u8],
}

/// Reads a list of invalidations, as `spec::read` does.
pub trait List: FnOnce() -> Result<Vec<Invalidation>, usize> {}

impl<F: FnOnce() -> Result<Vec<Invalidation>, usize>> List for F {}

/// An output as it crosses.
pub type Words = [u32; 3];

impl<'a> Input<'a> {
    /// The input as it crosses.
    pub(crate) fn told(self) -> Told<'a, impl List> {
        let (mut numbers, mut answer) = ([0; 4], Answer::default());
        let mut changes = Changes { list: Ok(Vec::new()), header: "" };
        let kind = match self {
            Self::Subscribe(Handle(entry), options) | Self::Unsubscribe(Handle(entry), options) => {
                numbers = [entry, options.stale_time, options.refetch_interval, options.gc_time];
                if matches!(self, Self::Subscribe(..)) { SUBSCRIBE } else { UNSUBSCRIBE }
            }
            Self::Read(Handle(entry)) => {
                numbers[0] = entry;
                READ
            }
            Self::Unread(Handle(entry)) => {
                numbers[0] = entry;
                UNREAD
            }
            Self::Refetch(Handle(entry)) => {
                numbers[0] = entry;
                REFETCH
            }
            Self::Fetched(Handle(entry), FetchId(fetch), outcome, said) => {
                numbers = [entry, fetch, outcome.status.into(), outcome.retry_after];
                answer = said;
                FETCHED
            }
            Self::Hydrated(Handle(entry), said) => {
                numbers[0] = entry;
                answer = said;
                HYDRATED
            }
            Self::Call(CallId(call), awaits, scope, patches) => {
                numbers = [call, awaits.into(), 0, 0];
                answer.identity = scope;
                changes.list = Ok(patches);
                CALL
            }
            Self::CallAnswered(CallId(call), ok, said, changed) => {
                numbers = [call, ok.into(), 0, 0];
                answer = said;
                changes = changed;
                CALL_ANSWERED
            }
            Self::CallLost(CallId(call)) => {
                numbers[0] = call;
                CALL_LOST
            }
            Self::Seen(seen, changed) => {
                answer.identity = id(seen);
                changes = changed;
                SEEN
            }
            Self::Cookie(nonce, changed) => {
                answer.identity = id(nonce);
                changes = changed;
                COOKIE
            }
            Self::TabInvalidated(message, changed) => {
                answer.identity = id(message);
                changes = changed;
                TAB_INVALIDATED
            }
            Self::TabIdentity(identity) => {
                answer.identity = identity;
                TAB_IDENTITY
            }
            Self::Invalidate(changed) => {
                changes = changed;
                INVALIDATE
            }
            Self::Configure(Settings { identity, schema, seed, retries, concurrency }) => {
                numbers = [seed, retries, concurrency, 0];
                answer = Answer { identity, schema };
                CONFIGURE
            }
            Self::Visible(visible) => {
                numbers[0] = visible.into();
                VISIBLE
            }
            Self::Online(online) => {
                numbers[0] = online.into();
                ONLINE
            }
            Self::Restored => RESTORED,
            Self::Tick => TICK,
        };
        let Changes { list, header } = changes;
        let Answer { identity, schema } = answer;
        let answer = Said { identity: identity.as_bytes(), schema: schema.as_bytes() };
        Told {
            kind,
            numbers,
            answer,
            header: header.as_bytes(),
            list: || list.map_err(|error| error.position),
        }
    }
}

/// What a cookie or a message is known by. No id has line feeds, which keep ids apart; one that has is none,
/// and what has none is applied each time.
fn id(text: &str) -> &str {
    if text.contains('\n') { "" } else { text }
}

impl Output {
    /// Inlined, it is no more than three numbers wherever one is said.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "no text is longer than 2^32 bytes")]
    fn words(self) -> Words {
        match self {
            Self::Fetch { entry, fetch } => [0, entry.0, fetch.0],
            Self::Abort { entry, fetch } => [1, entry.0, fetch.0],
            Self::Publish { entry, value, error, state } => {
                let flags = value as u32
                    | (error as u32) << 2
                    | u32::from(state.fetching) << 4
                    | u32::from(state.stale) << 5;
                [2, entry.0, flags]
            }
            Self::Settle { entry, ok } => [3, entry.0, ok.into()],
            Self::Collect { entry } => [4, entry.0, 0],
            Self::Settled { call } => [5, call.0, 0],
            Self::Invalidated { source, share } => [6, source as u32 | u32::from(share) << 3, 0],
            Self::Share => [7, 0, 0],
            Self::Identity => [8, 1, 0],
            Self::Outdated => [8, 0, 0],
            Self::Malformed { header, position } => [9, header.into(), position as u32],
            Self::Send { call } => [11, call.0, 0],
            Self::Unpatch { entry, call } => [12, entry.0, call.0],
            Self::Patch { entry, call, patch } => [16 + patch, entry.0, call.0],
        }
    }
}

impl Line<Words> {
    #[inline(always)]
    pub(crate) fn say(&mut self, output: Output) {
        let [what, number, detail] = output.words();
        add(&mut self.items, what, number, detail);
    }
}

/// Adds an output.
#[inline(never)]
pub fn add(outputs: &mut Vec<Words>, what: u32, number: u32, detail: u32) {
    outputs.push([what, number, detail]);
}

impl From<Words> for Output {
    fn from([what, number, detail]: Words) -> Self {
        let (entry, call) = (Handle(number), CallId(number));
        match what {
            0 => Self::Fetch { entry, fetch: FetchId(detail) },
            1 => Self::Abort { entry, fetch: FetchId(detail) },
            2 => {
                let update = |bits| match bits & 3 {
                    0 => Update::Keep,
                    1 => Update::Take,
                    _ => Update::Clear,
                };
                let state = State { fetching: detail & 16 > 0, stale: detail & 32 > 0 };
                Self::Publish { entry, value: update(detail), error: update(detail >> 2), state }
            }
            3 => Self::Settle { entry, ok: detail > 0 },
            4 => Self::Collect { entry },
            5 => Self::Settled { call },
            6 => {
                let source = match number & 7 {
                    0 => Source::Call,
                    1 => Source::Header,
                    2 => Source::Cookie,
                    3 => Source::Tab,
                    4 => Source::Local,
                    _ => Source::Unknown,
                };
                Self::Invalidated { source, share: number & 8 > 0 }
            }
            7 => Self::Share,
            8 if number > 0 => Self::Identity,
            8 => Self::Outdated,
            9 => Self::Malformed { header: number > 0, position: detail as usize },
            11 => Self::Send { call },
            12 => Self::Unpatch { entry, call: CallId(detail) },
            _ => Self::Patch { entry, call: CallId(detail), patch: what.wrapping_sub(16) },
        }
    }
}
