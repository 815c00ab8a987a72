//! Timed traces of the machines, as tests/vectors/README.md specifies them: here for `cache.json`.

pub mod fragments;
mod layout;
mod player;

use serde::{Deserialize, Serialize};

/// A sentence of behaviour, and what happens in it.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case<I = Input, O = Output> {
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub steps: Vec<Step<I, O>>,
}

/// Something that happens, when, and all that comes of it.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Step<I = Input, O = Output> {
    pub at: u64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub open: Vec<String>,
    pub input: I,
    pub outputs: Vec<O>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    Configure {
        #[serde(default, skip_serializing_if = "is_default")]
        identity: String,
        #[serde(default, skip_serializing_if = "is_default")]
        schema: String,
        seed: u32,
        retries: u32,
        concurrency: u32,
    },
    Subscribe(Observer),
    Unsubscribe(Observer),
    Read(Entry),
    Unread(Entry),
    Refetch(Entry),
    Fetched {
        entry: String,
        fetch: usize,
        status: u16,
        #[serde(default, skip_serializing_if = "is_default")]
        retry_after: u32,
        #[serde(default, skip_serializing_if = "is_default")]
        identity: String,
        #[serde(default, skip_serializing_if = "is_default")]
        schema: String,
    },
    Hydrated {
        entry: String,
        #[serde(default, skip_serializing_if = "is_default")]
        identity: String,
        #[serde(default, skip_serializing_if = "is_default")]
        schema: String,
    },
    Call {
        call: u32,
        #[serde(default, skip_serializing_if = "is_default")]
        awaits: bool,
        #[serde(default, skip_serializing_if = "is_default")]
        scope: String,
        #[serde(default, skip_serializing_if = "is_default")]
        patches: Vec<String>,
    },
    CallAnswered {
        call: u32,
        ok: bool,
        #[serde(default, skip_serializing_if = "is_default")]
        identity: String,
        #[serde(default, skip_serializing_if = "is_default")]
        schema: String,
        #[serde(default, skip_serializing_if = "is_default")]
        list: Vec<String>,
        #[serde(default, skip_serializing_if = "is_default")]
        header: String,
    },
    CallLost {
        call: u32,
    },
    Seen {
        #[serde(default, skip_serializing_if = "is_default")]
        id: String,
        header: String,
    },
    Cookie {
        nonce: String,
        header: String,
    },
    TabInvalidated {
        id: String,
        list: Vec<String>,
    },
    TabIdentity {
        identity: String,
    },
    Invalidate {
        list: Vec<String>,
    },
    Visible(bool),
    Online(bool),
    Restored,
    Tick,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub entry: String,
}

/// An observer with its options. A time without an end is `null`.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Observer {
    pub entry: String,
    #[serde(default = "no_time", skip_serializing_if = "is_no_time")]
    pub stale_time: Option<u32>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub refetch_interval: u32,
    #[serde(default = "gc_time", skip_serializing_if = "is_gc_time")]
    pub gc_time: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Output {
    Fetch { entry: String, fetch: usize },
    Abort { entry: String, fetch: usize },
    Publish { entry: String, value: Update, error: Update, fetching: bool, stale: bool },
    Settle { entry: String, ok: bool },
    Collect { entry: String },
    Send { call: u32 },
    Settled { call: u32 },
    Patch { entry: String, call: u32, patch: u32 },
    Unpatch { entry: String, call: u32 },
    Invalidated { source: Source, share: bool, list: Vec<String> },
    Share { identity: String },
    Identity,
    Outdated,
    Malformed { what: Malformed, position: usize },
    Timer(Option<u64>),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    Keep,
    Take,
    Clear,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Call,
    Header,
    Cookie,
    Tab,
    Local,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Malformed {
    Header,
    List,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn no_time() -> Option<u32> {
    Some(0)
}

fn is_no_time(time: &Option<u32>) -> bool {
    *time == no_time()
}

fn gc_time() -> Option<u32> {
    Some(mizan_core::GC_TIME)
}

fn is_gc_time(time: &Option<u32>) -> bool {
    *time == gc_time()
}
