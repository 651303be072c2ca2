//! The cost model that measures: SQLite's planner says which plan a query gets, and each plan is run once on a copy.
//!
//! A configuration whose plans are all known costs no run. Plans come from empty clones, one for each kind of statistics
//! ([`WhatIf`]); an index is built on the copies only when a plan that reads it is to be run. Counters do not depend on what
//! else the machine does, so the copies are worked on side by side.

use crate::advise::candidates::Candidates;
use crate::advise::candidates::what_if::WhatIf;
use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::{Measured, measure};
use crate::advise::select::copies::{Job, WorkingCopies};
use crate::advise::select::cost_model::{CostModel, Evaluation, QueryCost};
use crate::advise::select::distinct::DistinctCounts;
use crate::advise::select::known_plans::{KnownPlans, PlanKey, Planned};
use crate::cancel::is_past;
use crate::error::Result;
use crate::model::candidate::Candidate;
use crate::model::configuration::StatisticsKind;
use crate::model::counters::{Counters, PAGE_NS, VM_STEP_NS};
use crate::model::ids::{IdVec, IndexId, IndexSet, QueryId};
use crate::model::index::Index;
use crate::model::plan::Plan;
use crate::model::statistics::Statistics;
use crate::progress::Progress;
use crate::sql::syntax;
use crate::sqlite::session::Limit;
use crate::workload::Statement;
use crate::workload::touched::planned_with;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The statistics of each kind, of all tables, existing indexes and candidates.
pub type KnownStatistics = BTreeMap<StatisticsKind, Statistics>;

/// SQLite as a [`CostModel`].
pub struct MeasuredCost<'p> {
    statements: IdVec<QueryId, &'p Statement>,
    /// What each statement writes; none for a read.
    written: IdVec<QueryId, Option<Written>>,
    candidates: IdVec<IndexId, Candidate>,
    relevant: IdVec<QueryId, IndexSet>,
    /// The tables whose statistics its planning may read.
    tables: IdVec<QueryId, BTreeSet<String>>,
    distinct_counts: DistinctCounts,
    planners: BTreeMap<StatisticsKind, WhatIf>,
    copies: WorkingCopies<'p>,
    /// What each query cost as the database is found.
    found: IdVec<QueryId, Arc<Measured>>,
    plans: KnownPlans,
    runs: HashMap<RunKey, Run>,
    effort: Effort,
    deadline: Option<Instant>,
    progress: &'p dyn Progress,
}

/// How much the answers took; the same in every run on the same input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Questions to the planner.
    pub plannings: u64,
    /// Runs on a copy.
    pub executions: u64,
    /// Different plans that were run, those as found among them.
    pub plans: u64,
}

/// What tells one piece of work from another: a query, its plans, and for a write the indexes that it has to keep.
pub type RunKey = (QueryId, Arc<str>, IndexSet);

/// What a write touches.
struct Written {
    table: String,
    /// The columns that it sets; none where it touches whole rows.
    columns: Option<Vec<String>>,
}

impl Written {
    fn by(statement: &Statement) -> Option<Self> {
        let table = syntax::written_table(&statement.sql).filter(|_| statement.writes)?;
        Some(Self { table, columns: syntax::updated_columns(&statement.sql) })
    }

    /// True if an index has to be kept when the write is made.
    fn touches(&self, index: &Index) -> bool {
        let named = |columns: &Vec<String>| index.names_any(columns);
        index.table.eq_ignore_ascii_case(&self.table) && self.columns.as_ref().is_none_or(named)
    }
}

/// A run and the cap at which it would have been stopped.
#[derive(Debug, Clone)]
struct Run {
    measured: Arc<Measured>,
    cap: f64,
}

/// Steps and pages that keeping one entry of a new index takes.
const STEPS_OF_AN_ENTRY: u64 = 8;
const PAGES_OF_AN_ENTRY: u64 = 3;

