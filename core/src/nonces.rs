//! Which cookies of redirects and which messages of other tabs were applied: each counts once (protocol
//! rule R2).

use alloc::vec::Vec;

use crate::text::add_part;

/// How many bytes of them are remembered: some 64 nonces. Cookies live ten seconds.
const LIMIT: usize = 2400;

/// The nonces and ids that were seen, joined by line feeds.
#[derive(Clone, Debug)]
pub(crate) struct Nonces(pub(crate) Vec<u8>);

impl Nonces {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether one is seen for the first time. The empty one, which is none, always is.
    pub(crate) fn is_new(&mut self, nonce: &[u8]) -> bool {
        let Self(seen) = self;
        // Forgotten too early, a cookie is applied once more: a fetch too many, never one too few.
        if seen.len() > LIMIT {
            seen.clear();
        }
        nonce.is_empty() || add_part(seen, b'\n', nonce)
    }
}
