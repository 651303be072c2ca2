//! Climbs: makes the moves that lead to something better, the best first, until none does.

use crate::advise::select::moves::{Move, Moves};
use crate::advise::select::problem::{FLOOR, LEAST_GAIN, Problem, exceeds_small_harm, is_slower};
use crate::advise::select::search::{Position, Search};
use crate::error::Result;
use crate::model::configuration::Configuration;
use crate::model::ids::{IndexId, IndexSet};

/// How many times faster an index has to make a statement for anybody to notice, where it saves less than what is harm.
pub const NOTICEABLE: f64 = 1.2;
/// The same for ANALYZE, which takes no room and no upkeep.
pub const NOTICEABLE_BY_ANALYZE: f64 = 1.1;

impl Search<'_> {
    /// Makes moves until no single one is feasible and better, or the time is up.
    ///
    /// In each round every move is tried from where the round began; those that were better are then made one after
    /// another, each from where the last one led and only if it still is better there.
    ///
    /// # Errors
    /// Those of [`crate::advise::select::cost_model::CostModel::evaluate`].
    pub fn climb(&mut self, mut at: Position, which: Moves, together: &[IndexSet]) -> Result<Position> {
        loop {
            at = self.rescored(at);
            let mut better: Vec<(Position, Move)> = vec![];
            for step in self.problem.moves(&at, which, together) {
                if self.is_late() {
                    break;
                }
                if let Some(found) = self.tried(&at, &step)? {
                    better.push((found, step));
                }
            }
            // Equal ones stay in the order of the moves, so that the same question has the same answer.
            better.sort_by_key(|(position, _)| position.score.rank());
            let began = at.configuration.clone();
            for (_, step) in better {
                let Some(step) = step.rebased(&began, &at) else { continue };
                if let Some(next) = self.made(&at, &step)? {
                    if self.problem.drops_needlessly(&next) || self.problem.adds_needlessly(&at, &next) {
                        continue;
                    }
                    at = next;
                }
            }
            if at.configuration == began || self.is_late() {
                return Ok(at);
            }
        }
    }
}

impl Search<'_> {
    /// Takes away the new indexes without which no statement is noticeably slower, and then the ANALYZE.
    ///
    /// # Errors
    /// Those of [`crate::advise::select::cost_model::CostModel::evaluate`].
    pub fn without_trifles(&mut self, mut at: Position) -> Result<Position> {
        let new: Vec<IndexId> = self.problem.new_ones(&at.configuration).collect();
        for index in new {
            let to = at.configuration.without(index);
            at = self.unless_noticed(at, to, NOTICEABLE)?;
        }
        let to = at.configuration.having(self.problem.found.statistics);
        self.unless_noticed(at, to, NOTICEABLE_BY_ANALYZE)
    }

    /// The position of a configuration that has less, or where somebody would notice that, the position it is less than.
    fn unless_noticed(&mut self, at: Position, to: Configuration, noticeable: f64) -> Result<Position> {
        if to == at.configuration {
            return Ok(at);
        }
        let concerned = self.concerned(&at, &to);
        let is_trifle = |search: &Search<'_>, without: &Position| {
            let (with, without) = (search.rescored(at.clone()), search.rescored(without.clone()));
            search.problem.is_trifle(&with, &without, noticeable)
        };
        let without = self.exactly(&at, to, concerned, &is_trifle)?;
        Ok(without.unwrap_or(at))
    }
}

impl Problem<'_> {
    /// True if what one position has more than another makes no statement so many times faster, and nothing else better. What
    /// would make a statement slower by more than a small harm, were it lost, is noticed as a gain as well.
    fn is_trifle(&self, with: &Position, without: &Position, noticeable: f64) -> bool {
        let notices = |q| {
            let (with, without) = (&with.costs_in_full()[q], &without.costs_in_full()[q]);
            without.stopped
                || without.cost + FLOOR > (with.cost + FLOOR) * noticeable
                || (is_slower(self.queries[q].writes, with, without)
                    && exceeds_small_harm(with.cost, without.cost))
        };
        // To be less far behind is a gain like another: what nobody notices is not worth an index either.
        without.score.violation <= with.score.violation + LEAST_GAIN
            && without.score.behind <= with.score.behind + noticeable.ln()
            && !self.queries.ids().any(notices)
    }

    /// True if a step adds an index that makes no statement noticeably faster.
    fn adds_needlessly(&self, from: &Position, to: &Position) -> bool {
        let added = to.configuration.indexes.difference(&from.configuration.indexes);
        let taken = from.configuration.indexes.difference(&to.configuration.indexes);
        added.count() > 0 && taken.count() == 0 && self.is_trifle(to, from, NOTICEABLE)
    }

    /// True if a configuration lacks an existing index that nothing replaces, though no statement that read it as found is
    /// much faster now: the gain would only be that it is gone.
    fn drops_needlessly(&self, to: &Position) -> bool {
        let gone = self.found.indexes.difference(&to.configuration.indexes).copied();
        gone.filter(|i| self.candidates[*i].existing).any(|i| {
            let is_replaced = self.candidates[i].repeated || self.is_replaced(i, &to.configuration);
            let full = to.costs_in_full();
            let mut queries = self.queries.enumerate().map(|(id, q)| (q.found_in(0), &full[id]));
            let gains = queries.any(|(found, now)| found.uses.contains(&i) && Self::is_harmful(found, now));
            !is_replaced && !gains
        })
    }
}
