//! Where values have dates: JSON has none, and the runtime makes them of the strings in these places.

use std::collections::HashSet;

use super::{Format, Object, Property, Tuple, Type, Types, union};
use crate::document::At;
use crate::names::{dates, property, string};
use crate::schema::Component;
use crate::writer::Doc;
use crate::{Dates, InvalidSchema, Strings};

/// Where a value has dates.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Places {
    /// It is one.
    Whole,
    /// In each of its items, or in each value of a dictionary.
    Each(Box<Places>),
    Members(Vec<(String, Places)>),
    /// As the member of that name says.
    Tagged(String, Vec<(String, Places)>),
    /// In all of these, as far as they are there.
    All(Vec<Places>),
    /// Where a component has them.
    Component(usize),
}

/// Nothing in a value says which of its strings are dates.
struct Ambiguous;

/// What a value may be, each kind for itself: a value shows its kind.
#[derive(Default)]
struct Kinds<'t> {
    is_date: bool,
    is_string: bool,
    is_unknown: bool,
    sequences: Vec<&'t Type>,
    records: Vec<&'t Type>,
    objects: Vec<(Option<usize>, &'t Object)>,
    intersections: Vec<&'t [Type]>,
}

impl<'a> Types<'a> {
    /// Where an answer has dates, if it has any.
    pub(crate) fn places(&self, of: &Type) -> Option<Places> {
        // An ambiguous one was settled, or is an error by now.
        if self.dates == Dates::Date { self.places_in(of).unwrap_or(None) } else { None }
    }

    /// Where an object has dates, such as what a context holds.
    pub(crate) fn places_of_members(&self, object: &Object) -> Option<Places> {
        if self.dates == Dates::Date { self.members(object).unwrap_or(None) } else { None }
    }

    /// The components that these places name.
    pub(crate) fn named_in(&self, places: &Places) -> Vec<usize> {
        match places {
            Places::Whole => Vec::new(),
            Places::Each(inner) => self.named_in(inner),
            Places::Members(members) | Places::Tagged(_, members) => {
                members.iter().flat_map(|(_, places)| self.named_in(places)).collect()
            }
            Places::All(all) => all.iter().flat_map(|places| self.named_in(places)).collect(),
            Places::Component(index) => vec![*index],
        }
    }

    /// The components that have dates and that these places lead to, each with its own.
    pub(crate) fn dated_components(&self, from: &[Places]) -> Vec<(usize, Places)> {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut todo: Vec<Places> = from.to_vec();
        while let Some(places) = todo.pop() {
            for index in self.named_in(&places) {
                if seen.insert(index) {
                    let own = match &self.components[index] {
                        Type::Object(object) => self.places_of_members(object),
                        alias => self.places(alias),
                    };
                    found.extend(own.clone().map(|places| (index, places)));
                    todo.extend(own);
                }
            }
        }
        found.sort_by_key(|(index, _)| *index);
        found
    }

