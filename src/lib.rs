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

use mizan_core::text::{cut, push_part};
use mizan_core::{Answer, CallId, Changes, FetchId, Handle, Input, Timestamp, header};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::state;

/// Tells the machine that something happened, and gives back what to do.
///
/// `kind` says what happened (see js/src/machine.ts), `number`, `fetch` and `status` are the numbers that
/// belong to it, and `text` its texts, joined by line feeds, which none of them can contain. An empty
/// text is a missing one. One door for all: each further export costs a page some 200 bytes.
#[wasm_bindgen]
pub fn tell(now: f64, kind: char, number: u32, fetch: u32, status: u16, text: &str) -> Vec<u32> {
    let entry = Handle(number);
    let (identity, text) = next(text);
    let (schema, text) = next(text);
    let answer = Answer { identity, schema };
    let list;
    let input = match kind {
        'a' => Input::Subscribe(entry),
        'b' => Input::Unsubscribe(entry),
        'c' => Input::Read(entry),
        'd' => Input::Unread(entry),
        'e' => Input::Refetch(entry),
        'f' if status == 200 => Input::Fetched(entry, FetchId(fetch), answer),
        'f' => Input::Failed(entry, FetchId(fetch), status, answer),
        'g' => Input::Hydrated(entry, answer),
        'h' => Input::Call(CallId(number)),
        'i' => {
            let (header, specs) = next(text);
            let changes = Changes { list: spec::list(specs), header };
            Input::CallAnswered(CallId(number), fetch != 0, answer, changes)
        }
        'j' => Input::CallLost(CallId(number)),
        'k' => Input::Seen(Changes { list: Ok(Vec::new()), header: next(text).0 }),
        'l' => Input::Cookie(identity.unwrap_or_default(), next(text).0.unwrap_or_default()),
        'm' => Input::TabMessage(text),
        'n' => {
            list = spec::list(text).unwrap_or_default();
            Input::Invalidate(&list)
        }
        'o' => Input::Schema(schema.unwrap_or_default()),
        'p' => Input::Revalidate,
        'q' => Input::Restored,
        _ => Input::Tick,
    };
    state().handle(time(now), input)
}

/// The entry of a context, as a handle; `-1` where the spec is none, and [`ask`] says why.
#[wasm_bindgen]
pub fn open(now: f64, spec: &str) -> i32 {
    let key = spec::key(spec).ok();
    key.and_then(|key| i32::try_from(state().cache.open(time(now), key).0).ok()).unwrap_or(-1)
}

/// Answers a question in text. A text that begins with `!` says what is wrong, and where at its end.
///
/// `t`: the next text that belongs to an output. `k`: the key that the spec `text` says. `p`: the
/// members of the header `text`, joined by commas. `f`: the header of the specs in `text`.
#[wasm_bindgen]
pub fn ask(kind: char, text: &str) -> String {
    let mut out = String::new();
    let error = match kind {
        't' => {
            let texts = &mut state().texts;
            return if texts.is_empty() { out } else { texts.remove(0) };
        }
        'k' => match spec::key(text) {
            Ok(key) => return key.text().into(),
            Err(error) => error.message(),
        },
        'p' => match header::parse(text) {
            Ok(list) => {
                list.iter().for_each(|member| push_part(&mut out, ",", member.text()));
                return out;
            }
            Err(error) => error.message(),
        },
        _ => match spec::list(text) {
            Ok(list) => return header::format(&list, header::LIMIT),
            Err(error) => error.message(),
        },
    };
    out.push('!');
    out.push_str(&error);
    out
}

/// The first of several texts, if it is not empty, and the others.
fn next(text: &str) -> (Option<&str>, &str) {
    let (first, rest) = cut(text, b'\n');
    (Some(first).filter(|first| !first.is_empty()), rest.unwrap_or_default())
}

/// JavaScript's milliseconds as the machine's.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
fn time(now: f64) -> Timestamp {
    now as Timestamp
}
