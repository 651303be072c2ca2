//! The statements that an application sends: each with a name, a weight and values for its parameters.
//!
//! [`read_texts`] gathers the files, [`Workload::prepare`] lets SQLite check each statement on the copy. One that cannot be
//! prepared is listed with its place and SQLite's words, and the rest go on.

pub mod implied;
pub mod parameters;
pub mod script;
pub mod touched;

use crate::error::{Error, Result};
use crate::sqlite::recorder::Recorder;
use crate::sqlite::{Schema, Session, StandIns};
use rusqlite::types::Value;
use script::Piece;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A text of SQL and where it is from.
#[derive(Debug, Clone)]
pub struct Text {
    /// The file's name, or `-` for standard input.
    pub source: String,
    /// Its statements.
    pub sql: String,
}

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
    /// How much it counts: the header's weight, times how often the text appears.
    pub weight: f64,
    /// How often the text appears.
    pub executions: u64,
    /// Where it stands.
    pub source: Source,
    /// Sets of values for its parameters, by position; one empty set where it has none.
    pub bindings: Vec<Vec<Value>>,
    /// It needs functions or collations of the application: it is planned, not run.
    pub only_planned: bool,
    /// It changes rows.
    pub writes: bool,
    /// Other headers: `pair`, `form`, `since`.
    pub labels: BTreeMap<String, String>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A statement that SQLite cannot prepare.
#[derive(Debug, Clone)]
pub struct Skipped {
    /// Where the fault is.
    pub source: Source,
    /// The statement's text.
    pub sql: String,
    /// SQLite's words.
    pub error: String,
}

/// Reads `.sql` files, folders of them in the order of their names, and standard input for `-`.
///
/// # Errors
/// [`Error::File`] for a path that cannot be read, [`Error::Invalid`] for a folder without `.sql` files.
pub fn read_texts(paths: &[PathBuf]) -> Result<Vec<Text>> {
    let mut texts = vec![];
    for path in paths {
        if path.as_os_str() == "-" {
            let mut bytes = vec![];
            std::io::stdin().read_to_end(&mut bytes).map_err(Error::file("cannot read", path))?;
            texts.push(Text { source: "-".to_owned(), sql: String::from_utf8_lossy(&bytes).into_owned() });
        } else if path.is_dir() {
            let files = sql_files(path)?;
            if files.is_empty() {
                return Err(Error::Invalid(format!("{}: holds no .sql files", path.display())));
            }
            for file in &files {
                texts.push(read_text(file)?);
            }
        } else {
            texts.push(read_text(path)?);
        }
    }
    Ok(texts)
}

fn read_text(path: &Path) -> Result<Text> {
    let bytes = fs::read(path).map_err(Error::file("cannot read the workload", path))?;
    Ok(Text { source: path.display().to_string(), sql: String::from_utf8_lossy(&bytes).into_owned() })
}

fn sql_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Error::file("cannot read the folder", folder))?;
    let mut files = vec![];
    for entry in entries {
        let path = entry.map_err(Error::file("cannot read the folder", folder))?.path();
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("sql")) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

impl Workload {
    /// Checks each statement of the texts on the copy, draws values for its parameters, and joins equal ones.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if the twin for the parameters cannot be built.
    pub fn prepare(texts: &[Text], session: &Session, schema: &Schema) -> Result<Self> {
        let recorder = Recorder::new(schema, None, &BTreeMap::new())?;
        let mut workload = Self {
            stand_ins: StandIns::of_schema(session, schema),
            notes: recorder.unrecorded().to_vec(),
            ..Self::default()
        };
        let drawer = parameters::Drawer::new(session, schema, &recorder);
        let mut seen: HashMap<(String, Vec<(String, String)>), usize> = HashMap::new();
        let mut names: HashMap<String, u32> = HashMap::new();
        for (text, piece) in
            texts.iter().flat_map(|t| script::pieces(&t.sql).into_iter().map(move |p| (t, p)))
        {
            let source = Source { file: text.source.clone(), line: piece.line };
            let weight = match weight_of(&piece) {
                Ok(weight) => weight,
                Err(error) => {
                    workload.skipped.push(Skipped { source, sql: piece.sql, error });
                    continue;
                }
            };
            if let Some(known) = seen.get(&(piece.sql.clone(), piece.params.clone())) {
                if let Some(statement) = workload.statements.get_mut(*known) {
                    statement.weight += weight;
                    statement.executions += 1;
                }
                continue;
            }
            let (writes, only_planned) = match workload.stand_ins.prepare(session, &piece.sql) {
                Ok((statement, made_up)) => (!statement.readonly(), made_up),
                Err(error) => {
                    workload.skipped.push(Skipped::new(source, piece.sql, &error));
                    continue;
                }
            };
            workload.stand_ins.install(recorder.session().connection())?;
            let bindings = match drawer.draw(&piece.sql, &piece.params) {
                Ok(bindings) => bindings,
                Err(error) => {
                    workload.skipped.push(Skipped::new(source, piece.sql, &error));
                    continue;
                }
            };
            seen.insert((piece.sql.clone(), piece.params.clone()), workload.statements.len());
            workload.statements.push(Statement {
                id: unique(&mut names, &piece, workload.statements.len() + 1),
                sql: piece.sql,
                weight,
                executions: 1,
                source,
                bindings,
                only_planned,
                writes,
                labels: piece.headers.into_iter().filter(|(k, _)| k != "name" && k != "weight").collect(),
            });
        }
        Ok(workload)
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
    fn new(source: Source, sql: String, error: &rusqlite::Error) -> Self {
        // SQLite tells where in the statement it stopped reading; a reader wants the line of the file.
        let (line, error) = match error {
            rusqlite::Error::SqlInputError { msg, offset, .. } => {
                let before = usize::try_from(*offset).ok().and_then(|end| sql.get(..end)).unwrap_or_default();
                (source.line + before.matches('\n').count(), msg.clone())
            }
            rusqlite::Error::SqliteFailure(_, Some(message)) => (source.line, message.clone()),
            other => (source.line, other.to_string()),
        };
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
        Self { source: Source { line, ..source }, sql, error }
    }
}

fn weight_of(piece: &Piece) -> Result<f64, String> {
    let Some(text) = piece.headers.get("weight") else { return Ok(1.0) };
    match text.parse::<f64>() {
        Ok(weight) if weight.is_finite() && weight > 0.0 => Ok(weight),
        _ => Err(format!("the weight {text:?} is not a number above 0")),
    }
}

/// The name of the header or of the place; a name that comes again gets a number.
fn unique(names: &mut HashMap<String, u32>, piece: &Piece, number: usize) -> String {
    let name = piece.headers.get("name").cloned().unwrap_or_else(|| format!("q{number}"));
    let count = names.entry(name.clone()).or_default();
    *count += 1;
    if *count == 1 { name } else { format!("{name}#{count}") }
}
