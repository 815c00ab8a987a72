//! The module that writes headers.

use mizan_core::{header, spec};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exchange::{answer, text};

/// The header of the specs that were written, joined by commas (see [`answer`]).
#[wasm_bindgen]
pub fn format() -> *const u32 {
    answer(match spec::list(&text()) {
        Ok(list) => Ok((header::format(&list, header::LIMIT), 0)),
        Err(error) => Err(error.message()),
    })
}
