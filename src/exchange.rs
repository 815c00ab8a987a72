//! How texts cross. The general way of wasm-bindgen costs a page 700 bytes of glue; here JavaScript
//! writes into and reads from the module's memory, and calls pass numbers only.

use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::mem;
#[cfg(any(feature = "machine", feature = "writer"))]
use core::slice;

use mizan_core::wire::Words;
use wasm_bindgen::prelude::wasm_bindgen;

/// What a module keeps from one call to the next.
pub(crate) struct Kept<T>(UnsafeCell<T>);

// SAFETY: an instance of this module runs on one thread. Shared memory would need the `atomics`
// target feature, which nothing here is built with.
unsafe impl<T> Sync for Kept<T> {}

impl<T> Kept<T> {
    pub(crate) const fn new(kept: T) -> Self {
        Self(UnsafeCell::new(kept))
    }

    /// # Safety
    ///
    /// Once in each call from JavaScript, as long as what it gives is in use. No two calls run at once:
    /// there is one thread, and nothing in this crate calls into JavaScript.
    #[expect(clippy::mut_from_ref, reason = "as above")]
    pub(crate) unsafe fn get(&self) -> &mut T {
        // SAFETY: the caller says so.
        unsafe { &mut *self.0.get() }
    }
}

/// Room for the text that JavaScript writes, and its length.
struct Room {
    bytes: Vec<u8>,
    length: usize,
}

/// What was answered last; JavaScript reads it before it asks again.
#[cfg(any(feature = "machine", feature = "writer"))]
struct Answer {
    group: Words,
    text: Vec<u8>,
}

static ROOM: Kept<Room> = Kept::new(Room { bytes: Vec::new(), length: 0 });
#[cfg(any(feature = "machine", feature = "writer"))]
static ANSWER: Kept<Answer> = Kept::new(Answer { group: [0; 3], text: Vec::new() });
static HEAD: Kept<[u32; 4]> = Kept::new([0; 4]);

/// Makes room for `length` bytes, a text as UTF-8, which the next call takes, and says where it is.
#[wasm_bindgen]
pub fn input(length: usize) -> *const u8 {
    // SAFETY: nothing else in here asks for it.
    let room = unsafe { ROOM.get() };
    mizan_core::text::clear(&mut room.bytes, length);
    room.length = length;
    room.bytes.as_ptr()
}

/// The text that was written. To be asked for once in a call.
pub(crate) fn text() -> &'static [u8] {
    // SAFETY: a call asks for it once, and a call of `input` has ended before.
    let room = unsafe { ROOM.get() };
    // SAFETY: there is room for that many bytes, and JavaScript has written them.
    unsafe { room.bytes.set_len(mem::take(&mut room.length)) };
    &room.bytes
}

/// Tells where JavaScript finds four numbers about what there is to say: the address of groups of three
/// numbers and their count, the address of a text and its length. Both must stay until the next call.
pub(crate) fn say(groups: &[Words], text: &[u8]) -> *const u32 {
    // SAFETY: a call says one thing, and nothing in here asks for it twice.
    let head = unsafe { HEAD.get() };
    *head = [
        number(groups.as_ptr().addr()),
        number(groups.len()),
        number(text.as_ptr().addr()),
        number(text.len()),
    ];
    head.as_ptr()
}

/// Says an answer, or what is wrong, as `write` writes it, as the text of one group: 1 for an answer and 0 for
/// what is wrong, and a number that belongs to the answer.
#[cfg(any(feature = "machine", feature = "writer"))]
pub(crate) fn answer(write: impl FnOnce(&mut Vec<u8>) -> (bool, u32)) -> *const u32 {
    // SAFETY: a call answers once.
    let answer = unsafe { ANSWER.get() };
    answer.text.clear();
    let (right, detail) = write(&mut answer.text);
    answer.group = [right.into(), detail, 0];
    say(slice::from_ref(&answer.group), &answer.text)
}

#[expect(clippy::cast_possible_truncation, reason = "addresses of wasm32 have 32 bits")]
pub(crate) fn number(number: usize) -> u32 {
    number as u32
}
