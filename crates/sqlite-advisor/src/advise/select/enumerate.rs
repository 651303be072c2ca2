//! All configurations of new indexes, where the candidates are few: the best there is, not only the best that was found.

use crate::advise::select::search::{Position, Search};
use crate::error::Result;
use crate::model::configuration::Configuration;
use crate::model::ids::{IndexId, IndexSet, QuerySet};

/// What trying all sets found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Enumerated {
    /// How many there were.
    pub sets: u64,
    /// How far below the best of them the search alone had ended, as a share of its worth.
    pub gap: f64,
}

/// The most candidates of which all sets are tried.
const FEW: usize = 6;

impl Search<'_> {
    /// Tries every set of the new indexes beside the existing ones of a position; the best, and how many there were. None
    /// where the candidates are too many or the time is up.
    ///
    /// # Errors
    /// Those of [`crate::advise::select::cost_model::CostModel::evaluate`].
    pub fn enumerate(&mut self, from: &Position) -> Result<Option<(Position, u64)>> {
        let new: Vec<IndexId> = self
            .problem
            .candidates
            .enumerate()
            .filter(|(i, c)| !c.existing && self.problem.can_pay(*i))
            .map(|(i, _)| i)
            .collect();
        if new.is_empty() || new.len() > FEW || self.is_late() {
            return Ok(None);
        }
        let kept: IndexSet =
            from.configuration.indexes.iter().copied().filter(|i| !new.contains(i)).collect();
        let every = |bits: u64| {
            let chosen = new.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, i)| *i);
            Configuration {
                indexes: kept.iter().copied().chain(chosen).collect(),
                ..from.configuration.clone()
            }
        };
        let all: QuerySet = self.problem.queries.ids().collect();
        let allowed = (0..1u64 << new.len()).map(every).filter(|to| self.problem.is_within_limits(to));
        let to = allowed.map(|to| (to, all.clone())).collect();
        let mut best = from.clone();
        // The most promising first, so that the others are given up the sooner.
        for promising in self.promising(from, to)? {
            let than = best.clone();
            let is_better = |search: &Search<'_>, position: &Position| search.is_better(position, &than);
            best = self.exactly(&best, promising, all.clone(), &is_better)?.unwrap_or(best);
        }
        let best = self.rescored(best);
        Ok(Some((best, 1 << new.len())))
    }
}
