//! The machine: whatever it is told, in whatever order and also about entries, fetches and calls that are
//! not there, it goes on, contradicts itself nowhere, shows nobody what is not true, and has nothing left
//! once everybody has left.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use mizan_core::{
    Answer, Cache, CallId, Changes, FetchId, GC_TIME, Handle, Input, InvalidList, Invalidation,
    Key, NEVER, Options, Outcome, Output, Settings, Source, State, Timestamp, Update, header,
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

const SCOPES: [&str; 3] = ["", "form", "list"];

const NONCES: [&str; 3] = ["", "1", "2"];

/// 200 as often as not.
const STATUSES: [u16; 8] = [200, 200, 200, 200, 404, 503, 0, 429];

const DURATIONS: [u32; 6] = [0, 1, 1_000, 60_000, NEVER - 1, NEVER];

/// A server that asks for more is not waited for.
const PATIENCE: u32 = 60_000;

/// What can be done to the machine: to open an entry, to let time go by, and each of its inputs.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Open,
    /// Time goes by; the timer goes off if it is due.
    Wait,
    Configure,
    Subscribe,
    Unsubscribe,
    Read,
    Unread,
    Refetch,
    Fetched,
    Hydrated,
    Call,
    CallAnswered,
    CallLost,
    Seen,
    Cookie,
    TabInvalidated,
    TabIdentity,
    Invalidate,
    Visible,
    Online,
    Restored,
    Tick,
}

/// The step that makes such an input. With `Page::input`, which makes it, no input can be forgotten: a new
/// one does not compile before it has a step, nor that step before it makes something.
fn step_of(input: &Input<'_>) -> Step {
    match input {
        Input::Configure(..) => Step::Configure,
        Input::Subscribe(..) => Step::Subscribe,
        Input::Unsubscribe(..) => Step::Unsubscribe,
        Input::Read(..) => Step::Read,
        Input::Unread(..) => Step::Unread,
        Input::Refetch(..) => Step::Refetch,
        Input::Fetched(..) => Step::Fetched,
        Input::Hydrated(..) => Step::Hydrated,
        Input::Call(..) => Step::Call,
        Input::CallAnswered(..) => Step::CallAnswered,
        Input::CallLost(..) => Step::CallLost,
        Input::Seen(..) => Step::Seen,
        Input::Cookie(..) => Step::Cookie,
        Input::TabInvalidated(..) => Step::TabInvalidated,
        Input::TabIdentity(..) => Step::TabIdentity,
        Input::Invalidate(..) => Step::Invalidate,
        Input::Visible(..) => Step::Visible,
        Input::Online(..) => Step::Online,
        Input::Restored => Step::Restored,
        Input::Tick => Step::Tick,
    }
}

fuzz_target!(|data: &[u8]| {
    let mut data = Unstructured::new(data);
    let mut page = Page::new();
    while !data.is_empty() {
        if page.take(&mut data).is_err() {
            break;
        }
    }
    page.rest();
    page.close();
});

/// What a page has to keep of the machine's outputs, and what it needs to tell whether they are right.
struct Page {
    cache: Cache,
    /// One input alone is run, to be looked at.
    prints: bool,
    now: Timestamp,
    /// The inputs so far.
    step: usize,
    entries: BTreeMap<Handle, Entry>,
    calls: Vec<Call>,
    fetches: BTreeSet<u32>,
    nonces: BTreeSet<String>,
    retries: u32,
    concurrency: usize,
    hidden: bool,
    offline: bool,
    outdated: bool,
    /// How often everything was dropped because somebody else is logged in, and the step of the last time.
    drops: usize,
    dropped: usize,
    /// What the input at hand is, brings, and says to be changed.
    input: Step,
    arrival: Option<Arrival>,
    said: Vec<Invalidation>,
    answered: Option<usize>,
    told: bool,
    /// It says who is logged in.
    identified: bool,
    /// What it says may have been said before, and forgotten: then it is invalidated once more.
    again: Vec<Invalidation>,
}

