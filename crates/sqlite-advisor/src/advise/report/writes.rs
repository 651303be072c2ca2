//! What writes cost with the advice, and at how many of them it breaks even.

use crate::advise::prepare::Prepared;
use crate::advise::verify::Verified;
use crate::advise::verify::comparison::Comparison;
use crate::model::counters::Counters;
use crate::model::report::WriteCost;
use crate::workload::Statement;

/// The costs of each table, with how many inserts its new indexes are worth. `analyzed` is what each statement costs after
/// ANALYZE alone.
pub(super) fn weighed(prepared: &Prepared, verified: &Verified<'_>, analyzed: &[Counters]) -> Vec<WriteCost> {
    let one =
        |w: &WriteCost| WriteCost { break_even: break_even(prepared, verified, analyzed, w), ..w.clone() };
    verified.writes.iter().map(one).collect()
}

/// What the statements that read a new index of the table save over statistics alone, by what an insert costs more.
fn break_even(
    prepared: &Prepared,
    verified: &Verified<'_>,
    analyzed: &[Counters],
    cost: &WriteCost,
) -> Option<f64> {
    let new = || verified.created.iter().filter(|c| c.index.table == cost.table);
    let reads = |p: &Comparison| p.plans_after.iter().any(|plan| new().any(|c| plan.uses(&c.name)));
    let told = prepared.workload.statements.iter().zip(&verified.comparisons).zip(analyzed);
    let saved = |((s, p), m): ((&Statement, &Comparison), &Counters)| {
        if reads(p) { s.weight * (m.cost() - p.after.cost()) } else { 0.0 }
    };
    let saved: f64 = told.map(saved).sum();
    let more = (cost.after.cost() - cost.before.cost()) / cost.rows.max(1) as f64;
    (saved > 0.0 && more > 0.0).then(|| saved / more)
}

/// Those of the tables of which an index comes or goes, with what inserts cost once the unused ones are gone.
pub(super) fn changed(writes: Vec<WriteCost>, verified: &Verified<'_>) -> Vec<WriteCost> {
    let tables: Vec<&str> =
        verified.created.iter().chain(&verified.dropped).map(|c| c.index.table.as_str()).collect();
    let pruned = |w: WriteCost| {
        let without_unused = verified.without_unused.iter().find(|u| u.table == w.table).map(|u| u.after);
        WriteCost { without_unused, ..w }
    };
    let all = writes.into_iter().map(pruned);
    all.filter(|w| w.without_unused.is_some() || tables.contains(&w.table.as_str())).collect()
}
