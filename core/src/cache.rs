//! The cache machine: what happened goes in, what to do comes out (protocol rules C6 to C12).
//!
//! The one rule that everything here serves: **an invalidation raises the generation of each entry that
//! it names, and a value is fresh only if its fetch began under the present generation.** It does not
//! matter whether the invalidation comes before the first fetch, during one or between two.
//!
//! Here is who wants what, time, and invalidation; what becomes of fetches is in `fetch`, of calls and
//! their patches in `call`, and who is logged in, in `identity`.

#[cfg(feature = "fingerprint")]
mod fingerprint;

use alloc::vec::Vec;
use core::hint::black_box;
use core::mem;
use core::ops::Range;

use crate::call::Call;
use crate::entry::{CallId, Entry, FetchId, Handle, NEVER, Options, Phase};
use crate::header;
use crate::index::Index;
use crate::input::Input;
use crate::invalidation::Invalidation;
use crate::key::Key;
use crate::line::Line;
use crate::nonces::Nonces;
use crate::output::{Output, Source, Update};
use crate::text::{set, shown};
use crate::wire::{self, List, Said, Told, Words};

/// Milliseconds since any fixed moment. Must not run backwards.
pub type Timestamp = u64;

/// How long an entry stays after its last subscriber has left unless one has asked for another time, in
/// milliseconds.
pub const GC_TIME: u32 = 5 * 60 * 1000;

/// The cached contexts of one page. See the crate's documentation for how to drive it.
#[derive(Clone, Debug)]
pub struct Cache {
    /// Those that were collected stay until their place is given again.
    pub(crate) entries: Vec<Entry>,
    /// The first place that is free; behind the last entry where there is none.
    free: u32,
    pub(crate) index: Index,
    pub(crate) calls: Vec<Call>,
    pub(crate) outputs: Line<Words>,
    /// The entries that wait for room or a network, and perhaps some that no longer do: those that
    /// somebody looks at, and those that are only read.
    pub(crate) queues: [Line<u32>; 2],
    /// How many fetches are under way.
    pub(crate) fetching: u32,
    pub(crate) fetches: u32,
    rounds: u32,
    /// The call that waits for what is being invalidated.
    pub(crate) waiting: Option<CallId>,
    /// What was invalidated last.
    list: Vec<u8>,
    /// Who is logged in; empty until the server has said it.
    pub(crate) identity: Vec<u8>,
    /// Another tab has said that somebody else is logged in, and no answer has confirmed it yet.
    pub(crate) heard: bool,
    /// The page has been loaded, or has done something, since it told the other tabs who is logged
    /// in: that may have been a login.
    pub(crate) acted: bool,
    /// How often what is known of the identity has changed, also to nothing.
    pub(crate) epoch: u32,
    pub(crate) schema: Vec<u8>,
    pub(crate) outdated: bool,
    nonces: Nonces,
    /// When it is somebody's turn.
    timeout: Timestamp,
    /// When what is being done happened.
    pub(crate) now: Timestamp,
    pub(crate) random: u32,
    pub(crate) retries: u32,
    pub(crate) concurrency: u32,
    hidden: bool,
    pub(crate) offline: bool,
}

