//! The machine: whatever it is told, in whatever order and also about entries, fetches and calls that are
//! not there, it goes on, contradicts itself nowhere, and has nothing left once everybody has left.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use mizan_core::{
    Answer, Cache, CallId, Changes, FetchId, Handle, Input, InvalidList, Invalidation, Key, Output,
    Timestamp, Update, header,
};

const KEYS: [&str; 8] =
    ["a", "a?x=1", "a?x=2", "a?x=1&y=1", "a?y=1", "b", "b?x=1", "c?x=%F0%9F%98%80"];

const HEADERS: [&str; 12] = [
    "",
    "a",
    "a;x=1",
    "a;x=2",
    "a;x=1;y=1",
    "a;y=1, b",
    "b;x=1, b;x=1",
    "c",
    "unknown",
    "*",
    "a;",
    "a;x=1, a, *",
];

/// Nobody known, two people, and the first one with another token.
const IDENTITIES: [&str; 4] = ["", "ada", "bob", "ada-2"];

const SCHEMAS: [&str; 3] = ["", "one", "two"];

/// What is said to be changed: one of a few, which name the keys above, or any text.
#[derive(Arbitrary, Debug)]
enum Field<'a> {
    Known(u8),
    Any(&'a str),
}

#[derive(Arbitrary, Debug)]
enum List {
    Known(u8),
    Broken(u8),
}

#[derive(Arbitrary, Debug)]
struct Said<'a> {
    list: List,
    field: Field<'a>,
}

#[derive(Arbitrary, Debug)]
struct Headers {
    identity: u8,
    schema: u8,
}

/// A number out of those that are there, or any number.
#[derive(Arbitrary, Debug)]
enum Number {
    Known(u8),
    Any(u32),
}

#[derive(Arbitrary, Debug)]
enum Step<'a> {
    Open(u8),
    Subscribe(u8),
    Unsubscribe(Number),
    Read(u8),
    Unread(Number),
    Refetch(Number),
    /// One of the fetches that are under way is answered.
    Fetched(u8, u16, Headers),
    /// A fetch that perhaps never was.
    Stray(Number, u32, u16, Headers),
    Call,
    Answered(Number, bool, Headers, Said<'a>),
    Lost(Number),
    Seen(Said<'a>),
    Cookie(&'a str, Said<'a>),
    TabInvalidated(Said<'a>),
    TabIdentity(u8),
    Invalidate(Said<'a>),
    Schema(u8),
    Revalidate,
    Restored,
    Tick,
    /// Time goes by; the timer goes off if it is due.
    Wait(u32),
}

fuzz_target!(|steps: Vec<Step>| {
    let mut page = Page::new();
    for step in &steps {
        page.take(step);
    }
    page.close();
});

/// What a page has to keep of the machine's outputs, and no more.
struct Page {
    cache: Cache,
    now: Timestamp,
    step: usize,
    entries: BTreeMap<Handle, Entry>,
    fetches: BTreeSet<u32>,
    /// The calls that have not settled.
    calls: BTreeSet<u32>,
    made: u32,
    nonces: BTreeSet<String>,
    said: Vec<(usize, Vec<Invalidation>)>,
}

struct Entry {
    key: Key,
    subscribers: u32,
    reads: u32,
    /// The fetch that is under way, and the step in which it began.
    fetch: Option<(FetchId, usize)>,
    /// The step in which the fetch of the value that is shown began.
    shown: Option<usize>,
    stale: bool,
    /// Somebody else was found to be logged in, and nothing was said of this entry since.
    strange: bool,
}

fn pick<'a>(of: &[&'a str], at: u8) -> &'a str {
    of[usize::from(at) % of.len()]
}

impl Page {
    fn new() -> Self {
        Self {
            cache: Cache::new(),
            now: 1_000,
            step: 0,
            entries: BTreeMap::new(),
            fetches: BTreeSet::new(),
            calls: BTreeSet::new(),
            made: 0,
            nonces: BTreeSet::new(),
            said: Vec::new(),
        }
    }

