//! The names of the components' types.
//!
//! Pydantic names a component after its class: `Task`, or `Page_Task_` for `Page[Task]`. Where two
//! classes have one name it puts the module before it (`shop__models__Task`), where a class reads
//! otherwise than it writes it puts `-Input` and `-Output` after it, and where not even that tells
//! them apart, a number (`shop__models__Page_Task___2`). The title still has the class. From these
//! come names as a person would choose them: `Task`, `PageTask`, `ShopTask`, `TaskInput`.
//!
//! What a server answers has the plain name: it keeps it when a mutation begins to take the same
//! class in another shape.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Claims, pascal_case};
use crate::document::Json;
use crate::schema::{Component, Schema};
use crate::types::FORMATS;

/// What generated files import or use: a type of that name would shadow it.
const USED: [&str; 10] = [
    "Blob",
    "ContextPatch",
    "FetchOptions",
    "MemberState",
    "MizanContextPatch",
    "MutationState",
    "Partial",
    "Promise",
    "Record",
    "Schema",
];

/// A name for each component, and which of them are of one class. No name begins with a
/// small Latin letter, so none is a reserved word.
pub(super) fn types(schema: &Schema<'_>, exports: &Claims) -> (Vec<String>, Vec<(usize, usize)>) {
    let classes: Vec<Class> = schema.components.iter().map(Class::of).collect();
    let prefixes = prefixes(&classes);
    let components = schema.components.iter().enumerate();
    let indices = components.map(|(index, component)| (component.name, index)).collect();
    let naming = Naming { schema, indices, classes: &classes, prefixes: &prefixes };
    let wishes: Vec<String> = (0..classes.len())
        .map(|index| {
            let suffix = if classes[index].is_input { "Input" } else { "" };
            let name = naming.base(index) + suffix;
            let is_used = USED.contains(&name.as_str())
                || FORMATS.iter().any(|format| format.type_name() == name);
            match name.chars().next() {
                Some(first) if !unicode_ident::is_xid_start(first) => format!("Model{name}"),
                None => "Model".to_owned(),
                Some(_) if is_used || exports.has(&name) => name + "Model",
                Some(_) => name,
            }
        })
        .collect();
    // A component that is called exactly so has the name before one that only becomes it.
    let mut taken: HashSet<String> = HashSet::new();
    let mut names = vec![String::new(); wishes.len()];
    let exact = |index: usize| schema.components[index].name == wishes[index];
    let (first, then): (Vec<_>, Vec<_>) = (0..wishes.len()).partition(|&index| exact(index));
    for index in first.into_iter().chain(then) {
        let wish = &wishes[index];
        let mut name = wish.clone();
        let mut number = 2;
        while taken.contains(&name) || exports.has(&name) {
            name = format!("{wish}{number}");
            number += 1;
        }
        taken.insert(name.clone());
        names[index] = name;
    }
    (names, shapes(&classes))
}

/// As it is written, and as it is read; by name alone, and so perhaps several for one.
fn shapes(classes: &[Class<'_>]) -> Vec<(usize, usize)> {
    let mut read: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, class) in classes.iter().enumerate().filter(|(_, class)| !class.is_input) {
        read.entry(class.name).or_default().push(index);
    }
    let written = classes.iter().enumerate().filter(|(_, class)| class.is_input);
    written
        .flat_map(|(index, class)| {
            let others = read.get(class.name).into_iter().flatten();
            others.map(move |&other| (index, other))
        })
        .collect()
}

/// What the name and the title of a component say of the class that it was made from.
struct Class<'a> {
    /// Empty where the name does without it.
    module: Vec<&'a str>,
    /// As Python writes it: `Page[Task]`.
    name: &'a str,
    is_input: bool,
}

impl<'a> Class<'a> {
    fn of(component: &Component<'a>) -> Self {
        let whole = component.name;
        let is_input = whole.ends_with("-Input");
        let stem = whole.strip_suffix("-Input").or(whole.strip_suffix("-Output")).unwrap_or(whole);
        let plain = Self { module: Vec::new(), name: stem, is_input };
        let Some(Json::String(title)) = component.schema.member("title").value else {
            return plain;
        };
        let in_name = as_pydantic_names(title);
        for stem in [Some(stem), without_number(stem)].into_iter().flatten() {
            if stem == in_name {
                return Self { name: title, ..plain };
            }
            if let Some(module) = stem.strip_suffix(&in_name).and_then(|s| s.strip_suffix("__")) {
                let module = module.split("__").filter(|part| !part.is_empty()).collect();
                return Self { module, name: title, ..plain };
            }
        }
        plain
    }
}

