//! A database that comes as a text of SQL: what `.dump` of the sqlite3 shell, `wrangler d1 export` and sqld's `/dump` write.
//!
//! Such a text is as hostile as a schema: only CREATE and plain INSERT are carried out, each alone and under the guard.

use crate::error::{Context, Error, Result};
use crate::progress::Progress;
use crate::sql::definition::created_name;
use crate::sql::lexer::{Token, first_statement, tokens};
use crate::sqlite::guard::{self, Guard};
use rusqlite::Connection;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that are read at once, and looked at to tell a dump from other files.
const CHUNK: usize = 1 << 20;
/// What is told of statements that could not be carried out.
const TOLD: usize = 5;

/// True for a regular file that begins as a dump does; opening a FIFO would wait for who writes into it.
pub(super) fn is_dump(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let mut head = vec![];
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
    let text = String::from_utf8_lossy(&head);
    let words = tokens(text.trim_start_matches('\u{feff}'));
    let is = |at: usize, word: &str| words.get(at).is_some_and(|token| token.is(word));
    let begins = is(0, "PRAGMA") || is(0, "BEGIN") || is(0, "INSERT");
    let creates =
        is(0, "CREATE") && ["TABLE", "INDEX", "UNIQUE", "VIEW", "VIRTUAL"].iter().any(|word| is(1, word));
    read.is_ok() && !head.contains(&0) && (begins || creates)
}

/// Makes a database of a dump, and tells what of it could not be carried out.
///
/// # Errors
/// [`Error::File`] if it cannot be read, [`Error::Open`] if no table comes of it, [`Error::Interrupted`].
pub(super) fn load(path: &Path, target: &Path, progress: &dyn Progress) -> Result<Vec<String>> {
    let mut conn = Connection::open(target).context(|| "cannot make the copy".to_owned())?;
    guard::harden(&conn)?;
    conn.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")?;
    let guard = Guard::install(&mut conn)?;
    let mut file = File::open(path).map_err(Error::file("cannot read", path))?;
    let (mut text, mut left_out, mut number, mut done) = (Vec::new(), LeftOut::default(), 0, 0);
    loop {
        progress.check()?;
        let read = (&mut file)
            .take(CHUNK as u64)
            .read_to_end(&mut text)
            .map_err(Error::file("cannot read", path))?;
        let whole = std::str::from_utf8(&text).map_or_else(|e| e.valid_up_to(), str::len);
        if read == 0 && whole < text.len() {
            left_out.add(format!("what follows statement {number}, since it is not UTF-8"));
        }
        let known = std::str::from_utf8(text.get(..whole).unwrap_or_default()).unwrap_or_default();
        let mut rest = known;
        while !rest.is_empty() {
            let length = first_statement(rest);
            // The last may go on in the next chunk.
            if length == rest.len() && read > 0 {
                break;
            }
            let (statement, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            number += 1;
            if let Err(why) = carry_out(&conn, &guard, statement) {
                left_out.add(format!("statement {number} of the dump: {why}"));
            }
            rest = behind;
        }
        let used = known.len() - rest.len();
        text.drain(..used);
        done += read as u64;
        progress.advance(done);
        if read == 0 {
            break;
        }
    }
    conn.execute_batch("COMMIT").context(|| "cannot make the copy".to_owned())?;
    let tables: i64 =
        conn.query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| row.get(0))?;
    if tables == 0 {
        let reason = format!("is a text of SQL that makes no table{}", left_out.first());
        return Err(Error::Open { path: path.to_owned(), reason });
    }
    Ok(left_out.told())
}

/// What could not be carried out: the first few, and how many.
#[derive(Default)]
struct LeftOut {
    first: Vec<String>,
    more: usize,
}

impl LeftOut {
    fn add(&mut self, what: String) {
        if self.first.len() < TOLD {
            self.first.push(what);
        } else {
            self.more += 1;
        }
    }

    fn first(&self) -> String {
        self.first.first().map_or(String::new(), |first| format!("; {first}"))
    }

    fn told(mut self) -> Vec<String> {
        if self.more > 0 {
            self.first.push(format!("{} more statements of the dump", self.more));
        }
        self.first
    }
}

