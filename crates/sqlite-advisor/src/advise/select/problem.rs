//! What a set of indexes is worth: the logarithm of the speed-up against bytes and upkeep.

use crate::advise::candidates::shapes::Set;
use crate::advise::prepare::measure::Measured;
use crate::model::counters::Counters;
use std::collections::BTreeSet;

/// What the choice weighs.
#[derive(Debug, Clone, Default)]
pub struct Problem {
    /// The weight of each statement, in the order of the workload.
    pub weights: Vec<f64>,
    /// True for each statement that changes rows.
    pub writes: Vec<bool>,
    /// The statements that would use each finalist, by what the planner said of them.
    pub fits: Vec<BTreeSet<usize>>,
    /// The price of each finalist: its share of the database's bytes, plus its upkeep.
    pub prices: Vec<f64>,
    /// The bytes of each finalist.
    pub bytes: Vec<u64>,
    /// The finalists that can be chosen.
    pub open: Set,
    /// The finalists that the database has already; the others are new.
    pub standing: Set,
    /// Those of them that an index repeats which cannot go.
    pub repeated: Set,
    /// What counts.
    pub objective: Objective,
    /// The most bytes of new indexes.
    pub budget: Option<u64>,
    /// The most new indexes.
    pub most: Option<usize>,
}

/// What a set is to make fast.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Objective {
    /// Each statement alike, and half as much the whole.
    #[default]
    Both,
    /// The time of the whole workload.
    Total,
    /// Each statement alike, by the factor that it gains.
    Geomean,
    /// The statement that takes longest.
    Worst,
}

/// A statement under a set of indexes.
#[derive(Debug, Clone)]
pub struct QueryCost {
    /// The cost in nanoseconds.
    pub cost: f64,
    /// The run was stopped: the cost is a lower bound.
    pub bounded: bool,
    /// The steps.
    pub vm_steps: u64,
    /// The finalists that its plans use.
    pub uses: Set,
}

impl QueryCost {
    /// A statement that was measured, and the finalists that its plans use.
    pub fn of(measured: &Measured, uses: &Set) -> Self {
        let counters = &measured.counters;
        let (bounded, vm_steps) = (counters.timed_out, counters.vm_steps);
        Self { cost: measured.cost(), bounded, vm_steps, uses: uses.clone() }
    }
}

/// Logarithms of speed-ups by cost.
#[derive(Debug, Clone, Copy)]
pub struct Speedup {
    /// Of the mean statement.
    pub mean: f64,
    /// Of the weighted total.
    pub total: f64,
    /// Of the dearest statement, whichever that is before and after.
    pub worst: f64,
}

/// A statement may take this many more steps than without any index before the set is refused.
pub const TOLERANCE: f64 = 1.1;
/// Steps below which no slow-down is told, as in a statement that reads ten rows.
pub const NEGLIGIBLE_STEPS: u64 = 1_000;
/// The cost is only a model of time, so it alone refuses a set later than the steps do.
pub const DEARER: f64 = 1.5;
/// A time in nanoseconds that every statement takes anyway: being prepared and called.
pub const FLOOR: f64 = 20_000.0;
/// How much the total counts beside the mean statement.
const TOTAL_SHARE: f64 = 0.5;
/// The share of its price that is asked for an index which the database has: what stands is not exchanged for a little.
const STANDING: f64 = 0.25;
/// What the loss of an index that stands may cost a statement: two per cent, or two microseconds.
const LOSS: (f64, f64) = (1.02, 2_000.0);

