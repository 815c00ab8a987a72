//! The cache machine: what happened goes in, what to do comes out (protocol rules C1 to C10).
//!
//! The one rule that everything here serves: **an invalidation raises the generation of each entry that
//! it names, and a value is fresh only if its fetch began under the present generation.** It does not
//! matter whether the invalidation comes before the first fetch, during one or between two.

use alloc::string::String;
use alloc::vec::Vec;

use crate::entry::{
    CallId, Entry, Fetch, FetchId, Handle, State, Update, context_hash, key_hash, param_hash,
};
use crate::error::InvalidList;
use crate::header;
use crate::index::Index;
use crate::invalidation::Invalidation;
use crate::key::Key;

/// Milliseconds since any fixed moment. Must not run backwards.
pub type Timestamp = u64;

/// How long an entry stays after its last subscriber has left, in milliseconds.
pub const GC_TIME: Timestamp = 5 * 60 * 1000;

/// How many redirect cookies are remembered as applied. They live ten seconds (protocol rule R2).
const NONCES: usize = 64;

/// Where an invalidation came from, for those who watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The answer of a call: its `invalidate` member, its header, or both.
    Call,
    /// The header of a response to a request that the page made by itself.
    Header,
    /// A cookie that was set on a redirect.
    Cookie,
    /// Another tab.
    Tab,
    /// The page's own code.
    Local,
    /// Nothing said so, but the outcome of something is unknown: a call without an answer, or a page
    /// that was brought back from the back/forward cache.
    Unknown,
}

/// What every response of the server may say beside its body; `None` where a header is missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer<'a> {
    /// `X-Mizan-Identity`.
    pub identity: Option<&'a str>,
    /// `X-Mizan-Schema`.
    pub schema: Option<&'a str>,
}

