//! Handles by hash: an entry stands under its context and under each of its params, so that finding
//! what an invalidation names costs by what it names, not by what is cached.

use alloc::vec::Vec;

use crate::key::Key;

/// As many as keep a page with 10,000 entries at a handful in each, for 48 KB.
const BUCKETS: usize = 4096;

/// A hash table of a fixed size. Whoever looks something up compares what is found.
#[derive(Clone, Debug)]
pub(crate) struct Index(Vec<Vec<u32>>);

impl Index {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Enters an entry under its context and each of its params, or takes it out everywhere.
    pub(crate) fn list(&mut self, key: &Key, handle: u32, enter: bool) {
        while self.0.len() < BUCKETS {
            self.0.push(Vec::new());
        }
        let mut pairs = key.pairs();
        let mut pair = None;
        loop {
            if let Some(bucket) = self.0.get_mut(bucket(key, pair)) {
                if enter {
                    bucket.push(handle);
                } else {
                    bucket.retain(|other| *other != handle);
                }
            }
            pair = pairs.next();
            if pair.is_none() {
                break;
            }
        }
    }

    /// The entries that may match `key`: those of its first param, or of its context, the newest
    /// first. One may be named twice.
    pub(crate) fn find(&self, key: &Key) -> Vec<u32> {
        let mut found = Vec::new();
        if let Some(bucket) = self.0.get(bucket(key, key.pairs().next())) {
            for handle in bucket.iter().rev() {
                found.push(*handle);
            }
        }
        found
    }
}

/// Where an entry stands for one of its params, or for its context alone.
fn bucket(key: &Key, pair: Option<&str>) -> usize {
    (fnv(key.name()) ^ fnv(pair.unwrap_or_default())) as usize % BUCKETS
}

/// FNV-1a.
fn fnv(text: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in text.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
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
            let mut listed: Vec<Key> = Vec::new();
            let handle = |place: usize| u32::try_from(place).expect("a few");
            for (enter, context, params) in &steps {
                let key = of(*context, params);
                let known = listed.iter().position(|other| *other == key);
                match known {
                    None if *enter => {
                        index.list(&key, handle(listed.len()), true);
                        listed.push(key);
                    }
                    Some(place) if !*enter => {
                        index.list(&key, handle(place), false);
                        index.list(&key, handle(place), true);
                    }
                    _ => {}
                }
            }
            let pattern = of(pattern.0, &pattern.1);
            let found = index.find(&pattern);
            let member = Invalidation::from(pattern.clone());
            for (at, key) in listed.iter().enumerate() {
                prop_assert!(!member.matches(key) || found.contains(&handle(at)));
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
            index.list(key, at, true);
        }
        // One param in thousands shares the bucket of its context, in which all of them are.
        let found: usize = keys.iter().map(|key| index.find(key).len()).sum();
        assert!(found < 10 * keys.len(), "{found}");
    }

    #[test]
    fn an_entry_that_was_taken_out_is_not_found() {
        let mut index = Index::new();
        let key = key(1, &[(1, 1), (2, 2)]);
        index.list(&key, 7, true);
        index.list(&key, 7, false);
        assert!(index.0.iter().all(Vec::is_empty));
    }
}
