//! The copies that plans are run on. Indexes are built there when they are first needed, and hidden again for the next run.

use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::Measured;
use crate::advise::select::cost_model::Evaluation;
use crate::advise::select::measured::{KnownStatistics, RunKey};
use crate::cancel::{CancelToken, is_past};
use crate::error::{Context, Error, Result};
use crate::model::candidate::{Candidate, known_with};
use crate::model::configuration::StatisticsKind;
use crate::model::ids::{Id, IdVec, IndexId, IndexSet};
use crate::model::plan::Plan;
use crate::model::statistics::Statistics;
use crate::progress::Progress;
use crate::sqlite::session::Limit;
use crate::sqlite::visibility::IndexVisibility;
use crate::sqlite::{Session, statistics};
use crate::workload::Statement;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Copies, each with its session.
pub struct WorkingCopies<'p> {
    prepared: &'p Prepared,
    candidates: IdVec<IndexId, Candidate>,
    /// The statistics of each kind, table by table.
    statistics: BTreeMap<StatisticsKind, BTreeMap<String, Statistics>>,
    copies: Vec<Mutex<Copy>>,
    cancel: CancelToken,
}

/// A plan that is to be run.
pub struct Job<'p> {
    /// The statement.
    pub statement: &'p Statement,
    /// The indexes that its plans use, and those that it has to keep.
    pub kept: IndexSet,
    /// All indexes that are there and matter to it.
    pub indexes: IndexSet,
    /// The statistics that the planner reads.
    pub statistics: StatisticsKind,
    /// The tables whose statistics its planning may read.
    pub tables: BTreeSet<String>,
    /// The plans that are expected.
    pub plans: Vec<Plan>,
    /// Where it is stopped.
    pub limit: Limit,
    /// What tells it from other jobs.
    pub key: RunKey,
    /// The cost at which it is stopped.
    pub cap: f64,
    /// How many times more it costs than its steps and pages tell.
    pub factor: f64,
    /// What was asked.
    pub of: Evaluation,
}

/// What became of a job.
pub struct Done {
    /// The plans that were run.
    pub plans: Vec<Plan>,
    /// What they cost.
    pub measured: Measured,
}

struct Copy {
    path: PathBuf,
    session: Option<Session>,
    visibility: IndexVisibility<IndexId>,
    /// What the planner reads now.
    shown: Option<Shown>,
}

/// What a planner reads: one kind of statistics, of some tables, and of all candidates some.
#[derive(Clone)]
struct Shown {
    kind: StatisticsKind,
    indexes: IndexSet,
    tables: BTreeSet<String>,
}

impl Shown {
    /// True if a planner that reads this chooses as it would if it read what is wanted.
    fn serves(&self, wanted: &Self) -> bool {
        self.kind == wanted.kind && self.indexes == wanted.indexes && wanted.tables.is_subset(&self.tables)
    }
}

/// How many copies are worked on side by side.
const COPIES: usize = 2;
/// What the built indexes of a copy may take before those that are not needed go: bytes, and a share of the database.
const ROOM: u64 = 16 << 20;
const ROOM_SHARE: f64 = 0.4;
/// The first place in the schema that candidates get, far behind what the database has.
const FIRST_PLACE: i64 = 1 << 40;

impl<'p> WorkingCopies<'p> {
    /// Copies of the database as it was found, with statistics tables.
    ///
    /// # Errors
    /// [`Error::File`] if one cannot be written, [`Error::Sqlite`] if it cannot be used.
    pub fn make(
        prepared: &'p Prepared,
        candidates: &IdVec<IndexId, Candidate>,
        statistics: &KnownStatistics,
        cancel: &CancelToken,
    ) -> Result<Self> {
        let mut copies = vec![];
        for number in 1..=COPIES {
            let path = prepared.snapshot.duplicate(&format!("copy-{number}.db"))?;
            // ANALYZE of one table that is always there makes the statistics tables and reads nothing.
            let session = prepared.open(&path, cancel)?;
            let make = session.connection().execute_batch("ANALYZE sqlite_schema");
            make.context(|| "cannot make the statistics tables".to_owned())?;
            drop(session);
            copies.push(Mutex::new(Copy {
                path,
                session: None,
                visibility: IndexVisibility::default(),
                shown: None,
            }));
        }
        let (candidates, statistics, cancel) = (candidates.clone(), by_table(statistics), cancel.clone());
        Ok(Self { prepared, candidates, statistics, copies, cancel })
    }

    /// Takes up candidates that came since, with the statistics of all.
    pub fn extend(&mut self, candidates: &IdVec<IndexId, Candidate>, statistics: &KnownStatistics) {
        self.candidates = candidates.clone();
        self.statistics = by_table(statistics);
    }

