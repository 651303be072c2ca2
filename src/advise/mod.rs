//! From a database and its workload to advice: [`advise`] is the road, each stage a file beside this one.
//!
//! probe → candidates → statistics → whatif (shortlist) → lab and select → trial and price → the document.

pub mod baseline;
pub mod candidates;
pub mod lab;
pub mod price;
pub mod probe;
pub mod select;
pub mod selectivity;
pub mod shortlist;
pub mod statistics;
pub mod tell;
pub mod trial;
pub mod whatif;

use crate::database::session::Limit;
use crate::database::{Schema, Session, Snapshot, statistics as stored};
use crate::document::{Document, Point};
use crate::error::{Context, Error, Result};
use crate::progress::Progress;
use crate::workload::{Text, Workload, inherent};
use baseline::Baseline;
use candidates::Candidate;
use lab::{Lab, Question, Set};
use probe::{Heard, Probe};
use select::{Choice, Weighing, curve};
use selectivity::Selectivity;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;
use trial::Copy;
use whatif::WhatIf;

/// What to advise on, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// The database; it is only read.
    pub database: PathBuf,
    /// The workload's texts; none to advise from the schema alone.
    pub texts: Option<Vec<Text>>,
    /// Enforce foreign keys as the application does.
    pub foreign_keys: bool,
    /// When a statement is stopped, in seconds of an ordinary machine.
    pub timeout: f64,
    /// How far along the curve of speed against price to go.
    pub taste: Taste,
}

/// Copies of the database that lie on disk at once: the snapshot, two in the lab, the final one.
const COPIES: u64 = 4;

impl Request {
    /// A request with the usual settings.
    pub fn new(database: &Path, texts: Option<Vec<Text>>) -> Self {
        Self { database: database.to_owned(), texts, foreign_keys: false, timeout: 10.0, taste: Taste::Knee }
    }

    fn limit(&self) -> Limit {
        let net = Duration::from_secs_f64((self.timeout * 6.0).clamp(0.001, 1e6));
        Limit { cost: self.timeout * 1e9, time: net }
    }
}

/// Advises: copies the database, asks the planner, builds and runs on the copy, and tells what was found.
///
/// # Errors
/// [`Error::Open`] and its like for a database that cannot be read, [`Error::NothingToDo`] if no statement can be planned,
/// [`Error::Interrupted`].
pub fn advise(request: &Request, progress: &dyn Progress) -> Result<Document> {
    let snapshot = Snapshot::take(&request.database, COPIES, progress)?;
    let session = Session::open(snapshot.path())?;
    session.enforce_foreign_keys(request.foreign_keys)?;
    let schema = Schema::read(session.connection())?;
    let workload = workload(request, &session, &schema)?;
    let (workload, found) = Baseline::measure(workload, &session, request.limit(), progress)?;
    if workload.statements.is_empty() {
        return Err(Error::NothingToDo(tell::why_nothing(&workload)));
    }
    drop(session);

    let probe = Probe::new(&schema, &workload.statements, &workload.stand_ins)?;
    let heard: Vec<Vec<Heard>> = workload.statements.iter().map(|s| probe.hear(&s.sql)).collect();
    let lab_copy =
        Copy::with(&snapshot.duplicate("lab-1.db")?, &[], true, &workload.stand_ins, false, progress)?;
    let (all, relevant) = all_candidates(&schema, lab_copy.session(), &heard)?;
    let gathered = statistics::gather(lab_copy.session(), &all, progress)?;
    let known = stored::read(lab_copy.session().connection())?;
    // Asking about an index that would hold its table over again costs a build and is never worth its bytes.
    let sizes = price::bytes_by_name(lab_copy.session())?;
    let small = |i: &usize| !repeats_its_table(&all, &gathered, &sizes, *i);
    let relevant: Vec<Set> = relevant.iter().map(|own| own.iter().copied().filter(small).collect()).collect();
    let mut whatif = WhatIf::new(&schema, &all, &[&known, &gathered.statistics], &workload.stand_ins)?;
    let fits = shortlist::shortlist(&mut whatif, &workload.statements, &relevant, progress)?;
    let finalists: Vec<Candidate> = fits.keys().filter_map(|i| all.get(*i).cloned()).collect();
    let fits: Vec<_> = fits.into_values().collect();
    drop(lab_copy);

    let (choice, points) =
        choose(request, &snapshot, &schema, &workload, &heard, &finalists, fits, &found, progress)?;
    let chosen: Vec<&Candidate> = choice.set.iter().filter_map(|i| finalists.get(*i)).collect();
    let mut document =
        tell::tell(request, &snapshot, &schema, &workload, &found, &chosen, &finalists, progress)?;
    document.curve = points;
    // What an interruption cut short is not a result.
    progress.check()?;
    Ok(document)
}

