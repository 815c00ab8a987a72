//! Handles by hash: a multimap in which an entry stands under its key, its context and each of its
//! params, so that finding what an invalidation names costs by what it names, not by what is cached.

use alloc::vec::Vec;

/// The end of a chain, and the mark of a free node.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Node {
    hash: u32,
    handle: u32,
    next: u32,
}

/// A chained hash table. Hashes collide; whoever asks compares what it finds.
#[derive(Default)]
pub(crate) struct Index {
    heads: Vec<u32>,
    nodes: Vec<Node>,
    free: Vec<u32>,
}

impl Index {
    pub(crate) fn insert(&mut self, hash: u32, handle: u32) {
        if self.nodes.len() >= self.heads.len() {
            self.grow();
        }
        let bucket = self.bucket(hash);
        let node = Node { hash, handle, next: self.heads[bucket] };
        self.heads[bucket] = match self.free.pop() {
            Some(place) => {
                self.nodes[place as usize] = node;
                place
            }
            None => {
                self.nodes.push(node);
                place(self.nodes.len() - 1)
            }
        };
    }

    pub(crate) fn remove(&mut self, hash: u32, handle: u32) {
        let bucket = self.bucket(hash);
        let mut before = NONE;
        let mut at = self.heads[bucket];
        while at != NONE {
            let node = self.nodes[at as usize];
            if node.hash == hash && node.handle == handle {
                match before {
                    NONE => self.heads[bucket] = node.next,
                    _ => self.nodes[before as usize].next = node.next,
                }
                self.nodes[at as usize].handle = NONE;
                self.free.push(at);
                return;
            }
            before = at;
            at = node.next;
        }
    }

    /// The handles that were inserted under `hash`.
    pub(crate) fn find(&self, hash: u32) -> impl Iterator<Item = u32> {
        let mut at = match self.heads.is_empty() {
            true => NONE,
            false => self.heads[self.bucket(hash)],
        };
        core::iter::from_fn(move || {
            while at != NONE {
                let node = self.nodes[at as usize];
                at = node.next;
                if node.hash == hash {
                    return Some(node.handle);
                }
            }
            None
        })
    }

    fn bucket(&self, hash: u32) -> usize {
        hash as usize & (self.heads.len() - 1)
    }

    fn grow(&mut self) {
        let size = (self.heads.len() * 2).max(16);
        self.heads.clear();
        self.heads.resize(size, NONE);
        for at in 0..self.nodes.len() {
            if self.nodes[at].handle != NONE {
                let bucket = self.bucket(self.nodes[at].hash);
                self.nodes[at].next = self.heads[bucket];
                self.heads[bucket] = place(at);
            }
        }
    }
}

/// An index that fits: there are never 2^32 nodes in an address space of 2^32 bytes.
#[expect(clippy::cast_possible_truncation)]
fn place(at: usize) -> u32 {
    at as u32
}

/// FNV-1a over several texts, each ended by a byte that UTF-8 never has.
pub(crate) fn hash(texts: &[&str]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for text in texts {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::vec::Vec;

    use super::*;

    extern crate std;

    proptest! {
        #[test]
        fn agrees_with_a_plain_set_of_pairs(
            steps in prop::collection::vec((any::<bool>(), 0u32..20, 0u32..40), 0..400)
        ) {
            let mut index = Index::default();
            let mut model = BTreeSet::new();
            index.insert(u32::MAX, 999);
            for (add, hash, handle) in steps {
                if add && model.insert((hash, handle)) {
                    index.insert(hash, handle);
                } else if !add {
                    model.remove(&(hash, handle));
                    index.remove(hash, handle);
                }
            }
            for hash in 0..20 {
                let mut found: Vec<u32> = index.find(hash).collect();
                found.sort_unstable();
                let expected: Vec<u32> =
                    model.iter().filter(|(h, _)| *h == hash).map(|(_, handle)| *handle).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn texts_that_join_to_the_same_bytes_hash_apart() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
