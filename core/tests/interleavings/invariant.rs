//! What must hold in every state, whatever has happened and in which order.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Invariant {
    /// Read your writes.
    I1,
    /// No invalidation is lost.
    I2,
    /// One useful fetch of a key at a time.
    I3,
    /// No older response overwrites a newer one.
    I4,
    /// Nothing of another identity.
    I5,
    /// Everything comes to rest, and goes.
    I6,
    /// What is shown stays until its successor is there.
    I7,
    /// One invalidation, one refetch.
    I8,
    /// What is shown is the value with the pending patches, in the order of their calls.
    I9,
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// An invariant that does not hold, and how.
#[derive(Clone, Debug)]
pub struct Violation {
    pub invariant: Invariant,
    pub how: String,
}
