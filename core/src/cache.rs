//! The cache machine: what happened goes in, what to do comes out (protocol rules C6 to C10).
//!
//! The one rule that everything here serves: **an invalidation raises the generation of each entry that
//! it names, and a value is fresh only if its fetch began under the present generation.** It does not
//! matter whether the invalidation comes before the first fetch, during one or between two.

#[cfg(feature = "fingerprint")]
mod fingerprint;

use alloc::string::String;
use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

use crate::entry::{CallId, Entry, Fetch, FetchId, Handle};
use crate::header;
use crate::index::Index;
use crate::input::{Answer, Changes, Input};
use crate::invalidation::Invalidation;
use crate::key::Key;
use crate::output::{Output, Source, Update};

/// Milliseconds since any fixed moment. Must not run backwards.
pub type Timestamp = u64;

/// How long an entry stays after its last subscriber has left, in milliseconds.
pub const GC_TIME: Timestamp = 5 * 60 * 1000;

/// How many redirect cookies are remembered as applied. They live ten seconds (protocol rule R2).
const NONCES: usize = 64;

#[derive(Clone)]
struct Call {
    id: CallId,
    /// The cache's epoch when it was sent.
    epoch: u32,
    /// How much it still waits for: its own answer, and the entries that it invalidated.
    waits: u32,
}

/// The cached contexts of one page. See the crate's documentation for how to drive it.
#[derive(Clone)]
pub struct Cache {
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
    index: Index,
    calls: Vec<Call>,
    outputs: Vec<Output>,
    polled: usize,
    fetches: u32,
    rounds: u32,
    /// What was invalidated last.
    list: String,
    /// Who is logged in; empty until the server has said it.
    identity: String,
    /// Another tab has said that somebody else is logged in, and no answer has confirmed it yet.
    heard: bool,
    /// The page has been loaded, or has done something, since it told the other tabs who is logged
    /// in: that may have been a login.
    acted: bool,
    /// How often what is known of the identity has changed, also to nothing.
    epoch: u32,
    schema: String,
    outdated: bool,
    nonces: Vec<String>,
    timeout: Option<Timestamp>,
}