    /// Makes strings of dates that nothing tells from other strings; where that cannot be, the document
    /// is refused.
    pub(super) fn settle(&mut self, schemas: &[Component<'a>]) -> Result<(), InvalidSchema> {
        if self.dates == Dates::Strings {
            return Ok(());
        }
        self.dated = self.find_dated();
        let components = self.components.iter().zip(schemas);
        let settled = components.map(|(of, component)| self.settled(of.clone(), &component.schema));
        self.components = settled.collect::<Result<_, _>>()?;
        self.dated = self.find_dated();
        self.agreed.borrow_mut().clear();
        Ok(())
    }

    pub(super) fn settled(&self, of: Type, at: &At<'a>) -> Result<Type, InvalidSchema> {
        if self.dates == Dates::Strings {
            return Ok(of);
        }
        self.unambiguous(of).map_err(|Ambiguous| {
            let what = "dates only where a discriminator tells the members of a union apart, or none \
                        (--dates strings)";
            at.expected_instead_of(what, "a union in which a string is a date in one member alone")
        })
    }

    fn find_dated(&self) -> HashSet<usize> {
        let mut users = vec![Vec::new(); self.components.len()];
        let mut todo = Vec::new();
        for (index, of) in self.components.iter().enumerate() {
            of.each(&mut |of| match of {
                Type::Date => todo.push(index),
                Type::Component(used) => users[*used].push(index),
                _ => {}
            });
        }
        let mut dated = HashSet::new();
        while let Some(index) = todo.pop() {
            if dated.insert(index) {
                todo.extend(&users[index]);
            }
        }
        dated
    }

    fn unambiguous(&self, of: Type) -> Result<Type, Ambiguous> {
        let boxed = |of: Box<Type>| self.unambiguous(*of).map(Box::new);
        let each = |all: Vec<Type>| -> Result<Vec<Type>, Ambiguous> {
            all.into_iter().map(|of| self.unambiguous(of)).collect()
        };
        let of = match of {
            Type::Array(item) => Type::Array(boxed(item)?),
            Type::Tuple(Tuple { items, required, rest }) => Type::Tuple(Tuple {
                items: each(items)?,
                required,
                rest: rest.map(boxed).transpose()?,
            }),
            Type::Object(Object { properties, others }) => {
                let properties = properties.into_iter().map(|property| {
                    Ok(Property { value: self.unambiguous(property.value)?, ..property })
                });
                let properties = properties.collect::<Result<_, Ambiguous>>()?;
                Type::Object(Object { properties, others: others.map(boxed).transpose()? })
            }
            Type::Record(key, value) => Type::Record(key, boxed(value)?),
            Type::Union(members) => union(each(members)?),
            Type::Intersection(parts) => Type::Intersection(each(parts)?),
            other => other,
        };
        let is_clear = match &of {
            Type::Object(object) => self.members(object).is_ok(),
            of => self.places_in(of).is_ok(),
        };
        if is_clear {
            return Ok(of);
        }
        let of = self.as_strings(of);
        self.places_in(&of).map(|_| of)
    }

    /// With strings in place of the dates that do not stand in a component of several members.
    pub(super) fn as_strings(&self, of: Type) -> Type {
        let boxed = |of: Box<Type>| Box::new(self.as_strings(*of));
        let each = |all: Vec<Type>| all.into_iter().map(|of| self.as_strings(of)).collect();
        match of {
            Type::Date if self.strings == Strings::Branded => Type::Formatted(Format::DateTime),
            Type::Date => Type::String,
            Type::Component(index) if self.is_named_date(index) => {
                self.as_strings(self.components[index].clone())
            }
            Type::Array(item) => Type::Array(boxed(item)),
            Type::Tuple(Tuple { items, required, rest }) => {
                Type::Tuple(Tuple { items: each(items), required, rest: rest.map(boxed) })
            }
            Type::Object(Object { properties, others }) => {
                let properties = properties.into_iter();
                let properties = properties.map(|property| Property {
                    value: self.as_strings(property.value),
                    ..property
                });
                Type::Object(Object { properties: properties.collect(), others: others.map(boxed) })
            }
            Type::Record(key, value) => Type::Record(key, boxed(value)),
            Type::Union(members) => union(each(members)),
            Type::Intersection(parts) => Type::Intersection(each(parts)),
            other => other,
        }
    }

    /// Whether a component is another name of a date, or of a union with one.
    fn is_named_date(&self, index: usize) -> bool {
        match &self.components[index] {
            Type::Date => true,
            Type::Union(members) => members.contains(&Type::Date),
            _ => false,
        }
    }

    fn places_in(&self, of: &Type) -> Result<Option<Places>, Ambiguous> {
        let mut some = Vec::new();
        collect_alternatives(of, &mut some);
        if let [Type::Component(index)] = some.as_slice() {
            return Ok(self.places_of_component(*index));
        }
        let mut kinds = Kinds::default();
        some.iter().for_each(|of| self.sort(of, &mut kinds));
        let Kinds { is_date, is_string, is_unknown, sequences, records, objects, intersections } =
            kinds;
        let sequences = self.alike(sequences.iter().map(|of| self.places_of_sequence(of)))?;
        let dictionaries = [
            self.alike(records.iter().map(|value| self.places_of_each(value)))?,
            self.places_of_objects(&objects)?,
            self.alike(intersections.iter().map(|parts| self.places_of_all(parts)))?,
        ];
        // Whether an object has certain members or any, it does not say.
        let given = [records.is_empty(), objects.is_empty(), intersections.is_empty()];
        let is_one_kind = given.iter().filter(|is_empty| !**is_empty).count() < 2;
        let mut all: Vec<Places> = sequences.into_iter().collect();
        for places in dictionaries.into_iter().flatten() {
            if !is_one_kind {
                return Err(Ambiguous);
            }
            all.push(places);
        }
        if is_date {
            all.push(Places::Whole);
        }
        match all.len() {
            0 => Ok(None),
            _ if is_unknown || is_date && is_string => Err(Ambiguous),
            1 => Ok(all.pop()),
            _ => Ok(Some(Places::All(all))),
        }
    }

    fn places_of_component(&self, index: usize) -> Option<Places> {
        let is_dated = self.dated.contains(&index);
        is_dated.then(|| Places::Component(self.stands_for[index]))
    }

    fn sort<'t>(&'t self, of: &'t Type, kinds: &mut Kinds<'t>) {
        match of {
            Type::Date => kinds.is_date = true,
            Type::String | Type::Formatted(_) => kinds.is_string = true,
            Type::Literal(text) => kinds.is_string |= text.starts_with(['"', '\'']),
            Type::Unknown => kinds.is_unknown = true,
            Type::Array(_) | Type::Tuple(_) => kinds.sequences.push(of),
            Type::Record(_, value) => kinds.records.push(value),
            Type::Object(object) => kinds.objects.push((None, object)),
            Type::Union(members) => members.iter().for_each(|of| self.sort(of, kinds)),
            Type::Intersection(parts) => kinds.intersections.push(parts),
            Type::Component(index) => match &self.components[*index] {
                Type::Object(object) => kinds.objects.push((Some(*index), object)),
                alias => self.sort(alias, kinds),
            },
            Type::Never
            | Type::Null
            | Type::Undefined
            | Type::Boolean
            | Type::Number
            | Type::Blob => {}
        }
    }