fn workload(request: &Request, session: &Session, schema: &Schema) -> Result<Workload> {
    let implied = || vec![inherent::text(schema)];
    Workload::prepare(&request.texts.clone().unwrap_or_else(implied), session, schema)
}

/// The candidates of all statements, named, and for each statement those of its own.
fn all_candidates(
    schema: &Schema,
    session: &Session,
    heard: &[Vec<Heard>],
) -> Result<(Vec<Candidate>, Vec<Set>)> {
    let columns: BTreeSet<(String, String)> = heard
        .iter()
        .flatten()
        .flat_map(|h| {
            h.access.constraints.iter().filter_map(|c| Some((h.access.table.clone(), c.column.clone()?)))
        })
        .collect();
    let selectivity = Selectivity::sample(session, schema, &columns)?;
    let each: Vec<_> = heard.iter().map(|h| candidates::candidates(schema, &selectivity, h)).collect();
    let all: BTreeSet<_> = each.iter().flatten().cloned().collect();
    let mut named: Vec<Candidate> = vec![];
    for index in all {
        let taken = |name: &str| schema.has(name) || named.iter().any(|c| c.name.eq_ignore_ascii_case(name));
        named.push(Candidate { name: index.name(taken), index });
    }
    let numbers = |own: &BTreeSet<_>| {
        named.iter().enumerate().filter(|(_, c)| own.contains(&c.index)).map(|(i, _)| i).collect()
    };
    let relevant = each.iter().map(numbers).collect();
    Ok((named, relevant))
}

/// True for an index with wide entries that is most of the size of its table.
fn repeats_its_table(
    all: &[Candidate],
    gathered: &statistics::Gathered,
    sizes: &BTreeMap<String, u64>,
    candidate: usize,
) -> bool {
    let (Some(c), Some(bytes)) = (all.get(candidate), gathered.bytes.get(candidate)) else { return false };
    let table = sizes.get(&c.index.table).copied().unwrap_or(u64::MAX);
    let entry = gathered.entry_bytes(candidate);
    entry > WIDE_ENTRY && *bytes as f64 > table as f64 * MOST_OF_A_TABLE
}

/// Bytes of an entry from which on an index is wide.
const WIDE_ENTRY: u64 = 100;
/// The share of its table's bytes that a wide index may have.
const MOST_OF_A_TABLE: f64 = 0.6;