impl<'p> MeasuredCost<'p> {
    /// Makes two copies with the statistics tables, and a clone for each kind of statistics. Nothing is run or built yet.
    ///
    /// # Errors
    /// [`crate::Error::HostileSchema`] or [`crate::Error::Sqlite`] if the schema cannot be cloned,
    /// [`crate::Error::File`] if a copy cannot be written.
    pub fn open(prepared: &'p Prepared, candidates: &Candidates, progress: &'p dyn Progress) -> Result<Self> {
        let statistics = &candidates.statistics;
        let copies = WorkingCopies::make(prepared, &candidates.all, statistics, progress.cancel_token())?;
        let deadline = prepared.search_deadline(0);
        let (stand_ins, enforced) = (&prepared.workload.stand_ins, prepared.request.foreign_keys);
        let known = statistics.iter().map(|(kind, known)| (*kind, known));
        let planners = WhatIf::of_each(&prepared.schema, &candidates.all, known, stand_ins, enforced)?;
        let statements: IdVec<QueryId, &Statement> = prepared.workload.statements.iter().collect();
        let mut model = Self {
            written: statements.iter().map(|s| Written::by(s)).collect(),
            statements,
            candidates: candidates.all.clone(),
            relevant: candidates.relevant.clone(),
            tables: prepared
                .workload
                .statements
                .iter()
                .map(|s| planned_with(&prepared.schema, &s.sql, enforced))
                .collect(),
            distinct_counts: DistinctCounts::of(prepared),
            planners: planners.into_iter().collect(),
            copies,
            found: prepared.baseline.measured.iter().cloned().map(Arc::new).collect(),
            plans: KnownPlans::new(candidates.found().indexes),
            effort: Effort::default(),
            runs: HashMap::new(),
            deadline,
            progress,
        };
        let (found, cap) = (candidates.found().indexes, prepared.request.limit().cost);
        for ((query, measured), plans) in model.found.clone().enumerate().zip(&prepared.baseline.plans) {
            model.learn(query, &found, StatisticsKind::Found, plans.clone(), Arc::clone(measured), cap);
        }
        Ok(model)
    }

    /// Takes over what is known without having been asked: what a query cost as found, or where a configuration was built
    /// afresh.
    pub fn learn(
        &mut self,
        query: QueryId,
        indexes: &IndexSet,
        statistics: StatisticsKind,
        plans: Vec<Plan>,
        measured: Arc<Measured>,
        cap: f64,
    ) {
        let named = |i: &IndexId| plans.iter().any(|plan| plan.uses(&self.candidates[*i].name));
        let uses = indexes.iter().copied().filter(named).collect();
        let planned = Arc::new(Planned::new(plans, uses));
        let key = self.run_key(query, &planned, indexes);
        self.runs.insert(key, Run { measured, cap });
        let narrow = indexes & &self.relevant[query];
        self.plans.insert((query, narrow, statistics), planned);
    }