    fn take(&mut self, step: &Step<'_>) {
        match step {
            Step::Open(key) => {
                self.open(*key);
            }
            Step::Subscribe(key) => {
                let handle = self.open(*key);
                self.entry(handle).subscribers += 1;
                self.tell(Input::Subscribe(handle), None);
            }
            Step::Unsubscribe(number) => {
                let handle = self.handle(number);
                if let Some(entry) = self.entries.get_mut(&handle) {
                    entry.subscribers = entry.subscribers.saturating_sub(1);
                }
                self.tell(Input::Unsubscribe(handle), None);
            }
            Step::Read(key) => {
                let handle = self.open(*key);
                self.entry(handle).reads += 1;
                self.tell(Input::Read(handle), None);
            }
            Step::Unread(number) => {
                let handle = self.handle(number);
                if let Some(entry) = self.entries.get_mut(&handle) {
                    entry.reads = entry.reads.saturating_sub(1);
                }
                self.tell(Input::Unread(handle), None);
            }
            Step::Refetch(number) => {
                let handle = self.handle(number);
                self.tell(Input::Refetch(handle), None);
            }
            Step::Fetched(at, status, headers) => {
                let under_way = self.entries.iter().filter_map(|(handle, entry)| {
                    entry.fetch.map(|(id, begun)| (*handle, id, begun))
                });
                let under_way: Vec<_> = under_way.collect();
                if under_way.is_empty() {
                    return;
                }
                let (handle, id, begun) = under_way[usize::from(*at) % under_way.len()];
                self.entry(handle).fetch = None;
                self.tell(
                    Input::Fetched(handle, id, status_of(*status), answer(headers)),
                    Some(begun),
                );
            }
            Step::Stray(number, id, status, headers) => {
                let handle = self.handle(number);
                let entry = self.entries.get_mut(&handle);
                let mut begun = None;
                if let Some(entry) = entry
                    .filter(|entry| entry.fetch.is_some_and(|(fetch, _)| fetch == FetchId(*id)))
                {
                    begun = entry.fetch.take().map(|(_, begun)| begun);
                }
                let input =
                    Input::Fetched(handle, FetchId(*id), status_of(*status), answer(headers));
                self.tell(input, begun);
            }
            Step::Call => {
                let call = self.made;
                self.made += 1;
                self.calls.insert(call);
                self.tell(Input::Call(CallId(call)), None);
            }
            Step::Answered(number, awaits, headers, said) => {
                let call = self.call(number);
                let (changes, named) = changes(said);
                self.announce(named);
                self.tell(Input::CallAnswered(call, *awaits, answer(headers), changes), None);
            }
            Step::Lost(number) => {
                let call = self.call(number);
                self.announce(vec![Invalidation::All]);
                self.tell(Input::CallLost(call), None);
            }
            Step::Seen(said) => {
                let (changes, named) = changes(said);
                self.announce(named);
                self.tell(Input::Seen(changes), None);
            }
            Step::Cookie(nonce, said) => {
                let (changes, named) = changes(said);
                if self.nonces.insert((*nonce).to_owned()) {
                    self.announce(named);
                }
                self.tell(Input::Cookie(nonce, changes), None);
            }
            Step::TabInvalidated(said) => {
                let (changes, named) = changes(said);
                self.announce(named);
                self.tell(Input::TabInvalidated(changes), None);
            }
            Step::TabIdentity(who) => {
                self.tell(Input::TabIdentity(pick(&IDENTITIES, *who)), None);
            }
            Step::Invalidate(said) => {
                let (changes, named) = changes(said);
                self.announce(named);
                self.tell(Input::Invalidate(changes), None);
            }
            Step::Schema(hash) => self.tell(Input::Schema(pick(&SCHEMAS, *hash)), None),
            Step::Revalidate => self.tell(Input::Revalidate, None),
            Step::Restored => {
                self.announce(vec![Invalidation::All]);
                self.tell(Input::Restored, None);
            }
            Step::Tick => self.tell(Input::Tick, None),
            Step::Wait(duration) => {
                self.now += Timestamp::from(*duration);
                if self.cache.poll_timeout().is_some_and(|due| due <= self.now) {
                    self.tell(Input::Tick, None);
                }
            }
        }
    }

    // -- What the steps are about -------------------------------------------------------------------

    fn open(&mut self, key: u8) -> Handle {
        let key = Key::parse(pick(&KEYS, key)).expect("a key");
        let handle = self.cache.open(self.now, key.clone());
        let entry = self.entries.entry(handle).or_insert_with(|| Entry {
            key: key.clone(),
            subscribers: 0,
            reads: 0,
            fetch: None,
            shown: None,
            stale: true,
            strange: false,
        });
        assert_eq!(entry.key, key, "one handle for two keys");
        handle
    }

    fn entry(&mut self, handle: Handle) -> &mut Entry {
        self.entries.get_mut(&handle).expect("an entry that was opened and not collected")
    }

    fn handle(&self, number: &Number) -> Handle {
        match number {
            Number::Known(at) if !self.entries.is_empty() => *self
                .entries
                .keys()
                .nth(usize::from(*at) % self.entries.len())
                .expect("a place in it"),
            Number::Known(at) => Handle((*at).into()),
            Number::Any(number) => Handle(*number),
        }
    }

    fn call(&self, number: &Number) -> CallId {
        CallId(match number {
            Number::Known(at) => u32::from(*at) % self.made.max(1),
            Number::Any(number) => *number,
        })
    }

    fn announce(&mut self, named: Vec<Invalidation>) {
        self.said.push((self.step + 1, named));
    }

    // -- The machine's word -------------------------------------------------------------------------

    /// `begun` is when the fetch began whose answer the input is.
    fn tell(&mut self, input: Input<'_>, begun: Option<usize>) {
        self.step += 1;
        let tick = matches!(input, Input::Tick);
        self.cache.handle_input(self.now, input);
        // An input says a few things of each entry and each call.
        for _ in 0..16 + 8 * (self.entries.len() + self.calls.len()) {
            let Some(output) = self.cache.poll_output() else {
                return self.check(tick);
            };
            self.follow(output, begun);
        }
        panic!("the outputs never end");
    }

