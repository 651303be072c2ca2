//! The statements that stay behind the best that is known of them, each with what would help it and why that is not chosen.

use crate::advise::select::climb::NOTICEABLE;
use crate::advise::select::search::{Position, Search};
use crate::advise::select::start::Alternatives;
use crate::error::Result;
use crate::model::configuration::{Configuration, StatisticsAction};
use crate::model::ids::{IndexSet, QueryId};
use crate::model::report::WhyBehind;

/// A statement that stays behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Behind {
    /// The statement.
    pub query: QueryId,
    /// How many times more it costs than the least known of it.
    pub times: f64,
    /// The new indexes that would help; none where no set of them alone does.
    pub indexes: IndexSet,
    /// Why they are not chosen.
    pub why: WhyBehind,
}

impl Search<'_> {
    /// The statements behind at a position, in the scenario with full statistics.
    ///
    /// # Errors
    /// Those of [`crate::advise::select::cost_model::CostModel::evaluate`].
    pub fn behind(&mut self, at: &Position, alternatives: &Alternatives) -> Result<Vec<Behind>> {
        let full = at.costs_in_full().clone();
        let is_behind = |q: &QueryId| self.problem.is_behind(&full[*q], self.best[*q]);
        let behind: Vec<QueryId> = self.problem.queries.ids().filter(is_behind).collect();
        let mut told = vec![];
        for query in behind {
            let now = full[query].cost;
            let best = if self.is_late() { None } else { self.best_set_of(query, now, alternatives)? };
            let why = match &best {
                _ if self.is_late() => WhyBehind::Time,
                None => WhyBehind::Unknown,
                Some(set) => self.why_without(at, set)?,
            };
            let times = full[query].cost / self.best[query].max(1.0);
            let indexes = best.map(|set| &set - &at.configuration.indexes).unwrap_or_default();
            told.push(Behind { query, times, indexes, why });
        }
        Ok(told)
    }

    /// The set of new indexes under which a query costs least, and noticeably less than now.
    fn best_set_of(
        &mut self,
        query: QueryId,
        now: f64,
        alternatives: &Alternatives,
    ) -> Result<Option<IndexSet>> {
        let found = self.problem.found.having(StatisticsAction::Analyze);
        let sets = alternatives.find(query).map(Vec::as_slice).unwrap_or_default();
        let under = |set: &IndexSet| Configuration { indexes: &found.indexes | set, ..found.clone() };
        let costs = self.costs_under(sets.iter().map(|set| (query, under(set))))?;
        let known = sets.iter().zip(costs).filter(|(_, cost)| cost * NOTICEABLE < now);
        Ok(known.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(set, _)| set.clone()))
    }

    /// Why a set is not added to a position.
    fn why_without(&mut self, at: &Position, set: &IndexSet) -> Result<WhyBehind> {
        let to = Configuration { indexes: &at.configuration.indexes | set, ..at.configuration.clone() };
        if to == at.configuration {
            return Ok(WhyBehind::Unknown);
        }
        if !self.problem.is_within_limits(&to) {
            return Ok(WhyBehind::Limits);
        }
        let with = self.position(to)?;
        let is_worse = with.score.violation > self.rescored(at.clone()).score.violation;
        Ok(if is_worse { WhyBehind::Slower } else { WhyBehind::Unknown })
    }
}
