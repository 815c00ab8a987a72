//! How JavaScript says keys and lists of them: in the grammar of the header, where each name is as
//! `encodeURIComponent` gives it, each text or boolean is `%"` and the same and `"`, each number is `#` and
//! what `String` makes of it, and anything else is `!`.

use alloc::vec::Vec;

use crate::error::{InvalidKey, InvalidList};
use crate::invalidation::Invalidation;
use crate::key::Key;
use crate::parser::Parser;
use crate::text::cut;

/// The key that a spec says.
///
/// # Errors
///
/// [`InvalidKey`] with the first param that is wrong, or the name.
pub fn key(spec: impl AsRef<[u8]>) -> Result<Key, InvalidKey> {
    let mut parser = Parser::new(spec.as_ref(), true);
    match parser.member() {
        Invalidation::Matching(key) if parser.is_done() => Ok(key),
        _ => Err(InvalidKey::of(cut(&parser.pair, b'=').0, parser.reason.text())),
    }
}

/// The invalidations that several specs say, joined by commas.
///
/// # Errors
///
/// [`InvalidList`] with the place of the first one that is none.
pub fn list(specs: impl AsRef<[u8]>) -> Result<Vec<Invalidation>, InvalidList> {
    read(specs.as_ref()).map_err(|position| InvalidList { position })
}

/// The same, for who needs no more than the place.
pub fn read(specs: &[u8]) -> Result<Vec<Invalidation>, usize> {
    Parser::list(specs, true)
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;

    #[test]
    fn a_list_that_says_more_of_all_is_refused_where_it_does() {
        assert_eq!(list("*,user").map(|list| list.len()), Ok(2));
        assert_eq!(list("user,*;a=#1"), Err(InvalidList { position: 1 }));
    }

    #[test]
    fn a_member_stands_as_often_as_it_is_said_because_patches_are_known_by_their_places() {
        assert_eq!(list("user,user").map(|list| list.len()), Ok(2));
    }

    #[test]
    fn a_key_is_one_member_and_names_what_is_wrong_with_it() {
        let wrong = |spec| key(spec).map_err(|error| String::from(error.param()));
        assert_eq!(wrong("user;a=#1;userId=#2"), Err("userId".into()));
        assert_eq!(wrong("user;a=!;b=#1"), Err("a".into()));
        assert_eq!(wrong("user,board"), Err("".into()));
        assert_eq!(wrong("*"), Err("".into()));
    }
}
