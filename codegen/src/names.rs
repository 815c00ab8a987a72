//! Names: which ones a document may use, and what they become in TypeScript.
//!
//! A function or context keeps its name whatever is added to the schema later. So two of them that
//! would meet in one TypeScript name are refused, not numbered. The types of components, whose
//! names the server derives from classes, give way instead.

mod components;

use std::collections::HashMap;

use crate::document::At;
use crate::schema::Schema;
use crate::{InvalidSchema, Options};

/// Context and function names (protocol section 1).
pub(crate) const NAME: &str = "[A-Za-z][A-Za-z0-9_]{0,63}";
/// Param names (protocol section 1).
pub(crate) const PARAM_NAME: &str = "[a-z][a-z0-9_]{0,63}";

pub(crate) fn is_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

pub(crate) fn is_param_name(name: &str) -> bool {
    is_name(name) && !name.bytes().any(|b| b.is_ascii_uppercase())
}

/// Why a provider could not have this param as a prop, if it could not.
pub(crate) fn swallowed_by_react(name: &str) -> Option<&'static str> {
    match name {
        "children" => Some("`children` is what stands inside the provider"),
        "enabled" => Some("`enabled` says whether the provider fetches"),
        "key" => Some("React keeps `key` for itself"),
        "ref" => Some("React 18 keeps `ref` for itself"),
        _ => None,
    }
}

/// `user_profile` → `UserProfile`; also what is left of the name of a class when everything that
/// cannot stand in an identifier separates words.
pub(crate) fn pascal_case(name: &str) -> String {
    name.split(|c: char| c == '_' || !unicode_ident::is_xid_continue(c))
        .flat_map(|word| {
            let mut chars = word.chars();
            let first = chars.next().into_iter().flat_map(char::to_uppercase);
            first.chain(chars)
        })
        .collect()
}

/// What the TypeScript exports are called.
pub(crate) struct Names {
    /// By context: its file, without the extension.
    pub(crate) stems: Vec<String>,
    /// By context: the hook that reads the whole bundle.
    pub(crate) bundle_hooks: Vec<String>,
    /// By component.
    pub(crate) types: Vec<String>,
    /// Components that are one class as it is written and as it is read.
    pub(crate) shapes: Vec<(usize, usize)>,
    exports: Claims,
}

impl Names {
    pub(crate) fn assign(schema: &Schema<'_>, options: &Options) -> Result<Self, InvalidSchema> {
        let mut exports = Claims::default();
        for context in &schema.contexts {
            for name in [params, data, patch, provider, getter, prefetch, key] {
                exports.claim(name(context.name), &context.at)?;
            }
            if options.single {
                exports.claim(constant(context.name), &context.at)?;
            }
            for member in &context.members {
                let hook = hook(member.name);
                exports.claim(suspense(&hook), &member.at)?;
                if member.is_paginated {
                    exports.claim(infinite(&hook), &member.at)?;
                }
                exports.claim(hook, &member.at)?;
            }
        }
        for mutation in &schema.mutations {
            exports.claim(hook(mutation.name), &mutation.at)?;
        }
        let mut bundle_hooks = Vec::new();
        for context in &schema.contexts {
            // `notifications` in the context `notifications` is common, and then the function is
            // what `useNotifications` should read.
            let mut name = hook(context.name);
            if exports.has(&name) {
                name.push_str("Bundle");
            }
            exports.claim(suspense(&name), &context.at)?;
            exports.claim(name.clone(), &context.at)?;
            bundle_hooks.push(name);
        }
        let (types, shapes) = components::types(schema, &exports);
        Ok(Self { stems: stems(schema)?, bundle_hooks, types, shapes, exports })
    }

    /// How the code imports something of the runtime: by its name, unless that is one of ours. The key
    /// of the context `context` is `contextKey`.
    pub(crate) fn import(&self, name: &str) -> String {
        match self.local(name) {
            local if local == name => local,
            local => format!("{name} as {local}"),
        }
    }

    /// What the code calls that.
    pub(crate) fn local(&self, name: &str) -> String {
        let prefix = if name.starts_with(char::is_uppercase) { "Mizan" } else { "mizan" };
        if self.exports.has(name) {
            prefix.to_owned() + &pascal_case(name)
        } else {
            name.to_owned()
        }
    }
}

/// The type of what addresses a context.
pub(crate) fn params(context: &str) -> String {
    pascal_case(context) + "Params"
}

