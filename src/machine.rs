//! The module with the page's machine.

use alloc::vec::Vec;
use core::cell::UnsafeCell;

use mizan_core::text::{cut, owned};
use mizan_core::{
    Answer, Cache, CallId, Changes, FetchId, Handle, Input, Invalidation, Options, Outcome,
    Settings, Timestamp, header,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exchange::{answer, number, text};
use crate::{outputs, spec};

/// The machine of the page, and what lies ready for JavaScript to read until it is told the next thing.
struct Page {
    cache: Cache,
    words: Vec<u32>,
    /// When the page's timer is set to go off.
    armed: Option<Timestamp>,
}

struct Shared(UnsafeCell<Page>);

// SAFETY: as in `exchange`: one thread.
unsafe impl Sync for Shared {}

static PAGE: Shared =
    Shared(UnsafeCell::new(Page { cache: Cache::new(), words: Vec::new(), armed: None }));

fn page() -> &'static mut Page {
    // SAFETY: as in `exchange`: one thread, and nothing in here calls into JavaScript.
    unsafe { &mut *PAGE.0.get() }
}

/// Tells the machine that something happened, and says where its outputs are: their count, then the
/// numbers described in `outputs`.
///
/// `kind` is a letter that says what happened (see js/src/machine.ts), the numbers are those that
/// belong to it, and the text that was written holds its texts, joined by line feeds, which none of them
/// can contain. An empty text is a missing one. One door for all: each further export costs a page some
/// 200 bytes.
#[wasm_bindgen]
pub fn tell(now: f64, kind: u8, number: u32, second: u32, third: u32, fourth: u32) -> *const u32 {
    let text = text();
    let entry = Handle(number);
    let options = Options { stale_time: second, refetch_interval: third, gc_time: fourth };
    let (first, rest) = next(&text);
    let (schema, rest) = next(rest);
    let (header, rest) = next(rest);
    let answer = Answer { identity: first, schema };
    let changes = Changes { list: spec::list(rest), header };
    let input = match kind {
        b'a' => Input::Subscribe(entry, options),
        b'b' => Input::Unsubscribe(entry, options),
        b'c' => Input::Read(entry),
        b'd' => Input::Unread(entry),
        b'e' => Input::Refetch(entry),
        b'f' => {
            let status = u16::try_from(third).unwrap_or_default();
            Input::Fetched(entry, FetchId(second), Outcome { status, retry_after: fourth }, answer)
        }
        b'g' => {
            let patches = changes.list.unwrap_or_default();
            Input::Call(CallId(number), second != 0, first, patches)
        }
        b'h' => Input::CallAnswered(CallId(number), second != 0, answer, changes),
        b'i' => Input::CallLost(CallId(number)),
        b'j' => Input::Seen(changes),
        b'k' => Input::Cookie(first, changes),
        b'l' => Input::TabInvalidated(first, changes),
        b'm' => Input::TabIdentity(header),
        b'n' => Input::Invalidate(changes),
        b'o' => Input::Configure(Settings {
            identity: first,
            schema,
            seed: number,
            retries: second,
            concurrency: third,
        }),
        b'p' => Input::Visible(number != 0),
        b'q' => Input::Restored,
        b's' => Input::Online(number != 0),
        b't' => Input::Hydrated(entry, answer),
        _ => Input::Tick,
    };
    page().tell(time(now), input)
}

/// The entry of the context whose spec was written, as a handle; `-1` where it is none.
#[wasm_bindgen]
pub fn open(now: f64) -> i32 {
    let key = spec::key(&text()).ok();
    key.and_then(|key| i32::try_from(page().cache.open(time(now), key).0).ok()).unwrap_or(-1)
}

/// The key that the spec says that was written (see [`answer`]).
#[wasm_bindgen]
pub fn key() -> *const u32 {
    answer(match spec::key(&text()) {
        Ok(key) => Ok(owned(key.text())),
        Err(error) => Err(error.message()),
    })
}

/// The members of the header that was written, as keys joined by commas (see [`answer`]).
#[wasm_bindgen]
pub fn parse() -> *const u32 {
    answer(match header::parse(&text()) {
        Ok(list) => Ok(Invalidation::join(&list)),
        Err(error) => Err(error.message()),
    })
}

impl Page {
    fn tell(&mut self, now: Timestamp, input: Input<'_>) -> *const u32 {
        self.words.clear();
        self.words.push(0);
        if matches!(input, Input::Tick) {
            // The timer has gone off, perhaps too early: then it is to be set again.
            self.armed = None;
        }
        self.cache.handle_input(now, input);
        while let Some(output) = self.cache.poll_output() {
            outputs::push(&mut self.words, &self.cache, output);
        }
        let timeout = self.cache.poll_timeout();
        if timeout != self.armed {
            self.armed = timeout;
            outputs::push_timer(&mut self.words, timeout.map(|at| at.saturating_sub(now)));
        }
        let count = number(self.words.len() - 1);
        if let Some(first) = self.words.first_mut() {
            *first = count;
        }
        self.words.as_ptr()
    }
}

/// The first of several texts, and the others.
fn next(text: &str) -> (&str, &str) {
    let (first, rest) = cut(text, b'\n');
    (first, rest.unwrap_or_default())
}

/// JavaScript's milliseconds as the machine's.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
fn time(now: f64) -> Timestamp {
    now as Timestamp
}
