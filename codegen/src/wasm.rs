//! The generator for Node (`codegen/js`), which reads and writes.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::command::{self, Command, Existing, Job, Plan};
use crate::{Options, generate, manifest};

/// Reads an array of arguments: `{do: "print", text}` or `{do: "generate"}` with the members of a
/// [`Job`].
///
/// # Errors
///
/// Throws an `Error` whose message is the whole text for standard error; the status is 2.
#[wasm_bindgen]
pub fn parse(arguments: JsValue) -> Result<JsValue, JsError> {
    let arguments: Vec<String> = from_js(arguments)?;
    to_js(&Command::parse(&arguments)?)
}

/// Decides what to write and to remove (a [`Plan`]), given the bytes of the schema, a [`Job`] and
/// what is [`Existing`].
///
/// # Errors
///
/// Throws an `Error` with the message; nothing may be written, and the status is 1.
#[wasm_bindgen]
pub fn plan(schema: &[u8], job: JsValue, existing: JsValue) -> Result<JsValue, JsError> {
    to_js(&Plan::new(schema, &from_js(job)?, &from_js(existing)?)?)
}

/// What of it is out of date, as text; empty if nothing is.
///
/// # Errors
///
/// As [`plan`].
#[wasm_bindgen]
pub fn differences(schema: &[u8], job: JsValue, existing: JsValue) -> Result<String, JsError> {
    let (job, existing): (Job, Existing) = (from_js(job)?, from_js(existing)?);
    Ok(Plan::new(schema, &job, &existing)?.differences(&job, &existing))
}

/// The generated files (`[{path, text}]`), given the bytes of the schema and [`Options`].
///
/// # Errors
///
/// Throws an `Error` with the message.
#[wasm_bindgen(js_name = generate)]
pub fn files(schema: &[u8], source_name: &str, options: JsValue) -> Result<JsValue, JsError> {
    let options: Options = from_js(options)?;
    to_js(&generate(command::text_of(schema, source_name)?, source_name, &options)?)
}

/// The text of the edge manifest.
///
/// # Errors
///
/// As [`files`].
#[wasm_bindgen(js_name = manifest)]
pub fn edge_manifest(schema: &[u8], source_name: &str) -> Result<String, JsError> {
    Ok(manifest(command::text_of(schema, source_name)?, source_name)?)
}

fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsError> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(serde_wasm_bindgen::to_value(value)?)
}
