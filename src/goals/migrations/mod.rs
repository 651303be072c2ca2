//! The five migrations of the reference case, each as it should have been: a list of steps that ask before they act.
//!
//! | stage | file | what |
//! |--|--|--|
//! | M1 | [`splits`] | splits, groups of activities |
//! | M2.1 | [`roots`] | root_id on every table of a fractal |
//! | M2.2 | [`integrity`] | the rules that were promised: reported, not enforced |
//! | M2.3 | [`indexes`] | 26 indexes |
//! | M2.4 | [`audit`] | soft delete, audit columns, sort order |
//! | M3 | [`hotfix`] | the forgotten columns of activity_instances |
//! | M4 | [`templates`] | templates directly on program days |
//! | M5 | [`completion`] | when a goal was completed |

mod audit;
mod completion;
mod hotfix;
mod indexes;
mod integrity;
mod roots;
pub mod rules;
mod splits;
mod templates;

use crate::change::{Change, Stage, Step};
use crate::error::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// A point of the road, in its order.
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

/// How closely the originals are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// The original declared types, column order and losses. Otherwise text is declared TEXT, templates are numbered
    /// within each day, and what the new tables cannot hold is kept.
    pub faithful: bool,
    /// Columns that stand with a wrong type are changed by a table rebuild; otherwise they are reported.
    pub rebuild: bool,
}

impl Style {
    /// The declared type of text columns. SQLite gives STRING numeric affinity: '012' becomes 12.
    fn text(self) -> &'static str {
        if self.faithful { "STRING" } else { "TEXT" }
    }

    /// The steps that end in a text column of the right type.
    fn text_column(self, table: &str, column: &str) -> Vec<Step> {
        let declared = self.text();
        let rebuild = Step::Rebuild { table: table.into(), column: column.into(), declared: declared.into() };
        let add = Step::add_column(table, column, declared);
        if self.rebuild { vec![rebuild, add] } else { vec![add] }
    }
}

/// Everything up to and including a point, with the rules that must hold there.
pub fn change(to: Point, style: Style) -> Change {
    let stages = Point::ALL.into_iter().filter(|point| *point <= to).map(|point| stage(point, style));
    Change { name: format!("migrate to {to}"), stages: stages.collect(), rules: rules::at(to, style) }
}

/// The steps of one point.
pub fn stage(point: Point, style: Style) -> Stage {
    let (about, steps, notes) = match point {
        Point::M1 => ("splits and groups", splits::steps(style), vec![]),
        Point::M2Roots => ("root_id on every table of a fractal", roots::steps(style), vec![]),
        Point::M2Integrity => ("rules that were promised", vec![], integrity::rules()),
        Point::M2Indexes => ("26 indexes", indexes::steps(), vec![]),
        Point::M2Audit => ("soft delete and audit columns", audit::steps(), vec![]),
        Point::M3 => ("columns forgotten before", hotfix::steps(style), vec![]),
        Point::M4 => ("templates directly on program days", templates::steps(style), templates::notes()),
        Point::M5 => ("time of completion", completion::steps(), vec![]),
    };
    Stage { name: point.to_string(), about: about.to_owned(), steps, notes }
}

#[cfg(test)]
mod tests;
