//! How JavaScript says a key: `name?$text=a%20b&#number=5`, each part as `encodeURIComponent` gives it,
//! each param marked with the kind of its value: `$` text or boolean, `#` number, `!` anything else.

use alloc::string::String;
use alloc::vec::Vec;

use mizan_core::{InvalidKey, InvalidList, Invalidation, Key, Value, percent};

/// The key that a spec says.
pub fn key(spec: &str) -> Result<Key, InvalidKey> {
    let (name, query) = spec.split_once('?').unwrap_or((spec, ""));
    let mut params = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (head, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (kind, param) = head.split_at_checked(1).unwrap_or(("!", head));
        params.push((decode(param), decode(value), kind));
    }
    let values = params.iter().map(|(param, text, kind)| {
        let value = match *kind {
            "$" => Value::Text(text),
            "#" => Value::Number(text),
            _ => Value::Other,
        };
        (param.as_str(), value)
    });
    Key::new(&decode(name), values)
}

/// The invalidations that several specs say, joined by commas.
pub fn list(specs: &str) -> Result<Vec<Invalidation>, InvalidList> {
    let specs = specs.split(',').filter(|_| !specs.is_empty()).enumerate();
    specs
        .map(|(position, spec)| match spec {
            "*" => Ok(Invalidation::All),
            spec => key(spec)
                .map(Invalidation::from)
                .map_err(|cause| InvalidList { position, cause }),
        })
        .collect()
}

/// What `encodeURIComponent` made. It never makes what cannot be decoded.
fn decode(text: &str) -> String {
    percent::decode(text).unwrap_or_default()
}
