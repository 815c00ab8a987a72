//! What a machine will do, as bytes: for tests that explore all of its states.
//!
//! Each struct is taken apart here without `..`, so that a new field does not compile until somebody
//! has decided what it means for two machines to be alike in it.

use alloc::vec::Vec;

use super::{Cache, Call, Timestamp};
use crate::entry::{CallId, Entry, Fetch};

impl Cache {
    /// The same for two machines that answer the same inputs with the same outputs from now on, but for
    /// the names of fetches. Times count from `now`, generations and epochs by whether they are the
    /// present ones.
    ///
    /// # Panics
    ///
    /// If outputs are left to be polled.
    pub fn fingerprint(&self, now: Timestamp) -> Vec<u8> {
        let Self {
            entries,
            free,
            // Follows from the entries, but for the order in which it finds them.
            index: _,
            calls,
            outputs,
            polled,
            // Names of fetches and rounds are compared for being the same one, and never given twice.
            fetches: _,
            rounds: _,
            // Looked at beside the outputs of one input.
            list: _,
            identity,
            heard,
            acted,
            epoch,
            schema,
            outdated,
            nonces,
            timeout,
        } = self;
        assert!(outputs.is_empty() && *polled == 0, "outputs are left");
        let mut print = Print { bytes: Vec::new(), now };
        print.list(entries, |print, slot| {
            print.option(slot.as_ref(), |print, entry| print.entry(entry, *epoch));
        });
        print.list(free, |print, at| print.number(*at));
        print.list(calls, |print, call| {
            let Call { id: CallId(id), epoch: sent, waits } = call;
            print.number(*id);
            print.flag(sent == epoch);
            print.number(*waits);
        });
        print.text(identity);
        print.flag(*heard);
        print.flag(*acted);
        print.text(schema);
        print.flag(*outdated);
        print.list(nonces, |print, nonce| print.text(nonce));
        print.time(*timeout);
        print.bytes
    }
}

struct Print {
    bytes: Vec<u8>,
    now: Timestamp,
}

impl Print {
    fn entry(&mut self, entry: &Entry, epoch: u32) {
        let Entry {
            key,
            subscribers,
            reads,
            generation,
            fresh,
            failed,
            fetch,
            release,
            awaited,
            // A round that is over never comes again.
            round: _,
        } = entry;
        self.text(key.text());
        self.number(*subscribers);
        self.number(*reads);
        self.flag(*fresh);
        self.flag(*failed);
        self.option(fetch.as_ref(), |print, fetch| {
            let Fetch { id: _, generation: begun, epoch: sent, restarted } = fetch;
            print.flag(begun == generation);
            print.flag(*sent == epoch);
            print.flag(*restarted);
        });
        self.time(*release);
        self.list(awaited, |print, CallId(id)| print.number(*id));
    }

    fn number(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn flag(&mut self, flag: bool) {
        self.bytes.push(flag.into());
    }

    fn text(&mut self, text: &str) {
        self.list(text.as_bytes(), |print, byte| print.bytes.push(*byte));
    }

    /// What is overdue is due.
    fn time(&mut self, time: Option<Timestamp>) {
        let now = self.now;
        self.option(time, |print, time| print.bytes.extend(time.saturating_sub(now).to_le_bytes()));
    }

    fn option<T>(&mut self, option: Option<T>, print: impl FnOnce(&mut Self, T)) {
        self.flag(option.is_some());
        if let Some(some) = option {
            print(self, some);
        }
    }

    fn list<T>(&mut self, list: &[T], print: impl Fn(&mut Self, &T)) {
        self.number(list.len().try_into().expect("a short list"));
        for member in list {
            print(self, member);
        }
    }
}
