//! Handles by hash: an entry stands under its context and under each of its params, so that finding
//! what an invalidation names costs by what it names, not by what is cached.

use alloc::vec::Vec;
use core::hint::black_box;

use crate::key::Key;

/// As many as keep a page with 10,000 entries at a handful in each, for 16 KB.
const BUCKETS: u32 = 4096;

/// Where the chain of the places that are free begins.
const FREE: u32 = 2;

/// Where the first bucket is. Before it there is room for what 0, the link that is none, is told of the one
/// before it, which nobody reads.
const FIRST: u32 = 3;

/// A hash table of a fixed size, as one list of numbers: where the chain of each bucket begins, then
/// the links of all chains. A link is four numbers: where the next one is, where the one before it is, a
/// handle, and where another link of the same entry is; 0 is nowhere. Whoever looks something up compares
/// what is found.
#[derive(Clone, Debug)]
pub(crate) struct Index(Vec<u32>);

const BEFORE: u32 = 1;
const HANDLE: u32 = 2;
const OTHER: u32 = 3;

impl Index {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Enters an entry under its context and each of its params. Gives back where it stands, for
    /// [`Index::remove`].
    #[expect(clippy::cast_possible_truncation, reason = "no page holds 2^32 entries")]
    pub(crate) fn insert(&mut self, key: &Key, handle: u32) -> u32 {
        if self.0.is_empty() {
            self.grow(FIRST + BUCKETS);
        }
        let mut pairs = key.params();
        let mut pair = None;
        let mut link = 0;
        loop {
            let other = link;
            let bucket = bucket(key, pair);
            link = self.at(FREE);
            if link > 0 {
                self.set(FREE, self.at(link));
            } else {
                link = self.0.len() as u32;
                self.grow(4);
            }
            let next = self.at(bucket);
            self.set(link, next);
            self.set(next + BEFORE, link);
            self.set(link + BEFORE, bucket);
            self.set(link + HANDLE, handle);
            self.set(link + OTHER, other);
            self.set(bucket, link);
            pair = pairs.next();
            if pair.is_none() {
                return link;
            }
        }
    }

    /// Adds so many zeros, as numbers are added elsewhere: `Vec::resize` is twice as long.
    #[inline(never)]
    fn grow(&mut self, by: u32) {
        for _ in 0..by {
            self.0.push(0);
        }
    }

    /// Takes out what stands there, which takes as long however many entries there are.
    pub(crate) fn remove(&mut self, mut link: u32) {
        while link > 0 {
            let (next, before) = (self.at(link), self.at(link + BEFORE));
            self.set(before, next);
            self.set(next + BEFORE, before);
            self.set(link, self.at(FREE));
            self.set(FREE, link);
            link = self.at(link + OTHER);
        }
    }

    /// Where the entries that may match `key` begin: those of its first param, or of its context.
    pub(crate) fn find(&self, key: &Key) -> u32 {
        self.at(bucket(key, key.params().next()))
    }

    /// The entry there; the link is the one of the next from then on. One may be named twice.
    pub(crate) fn next(&self, link: &mut u32) -> u32 {
        let at = *link;
        *link = self.at(at);
        self.at(at + HANDLE)
    }

    // Inlined at its many uses, it costs a page 100 bytes. `black_box` as in `Cache::entry`.
    #[inline(never)]
    fn at(&self, place: u32) -> u32 {
        black_box(self).0.get(place as usize).copied().unwrap_or_default()
    }

    #[inline(never)]
    fn set(&mut self, place: u32, number: u32) {
        if let Some(old) = black_box(self).0.get_mut(place as usize) {
            *old = number;
        }
    }
}

/// Where an entry stands for one of its params, or for its context alone.
fn bucket(key: &Key, pair: Option<&[u8]>) -> u32 {
    FIRST + (fnv(key.context_name()) ^ fnv(pair.unwrap_or_default())) % BUCKETS
}

/// FNV-1a.
fn fnv(text: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in text {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    hash
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::{Invalidation, Value};

    extern crate std;

    fn key(context: u8, params: &[(u8, u8)]) -> Key {
        let texts: Vec<_> = params
            .iter()
            .map(|(name, value)| (std::format!("p{name}"), std::format!("{value}")))
            .collect();
        let values = texts.iter().map(|(name, value)| (name.as_str(), Value::Text(value)));
        Key::new(&std::format!("c{context}"), values).expect("a legal key")
    }

    fn found(index: &Index, key: &Key) -> impl Iterator<Item = u32> {
        let mut link = index.find(key);
        core::iter::from_fn(move || (link > 0).then(|| index.next(&mut link)))
    }

    proptest! {
        #[test]
        fn whatever_an_invalidation_matches_is_found(
            steps in prop::collection::vec(
                (any::<bool>(), 0u8..3, prop::collection::btree_map(0u8..3, 0u8..3, 0..3)), 1..60
            ),
            pattern in (0u8..3, prop::collection::btree_map(0u8..3, 0u8..3, 0..3)),
        ) {
            let of = |context, params: &std::collections::BTreeMap<u8, u8>| {
                key(context, &params.iter().map(|(k, v)| (*k, *v)).collect::<Vec<_>>())
            };
            let mut index = Index::new();
            // By handle, which is never given again: the key, and where it stands.
            let mut listed: Vec<Option<(Key, u32)>> = Vec::new();
            for (handle, (enter, context, params)) in (0..).zip(&steps) {
                let key = of(*context, params);
                let known = listed.iter_mut().find(|it| matches!(it, Some((other, _)) if *other == key));
                match known {
                    None if *enter => {
                        let link = index.insert(&key, handle);
                        listed.resize(handle as usize, None);
                        listed.push(Some((key, link)));
                    }
                    Some(entry) if !*enter => {
                        let (_, link) = entry.take().expect("it was found");
                        index.remove(link);
                    }
                    _ => {}
                }
            }
            let pattern = of(pattern.0, &pattern.1);
            let found: Vec<_> = found(&index, &pattern).collect();
            let member = Invalidation::from(pattern.clone());
            for (handle, entry) in (0..).zip(&listed) {
                let matches = matches!(entry, Some((key, _)) if member.matches(key));
                prop_assert!(!matches || found.contains(&handle));
                prop_assert!(entry.is_some() || !found.contains(&handle));
            }
        }
    }

    #[test]
    fn a_param_finds_a_handful_of_entries_on_average_however_many_there_are() {
        let mut index = Index::new();
        let keys: Vec<Key> = (0..10_000u32)
            .map(|id| {
                let text = std::format!("{id}");
                Key::new("user", [("user_id", Value::Number(&text))]).expect("a legal key")
            })
            .collect();
        for (at, key) in (0..).zip(&keys) {
            index.insert(key, at);
        }
        // One param in thousands shares the bucket of its context, in which all of them are.
        let found: usize = keys.iter().map(|key| found(&index, key).count()).sum();
        assert!(found < 10 * keys.len(), "{found}");
    }

    #[test]
    fn an_entry_that_was_taken_out_is_not_found() {
        let mut index = Index::new();
        let key = key(1, &[(1, 1), (2, 2)]);
        let link = index.insert(&key, 7);
        let entered = index.0.len();
        index.remove(link);
        assert!((FIRST..FIRST + BUCKETS).all(|bucket| index.at(bucket) == 0));
        index.insert(&key, 8);
        assert_eq!(index.0.len(), entered, "the places of what was taken out are given again");
    }
}
