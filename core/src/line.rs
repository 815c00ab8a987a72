//! What waits for its turn.

use alloc::vec::Vec;

/// First in, first out. Room is given back when the last one is out.
#[derive(Clone, Debug)]
pub(crate) struct Line<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: usize,
}

impl<T: Copy> Line<T> {
    pub(crate) const fn new() -> Self {
        Self { items: Vec::new(), next: 0 }
    }

    pub(crate) fn push(&mut self, item: T) {
        self.items.push(item);
    }

    pub(crate) fn next(&mut self) -> Option<T> {
        let item = self.items.get(self.next).copied();
        self.next += 1;
        if item.is_none() {
            self.items.clear();
            self.next = 0;
        }
        item
    }
}
