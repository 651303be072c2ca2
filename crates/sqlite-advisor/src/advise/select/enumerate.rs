//! All configurations of new indexes, where the candidates are few: the best there is, not only the best that was found.

use crate::advise::select::search::{Position, Search};
use crate::error::Result;
use crate::model::configuration::Configuration;
use crate::model::ids::{IndexId, IndexSet};

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
        let mut best = self.rescored(from.clone());
        for bits in 0..1u64 << new.len() {
            let chosen = new.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, i)| *i);
            let indexes = kept.iter().copied().chain(chosen).collect();
            let to = Configuration { indexes, ..from.configuration.clone() };
            if !self.problem.is_within_limits(&to) {
                continue;
            }
            let found = self.position(to)?;
            best = self.rescored(best);
            if found.score.beats(&best.score) {
                best = found;
            }
        }
        Ok(Some((best, 1 << new.len())))
    }
}
