//! What is advised on: the request, the copy of the database, its schema and its workload with what it costs now.

pub mod baseline;
mod describe;
pub mod expressions;
pub mod filters;
pub mod foreign_keys;
pub mod measure;
pub mod optional;
pub mod patterns;
pub mod probe;
pub mod profile;
pub mod selectivity;
pub mod statistics;

use crate::advise::prepare::baseline::{Baseline, within};
use crate::advise::prepare::optional::with_filters_off;
use crate::advise::select::problem::Objective;
use crate::cancel::{CancelToken, is_past};
use crate::error::{Context, Error, Result};
use crate::model::report::Database;
use crate::model::statistics::Statistics;
use crate::progress::Progress;
use crate::sql::lexer::tokens;
use crate::sqlite::schema::Table;
use crate::sqlite::session::Limit;
use crate::sqlite::{self, Schema, Session, Snapshot, StandIns, sizes};
use crate::workload::touched::touched;
use crate::workload::{QuerySource, Workload, implied};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What to advise on, and how.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Request {
    /// The database; it is only read.
    pub database: PathBuf,
    /// What the application sends; none to advise from the schema alone.
    pub queries: Option<Vec<QuerySource>>,
    /// Enforce foreign keys as the application does.
    pub foreign_keys: bool,
    /// When a statement is stopped, in seconds of an ordinary machine.
    pub timeout: f64,
    /// How far along the curve of speed against price to go.
    pub preference: Preference,
    /// What the indexes are to make fast.
    pub objective: Objective,
    /// How far a statement may stay behind the best that is known of it; none for what the preference says.
    pub within: Option<f64>,
    /// The most bytes of new indexes.
    pub budget: Option<u64>,
    /// The most new indexes.
    pub max_indexes: Option<usize>,
    /// Rows written for each statement read, where the workload does not tell.
    pub writes: f64,
    /// When the search ends with the best set so far.
    pub time_limit: Option<Duration>,
    /// Above so many bytes only the tables that the workload names are tried on.
    pub sample_above: u64,
}

/// Bytes of a database of which all tables are tried on, where nothing is said.
pub const USUAL_SAMPLE_ABOVE: u64 = 2_000_000_000;

/// The shares of the time limit after which statements are run as found only briefly, candidates are no longer looked for, and
/// the search ends, so that there is time to verify; what more a search gets whose choice did not hold; and after which
/// statements are verified only briefly.
const BASELINE_SHARE: f64 = 0.45;
const CANDIDATES_SHARE: f64 = 0.6;
const SEARCH_SHARE: f64 = 0.7;
const AGAIN_SHARE: f64 = 0.04;
const VERIFICATION_SHARE: f64 = 0.95;

/// Rows written for each statement read, where nothing is said.
pub const USUAL_WRITES: f64 = 0.1;

/// How far along the curve of speed against price to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// Speed first.
    Thorough,
    /// Where more bytes and costlier writes begin to bring little.
    Balanced,
    /// Few indexes.
    Frugal,
}

impl Request {
    /// A request with the usual settings.
    pub fn new(database: impl AsRef<Path>) -> Self {
        Self {
            database: database.as_ref().to_owned(),
            queries: None,
            foreign_keys: false,
            timeout: 10.0,
            preference: Preference::Balanced,
            objective: Objective::Both,
            within: None,
            budget: None,
            max_indexes: None,
            writes: USUAL_WRITES,
            time_limit: None,
            sample_above: USUAL_SAMPLE_ABOVE,
        }
    }

    /// The same for statements of an application, which may be texts of SQL.
    #[must_use]
    pub fn queries<Q: Into<QuerySource>>(self, queries: impl IntoIterator<Item = Q>) -> Self {
        Self { queries: Some(queries.into_iter().map(Into::into).collect()), ..self }
    }

    /// When a share of the time limit is over that began then; none without a limit.
    fn deadline(&self, began: Instant, share: f64) -> Option<Instant> {
        self.time_limit.and_then(|limit| began.checked_add(limit.mul_f64(share)))
    }

