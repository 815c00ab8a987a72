//! The schema document as the generator sees it: contexts, mutations, components.
//!
//! Only what generated code depends on is read, and all of that is checked here, except the JSON
//! Schemas themselves, which [`crate::types`] reads. `auth` and endpoints are not read. `affects` is,
//! for the types of optimistic patches: what runs knows nothing of what a mutation invalidates.

use std::collections::{HashMap, HashSet};

use crate::InvalidSchema;
use crate::document::{At, Json, quoted};
use crate::names::{NAME, PARAM_NAME, is_name, is_param_name, swallowed_by_react};

pub(crate) struct Schema<'a> {
    pub(crate) hash: &'a str,
    pub(crate) components: Vec<Component<'a>>,
    pub(crate) contexts: Vec<Context<'a>>,
    pub(crate) mutations: Vec<Mutation<'a>>,
}

pub(crate) struct Component<'a> {
    pub(crate) name: &'a str,
    pub(crate) schema: At<'a>,
}

pub(crate) struct Context<'a> {
    pub(crate) name: &'a str,
    pub(crate) at: At<'a>,
    pub(crate) params: Vec<Param<'a>>,
    pub(crate) members: Vec<Member<'a>>,
}

pub(crate) struct Param<'a> {
    pub(crate) name: &'a str,
    pub(crate) schema: At<'a>,
    pub(crate) required: bool,
}

pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    pub(crate) at: At<'a>,
    pub(crate) doc: &'a str,
    pub(crate) returns: At<'a>,
    /// Whether every answer has it: a function whose own required param is not given does not run.
    pub(crate) always: bool,
    /// Whether its value is a page, and the param `cursor` says which.
    pub(crate) is_paginated: bool,
}

pub(crate) struct Mutation<'a> {
    pub(crate) name: &'a str,
    pub(crate) at: At<'a>,
    pub(crate) doc: &'a str,
    /// `None`: it takes no arguments.
    pub(crate) args: Option<At<'a>>,
    pub(crate) returns: At<'a>,
    /// Places of the contexts that it may change, of those that have something to fetch.
    pub(crate) affects: Vec<usize>,
}

impl<'a> Schema<'a> {
    pub(crate) fn read(root: &At<'a>) -> Result<Self, InvalidSchema> {
        root.members("the object that `manage.py mizan_schema` prints")?;
        let openapi = root.member("openapi");
        if !openapi.string("an OpenAPI version 3.1")?.starts_with("3.1.") {
            return Err(openapi.expected("an OpenAPI version 3.1"));
        }
        let hash = hash(root)?;
        let functions = functions(&root.member("x-mizan-functions"))?;
        let all = root.member("x-mizan-contexts");
        let contexts = contexts(&all, &functions)?;
        let mutations = mutations(&functions, &all, &contexts)?;
        Ok(Self { hash, components: components(root)?, contexts, mutations })
    }
}

const HASH: &str = "the hash that `manage.py mizan_schema` writes (16 hex digits)";

pub(crate) fn hash<'a>(root: &At<'a>) -> Result<&'a str, InvalidSchema> {
    let at = root.member("x-mizan-hash");
    let hash = at.string(HASH)?;
    if hash.len() != 16 || !hash.bytes().all(is_lower_hex) {
        return Err(at.expected(HASH));
    }
    Ok(hash)
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn components<'a>(root: &At<'a>) -> Result<Vec<Component<'a>>, InvalidSchema> {
    let Some(schemas) = root.given("components").and_then(|at| at.given("schemas")) else {
        return Ok(Vec::new());
    };
    let members = schemas.members("an object of JSON Schemas")?;
    Ok(members.into_iter().map(|(name, schema)| Component { name, schema }).collect())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Mutation,
    View,
}

struct Function<'a> {
    name: &'a str,
    at: At<'a>,
    kind: Kind,
}

fn functions<'a>(at: &At<'a>) -> Result<Vec<Function<'a>>, InvalidSchema> {
    at.members("an object of functions")?
        .into_iter()
        .map(|(name, at)| {
            if !is_name(name) {
                return Err(
                    at.expected_instead_of(format!("a function name ({NAME})"), quoted(name))
                );
            }
            at.members("a function")?;
            const KINDS: &str = "\"read\", \"mutation\" or \"view\"";
            let kind = at.member("kind");
            let kind = match kind.string(KINDS)? {
                "read" => Kind::Read,
                "mutation" => Kind::Mutation,
                "view" => Kind::View,
                _ => return Err(kind.expected(KINDS)),
            };
            Ok(Function { name, at, kind })
        })
        .collect()
}

fn contexts<'a>(
    at: &At<'a>,
    functions: &[Function<'a>],
) -> Result<Vec<Context<'a>>, InvalidSchema> {
    let by_name: HashMap<_, _> = functions.iter().map(|f| (f.name, f)).collect();
    let mut listed = HashSet::new();
    let mut contexts = Vec::new();
    for (name, at) in at.members("an object of contexts")? {
        if !is_name(name) {
            return Err(at.expected_instead_of(format!("a context name ({NAME})"), quoted(name)));
        }
        at.members("a context")?;
        let params = params(&at.member("params"))?;
        let mut members = Vec::new();
        for item in at.member("functions").items("an array of function names")? {
            const WHAT: &str = "the name of a read function in x-mizan-functions";
            let function = by_name
                .get(item.string(WHAT)?)
                .filter(|function| function.kind == Kind::Read)
                .ok_or_else(|| item.expected(WHAT))?;
            if !listed.insert(function.name) {
                return Err(item.expected("a function that no context has listed before"));
            }
            let context = function.at.member("context");
            if context.string("the name of the function's context")? != name {
                let lists = format!("{}, which lists the function", quoted(name));
                return Err(context.expected(lists));
            }
            members.push(member(function, &params)?);
        }
        // A context that only views show has nothing to fetch.
        if !members.is_empty() {
            contexts.push(Context { name, at, params, members });
        }
    }
    for function in functions.iter().filter(|function| function.kind == Kind::Read) {
        if !listed.contains(function.name) {
            let context = function.at.member("context");
            return Err(context.expected("a context in x-mizan-contexts that lists the function"));
        }
    }
    Ok(contexts)
}

