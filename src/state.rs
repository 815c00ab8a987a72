//! The one machine of the page.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::UnsafeCell;

use mizan_core::{Cache, Input, Timestamp};

use crate::outputs;

/// The machine, and the texts that go with its outputs.
#[derive(Default)]
pub struct State {
    pub cache: Cache,
    pub texts: Vec<String>,
    /// When the page's timer is set to go off.
    armed: Option<Timestamp>,
}

impl State {
    /// Tells the machine, and drains what it wants done.
    pub fn handle(&mut self, now: Timestamp, input: Input<'_>) -> Vec<u32> {
        self.cache.handle_input(now, input);
        let mut words = Vec::new();
        while let Some(output) = self.cache.poll_output() {
            outputs::push(&mut words, &mut self.texts, output);
        }
        let timeout = self.cache.poll_timeout();
        if timeout != self.armed {
            self.armed = timeout;
            outputs::push_timer(&mut words, timeout.map(|at| at.saturating_sub(now)));
        }
        words
    }
}

struct Page(UnsafeCell<Option<State>>);

// SAFETY: an instance of this module runs on one thread. Shared memory would need the `atomics`
// target feature, which nothing here is built with.
unsafe impl Sync for Page {}

static PAGE: Page = Page(UnsafeCell::new(None));

/// The page's machine.
pub fn state() -> &'static mut State {
    // SAFETY: one thread, and no export keeps the reference while another one runs, because nothing in
    // this crate calls into JavaScript.
    unsafe { &mut *PAGE.0.get() }.get_or_insert_default()
}
