//! The copies that are worked on: one after ANALYZE alone, and the lab's, on which every finalist is built.

use crate::advise::candidates::Candidates;
use crate::advise::candidates::shapes::Candidate;
use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::{Measured, measure};
use crate::advise::select::measured::MeasuredCost;
use crate::advise::verify::comparison::WorkingCopy;
use crate::error::{Error, Result};
use crate::model::plan::Plan;
use crate::parallel::beside;
use crate::progress::{OnlyStops, Progress};
use crate::sqlite::files::copy_file;
use crate::sqlite::statistics;
use std::path::PathBuf;

/// The name of the copy after ANALYZE alone.
const ANALYZED: &str = "analyzed.db";

/// The database after ANALYZE alone.
///
/// # Errors
/// [`Error::Sqlite`] if it cannot be analyzed.
pub fn analyzed(prepared: &Prepared, progress: &dyn Progress) -> Result<WorkingCopy> {
    let Prepared { request, snapshot, workload, .. } = prepared;
    let path = snapshot.duplicate(ANALYZED, progress.cancel_token())?;
    WorkingCopy::with(&path, &[], true, &workload.stand_ins, request.foreign_keys, progress)
}

/// The lab. While its copy is built, the statements that ANALYZE alone changes run on the one that was analyzed, which
/// then goes.
///
/// # Errors
/// [`Error::Sqlite`] if an index cannot be built or a statement fails, [`Error::Interrupted`].
pub fn costs<'w>(
    prepared: &'w Prepared,
    candidates: &Candidates,
    analyzed: WorkingCopy,
    progress: &'w dyn Progress,
) -> Result<MeasuredCost<'w>> {
    let snapshot = &prepared.snapshot;
    let (changed, first) =
        beside(|| changed(prepared, analyzed, progress), || first_copy(prepared, candidates, progress));
    let (changed, first) = (changed?, first?);
    let path = snapshot.folder().join(ANALYZED);
    std::fs::remove_file(&path).map_err(Error::file("cannot remove", &path))?;
    let second = snapshot.folder().join("lab-2.db");
    copy_file(&first, &second, progress.cancel_token())?;
    let mut costs = MeasuredCost::open(&[first, second], prepared, candidates, progress)?;
    let cap = prepared.request.limit().cost;
    for (i, (plans, measured)) in prepared.baseline.plans.iter().zip(&prepared.baseline.measured).enumerate()
    {
        costs.seed(i, plans, measured, cap);
    }
    changed.iter().for_each(|(i, plans, measured)| costs.seed(*i, plans, measured, cap));
    Ok(costs)
}

/// The reads that ANALYZE gives other plans, by position, and what they cost then.
fn changed(
    prepared: &Prepared,
    analyzed: WorkingCopy,
    progress: &dyn Progress,
) -> Result<Vec<(usize, Vec<Plan>, Measured)>> {
    let mut changed = vec![];
    for (i, (statement, found)) in
        prepared.workload.statements.iter().zip(&prepared.baseline.plans).enumerate()
    {
        let plans = analyzed.plans(statement)?;
        if plans != *found && !statement.writes {
            let limit = prepared.request.limit();
            let measured = measure(analyzed.session(), statement, limit, &OnlyStops(progress))?;
            changed.push((i, plans, measured));
        }
    }
    Ok(changed)
}

fn first_copy(prepared: &Prepared, candidates: &Candidates, progress: &dyn Progress) -> Result<PathBuf> {
    let Prepared { request, snapshot, workload, .. } = prepared;
    let path = snapshot.duplicate("lab-1.db", progress.cancel_token())?;
    let built: Vec<&Candidate> = candidates.new_ones().map(|(_, candidate)| candidate).collect();
    let copy = WorkingCopy::with(&path, &built, true, &workload.stand_ins, request.foreign_keys, progress)?;
    let partial = candidates.candidates.iter().filter(|c| c.index.filter.is_some());
    statistics::restate_rows(copy.session(), &partial.map(|c| c.index.table.as_str()).collect())?;
    Ok(path)
}