impl Problem {
    /// What the statements gain over what they cost in `base`.
    pub fn speedup<'s>(
        &self,
        base: impl Iterator<Item = f64>,
        states: impl Iterator<Item = &'s QueryCost>,
    ) -> Speedup {
        let (mut logs, mut weights) = (0.0, 0.0);
        let (mut before, mut after, mut dearest) = (0.0, 0.0, (FLOOR, FLOOR));
        for ((state, base), weight) in states.zip(base).zip(&self.weights) {
            let (cost, now) = (base + FLOOR, state.cost + FLOOR);
            logs += weight * (cost / now).ln();
            weights += weight;
            before += weight * cost;
            after += weight * now;
            dearest = (dearest.0.max(cost), dearest.1.max(now));
        }
        Speedup {
            mean: logs / f64::max(weights, 1e-9),
            total: (before.max(1.0) / f64::max(after, 1.0)).ln(),
            worst: (dearest.0 / dearest.1).ln(),
        }
    }

    /// A speed-up as the objective sees it.
    pub fn value(&self, speedup: Speedup) -> f64 {
        let Speedup { mean, total, worst } = speedup;
        match self.objective {
            Objective::Both => mean + TOTAL_SHARE * total,
            Objective::Total => (1.0 + TOTAL_SHARE) * total,
            Objective::Geomean => (1.0 + TOTAL_SHARE) * mean,
            Objective::Worst => (1.0 + TOTAL_SHARE) * worst,
        }
    }

    /// What a set costs. What stands already costs less than what is to be built.
    pub fn price(&self, set: &Set) -> f64 {
        let standing: f64 = set.intersection(&self.standing).filter_map(|i| self.prices.get(*i)).sum();
        self.full_price(set) - standing * (1.0 - STANDING)
    }

    /// What a set would cost if all of it were new, so that it is the same when the advice was followed.
    pub fn full_price(&self, set: &Set) -> f64 {
        set.iter().filter_map(|i| self.prices.get(*i)).sum()
    }

    /// True if the new indexes of a set are no more and no larger than asked.
    pub fn is_within(&self, set: &Set) -> bool {
        let new = || set.difference(&self.standing);
        let bytes = || new().filter_map(|i| self.bytes.get(*i)).sum::<u64>();
        self.most.is_none_or(|most| new().count() <= most) && self.budget.is_none_or(|most| bytes() <= most)
    }

    /// True if a read is slower than without new indexes.
    pub fn is_worse(&self, statement: usize, base: &Measured, state: &QueryCost) -> bool {
        let steps = base.counters.vm_steps;
        let more =
            state.vm_steps as f64 > steps as f64 * TOLERANCE && state.vm_steps > steps + NEGLIGIBLE_STEPS;
        !self.is_write(statement) && (more || state.cost > base.cost() * DEARER + FLOOR)
    }

    /// True if a read would miss an index that the database has.
    pub fn is_missed(&self, statement: usize, base: &Measured, state: &QueryCost) -> bool {
        let dearer = !self.is_write(statement) && is_missed(&base.counters, state.cost);
        dearer || self.is_worse(statement, base, state)
    }

    fn is_write(&self, statement: usize) -> bool {
        self.writes.get(statement).copied().unwrap_or(false)
    }
}

/// True if a read takes more steps than before by more than the tolerance.
pub fn is_slower(before: &Counters, after: &Counters) -> bool {
    !before.timed_out
        && (after.timed_out || after.vm_steps as f64 > before.vm_steps as f64 * TOLERANCE)
        && after.vm_steps > before.vm_steps.saturating_add(NEGLIGIBLE_STEPS)
}

/// True if the cost is above what it was before an index was dropped. Less is borne than of a new index, which is advised
/// for a gain.
pub fn is_missed(before: &Counters, cost: f64) -> bool {
    cost > before.cost() * LOSS.0 && cost > before.cost() + LOSS.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(vm_steps: u64) -> Measured {
        Measured { counters: Counters { vm_steps, ..Counters::default() }, rows: vec![] }
    }

    fn state(vm_steps: u64) -> QueryCost {
        let cost = measured(vm_steps).cost();
        QueryCost { cost, bounded: false, vm_steps, uses: Set::new() }
    }

    #[test]
    fn each_objective_prefers_another_set() {
        let base = [measured(100_000_000), measured(1_000_000), measured(1_000_000)];
        let slow_helped = [state(10_000_000), state(1_000_000), state(1_000_000)];
        let small_helped = [state(100_000_000), state(10_000), state(10_000)];
        let value = |objective, states: &[QueryCost]| {
            let problem = Problem { weights: vec![1.0; 3], objective, ..Problem::default() };
            problem.value(problem.speedup(base.iter().map(Measured::cost), states.iter()))
        };
        for objective in [Objective::Total, Objective::Worst] {
            assert!(value(objective, &slow_helped) > value(objective, &small_helped), "{objective:?}");
        }
        assert!(value(Objective::Geomean, &small_helped) > value(Objective::Geomean, &slow_helped));
    }

    #[test]
    fn only_new_indexes_count_against_the_limits() {
        let problem = Problem {
            bytes: vec![100, 100, 5000],
            standing: [2].into(),
            budget: Some(150),
            ..Problem::default()
        };
        assert!(problem.is_within(&[0, 2].into()) && !problem.is_within(&[0, 1].into()));
        let problem = Problem { most: Some(1), budget: None, ..problem };
        assert!(problem.is_within(&[1, 2].into()) && !problem.is_within(&[0, 1].into()));
    }

    #[test]
    fn less_is_borne_of_a_drop_than_of_a_new_index() {
        let problem = Problem { weights: vec![1.0], writes: vec![false], ..Problem::default() };
        let (base, now) = (measured(200_000), state(215_000));
        assert!(!problem.is_worse(0, &base, &now) && problem.is_missed(0, &base, &now));
        assert!(problem.is_worse(0, &base, &state(330_000)));
    }
}
