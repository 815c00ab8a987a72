//! How a body crosses, to be compared with the one before it.

use alloc::vec::Vec;
use core::cell::UnsafeCell;

use mizan_core::body::Comparison;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exchange::{bytes, number};

/// What was found last; JavaScript reads it before it compares again.
struct Found {
    old: Vec<u64>,
    comparison: Comparison,
    head: [u32; 4],
}

struct Shared(UnsafeCell<Found>);

// SAFETY: as in `exchange`: one thread.
unsafe impl Sync for Shared {}

static FOUND: Shared =
    Shared(UnsafeCell::new(Found { old: Vec::new(), comparison: Comparison::new(), head: [0; 4] }));

/// Compares what was written, a print of `length` bytes and a body after it, and says where JavaScript
/// finds four numbers: address and length of the new print and of the plan, in words of 64 bits.
#[wasm_bindgen]
pub fn compare(length: usize) -> *const u32 {
    let bytes = bytes();
    let (print, body) = bytes.split_at_checked(length).unwrap_or_default();
    // SAFETY: as in `exchange`: one thread, and nothing in here calls into JavaScript.
    let Found { old, comparison, head } = unsafe { &mut *FOUND.0.get() };
    old.clear();
    for word in print.as_chunks().0 {
        old.push(u64::from_le_bytes(*word));
    }
    comparison.compare(old, body);
    let Comparison { print, plan, .. } = comparison;
    *head = [
        number(print.as_ptr().addr()),
        number(print.len()),
        number(plan.as_ptr().addr()),
        number(plan.len()),
    ];
    head.as_ptr()
}
