//! From a database and its workload to recommendations. [`advise`] makes six calls, in order; each stage is a folder.

pub mod candidates;
pub mod explain;
pub mod prepare;
pub mod report;
pub mod rules;
pub mod scenarios;
pub mod select;
pub mod timing;
pub mod verify;

pub use explain::explain;
pub use prepare::{Preference, Request, USUAL_SAMPLE_ABOVE, USUAL_WRITES};
pub use select::problem::Objective;

use crate::error::{Error, Result};
use crate::model::report::{Point, Report};
use crate::progress::Progress;
use candidates::{Candidates, Catalog};
use prepare::Prepared;
use prepare::profile::Profile;
use report::report;
use select::iterate::iterate;
use select::measured::MeasuredCost;
use select::selection::{Selection, curve, select};
use verify::{Verified, verify};

/// Advises: copies the database, asks the planner, builds and runs on copies, and tells what was found.
///
/// # Errors
/// [`crate::Error::Open`] and its like for a database that cannot be read, [`crate::Error::NothingToDo`] if no statement
/// can be planned, [`crate::Error::Interrupted`].
pub fn advise(request: &Request, progress: &dyn Progress) -> Result<Report> {
    advise_on(&Prepared::read(request, progress)?, progress)
}

/// The stages behind the first.
fn advise_on(prepared: &Prepared, progress: &dyn Progress) -> Result<Report> {
    let analyzed = prepared.analyzed(progress)?;
    let mut profile = Profile::of(prepared, analyzed.session())?;
    let catalog = Catalog::found(prepared, analyzed.session());
    let candidates = Candidates::find(prepared, &catalog, &mut profile, &Candidates::default(), progress)?;
    let mut model = MeasuredCost::open(prepared, &candidates, progress)?;
    let selection = select(prepared, &candidates, &mut model, None, progress)?;
    let (candidates, mut selection) =
        iterate(prepared, candidates, selection, &mut profile, &mut model, analyzed.session(), progress)?;
    for refuted in 1..=CHOICES {
        if let Some(verified) = verify(prepared, &candidates, &mut model, &selection, progress)? {
            let curve = curve(prepared, &candidates, &selection, &mut model, progress)?;
            return finish(prepared, &candidates, &selection, curve, verified, progress);
        }
        model.until(prepared.search_deadline(refuted));
        selection = select(prepared, &candidates, &mut model, Some(&selection.position), progress)?;
    }
    model.until(None);
    let nothing = selection.of_nothing(prepared, &candidates, &mut model)?;
    let verified = verify(prepared, &candidates, &mut model, &nothing, progress)?;
    let verified =
        verified.ok_or_else(|| Error::Invalid("doing nothing could not be verified".to_owned()))?;
    finish(prepared, &candidates, &nothing, vec![], verified, progress)
}

/// What is left once a choice is verified: the rules look at it, and then everything is told.
fn finish(
    prepared: &Prepared,
    candidates: &Candidates,
    selection: &Selection,
    curve: Vec<Point>,
    verified: Verified<'_>,
    progress: &dyn Progress,
) -> Result<Report> {
    let findings = rules::findings(prepared, selection, &verified, progress)?;
    let verified = verified.with_findings(prepared, &findings)?;
    Ok(report(prepared, candidates, selection, curve, &verified, findings))
}

/// How often a choice that does not hold on a fresh copy is followed by another; after that nothing is advised.
const CHOICES: usize = 4;
