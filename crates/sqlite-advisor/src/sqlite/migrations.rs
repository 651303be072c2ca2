//! The database that a script of SQL or a folder of migrations makes, in memory.
//!
//! A folder is read as migration tools read it: its .sql files and those of its folders in the order of their names, numbers by
//! their value; what takes a migration back is left out. Known are the marks of dbmate, goose and sql-migrate, and the
//! `.down.sql` and `down.sql` of others.

use crate::error::{Error, Result, fault_in};
use crate::sql::lexer::{Token, first_statement, tokens};
use crate::sqlite::session::Session;
use crate::sqlite::stand_in::StandIns;
use crate::sqlite::statistics;
use std::fs;
use std::path::{Path, PathBuf};

/// A database in memory.
pub struct Made {
    /// The session on it.
    pub session: Session,
    /// What it needs of the application.
    pub stand_ins: StandIns,
    /// What was passed over, in sentences.
    pub notes: Vec<String>,
}

/// The most that one script may hold.
const LARGEST: u64 = 256 << 20;

/// True if `path` is a folder of migrations or a script rather than a database.
pub fn is_script(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("sql"))
}

/// Carries out a script, or all migrations of a folder.
///
/// # Errors
/// [`Error::File`] for what cannot be read, [`Error::Invalid`] with file and line for a statement that SQLite refuses, and for a
/// folder without scripts, and with the line of a script that is not UTF-8.
pub fn make(path: &Path) -> Result<Made> {
    let scripts = if path.is_dir() { scripts_of(path)? } else { vec![path.to_owned()] };
    if scripts.is_empty() {
        return Err(Error::Invalid(format!("{}: holds no .sql files", path.display())));
    }
    let mut made = Made { session: Session::in_memory()?, stand_ins: StandIns::default(), notes: vec![] };
    // A dump tells the statistics by rows of these, behind an ANALYZE that has nothing to look at here.
    statistics::make_tables(&made.session)?;
    for script in &scripts {
        let size = fs::metadata(script).map_err(Error::file("cannot read", script))?.len();
        if size > LARGEST {
            let advice = "make a database of it and name that";
            return Err(Error::Invalid(format!("{}: is too large for a schema; {advice}", script.display())));
        }
        made.run(script, &read(script)?)?;
    }
    Ok(made)
}

fn read(script: &Path) -> Result<String> {
    let bytes = fs::read(script).map_err(Error::file("cannot read", script))?;
    String::from_utf8(bytes).map_err(|e| {
        let read = e.as_bytes().iter().take(e.utf8_error().valid_up_to());
        let line = 1 + read.filter(|byte| **byte == b'\n').count();
        Error::not_utf_8(&script.display().to_string(), line)
    })
}

impl Made {
    fn run(&mut self, file: &Path, text: &str) -> Result<()> {
        let text = without_way_back(text);
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let length = first_statement(rest);
            let statement = rest.get(..length).unwrap_or(rest);
            let words = tokens(statement);
            if let Some(first) = words.first() {
                let line = 1 + text.get(..at + first.start).unwrap_or_default().matches('\n').count();
                let sql = statement.get(first.start..).unwrap_or_default().trim_end().trim_end_matches(';');
                match what(&words) {
                    Part::Schema => {
                        self.carry_out(sql).map_err(|e| {
                            let (lines, words) = fault_in(sql, &e);
                            Error::Invalid(format!("{}:{}: {words}", file.display(), line + lines))
                        })?;
                    }
                    // Rows that cannot be inserted here change no plan.
                    Part::Rows => drop(self.carry_out(sql)),
                    Part::Nothing => {}
                    Part::Unknown => {
                        self.notes.push(format!("{}:{line}: passed over: {}", file.display(), first.text))
                    }
                }
            }
            at += length;
        }
        Ok(())
    }

    /// Runs one statement; functions that only the application has get stand-ins.
    fn carry_out(&mut self, sql: &str) -> rusqlite::Result<()> {
        let (session, stand_ins) = (&self.session, &mut self.stand_ins);
        stand_ins.supplying(session.connection(), || session.guard().migrate(session.connection(), sql))
    }
}

/// What a statement is to the schema.
enum Part {
    Schema,
    Rows,
    Nothing,
    Unknown,
}

