//! Removes what is missed least: from all finalists at first, and after every step that added something.

use crate::advise::select::problem::QueryCost;
use crate::advise::select::search::{FIRST_PATIENCE, LAST_PATIENCE, Search, harms};
use crate::error::Result;
use std::collections::BTreeMap;

/// How many indexes are asked about at once, so that all workers have something to do.
const AT_ONCE: usize = 4;

/// What removing an index would do to the score.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gain {
    pub(super) score: f64,
    /// Some run was stopped, so the true gain is lower.
    bounded: bool,
    patience: f64,
    /// Something that it works with has gone since.
    stale: bool,
}

impl Search<'_, '_> {
    /// Removes the index that is missed least, again and again, while the score rises.
    ///
    /// What is missed can only grow while others go, so what was found earlier is a bound: only what looks best by the
    /// bounds is asked about again (Minoux, "Accelerated greedy algorithms", 1978). That holds nearly always, not always;
    /// so in the end all that was not asked lately is asked once more.
    pub(super) fn eliminate(&mut self) -> Result<()> {
        let mut known: BTreeMap<usize, Gain> = BTreeMap::new();
        while !self.is_late() {
            self.remove_unused();
            known.retain(|i, _| self.set.contains(i));
            let open: Vec<usize> = self.set.iter().copied().filter(|i| !known.contains_key(i)).collect();
            known.extend(self.gains_of_removing(&open, FIRST_PATIENCE)?);
            let mut order: Vec<(usize, Gain)> = known.iter().map(|(i, gain)| (*i, *gain)).collect();
            order.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then(a.0.cmp(&b.0)));
            let Some((index, gain)) = order.first().copied().filter(|(_, gain)| gain.score > 0.0) else {
                let stale: Vec<usize> = known.iter().filter(|(_, g)| g.stale).map(|(i, _)| *i).collect();
                if stale.is_empty() {
                    return Ok(());
                }
                known.extend(self.gains_of_removing(&stale, FIRST_PATIENCE)?);
                continue;
            };
            if gain.stale {
                let iterate =
                    order.iter().filter(|(_, g)| g.stale && g.score > 0.0).take(AT_ONCE).map(|(i, _)| *i);
                let iterate: Vec<usize> = iterate.collect();
                known.extend(self.gains_of_removing(&iterate, FIRST_PATIENCE)?);
                continue;
            }
            // What looks dispensable only because its runs were stopped early is looked at longer.
            if gain.bounded && gain.patience < LAST_PATIENCE {
                known.extend(self.gains_of_removing(&[index], gain.patience * FIRST_PATIENCE)?);
                continue;
            }
            let affected = self.touched_by(index);
            let mut neighbours = self.used_by(&affected);
            self.move_to(self.without(index), affected.clone())?;
            // What is not read by a statement that changed its plan is missed neither more nor less than before.
            neighbours.extend(self.used_by(&affected));
            for (_, gain) in known.iter_mut().filter(|(i, _)| neighbours.contains(i)) {
                gain.stale = true;
            }
        }
        self.remove_unused();
        Ok(())
    }

    /// Removing what no plan reads changes no plan.
    fn remove_unused(&mut self) {
        let used = self.used_by(&(0..self.states.len()).collect::<Vec<_>>());
        self.set.retain(|i| used.contains(i));
    }

    /// How the score changes when each is removed.
    pub(super) fn gains_of_removing(
        &mut self,
        indexes: &[usize],
        patience: f64,
    ) -> Result<Vec<(usize, Gain)>> {
        let asked: Vec<_> = indexes.iter().map(|i| (self.without(*i), self.touched_by(*i))).collect();
        let now = self.score_now();
        let found = self.states_under(&asked, patience)?;
        let mut gains = vec![];
        for ((index, (set, _)), states) in indexes.iter().zip(&asked).zip(found) {
            let bounded = states.iter().any(|(_, s)| s.bounded);
            let states: BTreeMap<usize, QueryCost> = states.into_iter().collect();
            let kept = self.problem.standing.contains(index) && !self.may_go(*index, &states);
            let score = if kept { f64::NEG_INFINITY } else { self.score(set, &states) - now };
            gains.push((*index, Gain { score, bounded, patience, stale: false }));
        }
        Ok(gains)
    }

    /// True if an index that the database has can go: no statement is slower then, and either another index begins with
    /// its key or the statements that read it gain.
    fn may_go(&self, index: usize, without: &BTreeMap<usize, QueryCost>) -> bool {
        let replaced = self.problem.repeated.contains(&index)
            || self.set.iter().any(|other| *other != index && self.costs.is_prefix(index, *other));
        let missed = |(s, state): (&usize, &QueryCost)| self.is_missed(*s, state);
        let gains =
            |(s, state): (&usize, &QueryCost)| self.states.get(*s).is_some_and(|now| harms(now, state));
        !without.iter().any(missed) && (replaced || without.iter().any(gains))
    }
}
