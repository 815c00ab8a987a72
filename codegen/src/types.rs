//! JSON Schema 2020-12 to TypeScript types.
//!
//! A type says what a JSON value of the schema can be. It never says less than the schema allows;
//! where TypeScript has no word for a rule (`pattern`, `minimum`, `not`), it says more. A format
//! such as `date-time` is a branded string, and in arguments a plain one. But `binary` is a `Blob`:
//! a file goes beside the JSON of a call (protocol section 3).

mod format;
mod layout;
mod shapes;

pub(crate) use format::{FORMATS, Format};
pub(crate) use layout::{brackets, fields, one_of};

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::document::{At, Json};
use crate::names::Names;
use crate::schema::{Component, Schema};
use crate::{InvalidSchema, Options, Strings};

/// A TypeScript type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Unknown,
    Never,
    Null,
    /// Only where a property may be left out or be `undefined` alike.
    Undefined,
    Boolean,
    Number,
    String,
    Formatted(Format),
    Blob,
    /// Its source text.
    Literal(String),
    Array(Box<Type>),
    Tuple(Tuple),
    Object(Object),
    Record(Box<Type>, Box<Type>),
    Union(Vec<Type>),
    Intersection(Vec<Type>),
    /// A component, by its place in the document.
    Component(usize),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tuple {
    items: Vec<Type>,
    required: usize,
    rest: Option<Box<Type>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object {
    pub(crate) properties: Vec<Property>,
    /// The type of all properties, where more than the named ones are allowed.
    pub(crate) others: Option<Box<Type>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) optional: bool,
    pub(crate) value: Type,
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
}

impl Type {
    /// Sees each type that this one is made of, itself the first; no component's parts, and no
    /// dictionary's keys.
    fn each<'t>(&'t self, see: &mut impl FnMut(&'t Type)) {
        see(self);
        match self {
            Self::Array(item) => item.each(see),
            Self::Tuple(tuple) => {
                tuple.items.iter().chain(tuple.rest.as_deref()).for_each(|item| item.each(see));
            }
            Self::Object(object) => {
                let values = object.properties.iter().map(|property| &property.value);
                values.chain(object.others.as_deref()).for_each(|value| value.each(see));
            }
            Self::Record(_, value) => value.each(see),
            Self::Union(members) | Self::Intersection(members) => {
                members.iter().for_each(|member| member.each(see));
            }
            _ => {}
        }
    }
}

/// The components of a document, as types.
pub(crate) struct Types<'a> {
    pub(crate) names: &'a [String],
    components: Vec<Type>,
    docs: Vec<&'a str>,
    indices: HashMap<&'a str, usize>,
    /// Properties by which a union tells its members apart. Such a one is required even where the
    /// schema has a default for it: the server does not choose a member without it.
    tags: HashSet<(usize, &'a str)>,
    /// By component: the one in whose place it stands. That is itself, if not another one says the same.
    stands_for: Vec<usize>,
    /// Formats that some type names.
    formats: BTreeSet<Format>,
    strings: Strings,
}

