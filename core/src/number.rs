//! Numbers as ECMAScript prints them (ECMA-262 `Number::toString`, RFC 8785 section 3.2.2.3).

use alloc::string::String;

/// The text of a number: `5` for 5.0, `0` for -0.0, `1e-7`, `NaN`.
pub fn text(number: f64) -> String {
    String::from(ryu_js::Buffer::new().format(number))
}