/// Runs a CREATE or an INSERT; what sets up a connection is passed over.
fn carry_out(conn: &Connection, guard: &Guard, statement: &str) -> std::result::Result<(), String> {
    let words = tokens(statement);
    let Some(first) = words.first() else { return Ok(()) };
    let sql = statement.get(first.start..).unwrap_or_default().trim_end().trim_end_matches(';');
    if first.is("CREATE") {
        let name = created_name(&words);
        // SQLite makes its own tables itself.
        if name.starts_with("sqlite_") {
            return Ok(());
        }
        return guard.create(conn, &name, sql).map_err(|e| e.to_string());
    }
    if first.is("INSERT") || first.is("REPLACE") {
        if is_statistics(&words) {
            return statistics(conn, sql).map_err(|e| e.to_string());
        }
        let insert = guard.prepare(conn, sql).and_then(|mut insert| insert.raw_execute());
        return insert.map(|_| ()).map_err(|e| e.to_string());
    }
    Ok(())
}

/// An INSERT of literals into one of the tables that ANALYZE and AUTOINCREMENT keep.
fn is_statistics(words: &[Token<'_>]) -> bool {
    let own = ["sqlite_stat1", "sqlite_stat4", "sqlite_sequence"];
    let named = words.get(2).is_some_and(|name| own.contains(&name.name().as_str()));
    let is_plain = |word: &Token<'_>| {
        let begins = word.text.starts_with(|c: char| c.is_ascii_digit() || "'(),;-".contains(c));
        begins || word.is("NULL") || word.is("VALUES") || word.text.eq_ignore_ascii_case("x")
    };
    named && words.get(1).is_some_and(|into| into.is("INTO")) && words.iter().skip(3).all(is_plain)
}

fn statistics(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.execute_batch("ANALYZE sqlite_schema").and_then(|()| conn.execute(sql, [])).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use crate::sqlite::Snapshot;

    fn taken(text: &str) -> Result<(tempfile::TempDir, Snapshot)> {
        let folder = tempfile::tempdir().map_err(Error::file("make", Path::new("tmp")))?;
        let path = folder.path().join("a.sql");
        std::fs::write(&path, text).map_err(Error::file("write", &path))?;
        let snapshot = Snapshot::take(&path, 1, &Silent)?;
        Ok((folder, snapshot))
    }

    #[test]
    fn a_dump_is_a_database_with_its_statistics() -> Result<()> {
        let dump = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b);\n\
            INSERT INTO t VALUES(1,'x;y'),(2,X'00ff');\nANALYZE sqlite_schema;\nINSERT INTO sqlite_stat1 VALUES('t','i','2 1');\n\
            DELETE FROM sqlite_sequence;\nINSERT INTO sqlite_sequence VALUES('t',2);\nCREATE INDEX i ON t(b);\n\
            CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; SELECT 1; END;\nCOMMIT;\n";
        let (_folder, snapshot) = taken(dump)?;
        assert_eq!(snapshot.left_out(), [] as [String; 0]);
        let conn = Connection::open(snapshot.path())?;
        let read = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, String>(0));
        assert_eq!(read("SELECT group_concat(b, '|') FROM (SELECT typeof(b) AS b FROM t)")?, "text|blob");
        assert_eq!(read("SELECT stat FROM sqlite_stat1")?, "2 1");
        assert_eq!(read("SELECT count(*) || '' FROM sqlite_schema WHERE type IN ('index', 'trigger')")?, "2");
        Ok(())
    }

    #[test]
    fn what_a_dump_may_not_do_costs_that_statement() -> Result<()> {
        let dump = "CREATE TABLE t(a);\nINSERT INTO t VALUES(1);\nATTACH 'x.db' AS x;\nINSERT INTO sqlite_schema VALUES('table','v','v',0,'x');\n\
            CREATE TABLE u AS SELECT 1;\nINSERT INTO nowhere VALUES (1);\nINSERT INTO sqlite_stat1 VALUES('t', load_extension('x'), '1');\n";
        let (folder, snapshot) = taken(dump)?;
        let told = snapshot.left_out();
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(told[2].starts_with("statement 6 of the dump: no such table: nowhere"), "{told:?}");
        assert!(!folder.path().join("x.db").exists());
        assert!(taken("BEGIN; COMMIT;").is_err_and(|e| e.to_string().contains("makes no table")));
        Ok(())
    }
}