    fn follow(&mut self, output: Output, begun: Option<usize>) {
        let step = self.step;
        match output {
            Output::Fetch { entry, fetch } => {
                assert!(self.fetches.insert(fetch.0), "a fetch is numbered as another was");
                let entry = self.entry(entry);
                assert!(entry.subscribers > 0 || entry.reads > 0, "fetched for nobody");
                assert_eq!(entry.fetch.replace((fetch, step)), None, "two fetches of one key");
            }
            Output::Abort { entry, fetch } => {
                let given_up = self.entry(entry).fetch.take().map(|(id, _)| id);
                assert_eq!(given_up, Some(fetch), "gives up what is not under way");
            }
            Output::Publish { entry: handle, value, state, .. } => {
                let entry = self.entry(handle);
                assert_eq!(state.fetching, entry.fetch.is_some());
                match value {
                    Update::Take => entry.shown = Some(begun.expect("a value that has come")),
                    Update::Clear => entry.shown = None,
                    Update::Keep => {}
                }
                entry.strange &= value == Update::Keep && entry.shown.is_some();
                entry.stale = state.stale;
            }
            Output::Settle { entry, .. } => self.entry(entry).reads = 0,
            Output::Collect { entry } => {
                let gone = self.entries.remove(&entry).expect("an entry");
                assert_eq!((gone.subscribers, gone.reads), (0, 0), "somebody wants {}", gone.key);
                assert_eq!(gone.fetch, None);
                assert_eq!(self.cache.key(entry), None);
            }
            Output::Settled { call } => {
                assert!(self.calls.remove(&call.0), "no call, or settled twice")
            }
            Output::Identity => {
                for entry in self.entries.values_mut() {
                    entry.strange = entry.shown.is_some();
                }
            }
            Output::Malformed { .. }
            | Output::Invalidated { .. }
            | Output::Share
            | Output::Outdated => {}
        }
    }

    /// What holds whenever everything is said.
    fn check(&self, tick: bool) {
        for (handle, entry) in &self.entries {
            assert_eq!(self.cache.key(*handle), Some(&entry.key));
            assert!(!entry.strange, "{} shows what was somebody else's", entry.key);
            if !entry.stale {
                // Rule C6, by steps in place of generations.
                let begun = entry.shown.expect("a value, if it is fresh");
                let later = self.said.iter().filter(|(step, _)| *step > begun);
                let lost = later.flat_map(|(_, named)| named).find(|one| one.matches(&entry.key));
                assert_eq!(lost, None, "{} is shown as fresh", entry.key);
            }
        }
        let due = self.cache.poll_timeout();
        assert!(!tick || due.is_none_or(|due| due > self.now), "a timer that goes off for ever");
    }

    /// Everybody leaves, every answer comes, and the timers go off.
    fn close(mut self) {
        for call in self.calls.clone() {
            self.tell(Input::CallLost(CallId(call)), None);
        }
        let handles: Vec<Handle> = self.entries.keys().copied().collect();
        for handle in handles {
            while self.entry(handle).subscribers > 0 {
                self.entry(handle).subscribers -= 1;
                self.tell(Input::Unsubscribe(handle), None);
            }
            while self.entry(handle).reads > 0 {
                self.entry(handle).reads -= 1;
                self.tell(Input::Unread(handle), None);
            }
        }
        for _ in 0..64 {
            let Some(due) = self.cache.poll_timeout() else {
                break;
            };
            self.now = self.now.max(due);
            self.tell(Input::Tick, None);
        }
        assert_eq!(self.cache.poll_timeout(), None, "a timer in a page that everybody has left");
        assert!(self.entries.is_empty(), "something is kept for ever");
        assert!(self.calls.is_empty(), "a call never settles");
    }
}

/// 200 as often as not.
fn status_of(number: u16) -> u16 {
    match number % 8 {
        0..4 => 200,
        4 => 404,
        5 => 500,
        6 => 0,
        _ => number,
    }
}

fn answer(headers: &Headers) -> Answer<'static> {
    Answer { identity: pick(&IDENTITIES, headers.identity), schema: pick(&SCHEMAS, headers.schema) }
}

/// What a response says, and what that names: what cannot be read names everything.
fn changes<'a>(said: &Said<'a>) -> (Changes<'a>, Vec<Invalidation>) {
    let everything = || vec![Invalidation::All];
    let list = match said.list {
        List::Known(at) => Ok(header::parse(pick(&HEADERS, at)).unwrap_or_default()),
        List::Broken(position) => Err(InvalidList { position: position.into() }),
    };
    let field = match &said.field {
        Field::Known(at) => pick(&HEADERS, *at),
        Field::Any(text) => text,
    };
    let mut named = list.clone().unwrap_or_else(|_| everything());
    named.extend(header::parse(field).unwrap_or_else(|_| everything()));
    (Changes { list, header: field }, named)
}
