//! All sets, where the finalists are few: the best there is, and how far the search had been from it.

use crate::advise::candidates::shapes::Set;
use crate::advise::select::Optimum;
use crate::advise::select::problem::QueryCost;
use crate::advise::select::search::{LAST_PATIENCE, LEAST_GAIN, Search};
use crate::error::Result;
use std::collections::BTreeMap;

/// The most finalists of which all sets are tried.
const FEW: usize = 8;

impl Search<'_, '_> {
    /// Tries all sets of new indexes where there are few, beside those that the search leaves standing, and moves to the
    /// best.
    pub(super) fn enumerate_all(&mut self) -> Result<Option<Optimum>> {
        let new: Vec<usize> = self.problem.open.difference(&self.problem.standing).copied().collect();
        if new.is_empty() || new.len() > FEW || self.is_late() {
            return Ok(None);
        }
        let statements: Vec<usize> = (0..self.states.len()).collect();
        let found = self.score_now();
        let mut best = (found, self.set.clone());
        let left: Set = self.set.intersection(&self.problem.standing).copied().collect();
        let chosen =
            |bits: u64| new.iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1).map(|(_, i)| *i);
        let sets: Vec<Set> =
            (0..1u64 << new.len()).map(|bits| chosen(bits).chain(left.iter().copied()).collect()).collect();
        let sets: Vec<Set> = sets.into_iter().map(|set| self.without_replaced(set)).collect();
        let asked = sets.iter().filter(|set| self.problem.is_within(set)).cloned();
        let asked: Vec<_> = asked.map(|set| (set, statements.clone())).collect();
        let found_under = self.states_under(&asked, LAST_PATIENCE)?;
        for ((set, _), states) in asked.iter().zip(found_under) {
            let states: BTreeMap<usize, QueryCost> = states.into_iter().collect();
            let drops = self.problem.standing.difference(set).next().is_some();
            let hurts = |(s, state): (&usize, &QueryCost)| {
                self.is_worse(*s, state) || (drops && self.is_missed(*s, state))
            };
            if states.iter().any(hurts) {
                continue;
            }
            let score = self.score(set, &states);
            // Among equals what the search found stays, so that nothing is advised that no plan reads.
            if score > best.0 + LEAST_GAIN {
                best = (score, set.clone());
            }
        }
        let gap = if best.0 > found { (best.0 - found) / best.0.abs().max(LEAST_GAIN) } else { 0.0 };
        self.move_to(best.1, statements)?;
        Ok(Some(Optimum { sets: sets.len() as u64, gap: gap.min(1.0) }))
    }
}