struct Entry {
    key: Key,
    observers: Vec<Options>,
    reads: u32,
    /// The fetch that is under way, and the step in which it began.
    fetch: Option<(FetchId, usize)>,
    /// The step in which the fetch of the value that is shown began, and whose value it says to be.
    shown: Option<(usize, &'static str)>,
    error: bool,
    state: State,
    /// Its state before the input at hand.
    before: State,
    /// The call and the place in it of each patch that lies over the value.
    layers: Vec<(usize, usize)>,
    opened: usize,
    /// The last step in which something named it.
    named: usize,
    /// Somebody else was found to be logged in, and nothing was said of this entry since.
    strange: bool,
    /// How many fetches have failed since one has not, or since a failure was shown.
    failures: u32,
    /// Before that the server wants no other attempt, unless something else has happened.
    patience: Timestamp,
    /// When the last fetch ended.
    updated: Timestamp,
    gc_time: Timestamp,
    /// Since when nobody has wanted it.
    left: Timestamp,
}

impl Entry {
    fn wanted(&self) -> bool {
        !self.observers.is_empty() || self.reads > 0
    }

    fn shortest(&self, of: fn(&Options) -> u32) -> Option<Timestamp> {
        self.observers.iter().map(of).min().map(Timestamp::from)
    }
}

struct Call {
    awaits: bool,
    scope: &'static str,
    patches: Vec<Invalidation>,
    sent: bool,
    answered: bool,
    settled: bool,
    /// The entries in use that its answer has named and that have not arrived since.
    waits: BTreeSet<Handle>,
    /// Those of them that show its patches until then.
    covers: BTreeSet<Handle>,
    /// How often everything had been dropped when it was made.
    drops: usize,
}

/// A value or a failure that comes with an input.
#[derive(Clone, Copy)]
struct Arrival {
    status: u16,
    retry_after: u32,
    answer: Answer<'static>,
    /// The step from which on the server may have made it.
    begun: usize,
    hydrated: bool,
}

fn pick<T: Copy>(data: &mut Unstructured<'_>, of: &[T]) -> arbitrary::Result<T> {
    Ok(of[usize::from(data.arbitrary::<u8>()?) % of.len()])
}

fn answer(data: &mut Unstructured<'_>) -> arbitrary::Result<Answer<'static>> {
    Ok(Answer { identity: pick(data, &IDENTITIES)?, schema: pick(data, &SCHEMAS)? })
}

/// One of a few durations, or any.
fn duration(data: &mut Unstructured<'_>) -> arbitrary::Result<u32> {
    match data.arbitrary::<u8>()? {
        255 => data.arbitrary(),
        at => Ok(DURATIONS[usize::from(at) % DURATIONS.len()]),
    }
}

fn options(data: &mut Unstructured<'_>) -> arbitrary::Result<Options> {
    if data.arbitrary::<u8>()? % 4 > 0 {
        return Ok(Options::default());
    }
    Ok(Options {
        stale_time: duration(data)?,
        refetch_interval: duration(data)?,
        gc_time: duration(data)?,
    })
}

/// What a response says to be changed: one of a few lists, which name the keys above, or any text.
fn changes<'a>(data: &mut Unstructured<'a>) -> arbitrary::Result<Changes<'a>> {
    let list = match data.arbitrary::<u8>()? {
        255 => Err(InvalidList { position: usize::from(data.arbitrary::<u8>()?) }),
        at => Ok(known(HEADERS[usize::from(at) % HEADERS.len()])),
    };
    let header = match data.arbitrary::<u8>()? {
        255 => data.arbitrary()?,
        at => HEADERS[usize::from(at) % HEADERS.len()],
    };
    Ok(Changes { list, header })
}

fn known(text: &str) -> Vec<Invalidation> {
    header::parse(text).unwrap_or_default()
}

/// What that names: what cannot be read names everything.
fn named(changes: &Changes<'_>) -> Vec<Invalidation> {
    let everything = || vec![Invalidation::All];
    let mut named = changes.list.clone().unwrap_or_else(|_| everything());
    named.extend(header::parse(changes.header).unwrap_or_else(|_| everything()));
    named
}

fn is_temporary(status: u16) -> bool {
    matches!(status, 0 | 408 | 425 | 429 | 500..)
}

impl Page {
    fn new() -> Self {
        Self {
            cache: Cache::new(),
            prints: std::env::var_os("FUZZ_PRINTS").is_some(),
            now: 1_000,
            step: 0,
            entries: BTreeMap::new(),
            calls: Vec::new(),
            fetches: BTreeSet::new(),
            nonces: BTreeSet::new(),
            retries: 0,
            concurrency: usize::MAX,
            hidden: false,
            offline: false,
            outdated: false,
            drops: 0,
            dropped: 0,
            input: Step::Open,
            arrival: None,
            said: Vec::new(),
            answered: None,
            told: false,
            identified: false,
            again: Vec::new(),
        }
    }

