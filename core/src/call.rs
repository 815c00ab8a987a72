//! Calls: their order, what they wait for, and the patches that they lay over values until the server's
//! word is there (protocol rules M6 to M9).

use alloc::vec::Vec;
use core::mem;

use crate::cache::Cache;
use crate::entry::{CallId, Handle};
use crate::invalidation::Invalidation;
use crate::output::{Output, Source};
use crate::text::owned;
use crate::wire::Said;

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) id: CallId,
    /// The cache's epoch when it was sent.
    pub(crate) epoch: u32,
    /// How much it still waits for: its own answer, and the entries that it invalidated.
    pub(crate) waits: u32,
    /// It is settled when all that has arrived, and not with its answer.
    pub(crate) awaits: bool,
    pub(crate) sent: bool,
    pub(crate) answered: bool,
    pub(crate) scope: Vec<u8>,
    /// What its patches are for.
    pub(crate) patches: Vec<Invalidation>,
}

impl Cache {
    pub(crate) fn call(
        &mut self,
        id: CallId,
        awaits: bool,
        scope: &[u8],
        patches: Vec<Invalidation>,
    ) {
        self.acted = true;
        let patched = if patches.is_empty() { 0..0 } else { self.slots() };
        self.calls.push(Call {
            id,
            epoch: 0,
            waits: 1,
            awaits,
            sent: false,
            answered: false,
            scope: owned(scope),
            patches,
        });
        for at in patched {
            if self.cover(at) {
                self.show(at);
            }
        }
        self.send();
    }

    /// Sends what need not wait any longer.
    fn send(&mut self) {
        for place in 0..self.calls.len() {
            let (before, rest) = self.calls.split_at_mut(place);
            let Some(call) = rest.first_mut() else { return };
            let waits = |other: &Call| {
                !other.answered && !other.scope.is_empty() && other.scope == call.scope
            };
            if !call.sent && !before.iter().any(waits) {
                call.sent = true;
                call.epoch = self.epoch;
                let call = call.id;
                self.say(Output::Send { call });
            }
        }
    }

    pub(crate) fn call_answered(
        &mut self,
        id: CallId,
        ok: bool,
        answer: Said<'_>,
        list: Result<Vec<Invalidation>, usize>,
        header: &[u8],
    ) {
        self.check_schema(answer);
        let epoch = self.epoch;
        let call = self.call_mut(id);
        let known = call.as_ref().is_some_and(|call| call.epoch == epoch);
        // A call that was answered before waits for what it named then, and for nothing more.
        let waits = |call: &&mut Call| !call.answered && (call.awaits || !call.patches.is_empty());
        self.waiting = call.filter(waits).map(|call| call.id);
        self.identify(answer.identity, known, None);
        self.change(list, header, Source::Call);
        self.end(id, ok);
    }

    pub(crate) fn call_lost(&mut self, id: CallId) {
        if self.call_mut(id).is_some_and(|call| call.sent) {
            self.doubt(Source::Call);
        }
        self.end(id, false);
    }

    /// Its answer is there, or will never be. What it patched shows the server's word from now on, or as
    /// soon as that has arrived.
    fn end(&mut self, id: CallId, ok: bool) {
        let Some(call) = self.call_mut(id).filter(|call| !call.answered) else {
            return;
        };
        (call.sent, call.answered) = (true, true);
        let (awaits, patched) = (call.awaits, !call.patches.is_empty());
        if patched {
            for at in self.slots() {
                let stays = ok && self.entry(at).awaited.contains(&id);
                if !stays && self.uncover(at, id) {
                    self.show(at);
                }
            }
        }
        if !awaits {
            self.say(Output::Settled { call: id });
        }
        self.settle(id);
        self.send();
    }

    #[inline(never)]
    fn call_mut(&mut self, id: CallId) -> Option<&mut Call> {
        self.calls.iter_mut().find(|call| call.id == id)
    }

    /// The call waits for one more entry.
    pub(crate) fn wait(&mut self, id: CallId) {
        if let Some(call) = self.call_mut(id) {
            call.waits += 1;
        }
    }

    pub(crate) fn settle_all(&mut self, calls: Vec<CallId>) {
        for call in calls {
            self.settle(call);
        }
    }

    /// One thing less for a call to wait for.
    fn settle(&mut self, id: CallId) {
        let Some(place) = self.calls.iter().position(|call| call.id == id) else { return };
        let call = &mut self.calls[place];
        call.waits -= 1;
        if call.waits == 0 && self.calls.remove(place).awaits {
            self.say(Output::Settled { call: id });
        }
    }

    // -- Patches -----------------------------------------------------------------------------------

    /// Lays the patches of calls under way over the entry, if they have any for it that do not lie there.
    pub(crate) fn cover(&mut self, at: u32) -> bool {
        let entry = &mut self.entries[at as usize];
        let handle = Handle(at);
        let count = entry.layers.len();
        for call in self.calls.iter().filter(|call| !call.answered) {
            if entry.layers.contains(&call.id) {
                continue;
            }
            for (patch, named) in (0..).zip(&call.patches) {
                if entry.kept() && named.matches(&entry.key) {
                    entry.layers.push(call.id);
                    self.outputs.say(Output::Patch { entry: handle, call: call.id, patch });
                }
            }
        }
        entry.layers.len() > count
    }

    /// Takes the patches of a call off the entry.
    pub(crate) fn uncover(&mut self, at: u32, call: CallId) -> bool {
        let entry = self.entry_mut(at);
        let count = entry.layers.len();
        entry.layers.retain(|layer| *layer != call);
        let found = entry.layers.len() < count;
        if found {
            self.say(Output::Unpatch { entry: Handle(at), call });
        }
        found
    }

    /// The word of the server has arrived, or nobody waits for it any longer: takes off the patches of
    /// the calls that it is about. They need no longer wait for this entry.
    pub(crate) fn peel(&mut self, at: u32) -> Vec<CallId> {
        let awaited = mem::take(&mut self.entry_mut(at).awaited);
        for call in &awaited {
            self.uncover(at, *call);
        }
        awaited
    }
}
