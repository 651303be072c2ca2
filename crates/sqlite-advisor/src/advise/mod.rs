//! From a database and its workload to recommendations. [`advise`] makes six calls, in order; each stage is a folder.

pub mod candidates;
pub mod explain;
pub mod prepare;
pub mod report;
pub mod rules;
pub mod scenarios;
pub mod select;
pub mod verify;

pub use explain::explain;
pub use prepare::{Preference, Request, USUAL_SAMPLE_ABOVE, USUAL_WRITES};
pub use select::problem::Objective;

use crate::error::Result;
use crate::model::report::Report;
use crate::progress::Progress;
use candidates::{Candidates, Catalog};
use prepare::Prepared;
use prepare::profile::Profile;
use report::tell;
use select::choose::choose;
use select::copies;
use select::iterate::iterate;
use verify::verify;

/// Advises: copies the database, asks the planner, builds and runs on the copy, and tells what was found.
///
/// # Errors
/// [`crate::Error::Open`] and its like for a database that cannot be read, [`crate::Error::NothingToDo`] if no statement
/// can be planned, [`crate::Error::Interrupted`].
pub fn advise(request: &Request, progress: &dyn Progress) -> Result<Report> {
    let prepared = Prepared::read(request, progress)?;
    let analyzed = copies::analyzed(&prepared, progress)?;
    let mut profile = Profile::of(&prepared, analyzed.session())?;
    let found = Catalog::found(&prepared, &analyzed);
    let candidates = Candidates::find(&prepared, &found, &mut profile, &[], progress)?;
    let mut costs = copies::costs(&prepared, &candidates, analyzed, progress)?;
    let choice = choose(&mut costs, &prepared, &candidates, progress)?;
    let (candidates, choice) = iterate(&mut costs, &prepared, &mut profile, candidates, choice, progress)?;
    drop(costs);
    let verified = verify(&prepared, &candidates, &choice, progress)?;
    tell(&prepared, &candidates, &choice, verified, progress)
}
