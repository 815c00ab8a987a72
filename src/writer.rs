//! The module that writes headers.

use mizan_core::{header, spec};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exchange::{answer, text};

/// The header of the specs that were written, joined by commas (see [`answer`]).
#[wasm_bindgen]
pub fn format() -> *const u32 {
    answer(|out| match spec::list(text()) {
        Ok(list) => {
            *out = header::bytes(&list, header::LIMIT);
            (true, 0)
        }
        Err(error) => {
            error.write(out);
            (false, 0)
        }
    })
}
