//! What is wrong with a schema document, and where.

use core::fmt;

/// A document that is not a schema as the protocol describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSchema {
    pub(crate) source_name: String,
    pub(crate) place: String,
    pub(crate) expected: String,
    pub(crate) found: String,
}

impl InvalidSchema {
    /// Where in the document: a path such as `x-mizan-contexts.user.params[0].name`, `line 3 column
    /// 7` for a text that is not JSON, or nothing for the document as a whole.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What would have been right there.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What stands there.
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl fmt::Display for InvalidSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source_name, place, expected, found } = self;
        write!(f, "{source_name}: ")?;
        if !place.is_empty() {
            write!(f, "{place}: ")?;
        }
        write!(f, "expected {expected}, found {found}")
    }
}

impl core::error::Error for InvalidSchema {}
