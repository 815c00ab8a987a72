//! A row of bodies, each compared with the one before: what the plan puts together is what a parser of
//! JSON makes of the whole, and it is none where that is none.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mizan_core::body::{Comparison, Kind, Step};
use serde::Deserialize;
use serde_json::{Map, Value};

const SEED: u64 = 0x5eed;

fuzz_target!(|bytes: &[u8]| {
    let mut found = Comparison::new();
    let mut print = vec![SEED];
    let mut known = None;
    // No text contains this byte.
    for body in bytes.split(|byte| *byte == 0xff) {
        let whole = decoded(body).and_then(parsed);
        found.compare(&print, body);
        if found.print.is_empty() {
            assert_eq!(whole, known, "equal, and yet another value");
            continue;
        }
        assert_eq!(found.print.first(), Some(&SEED));
        let value = match found.plan.as_slice() {
            [] => whole.clone(),
            plan => assembled(plan, body, known.as_ref()),
        };
        assert_eq!(value, whole, "{:?}", steps(&found));
        // What cannot be read takes nobody's place.
        if value.is_some() {
            (print, known) = (found.print.clone(), value);
        }
    }
});

fn steps(found: &Comparison) -> Vec<(Kind, std::ops::Range<usize>)> {
    found.plan.iter().map(|step| (step.kind(), step.range())).collect()
}

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

/// Does what a plan says, as `js/src/body.ts` does.
fn assembled(plan: &[Step], body: &[u8], known: Option<&Value>) -> Option<Value> {
    let mut members: Vec<(String, Option<Value>)> = Vec::new();
    let mut older = None;
    let mut list = None;
    let mut steps = plan.iter().map(|step| (step.kind(), step.range())).peekable();
    while let Some((kind, mut range)) = steps.next() {
        // Those that are parsed as one.
        while kind == Kind::Parse
            && let Some((_, next)) = steps.next_if(|(next, _)| *next == Kind::Parse)
        {
            range.end = next.end;
        }
        let bytes =
            (kind != Kind::Copy).then(|| body.get(range.clone()).expect("a range of the body"));
        let text = || bytes.and_then(decoded);
        if kind == Kind::Member {
            let name = text().expect("a name of ASCII");
            older = known.and_then(|known| known.get(name));
            list = None;
            members.push((name.to_owned(), older.cloned()));
            continue;
        }
        let (_, member) = members.last_mut().expect("a value after its name");
        if kind == Kind::Value {
            *member = Some(parsed(text()?)?);
            continue;
        }
        let list = list.get_or_insert(Vec::new());
        match kind {
            Kind::Copy => {
                let older = older.and_then(Value::as_array).expect("an older list");
                list.push(older.get(range.start).expect("an element of the older list").clone());
            }
            _ => {
                let Value::Array(new) = parsed(&format!("[{}]", text()?))? else {
                    return None;
                };
                list.extend(new);
            }
        }
        *member = Some(Value::Array(list.clone()));
    }
    let value =
        |(name, member): (String, Option<Value>)| (name, member.expect("a value, old or new"));
    Some(Value::Object(Map::from_iter(members.into_iter().map(value))))
}
