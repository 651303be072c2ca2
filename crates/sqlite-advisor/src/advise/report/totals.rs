//! The whole before and after, and why ANALYZE is advised.

use super::statements::names;
use crate::advise::select::NOTICEABLE_BY_ANALYZE;
use crate::advise::select::selection::Selection;
use crate::advise::verify::comparison::Comparison;
use crate::model::configuration::StatisticsAction;
use crate::model::counters::Counters;
use crate::model::report::{Outcome, Recommendation, Totals, WriteCost};
use crate::model::units;
use crate::workload::Workload;

/// Sums up. `inserts` are what inserts cost with all advice, and in the tables where an index is unused what they cost
/// without and with it dropped.
pub(super) fn totals(
    workload: &Workload,
    outcomes: &[Outcome],
    advice: &[Recommendation],
    (writes, without_unused): (&[WriteCost], &[WriteCost]),
) -> Totals {
    let sum = |pick: &dyn Fn(&Outcome) -> Counters| {
        let mut total = Counters::default();
        for (s, o) in workload.statements.iter().zip(outcomes) {
            let c = pick(o);
            let times = |n: u64| (n as f64 * s.weight) as u64;
            total.vm_steps = total.vm_steps.saturating_add(times(c.vm_steps));
            total.pages = total.pages.saturating_add(times(c.pages));
            total.rows = total.rows.saturating_add(times(c.rows));
            total.pages_read = total.pages_read.saturating_add(times(c.pages_read));
            total.time_ns = total.time_ns.saturating_add(times(c.time_ns));
            total.timed_out |= c.timed_out;
        }
        total
    };
    let ratio = |f: fn(&Counters) -> u64| {
        units::geometric_mean(outcomes.iter().map(|o| f(&o.before).max(1) as f64 / f(&o.after).max(1) as f64))
    };
    let sum_of = |bytes: &dyn Fn(&Recommendation) -> Option<u64>| advice.iter().filter_map(bytes).sum();
    let dropped = |optional: bool| {
        sum_of(&|a| match a {
            Recommendation::DropIndex(drop) if drop.optional == optional => Some(drop.index.bytes),
            _ => None,
        })
    };
    let created = |a: &Recommendation| match a {
        Recommendation::CreateIndex(create) => Some(create.index.bytes),
        _ => None,
    };
    let steps = |pick: &dyn Fn(&WriteCost) -> u64| writes.iter().map(pick).sum::<u64>().max(1) as f64;
    let (before, after) = (steps(&|w| w.before.vm_steps), steps(&|w| w.after.vm_steps));
    let pruned = steps(&|w| {
        let pruned = without_unused.iter().find(|u| u.table == w.table);
        pruned.map_or(w.after.vm_steps, |u| u.after.vm_steps)
    });
    Totals {
        before: sum(&|o| o.before),
        analyzed: sum(&|o| o.analyzed.unwrap_or_default()),
        after: sum(&|o| o.after),
        speedup_geomean: ratio(|c| c.time_ns),
        speedup_geomean_vm_steps: ratio(|c| c.vm_steps),
        index_bytes: sum_of(&created),
        dropped_bytes: dropped(false),
        unused_bytes: dropped(true),
        write_vm_steps: after / before,
        write_vm_steps_without_unused: (!without_unused.is_empty()).then_some(pruned / before),
    }
}

/// Why ANALYZE is to be run; none where it is not among what was chosen, whose figures are told.
pub(super) fn analyze_reason(
    workload: &Workload,
    choice: &Selection,
    comparisons: &[Comparison],
    advice: &[Recommendation],
) -> Option<String> {
    if choice.position.configuration.statistics == StatisticsAction::Leave {
        return None;
    }
    let creates = advice.iter().any(|a| matches!(a, Recommendation::CreateIndex(_)));
    let costs = comparisons.iter().zip(&choice.analyzed).zip(&workload.statements);
    let gains = costs.filter(|((p, analyzed), _)| p.before.cost() > analyzed.cost() * NOTICEABLE_BY_ANALYZE);
    let ids: Vec<&str> = gains.map(|(_, statement)| statement.id.as_str()).collect();
    Some(if creates {
        "with statistics SQLite uses these indexes best; all figures here are with them".to_owned()
    } else if ids.is_empty() {
        "with statistics SQLite makes the most of the indexes that stay; all figures here are with them"
            .to_owned()
    } else {
        format!("with statistics SQLite plans {} better, and no index is needed", names(&ids))
    })
}
