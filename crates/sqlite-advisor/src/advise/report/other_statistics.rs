//! What becomes of the statements with other statistics than those that the advice leaves: who gets slower, and which gain
//! is lost.

use super::statements::names;
use crate::advise::scenarios::{phrase, slower};
use crate::advise::select::selection::Selection;
use crate::advise::verify::comparison::Comparison;
use crate::model::configuration::Scenario;
use crate::model::counters::Counters;
use crate::model::ids::Id;
use crate::model::units::{count, ratio};
use crate::workload::Workload;

/// The share of the whole speed-up that another scenario has to keep for its loss to be passed over.
const KEPT: f64 = 0.9;
/// The most statements that are named with their numbers.
const NAMED: usize = 3;
/// The steps that a statement has to lose to be named.
const FEW_STEPS: u64 = 1_000;

/// One sentence on a scenario; none where every statement gets the plan that it gets with all statistics. `costs` holds
/// nothing for a statement whose plan is that one.
pub(super) fn note(
    scenario: Scenario,
    workload: &Workload,
    comparisons: &[Comparison],
    costs: &[Option<Counters>],
) -> Option<String> {
    let other = costs.iter().flatten().count();
    let slower = slower(comparisons, costs);
    let ids: Vec<&str> =
        slower.iter().filter_map(|i| workload.statements.get(*i)).map(|s| s.id.as_str()).collect();
    let told = match ids.is_empty() {
        true => "none is slower than now".to_owned(),
        false => format!("slower than now: {}", names(&ids)),
    };
    let lines: Vec<Line<'_>> = workload
        .statements
        .iter()
        .zip(comparisons.iter().zip(costs))
        .map(|(s, (p, here))| Line {
            id: &s.id,
            weight: s.weight,
            found: p.before,
            full: p.after,
            here: here.unwrap_or(p.after),
        })
        .collect();
    let lost = lost(&lines).map(|lost| format!(", {lost}")).unwrap_or_default();
    let planned = format!("{} SQLite plans {other} of the statements otherwise", phrase(scenario));
    (other > 0).then(|| format!("{planned}{lost}; {told}"))
}

/// The reads that get a little slower even with all statistics, since the whole gains a hundred times that.
pub(super) fn harmed(workload: &Workload, comparisons: &[Comparison], choice: &Selection) -> Option<String> {
    let harmed = choice.harmed.iter().filter(|(_, scenario)| *scenario == Scenario::Full);
    let told: Vec<String> = harmed
        .filter_map(|(query, _)| {
            let (statement, p) =
                (workload.statements.get(query.position())?, comparisons.get(query.position())?);
            let (before, after) = (count(p.before.vm_steps), count(p.after.vm_steps));
            Some(format!("{} ({before} → {after} VM steps)", statement.id))
        })
        .collect();
    (!told.is_empty()).then(|| {
        format!("a little slower than now, for a hundred times that in the whole: {}", told.join(", "))
    })
}

/// What a statement costs as found, with all statistics and in a scenario.
struct Line<'s> {
    id: &'s str,
    weight: f64,
    found: Counters,
    full: Counters,
    here: Counters,
}

impl Line<'_> {
    /// The steps that it takes more than with all statistics, as often as it is sent.
    fn loss(&self) -> f64 {
        self.weight * self.here.vm_steps.saturating_sub(self.full.vm_steps) as f64
    }

    fn is_worth_a_word(&self) -> bool {
        self.here.vm_steps > self.full.vm_steps + FEW_STEPS
            && self.here.vm_steps as f64 * KEPT > self.full.vm_steps as f64
    }

    fn told(&self) -> String {
        let bound = if self.here.timed_out { "over " } else { "" };
        let (here, full) = (count(self.here.vm_steps), count(self.full.vm_steps));
        format!("{} takes {bound}{here} VM steps in place of {full}", self.id)
    }
}

/// What of the gain is lost, in all and by which statements; none where nine tenths are kept.
fn lost(lines: &[Line<'_>]) -> Option<String> {
    let sum = |of: fn(&Line<'_>) -> Counters| -> f64 {
        lines.iter().map(|line| line.weight * of(line).vm_steps as f64).sum::<f64>().max(1.0)
    };
    let (found, full, here) = (sum(|l| l.found), sum(|l| l.full), sum(|l| l.here));
    let mut losses: Vec<&Line<'_>> = lines.iter().filter(|line| line.is_worth_a_word()).collect();
    if full >= here * KEPT || losses.is_empty() {
        return None;
    }
    losses.sort_by(|a, b| b.loss().total_cmp(&a.loss()));
    let named: Vec<String> = losses.iter().take(NAMED).map(|line| line.told()).collect();
    let rest = losses.len().saturating_sub(NAMED);
    let rest = if rest > 0 { format!(", and {rest} more lose") } else { String::new() };
    let whole = match here < found {
        true => format!("{} fewer VM steps", ratio(found / here)),
        false => "no fewer VM steps".to_owned(),
    };
    let (in_full, named) = (ratio(found / full), named.join(", "));
    Some(format!("and the whole takes {whole} than now in place of {in_full} ({named}{rest})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_of_the_gain_that_is_lost_is_told_with_its_statements() {
        let run = |vm_steps| Counters { vm_steps, ..Counters::default() };
        let line = |id, [found, full, here]: [u64; 3]| Line {
            id,
            weight: 1.0,
            found: run(found),
            full: run(full),
            here: run(here),
        };
        let other = || line("q2", [50_000, 49_000, 49_000]);
        assert_eq!(
            lost(&[line("q1", [100_000, 1_000, 101_000]), other()]).as_deref(),
            Some(
                "and the whole takes no fewer VM steps than now in place of 3.00x (q1 takes 101,000 VM steps in place of \
                 1,000)"
            )
        );
        let half = lost(&[line("q1", [100_000, 1_000, 30_000]), other()]).unwrap_or_default();
        assert!(
            half.starts_with("and the whole takes 1.90x fewer VM steps than now in place of 3.00x"),
            "{half}"
        );
        assert_eq!(lost(&[line("q1", [100_000, 1_000, 3_000]), other()]), None);
    }
}
