//! A row of bodies, each compared with the one before: what the plan puts together is what a parser of
//! JSON makes of the whole, and it is none where that is none.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mizan_core::body::{Comparison, Kind, Step, compare};
use serde::Deserialize;
use serde_json::{Map, Value};

const SEED: u64 = 0x5eed;

fuzz_target!(|bytes: &[u8]| {
    let mut print = vec![SEED];
    let mut known = None;
    // No text contains this byte.
    for body in bytes.split(|byte| *byte == 0xff) {
        let whole = decoded(body).and_then(parsed);
        let Some(found) = compare(&print, body) else {
            assert_eq!(whole, known, "equal, and yet another value");
            continue;
        };
        check(&found, body.len());
        let value = match found.plan.as_slice() {
            [] => whole.clone(),
            plan => assembled(plan, body, known.as_ref()),
        };
        assert_eq!(value, whole, "{:?}", found.plan);
        // What cannot be read takes nobody's place.
        if value.is_some() {
            (print, known) = (found.print, value);
        }
    }
});

/// As a browser decodes bodies that are UTF-8. What is not has no value here: how it is decoded then is
/// nothing that the core knows of.
fn decoded(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn parsed(text: &str) -> Option<Value> {
    let mut parser = serde_json::Deserializer::from_str(text);
    // The inputs are short; and a part has fewer levels than the whole.
    parser.disable_recursion_limit();
    let value = Value::deserialize(&mut parser).ok()?;
    parser.end().ok()?;
    Some(value)
}

fn check(found: &Comparison, length: usize) {
    assert_eq!(found.print.first(), Some(&SEED));
    for step in &found.plan {
        assert!(step.start <= step.end, "{step:?}");
        if matches!(step.kind, Kind::Member | Kind::Value | Kind::Parse) {
            assert!(step.end as usize <= length, "{step:?}");
        }
    }
}

/// Does what a plan says, as `js/src/body.ts` does.
fn assembled(plan: &[Step], body: &[u8], known: Option<&Value>) -> Option<Value> {
    let mut members: Vec<(String, Value)> = Vec::new();
    let mut older = None;
    for &Step { kind, start, end } in plan {
        let (start, end) = (start as usize, end as usize);
        let text = || body.get(start..end).and_then(decoded);
        if kind == Kind::Member {
            let name = text().expect("a name of ASCII");
            older = known.and_then(|known| known.get(name));
            // In place of this `null`, steps say a value that is not there so far.
            members.push((name.to_owned(), older.cloned().unwrap_or(Value::Null)));
            continue;
        }
        let (_, member) = members.last_mut().expect("a value after its name");
        match kind {
            Kind::Member => {}
            Kind::Value => *member = parsed(text()?)?,
            Kind::List => *member = Value::Array(Vec::new()),
            Kind::Copy => {
                let list = older.and_then(Value::as_array).expect("an older list");
                let kept = list.get(start..end).expect("elements of the older list");
                member.as_array_mut().expect("a list").extend_from_slice(kept);
            }
            Kind::Parse => {
                let Value::Array(new) = parsed(&format!("[{}]", text()?))? else {
                    return None;
                };
                member.as_array_mut().expect("a list").extend(new);
            }
        }
    }
    // Of a name that stands twice, the last one counts.
    Some(Value::Object(Map::from_iter(members)))
}
