//! How a type is written down.

use std::collections::{BTreeSet, HashSet};

use super::{Object, Property, Tuple, Type, Types};
use crate::names::property;
use crate::writer::{Doc, comment};

/// What stands around a type, where that changes its layout.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After `=`; the space is the type's.
    Alias,
    /// After `:`; the space is the type's.
    Whole,
    /// Between angle brackets, or the one item of a tuple.
    Argument,
    /// One of several items of a tuple.
    Item,
    /// Before `[]`, `?`, or beside `&`.
    Operand,
    /// Beside `|`.
    Alternative,
}

impl Types<'_> {
    /// The declarations of all components, and before them of the formats that they name.
    pub(crate) fn declarations(&self) -> impl Iterator<Item = Doc> {
        let formats = self.formats.iter().map(|format| format.declaration());
        formats.chain(self.component_declarations())
    }

    fn component_declarations(&self) -> impl Iterator<Item = Doc> {
        let own = |index: &usize| self.stands_for[*index] == *index;
        (0..self.components.len()).filter(own).map(|index| {
            let name = self.name(index);
            let declaration = match &self.components[index] {
                Type::Object(object) => Doc::Concat(vec![
                    format!("export interface {name} ").into(),
                    self.object(object, Recursion::Safe),
                ]),
                alias => {
                    let recursion = match self.reaches(index) {
                        true => Recursion::Alias,
                        false => Recursion::Safe,
                    };
                    Doc::Concat(vec![
                        format!("export type {name} =").into(),
                        self.layout(alias, Place::Alias, recursion),
                        ";".into(),
                    ])
                }
            };
            Doc::Concat(vec![comment(self.docs[index], &[]), declaration])
        })
    }

    fn name(&self, component: usize) -> &str {
        &self.names[self.stands_for[component]]
    }

    /// A type alias of an object type.
    pub(crate) fn alias(&self, name: &str, of: &Type) -> Doc {
        Doc::Concat(vec![
            format!("export type {name} =").into(),
            self.layout(of, Place::Alias, Recursion::Safe),
            ";".into(),
        ])
    }

    pub(crate) fn interface(&self, name: &str, object: &Object) -> Doc {
        let object = self.object(object, Recursion::Safe);
        Doc::Concat(vec![format!("export interface {name} ").into(), object])
    }

    /// A type between angle brackets.
    pub(crate) fn argument(&self, of: &Type) -> Doc {
        self.layout(of, Place::Argument, Recursion::Safe)
    }

    /// A type after a colon, with the space before it.
    pub(crate) fn value(&self, of: &Type) -> Doc {
        self.layout(of, Place::Whole, Recursion::Safe)
    }

    /// The names that a type is written with and that `types.ts` exports.
    pub(crate) fn used_names(&self, of: &Type) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.visit(of, &mut |of| {
            names.extend(match of {
                Type::Component(index) => Some(self.name(*index)),
                Type::Formatted(format) => Some(format.type_name()),
                _ => None,
            });
        });
        names
    }

    fn reaches(&self, target: usize) -> bool {
        let mut seen = HashSet::new();
        let mut todo = vec![target];
        while let Some(index) = todo.pop() {
            self.visit(&self.components[index], &mut |of| {
                if let Type::Component(next) = of
                    && seen.insert(*next)
                {
                    todo.push(*next);
                }
            });
        }
        seen.contains(&target)
    }

    /// Sees each type that stands in the text of this one.
    fn visit<'t>(&'t self, of: &'t Type, see: &mut impl FnMut(&'t Type)) {
        of.each(&mut |of| {
            see(of);
            if let Type::Record(key, _) = of {
                self.key(key).each(see);
            }
        });
    }

    fn layout(&self, of: &Type, place: Place, recursion: Recursion) -> Doc {
        let doc = match of {
            Type::Union(members) => return self.union(members, place, recursion),
            Type::Unknown => "unknown".into(),
            Type::Never => "never".into(),
            Type::Null => "null".into(),
            Type::Undefined => "undefined".into(),
            Type::Boolean => "boolean".into(),
            Type::Number => "number".into(),
            Type::String => "string".into(),
            Type::Formatted(format) => format.type_name().into(),
            Type::Blob => "Blob".into(),
            Type::Literal(text) => text.as_str().into(),
            Type::Component(index) => self.name(*index).into(),
            Type::Array(item) => self.array(item, recursion),
            Type::Tuple(tuple) => self.tuple(tuple, recursion),
            Type::Object(object) => self.object(object, Recursion::Safe),
            Type::Record(key, value) => self.record(key, value, recursion),
            Type::Intersection(parts) => self.intersection(parts, place, recursion),
        };
        match place {
            Place::Alias => Doc::Assigned(Box::new(doc)),
            Place::Whole => Doc::Concat(vec![" ".into(), doc]),
            _ => doc,
        }
    }

    fn union(&self, members: &[Type], place: Place, recursion: Recursion) -> Doc {
        let alternative = |member| {
            let doc = self.layout(member, Place::Alternative, recursion);
            Doc::indent([doc])
        };
        if let [one, Type::Null] = members
            && (matches!(one, Type::Object(_)) || is_named(one) && place != Place::Alias)
            && place != Place::Operand
        {
            let space = matches!(place, Place::Alias | Place::Whole);
            let space = if space { " " } else { "" };
            let one = self.layout(one, Place::Alternative, recursion);
            return Doc::Concat(vec![space.into(), one, " | null".into()]);
        }
        let lines = alternatives(members.iter().map(alternative));
        match place {
            // On the next line if it fits there.
            Place::Alias | Place::Whole => {
                Doc::group([Doc::indent([Doc::Line, Doc::group([lines])])])
            }
            Place::Argument | Place::Alternative => Doc::group([lines]),
            Place::Item => Doc::group([
                Doc::indent([Doc::if_broken(Doc::Concat(vec!["(".into(), Doc::SoftLine])), lines]),
                Doc::SoftLine,
                Doc::if_broken(")"),
            ]),
            Place::Operand => Doc::group([
                "(".into(),
                Doc::indent([Doc::SoftLine, Doc::group([lines])]),
                Doc::SoftLine,
                ")".into(),
            ]),
        }
    }

    fn intersection(&self, parts: &[Type], place: Place, recursion: Recursion) -> Doc {
        let docs = parts.iter().map(|part| self.layout(part, Place::Operand, recursion));
        let doc = if parts.iter().any(|part| matches!(part, Type::Object(_))) {
            Doc::join(docs, &[" & ".into()])
        } else {
            Doc::group([Doc::indent([Doc::join(docs, &[" &".into(), Doc::Line])])])
        };
        match place {
            Place::Operand | Place::Alternative => Doc::Concat(vec!["(".into(), doc, ")".into()]),
            _ => doc,
        }
    }

    fn array(&self, item: &Type, recursion: Recursion) -> Doc {
        let item = self.layout(item, Place::Operand, recursion);
        Doc::Concat(vec![item, "[]".into()])
    }

    fn tuple(&self, tuple: &Tuple, recursion: Recursion) -> Doc {
        let Tuple { items, required, rest } = tuple;
        let is_only = items.len() + usize::from(rest.is_some()) == 1;
        let mut docs = Vec::new();
        for (index, item) in items.iter().enumerate() {
            docs.push(if index >= *required {
                let item = self.layout(item, Place::Operand, recursion);
                Doc::Concat(vec![item, "?".into()])
            } else {
                let place = if is_only { Place::Argument } else { Place::Item };
                self.layout(item, place, recursion)
            });
        }
        if let Some(rest) = rest {
            docs.push(Doc::Concat(vec!["...".into(), self.array(rest, recursion)]));
        }
        Doc::list("[", docs, "]")
    }

    fn object(&self, object: &Object, recursion: Recursion) -> Doc {
        let mut lines: Vec<Doc> = Vec::new();
        for Property { name, optional, value, doc, deprecated } in &object.properties {
            let tags: &[&str] = if *deprecated { &["@deprecated"] } else { &[] };
            lines.push(Doc::Concat(vec![
                comment(doc, tags),
                property(name).into(),
                if *optional { "?:" } else { ":" }.into(),
                self.layout(value, Place::Whole, recursion),
                ";".into(),
            ]));
        }
        if let Some(others) = &object.others {
            // What an optional property lacks, its index signature has to allow.
            let is_optional = object.properties.iter().any(|property| property.optional);
            let mut others = (**others).clone();
            if is_optional && others != Type::Unknown {
                others = super::union(vec![others, Type::Undefined]);
            }
            let others = self.layout(&others, Place::Whole, recursion);
            lines.push(Doc::Concat(vec!["[key: string]:".into(), others, ";".into()]));
        }
        Doc::block(lines)
    }

    fn record(&self, key: &Type, value: &Type, recursion: Recursion) -> Doc {
        let key = if *key == Type::Never || self.is_one_of_few(key) { key } else { &Type::String };
        match (key, recursion) {
            // TypeScript resolves the arguments of an alias such as `Record` at once, and then a
            // type that is made of itself is an error. It takes its time for an index signature.
            (Type::String, Recursion::Alias) => {
                let value = self.layout(value, Place::Whole, recursion);
                only_members(vec!["[key: string]:".into(), value])
            }
            (_, Recursion::Alias) => {
                let key = self.layout(key, Place::Argument, recursion);
                let value = self.layout(value, Place::Whole, recursion);
                only_members(vec!["[key in ".into(), key, "]?:".into(), value])
            }
            (Type::String | Type::Never, Recursion::Safe) => {
                self.applied("Record", &[key, value], recursion)
            }
            (_, Recursion::Safe) => {
                let record = self.applied("Record", &[key, value], recursion);
                brackets("Partial", vec![record], false)
            }
        }
    }

    /// The type that a dictionary's keys have in TypeScript.
    fn key<'t>(&self, key: &'t Type) -> &'t Type {
        if *key == Type::Never || self.is_one_of_few(key) { key } else { &Type::String }
    }

    /// Whether the keys of a dictionary are known one by one.
    fn is_one_of_few(&self, key: &Type) -> bool {
        match key {
            Type::Literal(text) => text != "true" && text != "false",
            Type::Union(members) => members.iter().all(|member| self.is_one_of_few(member)),
            Type::Component(index) => self.is_one_of_few(&self.components[*index]),
            _ => false,
        }
    }

    fn applied(&self, name: &str, arguments: &[&Type], recursion: Recursion) -> Doc {
        if let [Type::Union(members)] = arguments
            && let [one, Type::Null] = members.as_slice()
            && (is_named(one) || matches!(one, Type::Object(_)))
        {
            let union = self.layout(arguments[0], Place::Argument, recursion);
            return brackets(name, vec![union], true);
        }
        let hugs = match arguments {
            [Type::Record(..)] => false,
            [one] if is_named(one) => true,
            [one] => matches!(
                one,
                Type::Object(_)
                    | Type::Unknown
                    | Type::Never
                    | Type::Null
                    | Type::Boolean
                    | Type::Number
                    | Type::String
                    | Type::Literal(_)
            ),
            _ => false,
        };
        let docs = arguments.iter().map(|of| self.layout(of, Place::Argument, recursion));
        brackets(name, docs.collect(), hugs)
    }
}

