//! From a database and its workload to advice: [`advise`] is the road, each stage a file beside this one.
//!
//! subject (copy, schema, workload, baseline) → evidence (probe, filters, selectivity,
//! statistics) → finalists (candidates, what-if) → build (lab) → choose
//! (select, weigh) → again (the same, as if the choice had been followed) → prove (prune, trial, price) → tell
//! (lacking).

pub mod again;
pub mod baseline;
pub mod build;
pub mod candidates;
pub mod choose;
pub mod evidence;
pub mod explain;
pub mod expressions;
pub mod filters;
pub mod finalists;
pub mod lab;
pub mod lacking;
pub mod measure;
pub mod price;
pub mod probe;
pub mod prove;
pub mod prune;
pub mod rules;
pub mod scope;
pub mod select;
pub mod selectivity;
pub mod standing;
pub mod statistics;
pub mod subject;
pub mod tell;
pub mod trial;
pub mod weigh;
pub mod whatif;

pub use explain::explain;
pub use subject::{Request, Taste, USUAL_SAMPLE_ABOVE, USUAL_WRITES};
pub use weigh::Objective;

use crate::document::Document;
use crate::error::Result;
use crate::progress::Progress;
use again::again;
use choose::choose;
use evidence::Evidence;
use finalists::{Finalists, View};
use prove::prove;
use subject::Subject;
use tell::tell;

/// Advises: copies the database, asks the planner, builds and runs on the copy, and tells what was found.
///
/// # Errors
/// [`crate::Error::Open`] and its like for a database that cannot be read, [`crate::Error::NothingToDo`] if no statement
/// can be planned, [`crate::Error::Interrupted`].
pub fn advise(request: &Request, progress: &dyn Progress) -> Result<Document> {
    let subject = Subject::read(request, progress)?;
    let analyzed = build::analyzed(&subject, progress)?;
    let mut evidence = Evidence::of(&subject, analyzed.session())?;
    let found = View::found(&subject, &analyzed);
    let finalists = Finalists::find(&subject, &found, &mut evidence, &[], progress)?;
    let mut lab = build::lab(&subject, &finalists, analyzed, progress)?;
    let choice = choose(&mut lab, &subject, &finalists, progress)?;
    let (finalists, choice) = again(&mut lab, &subject, &mut evidence, finalists, choice, progress)?;
    drop(lab);
    let proven = prove(&subject, &finalists, &choice, progress)?;
    tell(&subject, &finalists, &choice, proven, progress)
}
