//! Searches among the sets of finalists that the lab has built, and picks a point of the curve.

use crate::advise::candidates::Candidates;
use crate::advise::candidates::shapes::{Candidate, Set};
use crate::advise::prepare::measure::Measured;
use crate::advise::prepare::{Preference, Prepared, USUAL_WRITES};
use crate::advise::select::measured::{Evaluation, MeasuredCost};
use crate::advise::select::problem::{Problem, QueryCost};
use crate::advise::select::{Choice, Optimum, curve, far_worse};
use crate::error::Result;
use crate::model::report::Point;
use crate::progress::Progress;
use crate::sql::syntax;
use crate::workload::{Statement, Workload};

/// The set that is advised, among those that were weighed.
pub struct Selection {
    /// The finalists of the set: new ones, and those that stay.
    pub set: Set,
    /// What each statement costs after ANALYZE alone.
    pub analyzed: Vec<Measured>,
    /// The bytes of each finalist, as built.
    pub bytes: Vec<u64>,
    /// The curve that it stands on.
    pub curve: Vec<Point>,
    /// The time ran out before the search ended.
    pub stopped: bool,
    /// What trying all sets found, where there were few.
    pub optimum: Option<Optimum>,
}

/// Searches and picks.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn choose(
    costs: &mut MeasuredCost<'_>,
    prepared: &Prepared,
    candidates: &Candidates,
    progress: &dyn Progress,
) -> Result<Selection> {
    let (request, workload) = (&prepared.request, &prepared.workload);
    progress.start("Measuring without indexes", None);
    let statements = 0..workload.statements.len();
    let cap = request.limit().cost;
    let mut evaluated = |set: &Set, caps: &[f64]| -> Result<Vec<Measured>> {
        let evaluation =
            |(statement, cap): (usize, &f64)| Evaluation { statement, set: set.clone(), cap: *cap };
        let asked: Vec<_> = statements.clone().zip(caps).map(evaluation).collect();
        Ok(costs.evaluate(&asked)?.into_iter().map(|(_, measured)| measured).collect())
    };
    let base = evaluated(&candidates.standing, &vec![cap; statements.len()])?;
    let bare =
        evaluated(&Set::new(), &base.iter().map(|m| cap.min(far_worse(m.cost()))).collect::<Vec<_>>())?;
    progress.start("Choosing indexes", None);
    let problem = problem(costs, prepared, candidates);
    let wanted = request.preference.of(RATES.len());
    let deadline = request.deadline(prepared.began);
    let found = curve(costs, &problem, &base, &bare, &RATES, wanted, deadline)?;
    progress.finish();
    let curve =
        found.choices.iter().enumerate().map(|(i, c)| point(costs, &problem, c, i == wanted)).collect();
    let set = found.choices.into_iter().nth(wanted).map(|choice| choice.set).unwrap_or_default();
    let (stopped, optimum, bytes) = (found.stopped, found.optimum, costs.bytes().to_vec());
    Ok(Selection { set, analyzed: base, bytes, curve, stopped, optimum })
}

/// The point of the curve at which a set stands that was found later. `analyzed` is what each statement costs after
/// ANALYZE alone.
///
/// # Errors
/// Those of [`MeasuredCost::evaluate`].
pub fn point_of(
    costs: &mut MeasuredCost<'_>,
    prepared: &Prepared,
    candidates: &Candidates,
    analyzed: &[Measured],
    set: &Set,
) -> Result<Point> {
    let problem = problem(costs, prepared, candidates);
    let evaluation =
        |statement| Evaluation { statement, set: set.clone(), cap: prepared.request.limit().cost };
    let evaluations: Vec<_> = (0..analyzed.len()).map(evaluation).collect();
    let states: Vec<QueryCost> =
        costs.evaluate(&evaluations)?.iter().map(|(chosen, m)| QueryCost::of(m, &chosen.uses)).collect();
    let choice = Choice::of(&problem, analyzed, set, &states);
    Ok(point(costs, &problem, &choice, true))
}

fn point(costs: &MeasuredCost<'_>, problem: &Problem, choice: &Choice, chosen: bool) -> Point {
    let new: Vec<usize> = choice.set.difference(&problem.standing).copied().collect();
    Point {
        bytes: new.iter().filter_map(|i| costs.bytes().get(*i)).sum(),
        indexes: new.iter().filter_map(|i| costs.name(*i)).map(str::to_owned).collect(),
        speedup_geomean: choice.geomean,
        speedup_total: choice.total,
        chosen,
    }
}

fn problem(costs: &MeasuredCost<'_>, prepared: &Prepared, candidates: &Candidates) -> Problem {
    let Prepared { request, workload, schema, .. } = prepared;
    let tables = schema.tables.iter().filter(|t| t.is_indexable()).count().max(1) as f64;
    let inserts = INSERT_PRICE / tables * (request.writes / USUAL_WRITES);
    let upkeep = |c: &Candidate| inserts + WRITE_PRICE * written(workload, &c.index.table);
    // Without what could go, so that a price is the same when the advice was followed.
    let size = costs.bare_bytes().max(1) as f64;
    let priced = candidates.candidates.iter().zip(&candidates.shares).zip(costs.bytes());
    let price = |((c, share), bytes): ((&Candidate, &f64), &u64)| *bytes as f64 / size + upkeep(c) * share;
    Problem {
        weights: workload.statements.iter().map(|s| s.weight).collect(),
        writes: workload.statements.iter().map(|s| s.writes).collect(),
        fits: candidates.fits.clone(),
        prices: priced.map(price).collect(),
        bytes: costs.bytes().to_vec(),
        open: candidates.open.clone(),
        standing: candidates.standing.clone(),
        repeated: candidates.repeated.clone(),
        objective: request.objective,
        budget: request.budget,
        most: request.max_indexes,
    }
}

/// The exchange rates of the curve: see [`curve`].
const RATES: [f64; 6] = [0.05, 0.09, 0.13, 0.205, 0.24, 0.35];

impl Preference {
    fn of(self, points: usize) -> usize {
        let at = match self {
            Self::Thorough => 3,
            Self::Balanced => 4,
            Self::Frugal => 5,
        };
        at.min(points.saturating_sub(1))
    }
}

/// What the upkeep of one index costs, in shares of the database's bytes, spread over its tables, at
/// [`USUAL_WRITES`].
const INSERT_PRICE: f64 = 0.3;
/// What it costs more if every statement of the workload wrote to its table.
const WRITE_PRICE: f64 = 0.5;

/// The share of the workload that writes to a table.
fn written(workload: &Workload, table: &str) -> f64 {
    let all: f64 = workload.statements.iter().map(|s| s.weight).sum();
    let to_it = |s: &&Statement| {
        s.writes && syntax::written_table(&s.sql).is_some_and(|t| t.eq_ignore_ascii_case(table))
    };
    workload.statements.iter().filter(to_it).map(|s| s.weight).sum::<f64>() / all.max(1e-9)
}
