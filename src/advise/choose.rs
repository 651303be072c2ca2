//! Builds the finalists on two copies, searches among their sets, and picks a point of the curve.

use crate::advise::candidates::Candidate;
use crate::advise::finalists::Finalists;
use crate::advise::lab::{Lab, Measured, Question, Set};
use crate::advise::price;
use crate::advise::select::{Choice, Optimum, curve};
use crate::advise::standing::repeated_by;
use crate::advise::subject::{Subject, Taste, USUAL_WRITES};
use crate::advise::trial::Copy;
use crate::advise::weigh::Weighing;
use crate::database::schema::ExistingIndex;
use crate::database::{Schema, statistics};
use crate::document::Point;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::syntax;
use crate::workload::{Statement, Workload};
use std::path::PathBuf;

/// The set that is advised, among those that were weighed.
pub struct Chosen {
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

/// Builds, searches and picks.
///
/// # Errors
/// [`Error::Sqlite`] if an index cannot be built, [`Error::Interrupted`].
pub fn choose(subject: &Subject, finalists: &Finalists, progress: &dyn Progress) -> Result<Chosen> {
    let (request, workload) = (&subject.request, &subject.workload);
    let candidates = &finalists.candidates;
    let (copies, bytes) = build(subject, finalists, progress)?;
    let mut lab = Lab::open(
        &copies,
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
    let statements = 0..workload.statements.len();
    let cap = request.limit().cost;
    let mut costs = |set: &Set, caps: &[f64]| -> Result<Vec<Measured>> {
        let question = |(statement, cap): (usize, &f64)| Question { statement, set: set.clone(), cap: *cap };
        let asked: Vec<_> = statements.clone().zip(caps).map(question).collect();
        Ok(lab.ask(&asked)?.into_iter().map(|(_, measured)| measured).collect())
    };
    let base = costs(&finalists.standing(), &vec![cap; statements.len()])?;
    let bare =
        costs(&Set::new(), &base.iter().map(|m| cap.min(m.cost() * FAR_WORSE + 1e6)).collect::<Vec<_>>())?;
    progress.start("Choosing indexes", None);
    let weighing = weighing(subject, finalists, &bytes);
    let wanted = request.taste.of(RATES.len());
    let deadline = request.deadline(subject.began);
    let found = curve(&mut lab, &weighing, &base, &bare, &RATES, wanted, deadline)?;
    progress.finish();
    let point = |(i, choice): (usize, &Choice)| {
        let new = choice.set.difference(&weighing.standing);
        let names: Vec<(String, u64)> =
            new.filter_map(|i| Some((candidates.get(*i)?.name.clone(), *bytes.get(*i)?))).collect();
        Point {
            bytes: names.iter().map(|(_, bytes)| bytes).sum(),
            indexes: names.into_iter().map(|(name, _)| name).collect(),
            speedup_geomean: choice.geomean,
            speedup_total: choice.total,
            chosen: i == wanted,
        }
    };
    let curve = found.choices.iter().enumerate().map(point).collect();
    let set = found.choices.into_iter().nth(wanted).map(|choice| choice.set).unwrap_or_default();
    let (stopped, optimum) = (found.stopped, found.optimum);
    Ok(Chosen { set, analyzed: base, bytes, curve, stopped, optimum })
}

/// Two copies with all finalists, and the bytes of each.
fn build(
    subject: &Subject,
    finalists: &Finalists,
    progress: &dyn Progress,
) -> Result<([PathBuf; 2], Vec<u64>)> {
    let (request, snapshot, workload) = (&subject.request, &subject.snapshot, &subject.workload);
    let built: Vec<&Candidate> = finalists.new_ones().iter().collect();
    let first = snapshot.duplicate("lab-1.db")?;
    let copy = Copy::with(&first, &built, true, &workload.stand_ins, request.foreign_keys, progress)?;
    let sizes = price::bytes_by_name(copy.session())?;
    let all = finalists.candidates.iter();
    let partial = all.clone().filter(|c| c.index.filter.is_some()).map(|c| c.index.table.as_str());
    statistics::restate_rows(copy.session(), &partial.collect())?;
    drop(copy);
    let second = snapshot.folder().join("lab-2.db");
    std::fs::copy(&first, &second).map_err(Error::file("cannot write", &second))?;
    let bytes = all.map(|c| sizes.get(&c.name).copied().unwrap_or(0)).collect();
    Ok(([first, second], bytes))
}

fn weighing(subject: &Subject, finalists: &Finalists, bytes: &[u64]) -> Weighing {
    let Subject { request, snapshot, workload, schema, .. } = subject;
    let tables = schema.tables.iter().filter(|t| t.is_indexable()).count().max(1) as f64;
    let inserts = INSERT_PRICE / tables * (request.writes / USUAL_WRITES);
    let upkeep = |c: &Candidate| inserts + WRITE_PRICE * written(workload, &c.index.table);
    let priced = finalists.candidates.iter().zip(&finalists.shares).zip(bytes);
    // Without what could go, so that a price is the same when the advice was followed.
    let going: u64 = bytes.iter().skip(finalists.standing).sum();
    let size = snapshot.bytes().saturating_sub(going).max(1) as f64;
    let price = |((c, share), bytes): ((&Candidate, &f64), &u64)| *bytes as f64 / size + upkeep(c) * share;
    Weighing {
        weights: workload.statements.iter().map(|s| s.weight).collect(),
        writes: workload.statements.iter().map(|s| s.writes).collect(),
        fits: finalists.fits.clone(),
        prices: priced.map(price).collect(),
        bytes: bytes.to_vec(),
        standing: finalists.standing(),
        repeated: repeated(schema, finalists),
        objective: request.objective,
        budget: request.budget,
        most: request.max_indexes,
    }
}

/// The standing finalists that an index repeats which cannot go.
fn repeated(schema: &Schema, finalists: &Finalists) -> Set {
    let stays = |other: &ExistingIndex| finalists.candidates.iter().all(|c| c.name != other.name);
    let is_repeated =
        |i: &usize| finalists.candidates.get(*i).and_then(|c| repeated_by(schema, &c.name, stays)).is_some();
    finalists.standing().into_iter().filter(is_repeated).collect()
}

/// The exchange rates of the curve: see [`curve`].
const RATES: [f64; 6] = [0.05, 0.09, 0.13, 0.175, 0.22, 0.35];

impl Taste {
    fn of(self, points: usize) -> usize {
        let at = match self {
            Self::Thorough => 3,
            Self::Knee => 4,
            Self::Frugal => 5,
        };
        at.min(points.saturating_sub(1))
    }
}

/// How many times slower a statement may be without the indexes that stand before it is stopped.
const FAR_WORSE: f64 = 100.0;
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
