//! A key: one context with one set of params (protocol rules K6 and K7).

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use crate::error::{InvalidKey, Reason};
use crate::name::{is_name, is_param};
use crate::percent;
use crate::text::{Parts, cut, is_utf8, owned, parts, push, push_byte, push_part, shown};
use crate::value::Value;

/// The name of a context with its params.
///
/// It is kept as its canonical text, `name` or `name?k=v&k2=v2`: encoding is injective, so that two
/// keys, two names or two params are equal exactly when their encoded texts are.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key(Vec<u8>);

impl Key {
    /// Stands where there is no key.
    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

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
        let mut pairs = Vec::new();
        for (param, value) in params {
            if !insert(&mut pairs, param.as_bytes(), value)? {
                return Err(InvalidKey::of(param.as_bytes(), "is given twice"));
            }
        }
        Self::named(name.as_bytes(), &pairs)
    }

    /// A key from its text.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] for any text that [`Key::text`] would not give: one key, one text, one URL.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let (name, query) = cut(text.as_bytes(), b'?');
        let mut pairs = Vec::new();
        for pair in parts(query, b'&') {
            let (param, value) = cut(pair, b'=');
            let value = percent::decode(value)
                .filter(|bytes| is_utf8(bytes))
                .ok_or_else(|| InvalidKey::of(param, "is not percent-encoded UTF-8"))?;
            insert(&mut pairs, param, Value::Bytes(&value))?;
        }
        let key = Self::named(name, &pairs)?;
        if key.0 == text.as_bytes() {
            Ok(key)
        } else {
            Err(InvalidKey::of(&[], "and params are not in canonical form"))
        }
    }

    fn named(name: &[u8], pairs: &[u8]) -> Result<Self, InvalidKey> {
        if is_name(name) { Ok(Self::of(owned(name), pairs)) } else { Err(InvalidKey::name()) }
    }

    /// The key of a name and params that are legal, as they stand in its text.
    pub(crate) fn of(mut name: Vec<u8>, pairs: &[u8]) -> Self {
        if !pairs.is_empty() {
            push_byte(&mut name, b'?');
            push(&mut name, pairs);
        }
        Self(name)
    }

    /// The canonical text, whose query is that of the context's URL.
    pub fn text(&self) -> &str {
        shown(&self.0)
    }

    /// The same as bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The context's name.
    pub fn name(&self) -> &str {
        shown(self.context_name())
    }

    pub(crate) fn context_name(&self) -> &[u8] {
        cut(&self.0, b'?').0
    }

    /// The key of the context without params.
    pub(crate) fn context(&self) -> Self {
        Self(owned(self.context_name()))
    }

    /// The params as they stand in the text, sorted by name: `name=value`, with the value encoded.
    pub fn pairs(&self) -> impl Iterator<Item = &str> {
        self.params().map(shown)
    }

    pub(crate) fn params(&self) -> Parts<'_> {
        parts(cut(&self.0, b'?').1, b'&')
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.text()).finish()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Encodes a param and adds it. Gives back whether it was not there before.
fn insert(pairs: &mut Vec<u8>, param: &[u8], value: Value<'_>) -> Result<bool, InvalidKey> {
    if !is_param(param) {
        return Err(InvalidKey::of(param, Reason::Param.text()));
    }
    let mut pair = owned(param);
    push_byte(&mut pair, b'=');
    value.write(&mut pair).map_err(|reason| InvalidKey::of(param, reason.text()))?;
    Ok(add(pairs, &pair))
}

/// Puts a param in its place among others, all of them as they stand in a key. The last value of a name
/// counts. Gives back whether it is the first.
pub(crate) fn add(pairs: &mut Vec<u8>, pair: &[u8]) -> bool {
    let mut all = Vec::new();
    let mut rest = pair;
    let mut new = true;
    for other in parts(pairs, b'&') {
        let order = name_of(other).cmp(name_of(pair));
        if order == Ordering::Equal {
            new = false;
            continue;
        }
        if order == Ordering::Greater && !rest.is_empty() {
            push_part(&mut all, b"&", rest);
            rest = &[];
        }
        push_part(&mut all, b"&", other);
    }
    if !rest.is_empty() {
        push_part(&mut all, b"&", rest);
    }
    *pairs = all;
    new
}

/// The name of a param as it stands in a key.
pub(crate) fn name_of(pair: &[u8]) -> &[u8] {
    cut(pair, b'=').0
}