fn what(words: &[Token<'_>]) -> Part {
    let is = |known: &[&str]| words.first().is_some_and(|first| known.iter().any(|word| first.is(word)));
    let own = words.iter().take(4).any(|word| word.name().to_ascii_lowercase().starts_with("sqlite_"));
    if is(&["CREATE", "ALTER", "DROP"]) {
        // The shell's .schema lists the tables that SQLite makes by itself.
        if own { Part::Nothing } else { Part::Schema }
    } else if is(&["INSERT", "REPLACE", "UPDATE", "DELETE", "WITH"]) {
        Part::Rows
    } else if is(&[
        "PRAGMA",
        "BEGIN",
        "COMMIT",
        "END",
        "ROLLBACK",
        "SAVEPOINT",
        "RELEASE",
        "ANALYZE",
        "REINDEX",
        "VACUUM",
        "SELECT",
    ]) || words.iter().all(|word| word.text == ";")
    {
        Part::Nothing
    } else {
        Part::Unknown
    }
}

/// The part of a migration that goes forward.
fn without_way_back(text: &str) -> &str {
    let is_mark = |line: &str| {
        let line = line.trim().to_ascii_lowercase();
        let comment = line.strip_prefix("--").map(str::trim_start);
        comment.is_some_and(|c| {
            ["migrate:down", "+goose down", "+migrate down"].iter().any(|mark| c.starts_with(mark))
        })
    };
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if is_mark(line) {
            break;
        }
        end += line.len();
    }
    text.get(..end).unwrap_or(text)
}

/// The scripts of a folder and of the folders in it.
fn scripts_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut left) = (vec![], vec![folder.to_owned()]);
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(&folder).map_err(Error::file("cannot read", &folder))? {
            let path = entry.map_err(Error::file("cannot read", &folder))?.path();
            let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
            // A link could lead round in a circle.
            if path.is_dir() && !path.is_symlink() && !name.starts_with('.') {
                left.push(path);
            } else if path.is_file() && name.ends_with(".sql") && !takes_back(&name) {
                found.push(path);
            }
        }
    }
    found.sort_by_cached_key(|path| natural(&path.strip_prefix(folder).unwrap_or(path).to_string_lossy()));
    Ok(found)
}

fn takes_back(name: &str) -> bool {
    name == "down.sql"
        || name.ends_with(".down.sql")
        || name.ends_with(".undo.sql")
        || name.ends_with("_down.sql")
}

/// A key by which `V10` comes behind `V9`.
fn natural(name: &str) -> Vec<(String, u128)> {
    let (mut parts, mut text, mut number) = (vec![], String::new(), String::new());
    for c in name.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        if !number.is_empty() {
            parts.push((std::mem::take(&mut text), number.parse().unwrap_or(u128::MAX)));
            number.clear();
        }
        text.push(c);
    }
    parts.push((text, 0));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::Schema;

    fn folder(files: &[(&str, impl AsRef<[u8]>)]) -> std::io::Result<tempfile::TempDir> {
        let folder = tempfile::tempdir()?;
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
            fs::write(path, text)?;
        }
        Ok(folder)
    }

    fn indexes(files: &[(&str, impl AsRef<[u8]>)]) -> Result<Vec<String>> {
        let folder = folder(files).map_err(Error::file("cannot make", Path::new("a folder")))?;
        let made = make(folder.path())?;
        let schema = Schema::read(made.session.connection())?;
        Ok(schema.indexes.iter().map(|i| i.name.clone()).collect())
    }

    #[test]
    fn migrations_are_carried_out_in_order_and_none_is_taken_back() -> Result<()> {
        let found = indexes(&[
            ("V10__drop.sql", "DROP INDEX a; CREATE INDEX b ON t(y);"),
            (
                "V9__add.sql",
                "ALTER TABLE t ADD COLUMN y; INSERT INTO t VALUES (1, 2);\n-- migrate:down\nDROP TABLE t;",
            ),
            (
                "V1__first.sql",
                "PRAGMA foreign_keys = ON; BEGIN; CREATE TABLE t(x); CREATE INDEX a ON t(x); COMMIT;",
            ),
            ("V10__drop.down.sql", "DROP INDEX b"),
            (
                "V11/up.sql",
                "CREATE TABLE new AS SELECT * FROM t; DROP TABLE t; ALTER TABLE new RENAME TO t; CREATE INDEX c ON t(x)",
            ),
            ("V11/down.sql", "DROP TABLE t"),
        ])?;
        assert_eq!(found, ["c"]);
        Ok(())
    }

    #[test]
    fn what_sqlite_refuses_is_told_with_its_line_and_functions_of_the_application_are_made_up() -> Result<()>
    {
        let refused = indexes(&[("1.sql", "CREATE TABLE t(x);\n\n-- an index\nCREATE INDEX a\n ON t(y);")]);
        let told = refused.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(told.ends_with("1.sql:5: no such column: y"), "{told}");
        let own = "CREATE TABLE t(x TEXT COLLATE german); CREATE INDEX a ON t(slug(x)); INSERT INTO t VALUES ('x');";
        assert_eq!(indexes(&[("1.sql", own)])?, ["a"]);
        let latin = b"CREATE TABLE t(x);\nCREATE TABLE caf\xe9(x);";
        let told = indexes(&[("1.sql", latin)]).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(told.ends_with("1.sql:2: is not UTF-8; save the file as UTF-8 and try again"), "{told}");
        assert!(indexes(&[("1.txt", "")]).is_err_and(|e| e.to_string().ends_with("holds no .sql files")));
        Ok(())
    }
}
