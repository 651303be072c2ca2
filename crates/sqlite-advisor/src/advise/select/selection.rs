//! The configuration that is advised, among those that were weighed.

use crate::advise::candidates::Candidates;
use crate::advise::candidates::existing::droppable;
use crate::advise::prepare::{Preference, Prepared, USUAL_WRITES};
use crate::advise::select::cost_model::{CostModel, Evaluation, QueryCost};
use crate::advise::select::measured::{Effort, MeasuredCost};
use crate::advise::select::problem::{Problem, Query};
use crate::advise::select::search::Search;
use crate::advise::select::{Behind, Enumerated, Found, Position, search, search_from};
use crate::error::Result;
use crate::model::candidate::Candidate;
use crate::model::configuration::{Configuration, Scenario, StatisticsAction};
use crate::model::counters::Counters;
use crate::model::ids::{Id, IdVec, IndexId, QueryId};
use crate::model::report::Point;
use crate::progress::Progress;
use crate::sql::syntax;
use crate::workload::{Statement, Workload};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What was chosen.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The configuration, with what every query costs under it.
    pub position: Position,
    /// What each statement costs after ANALYZE alone.
    pub analyzed: Vec<Counters>,
    /// The reads that get a little slower, for a gain of the whole that is worth it.
    pub harmed: Vec<(QueryId, Scenario)>,
    /// The statements that stay behind the best that is known of them.
    pub behind: Vec<Behind>,
    /// The least cost known of each statement.
    pub best: IdVec<QueryId, f64>,
    /// The time ran out before the search ended.
    pub stopped: bool,
    /// How many times faster the statements could be at the most, by cost: every one at the best that is known of it.
    pub bound: f64,
    /// What trying all sets of new indexes found, where they are few.
    pub enumerated: Option<Enumerated>,
    /// What the search took.
    pub effort: Effort,
}

impl Preference {
    /// How far a statement may stay behind its best, and the logarithm of speed that an index as large as the database must
    /// bring.
    fn terms(self) -> (f64, f64) {
        match self {
            Self::Thorough => (1.2, 0.1),
            Self::Balanced => (2.0, 0.2),
            Self::Frugal => (5.0, 0.4),
        }
    }
}

/// What the upkeep of one index costs, in shares of the database's bytes, spread over its tables, at [`USUAL_WRITES`].
const INSERT_PRICE: f64 = 0.3;
/// What it costs more if every statement of the workload wrote to its table.
const WRITE_PRICE: f64 = 0.5;

/// Searches. `from` is a configuration to start from beside the usual starts.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn select(
    prepared: &Prepared,
    candidates: &Candidates,
    model: &mut MeasuredCost<'_>,
    from: Option<&Position>,
    progress: &dyn Progress,
) -> Result<Selection> {
    progress.start("Choosing indexes", None);
    let queries = queries(prepared, candidates, model)?;
    let analyzed = after_analyze(candidates, &queries, model)?;
    let deadline = model.deadline();
    let problem = problem(prepared, candidates, queries, model, prepared.request.preference);
    let found = search(&problem, model, &candidates.alternatives, from, deadline)?;
    progress.finish();
    let Found { position, stopped, bound, enumerated, behind, best } = found;
    Ok(Selection {
        harmed: problem.harmed(&position.configuration, &position.costs),
        behind,
        best,
        effort: model.effort(),
        position,
        analyzed,
        stopped,
        bound: bound.exp(),
        enumerated,
    })
}

impl Selection {
    /// What the same knowledge tells of another position: who is harmed and who stays behind there.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
    pub fn at(
        self,
        prepared: &Prepared,
        candidates: &Candidates,
        model: &mut MeasuredCost<'_>,
        position: Position,
    ) -> Result<Self> {
        let queries = queries(prepared, candidates, model)?;
        let problem = problem(prepared, candidates, queries, model, prepared.request.preference);
        let mut search = Search::new(&problem, model, None);
        search.recall(&self.best, &position);
        let behind = search.behind(&position, &candidates.alternatives)?;
        let (harmed, best) = (problem.harmed(&position.configuration, &position.costs), search.best.clone());
        Ok(Self { harmed, behind, best, effort: model.effort(), position, ..self })
    }