fn params<'a>(at: &At<'a>) -> Result<Vec<Param<'a>>, InvalidSchema> {
    let mut params: Vec<Param<'a>> = Vec::new();
    for at in at.items("an array of params")? {
        let what = format!("a param name ({PARAM_NAME})");
        let name_at = at.member("name");
        let name = name_at.string(&what)?;
        if !is_param_name(name) {
            return Err(name_at.expected(what));
        }
        if let Some(reason) = swallowed_by_react(name) {
            let what = format!("a param name that a React component can have as a prop ({reason})");
            return Err(name_at.expected(what));
        }
        if params.iter().any(|param| param.name == name) {
            return Err(name_at.expected("a param name that the context does not have yet"));
        }
        let required =
            at.member("required").bool("true or false, for whether the param is required")?;
        params.push(Param { name, schema: at.member("schema"), required });
    }
    Ok(params)
}

fn member<'a>(function: &Function<'a>, params: &[Param<'a>]) -> Result<Member<'a>, InvalidSchema> {
    let at = &function.at;
    let names = |at: &At<'a>| -> Result<Vec<&'a str>, InvalidSchema> {
        at.items("an array of param names")?
            .iter()
            .map(|item| {
                let name = item.string("a param name")?;
                if params.iter().any(|param| param.name == name) {
                    Ok(name)
                } else {
                    Err(item.expected("a param of the function's context"))
                }
            })
            .collect()
    };
    let all = names(&at.member("params"))?;
    let is_paginated = match at.given("paginated") {
        Some(at) => at.bool("true or false, for whether the function gives pages")?,
        None => false,
    };
    // Without a word on which of its params the function requires, it may require every one.
    let required = at.given("required").map(|at| names(&at)).transpose()?;
    let required = required.as_ref().unwrap_or(&all);
    if is_paginated {
        let what = "an optional param \"cursor\", because the function is paginated";
        if !all.contains(&"cursor") {
            return Err(at.member("params").expected_instead_of(what, shown(&all)));
        }
        if required.contains(&"cursor") {
            return Err(at.member("required").expected_instead_of(what, "a required one"));
        }
    }
    let always = required
        .iter()
        .all(|name| params.iter().any(|param| param.name == *name && param.required));
    Ok(Member {
        name: function.name,
        at: at.clone(),
        doc: doc(at)?,
        returns: at.member("returns"),
        always,
        is_paginated,
    })
}

fn mutations<'a>(
    functions: &[Function<'a>],
    all: &At<'a>,
    contexts: &[Context<'a>],
) -> Result<Vec<Mutation<'a>>, InvalidSchema> {
    let fetched = contexts.iter().enumerate().map(|(place, context)| (context.name, place));
    let fetched: HashMap<_, _> = fetched.collect();
    // A context that only views show has nothing to patch.
    let all = all.members("an object of contexts")?.into_iter();
    let places = all.map(|(name, _)| (name, fetched.get(name).copied())).collect();
    functions
        .iter()
        .filter(|function| function.kind == Kind::Mutation)
        .map(|Function { name, at, .. }| {
            let args = at.member("args");
            let args = match args.value {
                Some(Json::Null) => None,
                _ => Some(args),
            };
            Ok(Mutation {
                name,
                at: at.clone(),
                doc: doc(at)?,
                args,
                returns: at.member("returns"),
                affects: affects(at, &places)?,
            })
        })
        .collect()
}

/// Places of the contexts that a function affects, in the order in which it says so.
fn affects(
    at: &At<'_>,
    places: &HashMap<&str, Option<usize>>,
) -> Result<Vec<usize>, InvalidSchema> {
    let mut affected = Vec::new();
    let Some(effects) = at.given("affects") else {
        return Ok(affected);
    };
    for effect in effects.items("an array of what the function affects")? {
        const WHAT: &str = "the name of a context in x-mizan-contexts, or \"*\" for all of them";
        let context = effect.member("context");
        let mut named: Vec<usize> = match context.string(WHAT)? {
            "*" => places.values().copied().flatten().collect(),
            name => {
                places.get(name).ok_or_else(|| context.expected(WHAT))?.iter().copied().collect()
            }
        };
        named.sort_unstable();
        named.retain(|place| !affected.contains(place));
        affected.extend(named);
    }
    Ok(affected)
}

fn shown(names: &[&str]) -> String {
    if names.is_empty() { "no params".to_owned() } else { names.join(", ") }
}

fn doc<'a>(at: &At<'a>) -> Result<&'a str, InvalidSchema> {
    at.given("doc").map_or(Ok(""), |doc| doc.string("the function's docstring"))
}
