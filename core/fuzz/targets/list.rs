//! How JavaScript says keys and lists of them. What our own glue would not say must not harm either;
//! what it would say is read as the same values.

#![no_main]

extern crate alloc;

use libfuzzer_sys::{Corpus, fuzz_target};
use mizan_core::{InvalidList, Invalidation, Key, Value, percent};

#[path = "../../../src/spec.rs"]
mod spec;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(specs) = std::str::from_utf8(bytes) else {
        return Corpus::Reject;
    };
    let members: Vec<&str> = specs.split(',').filter(|_| !specs.is_empty()).collect();
    match spec::list(specs) {
        Ok(list) => {
            assert_eq!(list.len(), members.len());
            for (invalidation, member) in list.iter().zip(&members) {
                agrees(invalidation, member);
            }
        }
        Err(InvalidList { position }) => {
            assert!(members[position] != "*" && spec::key(members[position]).is_err());
            let before = members[..position].join(",");
            assert_eq!(spec::list(&before).map(|list| list.len()), Ok(position));
        }
    }
    Corpus::Keep
});

fn agrees(invalidation: &Invalidation, member: &str) {
    let Invalidation::Matching(key) = invalidation else {
        assert_eq!(member, "*");
        return;
    };
    let (name, query) = member.split_once('?').unwrap_or((member, ""));
    assert_eq!(key.name(), name);
    let mut params = Vec::new();
    for pair in query.split('&').filter(|_| !query.is_empty()) {
        let (param, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(value) = said(param.starts_with('#'), value) else {
            return;
        };
        params.push((&param[1..], value));
    }
    let values = params.iter().map(|(param, value)| (*param, Value::Text(value)));
    assert_eq!(Key::new(name, values).as_ref(), Ok(key), "{member:?}");
    assert_eq!(Key::parse(key.text()).as_ref(), Ok(key));
}

/// The value that JavaScript writes as `text`; `None` where it writes none so.
fn said(number: bool, text: &str) -> Option<String> {
    if number {
        // As far as an integer goes: it prints as itself.
        return text.parse::<i64>().ok().map(|number| number.to_string()).filter(|own| own == text);
    }
    let value = String::from_utf8(percent::decode(text)?).ok()?;
    let mut encoded = String::new();
    for character in value.chars() {
        match character {
            '!' | '\'' | '(' | ')' | '*' => encoded.push(character),
            _ => percent::encode(&mut encoded, character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    (encoded == text).then_some(value)
}
