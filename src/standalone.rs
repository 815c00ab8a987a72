//! What std would bring, at a fraction of its bytes: an allocator and an end for panics.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::cell::UnsafeCell;
use core::ptr::null_mut;

/// Blocks are powers of two from 2^4 on; a freed one is the next to be given in its class. Nothing is
/// split or joined: a machine that keeps a few short texts per entry asks for the same few sizes again
/// and again. A general allocator would cost a page 850 bytes more (see DESIGN.md).
struct Classes(UnsafeCell<State>);

struct State {
    /// The first free block of each class; a free block begins with the address of the next.
    free: [*mut u8; 32],
    /// Memory from here to `end` has never been given.
    next: usize,
    end: usize,
}

// SAFETY: an instance of this module runs on one thread. Shared memory would need the `atomics` target
// feature, which nothing here is built with.
unsafe impl Sync for Classes {}

#[global_allocator]
static ALLOCATOR: Classes =
    Classes(UnsafeCell::new(State { free: [null_mut(); 32], next: 0, end: 0 }));

const PAGE: usize = 1 << 16;

/// The class of a layout: the exponent of its block's size. An alignment is never larger than the block.
fn class(layout: Layout) -> usize {
    let size = layout.size().max(16);
    (usize::BITS - (size - 1).leading_zeros()) as usize
}

// SAFETY: blocks of a class are disjoint, as large as the class says and aligned to 16, which is more
// than any type in here asks for; a layout that asks for more gets null.
unsafe impl GlobalAlloc for Classes {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let class = class(layout);
        if class > 30 || layout.align() > 16 {
            return null_mut();
        }
        // SAFETY: one thread, and nothing in here calls back.
        let state = unsafe { &mut *self.0.get() };
        let block = state.free[class];
        if !block.is_null() {
            // SAFETY: a free block begins with the address of the next one.
            state.free[class] = unsafe { block.cast::<*mut u8>().read() };
            return block;
        }
        let size = 1 << class;
        if state.end - state.next < size {
            // The rest of the old run is given up: at most one block's size.
            let pages = size.div_ceil(PAGE);
            let before = wasm32::memory_grow(0, pages);
            if before == usize::MAX {
                return null_mut();
            }
            if state.end != before * PAGE {
                state.next = before * PAGE;
            }
            state.end = (before + pages) * PAGE;
        }
        let block = state.next;
        state.next += size;
        block as *mut u8
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let class = class(layout);
        // SAFETY: as above; the block is ours again, and large enough for an address.
        unsafe {
            let state = &mut *self.0.get();
            block.cast::<*mut u8>().write(state.free[class]);
            state.free[class] = block;
        }
    }
}

/// A panic is a bug in here. It becomes a trap, which the JavaScript side sees.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
