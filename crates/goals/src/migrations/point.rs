//! The points of the timeline, by the names that `--to` takes.

use sqlite_advisor::error::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// A point of the timeline, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// Splits and groups.
    M1,
    /// Root ids.
    M2Roots,
    /// Promised rules.
    M2Integrity,
    /// Indexes.
    M2Indexes,
    /// Soft delete and audit.
    M2Audit,
    /// Forgotten columns.
    M3,
    /// Templates of program days.
    M4,
    /// Time of completion.
    M5,
}

impl Point {
    /// All, in their order.
    pub const ALL: [Point; 8] = [
        Point::M1,
        Point::M2Roots,
        Point::M2Integrity,
        Point::M2Indexes,
        Point::M2Audit,
        Point::M3,
        Point::M4,
        Point::M5,
    ];
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Point::M1 => "M1",
            Point::M2Roots => "M2.1",
            Point::M2Integrity => "M2.2",
            Point::M2Indexes => "M2.3",
            Point::M2Audit => "M2.4",
            Point::M3 => "M3",
            Point::M4 => "M4",
            Point::M5 => "M5",
        })
    }
}

impl FromStr for Point {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        // M2 as a whole is over after its fourth phase.
        let name = if name.eq_ignore_ascii_case("M2") { "M2.4" } else { name };
        Self::ALL.into_iter().find(|p| p.to_string().eq_ignore_ascii_case(name)).ok_or_else(|| {
            Error::Invalid(format!(
                "there is no stage {name:?}; use M1, M2.1, M2.2, M2.3, M2.4, M2, M3, M4 or M5"
            ))
        })
    }
}
