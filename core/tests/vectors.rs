//! The shared vectors, run natively. Their format is specified in tests/vectors/README.md.

mod trace;

use std::collections::{BTreeMap, BTreeSet};

use mizan_core::{Invalidation, Key, Value, header, number};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const KEYS: &str = include_str!("../../tests/vectors/keys.json");
const MATCHES: &str = include_str!("../../tests/vectors/matches.json");
const HEADER: &str = include_str!("../../tests/vectors/header.json");
const OVERLAPS: &str = include_str!("../../tests/vectors/overlaps.json");
const FRAGMENTS: &str = include_str!("../../tests/vectors/fragments.json");
const CACHE: &str = include_str!("../../tests/vectors/cache.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyCase {
    id: String,
    name: String,
    input: Spec,
    expected: Option<String>,
    #[serde(default)]
    must_fail: bool,
    at: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchCase {
    id: String,
    name: String,
    invalidation: Named,
    key: Spec,
    expected: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverlapCase {
    id: String,
    name: String,
    invalidations: [Named; 2],
    expected: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
enum HeaderCase {
    Parse {
        id: String,
        name: String,
        input: Vec<String>,
        expected: Option<Vec<Named>>,
        #[serde(default)]
        must_fail: bool,
        position: Option<usize>,
        #[serde(rename = "note")]
        _note: Option<String>,
    },
    Format {
        id: String,
        name: String,
        input: Vec<Named>,
        expected: String,
        limit: Option<usize>,
        #[serde(rename = "note")]
        _note: Option<String>,
    },
}

/// An invalidation as the vectors write it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Context(String),
    Scoped(Spec),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    context: String,
    params: BTreeMap<String, serde_json::Value>,
}

trait Case: DeserializeOwned {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
}

impl Case for KeyCase {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Case for MatchCase {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Case for OverlapCase {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Case for HeaderCase {
    fn id(&self) -> &str {
        let (Self::Parse { id, .. } | Self::Format { id, .. }) = self;
        id
    }

    fn name(&self) -> &str {
        let (Self::Parse { name, .. } | Self::Format { name, .. }) = self;
        name
    }
}

impl<I: DeserializeOwned, O: DeserializeOwned> Case for trace::Case<I, O> {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

#[test]
fn keys() {
    run(KEYS, 'K', |case: &KeyCase| match (&case.expected, case.must_fail) {
        (Some(expected), false) => {
            let key = case.input.key().map_err(|(param, why)| format!("{param}: {why}"))?;
            equal("text", key.text(), expected)?;
            equal("display", &key.to_string(), expected)?;
            equal("with the params in another order", case.input.key_reversed(), Ok(key.clone()))?;
            equal("read back", Key::parse(expected), Ok(key))
        }
        (None, true) => {
            let refused = case.input.key().err().map(|(param, _)| param);
            let blamed = match case.at.as_deref() {
                Some("context") => String::new(),
                Some(param) => param.to_owned(),
                None => return equal("refused", refused.is_some(), true),
            };
            equal("what is to blame", refused, Some(blamed))
        }
        _ => Err("needs either expected or must_fail".to_owned()),
    });
}

#[test]
fn matches() {
    run(MATCHES, 'M', |case: &MatchCase| {
        let invalidation = case.invalidation.invalidation()?;
        let key = case.key.key().map_err(|(param, why)| format!("{param}: {why}"))?;
        equal("matches", invalidation.matches(&key), case.expected)
    });
}

#[test]
fn overlaps() {
    run(OVERLAPS, 'O', |case: &OverlapCase| {
        let [one, other] = &case.invalidations;
        let (one, other) = (one.invalidation()?, other.invalidation()?);
        equal("overlaps", one.overlaps(&other), case.expected)?;
        equal("the other way round", other.overlaps(&one), case.expected)
    });
}

#[test]
fn headers() {
    run(HEADER, 'H', |case| match case {
        HeaderCase::Parse { input, expected, must_fail, position, .. } => {
            let text = input.join(", ");
            match (header::parse(&text), expected, must_fail) {
                (Ok(list), Some(expected), false) => {
                    equal("list", &list, &list_of(expected)?)?;
                    equal("read back", header::parse(header::format(&list, usize::MAX)), Ok(list))
                }
                (Err(error), None, true) => {
                    equal("position", Some(error.position), *position)?;
                    let end = format!(" {}", error.position);
                    equal("the message ends with it", error.message().ends_with(&end), true)
                }
                (outcome, _, _) => Err(format!("came out as {outcome:?}")),
            }
        }
        HeaderCase::Format { input, expected, limit, .. } => {
            let list = list_of(input)?;
            let text = header::format(&list, limit.unwrap_or(header::LIMIT));
            equal("text", &text, expected)?;
            equal("no longer than the limit", text.len() <= limit.unwrap_or(header::LIMIT), true)?;
            let read = header::parse(&text).map_err(|error| error.to_string())?;
            match limit {
                None => equal("read back", read, list),
                // What was widened still names everything: a key that a member names, it names.
                Some(_) => equal("covered", list.iter().all(|member| covers(&read, member)), true),
            }
        }
    });
}

#[test]
fn traces() {
    run(CACHE, 'C', |case: &trace::Case| same(case, &case.play()?));
}

#[test]
fn traces_of_fragments() {
    run(FRAGMENTS, 'F', |case: &trace::fragments::Case| same(case, &case.play()?));
}

/// A case that fails is printed as it came out, in the form of the file.
fn same<I: Serialize, O: PartialEq + Serialize>(
    case: &trace::Case<I, O>,
    played: &trace::Case<I, O>,
) -> Result<(), String> {
    let differs =
        |(step, played): (&trace::Step<I, O>, &trace::Step<I, O>)| step.outputs != played.outputs;
    case.steps.iter().zip(&played.steps).position(differs).map_or(Ok(()), |at| {
        Err(format!("step {at} came out otherwise; the case as it came out:\n{}", played.text()))
    })
}

#[test]
fn a_trace_with_an_unknown_member_is_refused() {
    let read = |case: &str| serde_json::from_str::<trace::Case>(case).map(|case| case.play());
    let steps = [
        (r#""at": 0, "input": {"read": {"entry": "user"}}, "outputs": []"#, true),
        (r#""at": 0, "input": {"read": {"entry": "user"}}, "outputs": [], "more": 1"#, false),
        (r#""at": 0, "input": {"read": {"entry": "user", "more": 1}}, "outputs": []"#, false),
        (r#""at": 0, "input": {"subscribe": {"entry": "user", "more": 1}}, "outputs": []"#, false),
        (r#""at": 0, "input": {"call": {"call": 1, "more": 1}}, "outputs": []"#, false),
        (r#""at": 0, "input": {"call_lost": {"call": 1}, "tick": null}, "outputs": []"#, false),
        (r#""at": 0, "input": "tock", "outputs": []"#, false),
        (r#""at": 0, "input": "tick", "outputs": [{"send": {"call": 1, "more": 1}}]"#, false),
        (r#""at": 0, "input": "tick", "outputs": ["sent"]"#, false),
    ];
    for (step, legal) in steps {
        let case = format!(r#"{{"id": "C1", "name": "", "steps": [{{{step}}}]}}"#);
        assert_eq!(read(&case).is_ok(), legal, "{step}");
    }
    assert!(read(r#"{"id": "C1", "name": "", "steps": [], "more": 1}"#).is_err());
    assert!(read(r#"{"id": "C1", "name": "", "steps": []}"#).is_ok_and(|played| played.is_err()));
}

/// Numbers are judged by value, whichever type a JSON parser reads them as.
#[test]
fn a_number_that_f64_cannot_hold_exactly_is_refused() {
    let whole = ["9007199254740993", "-9007199254740993", "18446744073709551615", "1e16", "1e999"];
    for text in whole {
        let json = format!(r#"{{"context": "c", "params": {{"a": {text}}}}}"#);
        // A number beyond the range of f64 may be refused by the JSON parser already.
        let refused =
            serde_json::from_str::<Spec>(&json).ok().is_none_or(|spec| spec.key().is_err());
        assert!(refused, "{text}");
    }
    for text in ["9007199254740991", "9007199254740991.0", "-9.007199254740991e15"] {
        let json = format!(r#"{{"context": "c", "params": {{"a": {text}}}}}"#);
        let spec: Spec = serde_json::from_str(&json).expect("a vector");
        assert_eq!(spec.key().map(|key| key.name().to_owned()), Ok("c".to_owned()), "{text}");
    }
}

impl Spec {
    fn key(&self) -> Result<Key, (String, String)> {
        self.key_of(self.params.iter())
    }

    fn key_reversed(&self) -> Result<Key, (String, String)> {
        self.key_of(self.params.iter().rev())
    }

    fn key_of<'a>(
        &self,
        params: impl Iterator<Item = (&'a String, &'a serde_json::Value)>,
    ) -> Result<Key, (String, String)> {
        // Not every number of a 64-bit integer type is a number of the protocol: what cannot be a
        // float without being rounded is beyond 2^53 - 1, and so is what it is rounded to.
        let texts: Vec<(&String, &serde_json::Value, String)> = params
            .map(|(name, value)| {
                (name, value, value.as_f64().map(number::text).unwrap_or_default())
            })
            .collect();
        let params =
            texts.iter().filter(|(_, value, _)| !value.is_null()).map(|(name, value, number)| {
                let value = match value {
                    serde_json::Value::String(text) => Value::Text(text),
                    serde_json::Value::Bool(value) => Value::Bool(*value),
                    serde_json::Value::Number(_) => Value::Number(number),
                    _ => Value::Other,
                };
                (name.as_str(), value)
            });
        Key::new(&self.context, params).map_err(|error| (error.param().to_owned(), error.message()))
    }
}

impl Named {
    fn invalidation(&self) -> Result<Invalidation, String> {
        let key = match self {
            Self::Context(name) if name == "*" => return Ok(Invalidation::All),
            Self::Context(name) => Key::new(name, []).map_err(|error| error.message()),
            Self::Scoped(spec) => spec.key().map_err(|(_, why)| why),
        };
        key.map(Invalidation::from)
    }
}

fn list_of(list: &[Named]) -> Result<Vec<Invalidation>, String> {
    list.iter().map(Named::invalidation).collect()
}

/// Whether `list` names every key that `member` names.
fn covers(list: &[Invalidation], member: &Invalidation) -> bool {
    match member {
        Invalidation::All => list.contains(&Invalidation::All),
        Invalidation::Matching(key) => list.iter().any(|other| other.matches(key)),
    }
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: {found:?}, expected {expected:?}"))
    }
}

/// Runs every case of a file, and says all that fail.
fn run<C: Case>(file: &str, letter: char, check: impl Fn(&C) -> Result<(), String>) {
    let all: Vec<serde_json::Value> = serde_json::from_str(file).expect("an array");
    let cases: Vec<C> = serde_json::from_str(file).expect("cases of the format");
    let mut ids = BTreeSet::new();
    let mut failures = Vec::new();
    for case in &cases {
        let numbered = case.id().strip_prefix(letter).is_some_and(|n| n.parse::<u32>().is_ok());
        if !numbered || !ids.insert(case.id()) {
            failures.push(format!("{}: the id is used twice, or is none", case.id()));
        }
        if let Err(why) = check(case) {
            failures.push(format!("{} ({}): {why}", case.id(), case.name()));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), all.len(), failures.join("\n"));
    assert!(!ids.is_empty() && ids.len() == all.len(), "{} of {} ran", ids.len(), all.len());
}
