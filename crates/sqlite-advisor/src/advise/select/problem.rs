//! The selection problem: what makes one configuration better than another.
//!
//! In this order: no read gets slower ([`Score::violation`]), no statement is left behind ([`Score::behind`]), and the gain is
//! worth its price ([`Score::worth`]).

use crate::advise::select::cost_model::QueryCost;
use crate::model::candidate::Candidate;
use crate::model::configuration::{Configuration, Scenario, StatisticsAction};
use crate::model::counters::{Counters, VM_STEP_NS};
use crate::model::ids::{IdVec, IndexId, QueryId};
use std::cmp::Ordering;
use std::sync::Arc;

/// What the search weighs.
#[derive(Debug, Clone)]
pub struct Problem<'p> {
    /// The candidates and the existing indexes.
    pub candidates: &'p IdVec<IndexId, Candidate>,
    /// The configuration that is doing nothing.
    pub found: Configuration,
    /// The queries.
    pub queries: IdVec<QueryId, Query>,
    /// What each index costs to have: its share of the database's bytes, plus its upkeep.
    pub prices: IdVec<IndexId, f64>,
    /// Nanoseconds that the writes of one run of the workload take to keep each index.
    pub upkeep: IdVec<IndexId, f64>,
    /// What counts.
    pub objective: Objective,
    /// How far a statement may stay behind the best that is known of it.
    pub within: f64,
    /// The logarithm of speed that an index as large as the database has to bring.
    pub rate: f64,
    /// The most bytes of new indexes.
    pub budget: Option<u64>,
    /// The most new indexes.
    pub max_indexes: Option<usize>,
}

/// A query as the search sees it.
#[derive(Debug, Clone)]
pub struct Query {
    /// How much it counts.
    pub weight: f64,
    /// It changes rows.
    pub writes: bool,
    /// What it costs as the database is found, in each of [`Scenario::PROMISED`].
    pub found: [Arc<QueryCost>; 3],
    /// The candidates that could change its plan.
    pub relevant: crate::model::ids::IndexSet,
}

impl Query {
    /// What it costs as found in a scenario, by its place in [`Scenario::PROMISED`].
    pub fn found_in(&self, scenario: usize) -> &Arc<QueryCost> {
        let [full, without_stat4, as_found] = &self.found;
        match scenario {
            0 => full,
            1 => without_stat4,
            _ => as_found,
        }
    }
}

/// What the indexes are to make fast.
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

/// A read may take this many more steps than as found.
pub const TOLERANCE: f64 = 1.1;
/// A write may take this many more steps: new indexes have to be kept, but it must not begin to search.
pub const TOLERANCE_OF_WRITES: f64 = 1.5;
/// Steps below which no slow-down is told, as in a statement that reads ten rows.
pub const NEGLIGIBLE_STEPS: u64 = 1_000;
/// The cost is only a model of time, so it alone refuses a configuration later than the steps do.
const COSTLIER: f64 = 1.5;
/// Nanoseconds that every statement takes anyway: being prepared and called.
pub const FLOOR: f64 = 20_000.0;
/// A statement below this cost in nanoseconds, that of 20,000 steps, is never behind.
const FAST_ENOUGH: f64 = 20_000.0 * VM_STEP_NS;
/// Nanoseconds more that a read may cost where the whole gains [`GAIN_FOR_HARM`] times that.
const SMALL_HARM: f64 = 200_000.0;
/// How many times the harm to one statement the whole has to gain.
const GAIN_FOR_HARM: f64 = 100.0;
/// The worth that a configuration loses for each statement that it harms a little.
const WORTH_OF_HARM: f64 = 0.05;
/// How much the whole counts beside the mean statement.
const TOTAL_SHARE: f64 = 0.5;
/// How much a gain counts in each of [`Scenario::PROMISED`]; together 1.
const SCENARIO_SHARES: [f64; 3] = [0.5, 0.3, 0.2];
/// The place of [`Scenario::AsFound`] there.
const AS_FOUND: usize = 2;
/// The share of its price that is asked for an index which the database has: it is not exchanged for a little.
const EXISTING_SHARE: f64 = 0.25;
/// The worth that running ANALYZE has to bring.
const WORTH_OF_ANALYZE: f64 = 0.02;
/// What the loss of an existing index may cost a statement that reads it: two per cent, or two microseconds.
const LOSS: (f64, f64) = (1.02, 2_000.0);
/// How many times less costly a statement must get by the loss of an existing index for it to be called harmful.
const HARMFUL: f64 = 1.5;
/// Scores that differ by less are equal.
pub const LEAST_GAIN: f64 = 1e-4;

