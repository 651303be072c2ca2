//! What can go wrong, said once: what was looked at, what is wrong with it, and what to do.

use std::path::{Path, PathBuf};

/// A result of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every failure of the library. The text of each ends in its remedy where there is one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The path does not lead to a file that can be opened as a database.
    #[error("{}: {reason}", path.display())]
    Open {
        /// The path as the user gave it.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
    /// A file could not be read, written or made.
    #[error("{}: {action}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What was being done: "cannot read", "cannot write".
        action: &'static str,
        /// The operating system's word.
        source: std::io::Error,
    },
    /// SQLite refused a statement of ours.
    #[error("{context}: {source}")]
    Sqlite {
        /// What was being done.
        context: String,
        /// SQLite's message.
        source: rusqlite::Error,
    },
    /// The schema holds text that is not the one CREATE statement it claims to be.
    #[error("schema entry {name:?} is not a plain CREATE statement and was refused: {reason}")]
    HostileSchema {
        /// The entry's name in sqlite_schema.
        name: String,
        /// What was seen.
        reason: String,
    },
    /// An argument or a file's content cannot be used.
    #[error("{0}")]
    Invalid(String),
    /// A folder lacks room.
    #[error("{}: needs {needed} free, has {free}; free some space or name another folder with TMPDIR", folder.display())]
    NoSpace {
        /// The folder that would be written.
        folder: PathBuf,
        /// Bytes needed, as text with a unit.
        needed: String,
        /// Bytes free, as text with a unit.
        free: String,
    },
    /// There is not one statement that could be planned.
    #[error("nothing to look at: {0}")]
    NothingToDo(String),
    /// Ctrl-C or a request to end.
    #[error("interrupted; nothing was changed")]
    Interrupted,
}

impl Error {
    /// An [`Error::File`] maker for `map_err`.
    pub fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error + use<> {
        let path = path.to_owned();
        move |source| Error::File { path, action, source }
    }

    /// A line, from 1, of a file of text that cannot be read as text.
    pub fn not_utf_8(file: &str, line: usize) -> Error {
        Error::Invalid(format!("{file}:{line}: is not UTF-8; save the file as UTF-8 and try again"))
    }
}

/// What came, or none where it failed, since bad input costs its own piece alone; an interruption ends everything and is
/// passed on.
///
/// # Errors
/// [`Error::Interrupted`]
pub fn unless_failed<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Interrupted) => Err(Error::Interrupted),
        Err(_) => Ok(None),
    }
}

/// Says what was being done when SQLite refused.
pub trait Context<T> {
    /// Adds the context, which is only built on failure.
    fn context(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T> Context<T> for rusqlite::Result<T> {
    fn context(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| sqlite(source, what))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        sqlite(source, || "SQLite".to_owned())
    }
}

/// SQLite's words for what is wrong with a statement, and how many lines into it.
pub fn fault_in(sql: &str, error: &rusqlite::Error) -> (usize, String) {
    match error {
        rusqlite::Error::SqlInputError { msg, offset, .. } => {
            let before = usize::try_from(*offset).ok().and_then(|end| sql.get(..end)).unwrap_or_default();
            (before.matches('\n').count(), msg.clone())
        }
        rusqlite::Error::SqliteFailure(_, Some(message)) => (0, message.clone()),
        other => (0, other.to_string()),
    }
}

fn sqlite(source: rusqlite::Error, what: impl FnOnce() -> String) -> Error {
    match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) => Error::Interrupted,
        Some(rusqlite::ErrorCode::DiskFull) => Error::Invalid(format!(
            "{}: the disk is full, or the database is damaged and asks for more than it can need; \
             free some space, or run PRAGMA integrity_check",
            what()
        )),
        _ => Error::Sqlite { context: what(), source },
    }
}
