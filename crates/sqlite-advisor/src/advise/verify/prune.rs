//! The last look at the chosen set, on the copy where it was built as the user would build it: what no plan reads goes,
//! what makes a statement slower goes, and what a statement misses comes back.

use crate::advise::candidates::shapes::Candidate;
use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::{Measured, measure};
use crate::advise::select::problem::{is_missed, is_slower};
use crate::advise::verify::comparison::WorkingCopy;
use crate::error::Result;
use crate::model::plan::Plan;
use crate::progress::Progress;

/// What is left of the choice.
pub struct Pruned<'c> {
    /// The new indexes that stay.
    pub created: Vec<&'c Candidate>,
    /// The old indexes that go.
    pub dropped: Vec<&'c Candidate>,
    /// What each statement costs then.
    pub measured: Vec<Measured>,
}

/// Corrects the set on the copy until no statement is slower than as found, unless ANALYZE alone made it so, or than
/// after ANALYZE alone. `known` is what each statement cost then.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn prune<'c>(
    copy: &WorkingCopy,
    created: Vec<&'c Candidate>,
    dropped: Vec<&'c Candidate>,
    prepared: &Prepared,
    known: &[Measured],
    progress: &dyn Progress,
) -> Result<Pruned<'c>> {
    let mut pruned = Pruned { created, dropped, measured: vec![] };
    let mut seen: Seen = vec![None; known.len()];
    progress.start("Proving on the copy", Some(known.len() as u64));
    loop {
        drop_unused(copy, &mut pruned.created, prepared)?;
        let slower = look(copy, prepared, known, &pruned.dropped, &mut seen, progress)?;
        let Some(statement) = slower else { break };
        if !give_back(copy, prepared, statement, &mut pruned.dropped)? {
            let plans = seen.get(statement).and_then(Option::as_ref).map(|(plans, _)| plans.as_slice());
            let uses = |c: &&Candidate| plans.unwrap_or_default().iter().any(|p| p.uses(&c.name));
            let Some(at) = pruned.created.iter().rposition(uses) else { break };
            copy.drop_index(&pruned.created.remove(at).name)?;
        }
    }
    // A statement behind the first that cannot be helped is still to be measured.
    for i in 0..prepared.workload.statements.len() {
        pruned.measured.push(measured(copy, prepared, i, &mut seen, progress)?);
    }
    progress.finish();
    Ok(pruned)
}

/// The first read that is slower.
fn look(
    copy: &WorkingCopy,
    prepared: &Prepared,
    known: &[Measured],
    dropped: &[&Candidate],
    seen: &mut Seen,
    progress: &dyn Progress,
) -> Result<Option<usize>> {
    let found = prepared.baseline.measured.iter().zip(known);
    for (i, (statement, (found, analyzed))) in prepared.workload.statements.iter().zip(found).enumerate() {
        let now = measured(copy, prepared, i, seen, progress)?.counters;
        progress.advance(i as u64 + 1);
        if statement.writes || statement.only_planned {
            continue;
        }
        let by_statistics = is_slower(&found.counters, &analyzed.counters);
        let slower =
            is_slower(&analyzed.counters, &now) || (is_slower(&found.counters, &now) && !by_statistics);
        let missed = !dropped.is_empty() && is_missed(&analyzed.counters, now.cost());
        if slower || missed {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

/// What each statement cost under the plans that it was last run with.
type Seen = Vec<Option<(Vec<Plan>, Measured)>>;

/// What a statement costs; it is run only if its plans are not those that it was run with.
fn measured(
    copy: &WorkingCopy,
    prepared: &Prepared,
    at: usize,
    seen: &mut Seen,
    progress: &dyn Progress,
) -> Result<Measured> {
    let Some(statement) = prepared.workload.statements.get(at) else { return Ok(Measured::default()) };
    let plans = copy.plans(statement)?;
    if let Some(Some((known, measured))) = seen.get(at)
        && *known == plans
    {
        return Ok(measured.clone());
    }
    let measured = measure(copy.session(), statement, prepared.request.limit(), progress)?;
    if let Some(slot) = seen.get_mut(at) {
        *slot = Some((plans, measured.clone()));
    }
    Ok(measured)
}

/// Makes the dropped indexes again that a statement used before; false if there is none.
fn give_back(
    copy: &WorkingCopy,
    prepared: &Prepared,
    statement: usize,
    dropped: &mut Vec<&Candidate>,
) -> Result<bool> {
    let before = prepared.baseline.plans.get(statement).map(Vec::as_slice).unwrap_or_default();
    let (back, gone): (Vec<&Candidate>, _) =
        dropped.iter().partition(|c| before.iter().any(|plan| plan.uses(&c.name)));
    for index in prepared.schema.indexes.iter().filter(|i| back.iter().any(|c| c.name == i.name)) {
        copy.restore_index(index)?;
    }
    *dropped = gone;
    Ok(!back.is_empty())
}

fn drop_unused(copy: &WorkingCopy, created: &mut Vec<&Candidate>, prepared: &Prepared) -> Result<()> {
    loop {
        let plans = copy.all_plans(&prepared.workload.statements)?;
        let (used, unused): (Vec<_>, Vec<_>) =
            created.iter().partition(|c| plans.iter().any(|p| p.uses(&c.name)));
        *created = used;
        if unused.is_empty() {
            return Ok(());
        }
        unused.iter().try_for_each(|c| copy.drop_index(&c.name))?;
    }
}
