//! The last look at the chosen set, on the copy where it was built as the user would build it: what no plan reads goes,
//! and what makes a statement slower goes.

use crate::advise::candidates::Candidate;
use crate::advise::lab::{Measured, measure};
use crate::advise::select::{NEGLIGIBLE_STEPS, TOLERANCE};
use crate::advise::subject::Subject;
use crate::advise::trial::Copy;
use crate::counters::Counters;
use crate::error::{Context, Result};
use crate::index::quote;
use crate::plan::Plan;
use crate::progress::Progress;

/// The indexes that stay; the others are dropped from the copy.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn prune<'c>(
    copy: &Copy,
    chosen: &[&'c Candidate],
    subject: &Subject,
    analyzed: &[Measured],
    progress: &dyn Progress,
) -> Result<Vec<&'c Candidate>> {
    let mut kept = chosen.to_vec();
    loop {
        drop_unused(copy, &mut kept, subject)?;
        let Some(plans) = first_slower(copy, subject, analyzed, progress)? else { return Ok(kept) };
        let Some(at) = kept.iter().rposition(|c| plans.iter().any(|p| p.uses(&c.name))) else {
            return Ok(kept);
        };
        drop_index(copy, &kept.remove(at).name)?;
    }
}

/// True if a read takes more steps than before by more than the tolerance.
pub fn is_slower(before: &Counters, after: &Counters) -> bool {
    !before.timed_out
        && (after.timed_out || after.vm_steps as f64 > before.vm_steps as f64 * TOLERANCE)
        && after.vm_steps > before.vm_steps.saturating_add(NEGLIGIBLE_STEPS)
}

/// The plans of the first read that is slower than as found, unless ANALYZE alone made it so, or than after ANALYZE alone.
fn first_slower(
    copy: &Copy,
    subject: &Subject,
    analyzed: &[Measured],
    progress: &dyn Progress,
) -> Result<Option<Vec<Plan>>> {
    let known = subject.baseline.measured.iter().zip(analyzed);
    for (statement, (found, analyzed)) in subject.workload.statements.iter().zip(known) {
        if statement.writes || statement.only_planned {
            continue;
        }
        let now = measure(copy.session(), statement, subject.request.limit(), progress)?.counters;
        let by_statistics = is_slower(&found.counters, &analyzed.counters);
        if is_slower(&analyzed.counters, &now) || (is_slower(&found.counters, &now) && !by_statistics) {
            return copy.plans(statement).map(Some);
        }
    }
    Ok(None)
}

fn drop_unused(copy: &Copy, kept: &mut Vec<&Candidate>, subject: &Subject) -> Result<()> {
    loop {
        let mut plans = vec![];
        for statement in &subject.workload.statements {
            plans.extend(copy.plans(statement)?);
        }
        let (used, unused): (Vec<_>, Vec<_>) =
            kept.iter().partition(|c| plans.iter().any(|p| p.uses(&c.name)));
        *kept = used;
        if unused.is_empty() {
            return Ok(());
        }
        unused.iter().try_for_each(|c| drop_index(copy, &c.name))?;
    }
}

fn drop_index(copy: &Copy, name: &str) -> Result<()> {
    let sql = format!("DROP INDEX {}", quote(name));
    copy.session().connection().execute_batch(&sql).context(|| format!("cannot drop {name}"))
}
