//! What holds for every key, every invalidation and every header, against models that are as simple as
//! the rules in words.

use std::collections::{BTreeMap, BTreeSet};

use mizan_core::{
    Cache, Changes, Handle, Input, Invalidation, Key, Output, Value, header, number, percent, spec,
};
use proptest::prelude::*;

/// A value of a param, as some program has it.
#[derive(Clone, Debug)]
enum Param {
    Text(String),
    Bool(bool),
    Number(f64),
}

impl Param {
    /// The canonical text, by the words of the rule.
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number::text(*number),
        }
    }
}

type Params = BTreeMap<String, Param>;

fn name() -> impl Strategy<Value = String> {
    // Few names, so that they meet; and any name.
    prop_oneof![3 => "[ab]", 1 => "[A-Za-z][A-Za-z0-9_]{0,63}"]
}

fn param_name() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-c]", 1 => "[a-z][a-z0-9_]{0,63}"]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[0-2]|true|1\\.5|-1|",
        1 => "-?0?[0-9]{0,17}",
        2 => "[ -~]{0,12}",
        2 => any::<String>(),
        1 => proptest::collection::vec(any::<char>(), 0..8).prop_map(String::from_iter),
    ]
}

fn param() -> impl Strategy<Value = Param> {
    let number = prop_oneof![
        (-2..3i32).prop_map(f64::from),
        Just(1.5),
        Just(-0.0),
        (-9_007_199_254_740_991i64..=9_007_199_254_740_991).prop_map(|whole| {
            #[expect(clippy::cast_precision_loss, reason = "within 2^53")]
            let number = whole as f64;
            number
        }),
        any::<f64>().prop_filter("neither whole and large nor infinite", |number| {
            number.is_finite() && (number.fract() != 0.0 || number.abs() < 9_007_199_254_740_992.0)
        }),
    ];
    prop_oneof![
        4 => text().prop_map(Param::Text),
        1 => any::<bool>().prop_map(Param::Bool),
        3 => number.prop_map(Param::Number),
    ]
}

fn params() -> impl Strategy<Value = Params> {
    proptest::collection::btree_map(param_name(), param(), 0..4)
}

/// Params of few names and values, so that one lot is often a part of another.
fn few_params() -> impl Strategy<Value = Params> {
    let value = prop_oneof![Just(Param::Number(1.0)), Just(Param::Text("2".to_owned()))];
    proptest::collection::btree_map("[a-c]", value, 0..4)
}

fn key_of<'a>(
    name: &str,
    params: impl Iterator<Item = (&'a String, &'a Param)> + Clone,
) -> Result<Key, mizan_core::InvalidKey> {
    let texts: Vec<String> = params.clone().map(|(_, value)| value.text()).collect();
    let values = params.zip(&texts).map(|((name, value), text)| {
        let value = match value {
            Param::Text(text) => Value::Text(text),
            Param::Bool(value) => Value::Bool(*value),
            Param::Number(_) => Value::Number(text),
        };
        (name.as_str(), value)
    });
    Key::new(name, values)
}

fn key() -> impl Strategy<Value = Key> {
    (name(), params())
        .prop_map(|(name, params)| key_of(&name, params.iter()).expect("legal names and values"))
}

fn invalidation() -> impl Strategy<Value = Invalidation> {
    prop_oneof![1 => Just(Invalidation::All), 8 => key().prop_map(Invalidation::from)]
}

fn invalidations() -> impl Strategy<Value = Vec<Invalidation>> {
    proptest::collection::vec(invalidation(), 0..6)
}

/// Texts of the bytes that the header's grammar is made of, in any order.
fn near_header() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        Just(", "),
        Just(";"),
        Just("="),
        Just("\""),
        Just("%\""),
        Just("\\"),
        Just("%c3%bc"),
        Just("?1"),
        Just("@"),
        Just(":"),
        Just("*"),
        Just("-"),
        Just("."),
        Just("("),
        Just(" "),
        Just("\t"),
        Just("user"),
        Just("a"),
        Just("B"),
        Just("é"),
        Just("😀"),
        Just("007"),
        Just("999999999999999"),
        Just("1.5"),
        Just("\0"),
    ];
    proptest::collection::vec(atom, 0..14).prop_map(|atoms| atoms.concat())
}

/// A field as it is written, with one character changed, gone or too many.
fn broken_header() -> impl Strategy<Value = String> {
    let edits = (any::<prop::sample::Index>(), 0..3u8, "[ -~é\t]");
    (invalidations(), edits).prop_map(|(list, (at, edit, with))| {
        let mut text: Vec<char> = header::format(&list, usize::MAX).chars().collect();
        let place = at.index(text.len() + 1);
        if edit > 0 && place < text.len() {
            text.remove(place);
        }
        if edit < 2 {
            text.splice(place.min(text.len())..place.min(text.len()), with.chars());
        }
        text.into_iter().collect()
    })
}

