//! How JavaScript says a key: `name?$text=a%20b&#number=5`, each part as `encodeURIComponent` gives it,
//! each param marked with the kind of its value: `$` text or boolean, `#` number, `!` anything else.

use alloc::vec::Vec;

use mizan_core::text::{cut, parts};
use mizan_core::{InvalidKey, InvalidList, Invalidation, Key, Value};

/// The key that a spec says.
pub fn key(spec: &str) -> Result<Key, InvalidKey> {
    let (name, query) = cut(spec, b'?');
    Key::new(
        name,
        parts(query.unwrap_or_default(), b'&').map(|pair| {
            let (head, value) = cut(pair, b'=');
            let (kind, param) = head.split_at_checked(1).unwrap_or_default();
            let value = value.unwrap_or_default();
            let value = match kind {
                "$" => Value::Encoded(value),
                "#" => Value::Number(value),
                _ => Value::Other,
            };
            (param, value)
        }),
    )
}

/// The invalidations that several specs say, joined by commas.
pub fn list(specs: &str) -> Result<Vec<Invalidation>, InvalidList> {
    let mut list = Vec::new();
    for (position, spec) in parts(specs, b',').enumerate() {
        list.push(match spec {
            "*" => Invalidation::All,
            spec => key(spec).map_err(|_| InvalidList { position })?.into(),
        });
    }
    Ok(list)
}