/// How good a configuration is. The order is that of the fields, the greater the better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// How far the reads that get slower than as found are from that, as a sum of logarithms; 0 for a feasible one.
    pub violation: f64,
    /// How far statements stay behind the best that is known of each, as a sum of logarithms beyond what is allowed.
    pub behind: f64,
    /// The logarithm of the speed-up less the price.
    pub worth: f64,
}

impl Score {
    /// True if it is better by more than [`LEAST_GAIN`].
    pub fn beats(&self, other: &Score) -> bool {
        self.compare(other) == Ordering::Greater
    }

    /// How far another score that is no better is below this, as a share of this worth; 1 where it is not even comparable.
    pub fn gap_above(&self, other: &Score) -> f64 {
        if !self.beats(other) {
            return 0.0;
        }
        let same = (self.violation - other.violation).abs() < LEAST_GAIN
            && (self.behind - other.behind).abs() < LEAST_GAIN;
        if same { ((self.worth - other.worth) / self.worth.abs().max(LEAST_GAIN)).min(1.0) } else { 1.0 }
    }

    /// Sorts the best first, in steps of [`LEAST_GAIN`]. [`Self::compare`] is no order to sort by: of three scores the first may
    /// equal the second and that the third, while the first does not equal the third.
    pub fn rank(&self) -> [i64; 3] {
        let step = |score: f64| (score / LEAST_GAIN).round() as i64;
        [step(self.violation), step(self.behind), step(-self.worth)]
    }

    /// Orders by violation, then by what is behind, then by worth; differences below [`LEAST_GAIN`] are none.
    pub fn compare(&self, other: &Score) -> Ordering {
        let order =
            |a: f64, b: f64| if (a - b).abs() < LEAST_GAIN { Ordering::Equal } else { a.total_cmp(&b) };
        order(other.violation, self.violation)
            .then_with(|| order(other.behind, self.behind))
            .then_with(|| order(self.worth, other.worth))
    }
}

/// What every query costs in each of [`Scenario::PROMISED`].
pub type Costs = [IdVec<QueryId, Arc<QueryCost>>; 3];

