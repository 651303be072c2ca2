//! Copies on which every finalist is built once; sets of them are tried by hiding the rest.
//!
//! Runs are kept by plan: a statement whose plan does not change under another set is not run again. Counters do not
//! depend on what else the machine does, so the copies are worked on side by side.

use crate::advise::candidates::Candidates;
use crate::advise::candidates::shapes::{Candidate, Set};
use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::{Measured, measure};
use crate::advise::verify::{comparison, write_cost};
use crate::error::{Context, Error, Result};
use crate::model::index::quote;
use crate::model::plan::Plan;
use crate::parallel::joined;
use crate::progress::Progress;
use crate::sqlite::session::Limit;
use crate::sqlite::visibility::IndexVisibility;
use crate::sqlite::{Schema, Session, statistics};
use crate::workload::Statement;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The bench on which sets of indexes are tried.
pub struct MeasuredCost<'w> {
    statements: &'w [Statement],
    candidates: Vec<Candidate>,
    /// The bytes of each.
    bytes: Vec<u64>,
    bare_bytes: u64,
    /// The candidates that are there whatever is asked.
    fixed: Set,
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
    visibility: IndexVisibility,
}

impl Worker {
    /// Builds the candidates that are not there yet. All are shown then.
    fn extend(&mut self, candidates: &[Candidate], progress: &dyn Progress) -> Result<()> {
        // A new index must not get the place of one that is hidden.
        self.visibility.show_all(&self.session)?;
        let there = Schema::read(self.session.connection())?.names();
        let mut partial = BTreeSet::new();
        for candidate in candidates.iter().filter(|c| !there.contains(&c.name.to_lowercase())) {
            progress.check()?;
            comparison::build(&self.session, candidate)?;
            let analyze = format!("ANALYZE {}", quote(&candidate.name));
            let analyzed = self.session.connection().execute_batch(&analyze);
            analyzed.context(|| format!("cannot analyze {}", candidate.name))?;
            partial.extend(candidate.index.filter.as_ref().map(|_| candidate.index.table.as_str()));
        }
        statistics::restate_rows(&self.session, &partial)?;
        self.visibility =
            IndexVisibility::new(&self.session, candidates.iter().map(|c| c.name.as_str()).enumerate())?;
        Ok(())
    }
}

/// A statement, a set of indexes, and the cost above which the exact number no longer matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
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

impl<'w> MeasuredCost<'w> {
    /// Opens a worker on each copy; all finalists are built there, under their names.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if a copy cannot be used.
    pub fn open(
        copies: &[PathBuf],
        prepared: &'w Prepared,
        candidates: &Candidates,
        progress: &'w dyn Progress,
    ) -> Result<Self> {
        let worker = |path: &PathBuf| -> Result<Mutex<Worker>> {
            let session = Session::open(path, progress.cancel_token())?;
            session.enforce_foreign_keys(prepared.request.foreign_keys)?;
            prepared.workload.stand_ins.install(session.connection())?;
            Ok(Mutex::new(Worker { session, visibility: IndexVisibility::default() }))
        };
        let mut costs = Self {
            statements: &prepared.workload.statements,
            candidates: vec![],
            bytes: vec![],
            bare_bytes: 0,
            fixed: Set::new(),
            relevant: vec![],
            workers: copies.iter().map(worker).collect::<Result<_>>()?,
            plans: HashMap::new(),
            runs: HashMap::new(),
            progress,
        };
        costs.extend(candidates, Set::new())?;
        Ok(costs)
    }

    /// Takes up the finalists of a look; what is not there yet is built. `fixed` are there whatever is asked.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if an index cannot be built, [`Error::Interrupted`].
    pub fn extend(&mut self, candidates: &Candidates, fixed: Set) -> Result<()> {
        self.relevant.clone_from(&candidates.relevant);
        self.fixed = fixed;
        if self.candidates == candidates.candidates {
            return Ok(());
        }
        self.candidates.clone_from(&candidates.candidates);
        let extend = |worker: &Mutex<Worker>| {
            let worker = &mut *worker.lock().unwrap_or_else(PoisonError::into_inner);
            worker.extend(&self.candidates, self.progress)
        };
        std::thread::scope(|scope| {
            let all: Vec<_> = self.workers.iter().map(|worker| scope.spawn(|| extend(worker))).collect();
            all.into_iter().try_for_each(joined)
        })?;
        let all = (0..self.candidates.len()).collect();
        let mut bytes = self.shown(&all, write_cost::bytes_by_name)?;
        self.bytes = self.candidates.iter().map(|c| bytes.remove(&c.name).unwrap_or(0)).collect();
        self.bare_bytes = bytes.into_values().sum();
        Ok(())
    }

    /// The name of a candidate.
    pub fn name(&self, candidate: usize) -> Option<&str> {
        self.candidates.get(candidate).map(|c| c.name.as_str())
    }

    /// The bytes of each candidate, as built.
    pub fn bytes(&self) -> &[u64] {
        &self.bytes
    }

    /// The plans of each statement under a set.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if one cannot be planned.
    pub fn plans(&mut self, set: &Set) -> Result<Vec<Vec<Plan>>> {
        Ok(self.chosen_under(set)?.iter().map(|chosen| chosen.plans.clone()).collect())
    }

    /// The candidates of a set that any statement reads.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if one cannot be planned.
    pub fn uses(&mut self, set: &Set) -> Result<Set> {
        Ok(self.chosen_under(set)?.iter().flat_map(|chosen| chosen.uses.iter().copied()).collect())
    }

