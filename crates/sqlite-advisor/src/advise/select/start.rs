//! Where a search starts: every statement at the best that is known of it.

use crate::advise::select::search::Search;
use crate::error::Result;
use crate::model::configuration::{Configuration, StatisticsAction};
use crate::model::ids::{IdVec, IndexSet, QueryId};

/// The sets of new indexes that the planner would use together for one statement, each query's first choice first.
pub type Alternatives = IdVec<QueryId, Vec<IndexSet>>;

impl Search<'_> {
    /// The existing indexes and, for each statement, the alternative that makes it fastest; of equal ones the smallest.
    ///
    /// # Errors
    /// Those of [`crate::advise::select::cost_model::CostModel::evaluate`].
    pub fn best_of_each(&mut self, alternatives: &Alternatives) -> Result<Configuration> {
        let found = self.problem.found.having(StatisticsAction::Analyze);
        let mut best: IdVec<QueryId, Option<Best<'_>>> = alternatives.iter().map(|_| None).collect();
        let most = alternatives.iter().map(Vec::len).max().unwrap_or(0);
        // The first choice of every statement, then the second: each round is one question, for all copies to work at.
        for rank in 0..most {
            if self.is_late() {
                break;
            }
            let of_rank = alternatives.enumerate().filter_map(|(query, sets)| Some((query, sets.get(rank)?)));
            let can_pay = |(_, set): &(QueryId, &IndexSet)| set.iter().all(|i| self.problem.can_pay(*i));
            let asked: Vec<(QueryId, &IndexSet)> = of_rank.filter(can_pay).collect();
            let under = |set: &IndexSet| Configuration { indexes: &found.indexes | set, ..found.clone() };
            let costs = self.costs_under(asked.iter().map(|(query, set)| (*query, under(set))))?;
            for ((query, set), cost) in asked.into_iter().zip(costs) {
                let bytes = set.iter().map(|i| self.problem.candidates[*i].bytes).sum();
                let one = Best { cost, bytes, set };
                if best[query].as_ref().is_none_or(|best| one.is_better_than(best)) {
                    best[query] = Some(one);
                }
            }
        }
        let mut union = found;
        for one in best.iter().flatten().filter(|one| one.cost.is_finite()) {
            union.indexes.extend(one.set);
        }
        Ok(union)
    }
}

struct Best<'a> {
    cost: f64,
    bytes: u64,
    set: &'a IndexSet,
}

impl Best<'_> {
    /// A gain of a few per cent is no reason to take a larger one.
    fn is_better_than(&self, other: &Self) -> bool {
        self.cost < other.cost * NEARLY_EQUAL
            || (self.cost < other.cost / NEARLY_EQUAL && self.bytes < other.bytes)
    }
}

/// Costs whose ratio is nearer to 1 than this count as equal where a start is chosen.
const NEARLY_EQUAL: f64 = 0.95;
