//! The shared vectors in a browser: through mizan-core compiled to wasm, and through what the runtime
//! exports to JavaScript. Their format is specified in tests/vectors/README.md.
//!
//! The test runner serves the workspace, from where the files come as a page would get them; numbers
//! and texts are read and printed by the browser, as in the page.

#![cfg(target_arch = "wasm32")]

use std::collections::{BTreeMap, BTreeSet};

use gloo_net::http::Request;
use js_sys::{JSON, encode_uri_component};
use mizan_core::wire::{self, Words};
use mizan_core::{Invalidation, Key, Value, header};
use mizan_runtime::{exchange, machine, writer};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const KEY_MEMBERS: &[&str] = &["id", "name", "note", "input", "expected", "must_fail", "at"];
const MATCH_MEMBERS: &[&str] = &["id", "name", "note", "invalidation", "key", "expected"];
const HEADER_MEMBERS: &[&str] =
    &["id", "name", "note", "kind", "input", "expected", "must_fail", "position", "limit"];

#[derive(Deserialize)]
struct KeyCase {
    id: String,
    name: String,
    input: Spec,
    expected: Option<String>,
    #[serde(default)]
    must_fail: bool,
}

#[derive(Deserialize)]
struct MatchCase {
    id: String,
    name: String,
    invalidation: Named,
    key: Spec,
    expected: bool,
}

#[derive(Deserialize)]
struct HeaderCase {
    id: String,
    name: String,
    kind: String,
    /// Field lines to parse, or invalidations to write.
    input: Vec<Named>,
    expected: Option<HeaderOutcome>,
    #[serde(default)]
    must_fail: bool,
    position: Option<usize>,
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum HeaderOutcome {
    Text(String),
    List(Vec<Named>),
}

/// An invalidation as the vectors write it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Text(String),
    Scoped(Spec),
}

#[derive(Deserialize)]
struct Spec {
    context: String,
    params: BTreeMap<String, Param>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Param {
    Null(()),
    Bool(bool),
    Number(f64),
    Text(String),
    Other(IgnoredAny),
}

trait Case: DeserializeOwned {
    const LETTER: char;
    const MEMBERS: &[&str];