    fn chosen_under(&mut self, set: &Set) -> Result<Vec<Arc<Chosen>>> {
        let evaluation = |statement| Evaluation { statement, set: set.clone(), cap: 0.0 };
        let evaluations: Vec<_> = (0..self.statements.len()).map(evaluation).collect();
        self.choose(&evaluations)
    }

    /// Looks at a copy on which of all candidates only those of a set are there.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if the set cannot be shown, and those of `look`.
    pub fn shown<T>(&self, set: &Set, look: impl FnOnce(&Session) -> Result<T>) -> Result<T> {
        let worker =
            self.workers.first().ok_or_else(|| Error::Invalid("the costs has no copy".to_owned()))?;
        let worker = &mut *worker.lock().unwrap_or_else(PoisonError::into_inner);
        worker.visibility.show(&worker.session, set)?;
        look(&worker.session)
    }

    /// The bytes of the database without its candidates.
    pub fn bare_bytes(&self) -> u64 {
        self.bare_bytes
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

    /// Takes over what is known of a read under a plan, from a run with that cap. A write was then run with the upkeep of
    /// all indexes, which the lab leaves to their price, so it is run again.
    pub fn seed(&mut self, statement: usize, plans: &[Plan], measured: &Measured, cap: f64) {
        if !self.is_write(statement) {
            self.runs.insert((statement, key_of(plans)), (measured.clone(), cap));
        }
    }

    fn is_write(&self, statement: usize) -> bool {
        self.statements.get(statement).is_some_and(|s| s.writes)
    }

    /// Plans and measures; answers come in the order of the questions. A statement that is only planned costs nothing.
    ///
    /// # Errors
    /// [`Error::Interrupted`], or [`Error::Sqlite`] if a statement fails.
    pub fn evaluate(&mut self, evaluations: &[Evaluation]) -> Result<Vec<(Arc<Chosen>, Measured)>> {
        let with_fixed = |q: &Evaluation| Evaluation { set: &q.set | &self.fixed, ..q.clone() };
        let evaluations: Vec<Evaluation> = evaluations.iter().map(with_fixed).collect();
        let chosen = self.choose(&evaluations)?;
        // The highest cap counts where several sets lead to one plan, so that the answer does not depend on who asks first.
        let mut wanted: BTreeMap<(usize, &str), (&Set, f64)> = BTreeMap::new();
        for (evaluation, chosen) in evaluations.iter().zip(&chosen) {
            let key = (evaluation.statement, chosen.key.as_str());
            let known = self.runs.get(&(evaluation.statement, chosen.key.clone()));
            if known.is_none_or(|(m, cap)| m.counters.timed_out && *cap < evaluation.cap) {
                // A write is measured with the indexes that it reads; the upkeep of the others is in their price.
                let set = if self.is_write(evaluation.statement) { &chosen.uses } else { &evaluation.set };
                let entry = wanted.entry(key).or_insert((set, evaluation.cap));
                entry.1 = entry.1.max(evaluation.cap);
            }
        }
        let mut jobs: Vec<_> = wanted.into_iter().collect();
        jobs.sort_by_key(|(_, (set, _))| *set);
        let measured = self.each(&jobs, |worker, ((statement, _), (set, cap))| {
            let statement = self.statement(*statement)?;
            worker.visibility.show(&worker.session, set)?;
            measure(&worker.session, statement, limit_of(*cap), self.progress)
        })?;
        let found: Vec<_> = jobs
            .iter()
            .zip(measured)
            .map(|(((s, key), (_, cap)), m)| ((*s, (*key).to_owned()), (m, *cap)))
            .collect();
        self.runs.extend(found);
        let answer = |(evaluation, chosen): (&Evaluation, Arc<Chosen>)| {
            let run = self.runs.get(&(evaluation.statement, chosen.key.clone())).cloned();
            run.map(|(m, _)| (chosen, m)).ok_or_else(|| Error::Invalid("a run is missing".to_owned()))
        };
        evaluations.iter().zip(chosen).map(answer).collect()
    }

    /// The plans alone.
    fn choose(&mut self, evaluations: &[Evaluation]) -> Result<Vec<Arc<Chosen>>> {
        let narrow = |q: &Evaluation| {
            (q.statement, q.set.intersection(self.relevant(q.statement)).copied().collect::<Set>())
        };
        let keys: Vec<_> = evaluations.iter().map(narrow).collect();
        let mut jobs: Vec<_> = keys.iter().filter(|k| !self.plans.contains_key(k)).collect();
        jobs.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        jobs.dedup();
        let chosen = self.each(&jobs, |worker, (statement, set)| {
            worker.visibility.show(&worker.session, set)?;
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
            // Starting a thread takes longer than a small question, so this one works as well.
            let mut workers = self.workers.iter().take(jobs.len());
            let own = workers.next();
            for worker in workers {
                scope.spawn(|| take_turns(worker));
            }
            own.into_iter().for_each(take_turns);
        });
        results.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
    }
}

fn key_of(plans: &[Plan]) -> String {
    plans.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n--\n")
}

/// The cap, with a net of time below it that must never decide on a loaded machine.
fn limit_of(cap: f64) -> Limit {
    Limit { cost: cap, time: Duration::from_secs_f64((cap / 1e9 * 20.0 + 20.0).min(1e6)) }
}
