//! A param's value and its canonical text (protocol rules K3 to K5).

/// 2^53 - 1, the largest integer that every party can hold exactly.
const LARGEST_INTEGER: &str = "9007199254740991";

/// A param's value on its way to canonical text.
///
/// Values are compared by that text alone: the number 5, the string `"5"` and the `5` of a header are
/// one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A string. Its canonical text is itself, without Unicode normalisation.
    Text(&'a str),
    /// A boolean: `true` or `false`.
    Bool(bool),
    /// A number as ECMAScript's `Number::toString` prints it, which is what `String(n)` gives in a
    /// browser and [`number::text`](crate::number::text) gives elsewhere.
    Number(&'a str),
    /// A list, an object or anything else that has no canonical text.
    Other,
}

impl<'a> Value<'a> {
    /// The canonical text, or why the value is none.
    ///
    /// Numbers are judged by value, not by type, because a browser cannot tell 2^53 from an integer
    /// that was rounded to it: beyond ±(2^53 - 1) a whole number might name another row.
    pub(crate) fn canonical(self) -> Result<&'a str, &'static str> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Bool(true) => Ok("true"),
            Self::Bool(false) => Ok("false"),
            Self::Other => Err("is neither a string nor a boolean nor a number"),
            Self::Number(text) => {
                let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
                let whole = digits.iter().all(u8::is_ascii_digit);
                // Number::toString switches to `e+` at 10^21: such a number is whole and too large.
                let large = if whole {
                    digits.len() > LARGEST_INTEGER.len()
                        || digits.len() == LARGEST_INTEGER.len()
                            && digits > LARGEST_INTEGER.as_bytes()
                } else {
                    text.contains("e+")
                };
                match digits.first() {
                    Some(b'0'..=b'9') if !large => Ok(text),
                    Some(b'0'..=b'9') => Err("is a whole number beyond 2^53 - 1; send it as a string"),
                    _ => Err("is not a finite number"),
                }
            }
        }
    }
}