/// The members of a list, without order and each once.
fn texts(list: &[Invalidation]) -> BTreeSet<String> {
    list.iter().map(|member| member.text().to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(1_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    // -- Keys ------------------------------------------------------------------------------------

    #[test]
    fn a_key_is_read_back_from_its_text(key in key()) {
        prop_assert_eq!(Key::parse(key.text()), Ok(key));
    }

    #[test]
    fn the_text_of_a_key_says_name_and_values_by_the_words_of_the_rule(
        name in name(), params in params()
    ) {
        let encode = |text: &str| -> String {
            text.bytes()
                .map(|byte| match byte {
                    b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                        char::from(byte).to_string()
                    }
                    _ => format!("%{byte:02X}"),
                })
                .collect()
        };
        // A BTreeMap is in the byte order of its keys.
        let pairs: Vec<String> =
            params.iter().map(|(name, value)| format!("{name}={}", encode(&value.text()))).collect();
        let question = if pairs.is_empty() { "" } else { "?" };
        let key = key_of(&name, params.iter())?;
        prop_assert_eq!(key.text(), format!("{name}{question}{}", pairs.join("&")));
        prop_assert_eq!(key.name(), name);
        prop_assert_eq!(key.pairs().collect::<Vec<_>>(), pairs);
    }

    #[test]
    fn the_order_of_params_means_nothing(
        name in name(),
        (params, shuffled) in params().prop_flat_map(|params| {
            let pairs: Vec<_> = params.clone().into_iter().collect();
            (Just(params), Just(pairs).prop_shuffle())
        })
    ) {
        let other = key_of(&name, shuffled.iter().map(|(name, value)| (name, value)))?;
        prop_assert_eq!(key_of(&name, params.iter())?, other);
    }

    #[test]
    fn two_keys_are_equal_exactly_when_name_and_canonical_values_are(
        (a, b) in (name(), name()), (p, q) in (params(), params())
    ) {
        let canonical = |params: &Params| -> Vec<(String, String)> {
            params.iter().map(|(name, value)| (name.clone(), value.text())).collect()
        };
        let same = a == b && canonical(&p) == canonical(&q);
        let (key, other) = (key_of(&a, p.iter())?, key_of(&b, q.iter())?);
        prop_assert_eq!(key.text() == other.text(), same);
        prop_assert_eq!(key == other, same);
    }

    #[test]
    fn a_param_that_is_given_twice_is_refused_by_its_name(
        name in name(), param in param_name(), values in (param(), param())
    ) {
        let pairs = [(param.clone(), values.0), (param.clone(), values.1)];
        let error = key_of(&name, pairs.iter().map(|(name, value)| (name, value)));
        prop_assert_eq!(error.map_err(|error| error.param().to_owned()), Err(param));
    }

    #[test]
    fn whole_numbers_beyond_two_to_the_53_are_refused(number: f64) {
        let text = number::text(number);
        let key = Key::new("c", [("a", Value::Number(&text))]);
        let legal = number.is_finite()
            && (number.fract() != 0.0 || number.abs() <= 9_007_199_254_740_991.0);
        prop_assert_eq!(key.is_ok(), legal);
        if number.is_finite() {
            // -0 prints as 0, and is equal to it.
            prop_assert_eq!(text.parse::<f64>()?, number);
        }
    }

    #[test]
    fn what_a_url_encoder_left_is_encoded_and_what_it_encoded_stays(text in text()) {
        let mut encoded = Vec::new();
        for byte in text.bytes() {
            // What encodeURIComponent leaves as it is.
            match byte {
                b'!' | b'\'' | b'(' | b')' | b'*' => encoded.push(byte),
                _ => percent::encode(&mut encoded, &[byte]),
            }
        }
        let spec = [b"c;a=%\"", &encoded[..], b"\""].concat();
        let key = spec::key(spec)?;
        prop_assert_eq!(key, Key::new("c", [("a", Value::Text(&text))])?);
    }

    #[test]
    fn percent_encoding_is_undone(bytes: Vec<u8>) {
        let mut encoded = Vec::new();
        percent::encode(&mut encoded, &bytes);
        prop_assert_eq!(percent::decode(&encoded), Some(bytes));
    }

    #[test]
    fn a_text_is_a_key_only_as_the_key_writes_it(
        text in prop_oneof![
            any::<String>(), "[ab?&=%C3A9é1]{0,16}",
            (key(), any::<prop::sample::Index>(), "[a-c&=%?]").prop_map(|(key, at, with)| {
                let mut text: Vec<char> = key.text().chars().collect();
                text.splice(at.index(text.len())..=at.index(text.len()), with.chars());
                text.into_iter().collect()
            }),
        ]
    ) {
        let _ = percent::decode(&text);
        if let Ok(key) = Key::parse(&text) {
            prop_assert_eq!(key.text(), text);
        }
    }

    // -- Headers ---------------------------------------------------------------------------------

    #[test]
    fn a_list_is_read_back_from_its_header(list in invalidations()) {
        let text = header::format(&list, usize::MAX);
        prop_assert!(text.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{}", text);
        let read = header::parse(&text)?;
        prop_assert_eq!(texts(&read), texts(&list));
        prop_assert_eq!(read.len(), texts(&read).len(), "each member once");
        prop_assert_eq!(header::parse(header::format(&read, usize::MAX)), Ok(read));
    }

    #[test]
    fn a_header_never_exceeds_its_limit_and_still_names_all(
        list in invalidations(), limit in 1..120usize, others in proptest::collection::vec(key(), 8)
    ) {
        let text = header::format(&list, limit);
        prop_assert!(text.len() <= limit, "{} > {}", text.len(), limit);
        let read = header::parse(&text)?;
        let own = list.iter().filter_map(|member| match member {
            Invalidation::Matching(key) => Some(key),
            Invalidation::All => None,
        });
        for key in own.chain(&others) {
            let named = list.iter().any(|member| member.matches(key));
            prop_assert!(!named || read.iter().any(|member| member.matches(key)), "{}", key);
        }
        prop_assert!(!list.contains(&Invalidation::All) || read.contains(&Invalidation::All));
        if header::format(&list, usize::MAX).len() <= limit {
            prop_assert_eq!(texts(&read), texts(&list), "nothing is widened without need");
        }
    }

    #[test]
    fn any_text_is_a_list_or_has_a_position(
        text in prop_oneof![any::<String>(), near_header(), broken_header()]
    ) {
        match header::parse(&text) {
            Ok(list) => {
                let again = header::format(&list, usize::MAX);
                prop_assert_eq!(header::parse(&again), Ok(list));
            }
            Err(error) => {
                prop_assert!(error.position <= text.len());
                // The first byte that does not fit: what stands before it is a list, or lacks only
                // what might have come.
                let start = text.get(..error.position).expect("a position between characters");
                let cut = header::parse(start).map_err(|error| error.position);
                prop_assert!(cut.is_ok() || cut == Err(start.len()), "{:?} in {:?}", cut, start);
            }
        }
    }

    // -- Matching --------------------------------------------------------------------------------

    #[test]
    fn an_invalidation_names_the_keys_that_have_all_its_params(
        (a, b) in (name(), name()), (p, q) in prop_oneof![
            1 => (params(), params()).boxed(),
            2 => (few_params(), few_params()).boxed(),
        ]
    ) {
        let invalidation = Invalidation::from(key_of(&a, p.iter())?);
        let key = key_of(&b, q.iter())?;
        let named = a == b
            && p.iter().all(|(name, value)| q.get(name).map(Param::text) == Some(value.text()));
        prop_assert_eq!(invalidation.matches(&key), named);
        prop_assert!(Invalidation::All.matches(&key));
        prop_assert!(Invalidation::from(key.clone()).matches(&key));
    }

    #[test]
    fn the_machine_finds_exactly_the_entries_that_are_named(
        keys in proptest::collection::vec(key(), 1..24),
        forgotten in proptest::collection::vec(any::<bool>(), 24),
        list in proptest::collection::vec(invalidation(), 1..4),
    ) {
        let mut cache = Cache::new();
        let mut entries: BTreeMap<Handle, Key> = BTreeMap::new();
        // Entries that nobody wants go after a while, those that are fetched stay; so the places in
        // the index are used more than once.
        for (key, forgotten) in keys.iter().zip(&forgotten) {
            let handle = cache.open(0, key.clone());
            if !forgotten {
                cache.handle_input(0, Input::Subscribe(handle, mizan_core::Options::default()));
                entries.insert(handle, key.clone());
            }
        }
        cache.handle_input(mizan_core::GC_TIME.into(), Input::Tick);
        while cache.poll_output().is_some() {}
        for key in keys.iter().rev() {
            entries.insert(cache.open(mizan_core::GC_TIME.into(), key.clone()), key.clone());
        }
        let distinct: BTreeSet<&str> = keys.iter().map(Key::text).collect();
        prop_assert_eq!(entries.len(), distinct.len());
        for (handle, key) in &entries {
            prop_assert_eq!(cache.key(*handle), Some(key));
        }

        cache.handle_input(mizan_core::GC_TIME.into(), Input::Invalidate(Changes { list: Ok(list.clone()), header: "" }));
        let mut found = BTreeSet::new();
        while let Some(output) = cache.poll_output() {
            if let Output::Publish { entry, .. } = output {
                found.insert(entry);
            }
        }
        let named = |key: &Key| list.iter().any(|member| member.matches(key));
        let expected: BTreeSet<Handle> =
            entries.iter().filter(|(_, key)| named(key)).map(|(handle, _)| *handle).collect();
        prop_assert_eq!(found, expected);
    }
}

/// The property above finds these by chance; here are some of each kind.
#[test]
fn a_text_that_says_a_key_otherwise_than_the_key_does_is_refused() {
    let others = [
        "user?",
        "user?a",
        "user?a=1&",
        "user?&a=1",
        "user?b=1&a=1",
        "user?a=1&a=1",
        "user?a=1&a=2",
        "user?a=%41",
        "user?a=%c3%bc",
        "user?a=(",
        "user?a= ",
        "user?a=1?",
        "user?a=1=",
        "user?a=%",
        "user?a=%4",
        "user?a=%C3",
    ];
    for text in others {
        assert!(Key::parse(text).is_err(), "{text}");
    }
}
