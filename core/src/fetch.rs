//! What becomes of fetches (protocol rules C7, C8, C11, C12 and S2).

use crate::cache::{Cache, Timestamp};
use crate::entry::{Fetch, FetchId, Handle, Phase};
use crate::line::Line;
use crate::output::{Output, Update};
use crate::retry;
use crate::wire::Said;

impl Cache {
    /// Puts an entry in line if it needs a fetch. What has failed for good needs one as well: only who
    /// asks for it, or has something to say of it, may start it.
    pub(crate) fn start(&mut self, at: u32) -> bool {
        let entry = self.entry(at);
        let needed = entry.wanted() && !entry.fresh && entry.phase == Phase::Idle;
        if needed {
            self.enqueue(at);
        }
        needed
    }

    pub(crate) fn enqueue(&mut self, at: u32) {
        let entry = self.entry_mut(at);
        entry.phase = Phase::Queued;
        entry.restarted = false;
        let line = usize::from(!entry.observed());
        self.queues[line].push(at);
    }

    /// Begins to fetch what is in line, as long as there is room.
    pub(crate) fn begin(&mut self) {
        while !self.offline && self.fetching < self.concurrency {
            let Some(at) = self.queues.iter_mut().find_map(Line::next) else {
                return;
            };
            let (id, epoch) = (FetchId(self.fetches), self.epoch);
            let entry = self.entry_mut(at);
            if entry.phase == Phase::Queued && entry.wanted() {
                entry.phase = Phase::Fetching;
                entry.fetch = Fetch { id, generation: entry.generation, epoch };
                self.fetching += 1;
                self.fetches = self.fetches.wrapping_add(1);
                self.say(Output::Fetch { entry: Handle(at), fetch: id });
            }
        }
    }

    /// Ends what is under way for an entry.
    pub(crate) fn give_up(&mut self, at: u32) {
        let entry = self.entry_mut(at);
        let (phase, fetch) = (entry.phase, entry.fetch.id);
        entry.phase = Phase::Idle;
        entry.failures = 0;
        if phase == Phase::Fetching {
            self.fetching -= 1;
            self.say(Output::Abort { entry: Handle(at), fetch });
        }
    }

    /// The answer of a fetch: a value with 200, a failure with any other status.
    pub(crate) fn fetched(
        &mut self,
        at: u32,
        id: FetchId,
        status: u32,
        retry_after: u32,
        answer: Said<'_>,
    ) {
        let (now, retries) = (self.now, self.retries);
        let entry = self.entry_mut(at);
        if entry.phase != Phase::Fetching || entry.fetch.id != id {
            return;
        }
        entry.phase = Phase::Idle;
        entry.updated = now;
        let epoch = entry.fetch.epoch;
        let current = entry.fetch.generation == entry.generation;
        let ok = status == 200;
        let again = current
            && entry.wanted()
            && entry.failures < retries
            && retry_after <= retry::PATIENCE
            && retry::is_temporary(status);
        self.fetching -= 1;
        self.check_schema(answer);
        if epoch != self.epoch && self.differs(answer.identity) {
            self.schedule(at);
            self.identify(answer.identity, false, None);
            return;
        }
        if current {
            let entry = self.entry_mut(at);
            if again {
                entry.phase = Phase::Waiting;
                entry.failures += 1;
            } else {
                entry.fresh = ok;
                entry.failures = 0;
                entry.reads = 0;
            }
        }
        // A new identity drops every other entry; this answer is the first word about it.
        self.identify(answer.identity, true, Some(at));
        if again {
            self.random = retry::next(self.random);
            let random = self.random;
            let entry = self.entry_mut(at);
            let delay = retry::delay(entry.failures, random);
            entry.due = now + Timestamp::from(retry_after) + Timestamp::from(delay);
            self.schedule(at);
            return;
        }
        // An answer older than an invalidation is worth showing, though not worth believing; a failure
        // is neither.
        let (value, error) = match status {
            200 => (Update::Take, Update::Clear),
            _ if !current => (Update::Keep, Update::Keep),
            404 | 410 => (Update::Clear, Update::Take),
            _ => (Update::Keep, Update::Take),
        };
        if current {
            let calls = self.peel(at);
            self.schedule(at);
            self.publish(at, value, error);
            self.say(Output::Settle { entry: Handle(at), ok });
            self.settle_all(calls);
        } else {
            self.start(at);
            self.schedule(at);
            self.publish(at, value, error);
        }
    }

    /// A value that came with the page. It is as good as one that was fetched now, unless something is
    /// known that it does not fit with.
    pub(crate) fn hydrated(&mut self, at: u32, answer: Said<'_>) {
        self.check_schema(answer);
        if self.identity.is_empty() {
            self.identify(answer.identity, true, Some(at));
        }
        let now = self.now;
        if self.outdated || self.identity != answer.identity {
            return;
        }
        let entry = self.entry_mut(at);
        // Whoever was quicker knows more.
        if entry.generation == 0 && !entry.fresh && entry.phase == Phase::Idle {
            entry.fresh = true;
            entry.updated = now;
            self.schedule(at);
            self.publish(at, Update::Take, Update::Clear);
        }
    }
}