/// The type of what a context holds.
pub(crate) fn data(context: &str) -> String {
    pascal_case(context) + "Data"
}

/// The type of what is shown of a context until the server has spoken.
pub(crate) fn patch(context: &str) -> String {
    pascal_case(context) + "Patch"
}

/// The component that fetches a context for the hooks inside it.
pub(crate) fn provider(context: &str) -> String {
    pascal_case(context) + "Provider"
}

/// What holds what the runtime makes for a context, where it is not alone in a file.
pub(crate) fn constant(context: &str) -> String {
    pascal_case(context) + "Context"
}

/// The hook of a function.
pub(crate) fn hook(function: &str) -> String {
    format!("use{}", pascal_case(function))
}

/// The hook that gives the value and suspends, beside the one that reads.
pub(crate) fn suspense(hook: &str) -> String {
    format!("{hook}Suspense")
}

/// The hook that reads the pages of a paginated function one after the other.
pub(crate) fn infinite(hook: &str) -> String {
    format!("{hook}Infinite")
}

/// The function that gives a context's value.
pub(crate) fn getter(context: &str) -> String {
    format!("get{}", pascal_case(context))
}

/// The function that fetches a context before it is drawn.
pub(crate) fn prefetch(context: &str) -> String {
    format!("prefetch{}", pascal_case(context))
}

/// The function that gives a context's key.
pub(crate) fn key(context: &str) -> String {
    let pascal = pascal_case(context);
    let mut letters = pascal.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    format!("{}Key", first.chain(letters).collect::<String>())
}

/// Who made which name.
#[derive(Default)]
struct Claims {
    makers: HashMap<String, String>,
}

impl Claims {
    fn has(&self, name: &str) -> bool {
        self.makers.contains_key(name)
    }

    fn claim(&mut self, name: String, maker: &At<'_>) -> Result<(), InvalidSchema> {
        if let Some(first) = self.makers.get(&name) {
            return Err(maker.expected_instead_of(
                "a name of its own in the generated code",
                format!("`{name}`, which {first} becomes too"),
            ));
        }
        self.makers.insert(name, maker.path().to_owned());
        Ok(())
    }
}

/// The names of the contexts' files: no other one can be what is made of it with `.hooks`, because no
/// context has a dot in its name. They differ in more than case, because not every file system sees case.
fn stems(schema: &Schema<'_>) -> Result<Vec<String>, InvalidSchema> {
    let mut files = Claims::default();
    let mut stems = Vec::new();
    for context in &schema.contexts {
        let lower = context.name.to_ascii_lowercase();
        let stem = match is_reserved_stem(&lower) {
            true => format!("{}_context", context.name),
            false => context.name.to_owned(),
        };
        files.claim(format!("{}.ts", stem.to_ascii_lowercase()), &context.at)?;
        stems.push(stem);
    }
    Ok(stems)
}

/// Our own files, and the devices that Windows finds in every folder.
fn is_reserved_stem(lower: &str) -> bool {
    let is_port = |device: &str| {
        lower.strip_prefix(device).is_some_and(|n| matches!(n.as_bytes(), [b'0'..=b'9']))
    };
    matches!(lower, "index" | "types" | "mutations" | "schema" | "con" | "prn" | "aux" | "nul")
        || is_port("com")
        || is_port("lpt")
}

/// A property's name as it stands in an object type: in quotes only if it needs them.
pub(crate) fn property(name: &str) -> String {
    // Prettier takes quotes from identifiers of the Basic Multilingual Plane alone.
    let is_part =
        |c: char| c == '$' || u32::from(c) < 0x1_0000 && unicode_ident::is_xid_continue(c);
    let is_start = |c: char| c == '$' || c == '_' || unicode_ident::is_xid_start(c);
    if name.starts_with(is_start) && name.chars().all(is_part) {
        name.to_owned()
    } else {
        string(name)
    }
}

/// A string literal. As prettier has it: double quotes, unless single ones save escapes.
pub(crate) fn string(text: &str) -> String {
    let count = |quote| text.matches(quote).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    let mut literal = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            '\\' => literal.push_str("\\\\"),
            c if c == quote => literal.extend(['\\', c]),
            c if is_invisible(c) => literal.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => literal.push(c),
        }
    }
    literal.push(quote);
    literal
}

/// Characters that would make source text look other than it is: controls, line separators and
/// the marks that reverse the direction of text.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