    /// Where a statement of the baseline is stopped.
    pub fn limit(&self) -> Limit {
        let net = Duration::from_secs_f64((self.timeout * 6.0).clamp(0.001, 1e6));
        Limit { cost: self.timeout * 1e9, time: net }
    }
}

/// Everything that the later stages look at; none of them changes it.
pub struct Prepared {
    /// What was asked.
    pub request: Request,
    /// The copy of the database.
    pub snapshot: Snapshot,
    /// Its schema.
    pub schema: Schema,
    /// The statements that can be planned.
    pub workload: Workload,
    /// What they cost as the database is.
    pub baseline: Baseline,
    /// The statistics that it came with.
    pub statistics: Statistics,
    /// The bytes of each b-tree, by name.
    pub sizes: BTreeMap<String, u64>,
    /// The database in a few numbers.
    pub database: Database,
    /// The bytes of the whole database, where only the tables are looked at that the workload names.
    pub whole: Option<u64>,
    /// When it began.
    pub began: Instant,
}

/// A copy of the database after ANALYZE alone.
pub struct Analyzed(Session);

impl Analyzed {
    /// The session on it.
    pub fn session(&self) -> &Session {
        &self.0
    }
}

/// Copies share the pages of the snapshot; what is built on them takes so many times its size, two to measure on and the final
/// one together.
const COPIES: u64 = 2;

impl Prepared {
    /// When a share of the time limit is over; none without a limit.
    pub fn deadline(&self, share: f64) -> Option<Instant> {
        self.request.deadline(self.began, share)
    }

    /// When no more candidates are looked for.
    pub fn candidates_deadline(&self) -> Option<Instant> {
        self.deadline(CANDIDATES_SHARE)
    }

    /// When the search ends, the first or one after so many choices that did not hold.
    pub fn search_deadline(&self, refuted: usize) -> Option<Instant> {
        self.deadline(SEARCH_SHARE + AGAIN_SHARE * refuted as f64)
    }

    /// When nothing is timed in turns or tried any more.
    pub fn verification_deadline(&self) -> Option<Instant> {
        self.deadline(VERIFICATION_SHARE)
    }

    /// True once that is so.
    pub fn is_over(&self) -> bool {
        is_past(self.verification_deadline())
    }

    /// Where a statement is stopped in the verification; once the time is over it is run briefly, which gives a lower bound.
    pub fn verification_limit(&self) -> Limit {
        within(self.request.limit(), self.verification_deadline())
    }

    /// Copies the database, reads it, and runs the workload once.
    ///
    /// # Errors
    /// [`Error::Open`] and its like for a database that cannot be read, [`Error::NothingToDo`] if no statement can be
    /// planned, [`Error::Interrupted`].
    pub fn read(request: &Request, progress: &dyn Progress) -> Result<Self> {
        let began = Instant::now();
        let (snapshot, whole) = Self::copy(request, progress)?;
        let named = |error| match error {
            Error::Open { reason, .. } => Error::Open { path: request.database.clone(), reason },
            other => other,
        };
        let session = Session::open(snapshot.path(), progress.cancel_token()).map_err(named)?;
        session.enforce_foreign_keys(request.foreign_keys)?;
        let schema = Schema::read(session.connection())?;
        let queries = request.queries.clone().unwrap_or_else(|| implied::queries(&schema));
        let mut workload = with_filters_off(Workload::prepare(&queries, &session, &schema)?);
        let left_out = |what: &String| format!("left out of the copy: {what}");
        workload.notes.extend(snapshot.left_out().iter().map(left_out));
        workload.stand_ins.reindex(&session, &schema);
        let ends = request.deadline(began, BASELINE_SHARE);
        // From here on nothing changes the snapshot itself.
        drop(session);
        let copy = |name: &str, workload: &Workload| {
            let path = snapshot.duplicate(name)?;
            let session = Session::open(&path, progress.cancel_token())?;
            session.enforce_foreign_keys(request.foreign_keys)?;
            workload.stand_ins.install(session.connection())?;
            // The session has it open; nobody else needs its name.
            let _ = std::fs::remove_file(&path);
            Ok(session)
        };
        let session = copy("first.db", &workload)?;
        let second = |workload: &Workload| copy("second.db", workload);
        let (workload, baseline) =
            Baseline::measure(workload, &session, second, request.limit(), ends, progress)?;
        if workload.statements.is_empty() {
            return Err(Error::NothingToDo(workload.why_nothing()));
        }
        let statistics = sqlite::statistics::read(session.connection())?;
        let sizes = sizes::bytes_by_name(&session)?;
        let request = request.clone();
        let database = describe::describe(&request.database, &snapshot, &schema, &session, whole)?;
        Ok(Self { request, snapshot, schema, workload, baseline, statistics, sizes, database, whole, began })
    }

