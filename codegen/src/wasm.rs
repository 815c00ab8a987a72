//! The command's decisions for `pkg/bin/mizan-generate.js`, which reads and writes for Node.

use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::SourceFile;
use crate::command::{Command, Plan};

/// Reads an array of arguments: `{do: "print", text}` or `{do: "generate", schema, source_name,
/// out, extension}`.
///
/// # Errors
///
/// Throws an `Error` whose message is the whole text for standard error; the status is 2.
#[wasm_bindgen]
pub fn parse(arguments: JsValue) -> Result<JsValue, JsError> {
    let arguments: Vec<String> = serde_wasm_bindgen::from_value(arguments)?;
    to_js(&Command::parse(&arguments)?)
}

/// Decides what to write (`[{path, text}]`) and remove (`[name]`), given the bytes of the schema and
/// the files that are there (`[{path, text}]`).
///
/// # Errors
///
/// Throws an `Error` with the message; nothing may be written, and the status is 1.
#[wasm_bindgen]
pub fn plan(
    schema: &[u8],
    source_name: &str,
    extension: &str,
    existing: JsValue,
) -> Result<JsValue, JsError> {
    let existing: Vec<SourceFile> = serde_wasm_bindgen::from_value(existing)?;
    to_js(&Plan::new(schema, source_name, extension, &existing)?)
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(serde_wasm_bindgen::to_value(value)?)
}
