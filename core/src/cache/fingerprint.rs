//! What a machine will do, as bytes: for tests that explore all of its states.
//!
//! Each struct is taken apart here without `..`, so that a new field does not compile until somebody
//! has decided what it means for two machines to be alike in it.

use alloc::vec::Vec;
use core::iter;

use super::{Cache, Timestamp};
use crate::call::Call;
use crate::entry::{CallId, Entry, Fetch, Options, Phase};
use crate::line::Line;
use crate::text::parts;

impl Cache {
    /// The same for two machines that answer the same inputs with the same outputs from now on, but for
    /// the names of fetches. Times count from `now`, generations and epochs by whether they are the
    /// present ones. Values that are older than `age` are alike: nobody ever asks for a longer stale
    /// time or interval.
    ///
    /// # Panics
    ///
    /// If outputs are left to be polled.
    pub fn fingerprint(&self, now: Timestamp, age: Timestamp) -> Vec<u8> {
        let Self {
            entries,
            free,
            // Follows from the entries, but for the order in which it finds them.
            index: _,
            calls,
            outputs,
            queues,
            fetching,
            // Names of fetches and rounds are compared for being the same one, and never given twice.
            fetches: _,
            rounds: _,
            // Of one input.
            waiting: _,
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
            now: _,
            random,
            retries,
            concurrency,
            hidden,
            offline,
        } = self;
        let mut print = Print { bytes: Vec::new(), now, age };
        print.line(outputs, |_, _| panic!("outputs are left"));
        print.list(entries, |print, entry| {
            let kept = Some(entry).filter(|entry| entry.kept());
            print.option(kept, |print, entry| print.entry(entry, *epoch));
        });
        let next = |at: &u32| entries.get(*at as usize).map(|entry| entry.next);
        let chain: Vec<u32> = iter::successors(Some(*free), next).collect();
        print.list(&chain, |print, at| print.number(*at));
        print.list(calls, |print, call| {
            let Call {
                id: CallId(id),
                epoch: sent_in,
                waits,
                awaits,
                sent,
                answered,
                scope,
                patches,
            } = call;
            print.number(*id);
            print.flag(*sent && sent_in == epoch);
            print.number(*waits);
            print.flag(*awaits);
            print.flag(*sent);
            print.flag(*answered);
            print.text(scope);
            print.list(patches, |print, named| print.text(named.bytes()));
        });
        for queue in queues {
            print.line(queue, |print, at| print.number(*at));
        }
        print.number(*fetching);
        print.text(identity);
        print.flag(*heard);
        print.flag(*acted);
        print.text(schema);
        print.flag(*outdated);
        // A set.
        let mut seen: Vec<_> = parts(&nonces.0, b'\n').collect();
        seen.sort_unstable();
        print.list(&seen, |print, nonce| print.text(nonce));
        print.time(*timeout);
        print.number(*random);
        print.number(*retries);
        print.number(*concurrency);
        print.flag(*hidden);
        print.flag(*offline);
        print.bytes
    }
}

struct Print {
    bytes: Vec<u8>,
    now: Timestamp,
    age: Timestamp,
}

impl Print {
    fn entry(&mut self, entry: &Entry, epoch: u32) {
        let Entry {
            key,
            // It follows from the order of what was opened, like the index.
            link: _,
            // Those of the chain of free places are printed with that.
            next: _,
            observers,
            reads,
            generation,
            fresh,
            phase,
            fetch,
            restarted,
            failures,
            due,
            updated,
            gc_time,
            awaited,
            layers,
            // A round that is over never comes again.
            round: _,
        } = entry;
        self.text(key.bytes());
        self.list(observers, |print, options| {
            let Options { stale_time, refetch_interval, gc_time } = options;
            print.number(*stale_time);
            print.number(*refetch_interval);
            print.number(*gc_time);
        });
        self.number(*reads);
        // Whether it was ever named: a value that comes with the page is not believed then.
        self.flag(*generation == 0);
        self.flag(*fresh);
        let place = match phase {
            Phase::Idle => 0,
            Phase::Queued => 1,
            Phase::Fetching => 2,
            Phase::Waiting => 3,
        };
        self.number(place);
        if *phase == Phase::Fetching {
            let Fetch { id: _, generation: begun, epoch: sent } = fetch;
            self.flag(begun == generation);
            self.flag(*sent == epoch);
        }
        // Said anew when a fetch is put in line.
        self.flag(*restarted && matches!(phase, Phase::Queued | Phase::Fetching));
        self.number(*failures);
        self.time(*due);
        let age = self.now.saturating_sub(*updated).min(self.age);
        self.bytes.extend(age.to_le_bytes());
        self.number(*gc_time);
        self.list(awaited, |print, CallId(id)| print.number(*id));
        self.list(layers, |print, CallId(id)| print.number(*id));
    }

    fn number(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn flag(&mut self, flag: bool) {
        self.bytes.push(flag.into());
    }

    fn text(&mut self, text: &[u8]) {
        self.list(text, |print, byte| print.bytes.push(*byte));
    }

    /// What is overdue is due.
    fn time(&mut self, time: Timestamp) {
        let now = self.now;
        let time = Some(time).filter(|time| *time < Timestamp::MAX);
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

    /// What is still in line.
    fn line<T>(&mut self, line: &Line<T>, print: impl Fn(&mut Self, &T)) {
        let Line { items, next } = line;
        self.list(items.get(*next..).unwrap_or_default(), print);
    }
}
