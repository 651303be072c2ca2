//! Chooses a configuration: the least price at which no read gets slower and no statement stays behind, plus what pays.
//!
//! The search starts where every statement is at the best that is known of it, takes away what is not missed, and then
//! climbs by single additions, removals, exchanges and another action on the statistics until none is feasible and better
//! (compare Whang, "Index Selection in Relational Databases", 1985, for removal from the whole, and Schlosser et al.,
//! "Efficient Scalable Multi-attribute Index Selection", ICDE 2019, for moves by worth). Doing nothing is a configuration
//! like any other, and wins where nothing beats it.

mod behind;
mod climb;
pub mod copies;
pub mod cost_model;
mod distinct;
mod enumerate;
pub mod iterate;
mod known_plans;
pub mod measured;
mod moves;
pub mod problem;
mod reach;
mod search;
pub mod selection;
mod start;
#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;

pub use behind::Behind;
pub use climb::NOTICEABLE_BY_ANALYZE;
pub use enumerate::Enumerated;
pub use search::Position;
pub use start::Alternatives;

use crate::error::Result;
use crate::model::ids::{IdVec, IndexSet, QueryId};
use cost_model::CostModel;
use moves::Moves;
use problem::Problem;
use search::Search;
use std::time::Instant;

/// Where a search ended.
#[derive(Debug, Clone)]
pub struct Found {
    /// The configuration, with what every query costs under it.
    pub position: Position,
    /// The time ran out before the search ended, so that some single step may be better.
    pub stopped: bool,
    /// How much worth there could be at the most: every statement at the best that is known of it, for no price at all.
    pub bound: f64,
    /// What trying all sets of new indexes found, where they are few.
    pub enumerated: Option<Enumerated>,
    /// The statements that stay behind.
    pub behind: Vec<Behind>,
    /// The least cost known of each query, in nanoseconds.
    pub best: IdVec<QueryId, f64>,
}

/// Searches.
///
/// `alternatives` are the sets of new indexes that the planner would use for each statement; `from` is another position to
/// start from, such as that of a search for less.
///
/// # Errors
/// Those of [`CostModel::evaluate`].
pub fn search(
    problem: &Problem<'_>,
    model: &mut dyn CostModel,
    alternatives: &Alternatives,
    from: Option<&Position>,
    deadline: Option<Instant>,
) -> Result<Found> {
    let mut search = Search::new(problem, model, deadline);
    let together = together(alternatives);
    let union = search.best_of_each(alternatives)?;
    let nothing = search.found();
    let mut best = nothing.clone();
    if let Some(from) = from.filter(|from| problem.is_within_limits(&from.configuration)) {
        // Something was learnt since, so that it may have to be reduced.
        let start = search.position(from.configuration.clone())?;
        let reduced = search.climb(start, Moves::Removals, &together)?;
        best = search.better(best, reduced);
    }
    if !search.is_late() && problem.is_within_limits(&union) {
        let start = search.position(union)?;
        let reduced = search.climb(start, Moves::Removals, &together)?;
        let climbed = search.climb(reduced, Moves::All, &together)?;
        best = search.better(best, climbed);
    }
    // From nothing where that is better, as where what helps each alone does harm together.
    if best.configuration == nothing.configuration || problem.is_limited() {
        let climbed = search.climb(best.clone(), Moves::All, &together)?;
        best = search.better(best, climbed);
    }
    let mut enumerated = None;
    if let Some((found, sets)) = search.enumerate(&best)? {
        let alone = search.without_trifles(best)?;
        best = search.without_trifles(found)?;
        let alone = search.rescored(alone).score;
        best = search.rescored(best);
        enumerated = Some(Enumerated { sets, gap: best.score.gap_above(&alone) });
    }
    best = search.without_trifles(best)?;
    let stopped = search.is_late();
    let bound = search.bound();
    let position = search.rescored(best);
    let behind = search.behind(&position, alternatives)?;
    Ok(Found { position, stopped, bound, enumerated, behind, best: search.best.clone() })
}

/// Where single moves from a position lead; `best` are the least costs known.
///
/// # Errors
/// Those of [`CostModel::evaluate`].
pub fn search_from(
    problem: &Problem<'_>,
    model: &mut dyn CostModel,
    alternatives: &Alternatives,
    from: Position,
    best: &IdVec<QueryId, f64>,
) -> Result<Position> {
    let mut search = Search::new(problem, model, None);
    search.recall(best, &from);
    let reached = search.climb(from, Moves::All, &together(alternatives))?;
    search.without_trifles(reached)
}

/// The sets of indexes that one plan uses together.
fn together(alternatives: &Alternatives) -> Vec<IndexSet> {
    alternatives.iter().flatten().filter(|set| set.len() > 1).cloned().collect()
}

impl Search<'_> {
    /// The better of two positions by what is known now; the first where they are equal.
    fn better(&self, one: Position, other: Position) -> Position {
        let (one, other) = (self.rescored(one), self.rescored(other));
        if other.score.beats(&one.score) { other } else { one }
    }
}
