//! A search and its questions: what a set would be worth, and which statements could notice a step to it.

use crate::advise::candidates::shapes::Set;
use crate::advise::prepare::measure::Measured;
use crate::advise::select::measured::{Evaluation, MeasuredCost};
use crate::advise::select::problem::{DEARER, FLOOR, Problem, QueryCost};
use crate::error::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// How many times the lowest known cost a run may cost before it is stopped, at first and in the end.
pub(super) const FIRST_PATIENCE: f64 = 4.0;
pub(super) const LAST_PATIENCE: f64 = 4096.0;
/// A gain below this is not worth a step.
pub(super) const LEAST_GAIN: f64 = 1e-4;
/// How many times slower an index must make a statement that reads it to be told as harmful.
const HARM: f64 = 1.5;

/// A set, what each statement costs under it, and whom to ask about others.
pub(super) struct Search<'l, 'w> {
    pub(super) costs: &'l mut MeasuredCost<'w>,
    pub(super) problem: &'l Problem,
    pub(super) base: &'l [Measured],
    deadline: Option<Instant>,
    pub(super) exchange: f64,
    pub(super) set: Set,
    pub(super) states: Vec<QueryCost>,
    /// The lowest cost known of each statement, under whatever set.
    best: Vec<f64>,
}

impl<'l, 'w> Search<'l, 'w> {
    pub(super) fn new(
        costs: &'l mut MeasuredCost<'w>,
        problem: &'l Problem,
        base: &'l [Measured],
        deadline: Option<Instant>,
    ) -> Result<Self> {
        let set = problem.open.clone();
        let best = base.iter().map(Measured::cost).collect();
        let mut search = Self { costs, problem, base, deadline, exchange: 0.0, set, states: vec![], best };
        let all: Vec<usize> = (0..base.len()).collect();
        let states = search.states_under(&[(search.set.clone(), all)], f64::INFINITY)?;
        search.states = states.into_iter().flatten().map(|(_, s)| s).collect();
        Ok(search)
    }

    /// What the statements named would cost under each set. A run is stopped at `patience` times the lowest cost known.
    pub(super) fn states_under(
        &mut self,
        asked: &[(Set, Vec<usize>)],
        patience: f64,
    ) -> Result<Vec<Vec<(usize, QueryCost)>>> {
        let evaluation = |(set, s): (&Set, &usize)| Evaluation {
            statement: *s,
            set: set.clone(),
            cap: (self.best.get(*s).copied().unwrap_or(0.0).max(FLOOR) * patience).min(self.most(*s)),
        };
        let evaluations: Vec<_> =
            asked.iter().flat_map(|(set, list)| list.iter().map(move |s| (set, s))).map(evaluation).collect();
        let mut states = vec![];
        for (evaluation, (chosen, m)) in evaluations.iter().zip(self.costs.evaluate(&evaluations)?) {
            let state = QueryCost::of(&m, &chosen.uses);
            let QueryCost { cost, bounded, .. } = state;
            if let Some(best) =
                self.best.get_mut(evaluation.statement).filter(|best| cost < **best && !bounded)
            {
                *best = cost;
            }
            states.push((evaluation.statement, state));
        }
        let mut states = states.into_iter();
        Ok(asked.iter().map(|(_, list)| states.by_ref().take(list.len()).collect()).collect())
    }

    /// A run that costs more than now need not be known more exactly.
    fn most(&self, statement: usize) -> f64 {
        let Some(base) = self.base.get(statement) else { return FLOOR };
        base.cost() * if base.counters.timed_out { 1.0 } else { DEARER * 1.1 } + FLOOR
    }

    pub(super) fn move_to(&mut self, set: Set, affected: Vec<usize>) -> Result<()> {
        let states = self.states_under(&[(set.clone(), affected)], LAST_PATIENCE)?;
        for (s, state) in states.into_iter().flatten() {
            if let Some(slot) = self.states.get_mut(s) {
                *slot = state;
            }
        }
        self.set = set;
        Ok(())
    }

    /// The score of the current set.
    pub(super) fn score_now(&self) -> f64 {
        self.score(&self.set, &BTreeMap::new())
    }

    /// The speed-up less the price.
    pub(super) fn score(&self, set: &Set, changed: &BTreeMap<usize, QueryCost>) -> f64 {
        self.value(changed) - self.exchange * self.problem.price(set)
    }

    fn value(&self, changed: &BTreeMap<usize, QueryCost>) -> f64 {
        let states = self.states.iter().enumerate().map(|(i, now)| changed.get(&i).unwrap_or(now));
        self.problem.value(self.problem.speedup(self.base.iter().map(Measured::cost), states))
    }

    pub(super) fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// The statements whose plan an index takes part in.
    pub(super) fn touched_by(&self, index: usize) -> Vec<usize> {
        let states = self.states.iter().enumerate();
        states.filter(|(_, state)| state.uses.contains(&index)).map(|(s, _)| s).collect()
    }

    pub(super) fn used_by(&self, statements: &[usize]) -> Set {
        let states = statements.iter().filter_map(|s| self.states.get(*s));
        states.flat_map(|state| state.uses.iter().copied()).collect()
    }

    /// The statements that would use a candidate.
    pub(super) fn fitting(&self, candidate: usize) -> Vec<usize> {
        self.problem.fits.get(candidate).into_iter().flatten().copied().collect()
    }

    /// The statements that could notice the step from the current set to another.
    pub(super) fn concerned(&self, set: &Set) -> Vec<usize> {
        let difference: Vec<usize> = self.set.symmetric_difference(set).copied().collect();
        let notices = |s: &usize| difference.iter().any(|i| self.costs.relevant(*s).contains(i));
        (0..self.states.len()).filter(notices).collect()
    }

    /// Some statements, and all that read what is not in a set any more.
    pub(super) fn noticing<'s>(&self, set: &Set, statements: impl Iterator<Item = &'s usize>) -> Vec<usize> {
        let gone = self.set.difference(set).flat_map(|i| self.touched_by(*i));
        statements.copied().chain(gone).collect::<BTreeSet<_>>().into_iter().collect()
    }

    pub(super) fn without(&self, index: usize) -> Set {
        self.set.iter().copied().filter(|i| *i != index).collect()
    }

    /// A set less the standing indexes whose key another index of it begins with.
    pub(super) fn without_replaced(&self, set: Set) -> Set {
        let replaced = |i: &usize| {
            self.problem.standing.contains(i) && set.iter().any(|o| o != i && self.costs.is_prefix(*i, *o))
        };
        set.iter().copied().filter(|i| !replaced(i)).collect()
    }

    /// True if a read would be slower than without new indexes.
    pub(super) fn is_worse(&self, statement: usize, state: &QueryCost) -> bool {
        self.base.get(statement).is_some_and(|base| self.problem.is_worse(statement, base, state))
    }

    /// True if a statement would be slower than it is as the database stands.
    pub(super) fn is_missed(&self, statement: usize, state: &QueryCost) -> bool {
        self.base.get(statement).is_some_and(|base| self.problem.is_missed(statement, base, state))
    }
}

/// True if an index does harm to a statement that reads it.
pub(super) fn harms(with: &QueryCost, without: &QueryCost) -> bool {
    with.cost > without.cost * HARM + FLOOR / 10.0
}
