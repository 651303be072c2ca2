//! Chooses the set: backward elimination from all finalists, then adding and swapping.
//!
//! Starting from everything and removing what is missed least needs far fewer runs than growing a set
//! (compare Whang, "Index Selection in Relational Databases", 1985, with Schlosser et al., "Efficient Scalable
//! Multi-attribute Index Selection", ICDE 2019). Indexes that the database has take part: what is not missed goes.

pub mod choose;
pub mod copies;
mod eliminate;
mod enumerate;
mod feasibility;
mod improve;
pub mod iterate;
pub mod measured;
mod prefer_existing;
pub mod problem;
mod search;

use crate::advise::candidates::shapes::Set;
use crate::advise::prepare::measure::Measured;
use crate::advise::select::measured::MeasuredCost;
use crate::advise::select::problem::{Problem, QueryCost};
use crate::error::Result;
use search::Search;
use std::time::Instant;

/// A chosen set and what it costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The set.
    pub set: Set,
    /// The geometric mean of the statements' speed-ups, by cost.
    pub geomean: f64,
    /// The speed-up of the weighted total, by cost.
    pub total: f64,
    /// What the set costs, in the unit of [`Problem::prices`].
    pub price: f64,
}

/// How the search went.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// One choice for each exchange rate.
    pub choices: Vec<Choice>,
    /// The time ran out before the search ended.
    pub stopped: bool,
    /// For the choice that was asked for, where all sets could be tried.
    pub optimum: Option<Optimum>,
}

/// What trying all sets found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Optimum {
    /// How many sets there are.
    pub sets: u64,
    /// How much less the search alone had found, as a share of the best set's value: 0 if it had found the best.
    pub gap: f64,
}

/// The rate at which it is found out what could be had: next to nothing is charged.
const GENEROUS: f64 = 0.05;
/// What is attainable counts as no less than twice the speed, lest little be paid for with much.
const LITTLE: f64 = 1.04;
/// And as no more than twenty times, lest where much is attainable everything that is not vast be held too dear.
const MUCH: f64 = 4.5;
/// The share of the price of all that helps against which an index is weighed, where that is more than the database.
const SHARE_OF_ALL: f64 = 0.25;

/// A cost so far above another that how far it is does not matter: a statement without its index is stopped there.
pub fn far_worse(cost: f64) -> f64 {
    cost * 1_000.0 + 1e7
}

/// Chooses among the candidates of the lab once for each exchange rate, from the most generous to the most frugal; each
/// search begins where the last one ended. `base` is what each statement costs with the indexes that stand, `bare` what it
/// costs without those that could go. Where few finalists are left, all their sets are tried for the rate at position
/// `wanted`.
///
/// A rate of 0.2 says: an index as large as the database must bring a fifth of the speed-up (as a logarithm) that could be
/// had at all over the bare tables. So a rate means the same for a workload that indexes help tenfold and for one that they
/// help twofold, and it stays the same when the advice was followed. Where all that helps is many times the database, as
/// for a hundred statements over a few tables, a share of it takes the place of the database: else each index would be
/// held against the whole workload, of which it can serve but little.
///
/// # Errors
/// Those of [`MeasuredCost::evaluate`].
pub fn curve(
    costs: &mut MeasuredCost<'_>,
    problem: &Problem,
    base: &[Measured],
    bare: &[Measured],
    rates: &[f64],
    wanted: usize,
    deadline: Option<Instant>,
) -> Result<Curve> {
    let mut search = Search::new(costs, problem, base, deadline)?;
    search.exchange = GENEROUS;
    search.eliminate()?;
    let could = bare.iter().zip(&search.states).map(|(bare, best)| bare.cost().min(far_worse(best.cost)));
    let attainable = problem.value(problem.speedup(could, search.states.iter())).clamp(LITTLE, MUCH);
    let unit = (problem.full_price(&search.set) * SHARE_OF_ALL).max(1.0);
    let mut curve = Curve::default();
    for (i, rate) in rates.iter().enumerate() {
        search.exchange = rate * attainable / unit;
        search.eliminate()?;
        search.improve()?;
        search.make_feasible()?;
        let found = (search.set.clone(), search.states.clone());
        search.keep_within_limits()?;
        if i == wanted {
            curve.optimum = search.enumerate_all()?;
        }
        search.prefer_existing()?;
        curve.choices.push(search.choice());
        (search.set, search.states) = found;
    }
    curve.stopped = search.is_late();
    Ok(curve)
}

impl Search<'_, '_> {
    fn choice(&self) -> Choice {
        Choice::of(self.problem, self.base, &self.set, &self.states)
    }
}

impl Choice {
    /// A set under which the statements are in these states; `base` is what they cost without new indexes.
    pub fn of(problem: &Problem, base: &[Measured], set: &Set, states: &[QueryCost]) -> Self {
        let speedup = problem.speedup(base.iter().map(Measured::cost), states.iter());
        let (geomean, total) = (speedup.mean.exp(), speedup.total.exp());
        Self { set: set.clone(), geomean, total, price: problem.price(set) }
    }
}