impl Problem<'_> {
    /// How good a configuration is under which the queries cost so much; `best` is the least cost known of each.
    pub fn score(&self, configuration: &Configuration, costs: &Costs, best: &IdVec<QueryId, f64>) -> Score {
        let mut score = Score { violation: 0.0, behind: 0.0, worth: 0.0 };
        let scenarios = costs.iter().zip(SCENARIO_SHARES).enumerate();
        for (scenario, (costs, share)) in scenarios {
            let sum = self.sum(scenario, costs);
            score.worth += share * self.value(&sum);
            for (id, query) in self.queries.enumerate() {
                let (found, now) = (query.found_in(scenario), &costs[id]);
                match self.harm(query, found, now, configuration, sum.gain) {
                    Harm::None => {}
                    Harm::Small => score.worth -= share * WORTH_OF_HARM,
                    Harm::Slower => {
                        score.violation += ((now.cost + FLOOR) / (found.cost + FLOOR)).ln().max(0.01);
                    }
                }
                // Who leaves out an ANALYZE that is advised has chosen so; what that loses is told.
                if scenario < AS_FOUND {
                    score.behind += self.excess(now, best[id]);
                }
            }
        }
        score.worth -= self.rate * self.price(configuration);
        if configuration.statistics == StatisticsAction::Analyze {
            score.worth -= WORTH_OF_ANALYZE;
        }
        score
    }

    /// The logarithm by which a query is further behind its best than allowed.
    fn excess(&self, now: &QueryCost, best: f64) -> f64 {
        (now.cost / (best * self.within).max(FAST_ENOUGH)).ln().max(0.0)
    }

    /// True if a query is further behind its best than allowed.
    pub fn is_behind(&self, now: &QueryCost, best: f64) -> bool {
        self.excess(now, best) > LEAST_GAIN
    }

    fn harm(&self, query: &Query, found: &QueryCost, now: &QueryCost, to: &Configuration, gain: f64) -> Harm {
        let lost = || found.uses.iter().any(|i| !to.indexes.contains(i) && !self.stays_served(*i, to));
        let slower = is_slower(query.writes, found, now)
            || (!query.writes && now.cost > found.cost * LOSS.0 && now.cost > found.cost + LOSS.1 && lost());
        if !slower {
            return Harm::None;
        }
        let more = (now.cost - found.cost).max(steps_more(found, now) as f64 * VM_STEP_NS);
        let little = !exceeds_small_harm(found.cost, now.cost) || query.writes;
        match little && !now.stopped && gain >= more * query.weight * GAIN_FOR_HARM {
            true => Harm::Small,
            false => Harm::Slower,
        }
    }

    /// True if what an existing index did is done by another that begins with its key.
    fn stays_served(&self, index: IndexId, to: &Configuration) -> bool {
        self.candidates[index].repeated || self.is_replaced(index, to)
    }

    /// True if an index could save the workload more than its writes take to keep it, were the statements that would use it
    /// free with it.
    pub fn can_pay(&self, index: IndexId) -> bool {
        let cost = |q: &QueryId| self.queries[*q].weight * self.queries[*q].found_in(2).cost;
        self.candidates[index].used_by.iter().map(cost).sum::<f64>() >= self.upkeep[index]
    }

    /// True if another index of a configuration begins with the key of this one.
    pub fn is_replaced(&self, index: IndexId, to: &Configuration) -> bool {
        let own = &self.candidates[index].index;
        to.indexes.iter().any(|other| *other != index && own.is_prefix_of(&self.candidates[*other].index))
    }

    /// True if the queries that an existing index touches are much less costly without it.
    pub fn is_harmful(with: &QueryCost, without: &QueryCost) -> bool {
        !without.stopped && with.cost > without.cost * HARMFUL + FLOOR / 10.0
    }

    /// What the indexes of a configuration cost to have.
    pub fn price(&self, configuration: &Configuration) -> f64 {
        let price = |i: &IndexId| {
            let share = if self.candidates[*i].existing { EXISTING_SHARE } else { 1.0 };
            self.prices[*i] * share
        };
        configuration.indexes.iter().map(price).sum()
    }

    /// The new indexes of a configuration.
    pub fn new_ones<'c>(&'c self, configuration: &'c Configuration) -> impl Iterator<Item = IndexId> + 'c {
        configuration.indexes.iter().copied().filter(|i| !self.candidates[*i].existing)
    }

    /// True if the new indexes are no more and no larger than asked.
    pub fn is_within_limits(&self, configuration: &Configuration) -> bool {
        let bytes = || self.new_ones(configuration).map(|i| self.candidates[i].bytes).sum::<u64>();
        self.max_indexes.is_none_or(|most| self.new_ones(configuration).count() <= most)
            && self.budget.is_none_or(|most| bytes() <= most)
    }

    /// True if the user limits what may be added.
    pub fn is_limited(&self) -> bool {
        self.budget.is_some() || self.max_indexes.is_some()
    }

    fn sum(&self, scenario: usize, costs: &IdVec<QueryId, Arc<QueryCost>>) -> Sum {
        let mut sum = Sum { worst: (FLOOR, FLOOR), ..Sum::default() };
        for (id, query) in self.queries.enumerate() {
            let (found, now) = (query.found_in(scenario).cost + FLOOR, costs[id].cost + FLOOR);
            sum.logs += query.weight * (found / now).ln();
            sum.weights += query.weight;
            sum.before += query.weight * found;
            sum.after += query.weight * now;
            sum.gain += query.weight * (found - now);
            sum.worst = (sum.worst.0.max(found), sum.worst.1.max(now));
        }
        sum
    }

    /// A speed-up as the objective sees it.
    fn value(&self, sum: &Sum) -> f64 {
        let mean = sum.logs / sum.weights.max(1e-9);
        let total = (sum.before.max(1.0) / sum.after.max(1.0)).ln();
        let worst = (sum.worst.0 / sum.worst.1).ln();
        match self.objective {
            Objective::Both => mean + TOTAL_SHARE * total,
            Objective::Total => (1.0 + TOTAL_SHARE) * total,
            Objective::Geomean => (1.0 + TOTAL_SHARE) * mean,
            Objective::Worst => (1.0 + TOTAL_SHARE) * worst,
        }
    }

    /// The speed-ups in the first scenario: the geometric mean over the statements, and the weighted total; by cost.
    pub fn speedups(&self, costs: &Costs) -> (f64, f64) {
        let [full, ..] = costs;
        let sum = self.sum(0, full);
        ((sum.logs / sum.weights.max(1e-9)).exp(), sum.before.max(1.0) / sum.after.max(1.0))
    }

    /// The queries that a configuration makes a little slower, for a gain of the whole that is worth it.
    pub fn harmed(&self, configuration: &Configuration, costs: &Costs) -> Vec<(QueryId, Scenario)> {
        let mut harmed = vec![];
        for (at, (scenario, costs)) in Scenario::PROMISED.into_iter().zip(costs).enumerate() {
            let gain = self.sum(at, costs).gain;
            for (id, query) in self.queries.enumerate() {
                let harm = self.harm(query, query.found_in(at), &costs[id], configuration, gain);
                harmed.extend((harm == Harm::Small && !query.writes).then_some((id, scenario)));
            }
        }
        harmed
    }
}

