//! The manifest for a cache at the edge: what to purge when a context is invalidated.

use serde::{Serialize, Serializer};

use crate::InvalidSchema;
use crate::document::At;
use crate::schema::hash;

/// The manifest (protocol, edge manifest), ready to be written to a file.
pub(crate) fn manifest(root: &At<'_>) -> Result<String, InvalidSchema> {
    let manifest = Manifest { contexts: contexts(root)?, schema: hash(root)? };
    let text = serde_json::to_string_pretty(&manifest).expect("strings only");
    Ok(text + "\n")
}

/// Members may be added, none may change.
#[derive(Serialize)]
struct Manifest<'a> {
    #[serde(serialize_with = "as_object")]
    contexts: Vec<(&'a str, Context<'a>)>,
    /// The hash of the schema that this is made from.
    schema: &'a str,
}

#[derive(Serialize)]
struct Context<'a> {
    /// Paths of what is fetched.
    endpoints: Vec<&'a str>,
    /// Paths of the pages that show it, with `:param` where a param stands.
    views: Vec<&'a str>,
    params: Vec<&'a str>,
}

fn contexts<'a>(root: &At<'a>) -> Result<Vec<(&'a str, Context<'a>)>, InvalidSchema> {
    let contexts = root.member("x-mizan-contexts").members("an object of contexts")?;
    contexts.into_iter().map(|(name, at)| Ok((name, context(&at)?))).collect()
}

fn context<'a>(at: &At<'a>) -> Result<Context<'a>, InvalidSchema> {
    at.members("a context")?;
    let functions = at.member("functions").items("an array of function names")?;
    let endpoint = at.member("endpoint");
    // A context that only views show has nothing to fetch.
    let endpoints = match functions.is_empty() {
        true => Vec::new(),
        false => vec![endpoint.string("the path of the context's endpoint")?],
    };
    let views = at.member("views").items("an array of paths")?;
    let params = at.member("params").items("an array of params")?;
    Ok(Context {
        endpoints,
        views: views.iter().map(|view| view.string("a path")).collect::<Result<_, _>>()?,
        params: params
            .iter()
            .map(|param| param.member("name").string("the name of a param"))
            .collect::<Result<_, _>>()?,
    })
}

/// In the order of the document.
fn as_object<S: Serializer>(
    members: &[(&str, Context<'_>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
}
