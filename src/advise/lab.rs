//! Copies on which every finalist is built once; sets of them are tried by hiding the rest.
//!
//! Runs are kept by plan: a statement whose plan does not change under another set is not run again. Counters do not
//! depend on what else the machine does, so the copies are worked on side by side.

use crate::advise::candidates::Candidate;
use crate::counters::Counters;
use crate::database::rows::Rows;
use crate::database::session::{Limit, Run};
use crate::database::shelf::Shelf;
use crate::database::{Session, StandIns};
use crate::error::{Context, Error, Result};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::workload::Statement;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Candidates by number.
pub type Set = BTreeSet<usize>;

/// The bench on which sets of indexes are tried.
pub struct Lab<'w> {
    statements: &'w [Statement],
    candidates: &'w [Candidate],
    /// For each statement, the candidates that could change its plan or its price.
    relevant: Vec<Set>,
    workers: Vec<Mutex<Worker>>,
    plans: HashMap<(usize, Set), Arc<Chosen>>,
    /// By plan: what was measured, and the cap of that run.
    runs: HashMap<(usize, String), (Measured, f64)>,
    progress: &'w dyn Progress,
}

struct Worker {
    session: Session,
    shelf: Shelf,
}

/// A statement, a set of indexes, and the cost above which the exact number no longer matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The statement's position in the workload.
    pub statement: usize,
    /// The indexes that are there.
    pub set: Set,
    /// The run is stopped at this cost; what is then known is that it is higher.
    pub cap: f64,
}

/// The plans that SQLite chooses for a statement, one for each set of values.
#[derive(Debug, PartialEq)]
pub struct Chosen {
    /// The plans.
    pub plans: Vec<Plan>,
    /// The candidates that they use.
    pub uses: Set,
    /// Equal for two sets under which the statement does the same work.
    key: String,
}

/// What a statement costs under one plan.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// The mean over its sets of values.
    pub counters: Counters,
    /// The rows of each run.
    pub rows: Vec<Rows>,
}

impl Measured {
    /// The deterministic cost in nanoseconds; a lower bound if the run was stopped.
    pub fn cost(&self) -> f64 {
        self.counters.cost()
    }
}

impl<'w> Lab<'w> {
    /// Opens a worker on each copy; all candidates are built there, under their names.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if a copy cannot be used.
    pub fn open(
        copies: &[PathBuf],
        statements: &'w [Statement],
        candidates: &'w [Candidate],
        relevant: Vec<Set>,
        stand_ins: &StandIns,
        foreign_keys: bool,
        progress: &'w dyn Progress,
    ) -> Result<Self> {
        let worker = |path: &PathBuf| -> Result<Mutex<Worker>> {
            let session = Session::open(path)?;
            session.enforce_foreign_keys(foreign_keys)?;
            stand_ins.install(session.connection())?;
            let shelf = Shelf::new(&session, candidates.iter().map(|c| c.name.as_str()).enumerate())?;
            Ok(Mutex::new(Worker { session, shelf }))
        };
        let workers = copies.iter().map(worker).collect::<Result<_>>()?;
        Ok(Self {
            statements,
            candidates,
            relevant,
            workers,
            plans: HashMap::new(),
            runs: HashMap::new(),
            progress,
        })
    }

    /// The candidates that could matter to a statement.
    pub fn relevant(&self, statement: usize) -> &Set {
        static NONE: Set = Set::new();
        self.relevant.get(statement).unwrap_or(&NONE)
    }

    /// True if two candidates are of one table.
    pub fn same_table(&self, a: usize, b: usize) -> bool {
        let table = |i: usize| self.candidates.get(i).map(|c| &c.index.table);
        table(a) == table(b)
    }

    /// True if all that one candidate serves another serves as well.
    pub fn is_prefix(&self, a: usize, b: usize) -> bool {
        let index = |i: usize| self.candidates.get(i).map(|c| &c.index);
        index(a).zip(index(b)).is_some_and(|(a, b)| a.is_prefix_of(b))
    }

    /// Takes over what is known of a statement under a plan, from a run with that cap.
    pub fn learn(&mut self, statement: usize, plans: &[Plan], measured: &Measured, cap: f64) {
        self.runs.insert((statement, key_of(plans)), (measured.clone(), cap));
    }