    /// What all have, if all have the same.
    fn alike(
        &self,
        mut all: impl Iterator<Item = Result<Option<Places>, Ambiguous>>,
    ) -> Result<Option<Places>, Ambiguous> {
        let Some(first) = all.next().transpose()? else {
            return Ok(None);
        };
        for other in all {
            if other? != first {
                return Err(Ambiguous);
            }
        }
        Ok(first)
    }

    fn places_of_each(&self, of: &Type) -> Result<Option<Places>, Ambiguous> {
        let places = self.places_in(of)?;
        Ok(places.map(|places| Places::Each(Box::new(places))))
    }

    fn places_of_all(&self, parts: &[Type]) -> Result<Option<Places>, Ambiguous> {
        let mut all = Vec::new();
        for part in parts {
            all.extend(self.places_in(part)?);
        }
        Ok(Some(Places::All(all)).filter(|places| *places != Places::All(Vec::new())))
    }

    fn places_of_sequence(&self, of: &Type) -> Result<Option<Places>, Ambiguous> {
        let Type::Tuple(Tuple { items, rest, .. }) = of else {
            return match of {
                Type::Array(item) => self.places_of_each(item),
                _ => Ok(None),
            };
        };
        let mut members = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let places = self.places_in(item)?;
            members.extend(places.map(|places| (index.to_string(), places)));
        }
        let Some(rest) = rest else {
            return Ok(Some(Places::Members(members))
                .filter(|_| !items.is_empty())
                .filter(has_members));
        };
        match self.places_in(rest)? {
            None => Ok(Some(Places::Members(members)).filter(has_members)),
            Some(places)
                if members.len() == items.len() && members.iter().all(|m| m.1 == places) =>
            {
                Ok(Some(Places::Each(Box::new(places))))
            }
            Some(_) => Err(Ambiguous),
        }
    }

    fn members(&self, object: &Object) -> Result<Option<Places>, Ambiguous> {
        let mut members = Vec::new();
        for Property { name, value, .. } in &object.properties {
            let places = self.places_in(value)?;
            members.extend(places.map(|places| (name.clone(), places)));
        }
        let others = object.others.as_deref().map(|others| self.places_in(others));
        if others.transpose()?.flatten().is_some() {
            return Err(Ambiguous);
        }
        Ok(Some(Places::Members(members)).filter(has_members))
    }

    fn places_of_objects(
        &self,
        objects: &[(Option<usize>, &Object)],
    ) -> Result<Option<Places>, Ambiguous> {
        let mut all = Vec::new();
        for (component, object) in objects {
            all.push(match component {
                Some(index) => self.places_of_component(*index),
                None => self.members(object)?,
            });
        }
        if all.iter().all(Option::is_none) || all.len() == 1 {
            return Ok(all.pop().flatten());
        }
        if let Some((tag, values)) = self.tag(objects) {
            let mut variants = Vec::new();
            for (values, places) in values.iter().zip(&all) {
                let variant = |value: &String| Some((value.clone(), places.clone()?));
                variants.extend(values.iter().filter_map(variant));
            }
            return Ok(Some(Places::Tagged(tag, variants)));
        }
        for (at, one) in objects.iter().enumerate() {
            for (_, other) in objects.iter().enumerate().filter(|(place, _)| *place != at) {
                let pair = one.0.zip(other.0);
                // One that is part of itself agrees if the rest of it does.
                if pair.is_some_and(|pair| !self.agreed.borrow_mut().insert(pair)) {
                    continue;
                }
                if let Err(Ambiguous) = self.agree(one.1, other.1) {
                    pair.map(|pair| self.agreed.borrow_mut().remove(&pair));
                    return Err(Ambiguous);
                }
            }
        }
        let mut distinct: Vec<Places> = Vec::new();
        for places in all.into_iter().flatten() {
            if !distinct.contains(&places) {
                distinct.push(places);
            }
        }
        Ok(Some(if distinct.len() == 1 { distinct.remove(0) } else { Places::All(distinct) }))
    }

    /// What is a date in one is one in the other, if that has it.
    fn agree(&self, one: &Object, other: &Object) -> Result<(), Ambiguous> {
        for Property { name, value, .. } in &one.properties {
            let Some(places) = self.places_in(value)? else {
                continue;
            };
            let others = other.properties.iter().find(|property| property.name == *name);
            let agrees = match others {
                Some(Property { value: other, .. }) => {
                    self.places_in(&union(vec![value.clone(), other.clone()]))? == Some(places)
                }
                None => other.others.is_none(),
            };
            if !agrees {
                return Err(Ambiguous);
            }
        }
        Ok(())
    }

    /// The member by which objects can be told apart, and its values in each.
    fn tag(&self, objects: &[(Option<usize>, &Object)]) -> Option<(String, Vec<Vec<String>>)> {
        let (_, first) = objects.first()?;
        first.properties.iter().find_map(|Property { name, .. }| {
            let mut seen = HashSet::new();
            let mut all = Vec::new();
            for (_, object) in objects {
                let mut properties = object.properties.iter();
                let tag =
                    properties.find(|property| property.name == *name && !property.optional)?;
                let values = self.literals(&tag.value)?;
                if !values.iter().all(|value| seen.insert(value.clone())) {
                    return None;
                }
                all.push(values);
            }
            Some((name.clone(), all))
        })
    }

    /// The values that a type has, as the names of members.
    fn literals(&self, of: &Type) -> Option<Vec<String>> {
        match of {
            Type::Literal(text) => Some(vec![text.clone()]),
            Type::Union(members) => {
                let values = members.iter().map(|of| self.literals(of));
                Some(values.collect::<Option<Vec<_>>>()?.concat())
            }
            Type::Component(index) => match &self.components[*index] {
                Type::Object(_) => None,
                alias => self.literals(alias),
            },
            _ => None,
        }
    }

    /// As the runtime reads it.
    pub(crate) fn places_doc(&self, places: &Places) -> Doc {
        let members = |members: &[(String, Places)], name: fn(&str) -> String| {
            let members = members.iter().map(|(own, places)| {
                Doc::Concat(vec![name(own).into(), ": ".into(), self.places_doc(places)])
            });
            literal(members.collect())
        };
        match places {
            Places::Whole => string("date").into(),
            Places::Each(inner) => {
                literal(vec![Doc::Concat(vec!["each: ".into(), self.places_doc(inner)])])
            }
            Places::Members(all) => {
                literal(vec![Doc::Concat(vec!["members: ".into(), members(all, member)])])
            }
            Places::Tagged(tag, all) => literal(vec![
                format!("tag: {}", string(tag)).into(),
                Doc::Concat(vec!["of: ".into(), members(all, value)]),
            ]),
            Places::All(all) => {
                let all = all.iter().map(|places| self.places_doc(places)).collect();
                Doc::list("[", all, "]")
            }
            Places::Component(index) => {
                let constant = dates(self.name(*index)).into();
                Doc::group(["() =>".into(), Doc::indent([Doc::Line, constant])])
            }
        }
    }
}