    /// The same knowledge, but nothing is advised.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
    pub fn of_nothing(
        &self,
        prepared: &Prepared,
        candidates: &Candidates,
        model: &mut MeasuredCost<'_>,
    ) -> Result<Self> {
        let queries = queries(prepared, candidates, model)?;
        let problem = problem(prepared, candidates, queries, model, prepared.request.preference);
        let position = Search::new(&problem, model, None).found();
        Ok(Self { position, harmed: vec![], behind: vec![], ..self.clone() })
    }
}

/// A configuration as the search sees it from the database as found; none if a read would get slower.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn seen_from_found(
    prepared: &Prepared,
    candidates: &Candidates,
    model: &mut MeasuredCost<'_>,
    configuration: Configuration,
) -> Result<Option<Position>> {
    let queries = queries(prepared, candidates, model)?;
    let problem = problem(prepared, candidates, queries, model, prepared.request.preference);
    let position = Search::new(&problem, model, None).position(configuration)?;
    Ok((position.score.violation == 0.0).then_some(position))
}

/// What each query costs as found, in each of the promised scenarios: an SQLite without STAT4 may plan it otherwise today.
fn queries(
    prepared: &Prepared,
    candidates: &Candidates,
    model: &mut MeasuredCost<'_>,
) -> Result<IdVec<QueryId, Query>> {
    let found = candidates.found();
    let cap = prepared.request.limit().cost;
    let mut under = |scenario: Scenario| {
        let statistics = scenario.statistics_after(found.statistics, found.statistics);
        let ids = candidates.relevant.ids();
        let asked: Vec<_> = ids.map(|id| Evaluation::of(id, &found, statistics, cap)).collect();
        model.evaluate(&asked)
    };
    let (full, without_stat4) = (under(Scenario::Full)?, under(Scenario::WithoutStat4)?);
    let as_found = under(Scenario::AsFound)?;
    let costs = full.into_iter().zip(without_stat4).zip(as_found);
    let mut queries = IdVec::default();
    for (statement, ((full, without_stat4), as_found)) in prepared.workload.statements.iter().zip(costs) {
        // Where the statistics of today are worse without STAT4, that is the bar there, and never a better one than today.
        let bar = |cost: Arc<QueryCost>| if cost.cost > as_found.cost { cost } else { Arc::clone(&as_found) };
        let found = [bar(full), bar(without_stat4), Arc::clone(&as_found)];
        let relevant = candidates.relevant[QueryId::at(queries.len())].clone();
        queries.push(Query { weight: statement.weight, writes: statement.writes, found, relevant });
    }
    Ok(queries)
}

/// What each statement costs after ANALYZE alone; a run is stopped where it is slower than as found by far.
fn after_analyze(
    candidates: &Candidates,
    queries: &IdVec<QueryId, Query>,
    model: &mut MeasuredCost<'_>,
) -> Result<Vec<Counters>> {
    let analyzed = candidates.found().having(StatisticsAction::Analyze);
    let statistics = Scenario::Full.statistics(analyzed.statistics);
    let asked = queries.enumerate().map(|(id, query)| {
        let [found, ..] = &query.found;
        Evaluation::of(id, &analyzed, statistics, found.cost * FAR_SLOWER + 1e6)
    });
    let costs = model.evaluate(&asked.collect::<Vec<_>>())?;
    Ok(costs.iter().map(|cost| Counters::mean(cost.runs.iter().copied())).collect())
}

/// How many times slower than as found a statement is stopped after ANALYZE alone: how much more is not worth the time.
const FAR_SLOWER: f64 = 1.5;

fn problem<'c>(
    prepared: &Prepared,
    candidates: &'c Candidates,
    queries: IdVec<QueryId, Query>,
    model: &MeasuredCost<'_>,
    preference: Preference,
) -> Problem<'c> {
    let Prepared { request, workload, schema, .. } = prepared;
    let tables = schema.tables.iter().filter(|t| t.is_indexable()).count().max(1) as f64;
    let inserts = INSERT_PRICE / tables * (request.writes / USUAL_WRITES);
    let upkeep = |c: &Candidate| inserts + WRITE_PRICE * written(workload, &c.index.table);
    let size = bytes_that_stay(prepared) as f64;
    let (within, rate) = preference.terms();
    Problem {
        candidates: &candidates.all,
        found: candidates.found(),
        queries,
        upkeep: candidates.all.ids().map(|id| model.upkeep_of(id)).collect(),
        prices: candidates.all.iter().map(|c| c.bytes as f64 / size + upkeep(c) * c.share).collect(),
        objective: request.objective,
        within: request.within.unwrap_or(within),
        rate,
        budget: request.budget,
        max_indexes: request.max_indexes,
    }
}

