//! A JSON text as a tree, and a cursor that knows where in the tree it stands.
//!
//! Own, and not `serde_json::Value`, for two reasons: the members of an object keep their order
//! without a crate feature that would change `Value` for the whole workspace, and a member given
//! twice is an error instead of a silent loss of the first.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use crate::InvalidSchema;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn parse(text: &str, source_name: &str) -> Result<Self, InvalidSchema> {
        serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let message = error.to_string();
            let position = format!(" at line {line} column {column}");
            InvalidSchema {
                source_name: source_name.to_owned(),
                place: format!("line {line} column {column}"),
                expected: "a JSON document".to_owned(),
                found: format!("an error: {}", message.strip_suffix(&position).unwrap_or(&message)),
            }
        })
    }

    fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}

/// A place in a document, and the value there, if any.
#[derive(Clone, Debug)]
pub(crate) struct At<'a> {
    pub(crate) value: Option<&'a Json>,
    source_name: &'a str,
    path: String,
}

impl<'a> At<'a> {
    pub(crate) fn root(json: &'a Json, source_name: &'a str) -> Self {
        Self { value: Some(json), source_name, path: String::new() }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The error of this place.
    pub(crate) fn expected(&self, what: impl Into<String>) -> InvalidSchema {
        self.expected_instead_of(what, describe(self.value))
    }

    pub(crate) fn expected_instead_of(
        &self,
        what: impl Into<String>,
        found: impl Into<String>,
    ) -> InvalidSchema {
        InvalidSchema {
            source_name: self.source_name.to_owned(),
            place: self.path.clone(),
            expected: what.into(),
            found: found.into(),
        }
    }

    pub(crate) fn member(&self, name: &str) -> Self {
        self.step(name, self.value.and_then(|value| value.member(name)))
    }

    /// The member, unless it is absent.
    pub(crate) fn given(&self, name: &str) -> Option<Self> {
        Some(self.member(name)).filter(|member| member.value.is_some())
    }

    pub(crate) fn members(&self, what: &str) -> Result<Vec<(&'a str, Self)>, InvalidSchema> {
        match self.value {
            Some(Json::Object(members)) => Ok(members
                .iter()
                .map(|(name, value)| (name.as_str(), self.step(name, Some(value))))
                .collect()),
            _ => Err(self.expected(what)),
        }
    }

    pub(crate) fn items(&self, what: &str) -> Result<Vec<Self>, InvalidSchema> {
        match self.value {
            Some(Json::Array(items)) => Ok(items
                .iter()
                .enumerate()
                .map(|(index, value)| Self {
                    value: Some(value),
                    source_name: self.source_name,
                    path: format!("{}[{index}]", self.path),
                })
                .collect()),
            _ => Err(self.expected(what)),
        }
    }

    pub(crate) fn string(&self, what: &str) -> Result<&'a str, InvalidSchema> {
        match self.value {
            Some(Json::String(text)) => Ok(text),
            _ => Err(self.expected(what)),
        }
    }

    pub(crate) fn bool(&self, what: &str) -> Result<bool, InvalidSchema> {
        match self.value {
            Some(Json::Bool(value)) => Ok(*value),
            _ => Err(self.expected(what)),
        }
    }

    /// What a JSON Schema says in words.
    pub(crate) fn description(&self) -> Result<&'a str, InvalidSchema> {
        self.given("description").map_or(Ok(""), |at| at.string("a description"))
    }

    fn step(&self, name: &str, value: Option<&'a Json>) -> Self {
        let path = if !is_plain(name) {
            format!("{}[{}]", self.path, quoted(name))
        } else if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        };
        Self { value, source_name: self.source_name, path }
    }
}

/// A string as an error shows it: JSON, on one line, not longer than a line.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let cut: String = text.chars().take(LONGEST).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    serde_json::Value::String(cut + dots).to_string()
}

fn describe(value: Option<&Json>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Json::Null) => "null".to_owned(),
        Some(Json::Bool(value)) => value.to_string(),
        Some(Json::Number(number)) => number.to_string(),
        Some(Json::String(text)) => quoted(text),
        Some(Json::Array(_)) => "an array".to_owned(),
        Some(Json::Object(_)) => "an object".to_owned(),
    }
}

/// Whether a member's name can stand in a path without quotes.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-$".contains(&b))
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some(name) = access.next_key::<String>()? {
            if !seen.insert(name.clone()) {
                return Err(A::Error::custom(format!("{} a second time", quoted(&name))));
            }
            let value = access.next_value()?;
            members.push((name, value));
        }
        Ok(Json::Object(members))
    }
}