/// Those that may have dates.
fn collect_alternatives<'t>(of: &'t Type, into: &mut Vec<&'t Type>) {
    match of {
        Type::Union(members) => members.iter().for_each(|of| collect_alternatives(of, into)),
        Type::Null | Type::Undefined | Type::Never | Type::Boolean | Type::Number => {}
        other => into.push(other),
    }
}

fn has_members(places: &Places) -> bool {
    !matches!(places, Places::Members(members) if members.is_empty())
}

/// An object literal, on one line if it fits there.
fn literal(members: Vec<Doc>) -> Doc {
    Doc::group([
        "{".into(),
        Doc::indent([Doc::Line, Doc::join(members, &[",".into(), Doc::Line])]),
        Doc::if_broken(","),
        Doc::Line,
        "}".into(),
    ])
}

/// A member's name; without brackets, this one would be the object's prototype.
fn member(name: &str) -> String {
    if name == "__proto__" { "[\"__proto__\"]".to_owned() } else { property(name) }
}

/// The source text of a literal, as a member's name.
fn value(literal: &str) -> String {
    match serde_json::from_str::<String>(literal) {
        Ok(text) => member(&text),
        Err(_) if literal.starts_with('\'') => literal.to_owned(),
        Err(_) => string(literal),
    }
}