    fn id(&self) -> &str;
    fn name(&self) -> &str;
}

macro_rules! case {
    ($case:ty, $letter:literal, $members:expr) => {
        impl Case for $case {
            const LETTER: char = $letter;
            const MEMBERS: &[&str] = $members;

            fn id(&self) -> &str {
                &self.id
            }

            fn name(&self) -> &str {
                &self.name
            }
        }
    };
}

case!(KeyCase, 'K', KEY_MEMBERS);
case!(MatchCase, 'M', MATCH_MEMBERS);
case!(HeaderCase, 'H', HEADER_MEMBERS);

// -- mizan-core ----------------------------------------------------------------------------------

#[wasm_bindgen_test]
async fn keys_in_the_core() {
    run(
        "keys",
        |_| true,
        |case: &KeyCase| {
            let key = case.input.key().map_err(|error| error.message());
            same_outcome(key.map(|key| key.text().to_owned()), &case.expected, case.must_fail)
        },
    )
    .await;
}

#[wasm_bindgen_test]
async fn matches_in_the_core() {
    run(
        "matches",
        |_| true,
        |case: &MatchCase| {
            let key = case.key.key().map_err(|error| error.message())?;
            equal(case.invalidation.invalidation()?.matches(&key), case.expected)
        },
    )
    .await;
}

#[wasm_bindgen_test]
async fn headers_in_the_core() {
    run(
        "header",
        |_| true,
        |case: &HeaderCase| match case.kind.as_str() {
            "parse" => match header::parse(&case.lines()?) {
                Ok(list) => equal(list, case.expected_list()?),
                Err(error) if case.must_fail => equal(Some(error.position), case.position),
                Err(error) => Err(error.message()),
            },
            "format" => {
                let list = list_of(&case.input)?;
                equal(
                    header::format(&list, case.limit.unwrap_or(header::LIMIT)),
                    case.expected_text()?,
                )
            }
            kind => Err(format!("the kind {kind} is unknown")),
        },
    )
    .await;
}

// -- What JavaScript calls -------------------------------------------------------------------------

#[wasm_bindgen_test]
async fn keys_in_the_runtime() {
    run(
        "keys",
        |_| true,
        |case: &KeyCase| {
            let spec = case.input.spec();
            let key = ask(&spec, || say(machine::KEY));
            if case.must_fail {
                equal(open(&spec), None)?;
            }
            same_outcome(key, &case.expected, case.must_fail)
        },
    )
    .await;
}

#[wasm_bindgen_test]
async fn matches_in_the_runtime() {
    run(
        "matches",
        |_| true,
        |case: &MatchCase| {
            let entry = open(&case.key.spec()).ok_or("no entry")?;
            // Somebody looks at the key, and it is fresh.
            let fetch =
                fetch_of(entry, &tell(wire::SUBSCRIBE, entry, 0, 0, "")).ok_or("no first fetch")?;
            tell(wire::FETCHED, entry, fetch, 200, "");
            let again = fetch_of(
                entry,
                &tell(wire::INVALIDATE, 0, 0, 0, &format!("\n\n\n{}", case.invalidation.spec())),
            );
            if let Some(fetch) = again {
                tell(wire::FETCHED, entry, fetch, 200, "");
            }
            tell(wire::UNSUBSCRIBE, entry, 0, 0, "");
            tell(wire::INVALIDATE, 0, 0, 0, "\n\n\n*");
            equal(again.is_some(), case.expected)
        },
    )
    .await;
}

#[wasm_bindgen_test]
async fn headers_in_the_runtime() {
    // The limit of the runtime is fixed.
    run(
        "header",
        |case: &HeaderCase| case.limit.is_none(),
        |case: &HeaderCase| match case.kind.as_str() {
            "parse" => {
                let list = ask(&case.lines()?, || say(machine::PARSE));
                match list {
                    Ok(list) => equal(list, texts_of(&case.expected_list()?)),
                    Err(error) if case.must_fail => {
                        let position = error.rsplit(' ').next().and_then(|at| at.parse().ok());
                        equal(position, case.position)
                    }
                    Err(error) => Err(error),
                }
            }
            "format" => {
                let specs: Vec<String> = case.input.iter().map(Named::spec).collect();
                equal(ask(&specs.join(","), writer::format)?, case.expected_text()?)
            }
            kind => Err(format!("the kind {kind} is unknown")),
        },
    )
    .await;
}

/// Writes the text that the next call takes, as JavaScript does.
fn write(text: &str) {
    let room = exchange::input(text.len()).cast_mut();
    // SAFETY: `input` makes room for as many bytes, and nothing else runs in between.
    unsafe { room.copy_from_nonoverlapping(text.as_ptr(), text.len()) };
}

/// What a call answers that takes and gives a text.
fn ask(text: &str, call: impl Fn() -> *const u32) -> Result<String, String> {
    write(text);
    let (words, text) = read(call());
    if words[0][0] == 1 { Ok(text) } else { Err(text) }
}

/// The handle of a spec's entry.
fn open(spec: &str) -> Option<u32> {
    write(spec);
    let [ok, handle, _] = read(say(machine::OPEN)).0[0];
    (ok == 1).then_some(handle)
}

/// Tells the machine something, and gives back its outputs.
fn tell(kind: u32, number: u32, fetch: u32, status: u32, text: &str) -> Vec<Words> {
    write(text);
    read(machine::tell(0.0, kind, number, fetch, status, 0)).0
}

fn say(kind: u32) -> *const u32 {
    machine::tell(0.0, kind, 0, 0, 0, 0)
}

/// What was said: groups of numbers, and a text.
fn read(head: *const u32) -> (Vec<Words>, String) {
    // SAFETY: four numbers say where the groups and the text are, and how many or how long.
    unsafe {
        let head = std::slice::from_raw_parts(head, 4);
        let words = std::slice::from_raw_parts(head[0] as *const Words, head[1] as usize);
        let text = std::slice::from_raw_parts(head[2] as *const u8, head[3] as usize);
        (words.to_vec(), String::from_utf8_lossy(text).into_owned())
    }
}

/// The last fetch of the entry that begins in these outputs.
fn fetch_of(entry: u32, outputs: &[Words]) -> Option<u32> {
    let of = |output: &&Words| output[..2] == [0, entry];
    outputs.iter().rfind(of).map(|output| output[2])
}

// -- Cases -----------------------------------------------------------------------------------------

impl Spec {
    fn key(&self) -> Result<Key, mizan_core::InvalidKey> {
        let numbers: Vec<(&String, &Param, String)> = self
            .params
            .iter()
            .filter(|(_, value)| !matches!(value, Param::Null(())))
            .map(|(name, value)| (name, value, value.printed()))
            .collect();
        let params = numbers.iter().map(|(name, value, printed)| {
            let value = match value {
                Param::Text(text) => Value::Text(text),
                Param::Bool(value) => Value::Bool(*value),
                Param::Number(_) => Value::Number(printed),
                Param::Null(()) | Param::Other(_) => Value::Other,
            };
            (name.as_str(), value)
        });
        Key::new(&self.context, params)
    }

