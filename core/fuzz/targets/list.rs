//! How JavaScript says keys and lists of them. What our own glue would not say must not harm either;
//! what it would say is read as the same values.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use mizan_core::{InvalidList, Invalidation, Key, Value, percent, spec};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(specs) = std::str::from_utf8(bytes) else {
        return Corpus::Reject;
    };
    let found = spec::list(specs);
    let members: Vec<&str> = specs.split(',').filter(|_| !specs.is_empty()).collect();
    if let Some(said) = members.iter().map(|member| said(member)).collect::<Option<Vec<_>>>() {
        assert_eq!(found, list(said), "{specs:?}");
    }
    match found {
        Ok(list) => {
            for key in list.iter().filter(|member| **member != Invalidation::All) {
                assert!(Key::parse(key.text()).is_ok_and(|own| own.text() == key.text()));
            }
        }
        Err(InvalidList { position }) => {
            assert!(position < members.len());
        }
    }
    Corpus::Keep
});

/// The list that these members are.
fn list(said: Vec<Option<Invalidation>>) -> Result<Vec<Invalidation>, InvalidList> {
    let member = |(position, member): (usize, Option<_>)| member.ok_or(InvalidList { position });
    said.into_iter().enumerate().map(member).collect()
}

/// What our JavaScript means by this member, `Some(None)` for what is no invalidation; `None` where it
/// writes no such.
fn said(member: &str) -> Option<Option<Invalidation>> {
    if member == "*" {
        return Some(Some(Invalidation::All));
    }
    let mut parts = member.split(';');
    let name = parts.next().filter(|name| decoded(name).is_some_and(|name| !name.is_empty()))?;
    let mut params: Vec<(&str, String, bool)> = Vec::new();
    for part in parts {
        let (param, value) = part.split_once('=').filter(|(param, _)| decoded(param).is_some())?;
        // An object has each name once.
        if params.iter().any(|(other, ..)| *other == param) {
            return None;
        }
        params.push(if let Some(number) = value.strip_prefix('#') {
            // As far as an integer goes: it prints as itself.
            let integer = number.parse::<i64>().ok()?.to_string();
            (integer == number).then_some((param, integer, true))?
        } else if value == "!" {
            return Some(None);
        } else {
            let text = value.strip_prefix("%\"")?.strip_suffix('"')?;
            (param, decoded(text)?, false)
        });
    }
    let values = params.iter().map(|(param, text, number)| {
        (*param, if *number { Value::Number(text) } else { Value::Text(text) })
    });
    Some(Key::new(name, values).map(Invalidation::from).ok())
}

/// The text that `encodeURIComponent` writes so; `None` where it writes none so.
fn decoded(text: &str) -> Option<String> {
    let value = String::from_utf8(percent::decode(text)?).ok()?;
    let mut encoded = Vec::new();
    for byte in value.bytes() {
        match byte {
            b'!' | b'\'' | b'(' | b')' | b'*' => encoded.push(byte),
            _ => percent::encode(&mut encoded, &[byte]),
        }
    }
    (encoded == text.as_bytes()).then_some(value)
}
