//! From a server's schema document to typed React code: a pure function.
//!
//! The document is the OpenAPI 3.1 JSON that `manage.py mizan_schema` prints (protocol, schema
//! export); nothing else is read. The output is TypeScript that names and types; what it calls,
//! `@mizan/runtime/react`, is shipped and never generated. For a context `user` with the function
//! `user_profile`, and a mutation `rename`:
//!
//! | file           | exports                                                                |
//! |----------------|------------------------------------------------------------------------|
//! | `user.ts`      | `UserParams`, `UserData`, `UserProvider`, `useUser`, `useUserProfile`  |
//! | `mutations.ts` | `useRename`                                                            |
//! | `types.ts`     | one interface or type for each component schema                        |
//! | `index.ts`     | all of it                                                              |
//!
//! One document gives one output, byte for byte, on every platform, in the layout that Biome and
//! prettier give it at 80 columns. `tests/cases/` holds documents beside what they become.
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
//! let files = mizan_codegen::generate(schema, "schema.json", "")?;
//! assert_eq!(files[0].path, "types.ts");
//! assert!(files[0].text.contains("export interface Profile {\n  name?: string;\n}"));
//! # Ok::<(), mizan_codegen::InvalidSchema>(())
//! ```
#![forbid(unsafe_code)]

pub mod command;
mod document;
mod error;
mod hooks;
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

/// Generates the files for one schema document.
///
/// `source_name` is what errors call the document: the path it was read from. `extension` is what
/// imports between the files end with: nothing where a bundler resolves them, `.js` where Node does,
/// `.ts` for Deno. No ending is understood by all of them.
///
/// # Errors
///
/// The first thing in the document that is not as the protocol (schema export) says, with its
/// place.
pub fn generate(
    schema_text: &str,
    source_name: &str,
    extension: &str,
) -> Result<Vec<SourceFile>, InvalidSchema> {
    let json = Json::parse(schema_text, source_name)?;
    let schema = Schema::read(&At::root(&json, source_name))?;
    let names = Names::assign(&schema)?;
    let types = Types::read(&schema, &names)?;
    hooks::files(&schema, &names, &types, extension)
}
