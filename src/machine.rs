//! The module with the page's machine.

use mizan_core::text::{cut, push};
use mizan_core::wire::{self, List, Said, Told};
use mizan_core::{Cache, InvalidHeader, Invalidation, Timestamp, header, spec};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exchange::{Kept, answer, say, text};

/// Beside the kinds of inputs (core/src/wire.rs): asks for the entry of a spec.
pub const OPEN: u32 = 20;
/// Asks for the key of a spec.
pub const KEY: u32 = 21;
/// Asks for the members of a header.
pub const PARSE: u32 = 22;

/// The machine of the page.
struct Page {
    cache: Cache,
    /// When the page's timer is set to go off; the end of time where it is not.
    armed: Timestamp,
}

static PAGE: Kept<Page> = Kept::new(Page { cache: Cache::new(), armed: Timestamp::MAX });

/// Tells the machine that something happened, and says what it wants done (see [`say`]). One door for
/// all: each further export costs a page bytes.
///
/// `kind` and the numbers are those of core/src/wire.rs, and the text that was written holds its texts,
/// the list last, joined by line feeds, which none of them can contain. An empty text is a missing one.
///
/// [`KEY`] asks for the key of the spec that was written, [`OPEN`] for its entry's handle, too, [`PARSE`] for
/// the members of the header that was written, as keys joined by commas (see [`answer`]).
#[wasm_bindgen]
pub fn tell(now: f64, kind: u32, number: u32, second: u32, third: u32, fourth: u32) -> *const u32 {
    let text = text();
    // SAFETY: nothing else asks for it.
    let page = unsafe { PAGE.get() };
    match kind {
        OPEN | KEY => answer(|out| match spec::key(text) {
            Ok(key) => {
                push(out, key.bytes());
                (true, if kind == OPEN { page.cache.open(time(now), key).0 } else { 0 })
            }
            Err(error) => {
                error.write(out);
                (false, 0)
            }
        }),
        PARSE => answer(|out| match header::read(text) {
            Ok(list) => {
                Invalidation::join(&list, out);
                (true, 0)
            }
            Err(position) => {
                InvalidHeader { position }.write(out);
                (false, 0)
            }
        }),
        _ => {
            let (identity, rest) = cut(text, b'\n');
            let (schema, rest) = cut(rest, b'\n');
            let (header, rest) = cut(rest, b'\n');
            let told = Told {
                kind,
                numbers: [number, second, third, fourth],
                answer: Said { identity, schema },
                header,
                list: || spec::read(rest),
            };
            page.tell(time(now), told)
        }
    }
}

impl Page {
    fn tell(&mut self, now: Timestamp, told: Told<'_, impl List>) -> *const u32 {
        // The timer has gone off, perhaps too early: then it is to be set again.
        let off = if told.kind == wire::TICK { Timestamp::MAX } else { 0 };
        self.armed = self.armed.max(off);
        self.cache.handle_told(now, told);
        let timeout = self.cache.poll_timeout().unwrap_or(Timestamp::MAX);
        let (outputs, invalidated) = self.cache.outputs();
        if timeout != self.armed {
            self.armed = timeout;
            // A timer of JavaScript cannot wait longer, and goes off at once if it is to. Too early, it is
            // set again.
            let delay = timeout.saturating_sub(now).min(0x7fff_ffff) as u32;
            wire::add(outputs, 10, (timeout < Timestamp::MAX).into(), delay);
        }
        let head = say(outputs, invalidated);
        // They stay where they are until the next one comes.
        outputs.clear();
        head
    }
}

/// JavaScript's milliseconds as the machine's.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
fn time(now: f64) -> Timestamp {
    now as Timestamp
}