    fn take(&mut self, data: &mut Unstructured<'_>) -> arbitrary::Result<()> {
        let step = data.arbitrary()?;
        if let Some(input) = self.input(step, data)? {
            assert_eq!(step_of(&input), step, "a step makes the input of another");
            self.tell(input);
        }
        Ok(())
    }

    /// The input of a step, unless it is none.
    fn input<'a>(
        &mut self,
        step: Step,
        data: &mut Unstructured<'a>,
    ) -> arbitrary::Result<Option<Input<'a>>> {
        Ok(Some(match step {
            Step::Open => {
                self.wanted(data)?;
                return Ok(None);
            }
            Step::Wait => {
                self.now += Timestamp::from(duration(data)?);
                self.tick_if_due();
                return Ok(None);
            }
            Step::Configure => Input::Configure(Settings {
                identity: pick(data, &IDENTITIES)?,
                schema: pick(data, &SCHEMAS)?,
                seed: data.arbitrary()?,
                retries: u32::from(data.arbitrary::<u8>()? % 8),
                concurrency: u32::from(data.arbitrary::<u8>()? % 5),
            }),
            Step::Subscribe => Input::Subscribe(self.wanted(data)?, options(data)?),
            Step::Unsubscribe => {
                let handle = self.handle(data)?;
                let at = usize::from(data.arbitrary::<u8>()?);
                let observers = self.entries.get(&handle).map_or(&[][..], |it| &it.observers);
                match observers.get(at % (observers.len() + 1)) {
                    Some(options) => Input::Unsubscribe(handle, *options),
                    None => Input::Unsubscribe(handle, options(data)?),
                }
            }
            Step::Read => Input::Read(self.wanted(data)?),
            Step::Unread => Input::Unread(self.handle(data)?),
            Step::Refetch => Input::Refetch(self.handle(data)?),
            Step::Fetched => {
                let (handle, fetch) = self.fetch(data)?;
                let outcome = Outcome { status: self.status(data)?, retry_after: duration(data)? };
                Input::Fetched(handle, fetch, outcome, answer(data)?)
            }
            Step::Hydrated => Input::Hydrated(self.wanted(data)?, answer(data)?),
            // What more calls do, these do, and each step looks at all of them.
            Step::Call if self.calls.len() == 16 => return Ok(None),
            Step::Call => {
                let id = CallId(u32::try_from(self.calls.len()).expect("few calls"));
                let patches = known(pick(data, &HEADERS)?);
                Input::Call(id, data.arbitrary()?, pick(data, &SCOPES)?, patches)
            }
            Step::CallAnswered => {
                let call = self.call(data)?;
                Input::CallAnswered(call, data.arbitrary()?, answer(data)?, changes(data)?)
            }
            Step::CallLost => Input::CallLost(self.call(data)?),
            Step::Seen => Input::Seen(self.nonce(data)?, changes(data)?),
            Step::Cookie => Input::Cookie(self.nonce(data)?, changes(data)?),
            Step::TabInvalidated => Input::TabInvalidated(self.nonce(data)?, changes(data)?),
            Step::TabIdentity => Input::TabIdentity(pick(data, &IDENTITIES)?),
            Step::Invalidate => Input::Invalidate(changes(data)?),
            Step::Visible => Input::Visible(data.arbitrary()?),
            Step::Online => Input::Online(data.arbitrary()?),
            Step::Restored => Input::Restored,
            Step::Tick => Input::Tick,
        }))
    }

    // -- What the steps are about -------------------------------------------------------------------

    fn open(&mut self, key: &str) -> Handle {
        let key = Key::parse(key).expect("a key");
        let handle = self.cache.open(self.now, key.clone());
        let state = State { fetching: false, stale: true };
        let entry = self.entries.entry(handle).or_insert_with(|| Entry {
            key: key.clone(),
            observers: Vec::new(),
            reads: 0,
            fetch: None,
            shown: None,
            error: false,
            state,
            before: state,
            layers: Vec::new(),
            opened: self.step,
            named: 0,
            strange: false,
            failures: 0,
            patience: 0,
            updated: 0,
            gc_time: GC_TIME.into(),
            left: self.now,
        });
        assert_eq!(entry.key, key, "one handle for two keys");
        // It may lie under patches at once.
        while let Some(output) = self.cache.poll_output() {
            assert!(
                matches!(output, Output::Patch { .. }),
                "{output:?} for an entry that is opened"
            );
            self.follow(output);
        }
        self.check();
        handle
    }

    fn entry(&mut self, handle: Handle) -> &mut Entry {
        self.entries.get_mut(&handle).expect("an entry that was opened and not collected")
    }

    /// An entry, opened if need be; or one that is perhaps not there.
    fn wanted(&mut self, data: &mut Unstructured<'_>) -> arbitrary::Result<Handle> {
        match data.arbitrary::<u8>()? {
            255 => Ok(Handle(data.arbitrary()?)),
            at => Ok(self.open(KEYS[usize::from(at) % KEYS.len()])),
        }
    }

    /// An entry that is there; or one that perhaps is not.
    fn handle(&self, data: &mut Unstructured<'_>) -> arbitrary::Result<Handle> {
        match data.arbitrary::<u8>()? {
            255 => Ok(Handle(data.arbitrary()?)),
            at => {
                let at = usize::from(at);
                let place = at % self.entries.len().max(1);
                Ok(self.entries.keys().nth(place).copied().unwrap_or(Handle(0)))
            }
        }
    }

    /// A fetch that is under way; or one that perhaps never was.
    fn fetch(&self, data: &mut Unstructured<'_>) -> arbitrary::Result<(Handle, FetchId)> {
        let under_way: Vec<_> = self.under_way().collect();
        match data.arbitrary::<u8>()? {
            240.. => Ok((self.handle(data)?, FetchId(data.arbitrary::<u8>()?.into()))),
            _ if under_way.is_empty() => Ok((Handle(0), FetchId(0))),
            at => Ok(under_way[usize::from(at) % under_way.len()]),
        }
    }

    fn under_way(&self) -> impl Iterator<Item = (Handle, FetchId)> {
        self.entries.iter().filter_map(|(handle, it)| it.fetch.map(|(fetch, _)| (*handle, fetch)))
    }

    fn status(&self, data: &mut Unstructured<'_>) -> arbitrary::Result<u16> {
        match data.arbitrary::<u8>()? {
            255 => data.arbitrary(),
            at => Ok(STATUSES[usize::from(at) % STATUSES.len()]),
        }
    }

    /// A call that was made; or one that perhaps was not.
    fn call(&self, data: &mut Unstructured<'_>) -> arbitrary::Result<CallId> {
        Ok(CallId(match data.arbitrary::<u8>()? {
            255 => data.arbitrary()?,
            at => u32::from(at) % u32::try_from(self.calls.len()).expect("few calls").max(1),
        }))
    }

    fn nonce<'a>(&self, data: &mut Unstructured<'a>) -> arbitrary::Result<&'a str> {
        match data.arbitrary::<u8>()? {
            255 => data.arbitrary(),
            at => Ok(NONCES[usize::from(at) % NONCES.len()]),
        }
    }

    // -- What an input means -----------------------------------------------------------------------

    fn note(&mut self, input: &Input<'_>) {
        match input {
            Input::Configure(settings) => {
                self.retries = settings.retries;
                self.concurrency = settings.concurrency as usize;
            }
            Input::Subscribe(handle, options) => {
                if let Some(entry) = self.entries.get_mut(handle) {
                    let known = if entry.observers.is_empty() { 0 } else { entry.gc_time };
                    entry.gc_time = known.max(options.gc_time.into());
                    entry.observers.push(*options);
                }
            }
            Input::Unsubscribe(handle, options) => self.leave(*handle, Some(*options)),
            Input::Read(handle) => {
                if let Some(entry) = self.entries.get_mut(handle) {
                    entry.reads += 1;
                }
            }
            Input::Unread(handle) => self.leave(*handle, None),
            Input::Refetch(handle) => {
                if let Some(entry) = self.entries.get_mut(handle) {
                    entry.named = self.step;
                    entry.patience = 0;
                }
            }
            Input::Fetched(handle, fetch, outcome, answer) => {
                let Some(entry) = self.entries.get_mut(handle) else { return };
                let Some((_, begun)) = entry.fetch.take_if(|(id, _)| id == fetch) else { return };
                let Outcome { status, retry_after } = *outcome;
                // The answer of the steps has texts that live for ever; only its type does not say so.
                let answer = lasting(answer);
                entry.updated = self.now;
                entry.failures += u32::from(status != 200);
                // One that was overtaken is followed by another at once, as without it.
                let wait = if begun >= entry.named { retry_after } else { 0 };
                entry.patience = self.now + Timestamp::from(wait);
                self.arrival =
                    Some(Arrival { status, retry_after, answer, begun, hydrated: false });
            }
            Input::Hydrated(handle, answer) => {
                if let Some(entry) = self.entries.get(handle) {
                    let (answer, begun) = (lasting(answer), entry.opened);
                    self.arrival = Some(Arrival {
                        status: 200,
                        retry_after: 0,
                        answer,
                        begun,
                        hydrated: true,
                    });
                }
            }
            Input::Call(_, awaits, scope, patches) => self.calls.push(Call {
                awaits: *awaits,
                scope: SCOPES.into_iter().find(|known| known == scope).expect("a scope"),
                patches: patches.clone(),
                sent: false,
                answered: false,
                settled: false,
                waits: BTreeSet::new(),
                covers: BTreeSet::new(),
                drops: self.drops,
            }),
            Input::CallAnswered(id, ok, _, changes) => {
                self.announce(named(changes));
                let call = self.calls.get_mut(id.0 as usize);
                // A call that was answered before waits for what it named then, and for nothing more.
                let Some(call) = call.filter(|call| !call.answered) else { return };
                call.answered = true;
                self.answered = Some(id.0 as usize);
                for (handle, entry) in &self.entries {
                    let is_named = self.said.iter().any(|one| one.matches(&entry.key));
                    if is_named && !entry.observers.is_empty() {
                        call.waits.insert(*handle);
                        if *ok {
                            call.covers.insert(*handle);
                        }
                    }
                }
            }
            Input::CallLost(id) => {
                let Some(call) = self.calls.get_mut(id.0 as usize) else { return };
                // What was never sent has changed nothing; what was answered before has said what.
                if call.sent || call.answered {
                    self.again = vec![Invalidation::All];
                }
                if call.sent && !mem::replace(&mut call.answered, true) {
                    self.announce(vec![Invalidation::All]);
                }
                self.calls[id.0 as usize].answered = true;
            }
            Input::Invalidate(changes) => self.announce(named(changes)),
            Input::Seen(id, changes)
            | Input::Cookie(id, changes)
            | Input::TabInvalidated(id, changes) => {
                self.again = named(changes);
                if self.nonces.insert((*id).to_owned()) {
                    self.announce(self.again.clone());
                }
            }
            Input::Visible(visible) => self.wake(|page| page.hidden = !visible),
            Input::Online(online) => self.wake(|page| page.offline = !online),
            Input::Restored => self.announce(vec![Invalidation::All]),
            Input::TabIdentity(_) | Input::Tick => {}
        }
    }

    fn leave(&mut self, handle: Handle, observer: Option<Options>) {
        let Some(entry) = self.entries.get_mut(&handle).filter(|entry| entry.wanted()) else {
            return;
        };
        match observer {
            None => entry.reads = entry.reads.saturating_sub(1),
            Some(options) => {
                if let Some(at) = entry.observers.iter().position(|other| *other == options) {
                    entry.observers.remove(at);
                }
            }
        }
        if !entry.wanted() {
            (entry.left, entry.patience) = (self.now, 0);
            // What is under way for it is given up in the next turn, and nobody waits for it then.
            if !entry.state.fetching {
                self.arrived(handle);
            }
        }
    }

    fn wake(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        self.entries.values_mut().for_each(|entry| entry.patience = 0);
    }

    fn announce(&mut self, named: Vec<Invalidation>) {
        for entry in self.entries.values_mut() {
            if named.iter().any(|one| one.matches(&entry.key)) {
                (entry.named, entry.patience) = (self.step, 0);
            }
        }
        self.said = named;
    }

    /// The word of the server is there, or nobody waits for it any longer.
    fn arrived(&mut self, handle: Handle) {
        for call in &mut self.calls {
            call.waits.remove(&handle);
            call.covers.remove(&handle);
        }
    }

    // -- The machine's word -------------------------------------------------------------------------

    fn tell(&mut self, input: Input<'_>) {
        self.step += 1;
        self.input = step_of(&input);
        (self.arrival, self.answered) = (None, None);
        self.told = false;
        self.said.clear();
        self.again.clear();
        self.entries.values_mut().for_each(|entry| entry.before = entry.state);
        self.note(&input);
        if self.prints {
            println!("{} at {}: {input:?}", self.step, self.now);
        }
        self.identified = !input.identity().is_empty();
        self.cache.handle_input(self.now, input);
        // An input says a few things of each entry and each call.
        let layers: usize = self.calls.iter().map(|call| 1 + call.patches.len()).sum();
        for _ in 0..16 + 8 * (1 + self.entries.len()) * (1 + layers) {
            let Some(output) = self.cache.poll_output() else {
                assert!(self.told || self.said.is_empty(), "nobody is told what was invalidated");
                return self.check();
            };
            self.follow(output);
        }
        panic!("the outputs never end");
    }

    fn follow(&mut self, output: Output) {
        if self.prints {
            println!("    {output:?}");
        }
        match output {
            Output::Fetch { entry, fetch } => self.begun(entry, fetch),
            Output::Abort { entry, fetch } => {
                let given_up = self.entry(entry).fetch.take().map(|(id, _)| id);
                assert_eq!(given_up, Some(fetch), "gives up what is not under way");
            }
            Output::Publish { entry, value, error, state } => {
                self.publish(entry, value, error, state);
            }
            Output::Settle { entry: handle, ok } => {
                let now = self.now;
                let entry = self.entry(handle);
                let good =
                    if ok { entry.shown.is_some() && !entry.state.stale } else { entry.error };
                assert!(good, "a read of {} ends with nothing", entry.key);
                if mem::take(&mut entry.reads) > 0 && !entry.wanted() {
                    entry.left = now;
                }
            }
            Output::Collect { entry } => {
                let gone = self.entries.remove(&entry).expect("an entry");
                assert!(!gone.wanted() && gone.fetch.is_none(), "somebody wants {}", gone.key);
                let idle = self.now - gone.left;
                assert!(idle >= gone.gc_time, "{} is collected after {idle} ms", gone.key);
                assert!(gone.gc_time < NEVER.into(), "{} was to stay for ever", gone.key);
            }
            Output::Send { call } => {
                let (before, rest) = self.calls.split_at_mut(call.0 as usize);
                let call = rest.first_mut().expect("a call that was made");
                assert!(!call.answered && !mem::replace(&mut call.sent, true), "sent twice");
                let scope = |other: &&Call| !call.scope.is_empty() && other.scope == call.scope;
                assert!(before.iter().filter(scope).all(|other| other.answered), "out of turn");
            }
            Output::Settled { call } => {
                let call = self.calls.get_mut(call.0 as usize).expect("a call that was made");
                assert!(call.answered, "a call settles before it was answered");
                assert!(!mem::replace(&mut call.settled, true), "a call settles twice");
            }
            Output::Patch { entry, call, patch } => {
                self.entry(entry).layers.push((call.0 as usize, patch as usize));
            }
            Output::Unpatch { entry, call } => {
                let entry = self.entry(entry);
                let count = entry.layers.len();
                entry.layers.retain(|layer| layer.0 != call.0 as usize);
                assert!(entry.layers.len() < count, "a patch is taken off that lies nowhere");
            }
            Output::Invalidated { source, share } => {
                let (expected, shared) = match self.input {
                    Step::CallAnswered | Step::CallLost => (Source::Call, true),
                    Step::Seen => (Source::Header, true),
                    Step::Cookie => (Source::Cookie, false),
                    Step::TabInvalidated => (Source::Tab, false),
                    Step::Invalidate => (Source::Local, true),
                    Step::Restored => (Source::Unknown, false),
                    other => panic!("{other:?} invalidates something"),
                };
                assert_eq!((source, share), (expected, shared));
                assert!(!mem::replace(&mut self.told, true), "two lists of one input");
                if self.said.is_empty() {
                    self.announce(self.again.clone());
                }
                assert!(!self.said.is_empty(), "what nobody has said is invalidated");
                self.entries.values_mut().for_each(|entry| entry.patience = 0);
            }
            Output::Identity => {
                (self.drops, self.dropped) = (self.drops + 1, self.step);
                for (handle, entry) in &mut self.entries {
                    (entry.strange, entry.patience) = (entry.shown.is_some(), 0);
                    // The call that brought the news waits for everything in use.
                    if let Some(at) = self.answered.filter(|_| !entry.observers.is_empty()) {
                        self.calls[at].waits.insert(*handle);
                    }
                }
            }
            Output::Outdated => {
                assert!(!mem::replace(&mut self.outdated, true), "says twice that it is outdated");
            }
            Output::Malformed { .. } => {
                assert!(self.again.iter().chain(&self.said).any(|one| *one == Invalidation::All));
            }
            Output::Share => assert!(self.identified, "tells of nobody"),
        }
    }

    fn begun(&mut self, handle: Handle, fetch: FetchId) {
        assert!(self.fetches.insert(fetch.0), "a fetch is numbered as another was");
        assert!(!self.offline, "a fetch begins without a network");
        assert!(self.under_way().count() < self.concurrency, "too many fetches at a time");
        let (input, now, hidden, step) = (self.input, self.now, self.hidden, self.step);
        let entry = self.entry(handle);
        assert!(entry.wanted(), "{} is fetched for nobody", entry.key);
        assert_eq!(entry.fetch.replace((fetch, step)), None, "two fetches of {}", entry.key);
        let State { fetching, stale } = entry.before;
        let age = now - entry.updated;
        match input {
            Step::Tick if fetching => {
                assert!(entry.patience <= now, "the server wants no attempt so soon");
            }
            Step::Tick => {
                let interval = entry.shortest(|options| options.refetch_interval.wrapping_sub(1));
                assert!(!hidden && interval.is_some_and(|interval| age > interval), "a poll");
            }
            Step::Visible | Step::Online if !fetching && !stale => {
                let young = entry.shortest(|options| options.stale_time);
                assert!(young.is_some_and(|young| age >= young), "{} is young", entry.key);
            }
            _ => {}
        }
    }

    fn publish(&mut self, handle: Handle, value: Update, error: Update, state: State) {
        let (arrival, retries, outdated) = (self.arrival, self.retries, self.outdated);
        let (step, dropped) = (self.step, self.dropped);
        let (input, now, identity) = (self.input, self.now, self.cache.identity().to_owned());
        let entry = self.entry(handle);
        match value {
            Update::Take => {
                let Arrival { status, answer, begun, hydrated, .. } =
                    arrival.expect("a value that has come");
                assert_eq!(status, 200, "a failure is shown as a value");
                if hydrated {
                    assert!(!outdated, "{} comes from another schema", entry.key);
                    assert_eq!(answer.identity, identity, "{} is somebody else's", entry.key);
                    assert!(entry.before.stale && !entry.before.fetching);
                    entry.updated = now;
                } else {
                    let known = begun >= dropped || dropped == step;
                    assert!(known, "{} was asked for by somebody else", entry.key);
                }
                entry.shown = Some((begun, answer.identity));
                entry.failures = 0;
            }
            Update::Clear => {
                let gone = arrival.is_some_and(|it| matches!(it.status, 404 | 410));
                assert!(entry.shown.is_none() || gone || dropped == step, "{} vanishes", entry.key);
                entry.shown = None;
            }
            Update::Keep => {}
        }
        match error {
            Update::Take => {
                let Arrival { status, retry_after, .. } = arrival.expect("a failure that has come");
                assert!(input == Step::Fetched && status != 200, "{} has not failed", entry.key);
                let final_one = !entry.wanted()
                    || !is_temporary(status)
                    || retry_after > PATIENCE
                    || entry.failures > retries;
                assert!(final_one, "{} was not tried often enough", entry.key);
                (entry.error, entry.failures, entry.patience) = (true, 0, 0);
            }
            Update::Clear => entry.error = false,
            Update::Keep => {}
        }
        entry.strange &= value == Update::Keep && entry.shown.is_some();
        entry.state = state;
        let given_up = !entry.wanted() && !state.fetching;
        if !state.stale || error == Update::Take || given_up {
            self.arrived(handle);
        }
    }

    /// What holds whenever everything is said.
    fn check(&self) {
        let full = self.under_way().count() >= self.concurrency;
        let timer = self.cache.poll_timeout().is_some();
        for (handle, entry) in &self.entries {
            let Entry { key, state: State { fetching, stale }, .. } = entry;
            assert_eq!(self.cache.key(*handle), Some(key));
            assert!(!entry.strange, "{key} shows what was somebody else's");
            let whose = entry.shown.map_or("", |(_, whose)| whose);
            assert!(whose.is_empty() || whose == self.cache.identity(), "{key} is {whose}'s");
            if !stale {
                // Rule C6, by steps in place of generations.
                let (begun, _) = entry.shown.expect("a value, if it is fresh");
                assert!(begun >= entry.named, "{key} is shown as fresh");
            }
            // Whoever wants something gets it, or has been told why not.
            assert!(*fetching || entry.fetch.is_none());
            assert!(*fetching || entry.reads == 0, "a read of {key} waits for nothing");
            assert!(*fetching || !stale || entry.error || !entry.wanted(), "{key} is left stale");
            let waits = *fetching && entry.fetch.is_none();
            assert!(!waits || self.offline || full || timer, "{key} waits for nothing");
            let mut layers = Vec::new();
            for (number, call) in self.calls.iter().enumerate() {
                let pending = !call.answered || call.covers.contains(handle);
                if pending && call.drops == self.drops {
                    let patches = call.patches.iter().enumerate();
                    let named = patches.filter(|(_, patch)| patch.matches(key));
                    layers.extend(named.map(|(place, _)| (number, place)));
                }
            }
            assert_eq!(entry.layers, layers, "the patches of {key}");
        }
        for (number, call) in self.calls.iter().enumerate() {
            let over = call.answered && (!call.awaits || call.waits.is_empty());
            assert_eq!(call.settled, over, "call {number}");
            let scope = |other: &&Call| !call.scope.is_empty() && other.scope == call.scope;
            let turn = self.calls[..number].iter().filter(scope).all(|other| other.answered);
            assert!(call.sent || call.answered || !turn, "call {number} is not sent");
        }
    }

    fn tick_if_due(&mut self) {
        // Twice at most: what was under way for nobody, and then the entry.
        for _ in 0..2 {
            if self.cache.poll_timeout().is_some_and(|due| due <= self.now) {
                self.tell(Input::Tick);
            }
        }
        let due = self.cache.poll_timeout();
        assert!(due.is_none_or(|due| due > self.now), "a timer that goes off for ever");
    }

    // -- The end ------------------------------------------------------------------------------------

    /// The network is there, every fetch is answered: whoever waits gets what they wait for.
    fn rest(&mut self) {
        let settings =
            Settings { identity: "", schema: "", seed: 1, retries: self.retries, concurrency: 2 };
        self.tell(Input::Configure(settings));
        self.tell(Input::Online(true));
        for _ in 0..64 {
            let under_way = self.under_way().next();
            let waits = self.entries.values().any(|entry| entry.state.fetching);
            if let Some((handle, fetch)) = under_way {
                let outcome = Outcome { status: 200, retry_after: 0 };
                self.tell(Input::Fetched(handle, fetch, outcome, Answer::default()));
            } else if waits {
                self.now = self.now.max(self.cache.poll_timeout().expect("a timer"));
                self.tick_if_due();
            } else {
                break;
            }
        }
        for entry in self.entries.values() {
            assert!(!entry.state.fetching && entry.reads == 0, "{} never comes", entry.key);
        }
        assert!(self.calls.iter().all(|call| call.settled || !call.answered));
    }

    /// Everybody leaves, and the timers go off.
    fn close(&mut self) {
        for call in 0..self.calls.len() {
            self.tell(Input::CallLost(CallId(u32::try_from(call).expect("few calls"))));
        }
        assert!(self.calls.iter().all(|call| call.settled), "a call never settles");
        let handles: Vec<Handle> = self.entries.keys().copied().collect();
        for handle in handles {
            while let Some(options) = self.entry(handle).observers.first().copied() {
                self.tell(Input::Unsubscribe(handle, options));
            }
            while self.entry(handle).reads > 0 {
                self.tell(Input::Unread(handle));
            }
        }
        for _ in 0..64 {
            let Some(due) = self.cache.poll_timeout() else { break };
            self.now = self.now.max(due);
            self.tick_if_due();
        }
        assert_eq!(self.cache.poll_timeout(), None, "a timer in a page that everybody has left");
        let kept = self.entries.values().find(|entry| entry.gc_time < NEVER.into());
        assert!(kept.is_none_or(|entry| entry.wanted()), "something is kept for ever");
        assert!(kept.is_none(), "somebody is still there");
        assert_eq!(self.under_way().count(), 0, "a fetch that nobody wants");
    }
}

/// The same answer in the texts that this target knows.
fn lasting(answer: &Answer<'_>) -> Answer<'static> {
    let same = |texts: &[&'static str], text| {
        texts.iter().copied().find(|known| *known == text).expect("a text of the steps")
    };
    Answer { identity: same(&IDENTITIES, answer.identity), schema: same(&SCHEMAS, answer.schema) }
}