impl Cache {
    /// An empty cache.
    #[expect(clippy::new_without_default, reason = "const")]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
            free: Vec::new(),
            index: Index::new(),
            calls: Vec::new(),
            outputs: Vec::new(),
            polled: 0,
            fetches: 0,
            rounds: 0,
            list: String::new(),
            identity: String::new(),
            heard: false,
            acted: true,
            epoch: 0,
            schema: String::new(),
            outdated: false,
            nonces: Vec::new(),
            timeout: None,
        }
    }

    /// The entry of `key`, made where there is none. Nothing is fetched until somebody wants it.
    pub fn open(&mut self, now: Timestamp, key: Key) -> Handle {
        let mut link = self.index.find(&key);
        while let Some(at) = self.index.next(&mut link) {
            if self.entry(at).is_some_and(|entry| entry.key == key) {
                return Handle(at);
            }
        }
        let at = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            self.slots().end - 1
        });
        self.index.list(&key, at, true);
        if let Some(slot) = self.entries.get_mut(at as usize) {
            *slot = Some(Entry::new(key));
        }
        self.release(at, now + GC_TIME);
        Handle(at)
    }

    /// The key of an entry; `None` once it was collected.
    pub fn key(&self, entry: Handle) -> Option<&Key> {
        self.entry(entry.0).map(|entry| &entry.key)
    }

    /// The next thing to do. Poll until `None` after every input.
    pub fn poll_output(&mut self) -> Option<Output> {
        let output = self.outputs.get(self.polled).copied();
        self.polled += 1;
        if output.is_none() {
            self.outputs.clear();
            self.polled = 0;
        }
        output
    }

    /// What the last [`Output::Invalidated`] is about, as [`Invalidation::join`] has it. An input causes
    /// one at most.
    pub fn invalidated(&self) -> &str {
        &self.list
    }

    /// Who is logged in, as the server has said last; empty before.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// When [`Input::Tick`] is due. `None` in a machine that waits for nothing.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.timeout
    }

    /// Takes note of something that happened at `now`.
    pub fn handle_input(&mut self, now: Timestamp, input: Input<'_>) {
        self.rounds = self.rounds.wrapping_add(1);
        match input {
            Input::Subscribe(Handle(at)) => self.join(at, true),
            Input::Unsubscribe(Handle(at)) => self.leave(now, at, true),
            Input::Read(Handle(at)) => self.read(now, at),
            Input::Unread(Handle(at)) => self.leave(now, at, false),
            Input::Refetch(Handle(at)) => self.outdate(now, at, Update::Keep, None),
            Input::Fetched(Handle(at), fetch, status, answer) => {
                self.answered(now, at, fetch, status, answer);
            }
            Input::Call(id) => {
                self.acted = true;
                self.calls.push(Call { id, epoch: self.epoch, waits: 1 });
            }
            Input::CallAnswered(call, awaits, answer, changes) => {
                self.call_answered(now, call, awaits, answer, changes);
            }
            Input::CallLost(call) => {
                self.doubt(now, Source::Call);
                self.settle(call);
            }
            Input::Seen(changes) => {
                self.acted = true;
                self.change(now, changes, Source::Header, None);
            }
            Input::Cookie(nonce, changes) => {
                if self.is_new(nonce) {
                    self.change(now, changes, Source::Cookie, None);
                }
            }
            Input::TabInvalidated(changes) => self.change(now, changes, Source::Tab, None),
            Input::TabIdentity(identity) => self.hear(now, identity),
            Input::Invalidate(changes) => self.change(now, changes, Source::Local, None),
            Input::Schema(hash) => self.schema = hash.into(),
            Input::Revalidate => self.revalidate(),
            Input::Restored => self.doubt(now, Source::Unknown),
            Input::Tick => self.tick(now),
        }
    }

    // -- Who wants what ----------------------------------------------------------------------------

    fn join(&mut self, at: u32, subscribes: bool) {
        if let Some(entry) = self.entry_mut(at) {
            *entry.count(subscribes) += 1;
            entry.release = None;
            entry.failed = false;
            self.start(at, false);
        }
    }

    fn read(&mut self, now: Timestamp, at: u32) {
        if self.entry(at).is_some_and(|entry| entry.fresh) {
            self.say(Output::Settle { entry: Handle(at), ok: true });
            self.release(at, now + GC_TIME);
        } else {
            self.join(at, false);
        }
    }

    fn leave(&mut self, now: Timestamp, at: u32, subscribed: bool) {
        let Some(entry) = self.entry_mut(at) else {
            return;
        };
        let count = entry.count(subscribed);
        *count = count.saturating_sub(1);
        if !entry.wanted() {
            // A fetch is given up in the next turn, not in this one: a component that is moved leaves
            // and comes back within one turn.
            let wait = if entry.fetch.is_some() { 0 } else { GC_TIME };
            self.release(at, now + wait);
            self.arrived(at);
        }
    }

    /// Lets go of an entry later, if nobody wants it.
    fn release(&mut self, at: u32, when: Timestamp) {
        if let Some(entry) = self.entry_mut(at).filter(|entry| !entry.wanted()) {
            entry.release = Some(when);
            self.timeout = Some(self.timeout.map_or(when, |timeout| timeout.min(when)));
        }
    }

    fn tick(&mut self, now: Timestamp) {
        self.timeout = None;
        for at in self.slots() {
            let Some(entry) = self.entry(at) else {
                continue;
            };
            let Some(when) = entry.release else { continue };
            if when > now {
                self.release(at, when);
            } else if entry.fetch.is_some() {
                self.abort(at);
                self.publish(at, Update::Keep, Update::Keep);
                self.release(at, now + GC_TIME);
            } else if let Some(entry) = self.entries.get_mut(at as usize).and_then(Option::take) {
                self.index.list(&entry.key, at, false);
                self.free.push(at);
                self.say(Output::Collect { entry: Handle(at) });
            }
        }
    }

    // -- Fetching ----------------------------------------------------------------------------------

    /// Begins a fetch if one is needed.
    fn start(&mut self, at: u32, restarted: bool) {
        let (id, epoch) = (FetchId(self.fetches), self.epoch);
        let Some(entry) = self.entry_mut(at) else {
            return;
        };
        if entry.wanted() && !entry.fresh && !entry.failed && entry.fetch.is_none() {
            entry.fetch = Some(Fetch { id, generation: entry.generation, epoch, restarted });
            self.fetches = self.fetches.wrapping_add(1);
            self.say(Output::Fetch { entry: Handle(at), fetch: id });
            self.publish(at, Update::Keep, Update::Keep);
        }
    }

    fn abort(&mut self, at: u32) {
        if let Some(fetch) = self.entry_mut(at).and_then(|entry| entry.fetch.take()) {
            self.say(Output::Abort { entry: Handle(at), fetch: fetch.id });
        }
    }

    /// The answer of a fetch: a value with 200, a failure with any other status.
    fn answered(&mut self, now: Timestamp, at: u32, id: FetchId, status: u16, answer: Answer<'_>) {
        let Some(entry) = self.entry_mut(at) else {
            return;
        };
        let Some(fetch) = entry.fetch.take_if(|fetch| fetch.id == id) else {
            return;
        };
        let current = fetch.generation == entry.generation;
        let ok = status == 200;
        self.check_schema(answer);
        let stranger = !self.identity.is_empty() && self.differs(answer.identity);
        if stranger && fetch.epoch != self.epoch {
            self.release(at, now + GC_TIME);
            self.forget(now, None);
            return;
        }
        if let Some(entry) = self.entry_mut(at).filter(|_| current) {
            entry.fresh = ok;
            entry.failed = !ok;
            entry.reads = 0;
        }
        // A new identity drops every other entry; this answer is the first word about it.
        self.identify(now, answer.identity, Some(at), None);
        self.release(at, now + GC_TIME);
        // An answer older than an invalidation is worth showing, though not worth believing; a failure
        // is neither.
        let (value, error) = match status {
            200 => (Update::Take, Update::Clear),
            _ if !current => (Update::Keep, Update::Keep),
            404 | 410 => (Update::Clear, Update::Take),
            _ => (Update::Keep, Update::Take),
        };
        self.publish(at, value, error);
        if current {
            self.say(Output::Settle { entry: Handle(at), ok });
            self.arrived(at);
        } else {
            self.start(at, false);
        }
    }

    fn revalidate(&mut self) {
        for at in self.slots() {
            if let Some(entry) = self.entry_mut(at).filter(|entry| entry.subscribers > 0) {
                entry.fresh = false;
                entry.failed = false;
                self.start(at, false);
            }
        }
    }

    fn publish(&mut self, at: u32, value: Update, error: Update) {
        if let Some(entry) = self.entry(at) {
            let state = entry.state();
            self.say(Output::Publish { entry: Handle(at), value, error, state });
        }
    }

    // -- Invalidation ------------------------------------------------------------------------------

    /// Outdates each entry that `list` names. The call that caused it waits for those in use.
    fn invalidate(
        &mut self,
        now: Timestamp,
        list: &[Invalidation],
        source: Source,
        call: Option<CallId>,
    ) {
        if list.is_empty() {
            return;
        }
        let share = matches!(source, Source::Call | Source::Header | Source::Local);
        self.list = Invalidation::join(list);
        self.say(Output::Invalidated { source, share });
        for member in list {
            match member {
                Invalidation::All => {
                    for at in self.slots() {
                        self.outdate(now, at, Update::Keep, call);
                    }
                }
                Invalidation::Matching(key) => {
                    let mut link = self.index.find(key);
                    while let Some(at) = self.index.next(&mut link) {
                        if self.entry(at).is_some_and(|entry| member.matches(&entry.key)) {
                            self.outdate(now, at, Update::Keep, call);
                        }
                    }
                }
            }
        }
    }

    /// Everything may have changed.
    fn doubt(&mut self, now: Timestamp, source: Source) {
        self.invalidate(now, &[Invalidation::All], source, None);
    }

    /// Raises an entry's generation, once a round: what is under way or known is no longer true. With
    /// [`Update::Clear`] it is not even to be shown.
    fn outdate(&mut self, now: Timestamp, at: u32, update: Update, call: Option<CallId>) {
        let round = self.rounds;
        let Some(entry) = self.entry_mut(at).filter(|entry| entry.round != round) else {
            return;
        };
        entry.round = round;
        entry.generation = entry.generation.wrapping_add(1);
        entry.fresh = false;
        entry.failed = false;
        let waits = entry.subscribers > 0;
        let fetching = entry.fetch.is_some();
        let restarted = entry.fetch.as_ref().is_some_and(|fetch| fetch.restarted);
        if let Some(call) = call.filter(|_| waits) {
            entry.awaited.push(call);
            if let Some(call) = self.calls.iter_mut().find(|other| other.id == call) {
                call.waits += 1;
            }
        }
        if !restarted || update == Update::Clear {
            self.abort(at);
        }
        if fetching {
            self.release(at, now + GC_TIME);
        }
        self.publish(at, update, update);
        self.start(at, fetching);
    }

    /// Applies what a response says that it changed. Nothing is ever lost: what cannot be read counts
    /// as everything.
    fn change(
        &mut self,
        now: Timestamp,
        changes: Changes<'_>,
        source: Source,
        call: Option<CallId>,
    ) {
        let mut list = changes.list.unwrap_or_else(|error| self.malformed(false, error.position));
        let header = header::parse(changes.header);
        for member in header.unwrap_or_else(|error| self.malformed(true, error.position)) {
            member.add(&mut list);
        }
        self.invalidate(now, &list, source, call);
    }

    fn malformed(&mut self, header: bool, position: usize) -> Vec<Invalidation> {
        self.say(Output::Malformed { header, position });
        Vec::from([Invalidation::All])
    }

    /// Whether a redirect cookie is seen for the first time.
    fn is_new(&mut self, nonce: &str) -> bool {
        let new = !self.nonces.iter().any(|seen| seen == nonce);
        if new {
            // Forgotten too early, a cookie is applied once more: a fetch too many, never one too few.
            if self.nonces.len() == NONCES {
                self.nonces.clear();
            }
            self.nonces.push(nonce.into());
        }
        new
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
        let waiting = Some(id).filter(|_| awaits);
        let epoch = self.epoch;
        if self.calls.iter().any(|call| call.id == id && call.epoch == epoch) {
            self.identify(now, answer.identity, None, waiting);
        } else if self.differs(answer.identity) {
            self.forget(now, waiting);
        }
        self.change(now, changes, Source::Call, waiting);
        self.settle(id);
    }

    /// Nobody needs to wait for this entry any longer.
    fn arrived(&mut self, at: u32) {
        let awaited = self.entry_mut(at).map(|entry| mem::take(&mut entry.awaited));
        for call in awaited.unwrap_or_default() {
            self.settle(call);
        }
    }

    /// One thing less for a call to wait for.
    fn settle(&mut self, id: CallId) {
        let outputs = &mut self.outputs;
        self.calls.retain_mut(|call| {
            if call.id == id {
                call.waits -= 1;
                if call.waits == 0 {
                    outputs.push(Output::Settled { call: id });
                }
            }
            call.waits > 0
        });
    }

    // -- Identity and schema -----------------------------------------------------------------------

    /// Takes note of who is logged in, and tells the other tabs, unless they told us. `bearer` is the
    /// entry whose answer brought the news: its value belongs to the new identity.
    fn identify(
        &mut self,
        now: Timestamp,
        identity: &str,
        bearer: Option<u32>,
        call: Option<CallId>,
    ) {
        if self.differs(identity) {
            self.epoch = self.epoch.wrapping_add(1);
            let first = mem::replace(&mut self.identity, identity.into()).is_empty();
            if !mem::take(&mut self.heard) || self.acted {
                self.acted = !self.calls.is_empty();
                self.say(Output::Share);
            }
            if !first {
                self.drop(now, bearer, call);
            }
        }
    }

    /// Another tab says who is logged in. Who it is here only this page's own answers can say: a tab may
    /// have a token of its own. What they say then is no news to the other tabs.
    fn hear(&mut self, now: Timestamp, identity: &str) {
        if self.differs(identity) {
            self.forget(now, None);
            self.heard = true;
        }
    }

    /// Somebody else was named by another tab, or by an answer that was asked for before it was known
    /// who is logged in. Who it is now cannot be told from here; the next answers will tell.
    fn forget(&mut self, now: Timestamp, call: Option<CallId>) {
        self.identity.clear();
        self.epoch = self.epoch.wrapping_add(1);
        self.drop(now, None, call);
    }

    /// Drops every value of the identity that was known, and gives up every fetch of it. `call` waits
    /// for what is in use.
    fn drop(&mut self, now: Timestamp, bearer: Option<u32>, call: Option<CallId>) {
        self.say(Output::Identity);
        for at in self.slots() {
            if bearer == Some(at) {
                self.publish(at, Update::Clear, Update::Clear);
            } else {
                self.outdate(now, at, Update::Clear, call);
            }
        }
    }

    /// Whether a response names somebody else than the one who is known to be logged in.
    fn differs(&self, identity: &str) -> bool {
        !identity.is_empty() && self.identity != identity
    }

    fn check_schema(&mut self, answer: Answer<'_>) {
        let known = !self.schema.is_empty() && !answer.schema.is_empty();
        if known && self.schema != answer.schema && !self.outdated {
            self.outdated = true;
            self.say(Output::Outdated);
        }
    }

    // -- Entries -----------------------------------------------------------------------------------

    fn say(&mut self, output: Output) {
        self.outputs.push(output);
    }

    fn entry(&self, at: u32) -> Option<&Entry> {
        self.entries.get(at as usize)?.as_ref()
    }

    fn entry_mut(&mut self, at: u32) -> Option<&mut Entry> {
        self.entries.get_mut(at as usize)?.as_mut()
    }

    /// Where entries may be. Some of the places may be free.
    #[expect(clippy::cast_possible_truncation, reason = "no page holds 2^32 entries")]
    fn slots(&self) -> Range<u32> {
        0..self.entries.len() as u32
    }
}
