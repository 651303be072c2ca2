//! Whether a configuration is what is looked for, found out with as few and as short runs as that takes.

use crate::advise::select::cost_model::{Evaluation, QueryCost};
use crate::advise::select::problem::FLOOR;
use crate::advise::select::search::{FIRST_PATIENCE, LAST_PATIENCE, Position, Search, set, set_all};
use crate::error::Result;
use crate::model::configuration::{Configuration, Scenario};
use crate::model::ids::QuerySet;
use std::sync::Arc;

/// What is tried is run with little patience; what has to be known to the end then with much.
const ONCE: [Round; 1] = [Round { patience: FIRST_PATIENCE, is_last: true }];
const TO_THE_END: [Round; 2] =
    [Round { patience: FIRST_PATIENCE, is_last: false }, Round { patience: LAST_PATIENCE, is_last: true }];
/// How near the cost at which a run may be stopped is to the least such.
const EXACT: f64 = 1.05;

/// Tells whether a position is what is looked for; what is, also is where its queries cost less.
pub type IsIt<'i> = dyn Fn(&Search<'_>, &Position) -> bool + 'i;

/// How much patience runs meet.
#[derive(Debug, Clone, Copy)]
struct Round {
    patience: f64,
    /// A run that was stopped then counts as slower than as found; before that all that is known is its least cost.
    is_last: bool,
}

impl Round {
    /// What is known from a cost.
    fn told(self, cost: Arc<QueryCost>) -> Arc<QueryCost> {
        if self.is_last || !cost.stopped {
            return cost;
        }
        Arc::new(QueryCost { runs: vec![], stopped: false, ..Arc::unwrap_or_clone(cost) })
    }
}

impl Search<'_> {
    /// The position of another configuration, some queries asked again, if a little patience leaves it better than the one from
    /// which it comes.
    ///
    /// # Errors
    /// Those of [`crate::advise::select::cost_model::CostModel::evaluate`].
    pub fn hopeful(
        &mut self,
        from: &Position,
        to: Configuration,
        queries: QuerySet,
    ) -> Result<Option<Position>> {
        let is_better = |search: &Search<'_>, position: &Position| search.is_better(position, from);
        Ok(self.reached(from, vec![(to, queries)], &ONCE, &is_better)?.pop())
    }

    /// Those of some configurations, each with the queries to ask again, that a little patience leaves better than a position; the
    /// most promising first.
    ///
    /// # Errors
    /// Those of [`crate::advise::select::cost_model::CostModel::evaluate`].
    pub fn promising(
        &mut self,
        from: &Position,
        to: Vec<(Configuration, QuerySet)>,
    ) -> Result<Vec<Configuration>> {
        let is_better = |search: &Search<'_>, position: &Position| search.is_better(position, from);
        let [little, _] = TO_THE_END;
        let mut left = self.reached(from, to, &[little], &is_better)?;
        left.sort_by_key(|position| position.score.rank());
        Ok(left.into_iter().map(|position| position.configuration).collect())
    }

    /// The position of another configuration, some queries asked again, if it is what is looked for; only then all of them are
    /// measured to the end.
    ///
    /// # Errors
    /// Those of [`crate::advise::select::cost_model::CostModel::evaluate`].
    pub fn exactly(
        &mut self,
        from: &Position,
        to: Configuration,
        queries: QuerySet,
        is_it: &IsIt<'_>,
    ) -> Result<Option<Position>> {
        Ok(self.reached(from, vec![(to, queries)], &TO_THE_END, is_it)?.pop())
    }

    /// Which of some configurations are what is looked for. A configuration is given up as soon as it is known not to be.
    ///
    /// Before the planner is asked, and again before anything is run, each query that was never measured there is taken to
    /// cost nothing: an unknown plan may be better than all that are known. Then one scenario is looked at after the other.
    fn reached(
        &mut self,
        from: &Position,
        to: Vec<(Configuration, QuerySet)>,
        rounds: &[Round],
        is_it: &IsIt<'_>,
    ) -> Result<Vec<Position>> {
        let Some(first) = rounds.first() else { return Ok(vec![]) };
        let mut left = vec![];
        for (configuration, queries) in to {
            let mut position = Position { configuration, ..from.clone() };
            if self.could_be(&mut position, &queries, *first, is_it)? {
                left.push((position, queries));
            }
        }
        for round in rounds {
            for (scenario, _) in Scenario::PROMISED.iter().enumerate() {
                // All of a scenario are one question, for all copies to work at.
                let mut asked = vec![];
                for (position, queries) in &left {
                    let mut one = self.asked_in(scenario, &position.configuration, queries, round.patience);
                    self.stop_early(position, scenario, &mut one, is_it)?;
                    asked.extend(one);
                }
                let mut costs = self.measured(&asked)?.into_iter();
                for (position, queries) in &mut left {
                    for (query, cost) in queries.iter().zip(&mut costs) {
                        set(&mut position.costs, scenario, *query, round.told(cost));
                    }
                }
                left.retain(|(position, _)| is_it(self, position));
            }
        }
        Ok(left.into_iter().map(|(position, _)| self.rescored(position)).collect())
    }

    /// False if a position is not what is looked for even where every query costs nothing that was never measured there. Its
    /// costs are then those.
    fn could_be(
        &mut self,
        position: &mut Position,
        queries: &QuerySet,
        round: Round,
        is_it: &IsIt<'_>,
    ) -> Result<bool> {
        let asked = self.asked(&position.configuration, queries, round.patience);
        let told = |known: Option<Arc<QueryCost>>| known.map(|cost| round.told(cost)).unwrap_or_default();
        for (scenario, asked) in asked.iter().enumerate() {
            let known = self.model.recalled(asked);
            set_all(position, scenario, asked, known.into_iter().map(told));
        }
        if !is_it(self, position) {
            return Ok(false);
        }
        for (scenario, asked) in asked.iter().enumerate() {
            let known = self.model.known(asked)?;
            set_all(position, scenario, asked, known.into_iter().map(told));
            if !is_it(self, position) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Has each run that is to be made stopped at the cost from which on the position is not what is looked for, whatever the
    /// others cost that are not known; not before the first patience is over.
    fn stop_early(
        &mut self,
        position: &Position,
        scenario: usize,
        asked: &mut [Evaluation],
        is_it: &IsIt<'_>,
    ) -> Result<()> {
        let known = self.model.known(asked)?;
        for (evaluation, _) in asked.iter_mut().zip(known).filter(|(_, known)| known.is_none()) {
            let query = evaluation.query;
            let mut position = position.clone();
            let mut is_hopeless = |cost: f64| {
                let cost = QueryCost { cost, ..QueryCost::default() };
                set(&mut position.costs, scenario, query, Arc::new(cost));
                !is_it(self, &position)
            };
            let (mut less, mut more) = ((self.best[query] + FLOOR) * FIRST_PATIENCE, evaluation.cap);
            if less >= more || !is_hopeless(more) {
                continue;
            }
            while more > less * EXACT {
                let middle = (less * more).sqrt();
                if is_hopeless(middle) { more = middle } else { less = middle }
            }
            // The cost is the mean over the sets of values, and each of them is stopped for itself.
            let runs = self.problem.queries[query].found_in(scenario).runs.len().max(1);
            evaluation.cap = evaluation.cap.min(more * runs as f64);
        }
        Ok(())
    }
}
