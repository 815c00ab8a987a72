//! The machine of the fragments of a page: parts that the server has rendered, and that say which contexts they
//! show (protocol rules F1 to F6).
//!
//! The one rule that everything here serves: **a fragment is as old as the beginning of the request that brought
//! it.** So each request that is under way remembers what was invalidated since it began, and whatever it brings
//! is judged by that.
//!
//! A host tells what happened by numbers and texts, as it tells the [`Cache`](crate::Cache) (see `wire`), and
//! numbers fragments and requests itself, from 1:
//!
//! | kind | numbers | texts |
//! |---|---|---|
//! | 0 watch | fragment | header: what it shows |
//! | 1 unwatch | fragment | |
//! | 2 begin | request, its fragment or 0 | id of the request |
//! | 3 end | request, status, retry after | |
//! | 4 dropped | fragment | |
//! | 9 seen | request or 0 | id, header |
//! | 10 cookie | | nonce, header |
//! | 11 invalidated by a tab | | id, list |
//! | 12 identity of a tab | | identity |
//! | 13 invalidate | | list |
//! | 14 configure | seed, retries | identity, if it is known whom the page is for |
//! | 15 visible, 16 online | whether | |
//! | 17 restored, 18 tick | | |
//! | 23 applied | | nonce |
//!
//! What a request's answer says has an id that begins with the request's own: one answer may say it in several ways,
//! each of which counts once. So no id of a request may be the beginning of another one's.
//!
//! An output is three numbers:
//!
//! | what | of which | detail |
//! |---|---|---|
//! | 0 refresh, 1 stale, 2 fresh | fragment | |
//! | 3 failed | fragment | status |
//! | 6 invalidated | source + 8 · share | the request whose answer said it, or 0 |
//! | 9 malformed | 1 header, 0 list, 2 + 4 · fragment | position |
//! | 10 timer, which the host adds | 1 set, 0 clear | milliseconds from now |

use alloc::vec::Vec;
use core::mem;

use crate::invalidation::overlap;
use crate::nonces::Nonces;
use crate::output::Source;
use crate::parser::Parser;
use crate::retry;
use crate::text::{add_part, owned, parts, set};
use crate::wire::{self, Words, add};

const WATCH: u32 = 0;
const UNWATCH: u32 = 1;
const BEGIN: u32 = 2;
const END: u32 = 3;
const DROPPED: u32 = 4;
const APPLIED: u32 = 23;

const REFRESH: u32 = 0;
const STALE: u32 = 1;
const FRESH: u32 = 2;
const FAILED: u32 = 3;
const INVALIDATED: u32 = 6;
const MALFORMED: u32 = 9;

/// How many bytes of invalidations a request remembers. To one that hears more, perhaps because it never ends,
/// everything has changed.
const LIMIT: usize = 2048;

/// How a fragment is, and what is to become of it if it is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Fresh,
    /// Stale; its refresh is under way, or has failed for good.
    Stale,
    /// It is to be refreshed as soon as there is a network and no request of its own is under way.
    Due,
    /// The host is asked to refresh it.
    Asked,
    /// A refresh has failed and will be tried again.
    Waiting,
}

/// A part of the page that says what it shows.
#[derive(Clone, Debug)]
struct Fragment {
    number: u32,
    /// What it shows: texts of members, joined by commas.
    shows: Vec<u8>,
    phase: Phase,
    /// How many refreshes have failed in a row.
    failures: u32,
    /// When it is tried again.
    due: f64,
}

/// A request that is under way.
#[derive(Clone, Debug)]
struct Request {
    number: u32,
    /// Whose content it brings; 0 where nobody knows.
    fragment: u32,
    /// The machine has asked for it.
    asked: bool,
    /// What the ids begin with of what its answer says.
    id: Vec<u8>,
    /// What was invalidated since it began, but by its own answer: texts of members, joined by commas.
    heard: Vec<u8>,
}

/// The fragments of one page.
#[derive(Clone, Debug)]
pub struct Fragments {
    fragments: Vec<Fragment>,
    requests: Vec<Request>,
    outputs: Vec<Words>,
    /// What was read last, or else invalidated: texts of members, joined by commas.
    list: Vec<u8>,
    nonces: Nonces,
    /// Who is logged in, as was said last; empty where nobody has.
    identity: Vec<u8>,
    random: u32,
    retries: u32,
    offline: bool,
}

