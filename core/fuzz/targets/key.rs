//! The text of a key: any text is refused, or it is the only text of its key.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use mizan_core::{InvalidKey, Invalidation, Key, Value, percent};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Corpus::Reject;
    };
    let outcome = Key::parse(text);
    if let Ok(key) = &outcome {
        assert_eq!((key.text(), key.to_string().as_str()), (text, text));
        assert!(Invalidation::from(key.clone()).matches(key));
    }
    // What the text says, if it is read as leniently as can be. It is that key's text or no key's.
    match lenient(text) {
        Some(Ok(key)) => {
            assert_eq!(Key::parse(key.text()).as_ref(), Ok(&key));
            assert_eq!(outcome.is_ok(), key.text() == text, "{key} from {text:?}");
        }
        Some(Err(error)) => {
            assert!(outcome.is_err(), "{error}");
            assert!(error.message().ends_with(error.reason));
        }
        None => assert!(outcome.is_err(), "{text:?} cannot be decoded"),
    }
    Corpus::Keep
});

fn lenient(text: &str) -> Option<Result<Key, InvalidKey>> {
    let (name, query) = text.split_once('?').unwrap_or((text, ""));
    let mut params = Vec::new();
    for pair in query.split('&').filter(|_| !query.is_empty()) {
        let (param, value) = pair.split_once('=').unwrap_or((pair, ""));
        params.push((param, String::from_utf8(percent::decode(value)?).ok()?));
    }
    Some(Key::new(name, params.iter().map(|(param, value)| (*param, Value::Text(value)))))
}
