//! The two kinds of names that the wire knows (protocol rules K1 and K2).
//!
//! Both are legal, without any escaping, as a Token and a key of RFC 9651 and in a URL.

use crate::text::{Class, is};

/// The longest name of a context, a function or a param, in bytes.
const LONGEST: usize = 64;

/// Whether `text` may name a context or a function: `[A-Za-z][A-Za-z0-9_]{0,63}`.
pub fn is_name(text: impl AsRef<[u8]>) -> bool {
    matches(text.as_ref(), &[*b"az", *b"AZ", *b"09", *b"__"], 2)
}

/// Whether `text` may name a param: `[a-z][a-z0-9_]{0,63}`.
pub fn is_param(text: impl AsRef<[u8]>) -> bool {
    matches(text.as_ref(), &[*b"az", *b"09", *b"__"], 1)
}

/// Whether all bytes are in `class`, the first one in one of its `letters` first ranges.
fn matches(text: &[u8], class: &Class, letters: usize) -> bool {
    let first = text.first();
    first.is_some_and(|byte| is(*byte, class.get(..letters).unwrap_or_default()))
        && text.len() <= LONGEST
        && text.iter().all(|byte| is(*byte, class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_a_letter_and_have_at_most_64_bytes() {
        for good in ["u", "User_2", &"a".repeat(64)] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "_u", "2u", "us-er", "us er", "é", &"a".repeat(65)] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn param_names_have_no_upper_case() {
        assert!(is_param("user_id2"));
        for bad in ["", "User", "userId", "_id", "1d", "a-b"] {
            assert!(!is_param(bad), "{bad}");
        }
    }
}
