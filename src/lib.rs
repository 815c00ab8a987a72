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

use mizan_core::text::{cut, push_part};
use mizan_core::{Answer, CallId, Changes, FetchId, Handle, Input, Timestamp, header};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::state;

/// Makes room for a text of `length` bytes, which the next call takes, and says where it is. Texts
/// cross this way because the general one costs a page 700 bytes of glue.
#[wasm_bindgen]
pub fn input(length: usize) -> *const u8 {
    let input = &mut state().input;
    input.clear();
    input.resize(length, 0);
    input.as_ptr()
}

/// Tells the machine that something happened, and says where its outputs are: their count, then the
/// numbers described in [`outputs`].
///
/// `kind` is a letter that says what happened (see js/src/machine.ts), the numbers are those that
/// belong to it, and the text that was written holds its texts, joined by line feeds, which none of them
/// can contain. An empty text is a missing one.
#[wasm_bindgen]
pub fn tell(now: f64, kind: u8, number: u32, fetch: u32, status: u16) -> *const u32 {
    let text = text();
    let entry = Handle(number);
    let (first, rest) = next(&text);
    let (second, rest) = next(rest);
    let (third, rest) = next(rest);
    let answer = Answer { identity: first, schema: second };
    let list = spec::list(rest);
    let input = match kind {
        b'a' => Input::Subscribe(entry),
        b'b' => Input::Unsubscribe(entry),
        b'c' => Input::Read(entry),
        b'd' => Input::Unread(entry),
        b'e' => Input::Refetch(entry),
        b'f' if status == 200 => Input::Fetched(entry, FetchId(fetch), answer),
        b'f' => Input::Failed(entry, FetchId(fetch), status, answer),
        b'g' => Input::Hydrated(entry, answer),
        b'h' => Input::Call(CallId(number)),
        b'i' => {
            let changes = Changes { list, header: third };
            Input::CallAnswered(CallId(number), fetch != 0, answer, changes)
        }
        b'j' => Input::CallLost(CallId(number)),
        b'k' => Input::Seen(Changes { list, header: third }),
        b'l' => Input::Cookie(first.unwrap_or_default(), third.unwrap_or_default()),
        b'm' => Input::TabInvalidated(third.unwrap_or_default()),
        b'n' => Input::TabIdentity(third.unwrap_or_default()),
        b'o' => Input::Invalidate(list.as_deref().unwrap_or_default()),
        b'p' => Input::Schema(second.unwrap_or_default()),
        b'q' => Input::Revalidate,
        b'r' => Input::Restored,
        _ => Input::Tick,
    };
    state().handle(time(now), input)
}

/// The entry of the context whose spec was written, as a handle; `-1` where it is none, and [`ask`]
/// says why.
#[wasm_bindgen]
pub fn open(now: f64) -> i32 {
    let key = spec::key(&text()).ok();
    key.and_then(|key| i32::try_from(state().cache.open(time(now), key).0).ok()).unwrap_or(-1)
}

/// Answers a question about the text that was written, and says where the answer is: whether it is one
/// or says what is wrong, its address and its length.
///
/// `k`: the key that a spec says. `p`: the members of a header, joined by commas. `f`: the header of
/// specs joined by commas.
#[wasm_bindgen]
pub fn ask(kind: u8) -> *const u32 {
    let text = text();
    state().answer(match kind {
        b'k' => match spec::key(&text) {
            Ok(key) => Ok(key.text().into()),
            Err(error) => Err(error.message()),
        },
        b'p' => match header::parse(&text) {
            Ok(list) => {
                let mut out = String::new();
                list.iter().for_each(|member| push_part(&mut out, ",", member.text()));
                Ok(out)
            }
            Err(error) => Err(error.message()),
        },
        _ => match spec::list(&text) {
            Ok(list) => Ok(header::format(&list, header::LIMIT)),
            Err(error) => Err(error.message()),
        },
    })
}

/// The text that JavaScript has written.
fn text() -> String {
    // SAFETY: JavaScript writes with TextEncoder, whose output is UTF-8.
    unsafe { String::from_utf8_unchecked(core::mem::take(&mut state().input)) }
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