impl Fragments {
    /// A page without fragments. It tries nothing again until it is configured.
    #[expect(clippy::new_without_default, reason = "const")]
    pub const fn new() -> Self {
        Self {
            fragments: Vec::new(),
            requests: Vec::new(),
            outputs: Vec::new(),
            list: Vec::new(),
            nonces: Nonces::new(),
            identity: Vec::new(),
            random: 0,
            retries: 0,
            offline: false,
        }
    }

    /// All that there is to do, for a host that clears it before the next input, and what was invalidated: texts
    /// of members, joined by commas.
    pub fn outputs(&mut self) -> (&mut Vec<Words>, &[u8]) {
        (&mut self.outputs, &self.list)
    }

    /// When [`wire::TICK`] is due; the end of time in a machine that waits for nothing.
    pub fn timeout(&self) -> f64 {
        let mut timeout = f64::INFINITY;
        for it in &self.fragments {
            if it.phase == Phase::Waiting && it.due < timeout {
                timeout = it.due;
            }
        }
        timeout
    }

    /// Takes note of something that happened at `now`, in milliseconds since any moment. What is of no kind is
    /// taken for [`wire::TICK`].
    pub fn handle_told(&mut self, now: f64, kind: u32, numbers: [u32; 3], texts: [&[u8]; 3]) {
        let ([number, second, third], [id, header, list]) = (numbers, texts);
        self.list.clear();
        match kind {
            WATCH => self.watch(number, header),
            UNWATCH => {
                if let Some(at) = self.fragments.iter().position(|it| it.number == number) {
                    self.fragments.remove(at);
                }
            }
            BEGIN => self.begin(number, second, id),
            END => self.end(now, number, second, third),
            DROPPED => {
                if let Some(it) = find(&mut self.fragments, number)
                    && it.phase == Phase::Asked
                {
                    it.fail(now, 0, 0, &mut self.random, self.retries, &mut self.outputs);
                }
            }
            wire::SEEN | wire::COOKIE | wire::TAB_INVALIDATED | wire::INVALIDATE => {
                // What has no id is always new.
                if self.nonces.is_new(id) {
                    let own = kind >= wire::TAB_INVALIDATED;
                    self.read(if own { list } else { header }, own, u32::from(!own));
                    let named = |it: &&Request| !it.id.is_empty() && id.starts_with(&it.id);
                    let request = match number {
                        0 => self.requests.iter().find(named).map_or(0, |it| it.number),
                        _ => number,
                    };
                    self.invalidate(Source::of(kind), request);
                }
            }
            wire::TAB_IDENTITY | wire::RESTORED => {
                let tab = kind == wire::TAB_IDENTITY;
                // Each page with the whole runtime tells who is logged in when it first learns it, which is no news.
                if !tab || self.identity != id {
                    set(&mut self.list, b"*");
                    self.invalidate(if tab { Source::Tab } else { Source::Unknown }, 0);
                }
                if tab {
                    set(&mut self.identity, id);
                }
            }
            wire::CONFIGURE => {
                set(&mut self.identity, id);
                self.random = number;
                self.retries = second;
            }
            wire::VISIBLE | wire::ONLINE => {
                if kind == wire::ONLINE {
                    self.offline = number == 0;
                }
                if number != 0 {
                    // Whoever comes back wants to see the truth, also of what has failed.
                    for it in &mut self.fragments {
                        if it.phase != Phase::Fresh {
                            it.want();
                        }
                    }
                }
            }
            APPLIED => {
                self.nonces.is_new(id);
            }
            _ => {
                for it in &mut self.fragments {
                    if it.phase == Phase::Waiting && it.due <= now {
                        it.phase = Phase::Due;
                    }
                }
            }
        }
        if !self.offline {
            self.refresh();
        }
    }

    /// A fragment is there, or shows something else now. Any of the requests under way may have brought it.
    fn watch(&mut self, number: u32, text: &[u8]) {
        self.read(text, false, 2 | number << 2);
        if find(&mut self.fragments, number).is_none() {
            self.fragments.push(Fragment {
                number,
                shows: Vec::new(),
                phase: Phase::Fresh,
                failures: 0,
                due: 0.0,
            });
        }
        let Some(it) = find(&mut self.fragments, number) else { return };
        it.shows = mem::take(&mut self.list);
        for request in &self.requests {
            it.judge(&request.heard, &mut self.outputs);
        }
    }

