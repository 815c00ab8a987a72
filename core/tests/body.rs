//! What holds for every body and its successor: put together by its plan, it means what it says.

use mizan_core::body::{Comparison, Kind};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

/// A body that was read.
#[derive(Debug)]
struct Read {
    value: Value,
    print: Vec<u64>,
}

/// Reads a body as the runtime does; `None` where it is no JSON.
fn read(body: &str, old: Option<&Read>) -> Option<Read> {
    let found = compare(body, old);
    match old {
        Some(Read { value, print }) if found.print.is_empty() => {
            Some(Read { value: value.clone(), print: print.clone() })
        }
        _ => {
            let value = assemble(&found, body, old).or_else(|| parse(body))?;
            Some(Read { value, print: found.print })
        }
    }
}

fn compare(body: &str, old: Option<&Read>) -> Comparison {
    let mut found = Comparison::new();
    found.compare(old.map_or(&[0x5eed], |old| &old.print), body.as_bytes());
    found
}

fn assemble(found: &Comparison, body: &str, old: Option<&Read>) -> Option<Value> {
    let mut members = Map::new();
    let mut name = "";
    let mut begun = false;
    found.plan.first()?;
    for step in &found.plan {
        let text = body.get(step.range()).unwrap_or_default();
        if step.kind() == Kind::Member {
            (name, begun) = (text, false);
        }
        let known = old.and_then(|old| old.value.get(name));
        let value = members.entry(name).or_insert(Value::Null);
        match step.kind() {
            Kind::Member => *value = known.cloned().unwrap_or_default(),
            Kind::Value => *value = parse(text)?,
            kind => {
                if !begun {
                    *value = Value::Array(Vec::new());
                    begun = true;
                }
                let list = value.as_array_mut()?;
                match kind {
                    Kind::Copy => list.push(known?.get(step.range().start)?.clone()),
                    // Several are parsed as one list: then nothing is no mistake.
                    _ => list.append(parse(&format!("[{text}]"))?.as_array_mut()?),
                }
            }
        }
    }
    Some(Value::Object(members))
}

fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..30i32).prop_map(Value::from),
        select(vec!["", "a", "]", "}", ",", "\"", "\\", "{\"a\":[", "é😀\u{2028}"])
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((select(vec!["a", "b", "__proto__", "é"]), inner), 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Few names and many lists, so that bodies meet.
fn body() -> impl Strategy<Value = Value> {
    let list = prop::collection::vec(value(), 0..8).prop_map(Value::from);
    let name = select(vec!["a", "b", "c", "1", "__proto__", "$errors", ""]);
    prop::collection::vec((name, prop_oneof![2 => list, 1 => value()]), 0..5)
        .prop_map(|members| members.into_iter().collect())
}

/// A body and a later one: the elements of the lists moved, some gone, some new.
fn bodies() -> impl Strategy<Value = (Value, Value)> {
    let edit = (any::<Index>(), any::<Index>(), 0..4u8, value());
    (body(), prop::collection::vec(edit, 0..5)).prop_map(|(old, edits)| {
        let mut new = old.clone();
        for (member, element, what, value) in edits {
            let members = new.as_object_mut().expect("an object");
            if members.is_empty() {
                continue;
            }
            let at = member.index(members.len());
            let found = members.values_mut().nth(at).expect("within");
            match (found, what) {
                (Value::Array(list), 0) => list.insert(element.index(list.len() + 1), value),
                (Value::Array(list), 1) if !list.is_empty() => {
                    list.remove(element.index(list.len()));
                }
                (Value::Array(list), 2) if !list.is_empty() => {
                    let last = list.len() - 1;
                    list.swap(element.index(last + 1), last);
                }
                (found, _) => *found = value,
            }
        }
        (old, new)
    })
}

/// Texts that are almost the ones that they are made of.
fn nearly(text: String) -> impl Strategy<Value = String> {
    let atom = select(vec![
        "", "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "\n", "x", "1", "\"a\"", "\"a\":", "{}",
        "[]", "\0", "\u{feff}", "\u{a0}", "[1,2]", ",\"a\":1",
    ]);
    prop::collection::vec((any::<Index>(), 0..3usize, atom), 1..4).prop_map(move |edits| {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, gone, atom) in edits {
            let at = at.index(chars.len() + 1);
            let end = (at + gone).min(chars.len());
            chars.splice(at..end, atom.chars());
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_body_means_the_same_whatever_was_known_before((old, new) in bodies(), pretty: bool) {
        let old = read(&old.to_string(), None).expect("JSON");
        let text = if pretty { serde_json::to_string_pretty(&new)? } else { new.to_string() };
        let read = read(&text, Some(&old)).expect("JSON");
        prop_assert_eq!(read.value, new);
    }

    #[test]
    fn a_print_does_not_depend_on_what_was_known_before((old, new) in bodies()) {
        let old = read(&old.to_string(), None).expect("JSON");
        let text = new.to_string();
        let alone = read(&text, None).expect("JSON");
        prop_assert_eq!(read(&text, Some(&old)).expect("JSON").print, alone.print);
    }

    #[test]
    fn what_is_no_json_fails_whatever_was_known_before(
        (old, new) in bodies().prop_flat_map(|(old, new)| {
            (Just(old), prop_oneof![nearly(new.to_string()), nearly(format!("{new:#}"))])
        })
    ) {
        let old = read(&old.to_string(), None).expect("JSON");
        prop_assert_eq!(read(&new, Some(&old)).map(|read| read.value), parse(&new));
        // Nor does what was read then lead the next one astray.
        if let Some(between) = read(&new, Some(&old)) {
            let text = old.value.to_string();
            prop_assert_eq!(read(&text, Some(&between)).map(|read| read.value), Some(old.value));
        }
    }

    #[test]
    fn an_element_that_was_there_is_kept((old, new) in bodies()) {
        let old = read(&old.to_string(), None).expect("JSON");
        let text = new.to_string();
        let found = compare(&text, Some(&old));
        let mut known = None;
        for step in &found.plan {
            let text = &text.get(step.range()).unwrap_or_default();
            match step.kind() {
                Kind::Member => known = old.value.get(*text),
                Kind::Parse => {
                    let list = known.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                    prop_assert!(parse(text).is_some_and(|value| !list.contains(&value)), "{}", text);
                }
                Kind::Value => {
                    prop_assert!(parse(text).as_ref() != known, "{}", text);
                }
                Kind::Copy => {}
            }
        }
    }

    #[test]
    fn any_bytes_and_any_print_are_taken(
        old in prop::collection::vec(any::<u64>(), 0..9),
        body in prop::collection::vec(prop_oneof![any::<u8>(), select(b"{}[],:\"\\ a".to_vec())], 0..40),
    ) {
        Comparison::new().compare(&old, &body);
    }
}

#[test]
fn a_change_of_any_bit_is_seen() {
    let mut body =
        br#"{"a":[{"id":1,"text":"The quick brown fox jumps over the lazy dog"}]}"#.to_vec();
    let mut found = Comparison::new();
    for length in 0..=body.len() {
        found.compare(&[1], &body[..length]);
        let print = found.print.clone();
        for bit in 0..length * 8 {
            body[bit / 8] ^= 1 << (bit % 8);
            found.compare(&print, &body[..length]);
            assert!(!found.print.is_empty(), "bit {bit} of {length} bytes");
            body[bit / 8] ^= 1 << (bit % 8);
        }
        let longer = [&body[..length], b"\0"].concat();
        found.compare(&print, &longer);
        assert!(!found.print.is_empty(), "a zero after {length} bytes");
    }
}

#[test]
fn another_seed_gives_other_hashes() {
    let (mut one, mut other) = (Comparison::new(), Comparison::new());
    one.compare(&[1], b"{\"a\":[1,2]}");
    other.compare(&[2], b"{\"a\":[1,2]}");
    assert_eq!(one.print.len(), 5);
    assert!(one.print.iter().all(|word| !other.print.contains(word)));
}

#[test]
fn what_is_deep_long_or_wide_ends() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let open = format!("{{\"a\":{}", "[{\"a\":".repeat(1_000_000));
    let wide = format!("{{\"a\":[{}0]}}", "0,".repeat(1_000_000));
    let names = |count| {
        let names: Vec<String> = (0..count).map(|name| format!("\"{name}\":0")).collect();
        format!("{{{}}}", names.join(","))
    };
    let (some, more, most) = (names(256), names(257), names(100_000));
    let mut found = Comparison::new();
    let bodies = [
        (&deep, true),
        (&open, false),
        (&wide, false),
        (&some, true),
        (&more, false),
        (&most, false),
    ];
    for (body, cut) in bodies {
        found.compare(&[1], body.as_bytes());
        assert_eq!(found.print.len() > 2, cut);
        assert_eq!(found.plan.is_empty(), !cut);
        let print = found.print.clone();
        found.compare(&print, body.as_bytes());
        assert!(found.print.is_empty(), "equal bytes are the same in any case");
    }
}

#[test]
fn a_byte_order_mark_before_a_value_is_left_to_the_parser_of_the_whole() {
    let mut found = Comparison::new();
    for body in ["{\"a\":\u{feff}1}", "{\"a\":[\u{feff}1]}", "{\"a\":[1,\u{feff}1]}"] {
        found.compare(&[1], body.as_bytes());
        assert!(found.plan.is_empty() && found.print.len() == 2, "{body}");
    }
}
