//! The field `X-Mizan-Invalidate`: any text is a list or has a position. What is accepted, and what it
//! says, is compared with another reader of RFC 9651.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use mizan_core::{InvalidHeader, Invalidation, Key, Value, header, is_name, is_param};
use sfv::{BareItem, ListEntry, Parameters, Parser};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Corpus::Reject;
    };
    let outcome = header::parse(text);
    if let Some(expected) = reference(text) {
        assert_eq!(outcome.as_ref().ok(), expected.as_ref(), "another reader has it otherwise");
    }
    match outcome {
        Ok(list) => writes(&list),
        Err(error) => points(text, error),
    }
    Corpus::Keep
});

/// What was read is written so that it is read again, and within each limit names no less.
fn writes(list: &[Invalidation]) {
    let whole = header::format(list, usize::MAX);
    assert!(whole.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{whole:?}");
    assert_eq!(header::parse(&whole).as_deref(), Ok(list));
    for limit in [1, whole.len() / 2, whole.len().saturating_sub(1), whole.len(), header::LIMIT] {
        let text = header::format(list, limit);
        assert!(text.len() <= limit.max(1), "{text:?} is longer than {limit}");
        let read = header::parse(&text).expect("what is written can be read");
        for member in list {
            assert!(read.iter().any(|other| covers(other, member)), "{text:?} lacks {member:?}");
        }
    }
}

fn covers(wide: &Invalidation, narrow: &Invalidation) -> bool {
    match narrow {
        Invalidation::All => *wide == Invalidation::All,
        Invalidation::Matching(key) => wide.matches(key),
    }
}

/// The position is that of the first byte that does not fit: what stands before it is a list, or lacks
/// only what might have come.
fn points(text: &str, error: InvalidHeader) {
    let start = text.get(..error.position).expect("a position within the text, between characters");
    let cut = header::parse(start).map_err(|error| error.position);
    assert!(cut.is_ok() || cut == Err(start.len()), "{cut:?} in {start:?}");
    assert!(error.message().ends_with(&error.position.to_string()));
}

/// The list by the other reader and the words of the protocol: `Some(None)` where it is none, `None`
/// where the two are known to differ.
fn reference(text: &str) -> Option<Option<Vec<Invalidation>>> {
    // A Byte Sequence is its base64 text as it stands (rule H4); the other reader decodes it.
    if text.contains(':') {
        return None;
    }
    Some(Parser::new(text).parse::<sfv::List>().ok().and_then(|members| {
        let mut list = Vec::new();
        for member in members {
            let ListEntry::Item(item) = member else {
                return None;
            };
            let BareItem::Token(name) = &item.bare_item else {
                return None;
            };
            let member = invalidation(name.as_str(), &item.params)?;
            if !list.contains(&member) {
                list.push(member);
            }
        }
        Some(list)
    }))
}

fn invalidation(name: &str, params: &Parameters) -> Option<Invalidation> {
    if !(name == "*" || is_name(name)) || !params.keys().all(|param| is_param(param.as_str())) {
        return None;
    }
    let texts: Vec<_> = params.iter().map(|(param, item)| (param.as_str(), text(item))).collect();
    let values = texts.iter().map(|(param, text)| (*param, Value::Text(text)));
    Some(match name {
        "*" => Invalidation::All,
        name => Key::new(name, values).expect("legal names").into(),
    })
}

/// The canonical text of a value, by the words of rule H4.
fn text(item: &BareItem) -> String {
    match item {
        BareItem::Integer(number) => number.to_string(),
        BareItem::Decimal(number) => {
            let text = number.to_string();
            let text = text.trim_end_matches('0').trim_end_matches('.');
            if text == "-0" { "0" } else { text }.to_owned()
        }
        BareItem::String(text) => text.as_str().to_owned(),
        BareItem::Token(text) => text.as_str().to_owned(),
        BareItem::Boolean(value) => value.to_string(),
        BareItem::Date(date) => date.unix_seconds().to_string(),
        BareItem::DisplayString(text) => text.clone(),
        BareItem::ByteSequence(_) => unreachable!("without a colon there is none"),
    }
}
