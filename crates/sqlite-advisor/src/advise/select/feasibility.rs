//! What no set may do: make a statement slower than it is now, or be more or larger than was asked.

use crate::advise::candidates::shapes::Set;
use crate::advise::select::search::{FIRST_PATIENCE, Search};
use crate::error::Result;

/// The most times that what was mended is looked at for what can go.
const MENDINGS: usize = 3;

impl Search<'_, '_> {
    /// Puts back what a statement misses, and removes what makes one slower than it is now.
    pub(super) fn make_feasible(&mut self) -> Result<()> {
        for _ in 0..MENDINGS {
            if !self.make_reads_feasible()? {
                return Ok(());
            }
            self.eliminate()?;
        }
        self.make_reads_feasible().map(|_| ())
    }

    /// True if something was slower than now. Ends with nothing that is.
    fn make_reads_feasible(&mut self) -> Result<bool> {
        let mut any = false;
        while let Some(worse) = (0..self.states.len()).find(|s| self.is_hurt(*s)) {
            any = true;
            let dropped = self.dropped(worse);
            if !dropped.is_empty() {
                let with: Set = self.set.union(&dropped).copied().collect();
                let statements = self.concerned(&with);
                self.move_to(with, statements)?;
                continue;
            }
            let used = self.states.get(worse).map(|s| s.uses.clone()).unwrap_or_default();
            let culprits: Vec<usize> = used.difference(&self.problem.standing).copied().collect();
            let gains = self.gains_of_removing(&culprits, FIRST_PATIENCE)?;
            let least = gains.into_iter().max_by(|a, b| a.1.score.total_cmp(&b.1.score));
            let Some((index, _)) = least else { break };
            self.move_to(self.without(index), self.touched_by(index))?;
        }
        Ok(any)
    }

    /// The indexes that a statement could have used before and that are not in the set.
    fn dropped(&self, statement: usize) -> Set {
        let dropped = self.problem.standing.difference(&self.set);
        dropped.filter(|i| self.costs.relevant(statement).contains(i)).copied().collect()
    }

    /// True if a statement is slower than now, or misses an index that can be put back.
    fn is_hurt(&self, statement: usize) -> bool {
        self.states.get(statement).is_some_and(|state| {
            self.is_worse(statement, state)
                || (self.is_missed(statement, state) && !self.dropped(statement).is_empty())
        })
    }

    /// Removes what is missed least until the set is within its limits.
    pub(super) fn keep_within_limits(&mut self) -> Result<()> {
        while !self.problem.is_within(&self.set) {
            let new: Vec<usize> = self.set.difference(&self.problem.standing).copied().collect();
            let gains = self.gains_of_removing(&new, FIRST_PATIENCE)?;
            // By the byte where bytes are what is short, so that one large index can make room for several.
            let share = |i: usize| match self.problem.budget {
                Some(_) => self.problem.bytes.get(i).copied().unwrap_or(1).max(1) as f64,
                None => 1.0,
            };
            let least = gains
                .into_iter()
                .max_by(|a, b| (a.1.score / share(a.0)).total_cmp(&(b.1.score / share(b.0))));
            let Some((index, _)) = least else { break };
            self.move_to(self.without(index), self.touched_by(index))?;
        }
        Ok(())
    }
}
