//! The module with the machine of a page's fragments.

use mizan_core::Fragments;
use mizan_core::text::cut;
use mizan_core::wire;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exchange::{Kept, say, text};

struct Page {
    fragments: Fragments,
    /// When the page's timer is set to go off; the end of time where it is not.
    armed: f64,
}

static PAGE: Kept<Page> = Kept::new(Page { fragments: Fragments::new(), armed: f64::INFINITY });

/// Tells the machine that something happened, and says what it wants done (see [`say`]).
///
/// `kind` and the numbers are those of core/src/fragments.rs, and the text that was written holds its texts,
/// the list last, joined by line feeds, which none of them can contain. An empty text is a missing one.
#[wasm_bindgen]
pub fn tell(now: f64, kind: u32, number: u32, second: u32, third: u32, _fourth: u32) -> *const u32 {
    let text = text();
    // SAFETY: nothing else asks for it.
    let page = unsafe { PAGE.get() };
    let (id, rest) = cut(text, b'\n');
    let (_, rest) = cut(rest, b'\n');
    let (header, list) = cut(rest, b'\n');
    if kind == wire::TICK {
        // Perhaps too early: then it is set again.
        page.armed = f64::INFINITY;
    }
    page.fragments.handle_told(now, kind, [number, second, third], [id, header, list]);
    let timeout = page.fragments.timeout();
    let (outputs, invalidated) = page.fragments.outputs();
    if timeout != page.armed {
        page.armed = timeout;
        let set = timeout < f64::INFINITY;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let delay = if set { (timeout - now) as u32 } else { 0 };
        wire::add(outputs, 10, set.into(), delay);
    }
    let head = say(outputs, invalidated);
    outputs.clear();
    head
}