impl<'a> Types<'a> {
    pub(crate) fn read(
        schema: &Schema<'a>,
        names: &'a Names,
        options: &Options,
    ) -> Result<Self, InvalidSchema> {
        let components = &schema.components;
        let mut types = Self {
            names: &names.types,
            components: Vec::new(),
            docs: Vec::new(),
            indices: components.iter().enumerate().map(|(i, c)| (c.name, i)).collect(),
            tags: HashSet::new(),
            stands_for: (0..components.len()).collect(),
            formats: BTreeSet::new(),
            strings: options.strings,
        };
        let members = schema.contexts.iter().flat_map(|context| &context.members);
        let returns = members.map(|member| &member.returns);
        let returns = returns.chain(schema.mutations.iter().map(|mutation| &mutation.returns));
        let returns: Vec<_> = returns.collect();
        let schemas = components.iter().map(|component| &component.schema);
        for at in schemas.chain(returns.iter().copied()) {
            types.collect_tags(at.value);
        }
        for (index, Component { schema, .. }) in components.iter().enumerate() {
            let mut of_component = types.read_schema(schema)?;
            if let Type::Object(object) = &mut of_component {
                for property in &mut object.properties {
                    property.optional &= !types.tags.contains(&(index, property.name.as_str()));
                }
            }
            types.docs.push(schema.description()?);
            types.components.push(of_component);
        }
        for (index, Component { schema, .. }) in components.iter().enumerate() {
            if types.is_only(index, index, &mut HashSet::new()) {
                return Err(schema.expected_instead_of("a type", "one made of nothing but itself"));
            }
        }
        let returns =
            returns.iter().map(|at| types.read_schema(at)).collect::<Result<Vec<_>, _>>()?;
        let args = schema.mutations.iter().filter_map(|mutation| mutation.args.as_ref());
        let args = args.map(|at| types.args(at)).collect::<Result<Vec<_>, _>>()?;
        let (given, taken) = (types.reached(&returns), types.reached(&args));
        for index in taken.difference(&given) {
            types.components[*index] = relaxed(types.components[*index].clone());
        }
        for (written, read) in types.same_shapes(&names.shapes) {
            types.stands_for[written] = read;
        }
        let mut formats = BTreeSet::new();
        for of in types.components.iter().chain(&returns) {
            of.each(&mut |of| {
                if let Type::Formatted(format) = of {
                    formats.insert(*format);
                }
            });
        }
        types.formats = formats;
        Ok(types)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.components.is_empty() && self.formats.is_empty()
    }

    /// The components that types are made of.
    fn reached(&self, from: &[Type]) -> HashSet<usize> {
        let mut reached = HashSet::new();
        let mut todo: Vec<&Type> = from.iter().collect();
        while let Some(of) = todo.pop() {
            of.each(&mut |of| {
                if let Type::Component(index) = of
                    && reached.insert(*index)
                {
                    todo.push(&self.components[*index]);
                }
            });
        }
        reached
    }

    /// The type of a param: one flat value, because params address a context.
    pub(crate) fn param(&self, at: &At<'a>) -> Result<Type, InvalidSchema> {
        let param = self.read_schema(at)?;
        if self.is_flat(&param) {
            return Ok(relaxed(param));
        }
        let what = "the schema of a flat value (a string, a boolean, a number or one of these)";
        Err(at.expected_instead_of(what, "one of another shape"))
    }

    fn is_flat(&self, of: &Type) -> bool {
        match of {
            Type::Null
            | Type::Boolean
            | Type::Number
            | Type::String
            | Type::Formatted(_)
            | Type::Literal(_) => true,
            Type::Union(members) => members.iter().all(|member| self.is_flat(member)),
            Type::Component(index) => self.is_flat(&self.components[*index]),
            _ => false,
        }
    }

    pub(crate) fn without_null(&self, of: Type) -> Type {
        match of {
            Type::Union(members) => {
                union(members.into_iter().filter(|member| *member != Type::Null).collect())
            }
            other => other,
        }
    }

    /// Whether it is an object that has all of these properties.
    pub(crate) fn has(&self, of: &Type, names: &[&str]) -> bool {
        match of {
            Type::Object(Object { properties, .. }) => {
                names.iter().all(|name| properties.iter().any(|property| property.name == *name))
            }
            Type::Component(index) => self.has(&self.components[*index], names),
            _ => false,
        }
    }

    /// The type of the arguments of a mutation: a component.
    pub(crate) fn args(&self, at: &At<'a>) -> Result<Type, InvalidSchema> {
        const WHAT: &str = "a $ref to the component of the arguments, or null";
        if !matches!(at.value, Some(Json::Object(_))) {
            return Err(at.expected(WHAT));
        }
        let args = self.read_schema(at)?;
        match args {
            Type::Component(_) => Ok(args),
            _ => Err(at.expected_instead_of(WHAT, "another schema")),
        }
    }

