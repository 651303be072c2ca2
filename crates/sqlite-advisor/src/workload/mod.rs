//! The statements that an application sends: each with a name, a weight and values for its parameters.
//!
//! [`readers`] make a [`QuerySource`] of each statement of a file or log, [`gather`] joins those of one shape, and
//! [`Workload::prepare`] lets SQLite check each on the copy. One that cannot be prepared is listed with its place and SQLite's
//! words, and the rest go on.

pub mod fingerprint;
pub mod gather;
pub mod implied;
pub mod lines;
pub mod parameters;
pub mod placeholders;
pub mod readers;
pub mod repeated;
pub mod script;
pub mod sequence;
pub mod source;
pub mod touched;

pub use readers::{FileRead, Queries, read_queries, read_text};
pub use source::{Origin, ParameterSet, QuerySource};

use crate::error::{Result, fault_in};
use crate::sqlite::recorder::Recorder;
use crate::sqlite::rows::written;
use crate::sqlite::{Schema, Session, StandIns};
use rusqlite::types::Value;
use std::collections::{BTreeMap, HashMap};

/// The statements to advise for.
#[derive(Debug, Clone, Default)]
pub struct Workload {
    /// Those that can be planned, in the order of the files.
    pub statements: Vec<Statement>,
    /// Those that cannot.
    pub skipped: Vec<Skipped>,
    /// What had to be made up for planning.
    pub stand_ins: StandIns,
    /// What of the schema could not be looked at, in sentences.
    pub notes: Vec<String>,
}

/// A statement of the workload.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Its name: from the header, or `q` and its number.
    pub id: String,
    /// Its text, without the semicolon.
    pub sql: String,
    /// How much it counts: the header's weight, times how often it is sent.
    pub weight: f64,
    /// How often it was sent.
    pub executions: u64,
    /// Where it stands.
    pub source: Origin,
    /// Sets of values for its parameters, by position; one empty set where it has none.
    pub bindings: Vec<Vec<Value>>,
    /// It needs functions or collations of the application: it is planned, not run.
    pub only_planned: bool,
    /// It changes rows.
    pub writes: bool,
    /// Other headers: `pair`, `form`, `since`.
    pub labels: BTreeMap<String, String>,
}

impl Statement {
    /// True if a parameter has a value other than NULL.
    pub fn has_values(&self) -> bool {
        self.bindings.iter().flatten().any(|value| *value != Value::Null)
    }

    /// The values of each set as SQL; nothing for a statement without parameters.
    pub fn written_values(&self) -> Vec<Vec<String>> {
        let sets = self.bindings.iter().filter(|set| !set.is_empty());
        sets.map(|set| set.iter().map(|value| written(value.into())).collect()).collect()
    }
}

/// A statement that SQLite cannot prepare.
#[derive(Debug, Clone)]
pub struct Skipped {
    /// The name that its source gives it.
    pub name: Option<String>,
    /// Where the fault is.
    pub source: Origin,
    /// The statement's text.
    pub sql: String,
    /// SQLite's words.
    pub error: String,
}

impl Workload {
    /// Joins the statements of one shape, checks each on the copy, and gives it sets of values.
    ///
    /// # Errors
    /// [`Error::Sqlite`](crate::Error::Sqlite) if the recording schema cannot be built.
    pub fn prepare(queries: &[QuerySource], session: &Session, schema: &Schema) -> Result<Self> {
        let recorder = Recorder::new(schema, None, &BTreeMap::new())?;
        let drawer = parameters::Drawer::new(session, schema, &recorder);
        let stand_ins = StandIns::of_schema(session, schema);
        let mut workload = Self::checked(queries, session, stand_ins, |stand_ins, query| {
            stand_ins.install(recorder.session().connection())?;
            drawer.draw(&query.sql, &query.parameters)
        });
        workload.notes.extend(recorder.unrecorded().iter().cloned());
        Ok(workload)
    }

    /// The same on a database without rows: a statement has the values that its source gives, and one empty set where it gives
    /// none.
    pub fn without_data(queries: &[QuerySource], session: &Session, stand_ins: StandIns) -> Self {
        Self::checked(queries, session, stand_ins, |_, query| {
            let given = parameters::given(session, &query.sql, &query.parameters)?;
            Ok(if given.is_empty() { vec![vec![]] } else { given })
        })
    }

    /// Joins the statements of one shape, and prepares each; `values` gives sets of them.
    fn checked(
        queries: &[QuerySource],
        session: &Session,
        stand_ins: StandIns,
        values: impl Fn(&StandIns, &QuerySource) -> rusqlite::Result<Vec<Vec<Value>>>,
    ) -> Self {
        let mut workload = Self { stand_ins, ..Self::default() };
        let mut names = HashMap::new();
        for query in gather::gather(queries.iter().cloned()) {
            let (writes, only_planned) = match workload.stand_ins.prepare(session, &query.sql) {
                Ok((statement, made_up)) => (!statement.readonly(), made_up),
                Err(error) => {
                    workload.skipped.push(Skipped::new(query, &error));
                    continue;
                }
            };
            let bindings = match values(&workload.stand_ins, &query) {
                Ok(bindings) => bindings,
                Err(error) => {
                    workload.skipped.push(Skipped::new(query, &error));
                    continue;
                }
            };
            workload.statements.push(Statement {
                id: unique(&mut names, query.name, workload.statements.len() + 1),
                sql: query.sql,
                weight: query.weight,
                executions: query.executions,
                source: query.origin,
                bindings,
                only_planned,
                writes,
                labels: query.labels,
            });
        }
        workload
    }
}

impl Workload {
    /// Why there is nothing to look at, for when every statement was skipped.
    pub fn why_nothing(&self) -> String {
        match self.skipped.first() {
            Some(first) => format!(
                "no statement of the workload can be planned; the first: {}: {}",
                first.source, first.error
            ),
            None => "the workload holds no statement".to_owned(),
        }
    }
}

impl Skipped {
    fn new(query: QuerySource, error: &rusqlite::Error) -> Self {
        let (name, source, sql) = (query.name, query.origin, query.sql);
        // SQLite tells where in the statement it stopped reading; a reader wants the line of the file.
        let (lines, error) = fault_in(&sql, error);
        let line = source.line + lines;
        let elsewhere = error.strip_prefix("no such table: ").filter(|table| table.contains('.'));
        let error = match error.as_str() {
            _ if elsewhere.is_some() => format!(
                "{} is of an attached or temporary database; only the file of --db is looked at",
                elsewhere.unwrap_or_default()
            ),
            "not authorized" => {
                "only SELECT, VALUES, INSERT, REPLACE, UPDATE and DELETE are looked at".to_owned()
            }
            _ => error,
        };
        Self { name, source: Origin { line, ..source }, sql, error }
    }
}

/// The name that the source gives, or a number; a name that comes again gets a number as well.
fn unique(names: &mut HashMap<String, u32>, name: Option<String>, number: usize) -> String {
    let name = name.unwrap_or_else(|| format!("q{number}"));
    let count = names.entry(name.clone()).or_default();
    *count += 1;
    if *count == 1 { name } else { format!("{name}#{count}") }
}
