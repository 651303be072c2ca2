//! The five migrations of the reference case, each as it should have been: a list of steps that ask before they act.
//!
//! | stage | file | what |
//! |--|--|--|
//! | M1 | `splits` | splits, groups of activities |
//! | M2.1 | `roots` | root_id on every table of a fractal |
//! | M2.2 | `integrity` | the rules that were promised: reported, not enforced |
//! | M2.3 | `indexes` | 26 indexes |
//! | M2.4 | `audit` | soft delete, audit columns, sort order |
//! | M3 | `hotfix` | the forgotten columns of activity_instances |
//! | M4 | `templates` | templates directly on program days |
//! | M5 | `completion` | when a goal was completed |

mod audit;
mod completion;
mod hotfix;
mod indexes;
mod integrity;
mod point;
mod roots;
pub mod rules;
mod splits;
mod style;
mod templates;

pub use point::Point;
pub use style::Style;

use sqlite_advisor::change::{Change, Stage};

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