    /// The key as `keySpec` in js/src/spec.ts says it.
    fn spec(&self) -> String {
        let mut spec = encode(&self.context);
        for (name, value) in &self.params {
            let printed = value.printed();
            let value = match value {
                Param::Null(()) => continue,
                Param::Number(_) => format!("#{printed}"),
                Param::Text(_) | Param::Bool(_) => format!("%\"{}\"", encode(&printed)),
                Param::Other(_) => "!".to_owned(),
            };
            spec.push_str(&format!(";{}={value}", encode(name)));
        }
        spec
    }
}

impl Param {
    /// The value as `String(value)` prints it.
    fn printed(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => js_sys::Number::from(*number)
                .to_string_with_radix(10)
                .map(String::from)
                .unwrap_or_default(),
            Self::Null(()) | Self::Other(_) => String::new(),
        }
    }
}

impl Named {
    fn invalidation(&self) -> Result<Invalidation, String> {
        let key = match self {
            Self::Text(name) if name == "*" => return Ok(Invalidation::All),
            Self::Text(name) => Key::new(name, []),
            Self::Scoped(spec) => spec.key(),
        };
        key.map(Invalidation::from).map_err(|error| error.message())
    }

    fn spec(&self) -> String {
        match self {
            Self::Text(name) => encode(name),
            Self::Scoped(spec) => spec.spec(),
        }
    }
}

impl HeaderCase {
    fn lines(&self) -> Result<String, String> {
        let lines = self.input.iter().map(|line| match line {
            Named::Text(line) => Ok(line.as_str()),
            Named::Scoped(_) => Err("a field line is a string".to_owned()),
        });
        Ok(lines.collect::<Result<Vec<_>, _>>()?.join(", "))
    }

    fn expected_list(&self) -> Result<Vec<Invalidation>, String> {
        match &self.expected {
            Some(HeaderOutcome::List(list)) => list_of(list),
            _ => Err("it should have been refused".to_owned()),
        }
    }

    fn expected_text(&self) -> Result<String, String> {
        match &self.expected {
            Some(HeaderOutcome::Text(text)) => Ok(text.clone()),
            _ => Err("the expected text is missing".to_owned()),
        }
    }
}

fn list_of(list: &[Named]) -> Result<Vec<Invalidation>, String> {
    list.iter().map(Named::invalidation).collect()
}

fn texts_of(list: &[Invalidation]) -> String {
    list.iter().map(Invalidation::text).collect::<Vec<_>>().join(",")
}

fn encode(text: &str) -> String {
    encode_uri_component(text).into()
}

fn equal<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{found:?}, expected {expected:?}")) }
}

fn same_outcome(
    found: Result<String, String>,
    expected: &Option<String>,
    must_fail: bool,
) -> Result<(), String> {
    match (found, expected) {
        (Ok(found), Some(expected)) => equal(&found, expected),
        (Err(_), None) if must_fail => Ok(()),
        (found, expected) => Err(format!("{found:?}, expected {expected:?}")),
    }
}

/// Runs the cases of a file that `applies` to, and says all that fail.
async fn run<C: Case>(
    file: &str,
    applies: impl Fn(&C) -> bool,
    check: impl Fn(&C) -> Result<(), String>,
) {
    let url = format!("/tests/vectors/{file}.json");
    let response = Request::get(&url).send().await.expect("an answer of the test's server");
    assert!(response.ok(), "{url}: {}", response.status());
    let json = JSON::parse(&response.text().await.expect("a text")).expect("JSON");
    let all: Vec<BTreeMap<String, IgnoredAny>> =
        serde_wasm_bindgen::from_value(json.clone()).expect("an array of objects");
    let cases: Vec<C> = serde_wasm_bindgen::from_value(json).expect("cases of the format");

    let mut failures = Vec::new();
    for unknown in all.iter().flat_map(BTreeMap::keys) {
        if !C::MEMBERS.contains(&unknown.as_str()) {
            failures.push(format!("the member {unknown} is unknown"));
        }
    }
    let mut ran = BTreeSet::new();
    for case in cases.iter().filter(|case| applies(case)) {
        if !case.id().starts_with(C::LETTER) || !ran.insert(case.id()) {
            failures.push(format!("{}: the id is used twice, or is none", case.id()));
        }
        if let Err(why) = check(case) {
            failures.push(format!("{} ({}): {why}", case.id(), case.name()));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), all.len(), failures.join("\n"));
    let skipped = cases.iter().filter(|case| !applies(case)).count();
    assert!(
        !ran.is_empty() && ran.len() + skipped == all.len(),
        "{} of {} ran",
        ran.len(),
        all.len()
    );
}
