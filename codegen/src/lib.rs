//! From a server's schema document to typed React code: a pure function.
//!
//! The document is the OpenAPI 3.1 JSON that `manage.py mizan_schema` prints (protocol, schema
//! export); nothing else is read. The output is TypeScript that names and types; what it calls,
//! `@mizan/runtime` and its React entry, is shipped and never generated. For a context `user` with the
//! function `user_profile`, and a mutation `rename`:
//!
//! | file            | exports                                                               |
//! |-----------------|-----------------------------------------------------------------------|
//! | `user.ts`       | `UserParams`, `UserData`, `getUser`, `prefetchUser`, `userKey`        |
//! | `user.hooks.ts` | `UserPatch`, `UserProvider`, `useUser`, `useUserProfile`              |
//! | `mutations.ts`  | `useRename`                                                           |
//! | `schema.ts`     | `Schema`, one type of all contexts and mutations                      |
//! | `types.ts`      | one interface or type for each component schema                       |
//! | `index.ts`      | all of it                                                             |
//!
//! Files with hooks are for the client; a component of the server calls what is in the others. With
//! [`Options::single`], all of it stands in `index.ts`, which is then for the client alone.
//!
//! One document gives one output, byte for byte, on every platform, in the layout that prettier gives
//! it at 80 columns. `tests/cases/` holds documents beside what they become.
//!
//! You will notably not find file access here: that is `main.rs`, and `pkg/bin/mizan-generate.js`
//! for Node. Both run the same [`command`].
//!
//! ```
//! let schema = r#"{
//!   "openapi": "3.1.0",
//!   "components": {"schemas": {"Profile": {"type": "object", "properties": {"name": {"type": "string"}}}}},
//!   "x-mizan-hash": "0123456789abcdef",
//!   "x-mizan-contexts": {},
//!   "x-mizan-functions": {}
//! }"#;
//! let files = mizan_codegen::generate(schema, "schema.json", &mizan_codegen::Options::default())?;
//! assert_eq!(files[1].path, "types.ts");
//! assert!(files[1].text.contains("export interface Profile {\n  name?: string;\n}"));
//! # Ok::<(), mizan_codegen::InvalidSchema>(())
//! ```
#![forbid(unsafe_code)]

pub mod command;
mod document;
mod error;
mod hooks;
mod manifest;
mod names;
mod schema;
mod types;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
mod writer;

pub use error::InvalidSchema;

use document::{At, Json};
use names::Names;
use schema::Schema;
use serde::{Deserialize, Serialize};
use types::Types;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// The file's name, without a folder.
    pub path: String,
    /// UTF-8, `\n` at the end of every line.
    pub text: String,
}

/// How the code is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// What imports between the files end with; nothing is what bundlers resolve.
    pub extension: Option<Extension>,
    /// One `index.ts`, and not files for each context. Components of a server cannot call what is in it.
    pub single: bool,
    /// What strings of a format are.
    pub strings: Strings,
}

/// What imports between the files end with. No ending is understood by all who resolve them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extension {
    /// `.js`, as Node resolves them, and TypeScript's `nodenext`.
    Js,
    /// `.ts`, as Deno does.
    Ts,
}

/// What strings of a format are: dates, UUIDs, decimal numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strings {
    /// Each a type of its own, such as `DateString`, for which no other string passes.
    #[default]
    Branded,
    /// `string`.
    Plain,
}

/// Generates the files for one schema document.
///
/// `source_name` is what errors call the document: the path it was read from.
///
/// # Errors
///
/// The first thing in the document that is not as the protocol (schema export) says, with its
/// place.
pub fn generate(
    schema_text: &str,
    source_name: &str,
    options: &Options,
) -> Result<Vec<SourceFile>, InvalidSchema> {
    let json = Json::parse(schema_text, source_name)?;
    let schema = Schema::read(&At::root(&json, source_name))?;
    let names = Names::assign(&schema, options)?;
    let types = Types::read(&schema, &names, options)?;
    hooks::files(&schema, &names, &types, options)
}

/// Generates the manifest for a cache at the edge (protocol, edge manifest): for each context, what
/// to purge when it is invalidated.
///
/// # Errors
///
/// As [`generate`].
pub fn manifest(schema_text: &str, source_name: &str) -> Result<String, InvalidSchema> {
    let json = Json::parse(schema_text, source_name)?;
    manifest::manifest(&At::root(&json, source_name))
}
