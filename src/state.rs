//! The one machine of the page, and the memory through which JavaScript talks to it.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::UnsafeCell;

use mizan_core::{Cache, Input, Timestamp};

use crate::outputs;

/// The machine, and what lies ready for JavaScript to read until the next call.
pub struct State {
    pub cache: Cache,
    /// The text that JavaScript has written.
    pub input: Vec<u8>,
    words: Vec<u32>,
    texts: Vec<String>,
    /// When the page's timer is set to go off.
    armed: Option<Timestamp>,
}

impl State {
    /// Tells the machine, and drains what it wants done: the count of the numbers, then the numbers.
    pub fn handle(&mut self, now: Timestamp, input: Input<'_>) -> *const u32 {
        self.cache.handle_input(now, input);
        self.begin();
        while let Some(output) = self.cache.poll_output() {
            outputs::push(&mut self.words, &mut self.texts, output);
        }
        let timeout = self.cache.poll_timeout();
        if timeout != self.armed {
            self.armed = timeout;
            outputs::push_timer(&mut self.words, timeout.map(|at| at.saturating_sub(now)));
        }
        self.end()
    }

    /// An answer in text: whether it is one, its address and its length.
    pub fn answer(&mut self, answer: Result<String, String>) -> *const u32 {
        self.begin();
        let ok = answer.is_ok();
        let (Ok(text) | Err(text)) = answer;
        self.words.extend([ok.into(), outputs::address(text.as_ptr()), outputs::length(&text)]);
        self.texts.push(text);
        self.end()
    }

    fn begin(&mut self) {
        self.texts.clear();
        self.words.clear();
        self.words.push(0);
    }

    fn end(&mut self) -> *const u32 {
        let count = outputs::number(self.words.len() - 1);
        if let Some(first) = self.words.first_mut() {
            *first = count;
        }
        self.words.as_ptr()
    }
}

struct Page(UnsafeCell<State>);

// SAFETY: an instance of this module runs on one thread. Shared memory would need the `atomics`
// target feature, which nothing here is built with.
unsafe impl Sync for Page {}

static PAGE: Page = Page(UnsafeCell::new(State {
    cache: Cache::new(),
    input: Vec::new(),
    words: Vec::new(),
    texts: Vec::new(),
    armed: None,
}));

/// The page's machine.
pub fn state() -> &'static mut State {
    // SAFETY: one thread, and no export keeps the reference while another one runs, because nothing in
    // this crate calls into JavaScript.
    unsafe { &mut *PAGE.0.get() }
}
