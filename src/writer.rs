//! The module that writes headers.

use mizan_core::{header, spec};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exchange::{answer, text};

/// The header of the specs that were written, joined by commas (see [`answer`]).
#[wasm_bindgen]
pub fn format() -> *const u32 {
    match spec::list(text()) {
        Ok(list) => answer(true, 0, header::bytes(&list, header::LIMIT)),
        Err(error) => answer(false, 0, error.bytes()),
    }
}