    /// Opens a copy of the database as its application would.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if it cannot be used.
    pub fn open(&self, path: &Path, cancel: &CancelToken) -> Result<Session> {
        let session = Session::open(path, cancel)?;
        session.enforce_foreign_keys(self.request.foreign_keys)?;
        self.workload.stand_ins.install(session.connection())?;
        Ok(session)
    }

    /// Another copy, after ANALYZE alone.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if it cannot be analyzed.
    pub fn analyzed(&self, progress: &dyn Progress) -> Result<Analyzed> {
        let path = self.snapshot.duplicate("analyzed.db")?;
        let session = Session::open(&path, progress.cancel_token())?;
        self.workload.stand_ins.install(session.connection())?;
        progress.start("Running ANALYZE", None);
        let analyzed = session.connection().execute_batch("ANALYZE");
        progress.finish();
        analyzed.context(|| "cannot analyze the copy".to_owned())?;
        Ok(Analyzed(session))
    }

    /// The copy, and the bytes of the whole database where some of its tables were left out.
    fn copy(request: &Request, progress: &dyn Progress) -> Result<(Snapshot, Option<u64>)> {
        let bytes = std::fs::metadata(&request.database).map_or(0, |m| m.len());
        let Some(queries) = request.queries.as_ref().filter(|_| bytes > request.sample_above) else {
            return Ok((Snapshot::take(&request.database, COPIES, progress)?, None));
        };
        let snapshot = Snapshot::take(&request.database, 1, progress)?;
        let session = Session::open(snapshot.path(), progress.cancel_token())?;
        let schema = Schema::read(session.connection())?;
        let stand_ins = StandIns::of_schema(&session, &schema);
        drop(session);
        let touched = touched(&schema, queries, request.foreign_keys);
        let apart = |name: &&str| !touched.contains(&name.to_lowercase());
        let tables = schema.tables.iter().filter(|t| t.is_indexable()).map(|t| t.name.as_str());
        let tables: Vec<&str> = tables.filter(apart).collect();
        let views: Vec<&str> = schema.views.iter().map(|v| v.name.as_str()).filter(apart).collect();
        if tables.is_empty() {
            // Copying the copy would bring nothing.
            snapshot.make_room(COPIES)?;
            return Ok((snapshot, None));
        }
        schema.tables.iter().try_for_each(plain)?;
        let whole = snapshot.bytes();
        Ok((snapshot.without(&views, &tables, &stand_ins, COPIES, progress)?, Some(whole)))
    }
}

/// VACUUM runs the texts of the schema; SQLite itself never stores a CREATE TABLE that reads from another table.
pub(in crate::advise) fn plain(table: &Table) -> Result<()> {
    let named = |at: usize, word: &str| tokens(&table.sql).get(at).is_some_and(|token| token.is(word));
    let is_table = named(0, "CREATE") && named(1, "TABLE") && named(3, "(");
    if is_table || !table.is_indexable() {
        return Ok(());
    }
    let reason = "a table is made by CREATE TABLE NAME (...)".to_owned();
    Err(Error::HostileSchema { name: table.name.clone(), reason })
}