    /// Plans and measures; answers come in the order of the questions. A statement that is only planned costs nothing.
    ///
    /// # Errors
    /// [`Error::Interrupted`], or [`Error::Sqlite`] if a statement fails.
    pub fn ask(&mut self, questions: &[Question]) -> Result<Vec<(Arc<Chosen>, Measured)>> {
        let chosen = self.choose(questions)?;
        // The highest cap counts where several sets lead to one plan, so that the answer does not depend on who asks first.
        let mut wanted: BTreeMap<(usize, &str), (&Set, f64)> = BTreeMap::new();
        for (question, chosen) in questions.iter().zip(&chosen) {
            let key = (question.statement, chosen.key.as_str());
            let known = self.runs.get(&(question.statement, chosen.key.clone()));
            if known.is_none_or(|(m, cap)| m.counters.timed_out && *cap < question.cap) {
                // A write is measured with the indexes that it reads; the upkeep of the others is in their price.
                let writes = self.statements.get(question.statement).is_some_and(|s| s.writes);
                let set = if writes { &chosen.uses } else { &question.set };
                let entry = wanted.entry(key).or_insert((set, question.cap));
                entry.1 = entry.1.max(question.cap);
            }
        }
        let mut jobs: Vec<_> = wanted.into_iter().collect();
        jobs.sort_by_key(|(_, (set, _))| *set);
        let measured = self.each(&jobs, |worker, ((statement, _), (set, cap))| {
            let statement = self.statement(*statement)?;
            worker.shelf.show(&worker.session, set)?;
            measure(&worker.session, statement, limit_of(*cap), self.progress)
        })?;
        let found: Vec<_> = jobs
            .iter()
            .zip(measured)
            .map(|(((s, key), (_, cap)), m)| ((*s, (*key).to_owned()), (m, *cap)))
            .collect();
        self.runs.extend(found);
        let answer = |(question, chosen): (&Question, Arc<Chosen>)| {
            let run = self.runs.get(&(question.statement, chosen.key.clone())).cloned();
            run.map(|(m, _)| (chosen, m)).ok_or_else(|| Error::Invalid("a run is missing".to_owned()))
        };
        questions.iter().zip(chosen).map(answer).collect()
    }

    /// The plans alone.
    fn choose(&mut self, questions: &[Question]) -> Result<Vec<Arc<Chosen>>> {
        let narrow = |q: &Question| {
            (q.statement, q.set.intersection(self.relevant(q.statement)).copied().collect::<Set>())
        };
        let keys: Vec<_> = questions.iter().map(narrow).collect();
        let mut jobs: Vec<_> = keys.iter().filter(|k| !self.plans.contains_key(k)).collect();
        jobs.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        jobs.dedup();
        let chosen = self.each(&jobs, |worker, (statement, set)| {
            worker.shelf.show(&worker.session, set)?;
            self.plan(&worker.session, *statement, set)
        })?;
        let found: Vec<_> = jobs.into_iter().cloned().zip(chosen).collect();
        self.plans.extend(found);
        let missing = || Error::Invalid("a plan is missing".to_owned());
        keys.iter().map(|key| self.plans.get(key).cloned().ok_or_else(missing)).collect()
    }

    fn plan(&self, session: &Session, statement: usize, set: &Set) -> Result<Arc<Chosen>> {
        let s = self.statement(statement)?;
        let plans = s.bindings.iter().map(|b| session.plan(&s.sql, b)).collect::<rusqlite::Result<Vec<_>>>();
        let plans = plans.context(|| format!("{}: cannot plan {}", s.source, s.id))?;
        let used =
            |i: &&usize| self.candidates.get(**i).is_some_and(|c| plans.iter().any(|p| p.uses(&c.name)));
        let uses = set.iter().filter(used).copied().collect();
        let key = key_of(&plans);
        Ok(Arc::new(Chosen { plans, uses, key }))
    }

    fn statement(&self, i: usize) -> Result<&'w Statement> {
        self.statements.get(i).ok_or_else(|| Error::Invalid(format!("there is no statement {i}")))
    }

    /// Works through jobs on all copies; results come in the order of the jobs.
    fn each<J: Sync, T: Send>(
        &self,
        jobs: &[J],
        work: impl Fn(&mut Worker, &J) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let (next, results) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
        let take_turns = |worker: &Mutex<Worker>| {
            let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some(job) = jobs.get(i) else { return };
                let result = self.progress.check().and_then(|()| work(&mut worker, job));
                let failed = result.is_err();
                results.lock().unwrap_or_else(PoisonError::into_inner).insert(i, result);
                if failed {
                    next.store(jobs.len(), Ordering::Relaxed);
                    return;
                }
            }
        };
        std::thread::scope(|scope| {
            for worker in &self.workers {
                scope.spawn(|| take_turns(worker));
            }
        });
        results.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
    }
}

fn key_of(plans: &[Plan]) -> String {
    plans.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n--\n")
}

/// Runs a statement with each of its sets of values.
///
/// # Errors
/// [`Error::Interrupted`], or [`Error::Sqlite`] if the statement fails.
pub fn measure(
    session: &Session,
    statement: &Statement,
    limit: Limit,
    progress: &dyn Progress,
) -> Result<Measured> {
    if statement.only_planned {
        return Ok(Measured { counters: Counters::default(), rows: vec![] });
    }
    let mut runs: Vec<Run> = vec![];
    for values in &statement.bindings {
        progress.check()?;
        runs.push(session.run(&statement.sql, values, limit)?);
    }
    let counters = Counters::mean(runs.iter().map(|r| r.counters));
    Ok(Measured { counters, rows: runs.into_iter().map(|r| r.rows).collect() })
}

/// The cap, with a net of time below it that must never decide on a loaded machine.
fn limit_of(cap: f64) -> Limit {
    Limit { cost: cap, time: Duration::from_secs_f64((cap / 1e9 * 20.0 + 20.0).min(1e6)) }
}