    /// Gives a search another time to end.
    pub fn until(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// When the search ends.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// How much the answers took so far.
    pub fn effort(&self) -> Effort {
        Effort { plans: self.runs.len() as u64, ..self.effort }
    }

    /// Takes up the candidates of another look at the database; those that are known keep their ids.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a clone cannot be written.
    pub fn extend(
        &mut self,
        prepared: &Prepared,
        candidates: &Candidates,
        statistics: &KnownStatistics,
    ) -> Result<()> {
        for (kind, planner) in &mut self.planners {
            if let Some(known) = statistics.get(kind) {
                planner.extend(&prepared.schema, &candidates.all, known)?;
            }
        }
        self.candidates = candidates.all.clone();
        // What a query may notice has only grown, and by indexes that were never there: the known plans stay true.
        self.relevant = candidates.relevant.clone();
        self.copies.extend(&candidates.all, statistics);
        Ok(())
    }

    /// The plans of a query under a configuration.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the indexes cannot be shown.
    pub fn planned(
        &mut self,
        query: QueryId,
        indexes: &IndexSet,
        statistics: StatisticsKind,
    ) -> Result<Arc<Planned>> {
        let asked = Evaluation { query, indexes: indexes.clone(), statistics, cap: 0.0 };
        let mut planned = self.plan(std::slice::from_ref(&asked))?;
        planned.pop().ok_or_else(|| crate::Error::Invalid("a plan is missing".to_owned()))
    }

    /// What was measured of a query under its plans, where that is known to the end.
    pub fn measured(&self, query: QueryId, planned: &Planned, indexes: &IndexSet) -> Option<Arc<Measured>> {
        let run = self.runs.get(&self.run_key(query, planned, indexes))?;
        Some(Arc::clone(&run.measured))
    }

    fn run_key(&self, query: QueryId, planned: &Planned, indexes: &IndexSet) -> RunKey {
        (query, Arc::clone(&planned.key), self.kept_by(query, indexes))
    }

    /// The existing indexes that a write has to keep; the upkeep of new ones is reckoned.
    fn kept_by(&self, query: QueryId, indexes: &IndexSet) -> IndexSet {
        if !self.statements[query].writes {
            return IndexSet::new();
        }
        let kept = indexes.intersection(&self.relevant[query]).copied();
        kept.filter(|i| self.candidates[*i].existing).collect()
    }

    fn plan(&mut self, asked: &[Evaluation]) -> Result<Vec<Arc<Planned>>> {
        let keys: Vec<PlanKey> = asked.iter().map(|e| self.plan_key(e)).collect();
        let mut missing = vec![];
        for (key, e) in keys.iter().zip(asked) {
            if self.plans.find(key).is_none() {
                missing.push((key, e));
            }
        }
        // All queries under one configuration follow one another, so that the clone changes once for each configuration.
        missing.sort_by(|(_, a), (_, b)| {
            (a.statistics, &a.indexes, a.query).cmp(&(b.statistics, &b.indexes, b.query))
        });
        let together = |(_, a): &(&PlanKey, &Evaluation), (_, b): &(&PlanKey, &Evaluation)| {
            a.statistics == b.statistics && a.indexes == b.indexes
        };
        for group in missing.chunk_by(together) {
            let tables = group.iter().flat_map(|(_, e)| self.tables[e.query].iter().cloned()).collect();
            for (key, e) in group {
                if self.plans.find(key).is_none() {
                    self.ask(key, e, &tables)?;
                }
            }
        }
        let missing = || crate::Error::Invalid("a plan is missing".to_owned());
        keys.iter().map(|key| self.plans.find(key).ok_or_else(missing)).collect()
    }

    /// Asks the planner, where the statistics of some tables have to be read.
    fn ask(&mut self, key: &PlanKey, e: &Evaluation, tables: &BTreeSet<String>) -> Result<()> {
        self.progress.check()?;
        self.effort.plannings += 1;
        let planned = match self.planners.get_mut(&e.statistics) {
            Some(planner) => {
                let plans = planner.plans_over(tables, self.statements[e.query], &e.indexes)?;
                plans.map(|plans| {
                    let uses = planner.used_by(&plans, &e.indexes);
                    Planned::new(plans, uses)
                })
            }
            None => None,
        };
        // What cannot be planned on a clone is taken to stay as it was found.
        let as_found = || Planned::new(vec![], IndexSet::new());
        self.plans.insert(key.clone(), Arc::new(planned.unwrap_or_else(as_found)));
        Ok(())
    }

    fn plan_key(&self, e: &Evaluation) -> PlanKey {
        (e.query, &e.indexes & &self.relevant[e.query], e.statistics)
    }

    /// The cost of a plan that was run: a new index that a write has to keep is reckoned in.
    fn cost_of(&self, query: QueryId, planned: &Planned, run: &Run, indexes: &IndexSet) -> QueryCost {
        let upkeep = self.upkeep(query, indexes);
        let each = |run: &Counters| {
            let entries = (run.rows as f64 * upkeep) as u64;
            Counters {
                vm_steps: run.vm_steps + entries * STEPS_OF_AN_ENTRY,
                pages: run.pages + entries * PAGES_OF_AN_ENTRY,
                ..*run
            }
        };
        let measured = &run.measured;
        let entries = measured.counters.rows as f64 * upkeep;
        let factor = self.distinct_counts.cost_factor(query, &planned.plans, &self.candidates);
        QueryCost {
            cost: measured.cost() * factor + entries * nanoseconds_of_an_entry(),
            runs: measured.runs.iter().map(each).collect(),
            stopped: measured.counters.timed_out,
            uses: planned.uses.clone(),
        }
    }

    /// Nanoseconds that the writes of one run of the workload take to keep a new index.
    pub fn upkeep_of(&self, index: IndexId) -> f64 {
        let one = IndexSet::from([index]);
        let of = |(query, statement): (QueryId, &&Statement)| {
            let rows = self.found.find(query).map_or(0, |found| found.counters.rows);
            statement.weight * rows as f64 * self.upkeep(query, &one) * nanoseconds_of_an_entry()
        };
        self.statements.enumerate().map(of).sum()
    }

    /// Entries of new indexes that a write keeps for each row that it changes.
    fn upkeep(&self, query: QueryId, indexes: &IndexSet) -> f64 {
        let Some(written) = &self.written[query] else { return 0.0 };
        let kept = indexes.iter().map(|i| &self.candidates[*i]);
        let kept = kept.filter(|c| !c.existing && written.touches(&c.index));
        kept.map(|c| c.share).sum()
    }

    fn is_late(&self) -> bool {
        is_past(self.deadline)
    }

    fn known_of(&self, e: &Evaluation, planned: &Planned) -> Option<QueryCost> {
        if self.statements[e.query].only_planned {
            return Some(QueryCost { uses: planned.uses.clone(), ..QueryCost::default() });
        }
        if planned.plans.is_empty() {
            let found = self.found.find(e.query)?;
            let run = Run { measured: Arc::clone(found), cap: f64::INFINITY };
            return Some(self.cost_of(e.query, planned, &run, &e.indexes));
        }
        let run = self.runs.get(&self.run_key(e.query, planned, &e.indexes))?;
        let is_enough = !run.measured.counters.timed_out || run.cap >= e.cap;
        is_enough.then(|| self.cost_of(e.query, planned, run, &e.indexes))
    }
}

impl CostModel for MeasuredCost<'_> {
    fn recalled(&mut self, asked: &[Evaluation]) -> Vec<Option<Arc<QueryCost>>> {
        let mut of = |e: &Evaluation| {
            let key = self.plan_key(e);
            let planned = self.plans.find(&key)?;
            self.known_of(e, &planned).map(Arc::new)
        };
        asked.iter().map(&mut of).collect()
    }

