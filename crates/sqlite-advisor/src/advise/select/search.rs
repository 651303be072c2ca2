//! A search and its questions: how good a configuration is, and what every query costs under it.

use crate::advise::select::cost_model::{CostModel, Evaluation, QueryCost};
use crate::advise::select::moves::Move;
use crate::advise::select::problem::{Costs, FLOOR, Problem, Query, Score};
use crate::cancel::is_past;
use crate::error::Result;
use crate::model::configuration::{Configuration, Scenario};
use crate::model::ids::{IdVec, IndexId, IndexSet, QueryId, QuerySet};
use std::sync::Arc;
use std::time::Instant;

/// How many times the lowest known cost a run may cost before it is stopped, at first and when a move is made.
pub(super) const FIRST_PATIENCE: f64 = 4.0;
pub(super) const LAST_PATIENCE: f64 = 4_096.0;
/// A configuration and what every query costs under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// The configuration.
    pub configuration: Configuration,
    /// What every query costs, in each of [`Scenario::PROMISED`].
    pub costs: Costs,
    /// How good it is.
    pub score: Score,
}

impl Position {
    /// What every query costs with full statistics.
    pub fn costs_in_full(&self) -> &IdVec<QueryId, Arc<QueryCost>> {
        let [full, ..] = &self.costs;
        full
    }

    /// The indexes that the plans of a query use in any scenario.
    pub fn uses(&self, query: QueryId) -> IndexSet {
        self.costs.iter().flat_map(|costs| costs[query].uses.iter().copied()).collect()
    }

    /// The queries whose plans use an index in any scenario.
    pub fn users(&self, index: IndexId) -> QuerySet {
        let [full, ..] = &self.costs;
        full.ids().filter(|q| self.costs.iter().any(|costs| costs[*q].uses.contains(&index))).collect()
    }
}

/// A search among configurations.
pub struct Search<'s> {
    /// What is weighed.
    pub problem: &'s Problem<'s>,
    /// Who tells the costs.
    pub model: &'s mut dyn CostModel,
    /// The lowest cost known of each query, under whatever configuration.
    pub best: IdVec<QueryId, f64>,
    deadline: Option<Instant>,
}

impl<'s> Search<'s> {
    /// A search that knows what the queries cost as found.
    pub fn new(problem: &'s Problem<'s>, model: &'s mut dyn CostModel, deadline: Option<Instant>) -> Self {
        let least = |costs: &[Arc<QueryCost>; 3]| costs.iter().map(|c| c.cost).fold(f64::INFINITY, f64::min);
        let best = problem.queries.iter().map(|query| least(&query.found)).collect();
        Self { problem, model, best, deadline }
    }

    /// Takes over the least costs that another search knew, and those of a position.
    pub fn recall(&mut self, best: &IdVec<QueryId, f64>, position: &Position) {
        for query in best.ids() {
            let costs = position.costs.iter().map(|costs| &costs[query]).filter(|cost| !cost.stopped);
            let least = costs.map(|cost| cost.cost).fold(best[query], f64::min);
            self.best[query] = self.best[query].min(least);
        }
    }

    /// True once the time is up.
    pub fn is_late(&self) -> bool {
        is_past(self.deadline)
    }

    /// The position of doing nothing, from which every search may start; it needs no run.
    pub fn found(&self) -> Position {
        let of = |at: usize| {
            let cost = |query: &Query| Arc::clone(query.found_in(at));
            self.problem.queries.iter().map(cost).collect()
        };
        self.scored(self.problem.found.clone(), [of(0), of(1), of(2)])
    }

    /// The position of a configuration, every query known as exactly as it takes.
    ///
    /// # Errors
    /// Those of [`CostModel::evaluate`].
    pub fn position(&mut self, configuration: Configuration) -> Result<Position> {
        let from = self.found();
        let all = self.problem.queries.ids().collect();
        self.evaluated(&from, configuration, &all)
    }

    /// How good the current position is by what is known now.
    pub fn rescored(&self, position: Position) -> Position {
        self.scored(position.configuration, position.costs)
    }

    /// What a move would lead to, if that could be better than the position it starts from; runs are stopped early.
    ///
    /// Only the queries that should notice the move are asked.
    ///
    /// # Errors
    /// Those of [`CostModel::evaluate`].
    pub fn tried(&mut self, from: &Position, step: &Move) -> Result<Option<Position>> {
        self.tried_among(from, step, &step.noticing)
    }

    /// The same, every query asked that could notice the move, and measured to the end: what the move promises is kept.
    ///
    /// # Errors
    /// Those of [`CostModel::evaluate`].
    pub fn made(&mut self, from: &Position, step: &Move) -> Result<Option<Position>> {
        let concerned = self.concerned(from, &step.to);
        let Some(_) = self.tried_among(from, step, &concerned)? else { return Ok(None) };
        let made = self.evaluated(from, step.to.clone(), &concerned)?;
        Ok(self.is_better(&made, from).then_some(made))
    }

    fn tried_among(&mut self, from: &Position, step: &Move, queries: &QuerySet) -> Result<Option<Position>> {
        if !self.problem.is_within_limits(&step.to) && self.problem.is_within_limits(&from.configuration) {
            return Ok(None);
        }
        self.hopeful(from, step.to.clone(), queries.clone())
    }

    /// True if a position is better than another by what is known now.
    pub fn is_better(&self, position: &Position, than: &Position) -> bool {
        let score = |p: &Position| self.problem.score(&p.configuration, &p.costs, &self.best);
        score(position).beats(&score(than))
    }

