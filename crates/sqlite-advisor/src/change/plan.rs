//! Which steps of a change are done, and which are pending.

use crate::change::step::{State, Step};
use crate::change::{Change, Stage};
use crate::error::Result;
use crate::sqlite::Schema;
use rusqlite::Connection;

/// A step and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Its stage's name.
    pub stage: String,
    /// Its title.
    pub title: String,
    /// Done, pending or different.
    pub state: State,
}

/// Asks every step of a change how it stands. Reads only.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the database cannot be read.
pub fn plan(conn: &Connection, change: &Change) -> Result<Vec<Planned>> {
    let schema = Schema::read(conn)?;
    let planned = |(stage, step): (&Stage, &Step)| {
        let state = step.state(conn, &schema)?;
        Ok(Planned { stage: stage.name.clone(), title: step.title(), state })
    };
    change.steps().map(planned).collect()
}