/// Sums over the queries.
#[derive(Debug, Default)]
struct Sum {
    logs: f64,
    weights: f64,
    before: f64,
    after: f64,
    gain: f64,
    worst: (f64, f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    None,
    /// Slower by little, while the whole gains a hundred times that.
    Small,
    Slower,
}

/// The most steps that a query takes more than as found with one of its sets of values.
fn steps_more(found: &QueryCost, now: &QueryCost) -> u64 {
    let pairs = found.runs.iter().zip(&now.runs);
    pairs.map(|(found, now)| now.vm_steps.saturating_sub(found.vm_steps)).max().unwrap_or(0)
}

/// True if so many nanoseconds are more than others by a tenth and by `SMALL_HARM`.
pub fn exceeds_small_harm(less: f64, more: f64) -> bool {
    more > (less * TOLERANCE).max(less + SMALL_HARM)
}

/// True if a query is slower than as found with any of its sets of values.
pub fn is_slower(writes: bool, found: &QueryCost, now: &QueryCost) -> bool {
    if found.stopped {
        return false;
    }
    let tolerance = if writes { TOLERANCE_OF_WRITES } else { TOLERANCE };
    let slower = |(found, now): (&Counters, &Counters)| {
        is_slower_by(tolerance, found.vm_steps, now.vm_steps) || now.cost() > found.cost() * COSTLIER + FLOOR
    };
    now.stopped || found.runs.iter().zip(&now.runs).any(slower)
}

/// True if so many steps are more than found by more than a tolerance and [`NEGLIGIBLE_STEPS`].
pub fn is_slower_by(tolerance: f64, found: u64, now: u64) -> bool {
    now as f64 > found as f64 * tolerance && now > found.saturating_add(NEGLIGIBLE_STEPS)
}
