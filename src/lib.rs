//! The browser's door to `mizan-core`: it turns what JavaScript says into inputs of the machine, and
//! outputs of the machine into numbers that JavaScript acts on. It decides nothing.
//!
//! Every function that tells the machine something gives back what to do, as triples of numbers (see
//! [`outputs`]). Promises, values and subscribers live on the JavaScript side (`js/src/`), so that
//! they outlive the instance. Nothing in here calls out: there is no import that could throw into it.

#![cfg_attr(feature = "standalone", no_std)]

extern crate alloc;

mod outputs;
mod spec;
#[cfg(feature = "standalone")]
mod standalone;
mod state;

use alloc::string::String;
use alloc::vec::Vec;

use mizan_core::{Answer, CallId, Changes, FetchId, Handle, Input, Invalidation, Timestamp, header};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::state;

/// What an entry's observers do. The numbers are those of `js/src/machine.ts`.
const ENTRY_INPUTS: [fn(Handle) -> Input<'static>; 5] =
    [Input::Subscribe, Input::Unsubscribe, Input::Read, Input::Unread, Input::Refetch];

/// The entry of a context, as a handle; `-1` where the spec is none, and [`text`] says why.
#[wasm_bindgen]
pub fn open(now: f64, spec: &str) -> i32 {
    let state = state();
    match spec::key(spec) {
        Ok(key) => i32::try_from(state.cache.open(time(now), key).0).unwrap_or(-1),
        Err(error) => {
            state.texts.push(error.message());
            -1
        }
    }
}

/// The key of an entry as text.
#[wasm_bindgen]
pub fn key(entry: u32) -> String {
    state().cache.key(Handle(entry)).map_or_else(String::new, |key| key.text())
}

/// The next text that belongs to an output, or to a failure of [`open`].
#[wasm_bindgen]
pub fn text() -> String {
    let texts = &mut state().texts;
    if texts.is_empty() { String::new() } else { texts.remove(0) }
}

/// An observer did something: `kind` is an index of the inputs above.
#[wasm_bindgen]
pub fn observe(now: f64, kind: usize, entry: u32) -> Vec<u32> {
    match ENTRY_INPUTS.get(kind) {
        Some(input) => state().handle(time(now), input(Handle(entry))),
        None => Vec::new(),
    }
}

/// A fetch ended: with 200 for a value, 0 for no answer, or the status of the failure.
#[wasm_bindgen]
pub fn fetched(
    now: f64,
    entry: u32,
    fetch: u32,
    status: u16,
    identity: Option<String>,
    schema: Option<String>,
) -> Vec<u32> {
    let answer = Answer { identity: identity.as_deref(), schema: schema.as_deref() };
    let (entry, fetch) = (Handle(entry), FetchId(fetch));
    let input = match status {
        200 => Input::Fetched(entry, fetch, answer),
        _ => Input::Failed(entry, fetch, status, answer),
    };
    state().handle(time(now), input)
}

/// The value of an entry came with the page.
#[wasm_bindgen]
pub fn hydrated(
    now: f64,
    entry: u32,
    identity: Option<String>,
    schema: Option<String>,
) -> Vec<u32> {
    let answer = Answer { identity: identity.as_deref(), schema: schema.as_deref() };
    state().handle(time(now), Input::Hydrated(Handle(entry), answer))
}

/// A call was answered. `list` holds specs, joined by commas.
#[wasm_bindgen]
pub fn called(
    now: f64,
    call: u32,
    awaits: bool,
    identity: Option<String>,
    schema: Option<String>,
    list: &str,
    header: Option<String>,
) -> Vec<u32> {
    let answer = Answer { identity: identity.as_deref(), schema: schema.as_deref() };
    let changes = Changes { list: spec::list(list), header: header.as_deref() };
    state().handle(time(now), Input::CallAnswered(CallId(call), awaits, answer, changes))
}

/// Something happened to the page: `kind` is a letter, `number` and the texts are what belongs to it.
#[wasm_bindgen]
pub fn page(now: f64, kind: char, number: u32, one: &str, two: &str) -> Vec<u32> {
    let list;
    let input = match kind {
        'c' => Input::Call(CallId(number)),
        'l' => Input::CallLost(CallId(number)),
        'h' => Input::Seen(Changes { list: Ok(Vec::new()), header: Some(one) }),
        'k' => Input::Cookie(one, two),
        'm' => Input::TabMessage(one),
        'i' => {
            list = spec::list(one).unwrap_or_default();
            Input::Invalidate(&list)
        }
        's' => Input::Schema(one),
        'v' => Input::Revalidate,
        'r' => Input::Restored,
        _ => Input::Tick,
    };
    state().handle(time(now), input)
}

/// Reads a header: the members' texts joined by commas, or `!` and a sentence that ends with the
/// position.
#[wasm_bindgen]
pub fn parse_header(text: &str) -> String {
    match header::parse(text) {
        Ok(list) => {
            let texts: Vec<String> = list.iter().map(Invalidation::text).collect();
            texts.join(",")
        }
        Err(error) => failure(&error.message()),
    }
}

/// Writes a header from specs joined by commas, or `!` and a sentence that ends with the position.
#[wasm_bindgen]
pub fn format_header(list: &str) -> String {
    match spec::list(list) {
        Ok(list) => header::format(&list, header::LIMIT),
        Err(error) => failure(&error.message()),
    }
}

fn failure(message: &str) -> String {
    let mut text = String::from("!");
    text.push_str(message);
    text
}

/// JavaScript's milliseconds as the machine's.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
fn time(now: f64) -> Timestamp {
    now as Timestamp
}
