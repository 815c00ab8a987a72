//! A key: one context with one set of params (protocol rules K6 and K7).

use alloc::string::String;
use core::fmt;

use crate::error::InvalidKey;
use crate::name::{is_name, is_param};
use crate::percent;
use crate::text::{Parts, cut, is_utf8, owned, parts, push_byte, push_part};
use crate::value::Value;

/// The name of a context with its params.
///
/// It is kept as its canonical text, `name` or `name?k=v&k2=v2`: encoding is injective, so that two
/// keys, two names or two params are equal exactly when their encoded texts are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// A key from a context's name and the params that are given, in any order.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] for an illegal name, a param that is given twice, or a value without canonical
    /// text.
    pub fn new<'a>(
        name: &str,
        params: impl IntoIterator<Item = (&'a str, Value<'a>)>,
    ) -> Result<Self, InvalidKey> {
        let mut pairs = Pairs::default();
        for (param, value) in params {
            if !pairs.insert(param, value)? {
                return Err(InvalidKey::param(param, "is given twice"));
            }
        }
        pairs.of(name)
    }

    /// A key from its text.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] for any text that [`Key::text`] would not give: one key, one text, one URL.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let (name, query) = cut(text, b'?');
        let mut pairs = Pairs::default();
        for pair in parts(query.unwrap_or_default(), b'&') {
            let (param, value) = cut(pair, b'=');
            let value = percent::decode(value.unwrap_or_default())
                .filter(|bytes| is_utf8(bytes))
                .ok_or_else(|| InvalidKey::param(param, "is not percent-encoded UTF-8"))?;
            pairs.insert(param, Value::Bytes(&value))?;
        }
        let key = pairs.of(name)?;
        if key.0 == text {
            Ok(key)
        } else {
            Err(InvalidKey { param: String::new(), reason: "and params are not in canonical form" })
        }
    }

    /// The canonical text, whose query is that of the context's URL.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The context's name.
    pub fn name(&self) -> &str {
        cut(&self.0, b'?').0
    }

    /// The key of the context without params.
    pub(crate) fn context(&self) -> Self {
        Self(owned(self.name()))
    }

    /// The params as they stand in the text, sorted by name: `name=value`, with the value encoded.
    pub fn pairs(&self) -> Parts<'_> {
        parts(cut(&self.0, b'?').1.unwrap_or_default(), b'&')
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The params of a key that is being made, encoded and in order, as they stand in its text.
#[derive(Default)]
pub(crate) struct Pairs(String);

impl Pairs {
    /// Adds a param in its place. Gives back whether it was not there before; the last value counts.
    pub(crate) fn insert(&mut self, param: &str, value: Value<'_>) -> Result<bool, InvalidKey> {
        if !is_param(param) {
            let reason = "must match [a-z][a-z0-9_]{0,63}";
            return Err(InvalidKey::param(param, reason));
        }
        let mut after = owned(param);
        push_byte(&mut after, b'=');
        value.write(&mut after).map_err(|reason| InvalidKey::param(param, reason))?;
        let mut before = String::new();
        let mut new = true;
        for other in parts(&self.0, b'&') {
            let name = name_of(other);
            if name == param {
                new = false;
                continue;
            }
            push_part(if name < param { &mut before } else { &mut after }, "&", other);
        }
        push_part(&mut before, "&", &after);
        self.0 = before;
        Ok(new)
    }

    pub(crate) fn of(self, name: &str) -> Result<Key, InvalidKey> {
        if !is_name(name) {
            return Err(InvalidKey::name());
        }
        let mut text = owned(name);
        if !self.0.is_empty() {
            push_byte(&mut text, b'?');
            text.push_str(&self.0);
        }
        Ok(Key(text))
    }
}

fn name_of(pair: &str) -> &str {
    cut(pair, b'=').0
}
