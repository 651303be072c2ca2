//! Adds an index, or puts one in the place of another, where that is worth more.

use crate::advise::candidates::shapes::Set;
use crate::advise::select::search::{FIRST_PATIENCE, LEAST_GAIN, Search};
use crate::error::Result;

impl Search<'_, '_> {
    /// Adds candidates, or puts them in the place of others, until no such step raises the score.
    pub(super) fn improve(&mut self) -> Result<()> {
        while !self.is_late() {
            let now = self.score_now();
            let before = (self.set.clone(), self.states.clone());
            let asked = self.neighbours();
            let found = self.states_under(&asked, FIRST_PATIENCE)?;
            let mut moves = vec![];
            for ((set, _), states) in asked.into_iter().zip(found) {
                let score = self.score(&set, &states.into_iter().collect());
                moves.push((score, set));
            }
            moves.retain(|(score, _)| *score > now + LEAST_GAIN);
            moves.sort_by(|a, b| b.0.total_cmp(&a.0));
            if !self.take_each(moves)? {
                return Ok(());
            }
            self.eliminate()?;
            // What is removed is not always missed as little as it seemed, and the next step would add it again.
            if self.score_now() <= now + LEAST_GAIN {
                (self.set, self.states) = before;
                return Ok(());
            }
        }
        Ok(())
    }

    /// The sets with one index more, and those with one in the place of another, each with the statements to ask.
    fn neighbours(&self) -> Vec<(Set, Vec<usize>)> {
        let mut asked = vec![];
        for new in self.problem.open.difference(&self.set).copied() {
            let with: Set = self.set.iter().copied().chain([new]).collect();
            let fits = self.fitting(new);
            let others = self.set.difference(&self.problem.standing);
            for old in others.filter(|old| self.costs.same_table(**old, new)) {
                let users = self.touched_by(*old);
                // One can stand for the other only where a statement would use either.
                if users.iter().any(|s| fits.contains(s)) {
                    let without = self.without_replaced(with.iter().copied().filter(|i| i != old).collect());
                    let statements = self.noticing(&without, fits.iter().chain(&users));
                    asked.push((without, statements));
                }
            }
            let with = self.without_replaced(with);
            let statements = self.noticing(&with, fits.iter());
            asked.push((with, statements));
        }
        asked
    }

    /// Makes the moves, the best first, that keep their promise when all statements are asked, not only those that should
    /// notice, and when the moves before them were made. True if one did.
    fn take_each(&mut self, moves: Vec<(f64, Set)>) -> Result<bool> {
        let (from, mut moved) = (self.set.clone(), false);
        for (_, set) in moves {
            let (added, removed) = (&set - &from, &from - &set);
            if !removed.is_subset(&self.set) || !added.is_disjoint(&self.set) {
                continue;
            }
            let (old_set, old_states) = (self.set.clone(), self.states.clone());
            let now = self.score_now();
            let next = &(&self.set | &added) - &removed;
            let statements = self.concerned(&next);
            self.move_to(next, statements)?;
            if self.score_now() > now + LEAST_GAIN {
                moved = true;
            } else {
                (self.set, self.states) = (old_set, old_states);
            }
        }
        Ok(moved)
    }
}
