//! How JavaScript says keys and lists of them: in the grammar of the header, where each name is as
//! `encodeURIComponent` gives it, each text or boolean is `%"` and the same and `"`, each number is `#` and
//! what `String` makes of it, and anything else is `!`.

use alloc::vec::Vec;

use crate::error::{InvalidKey, InvalidList};
use crate::invalidation::Invalidation;
use crate::key::Key;
use crate::parser::Parser;
use crate::text::cut;

/// The key that a spec says.
///
/// # Errors
///
/// [`InvalidKey`] with the first param that is wrong, or the name.
pub fn key(spec: &str) -> Result<Key, InvalidKey> {
    let mut parser = Parser::new(spec, true);
    match parser.member() {
        Invalidation::Matching(key) if parser.is_done() => Ok(key),
        _ => Err(InvalidKey::param(cut(&parser.pair, b'=').0, parser.reason.text())),
    }
}

/// The invalidations that several specs say, joined by commas.
///
/// # Errors
///
/// [`InvalidList`] with the place of the first one that is none.
pub fn list(specs: &str) -> Result<Vec<Invalidation>, InvalidList> {
    let mut parser = Parser::new(specs, true);
    let list = parser.list();
    if parser.wrong.is_none() { Ok(list) } else { Err(InvalidList { position: list.len() }) }
}
