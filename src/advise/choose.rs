//! Builds the finalists on two copies, searches among their sets, and picks a point of the curve.

use crate::advise::candidates::Candidate;
use crate::advise::finalists::Finalists;
use crate::advise::lab::{Lab, Measured, Question, Set};
use crate::advise::price;
use crate::advise::select::{Choice, Weighing, curve};
use crate::advise::subject::{Subject, Taste};
use crate::advise::trial::Copy;
use crate::database::statistics;
use crate::document::Point;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::syntax;
use crate::workload::{Statement, Workload};

/// The set that is advised, among those that were weighed.
pub struct Chosen {
    /// The finalists of the set.
    pub set: Set,
    /// What each statement costs after ANALYZE alone.
    pub analyzed: Vec<Measured>,
    /// The bytes of each finalist, as built.
    pub bytes: Vec<u64>,
    /// The curve that it stands on.
    pub curve: Vec<Point>,
}

/// Builds, searches and picks.
///
/// # Errors
/// [`Error::Sqlite`] if an index cannot be built, [`Error::Interrupted`].
pub fn choose(subject: &Subject, finalists: &Finalists, progress: &dyn Progress) -> Result<Chosen> {
    let (request, snapshot, workload) = (&subject.request, &subject.snapshot, &subject.workload);
    let candidates = &finalists.candidates;
    let built: Vec<&Candidate> = candidates.iter().collect();
    let first = snapshot.duplicate("lab-1.db")?;
    let copy = Copy::with(&first, &built, true, &workload.stand_ins, request.foreign_keys, progress)?;
    let bytes = price::bytes_by_name(copy.session())?;
    let partial = candidates.iter().filter(|c| c.index.filter.is_some()).map(|c| c.index.table.as_str());
    statistics::restate_rows(copy.session(), &partial.collect())?;
    drop(copy);
    let second = snapshot.folder().join("lab-2.db");
    std::fs::copy(&first, &second).map_err(Error::file("cannot write", &second))?;

    let mut lab = Lab::open(
        &[first, second],
        &workload.statements,
        candidates,
        finalists.relevant.clone(),
        &workload.stand_ins,
        request.foreign_keys,
        progress,
    )?;
    for (i, (plans, measured)) in subject.baseline.plans.iter().zip(&subject.baseline.measured).enumerate() {
        lab.learn(i, plans, measured, request.limit().cost);
    }
    progress.start("Measuring without indexes", None);
    let cap = request.limit().cost;
    let bare: Vec<_> = (0..workload.statements.len())
        .map(|statement| Question { statement, set: Set::new(), cap })
        .collect();
    let base: Vec<_> = lab.ask(&bare)?.into_iter().map(|(_, measured)| measured).collect();
    let tables = subject.schema.tables.iter().filter(|t| t.is_indexable()).count().max(1) as f64;
    let share =
        |c: &Candidate| bytes.get(&c.name).copied().unwrap_or(0) as f64 / snapshot.bytes().max(1) as f64;
    let price =
        |c: &Candidate| share(c) + INSERT_PRICE / tables + WRITE_PRICE * written(workload, &c.index.table);
    let weighing = Weighing {
        weights: workload.statements.iter().map(|s| s.weight).collect(),
        fits: finalists.fits.clone(),
        prices: candidates.iter().map(price).collect(),
    };
    progress.start("Choosing indexes", None);
    let choices = curve(&mut lab, &weighing, &base, &RATES)?;
    progress.finish();
    let chosen = request.taste.of(choices.len());
    let point = |(i, choice): (usize, &Choice)| {
        let names: Vec<String> =
            choice.set.iter().filter_map(|i| Some(candidates.get(*i)?.name.clone())).collect();
        Point {
            bytes: names.iter().filter_map(|n| bytes.get(n)).sum(),
            indexes: names,
            speedup_geomean: choice.geomean,
            speedup_total: choice.total,
            chosen: i == chosen,
        }
    };
    let curve = choices.iter().enumerate().map(point).collect();
    let set = choices.into_iter().nth(chosen).map(|choice| choice.set).unwrap_or_default();
    let bytes = candidates.iter().map(|c| bytes.get(&c.name).copied().unwrap_or(0)).collect();
    Ok(Chosen { set, analyzed: base, bytes, curve })
}

/// The exchange rates of the curve: see [`curve`].
const RATES: [f64; 6] = [0.05, 0.09, 0.13, 0.155, 0.22, 0.35];

impl Taste {
    fn of(self, points: usize) -> usize {
        let at = match self {
            Self::Thorough => 2,
            Self::Knee => 3,
            Self::Frugal => 5,
        };
        at.min(points.saturating_sub(1))
    }
}

/// What the upkeep of one index costs, in shares of the database's bytes, spread over its tables.
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
