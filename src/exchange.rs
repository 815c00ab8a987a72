//! How texts cross. The general way of wasm-bindgen costs a page 700 bytes of glue; here JavaScript
//! writes into and reads from the module's memory, and calls pass numbers only.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::mem;

use mizan_core::wire::Words;
use wasm_bindgen::prelude::wasm_bindgen;

/// What a module keeps for the other side.
struct Exchange {
    /// Room for the text that JavaScript writes, and its length.
    input: Vec<u8>,
    length: usize,
    /// What was said last; JavaScript reads it before it asks again.
    words: Vec<Words>,
    text: String,
    head: [u32; 4],
}

struct Shared(UnsafeCell<Exchange>);

// SAFETY: an instance of this module runs on one thread. Shared memory would need the `atomics`
// target feature, which nothing here is built with.
unsafe impl Sync for Shared {}

static EXCHANGE: Shared = Shared(UnsafeCell::new(Exchange {
    input: Vec::new(),
    length: 0,
    words: Vec::new(),
    text: String::new(),
    head: [0; 4],
}));

fn exchange() -> &'static mut Exchange {
    // SAFETY: one thread, and no export keeps the reference while another one runs, because nothing in
    // this crate calls into JavaScript.
    unsafe { &mut *EXCHANGE.0.get() }
}

/// Makes room for `length` bytes, a text as UTF-8, which the next call takes, and says where it is.
#[wasm_bindgen]
pub fn input(length: usize) -> *const u8 {
    let exchange = exchange();
    exchange.input = Vec::new();
    exchange.input.reserve(length);
    exchange.length = length;
    exchange.input.as_ptr()
}

/// The text that was written.
pub(crate) fn text() -> String {
    let exchange = exchange();
    let mut bytes = mem::take(&mut exchange.input);
    // SAFETY: there is room for that many bytes, and JavaScript has written them.
    unsafe { bytes.set_len(mem::take(&mut exchange.length)) };
    // SAFETY: JavaScript has written them with TextEncoder, whose output is UTF-8.
    unsafe { String::from_utf8_unchecked(bytes) }
}

/// Keeps what there is to say, and tells where JavaScript finds four numbers about it: the address of
/// groups of three numbers and their count, the address of a text and its length.
pub(crate) fn say(words: Vec<Words>, text: String) -> *const u32 {
    let Exchange { words: kept, text: room, head, .. } = exchange();
    (*kept, *room) = (words, text);
    *head = [
        number(kept.as_ptr().addr()),
        number(kept.len()),
        number(room.as_ptr().addr()),
        number(room.len()),
    ];
    head.as_ptr()
}

/// Says an answer, or what is wrong, as the text of one group: 1 for an answer and 0 for what is wrong, and
/// a number that belongs to the answer.
pub(crate) fn answer(answer: Result<(String, u32), String>) -> *const u32 {
    let mut words = mem::take(&mut exchange().words);
    words.clear();
    let (text, group) = match answer {
        Ok((text, number)) => (text, [1, number, 0]),
        Err(wrong) => (wrong, [0; 3]),
    };
    words.push(group);
    say(words, text)
}

#[expect(clippy::cast_possible_truncation, reason = "addresses of wasm32 have 32 bits")]
pub(crate) fn number(number: usize) -> u32 {
    number as u32
}