impl Cache {
    /// An empty cache. It retries nothing and fetches without a limit until [`Input::Configure`] says
    /// otherwise.
    #[expect(clippy::new_without_default, reason = "const")]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
            free: 0,
            index: Index::new(),
            calls: Vec::new(),
            outputs: Line::new(),
            queues: [const { Line::new() }; 2],
            fetching: 0,
            fetches: 0,
            rounds: 0,
            waiting: None,
            list: Vec::new(),
            identity: Vec::new(),
            heard: false,
            acted: true,
            epoch: 0,
            schema: Vec::new(),
            outdated: false,
            nonces: Nonces::new(),
            timeout: Timestamp::MAX,
            now: 0,
            random: 0,
            retries: 0,
            concurrency: NEVER,
            hidden: false,
            offline: false,
        }
    }

    /// The entry of `key`, made where there is none. Nothing is fetched until somebody wants it.
    pub fn open(&mut self, now: Timestamp, key: Key) -> Handle {
        let mut link = self.index.find(&key);
        while link > 0 {
            let at = self.index.next(&mut link);
            if self.entry(at).key == key {
                return Handle(at);
            }
        }
        let at = self.free;
        if at == self.slots().end {
            self.entries.push(Entry::new(at + 1));
        }
        let link = self.index.insert(&key, at);
        let entry = self.entry_mut(at);
        entry.begin(key, link);
        self.free = entry.next;
        self.cover(at);
        self.now = now;
        self.schedule(at);
        Handle(at)
    }

    /// The key of an entry; `None` once it was collected.
    pub fn key(&self, entry: Handle) -> Option<&Key> {
        self.entries.get(entry.0 as usize).filter(|entry| entry.kept()).map(|entry| &entry.key)
    }

    /// The next thing to do. Poll until `None` after every input.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.next().map(Output::from)
    }

    /// All that there is to do, for a host that reads it as it crosses (see [`Words`]) and clears it before
    /// the next input, and what [`Cache::invalidated`] says.
    pub fn outputs(&mut self) -> (&mut Vec<Words>, &[u8]) {
        (&mut self.outputs.items, &self.list)
    }

    /// What the [`Output::Invalidated`] of the last input is about, as [`Invalidation::join`] has it. An
    /// input causes one at most.
    pub fn invalidated(&self) -> &str {
        shown(&self.list)
    }

    /// Who is logged in, as the server has said last; empty where that cannot be told.
    pub fn identity(&self) -> &str {
        shown(&self.identity)
    }

    /// When [`Input::Tick`] is due. `None` in a machine that waits for nothing.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        Some(self.timeout).filter(|at| *at < Timestamp::MAX)
    }

    /// Takes note of something that happened at `now`.
    pub fn handle_input(&mut self, now: Timestamp, input: Input<'_>) {
        self.handle_told(now, input.told());
    }

    /// The same, as it crosses. What is of no kind is taken for [`Input::Tick`].
    pub fn handle_told(&mut self, now: Timestamp, told: Told<'_, impl List>) {
        let Told { kind, numbers: [number, second, third, fourth], answer, header, list } = told;
        let options = Options { stale_time: second, refetch_interval: third, gc_time: fourth };
        let observer = if kind < wire::READ { Some(options) } else { None };
        let yes = second != 0;
        let call = CallId(number);
        self.now = now;
        self.rounds = self.rounds.wrapping_add(1);
        self.list.clear();
        self.waiting = None;
        if kind <= wire::FETCHED || kind == wire::HYDRATED {
            // Who has not heard yet that it was collected.
            if self.key(Handle(number)).is_none() {
                return;
            }
        }
        match kind {
            wire::SUBSCRIBE | wire::READ => self.join(number, observer),
            wire::UNSUBSCRIBE | wire::UNREAD => self.leave(number, observer),
            wire::REFETCH => self.outdate(number, Update::Keep),
            wire::FETCHED => self.fetched(number, FetchId(second), third, fourth, answer),
            wire::CALL => {
                self.call(call, yes, answer.identity, list().unwrap_or_default());
            }
            wire::CALL_ANSWERED => self.call_answered(call, yes, answer, list(), header),
            wire::CALL_LOST => self.call_lost(call),
            wire::SEEN | wire::COOKIE | wire::TAB_INVALIDATED | wire::INVALIDATE => {
                self.acted |= kind == wire::SEEN;
                // A cookie, a message and an answer that was seen have an id.
                if self.nonces.is_new(answer.identity) {
                    self.change(list(), header, Source::of(kind));
                }
            }
            wire::TAB_IDENTITY => self.hear(answer.identity),
            wire::CONFIGURE => self.configure(number, second, third, answer),
            wire::VISIBLE | wire::ONLINE => {
                let away = if kind == wire::VISIBLE { &mut self.hidden } else { &mut self.offline };
                *away = number == 0;
                self.wake(number != 0);
            }
            wire::RESTORED => self.doubt(Source::Unknown),
            wire::HYDRATED => self.hydrated(number, answer),
            _ => self.tick(),
        }
        self.begin();
    }

    fn configure(&mut self, seed: u32, retries: u32, concurrency: u32, answer: Said<'_>) {
        if self.identity.is_empty() {
            set(&mut self.identity, answer.identity);
        }
        set(&mut self.schema, answer.schema);
        self.random = seed;
        self.retries = retries;
        self.concurrency = concurrency;
    }

    // -- Who wants what ----------------------------------------------------------------------------

    /// Somebody wants the entry: an observer with its options, or a read.
    fn join(&mut self, at: u32, observer: Option<Options>) {
        let entry = self.entry_mut(at);
        if !entry.wanted() {
            entry.due = Timestamp::MAX;
            if entry.phase == Phase::Waiting {
                // It was about to be let go, and nobody knows any more when it was to be tried again.
                entry.phase = Phase::Idle;
            }
        }
        match observer {
            None if entry.fresh => {
                self.say(Output::Settle { entry: Handle(at), ok: true });
                self.schedule(at);
                return;
            }
            None => entry.reads += 1,
            Some(options) => {
                let first = !entry.observed();
                entry.gc_time = if first { 0 } else { entry.gc_time }.max(options.gc_time);
                entry.observers.push(options);
            }
        }
        if entry.phase == Phase::Queued {
            // It may have been passed over when nobody wanted it, or move up now. A place too many is
            // passed over.
            self.enqueue(at);
        }
        if self.start(at) {
            self.show(at);
        }
        self.schedule(at);
    }

    fn leave(&mut self, at: u32, observer: Option<Options>) {
        let entry = self.entry_mut(at);
        match observer {
            None => entry.reads = entry.reads.saturating_sub(1),
            Some(options) => {
                if let Some(place) = entry.observers.iter().position(|other| *other == options) {
                    entry.observers.swap_remove(place);
                }
            }
        }
        self.schedule(at);
    }

    // -- Time --------------------------------------------------------------------------------------

    /// Sets when it is the entry's turn. What waits to be tried again keeps its time. Where nobody wants the
    /// entry and nothing is under way for it any more, calls that wait for its next answer wait in vain.
    pub(crate) fn schedule(&mut self, at: u32) {
        let (now, awake) = (self.now, !self.hidden && !self.offline);
        let entry = self.entry_mut(at);
        let later = |since: Timestamp, wait: u32| {
            if wait == NEVER { Timestamp::MAX } else { since + Timestamp::from(wait) }
        };
        let (wanted, idle) = (entry.wanted(), entry.phase == Phase::Idle);
        entry.due = if !wanted {
            // A fetch is given up in the next turn, not in this one: a component that is moved leaves
            // and comes back within one turn.
            later(now, if idle { entry.gc_time } else { 0 })
        } else if entry.phase == Phase::Waiting {
            entry.due
        } else if idle && awake {
            // An interval of 0 is none.
            later(
                entry.updated,
                entry.shortest(|options| match options.refetch_interval {
                    0 => NEVER,
                    interval => interval,
                }),
            )
        } else {
            Timestamp::MAX
        };
        let due = entry.due;
        self.arm(due);
        if idle && !wanted {
            let calls = self.peel(at);
            if !calls.is_empty() {
                self.show(at);
                self.settle_all(calls);
            }
        }
    }

    fn arm(&mut self, due: Timestamp) {
        self.timeout = self.timeout.min(due);
    }

    fn tick(&mut self) {
        let now = self.now;
        self.timeout = Timestamp::MAX;
        for at in self.slots() {
            let free = self.free;
            let entry = self.entry_mut(at);
            let due = entry.due;
            if due > now {
                self.arm(due);
            } else if entry.wanted() {
                entry.due = Timestamp::MAX;
                if entry.phase == Phase::Waiting {
                    self.enqueue(at);
                } else {
                    self.doubt_one(at);
                }
            } else if entry.phase != Phase::Idle {
                self.give_up(at);
                self.show(at);
                self.schedule(at);
            } else {
                entry.due = Timestamp::MAX;
                entry.layers.clear();
                entry.next = free;
                let link = mem::take(&mut entry.link);
                self.free = at;
                self.index.remove(link);
                self.say(Output::Collect { entry: Handle(at) });
            }
        }
    }

    /// The page can be seen, or reach its server, again or no longer: what is in use may have changed
    /// meanwhile.
    fn wake(&mut self, awake: bool) {
        let now = self.now;
        for at in self.slots() {
            let entry = self.entry(at);
            if !entry.wanted() {
                continue;
            }
            let age = now.saturating_sub(entry.updated);
            let old = age >= Timestamp::from(entry.shortest(|options| options.stale_time));
            let waits = entry.phase == Phase::Waiting;
            if awake && entry.observed() && (old || !entry.fresh) || awake && waits {
                self.doubt_one(at);
            }
            self.schedule(at);
        }
    }

    /// Fetches an entry again because it may have changed: a fetch that is under way will do.
    fn doubt_one(&mut self, at: u32) {
        let entry = self.entry_mut(at);
        entry.fresh = false;
        entry.failures = 0;
        if entry.phase == Phase::Waiting {
            entry.phase = Phase::Idle;
        }
        if self.start(at) {
            self.show(at);
        }
    }

    // -- Invalidation ------------------------------------------------------------------------------

    /// Outdates each entry that `list` names.
    fn invalidate(&mut self, list: &[Invalidation], source: Source) {
        if list.is_empty() {
            return;
        }
        let share = matches!(source, Source::Call | Source::Header | Source::Local);
        Invalidation::join(list, &mut self.list);
        self.say(Output::Invalidated { source, share });
        for member in list {
            match member {
                Invalidation::All => {
                    for at in self.slots() {
                        self.outdate(at, Update::Keep);
                    }
                }
                Invalidation::Matching(key) => {
                    let mut link = self.index.find(key);
                    while link > 0 {
                        let at = self.index.next(&mut link);
                        if member.matches(&self.entry(at).key) {
                            self.outdate(at, Update::Keep);
                        }
                    }
                }
            }
        }
    }

    /// Everything may have changed.
    pub(crate) fn doubt(&mut self, source: Source) {
        self.invalidate(&[Invalidation::All], source);
    }

    /// Raises an entry's generation, once a round: what is under way or known is no longer true. With
    /// [`Update::Clear`] it is not even to be shown.
    pub(crate) fn outdate(&mut self, at: u32, update: Update) {
        let (round, waiting) = (self.rounds, self.waiting);
        let entry = self.entry_mut(at);
        if entry.round == round {
            return;
        }
        entry.round = round;
        entry.generation = entry.generation.wrapping_add(1);
        entry.fresh = false;
        entry.failures = 0;
        let idle = entry.phase == Phase::Idle;
        let overtaken = entry.phase == Phase::Fetching;
        if entry.phase == Phase::Waiting {
            entry.phase = Phase::Idle;
        }
        let finish = overtaken && entry.restarted && update == Update::Keep;
        if let Some(call) = waiting.filter(|_| entry.observed()) {
            entry.awaited.push(call);
            self.wait(call);
        }
        if overtaken && !finish {
            self.give_up(at);
        }
        let started = self.start(at);
        if started {
            self.entry_mut(at).restarted = overtaken;
        }
        if !idle {
            self.schedule(at);
        }
        self.publish(at, update, update);
    }

    /// Applies what a response says that it changed. Nothing is ever lost: what cannot be read counts
    /// as everything.
    pub(crate) fn change(
        &mut self,
        list: Result<Vec<Invalidation>, usize>,
        header: &[u8],
        source: Source,
    ) {
        let mut list = list.unwrap_or_else(|position| {
            let mut list = Vec::new();
            self.malformed(&mut list, false, position);
            list
        });
        match header::read(header) {
            Ok(members) => members.into_iter().for_each(|member| member.add(&mut list)),
            Err(position) => self.malformed(&mut list, true, position),
        }
        self.invalidate(&list, source);
    }

    fn malformed(&mut self, list: &mut Vec<Invalidation>, header: bool, position: usize) {
        self.say(Output::Malformed { header, position });
        Invalidation::All.add(list);
    }

    // -- Entries -----------------------------------------------------------------------------------

    #[inline(never)]
    pub(crate) fn publish(&mut self, at: u32, value: Update, error: Update) {
        let entry = self.entry(at);
        if entry.kept() {
            let state = entry.state();
            self.say(Output::Publish { entry: Handle(at), value, error, state });
        }
    }

    /// Shows what is there, which has not changed itself.
    #[inline(always)]
    pub(crate) fn show(&mut self, at: u32) {
        self.publish(at, Update::Keep, Update::Keep);
    }

    #[inline(always)]
    pub(crate) fn say(&mut self, output: Output) {
        self.outputs.say(output);
    }

    // Inlined at their many uses, both cost a page 360 bytes before compression, and 270 where each of those
    // loads the address and the length of the list by itself: `black_box` keeps that in here.
    #[inline(never)]
    pub(crate) fn entry(&self, at: u32) -> &Entry {
        &black_box(self).entries[at as usize]
    }

    #[inline(never)]
    pub(crate) fn entry_mut(&mut self, at: u32) -> &mut Entry {
        &mut black_box(self).entries[at as usize]
    }

    /// Where entries are, also those that were collected.
    #[expect(clippy::cast_possible_truncation, reason = "no page holds 2^32 entries")]
    pub(crate) fn slots(&self) -> Range<u32> {
        0..self.entries.len() as u32
    }
}