    fn begin(&mut self, number: u32, fragment: u32, id: &[u8]) {
        let asked = find(&mut self.fragments, fragment).filter(|it| it.phase == Phase::Asked);
        let asked = asked.map(|it| it.phase = Phase::Stale).is_some();
        let (id, heard) = (owned(id), Vec::new());
        self.requests.push(Request { number, fragment, asked, id, heard });
    }

    /// A request is over, and what it has brought is in the page.
    fn end(&mut self, now: f64, number: u32, status: u32, retry_after: u32) {
        let Some(place) = self.requests.iter().position(|it| it.number == number) else { return };
        let request = self.requests.remove(place);
        let ok = status == 200;
        for it in &mut self.fragments {
            let own = it.number == request.fragment;
            let stale = it.phase != Phase::Fresh;
            // Where nobody knows what it has brought, that may be anywhere. What failed has brought nothing: it
            // only says whether what was asked for would have done.
            let outdated = (own && (ok || stale) || ok && request.fragment == 0)
                && it.judge(&request.heard, &mut self.outputs);
            if own && !outdated && stale {
                if ok {
                    it.phase = Phase::Fresh;
                    add(&mut self.outputs, FRESH, it.number, 0);
                } else if request.asked {
                    it.fail(
                        now,
                        status,
                        retry_after,
                        &mut self.random,
                        self.retries,
                        &mut self.outputs,
                    );
                }
            }
        }
    }

    /// Reads a list. Nothing is ever lost: what cannot be read counts as everything.
    #[inline(never)]
    #[expect(clippy::cast_possible_truncation, reason = "no text is longer than 2^32 bytes")]
    fn read(&mut self, text: &[u8], own: bool, which: u32) {
        let out = &mut self.list;
        let wrong = Parser::each(text, own, |member| {
            add_part(out, b',', member.bytes());
        });
        if let Some(position) = wrong {
            add(&mut self.outputs, MALFORMED, which, position as u32);
            set(&mut self.list, b"*");
        }
    }

    /// Makes each fragment stale that the list concerns. The request whose answer says it has begun before, and yet
    /// brings what is true after it.
    fn invalidate(&mut self, source: Source, request: u32) {
        if self.list.is_empty() {
            return;
        }
        let share = matches!(source, Source::Header | Source::Local);
        add(&mut self.outputs, INVALIDATED, source as u32 | u32::from(share) << 3, request);
        for it in self.requests.iter_mut().filter(|it| it.number != request) {
            for member in parts(&self.list, b',') {
                add_part(&mut it.heard, b',', member);
            }
            if it.heard.len() > LIMIT {
                set(&mut it.heard, b"*");
            }
        }
        for it in &mut self.fragments {
            it.judge(&self.list, &mut self.outputs);
        }
    }

    /// Asks for what is due.
    fn refresh(&mut self) {
        for it in &mut self.fragments {
            let busy = self.requests.iter().any(|request| request.fragment == it.number);
            if it.phase == Phase::Due && !busy {
                it.phase = Phase::Asked;
                add(&mut self.outputs, REFRESH, it.number, 0);
            }
        }
    }
}

impl Fragment {
    /// Whether something that was invalidated concerns it. Then it is stale.
    #[inline(never)]
    fn judge(&mut self, heard: &[u8], outputs: &mut Vec<Words>) -> bool {
        let concerns = parts(&self.shows, b',')
            .any(|shown| parts(heard, b',').any(|member| overlap(shown, member)));
        if concerns {
            if self.phase == Phase::Fresh {
                add(outputs, STALE, self.number, 0);
            }
            self.want();
        }
        concerns
    }

    /// It is to be refreshed, whatever has failed before.
    fn want(&mut self) {
        self.failures = 0;
        if self.phase != Phase::Asked {
            self.phase = Phase::Due;
        }
    }

    /// A refresh has failed.
    #[inline(never)]
    fn fail(
        &mut self,
        now: f64,
        status: u32,
        retry_after: u32,
        random: &mut u32,
        retries: u32,
        outputs: &mut Vec<Words>,
    ) {
        self.phase = Phase::Waiting;
        self.failures += 1;
        if self.failures > retries || retry_after > retry::PATIENCE || !retry::is_temporary(status)
        {
            self.phase = Phase::Stale;
            add(outputs, FAILED, self.number, status);
            return;
        }
        *random = retry::next(*random);
        self.due = now + f64::from(retry_after + retry::delay(self.failures, *random));
    }
}

#[inline(never)]
fn find(fragments: &mut [Fragment], number: u32) -> Option<&mut Fragment> {
    fragments.iter_mut().find(|it| it.number == number)
}