/// The bytes of the database without what could go and without the statistics, so that a price is the same once the advice
/// was followed.
fn bytes_that_stay(prepared: &Prepared) -> u64 {
    let could_go: BTreeSet<String> =
        droppable(prepared, &prepared.schema).into_iter().map(|c| c.name).collect();
    let stays = |name: &str| !could_go.contains(name) && !name.starts_with("sqlite_stat");
    let sizes = prepared.sizes.iter().filter(|(name, _)| stays(name));
    sizes.map(|(_, bytes)| bytes).sum::<u64>().max(1)
}

/// The share of the workload that writes to a table.
fn written(workload: &Workload, table: &str) -> f64 {
    let all: f64 = workload.statements.iter().map(|s| s.weight).sum();
    let to_it = |s: &&Statement| {
        s.writes && syntax::written_table(&s.sql).is_some_and(|t| t.eq_ignore_ascii_case(table))
    };
    workload.statements.iter().filter(to_it).map(|s| s.weight).sum::<f64>() / all.max(1e-9)
}

/// The configurations that frugal, balanced and thorough lead to from the one chosen, in this order. With a time limit only
/// the chosen one is told.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn curve(
    prepared: &Prepared,
    candidates: &Candidates,
    selection: &Selection,
    model: &mut MeasuredCost<'_>,
    progress: &dyn Progress,
) -> Result<Vec<Point>> {
    progress.start("Drawing the curve", None);
    let queries = queries(prepared, candidates, model)?;
    let mut points = vec![];
    for preference in [Preference::Frugal, Preference::Balanced, Preference::Thorough] {
        let problem = problem(prepared, candidates, queries.clone(), model, preference);
        let chosen = preference == prepared.request.preference;
        if chosen {
            points.push(point(&problem, &selection.position, true));
        } else if prepared.request.time_limit.is_none() {
            let from = selection.position.clone();
            let position = search_from(&problem, model, &candidates.alternatives, from, &selection.best)?;
            points.push(point(&problem, &position, false));
        }
    }
    progress.finish();
    Ok(points)
}

fn point(problem: &Problem<'_>, position: &Position, chosen: bool) -> Point {
    let new: Vec<IndexId> = problem.new_ones(&position.configuration).collect();
    let (speedup_geomean, speedup_total) = problem.speedups(&position.costs);
    Point {
        bytes: new.iter().map(|i| problem.candidates[*i].bytes).sum(),
        indexes: new.iter().map(|i| problem.candidates[*i].name.clone()).collect(),
        speedup_geomean,
        speedup_total,
        chosen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advise::Request;
    use crate::progress::Silent;

    #[test]
    fn prices_are_the_same_once_the_advice_was_followed() -> Result<()> {
        let folder = tempfile::tempdir().map_err(crate::Error::file("cannot make", "temp".as_ref()))?;
        let db = folder.path().join("app.db");
        let conn = rusqlite::Connection::open(&db)?;
        conn.execute_batch(
            "CREATE TABLE t(a, b); CREATE UNIQUE INDEX rule ON t(b);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO t SELECT i % 7, i FROM n",
        )?;
        let request = Request::new(&db).queries(["SELECT b FROM t WHERE a = 3"]);
        let bytes = || Prepared::read(&request, &Silent).map(|prepared| bytes_that_stay(&prepared));
        let before = bytes()?;
        conn.execute_batch("CREATE INDEX i ON t(a); ANALYZE")?;
        assert_eq!(bytes()?, before);
        conn.execute_batch("DROP INDEX rule")?;
        assert!(bytes()? < before, "what holds a rule of the application stays, and counts");
        Ok(())
    }
}
