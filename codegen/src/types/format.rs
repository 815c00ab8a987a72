//! Strings of a format: a type for each, so that no name passes for a date.

use crate::writer::{Doc, comment};

/// A format of JSON Schema (validation vocabulary, section 7.3), and `decimal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Format {
    Date,
    DateTime,
    Decimal,
    Duration,
    Time,
    Uuid,
}

/// In the order in which they are declared.
pub(crate) const FORMATS: [Format; 6] =
    [Format::Date, Format::DateTime, Format::Decimal, Format::Duration, Format::Time, Format::Uuid];

impl Format {
    pub(crate) fn named(name: &str) -> Option<Self> {
        FORMATS.into_iter().find(|format| format.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::DateTime => "date-time",
            Self::Decimal => "decimal",
            Self::Duration => "duration",
            Self::Time => "time",
            Self::Uuid => "uuid",
        }
    }

    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Date => "DateString",
            Self::DateTime => "DateTimeString",
            Self::Decimal => "DecimalString",
            Self::Duration => "DurationString",
            Self::Time => "TimeString",
            Self::Uuid => "UuidString",
        }
    }

    fn doc(self) -> &'static str {
        match self {
            Self::Date => "A day, such as `2026-11-22`.",
            Self::DateTime => "A moment, such as `2026-11-22T19:48:54Z`.",
            Self::Decimal => "A decimal number with all of its digits, such as `19.90`.",
            Self::Duration => "A span of time, such as `P1DT2H`.",
            Self::Time => "A time of day, such as `19:48:54`.",
            Self::Uuid => "A UUID, such as `6f1c1c0e-3d2b-4a9c-9a55-2f1f0c1d7f10`.",
        }
    }

    /// By a property and not a symbol: two folders of generated code have the same type.
    pub(crate) fn declaration(self) -> Doc {
        let (name, format) = (self.type_name(), self.name());
        let brand = format!("export type {name} = string & {{ readonly __format: \"{format}\" }};");
        Doc::Concat(vec![comment(self.doc(), &[]), brand.into()])
    }
}