fn as_pydantic_names(class: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    class.chars().map(plain).collect::<String>().replace('.', "__")
}

fn without_number(stem: &str) -> Option<&str> {
    let (stem, number) = stem.rsplit_once("__")?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(stem)
}

/// By component: the part of its module that tells it from the other classes of its name.
fn prefixes(classes: &[Class<'_>]) -> Vec<String> {
    let mut modules: HashMap<&str, BTreeSet<&[&str]>> = HashMap::new();
    for class in classes.iter().filter(|class| !class.module.is_empty()) {
        modules.entry(class.name).or_default().insert(&class.module);
    }
    let prefix = |class: &Class<'_>| {
        let modules = modules.get(class.name).filter(|_| !class.module.is_empty())?;
        let (first, last) = (modules.first()?, modules.last()?);
        // In a sorted set, what the first and the last begin with is what all begin with.
        let start = first.iter().zip(*last).take_while(|(a, b)| a == b).count();
        let shortest = modules.iter().map(|module| module.len()).min()?;
        let mut end = 0;
        let ends_alike = |end: usize| {
            let part = |module: &[&str]| module[module.len() - 1 - end].to_owned();
            modules.iter().all(|module| part(module) == part(first))
        };
        while start + end < shortest && ends_alike(end) {
            end += 1;
        }
        let own = class.module.get(start..class.module.len() - end)?;
        (modules.len() > 1).then(|| own.iter().map(|part| pascal_case(part)).collect())
    };
    classes.iter().map(|class| prefix(class).unwrap_or_default()).collect()
}

struct Naming<'s, 'a> {
    schema: &'s Schema<'a>,
    indices: HashMap<&'a str, usize>,
    classes: &'s [Class<'a>],
    prefixes: &'s [String],
}

impl Naming<'_, '_> {
    /// The name without what says that it is the shape of arguments.
    fn base(&self, index: usize) -> String {
        let class = self.classes[index].name;
        let name = match arguments(class) {
            None => pascal_case(class),
            Some((generic, arguments)) => {
                let mut inner = HashSet::new();
                collect_references(self.schema.components[index].schema.value, &mut inner);
                let inner = inner.iter().filter_map(|name| self.indices.get(name).copied());
                let inner: Vec<usize> = inner.collect();
                let arguments = arguments.iter().map(|argument| self.argument(argument, &inner));
                pascal_case(generic) + &arguments.collect::<String>()
            }
        };
        format!("{}{name}", self.prefixes[index])
    }

    /// The name of an argument of a generic class that is made of the components `inner`.
    fn argument(&self, argument: &str, inner: &[usize]) -> String {
        let mut of_that_name = inner.iter().filter(|&&index| self.classes[index].name == argument);
        // The class of an argument is shorter than that of which it is one: this comes to an end.
        if let (Some(&index), None) = (of_that_name.next(), of_that_name.next()) {
            return self.base(index);
        }
        match arguments(argument) {
            None if argument == "NoneType" => "Null".to_owned(),
            None => pascal_case(argument),
            Some((generic, arguments)) => {
                let arguments: Vec<_> =
                    arguments.iter().map(|argument| self.argument(argument, inner)).collect();
                match generic {
                    "Union" => arguments.join("Or"),
                    "Optional" => arguments.concat() + "OrNull",
                    generic => pascal_case(generic) + &arguments.concat(),
                }
            }
        }
    }
}

/// `Page[Task]` → `Page` and `Task`.
fn arguments(class: &str) -> Option<(&str, Vec<&str>)> {
    let (generic, inner) = class.strip_suffix(']')?.split_once('[')?;
    let mut arguments = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                arguments.push(inner[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(inner[start..].trim());
    Some((generic, arguments))
}

/// The components that a schema names.
fn collect_references<'a>(json: Option<&'a Json>, into: &mut HashSet<&'a str>) {
    match json {
        Some(Json::Array(items)) => {
            items.iter().for_each(|item| collect_references(Some(item), into))
        }
        Some(Json::Object(members)) => {
            for (name, value) in members {
                match value {
                    Json::String(reference) if name == "$ref" => {
                        into.extend(reference.strip_prefix("#/components/schemas/"));
                    }
                    value => collect_references(Some(value), into),
                }
            }
        }
        _ => {}
    }
}
