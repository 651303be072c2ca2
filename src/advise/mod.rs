//! From a database and its workload to advice: [`advise`] is the road, each stage a file beside this one.
//!
//! subject (copy, schema, workload, baseline) → finalists (probe, candidates, statistics, what-if) → choose (lab, select)
//! (weigh) → prove (prune, trial, price) → tell.

pub mod baseline;
pub mod candidates;
pub mod choose;
pub mod explain;
pub mod expressions;
pub mod filters;
pub mod finalists;
pub mod lab;
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
use choose::choose;
use finalists::Finalists;
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
    let finalists = Finalists::find(&subject, progress)?;
    let choice = choose(&subject, &finalists, progress)?;
    let proven = prove(&subject, &finalists, &choice, progress)?;
    tell(&subject, &finalists, &choice, proven, progress)
}