    /// Works through jobs on all copies; results come in the order of the jobs, none for a job that the deadline left out.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if an index cannot be built or a statement fails, [`Error::Interrupted`].
    pub fn work_through(
        &self,
        jobs: &[Job<'_>],
        deadline: Option<Instant>,
        progress: &dyn Progress,
        work: impl Fn(&Session, &Job<'_>) -> Result<Measured> + Sync,
    ) -> Result<Vec<Option<Done>>> {
        // Jobs under the same indexes follow one another.
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        let place = |at: &usize| jobs.get(*at).map(|job| (job.statistics, &job.kept, &job.key));
        order.sort_by(|a, b| place(a).cmp(&place(b)));
        // What they need together is loaded once.
        let mut tables: BTreeMap<(StatisticsKind, &IndexSet), BTreeSet<String>> = BTreeMap::new();
        for job in jobs {
            tables.entry((job.statistics, &job.kept)).or_default().extend(job.tables.iter().cloned());
        }
        let (next, results) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
        let take_turns = |copy: &Mutex<Copy>| {
            let mut copy = copy.lock().unwrap_or_else(PoisonError::into_inner);
            while let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                let Some(job) = jobs.get(*at) else { return };
                let done = match is_past(deadline) {
                    true => Ok(None),
                    false => {
                        let tables = tables.get(&(job.statistics, &job.kept)).unwrap_or(&job.tables);
                        progress.check().and_then(|()| self.run(&mut copy, job, tables, &work).map(Some))
                    }
                };
                let failed = done.is_err();
                results.lock().unwrap_or_else(PoisonError::into_inner).insert(*at, done);
                if failed {
                    next.store(order.len(), Ordering::Relaxed);
                }
            }
        };
        std::thread::scope(|scope| {
            // Starting a thread takes longer than a small job, so this one works as well.
            let mut copies = self.copies.iter().take(jobs.len());
            let own = copies.next();
            for copy in copies {
                scope.spawn(|| take_turns(copy));
            }
            own.into_iter().for_each(take_turns);
        });
        results.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
    }

    fn run(
        &self,
        copy: &mut Copy,
        job: &Job<'_>,
        tables: &BTreeSet<String>,
        work: &impl Fn(&Session, &Job<'_>) -> Result<Measured>,
    ) -> Result<Done> {
        let reads = |indexes: &IndexSet| Shown {
            kind: job.statistics,
            indexes: indexes.clone(),
            tables: tables.clone(),
        };
        let session = self.ready(copy, reads(&job.kept))?;
        let mut plans = plans(session, job.statement)?;
        if plans != job.plans && job.kept != job.indexes {
            // What the plan does not read may still tell the planner something.
            let session = self.ready(copy, reads(&job.indexes))?;
            plans = self::plans(session, job.statement)?;
        }
        let session = copy.session.as_ref().ok_or_else(no_session)?;
        Ok(Done { plans, measured: work(session, job)? })
    }

    /// A session on a copy where of all candidates only those wanted are there, and the planner reads these statistics.
    fn ready<'c>(&self, copy: &'c mut Copy, wanted: Shown) -> Result<&'c Session> {
        if copy.session.is_none() {
            let session = self.prepared.open(&copy.path, &self.cancel)?;
            let existing = self.candidates.enumerate().filter(|(_, c)| c.existing);
            copy.visibility = IndexVisibility::new(&session, existing.map(|(id, c)| (id, c.name.as_str())))?;
            copy.session = Some(session);
        }
        let Copy { session, visibility, shown, .. } = copy;
        let session = session.as_ref().ok_or_else(no_session)?;
        if shown.as_ref().is_some_and(|shown| shown.serves(&wanted)) {
            return Ok(session);
        }
        let indexes = &wanted.indexes;
        *shown = None;
        if indexes.iter().any(|id| !visibility.knows(*id)) && self.is_full(session)? {
            let built = visibility.all().filter(|id| !self.candidates[*id].existing && !indexes.contains(id));
            visibility.drop_all(session, &built.collect())?;
        }
        for id in indexes.iter().copied() {
            if !visibility.knows(id) {
                let candidate = &self.candidates[id];
                build(session, candidate)?;
                visibility.add(session, id, &candidate.name, FIRST_PLACE + place_of(id))?;
            }
        }
        if let Some(known) = self.statistics.get(&wanted.kind) {
            let those = wanted.tables.iter().filter_map(|table| known.get(table)).cloned();
            let known = those.fold(Statistics::default(), Statistics::and);
            statistics::replace(session, &known_with(&self.candidates, indexes, &known))?;
        }
        visibility.show(session, indexes)?;
        statistics::reload(session)?;
        *shown = Some(wanted);
        Ok(session)
    }
}

impl WorkingCopies<'_> {
    /// True if the indexes that were built on a copy take so much that those which are not needed now have to go.
    fn is_full(&self, session: &Session) -> Result<bool> {
        let sql = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
        let used: u64 = session.connection().query_row(sql, [], |r| r.get(0))?;
        let found = self.prepared.snapshot.bytes();
        Ok(used > found + ROOM.max((found as f64 * ROOM_SHARE) as u64))
    }
}

fn by_table(known: &KnownStatistics) -> BTreeMap<StatisticsKind, BTreeMap<String, Statistics>> {
    known.iter().map(|(kind, known)| (*kind, known.clone().by_table())).collect()
}

/// Builds an index.
///
/// # Errors
/// [`Error::Sqlite`] if it cannot be built.
pub fn build(session: &Session, candidate: &Candidate) -> Result<()> {
    let sql = candidate.index.to_sql(&candidate.name);
    session.connection().execute_batch(&sql).context(|| format!("cannot build {}", candidate.name))
}

fn plans(session: &Session, statement: &Statement) -> Result<Vec<Plan>> {
    let plans = session.plans(&statement.sql, &statement.bindings);
    plans.context(|| format!("cannot plan {}", statement.id))
}

fn place_of(id: IndexId) -> i64 {
    i64::try_from(id.position()).unwrap_or(i64::MAX >> 8)
}

fn no_session() -> Error {
    Error::Invalid("a copy was closed".to_owned())
}