    /// The queries that could notice the step from a position to a configuration.
    pub fn concerned(&self, from: &Position, to: &Configuration) -> QuerySet {
        if from.configuration.statistics != to.statistics {
            return self.problem.queries.ids().collect();
        }
        let changed: IndexSet =
            from.configuration.indexes.symmetric_difference(&to.indexes).copied().collect();
        let notices = |query: &QueryId| !self.problem.queries[*query].relevant.is_disjoint(&changed);
        self.problem.queries.ids().filter(notices).collect()
    }

    /// What evaluations cost; the least cost known of each query is kept.
    pub(super) fn measured(&mut self, asked: &[Evaluation]) -> Result<Vec<Arc<QueryCost>>> {
        let found = self.model.evaluate(asked)?;
        for (Evaluation { query, .. }, cost) in asked.iter().zip(&found) {
            if !cost.stopped && cost.cost < self.best[*query] {
                self.best[*query] = cost.cost;
            }
        }
        Ok(found)
    }

    /// The position of another configuration, some queries asked again and measured to the end.
    fn evaluated(&mut self, from: &Position, to: Configuration, queries: &QuerySet) -> Result<Position> {
        let asked = self.asked(&to, queries, LAST_PATIENCE);
        let mut costs = self.measured(&asked.concat())?.into_iter();
        let mut position = Position { configuration: to, ..from.clone() };
        for (scenario, asked) in asked.iter().enumerate() {
            set_all(&mut position, scenario, asked, &mut costs);
        }
        Ok(self.rescored(position))
    }

    /// The evaluations of some queries under a configuration, for each of [`Scenario::PROMISED`].
    pub(super) fn asked(
        &self,
        to: &Configuration,
        queries: &QuerySet,
        patience: f64,
    ) -> Vec<Vec<Evaluation>> {
        let scenarios = 0..Scenario::PROMISED.len();
        scenarios.map(|scenario| self.asked_in(scenario, to, queries, patience)).collect()
    }

    /// Those of one scenario. A run is stopped at `patience` times the lowest cost known of its query, and never later than where
    /// it would be slower than as found anyway.
    pub(super) fn asked_in(
        &self,
        scenario: usize,
        to: &Configuration,
        queries: &QuerySet,
        patience: f64,
    ) -> Vec<Evaluation> {
        let promised = Scenario::PROMISED.get(scenario).copied().unwrap_or(Scenario::Full);
        let statistics = promised.statistics_after(self.problem.found.statistics, to.statistics);
        let one = |query: &QueryId| {
            let cap = (self.best[*query] + FLOOR) * patience;
            Evaluation::of(*query, to, statistics, cap.min(self.most(*query, scenario)))
        };
        queries.iter().map(one).collect()
    }

    /// A run that costs more than this is slower than as found.
    fn most(&self, query: QueryId, scenario: usize) -> f64 {
        let found = self.problem.queries[query].found_in(scenario);
        if found.stopped { found.cost } else { found.cost * 2.0 + 10.0 * FLOOR }
    }

    fn scored(&self, configuration: Configuration, costs: Costs) -> Position {
        let score = self.problem.score(&configuration, &costs, &self.best);
        Position { configuration, costs, score }
    }
}

pub(super) fn set_all(
    position: &mut Position,
    scenario: usize,
    asked: &[Evaluation],
    costs: impl Iterator<Item = Arc<QueryCost>>,
) {
    asked.iter().zip(costs).for_each(|(e, cost)| set(&mut position.costs, scenario, e.query, cost));
}

pub(super) fn set(costs: &mut Costs, scenario: usize, query: QueryId, cost: Arc<QueryCost>) {
    let [full, without_stat4, found] = costs;
    let list = match scenario {
        0 => full,
        1 => without_stat4,
        _ => found,
    };
    list[query] = cost;
}

impl Search<'_> {
    /// What each query costs under its configuration in the first scenario; infinite where that is more than the least
    /// known.
    ///
    /// # Errors
    /// Those of [`CostModel::evaluate`].
    pub fn costs_under(&mut self, asked: impl Iterator<Item = (QueryId, Configuration)>) -> Result<Vec<f64>> {
        let evaluation = |(query, to): (QueryId, Configuration)| {
            let found = self.problem.found.statistics;
            let statistics = Scenario::Full.statistics_after(found, to.statistics);
            Evaluation::of(query, &to, statistics, (self.best[query] + FLOOR) * ENOUGH)
        };
        let asked: Vec<Evaluation> = asked.map(evaluation).collect();
        let found = self.model.evaluate(&asked)?;
        let mut costs = vec![];
        for (evaluation, cost) in asked.iter().zip(found) {
            let cost = if cost.stopped { f64::INFINITY } else { cost.cost };
            self.best[evaluation.query] = self.best[evaluation.query].min(cost);
            costs.push(cost);
        }
        Ok(costs)
    }
}

/// A little more than the least known cost: where a start is chosen, more is not worth knowing.
const ENOUGH: f64 = 1.1;

impl Search<'_> {
    /// The worth of every query at the least cost known of it, without a price: no configuration of the plans that were met
    /// can be worth more.
    pub fn bound(&self) -> f64 {
        let least = |(query, cost): (QueryId, &f64)| {
            let uses = self.problem.queries[query].found_in(0).uses.clone();
            Arc::new(QueryCost { cost: *cost, uses, ..QueryCost::default() })
        };
        let costs: IdVec<QueryId, Arc<QueryCost>> = self.best.enumerate().map(least).collect();
        let free = Configuration::default();
        self.problem.score(&free, &[costs.clone(), costs.clone(), costs], &self.best).worth
    }
}