    pub(crate) fn read_schema(&self, at: &At<'a>) -> Result<Type, InvalidSchema> {
        match at.value {
            Some(Json::Bool(true)) => return Ok(Type::Unknown),
            Some(Json::Bool(false)) => return Ok(Type::Never),
            Some(Json::Object(_)) => {}
            _ => return Err(at.expected("a JSON Schema")),
        }
        let mut parts = Vec::new();
        if let Some(reference) = at.given("$ref") {
            parts.push(self.read_reference(&reference)?);
        }
        if let Some(all) = at.given("allOf") {
            parts.extend(self.read_each(&all)?);
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(any) = at.given(keyword) {
                parts.push(union(self.read_each(&any)?));
            }
        }
        if let Some(constant) = at.given("const") {
            parts.push(constant.value.map_or(Type::Unknown, literal));
        } else if let Some(values) = at.given("enum") {
            let values = values.items("an array of values")?;
            parts.push(union(values.iter().filter_map(|at| at.value).map(literal).collect()));
        } else if parts.is_empty() || at.given("properties").is_some() {
            // Beside other keywords a bare `type` only repeats what they say.
            parts.push(self.read_by_type(at)?);
        }
        Ok(intersection(parts))
    }

    fn read_each(&self, at: &At<'a>) -> Result<Vec<Type>, InvalidSchema> {
        at.items("an array of JSON Schemas")?.iter().map(|item| self.read_schema(item)).collect()
    }

    fn read_reference(&self, at: &At<'a>) -> Result<Type, InvalidSchema> {
        const WHAT: &str = "a reference to a component (#/components/schemas/…)";
        let component = self.component(at.string(WHAT)?);
        component.map(Type::Component).ok_or_else(|| at.expected(WHAT))
    }

    fn component(&self, reference: &str) -> Option<usize> {
        let pointer = reference.strip_prefix("#/components/schemas/")?;
        // RFC 6901 section 4.
        self.indices.get(pointer.replace("~1", "/").replace("~0", "~").as_str()).copied()
    }

    fn read_by_type(&self, at: &At<'a>) -> Result<Type, InvalidSchema> {
        let is_given = |keyword: &&str| at.given(keyword).is_some();
        let named = at.member("type");
        match named.value {
            Some(Json::Array(_)) => {
                let named = named.items("an array of types")?;
                let types = named.iter().map(|name| self.read_type(name, at));
                Ok(union(types.collect::<Result<_, _>>()?))
            }
            Some(_) => self.read_type(&named, at),
            None if OBJECT_KEYWORDS.iter().any(is_given) => self.read_object(at),
            None if ["prefixItems", "items"].iter().any(is_given) => self.read_array(at),
            None => Ok(Type::Unknown),
        }
    }

    fn read_type(&self, name: &At<'a>, at: &At<'a>) -> Result<Type, InvalidSchema> {
        const WHAT: &str =
            "\"string\", \"number\", \"integer\", \"boolean\", \"null\", \"array\" or \"object\"";
        Ok(match name.string(WHAT)? {
            "string" => match at.member("format").value {
                Some(Json::String(format)) if format == "binary" => Type::Blob,
                Some(Json::String(format)) if self.strings == Strings::Branded => {
                    Format::named(format).map_or(Type::String, Type::Formatted)
                }
                _ => Type::String,
            },
            "number" | "integer" => Type::Number,
            "boolean" => Type::Boolean,
            "null" => Type::Null,
            "array" => self.read_array(at)?,
            "object" => self.read_object(at)?,
            _ => return Err(name.expected(WHAT)),
        })
    }