    fn known(&mut self, asked: &[Evaluation]) -> Result<Vec<Option<Arc<QueryCost>>>> {
        let planned = self.plan(asked)?;
        Ok(asked.iter().zip(&planned).map(|(e, planned)| self.known_of(e, planned).map(Arc::new)).collect())
    }

    fn evaluate(&mut self, asked: &[Evaluation]) -> Result<Vec<Arc<QueryCost>>> {
        let planned = self.plan(asked)?;
        // The highest cap counts where several ask for one run, so that the answer does not depend on who asks first.
        let mut wanted: BTreeMap<RunKey, (usize, f64)> = BTreeMap::new();
        for (at, (e, planned)) in asked.iter().zip(&planned).enumerate() {
            if self.known_of(e, planned).is_none() {
                let entry = wanted.entry(self.run_key(e.query, planned, &e.indexes)).or_insert((at, e.cap));
                entry.1 = entry.1.max(e.cap);
            }
        }
        let mut jobs = vec![];
        let late = self.is_late();
        for (key, (at, cap)) in wanted {
            let (Some(e), Some(planned), false) = (asked.get(at), planned.get(at), late) else { continue };
            let factor = self.distinct_counts.cost_factor(e.query, &planned.plans, &self.candidates);
            jobs.push(Job {
                statement: self.statements[e.query],
                kept: &planned.uses | &key.2,
                indexes: e.indexes.intersection(&self.relevant[e.query]).copied().collect(),
                statistics: e.statistics,
                plans: planned.plans.clone(),
                tables: self.tables[e.query].clone(),
                limit: limit_of(cap / factor, self.deadline),
                key,
                cap,
                factor,
                of: e.clone(),
            });
        }
        let (progress, deadline) = (self.progress, self.deadline);
        let measure = |session: &crate::sqlite::Session, job: &Job<'_>| {
            measure(session, job.statement, job.limit, progress)
        };
        let found = self.copies.work_through(&jobs, deadline, progress, measure)?;
        for (job, done) in jobs.into_iter().zip(found) {
            let Some(done) = done else { continue };
            self.effort.executions += 1;
            let measured = Arc::new(done.measured);
            if done.plans == job.plans {
                // A run that the clock stopped tells no more than what it cost until then.
                let longest = measured.runs.iter().map(Counters::cost).fold(0.0, f64::max) * job.factor;
                let cap = if measured.counters.timed_out { job.cap.min(longest) } else { job.cap };
                self.runs.insert(job.key, Run { measured, cap });
            } else {
                // On the data the planner chose otherwise than on the clone, and the data are what counts.
                let Evaluation { query, indexes, statistics, .. } = &job.of;
                self.learn(*query, indexes, *statistics, done.plans, measured, job.cap);
            }
        }
        let planned = self.plan(asked)?;
        let unknown = |e: &Evaluation, planned: &Planned| QueryCost {
            cost: e.cap,
            stopped: true,
            uses: planned.uses.clone(),
            ..QueryCost::default()
        };
        let answer = |(e, planned): (&Evaluation, &Arc<Planned>)| {
            let known = self.known_of(e, planned);
            // The same work may have been stopped at a lower cap where the time is up.
            Arc::new(known.unwrap_or_else(|| unknown(e, planned)))
        };
        Ok(asked.iter().zip(&planned).map(answer).collect())
    }
}

fn nanoseconds_of_an_entry() -> f64 {
    STEPS_OF_AN_ENTRY as f64 * VM_STEP_NS + PAGES_OF_AN_ENTRY as f64 * PAGE_NS
}

/// The cap, with a net of time below it that must never decide on a loaded machine; where the time is limited it may.
fn limit_of(cap: f64, deadline: Option<Instant>) -> Limit {
    let net = Duration::from_secs_f64((cap / 1e9 * 20.0 + 20.0).min(1e6));
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    Limit { cost: cap, time: left.map_or(net, |left| left.min(net)) }
}
