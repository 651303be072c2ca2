//! Changes of a database that happen wholly or not at all.
//!
//! A [`Change`] is data: stages of [`Step`]s, and [`Rule`]s that must hold in the end. The course of every change:
//!
//! 1. `plan`: which steps are done, which are pending (reads only)
//! 2. [`carry_out`]: take the write lock, copy the state under it ([`backup`]), run the steps in one transaction while
//!    the copy is verified beside, [`verify`] inside the transaction, write a receipt into the [`ledger`] beside the
//!    backups, commit; whatever fails, a bad copy too, everything is rolled back and no file stays
//! 3. [`report`]: what was measured on the way
//! 4. [`undo`]: takes the last change back by its receipt
//!
//! The lock comes before the copy: nobody can write between the two, so the backup is exactly the state that the
//! steps begin with, and a row that another process commits is either in both or comes after everything.
//! A killed process leaves the journal that SQLite itself rolls back.
//!
//! Beside it: [`restore`] goes back to a backup, [`diff`] compares two schemas, [`script`] reads changes from files.

pub mod backup;
pub mod clock;
pub mod diff;
pub mod ledger;
mod outcome;
mod plan;
mod rebuild;
pub mod report;
pub mod restore;
mod rule;
mod run;
pub mod script;
pub mod state;
pub mod statistics;
pub mod step;
pub mod undo;
pub mod verify;

pub use outcome::{Done, Options, Outcome};
pub use plan::{Planned, plan};
pub use rule::{Check, Rule};
pub use run::{carry_out, open, rehearse};
pub use step::{State, Step};

/// Stages in their order, and what must be true of the rows in the end.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What it is called in reports: `migrate to M5`.
    pub name: String,
    /// The stages, in the order in which they are carried out.
    pub stages: Vec<Stage>,
    /// What must hold before COMMIT.
    pub rules: Vec<Rule>,
}

/// Steps under a name.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    /// Its name in receipts.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// The steps, in their order.
    pub steps: Vec<Step>,
    /// What is worth knowing about the data at this point; reported, never required.
    pub notes: Vec<Rule>,
}

impl Change {
    /// All steps with their stages.
    pub fn steps(&self) -> impl Iterator<Item = (&Stage, &Step)> {
        self.stages.iter().flat_map(|stage| stage.steps.iter().map(move |step| (stage, step)))
    }
}
