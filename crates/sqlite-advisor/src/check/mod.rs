//! Holds the plans of an application's statements: each is planned by SQLite's own planner, and compared with a lock.
//!
//! [`check`] makes five calls, in order: the schema, the plans, the comparison, the cures, the document. No statement
//! is run, and no database is written.

mod allowance;
mod compare;
mod cure;
mod engine;
mod planned;
mod plans;
mod source;
mod tables;

use crate::error::{Error, Result};
use crate::model::check::{Checked, Finding, Kind, Lock, RowsFrom, VERSION};
use crate::model::exported::ExportedStatistics;
use crate::model::report::Tool;
use crate::progress::Progress;
use crate::sqlite::library;
use crate::workload::source::QuerySource;
use planned::Planned;
use plans::Plans;
use source::Source;
use std::path::{Path, PathBuf};

/// A table of at most so many rows may be scanned.
pub const USUAL_ROWS: u64 = 1_000;

/// What to check, and against what.
#[derive(Debug, Clone)]
pub struct Check {
    /// A database, a script of its schema, or a folder of migrations.
    pub schema: PathBuf,
    /// What the application sends.
    pub queries: Vec<QuerySource>,
    /// What is held; without one every scan of a large table is a finding.
    pub lock: Option<Lock>,
    /// A table of at most so many rows may be scanned.
    pub rows: u64,
    /// Enforce foreign keys, as an application does that switches them on.
    pub foreign_keys: bool,
    /// The statistics of another database, to plan with instead of those of the schema.
    pub statistics: Option<ExportedStatistics>,
    /// Findings that are not told.
    pub ignore: Vec<Ignore>,
    /// A sqlite3 shell or a python3 whose SQLite plans the statements as well; notes tell what it plans otherwise.
    pub engine: Option<PathBuf>,
}

/// Findings that are not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// Of which kind.
    pub kind: Kind,
    /// Of the statement of that name or shape; of every statement where none is named.
    pub statement: Option<String>,
    /// Why, in somebody's words.
    pub reason: String,
}

impl Ignore {
    fn is_meant(&self, finding: &Finding) -> bool {
        let named = |name: &String| *name == finding.statement || *name == finding.fingerprint;
        self.kind == finding.kind && self.statement.as_ref().is_none_or(named)
    }

    /// What became of it, in a sentence.
    fn note(&self, findings: usize) -> String {
        let whose =
            self.statement.as_ref().map_or("every statement".to_owned(), |name| format!("\"{name}\""));
        match findings {
            0 => format!("{} of {whose} is ignored, and there is none: {}", self.kind, self.reason),
            n => format!("{} of {whose} is ignored {n}x: {}", self.kind, self.reason),
        }
    }
}

impl Check {
    /// A check with the usual settings: no lock, plans alone.
    pub fn new<Q: Into<QuerySource>>(schema: impl AsRef<Path>, queries: impl IntoIterator<Item = Q>) -> Self {
        Self {
            schema: schema.as_ref().to_owned(),
            queries: queries.into_iter().map(Into::into).collect(),
            lock: None,
            rows: USUAL_ROWS,
            foreign_keys: false,
            statistics: None,
            ignore: vec![],
            engine: None,
        }
    }

    /// The same against a lock.
    #[must_use]
    pub fn against(self, lock: Lock) -> Self {
        Self { lock: Some(lock), ..self }
    }
}

/// What was found of one statement.
type Found = Vec<Finding>;

/// Plans every statement, and tells what is worse than the lock.
///
/// ```
/// use sqlite_advisor::{Check, Silent, check};
///
/// # let folder = tempfile::tempdir()?;
/// # let schema = folder.path().join("schema.sql");
/// # std::fs::write(&schema, "CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT UNIQUE)")?;
/// let checked = check(&Check::new(&schema, ["SELECT id FROM users WHERE email = ?"]), &Silent)?;
/// assert!(checked.passed(), "{checked}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Open`] and its like for a schema that cannot be read, [`Error::Invalid`] for a script that SQLite refuses,
/// [`Error::NothingToDo`] without a single statement, [`Error::Interrupted`].
pub fn check(request: &Check, progress: &dyn Progress) -> Result<Checked> {
    let source = Source::open(request, progress)?;
    let mut plans = Plans::of(request, &source, progress)?;
    if plans.planned.is_empty() {
        return Err(Error::NothingToDo("the workload holds no statement".to_owned()));
    }
    let lock = request.lock.as_ref();
    let mut found: Vec<Found> = plans.planned.iter().map(|one| compare::compare(one, lock)).collect();
    let mut notes = take_ignored(&mut found, &request.ignore);
    if let Some(engine) = &request.engine {
        notes.extend(engine::notes(engine, plans.what_if.session(), &source, &plans.planned)?);
    }
    cure::add(&mut found, &mut plans, &source, lock, progress)?;
    Ok(told(request, source, plans.planned, found.concat(), notes))
}

/// Takes the findings away that are ignored, and tells how many in notes.
fn take_ignored(found: &mut [Found], ignore: &[Ignore]) -> Vec<String> {
    let taken = |one: &Ignore| {
        let of_all = found.iter_mut().map(|found| found.extract_if(.., |f| one.is_meant(f)).count());
        one.note(of_all.sum())
    };
    ignore.iter().map(taken).collect()
}

fn told(
    request: &Check,
    source: Source,
    planned: Vec<Planned>,
    findings: Vec<Finding>,
    more_notes: Vec<String>,
) -> Checked {
    let mut notes = source.notes;
    notes.extend(more_notes);
    if source.rows_from == RowsFrom::Data && planned.iter().all(|p| p.tables.is_empty()) {
        notes.push(format!(
            "no table that is read has more than {} rows, so no scan is told; --rows 0 looks at all",
            request.rows
        ));
    }
    if let Some(lock) = &request.lock {
        let held = |name: &str, shape: &str| planned.iter().any(|p| p.name == name || p.fingerprint == shape);
        let gone = lock.statements.iter().filter(|s| !held(&s.name, &s.fingerprint)).count();
        if gone > 0 {
            notes
                .push(format!("{gone} of the lock's statements are no longer sent; --update takes them out"));
        }
    }
    if findings.iter().any(|f| f.kind == Kind::Cured) {
        notes.push("the lock accepts what is cured; --update takes it out".to_owned());
    }
    Checked {
        version: VERSION,
        tool: Tool::this(),
        sqlite: library(),
        schema: request.schema.display().to_string(),
        rows_from: source.rows_from,
        rows: request.rows,
        findings,
        statements: Lock::new(planned.iter().map(Planned::locked).collect()),
        notes,
    }
}
