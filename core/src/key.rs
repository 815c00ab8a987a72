//! A key: one context with one set of params (protocol rules K6 and K7).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::error::InvalidKey;
use crate::name::{is_name, is_param};
use crate::percent;
use crate::value::Value;

/// The name of a context with its params, sorted by name, each as canonical text.
///
/// Two keys are equal exactly when their [texts](Key::text) are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    name: String,
    params: Vec<(String, String)>,
}

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
        let mut key = Self::named(name)?;
        for (param, value) in params {
            let text = value.canonical().map_err(|reason| InvalidKey::param(param, reason))?;
            key.insert(param, text.into())?;
        }
        Ok(key)
    }

    /// A key from its text.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] for any text that [`Key::text`] would not give: one key, one text, one URL.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let (name, query) = text.split_once('?').map_or((text, None), |(n, q)| (n, Some(q)));
        let mut key = Self::named(name)?;
        for pair in query.into_iter().flat_map(|query| query.split('&')) {
            let (param, value) = pair.split_once('=').unwrap_or((pair, "%"));
            let value = percent::decode(value)
                .ok_or_else(|| InvalidKey::param(param, "is not percent-encoded UTF-8"))?;
            key.insert(param, value)?;
        }
        if key.text() == text {
            Ok(key)
        } else {
            Err(InvalidKey { param: String::new(), reason: "and params are not in canonical form" })
        }
    }

    /// A key without params.
    pub(crate) fn named(name: &str) -> Result<Self, InvalidKey> {
        if is_name(name) {
            Ok(Self { name: name.into(), params: Vec::new() })
        } else {
            Err(InvalidKey::name())
        }
    }

    /// Adds a param whose value is canonical text already, in its place.
    pub(crate) fn insert(&mut self, param: &str, text: String) -> Result<(), InvalidKey> {
        if !is_param(param) {
            let reason = "is not a param name: a lower-case letter, then up to 63 of a-z, 0-9 or _";
            return Err(InvalidKey::param(param, reason));
        }
        let place = self.params.iter().position(|(other, _)| other.as_str() >= param);
        let place = place.unwrap_or(self.params.len());
        if self.params.get(place).is_some_and(|(other, _)| other == param) {
            return Err(InvalidKey::param(param, "is given twice"));
        }
        self.params.insert(place, (param.into(), text));
        Ok(())
    }

    /// Replaces or adds a param, as RFC 9651 has it for a repeated parameter.
    pub(crate) fn replace(&mut self, param: &str, text: String) -> Result<(), InvalidKey> {
        self.params.retain(|(other, _)| other != param);
        self.insert(param, text)
    }

    /// The context's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The params as pairs of name and canonical text, sorted by name.
    pub fn params(&self) -> &[(String, String)] {
        &self.params
    }

    /// The canonical text: `name`, or `name?k=v&k2=v2`, whose query is that of the context's URL.
    pub fn text(&self) -> String {
        let mut text = self.name.clone();
        let mut separator = '?';
        for (param, value) in &self.params {
            text.push(separator);
            text.push_str(param);
            text.push('=');
            percent::encode(&mut text, value);
            separator = '&';
        }
        text
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