/// Whether it is written as a name: prettier keeps such a one and `| null` together.
fn is_named(of: &Type) -> bool {
    matches!(of, Type::Component(_) | Type::Formatted(_) | Type::Blob | Type::Record(..))
}

/// Whether the type being written is an alias that is part of itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Recursion {
    Safe,
    Alias,
}

/// `name<…>`; one that hugs does not break inside its brackets.
pub(crate) fn brackets(name: &str, arguments: Vec<Doc>, hugs: bool) -> Doc {
    let open = format!("{name}<").into();
    let arguments = Doc::join(arguments, &[",".into(), Doc::Line]);
    if hugs {
        return Doc::Concat(vec![open, arguments, ">".into()]);
    }
    let arguments = Doc::indent([Doc::SoftLine, arguments]);
    Doc::Concat(vec![open, Doc::group([arguments, Doc::SoftLine, ">".into()])])
}

/// A union between angle brackets, of types that have a name.
pub(crate) fn one_of(names: &[String]) -> Doc {
    Doc::group([alternatives(names.iter().map(|name| name.as_str().into()))])
}

fn alternatives(docs: impl Iterator<Item = Doc>) -> Doc {
    Doc::Concat(vec![Doc::if_broken("| "), Doc::join(docs, &[Doc::Line, "| ".into()])])
}

/// An object type of two members, on one line if it fits there; each type has its space before it.
pub(crate) fn fields([(one, of_one), (other, of_other)]: [(&str, Doc); 2]) -> Doc {
    only_members(vec![
        format!("{one}:").into(),
        of_one,
        ";".into(),
        Doc::Line,
        format!("{other}:").into(),
        of_other,
    ])
}

/// An object type on one line if it fits there.
fn only_members(members: Vec<Doc>) -> Doc {
    Doc::group([
        "{".into(),
        Doc::indent([Doc::Line, Doc::Concat(members)]),
        Doc::if_broken(";"),
        Doc::Line,
        "}".into(),
    ])
}