/// What a response says that it changed, by both transports.
#[derive(Clone, Debug)]
pub struct Changes<'a> {
    /// The `invalidate` member.
    pub list: Result<Vec<Invalidation>, InvalidList>,
    /// The text of `X-Mizan-Invalidate`; field lines joined by commas.
    pub header: Option<&'a str>,
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
    /// The value of an entry came with the page (protocol rule S2).
    Hydrated(Handle, Answer<'a>),
    /// A fetch was answered with a value.
    Fetched(Handle, FetchId, Answer<'a>),
    /// A fetch failed: with this status, or 0 where no answer came.
    Failed(Handle, FetchId, u16, Answer<'a>),
    /// A call is about to be sent.
    Call(CallId),
    /// A call was answered, whatever the status. With `true`, [`Output::Settled`] waits for what the
    /// call invalidated.
    CallAnswered(CallId, bool, Answer<'a>, Changes<'a>),
    /// A call ended without an answer. It may have been carried out.
    CallLost(CallId),
    /// Another request of the page was answered.
    Seen(Changes<'a>),
    /// A cookie of a redirect is there: its nonce and the header text that it carries.
    Cookie(&'a str, &'a str),
    /// Another tab posted this.
    TabMessage(&'a str),
    /// The page's own code invalidates.
    Invalidate(&'a [Invalidation]),
    /// The page's code was generated from the schema with this hash.
    Schema(&'a str),
    /// The page became visible or the network came back: what is in use may have changed.
    Revalidate,
    /// The page came back from the back/forward cache: anything may have changed.
    Restored,
    /// Time went by.
    Tick,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// End a call.
    Settled { call: CallId },
    /// Post this to the other tabs.
    Post(String),
    /// Tell those who watch: these were invalidated (in the header's form).
    Invalidated { source: Source, list: String },
    /// Tell those who watch: somebody else is logged in. Everything was dropped.
    Identity,
    /// Tell those who watch, once: the page's code was generated from another schema.
    Outdated,
    /// Tell those who watch: this could not be read, so everything was invalidated.
    Malformed(String),
}

struct Call {
    id: CallId,
    /// The identities seen when it was sent.
    epoch: u32,
    /// The entries whose refetch it waits for.
    waits: Vec<u32>,
    answered: bool,
}

/// The cached contexts of one page. See the crate's documentation for how to drive it.
#[derive(Default)]
pub struct Cache {
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
    index: Index,
    calls: Vec<Call>,
    outputs: Vec<Output>,
    polled: usize,
    fetches: u32,
    rounds: u32,
    identity: Option<String>,
    /// How often the identity has changed.
    epoch: u32,
    schema: String,
    outdated: bool,
    nonces: Vec<String>,
    timeout: Option<Timestamp>,
}

impl Cache {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// The entry of `key`, made where there is none. Nothing is fetched until somebody wants it.
    pub fn open(&mut self, now: Timestamp, key: Key) -> Handle {
        let hash = key_hash(&key);
        let found = self.index.find(hash).find(|at| self.entry(*at).is_some_and(|e| e.key == key));
        if let Some(at) = found {
            return Handle(at);
        }
        let mut entry = Entry::new(key);
        entry.release = Some(now + GC_TIME);
        self.arm(now + GC_TIME);
        let at = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
        });
        let index = &mut self.index;
        entry.hashes(|hash| index.insert(hash, at));
        self.entries[at as usize] = Some(entry);
        Handle(at)
    }

    /// The key of an entry; `None` once it was collected.
    pub fn key(&self, entry: Handle) -> Option<&Key> {
        self.entry(entry.0).map(|entry| &entry.key)
    }

    /// The next thing to do. Poll until `None` after every input.
    pub fn poll_output(&mut self) -> Option<Output> {
        let output = self.outputs.get_mut(self.polled).map(|o| core::mem::replace(o, Output::Identity));
        self.polled += 1;
        if output.is_none() {
            self.outputs.clear();
            self.polled = 0;
        }
        output
    }

    /// When [`Input::Tick`] is due. `None` in a machine that waits for nothing.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.timeout
    }

    /// Takes note of something that happened at `now`.
    pub fn handle_input(&mut self, now: Timestamp, input: Input<'_>) {
        match input {
            Input::Subscribe(entry) => self.want(entry.0, |entry| entry.subscribers += 1),
            Input::Unsubscribe(entry) => self.leave(now, entry.0, |entry| {
                entry.subscribers = entry.subscribers.saturating_sub(1);
            }),
            Input::Read(entry) => {
                if self.entry(entry.0).is_some_and(|entry| entry.fresh) {
                    self.outputs.push(Output::Settle { entry, ok: true });
                } else {
                    self.want(entry.0, |entry| entry.reads += 1);
                }
            }
            Input::Unread(entry) => self.leave(now, entry.0, |entry| {
                entry.reads = entry.reads.saturating_sub(1);
            }),
            Input::Refetch(entry) => self.expire(entry.0),
            Input::Hydrated(entry, answer) => self.hydrated(entry, answer),
            Input::Fetched(entry, fetch, answer) => self.answered(now, entry, fetch, None, answer),
            Input::Failed(entry, fetch, status, answer) => {
                self.answered(now, entry, fetch, Some(status), answer);
            }
            Input::Call(id) => {
                let call = Call { id, epoch: self.epoch, waits: Vec::new(), answered: false };
                self.calls.push(call);
            }
            Input::CallAnswered(call, awaits, answer, changes) => {
                self.call_answered(now, call, awaits, answer, changes);
            }
            Input::CallLost(call) => {
                self.invalidate(now, Source::Unknown, &[Invalidation::All]);
                self.call_done(call, Vec::new());
            }
            Input::Seen(changes) => {
                self.change(now, Source::Header, changes);
            }
            Input::Cookie(nonce, header) => self.cookie(now, nonce, header),
            Input::TabMessage(message) => self.tab_message(now, message),
            Input::Invalidate(list) => {
                self.invalidate(now, Source::Local, list);
            }
            Input::Schema(hash) => self.schema = hash.into(),
            Input::Revalidate => {
                for at in self.all() {
                    if self.entry(at).is_some_and(|entry| entry.subscribers > 0) {
                        self.expire(at);
                        self.start(at, false);
                    }
                }
            }
            Input::Restored => {
                self.invalidate(now, Source::Unknown, &[Invalidation::All]);
            }
            Input::Tick => self.tick(now),
        }
    }

    // -- Who wants what ----------------------------------------------------------------------------

    fn want(&mut self, at: u32, count: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entry_mut(at) {
            count(entry);
            entry.release = None;
            entry.failed = false;
            self.start(at, false);
        }
    }

    fn leave(&mut self, now: Timestamp, at: u32, count: impl FnOnce(&mut Entry)) {
        let Some(entry) = self.entry_mut(at) else { return };
        count(entry);
        if entry.wanted() {
            return;
        }
        // A fetch is given up in the next turn, not in this one: a component that is moved leaves and
        // comes back within one turn.
        let release = if entry.fetch.is_some() { now } else { now + GC_TIME };
        entry.release = Some(release);
        self.arm(release);
        self.not_awaited(at);
    }

    fn tick(&mut self, now: Timestamp) {
        self.timeout = None;
        for at in self.all() {
            let Some(entry) = self.entry_mut(at) else { continue };
            let Some(mut release) = entry.release else { continue };
            if release <= now {
                if entry.fetch.is_none() {
                    self.collect(at);
                    continue;
                }
                release = now + GC_TIME;
                entry.release = Some(release);
                self.abort(at);
                self.publish(at, Update::Keep, Update::Keep);
            }
            self.arm(release);
        }
    }

    fn collect(&mut self, at: u32) {
        if let Some(entry) = self.entries.get_mut(at as usize).and_then(Option::take) {
            let index = &mut self.index;
            entry.hashes(|hash| index.remove(hash, at));
            self.free.push(at);
            self.outputs.push(Output::Collect { entry: Handle(at) });
        }
    }

    fn arm(&mut self, at: Timestamp) {
        self.timeout = Some(self.timeout.map_or(at, |timeout| timeout.min(at)));
    }

    // -- Fetching ----------------------------------------------------------------------------------

    /// Begins a fetch if one is needed.
    fn start(&mut self, at: u32, restarted: bool) {
        let id = FetchId(self.fetches);
        let Some(entry) = self.entry_mut(at) else { return };
        if entry.wanted() && !entry.fresh && !entry.failed && entry.fetch.is_none() {
            entry.fetch = Some(Fetch { id, generation: entry.generation, restarted });
            self.fetches = self.fetches.wrapping_add(1);
            self.outputs.push(Output::Fetch { entry: Handle(at), fetch: id });
            self.publish(at, Update::Keep, Update::Keep);
        }
    }

    fn abort(&mut self, at: u32) {
        if let Some(fetch) = self.entry_mut(at).and_then(|entry| entry.fetch.take()) {
            self.outputs.push(Output::Abort { entry: Handle(at), fetch: fetch.id });
        }
    }

    /// The answer of a fetch: a value, or a failure with its status.
    fn answered(
        &mut self,
        now: Timestamp,
        Handle(at): Handle,
        id: FetchId,
        failure: Option<u16>,
        answer: Answer<'_>,
    ) {
        let Some(entry) = self.entry_mut(at) else { return };
        let Some(fetch) = entry.fetch.take_if(|fetch| fetch.id == id) else { return };
        let current = fetch.generation == entry.generation;
        self.check_schema(answer);
        // A new identity drops every other entry; this answer is the first word about it.
        if let Some(identity) = answer.identity {
            self.identify(now, identity, true, Some(at));
        }
        let Some(entry) = self.entry_mut(at) else { return };
        let (value, error) = match failure {
            None => (Update::Take, Update::Clear),
            Some(404 | 410) => (Update::Clear, Update::Take),
            Some(_) => (Update::Keep, Update::Take),
        };
        if current {
            entry.fresh = failure.is_none();
            entry.failed = failure.is_some();
            entry.reads = 0;
            if !entry.wanted() {
                entry.release = Some(now + GC_TIME);
                self.arm(now + GC_TIME);
            }
            self.publish(at, value, error);
            self.outputs.push(Output::Settle { entry: Handle(at), ok: failure.is_none() });
            self.not_awaited(at);
        } else {
            // Older than an invalidation: worth showing, not worth believing. A failure is neither.
            if failure.is_none() {
                self.publish(at, value, error);
            }
            self.start(at, false);
        }
    }

    fn hydrated(&mut self, Handle(at): Handle, answer: Answer<'_>) {
        self.check_schema(answer);
        if self.outdated {
            return;
        }
        match (&self.identity, answer.identity) {
            (Some(seen), Some(identity)) if seen != identity => return,
            (None, Some(identity)) => self.identity = Some(identity.into()),
            _ => {}
        }
        let Some(entry) = self.entry_mut(at) else { return };
        // Whoever was quicker knows more.
        if entry.generation == 0 && !entry.fresh && entry.fetch.is_none() {
            entry.fresh = true;
            self.publish(at, Update::Take, Update::Clear);
        }
    }

    /// Marks the value as older than what somebody wants to see.
    fn expire(&mut self, at: u32) {
        if let Some(entry) = self.entry_mut(at) {
            entry.fresh = false;
            entry.failed = false;
        }
    }

    fn publish(&mut self, at: u32, value: Update, error: Update) {
        if let Some(entry) = self.entry(at) {
            let state = entry.state();
            self.outputs.push(Output::Publish { entry: Handle(at), value, error, state });
        }
    }

    // -- Invalidation ------------------------------------------------------------------------------

    /// Raises the generation of what `list` names. Gives back the entries that it touched.
    fn invalidate(&mut self, now: Timestamp, source: Source, list: &[Invalidation]) -> Vec<u32> {
        if list.is_empty() {
            return Vec::new();
        }
        let text = header::format(list, usize::MAX);
        if !matches!(source, Source::Tab | Source::Unknown) {
            self.outputs.push(Output::Post(joined("i", &text)));
        }
        self.outputs.push(Output::Invalidated { source, list: text });
        self.rounds = self.rounds.wrapping_add(1);
        let round = self.rounds;
        let mut touched = Vec::new();
        for member in list {
            for at in self.candidates(member) {
                let Some(entry) = self.entry_mut(at) else { continue };
                if entry.round != round && member.matches(&entry.key) {
                    entry.round = round;
                    touched.push(at);
                }
            }
        }
        for &at in &touched {
            self.outdate(now, at);
        }
        touched
    }

    /// Every entry that `member` may match: those under its context, or under one of its params.
    fn candidates(&self, member: &Invalidation) -> Vec<u32> {
        match member {
            Invalidation::All => self.all(),
            Invalidation::Matching(key) => {
                let pair = key.pairs().next();
                self.index.find(pair.map_or(context_hash(key), |pair| param_hash(key, pair))).collect()
            }
        }
    }

    fn outdate(&mut self, now: Timestamp, at: u32) {
        let Some(entry) = self.entry_mut(at) else { return };
        entry.generation = entry.generation.wrapping_add(1);
        entry.fresh = false;
        entry.failed = false;
        let replace = entry.fetch.as_ref().is_some_and(|fetch| !fetch.restarted);
        let unwanted = !entry.wanted();
        if unwanted {
            entry.release = Some(now + GC_TIME);
            self.arm(now + GC_TIME);
        }
        if replace || unwanted {
            self.abort(at);
        }
        match self.entry(at) {
            Some(entry) if entry.wanted() && entry.fetch.is_none() => self.start(at, replace),
            _ => self.publish(at, Update::Keep, Update::Keep),
        }
    }

    /// Applies what a response says that it changed. Nothing is ever lost: what cannot be read
    /// counts as everything.
    fn change(&mut self, now: Timestamp, source: Source, changes: Changes<'_>) -> Vec<u32> {
        let mut malformed = None;
        let mut list = changes.list.unwrap_or_else(|error| {
            malformed = Some(joined("invalidate: ", &error.message()));
            Vec::from([Invalidation::All])
        });
        let more = header::parse(changes.header.unwrap_or_default()).unwrap_or_else(|error| {
            malformed = Some(joined("X-Mizan-Invalidate: ", &error.message()));
            Vec::from([Invalidation::All])
        });
        self.outputs.extend(malformed.map(Output::Malformed));
        for member in more {
            member.add(&mut list);
        }
        self.invalidate(now, source, &list)
    }

    fn cookie(&mut self, now: Timestamp, nonce: &str, header: &str) {
        if self.nonces.iter().any(|seen| seen == nonce) {
            return;
        }
        if self.nonces.len() == NONCES {
            self.nonces.remove(0);
        }
        self.nonces.push(nonce.into());
        self.change(now, Source::Cookie, Changes { list: Ok(Vec::new()), header: Some(header) });
    }

    fn tab_message(&mut self, now: Timestamp, message: &str) {
        if let Some(header) = message.strip_prefix('i') {
            self.change(now, Source::Tab, Changes { list: Ok(Vec::new()), header: Some(header) });
        } else if let Some(identity) = message.strip_prefix('u') {
            self.identify(now, identity, false, None);
        }
    }

    // -- Calls -------------------------------------------------------------------------------------

    fn call_answered(
        &mut self,
        now: Timestamp,
        id: CallId,
        awaits: bool,
        answer: Answer<'_>,
        changes: Changes<'_>,
    ) {
        self.check_schema(answer);
        let epoch = self.calls.iter().find(|call| call.id == id).map(|call| call.epoch);
        if let Some(identity) = answer.identity {
            if epoch == Some(self.epoch) {
                self.identify(now, identity, true, None);
            } else if self.identity.as_deref() != Some(identity) {
                // Sent under an identity that has changed since. Which of the two is the present one
                // cannot be told from here; the next fetches will tell.
                self.invalidate(now, Source::Unknown, &[Invalidation::All]);
            }
        }
        let mut waits = self.change(now, Source::Call, changes);
        waits.retain(|at| awaits && self.entry(*at).is_some_and(|entry| entry.subscribers > 0));
        self.call_done(id, waits);
    }

    fn call_done(&mut self, id: CallId, waits: Vec<u32>) {
        if let Some(call) = self.calls.iter_mut().find(|call| call.id == id) {
            call.answered = true;
            call.waits = waits;
        }
        self.settle_calls();
    }

    /// Nobody needs to wait for this entry any longer.
    fn not_awaited(&mut self, at: u32) {
        for call in &mut self.calls {
            call.waits.retain(|other| *other != at);
        }
        self.settle_calls();
    }

    fn settle_calls(&mut self) {
        let outputs = &mut self.outputs;
        self.calls.retain(|call| {
            let open = !call.answered || !call.waits.is_empty();
            if !open {
                outputs.push(Output::Settled { call: call.id });
            }
            open
        });
    }

    // -- Identity and schema -----------------------------------------------------------------------

    /// Takes note of who is logged in. When that has changed, no value of the old identity survives,
    /// and no answer to a request of the old one is looked at. `bearer` is the entry whose answer
    /// brought the news: its value belongs to the new identity.
    fn identify(&mut self, now: Timestamp, identity: &str, tell: bool, bearer: Option<u32>) {
        if self.identity.as_deref() == Some(identity) {
            return;
        }
        let first = self.identity.replace(identity.into()).is_none();
        if first {
            return;
        }
        self.epoch = self.epoch.wrapping_add(1);
        if tell {
            self.outputs.push(Output::Post(joined("u", identity)));
        }
        self.outputs.push(Output::Identity);
        for at in self.all() {
            self.abort(at);
            let Some(entry) = self.entry_mut(at) else { continue };
            entry.fresh = false;
            entry.failed = false;
            if !entry.wanted() {
                entry.release = Some(now + GC_TIME);
                self.arm(now + GC_TIME);
            }
            self.publish(at, Update::Clear, Update::Clear);
            if bearer != Some(at) {
                self.start(at, false);
            }
        }
    }

    fn check_schema(&mut self, answer: Answer<'_>) {
        let differs = answer.schema.is_some_and(|schema| schema != self.schema);
        if differs && !self.schema.is_empty() && !self.outdated {
            self.outdated = true;
            self.outputs.push(Output::Outdated);
        }
    }

    // -- Entries -----------------------------------------------------------------------------------

    fn entry(&self, at: u32) -> Option<&Entry> {
        self.entries.get(at as usize)?.as_ref()
    }

    fn entry_mut(&mut self, at: u32) -> Option<&mut Entry> {
        self.entries.get_mut(at as usize)?.as_mut()
    }

    fn all(&self) -> Vec<u32> {
        (0..).zip(&self.entries).filter(|(_, entry)| entry.is_some()).map(|(at, _)| at).collect()
    }
}

fn joined(start: &str, rest: &str) -> String {
    let mut text = String::from(start);
    text.push_str(rest);
    text
}
