//! The last look at what stood and is to go: it comes back where its loss brings little.

use crate::advise::candidates::shapes::Set;
use crate::advise::select::problem::{FLOOR, QueryCost};
use crate::advise::select::search::{LAST_PATIENCE, Search, harms};
use crate::error::Result;

/// How many times faster a statement must get by an index that takes the place of one that stands.
const WORTH_EXCHANGING: f64 = 1.25;

impl Search<'_, '_> {
    /// Puts back what stood where the new index in its place does little more: an exchange has to be worth the trouble.
    pub(super) fn prefer_existing(&mut self) -> Result<()> {
        let gone: Vec<usize> = self.problem.standing.difference(&self.set).copied().collect();
        for old in gone {
            let fits = self.fitting(old);
            if self.is_read_again(old, &fits)? {
                continue;
            }
            let new = self.set.difference(&self.problem.standing).copied();
            let rivals: Vec<usize> = new.filter(|new| self.costs.same_table(old, *new)).collect();
            for new in rivals {
                let users = self.touched_by(new);
                if !users.iter().any(|s| fits.contains(s)) {
                    continue;
                }
                let back: Set = self.without(new).into_iter().chain([old]).collect();
                let statements = self.noticing(&back, fits.iter().chain(&users));
                let states = self.states_under(&[(back.clone(), statements)], LAST_PATIENCE)?;
                let loses = |(s, state): &(usize, QueryCost)| {
                    let now = self.states.get(*s).map_or(0.0, |now| now.cost);
                    state.bounded || state.cost + FLOOR > (now + FLOOR) * WORTH_EXCHANGING
                };
                if !states.iter().flatten().any(loses) {
                    let concerned = self.concerned(&back);
                    self.move_to(back, concerned)?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// Puts an index back that statements would read as they do now, unless it does harm or another begins with its key.
    fn is_read_again(&mut self, old: usize, fits: &[usize]) -> Result<bool> {
        let back: Set = self.set.iter().copied().chain([old]).collect();
        if self.set.iter().any(|other| self.costs.is_prefix(old, *other))
            || self.problem.repeated.contains(&old)
        {
            return Ok(false);
        }
        let states = self.states_under(&[(back.clone(), fits.to_vec())], LAST_PATIENCE)?;
        let harmed = |(s, state): &(usize, QueryCost)| {
            state.bounded || self.states.get(*s).is_some_and(|now| harms(state, now))
        };
        let reads = states.iter().flatten().any(|(_, state)| state.uses.contains(&old));
        if !reads || states.iter().flatten().any(harmed) {
            return Ok(false);
        }
        let concerned = self.concerned(&back);
        self.move_to(back, concerned)?;
        Ok(true)
    }
}