/// Builds the finalists on two copies and searches among their sets.
fn choose(
    request: &Request,
    snapshot: &Snapshot,
    schema: &Schema,
    workload: &Workload,
    heard: &[Vec<Heard>],
    finalists: &[Candidate],
    fits: Vec<BTreeSet<usize>>,
    known: &Baseline,
    progress: &dyn Progress,
) -> Result<(Choice, Vec<Point>)> {
    let built: Vec<&Candidate> = finalists.iter().collect();
    let first = snapshot.duplicate("lab-1.db")?;
    let copy = Copy::with(&first, &built, true, &workload.stand_ins, request.foreign_keys, progress)?;
    let bytes = price::bytes_by_name(copy.session())?;
    drop(copy);
    let second = snapshot.folder().join("lab-2.db");
    std::fs::copy(&first, &second).map_err(Error::file("cannot write", &second))?;

    // Whatever index is on a table that a statement reads may change its plan.
    let tables = |heard: &Vec<Heard>| heard.iter().map(|h| h.access.table.clone()).collect::<BTreeSet<_>>();
    let touching = |tables: BTreeSet<String>| -> Set {
        finalists
            .iter()
            .enumerate()
            .filter(|(_, c)| tables.contains(&c.index.table))
            .map(|(i, _)| i)
            .collect()
    };
    let everything: Set = (0..finalists.len()).collect();
    let relevant = workload.statements.iter().zip(heard);
    let relevant = relevant
        .map(|(s, h)| if s.writes || h.is_empty() { everything.clone() } else { touching(tables(h)) });
    let mut lab = Lab::open(
        &[first, second],
        &workload.statements,
        finalists,
        relevant.collect(),
        &workload.stand_ins,
        request.foreign_keys,
        progress,
    )?;
    for (i, (plans, measured)) in known.plans.iter().zip(&known.measured).enumerate() {
        lab.learn(i, plans, measured);
    }
    progress.start("Measuring without indexes", None);
    let cap = request.limit().cost;
    let bare: Vec<_> = (0..workload.statements.len())
        .map(|statement| Question { statement, set: Set::new(), cap })
        .collect();
    let base: Vec<_> = lab.ask(&bare)?.into_iter().map(|(_, measured)| measured).collect();
    let tables = schema.tables.iter().filter(|t| t.is_indexable()).count().max(1) as f64;
    let share =
        |c: &Candidate| bytes.get(&c.name).copied().unwrap_or(0) as f64 / snapshot.bytes().max(1) as f64;
    let weighing = Weighing {
        weights: workload.statements.iter().map(|s| s.weight).collect(),
        fits,
        prices: finalists.iter().map(|c| share(c) + INSERT_PRICE / tables).collect(),
    };
    progress.start("Choosing indexes", None);
    let choices = curve(&mut lab, &weighing, &base, &RATES)?;
    progress.finish();
    let chosen = request.taste.of(choices.len());
    let point = |(i, choice): (usize, &Choice)| {
        let names: Vec<String> =
            choice.set.iter().filter_map(|i| Some(finalists.get(*i)?.name.clone())).collect();
        Point {
            bytes: names.iter().filter_map(|n| bytes.get(n)).sum(),
            indexes: names,
            speedup_geomean: choice.geomean,
            speedup_total: choice.total,
            chosen: i == chosen,
        }
    };
    let points = choices.iter().enumerate().map(point).collect();
    let choice =
        choices.into_iter().nth(chosen).ok_or_else(|| Error::Invalid("no set was chosen".to_owned()))?;
    Ok((choice, points))
}

/// How far along the curve to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taste {
    /// Speed first.
    Thorough,
    /// Where more bytes and dearer writes begin to bring little.
    Knee,
    /// Few indexes.
    Frugal,
}

/// How much speed-up (as a logarithm) one unit of price must bring, one rate for each point of the curve.
const RATES: [f64; 7] = [0.1, 0.2, 0.3, 0.4, 0.6, 1.0, 1.6];

impl Taste {
    fn of(self, points: usize) -> usize {
        let at = match self {
            Self::Thorough => 1,
            Self::Knee => 3,
            Self::Frugal => 6,
        };
        at.min(points.saturating_sub(1))
    }
}

/// What the upkeep of one index costs, in shares of the database's bytes, spread over its tables.
const INSERT_PRICE: f64 = 0.3;

/// Drops what the final plans do not read.
fn drop_unused<'c>(copy: &Copy, chosen: &[&'c Candidate], workload: &Workload) -> Result<Vec<&'c Candidate>> {
    let mut kept = chosen.to_vec();
    loop {
        let mut plans = vec![];
        for statement in &workload.statements {
            plans.extend(copy.plans(statement)?);
        }
        let unused: Vec<_> =
            kept.iter().filter(|c| !plans.iter().any(|p| p.uses(&c.name))).map(|c| c.name.clone()).collect();
        if unused.is_empty() {
            return Ok(kept);
        }
        for name in &unused {
            let sql = format!("DROP INDEX {}", crate::index::quote(name));
            copy.session().connection().execute_batch(&sql).context(|| format!("cannot drop {name}"))?;
        }
        kept.retain(|c| !unused.contains(&c.name));
    }
}