    fn read_array(&self, at: &At<'a>) -> Result<Type, InvalidSchema> {
        let items = at.given("items").map(|items| self.read_schema(&items)).transpose()?;
        let Some(prefix) = at.given("prefixItems") else {
            return Ok(Type::Array(Box::new(items.unwrap_or(Type::Unknown))));
        };
        let prefix = self.read_each(&prefix)?;
        let count = |keyword| at.given(keyword).and_then(|at| length(at.value));
        let required = count("minItems").unwrap_or(0).min(prefix.len());
        let rest = match items {
            Some(Type::Never) => None,
            _ if count("maxItems").is_some_and(|most| most <= prefix.len()) => None,
            items => Some(Box::new(items.unwrap_or(Type::Unknown))),
        };
        Ok(Type::Tuple(Tuple { items: prefix, required, rest }))
    }

    fn read_object(&self, at: &At<'a>) -> Result<Type, InvalidSchema> {
        let mut others = Vec::new();
        match at.given("additionalProperties") {
            Some(at) if at.value != Some(&Json::Bool(false)) => others.push(self.read_schema(&at)?),
            _ => {}
        }
        if let Some(patterns) = at.given("patternProperties") {
            for (_, at) in patterns.members("an object of JSON Schemas")? {
                others.push(self.read_schema(&at)?);
            }
        }
        let Some(properties) = at.given("properties") else {
            let is_closed = others.is_empty() && at.given("additionalProperties").is_some();
            let value = match others.is_empty() {
                true if is_closed => Type::Never,
                true => Type::Unknown,
                false => union(others),
            };
            return Ok(Type::Record(Box::new(self.read_key(at)?), Box::new(value)));
        };
        let required = match at.given("required") {
            Some(required) => required.items("an array of property names")?,
            None => Vec::new(),
        };
        let required: HashSet<&str> =
            required.iter().map(|at| at.string("a property name")).collect::<Result<_, _>>()?;
        let properties = properties
            .members("an object of JSON Schemas")?
            .into_iter()
            .map(|(name, at)| {
                Ok(Property {
                    name: name.to_owned(),
                    optional: !required.contains(name),
                    value: self.read_schema(&at)?,
                    doc: at.description()?.to_owned(),
                    deprecated: at.member("deprecated").value == Some(&Json::Bool(true)),
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        if properties.is_empty() {
            let value = if others.is_empty() { Type::Never } else { union(others) };
            return Ok(Type::Record(Box::new(Type::String), Box::new(value)));
        }
        let others = (!others.is_empty()).then(|| {
            // TypeScript wants an index signature to hold for the named properties too.
            let named = properties.iter().map(|property| property.value.clone());
            Box::new(union(others.into_iter().chain(named).collect()))
        });
        Ok(Type::Object(Object { properties, others }))
    }

    /// The type of a dictionary's keys.
    fn read_key(&self, at: &At<'a>) -> Result<Type, InvalidSchema> {
        at.given("propertyNames").map_or(Ok(Type::String), |names| self.read_schema(&names))
    }

    fn collect_tags(&mut self, json: Option<&'a Json>) {
        match json {
            Some(Json::Array(items)) => items.iter().for_each(|item| self.collect_tags(Some(item))),
            Some(Json::Object(members)) => {
                let member = |name| members.iter().find(|(key, _)| key == name).map(|(_, v)| v);
                if let (Some(Json::Object(tag)), Some(Json::Array(variants))) =
                    (member("discriminator"), member("oneOf"))
                {
                    for variant in variants {
                        self.collect_tag(tag, variant);
                    }
                }
                members.iter().for_each(|(_, value)| self.collect_tags(Some(value)));
            }
            _ => {}
        }
    }

    fn collect_tag(&mut self, tag: &'a [(String, Json)], variant: &'a Json) {
        let string = |members: &'a [(String, Json)], name| {
            members.iter().find_map(|(key, value)| match value {
                Json::String(text) if key == name => Some(text.as_str()),
                _ => None,
            })
        };
        let Json::Object(variant) = variant else {
            return;
        };
        if let (Some(tag), Some(reference)) = (string(tag, "propertyName"), string(variant, "$ref"))
            && let Some(component) = self.component(reference)
        {
            self.tags.insert((component, tag));
        }
    }

    /// Whether all that a component says is that it is `target`: TypeScript, too, refuses that.
    fn is_only(&self, index: usize, target: usize, seen: &mut HashSet<usize>) -> bool {
        let mut inner = vec![&self.components[index]];
        while let Some(of) = inner.pop() {
            match of {
                Type::Component(next) if *next == target => return true,
                Type::Component(next) if seen.insert(*next) => inner.push(&self.components[*next]),
                Type::Union(members) | Type::Intersection(members) => inner.extend(members),
                _ => {}
            }
        }
        false
    }
}

const OBJECT_KEYWORDS: [&str; 4] =
    ["properties", "additionalProperties", "patternProperties", "propertyNames"];

fn length(value: Option<&Json>) -> Option<usize> {
    match value {
        Some(Json::Number(number)) => usize::try_from(number.as_u64()?).ok(),
        _ => None,
    }
}

/// What a caller may give where the server wants `of`: any string for one with a format, because
/// people type them and the server checks them, and `undefined` for what may be left out, because
/// JSON leaves it out.
fn relaxed(of: Type) -> Type {
    let each = |all: Vec<Type>| all.into_iter().map(relaxed).collect();
    let boxed = |of: Box<Type>| Box::new(relaxed(*of));
    match of {
        Type::Formatted(_) => Type::String,
        Type::Array(item) => Type::Array(boxed(item)),
        Type::Tuple(Tuple { items, required, rest }) => {
            Type::Tuple(Tuple { items: each(items), required, rest: rest.map(boxed) })
        }
        Type::Object(Object { properties, others }) => {
            let properties = properties.into_iter().map(|property| {
                let value = relaxed(property.value);
                let value = match property.optional {
                    true => union(vec![value, Type::Undefined]),
                    false => value,
                };
                Property { value, ..property }
            });
            Type::Object(Object { properties: properties.collect(), others: others.map(boxed) })
        }
        Type::Record(key, value) => Type::Record(key, boxed(value)),
        Type::Union(members) => union(each(members)),
        Type::Intersection(parts) => Type::Intersection(each(parts)),
        other => other,
    }
}

pub(crate) fn union(members: Vec<Type>) -> Type {
    let mut flat = Vec::new();
    for member in members {
        match member {
            Type::Union(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    if flat.contains(&Type::Unknown) {
        return Type::Unknown;
    }
    flat.sort_by_key(|member| match member {
        Type::Null => 1,
        Type::Undefined => 2,
        _ => 0,
    });
    let mut union: Vec<Type> = Vec::new();
    for member in flat {
        if member != Type::Never && !union.contains(&member) {
            union.push(member);
        }
    }
    match union.len() {
        0 => Type::Never,
        1 => union.remove(0),
        _ => Type::Union(union),
    }
}

fn intersection(all: Vec<Type>) -> Type {
    let mut parts: Vec<Type> = Vec::new();
    for part in all {
        if part != Type::Unknown && !parts.contains(&part) {
            parts.push(part);
        }
    }
    match parts.len() {
        0 => Type::Unknown,
        1 => parts.remove(0),
        _ => Type::Intersection(parts),
    }
}

fn literal(value: &Json) -> Type {
    match value {
        Json::Null => Type::Null,
        Json::Bool(value) => Type::Literal(value.to_string()),
        // As JavaScript writes it: 1.0 is 1.
        Json::Number(number) => Type::Literal(match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e21 => {
                format!("{float:.0}")
            }
            _ => number.to_string().replace("e+", "e"),
        }),
        Json::String(text) => Type::Literal(crate::names::string(text)),
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(literal).collect();
            Type::Tuple(Tuple { required: items.len(), items, rest: None })
        }
        Json::Object(members) => {
            let property = |(name, value): &(String, Json)| Property {
                name: name.clone(),
                optional: false,
                value: literal(value),
                doc: String::new(),
                deprecated: false,
            };
            let properties = members.iter().map(property).collect();
            Type::Object(Object { properties, others: None })
        }
    }
}
