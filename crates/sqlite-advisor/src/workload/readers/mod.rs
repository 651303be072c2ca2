//! Where statements come from: one file a format, recognised by content, chosen in one table.
//!
//! To add a format, write a file with a `recognizes` and a `read`, put it into [`READERS`] above plain SQL, and put a real
//! sample into tests/logs.

mod d1;
mod django;
mod drizzle;
mod ent;
mod gorm;
mod knex;
mod log;
mod ndjson;
mod peewee;
mod prisma;
mod rails;
mod sink;
pub mod sql;
mod sqlalchemy;
mod sqldelight;
mod sqlx;
mod typeorm;
pub mod values;
mod xorm;

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::workload::gather::Gathered;
use crate::workload::lines::{Lines, Unread};
use crate::workload::readers::sink::{Sink, joined};
use crate::workload::sequence::Pattern;
use crate::workload::source::QuerySource;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A format.
pub struct Reader {
    /// What it is called.
    pub format: &'static str,
    /// True if the beginning of a text is of this format.
    pub recognizes: fn(&str) -> bool,
    /// Reads a whole file, one statement after another.
    pub read: Read,
}

type Read = fn(&mut Lines, &mut Sink) -> Result<()>;

/// All formats; the first that recognises a text reads it.
pub const READERS: [Reader; 16] = [
    Reader { format: "queries as JSON", recognizes: d1::recognizes, read: d1::read },
    Reader { format: "NDJSON", recognizes: ndjson::recognizes, read: ndjson::read },
    Reader { format: "a log of SQLAlchemy", recognizes: sqlalchemy::recognizes, read: sqlalchemy::read },
    Reader { format: "a log of Django", recognizes: django::recognizes, read: django::read },
    Reader { format: "a log of peewee", recognizes: peewee::recognizes, read: peewee::read },
    Reader { format: "a log of Rails", recognizes: rails::recognizes, read: rails::read },
    Reader { format: "a log of Prisma", recognizes: prisma::recognizes, read: prisma::read },
    Reader { format: "a log of Drizzle", recognizes: drizzle::recognizes, read: drizzle::read },
    Reader { format: "a log of TypeORM", recognizes: typeorm::recognizes, read: typeorm::read },
    Reader { format: "a log of Knex", recognizes: knex::recognizes, read: knex::read },
    Reader { format: "a log of GORM", recognizes: gorm::recognizes, read: gorm::read },
    Reader { format: "a log of ent", recognizes: ent::recognizes, read: ent::read },
    Reader { format: "a log of xorm", recognizes: xorm::recognizes, read: xorm::read },
    Reader { format: "a log of sqlx", recognizes: sqlx::recognizes, read: sqlx::read },
    Reader { format: "SQLDelight", recognizes: sqldelight::recognizes, read: sqldelight::read },
    Reader { format: "SQL", recognizes: |_| true, read: sql::read },
];

/// What was read of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRead {
    /// The file.
    pub file: String,
    /// Its format.
    pub format: &'static str,
    /// The executions that it tells of.
    pub executions: u64,
    /// Statements that neither read nor write rows, by their first word.
    pub passed_over: BTreeMap<String, u64>,
    /// The lines that could not be read.
    pub unread: Unread,
}

/// Statements of one or more files, joined by shape.
#[derive(Debug, Clone, Default)]
pub struct Queries {
    /// One for each shape, or name.
    pub queries: Vec<QuerySource>,
    /// The files.
    pub files: Vec<FileRead>,
    /// What the order of the statements shows, by file.
    pub patterns: Vec<Pattern>,
}

/// Reads files, folders of them in the order of their names, and standard input for `-`.
///
/// # Errors
/// [`Error::File`] for a path that cannot be read, [`Error::Invalid`] for a folder without files of queries and for a .sql
/// file that is not UTF-8, [`Error::Interrupted`].
pub fn read_queries(paths: &[PathBuf], progress: &dyn Progress) -> Result<Queries> {
    let mut files = vec![];
    for path in paths {
        if path.is_dir() {
            let inside = files_of(path)?;
            if inside.is_empty() {
                return Err(Error::Invalid(format!("{}: holds no .sql files or logs", path.display())));
            }
            files.extend(inside);
        } else {
            files.push(path.clone());
        }
    }
    progress.start("Reading the workload", Some(files.len() as u64));
    let (mut gathered, mut read, mut patterns) = (Gathered::default(), vec![], vec![]);
    for (done, file) in (1u64..).zip(&files) {
        progress.check()?;
        read.push(read_file(Lines::open(file)?, &mut gathered)?);
        patterns.extend(gathered.patterns());
        progress.advance(done);
    }
    progress.finish();
    Ok(Queries { queries: gathered.finish(), files: read, patterns })
}

/// Reads a text as a file of that name would be read.
///
/// # Errors
/// [`Error::Invalid`] if it is not of the format that its beginning shows.
pub fn read_text(file: &str, text: &str) -> Result<Queries> {
    let mut gathered = Gathered::default();
    let read = read_file(Lines::of_text(file, text)?, &mut gathered)?;
    let patterns = gathered.patterns();
    Ok(Queries { queries: gathered.finish(), files: vec![read], patterns })
}

fn read_file(mut lines: Lines, gathered: &mut Gathered) -> Result<FileRead> {
    let reader = READERS.iter().find(|reader| (reader.recognizes)(lines.head()));
    let (format, read) = reader.map_or(("SQL", sql::read as Read), |reader| (reader.format, reader.read));
    let (tally, unread) = joined(gathered, |sink| read(&mut lines, sink))?;
    let first = lines.unread.first.take().or(unread.first);
    let unread = Unread { lines: lines.unread.lines + unread.lines, first };
    let (executions, passed_over) = (tally.statements, tally.passed_over);
    Ok(FileRead { file: lines.file().to_string(), format, executions, passed_over, unread })
}

/// Endings of the files that are read in a folder.
const ENDINGS: [&str; 9] = ["sql", "sq", "json", "jsonl", "ndjson", "log", "trace", "gz", "zst"];

fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(Error::file("cannot read the folder", folder))?;
    let mut files = vec![];
    for entry in entries {
        let path = entry.map_err(Error::file("cannot read the folder", folder))?.path();
        let known =
            path.extension().is_some_and(|e| ENDINGS.iter().any(|known| e.eq_ignore_ascii_case(known)));
        if known && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The statements of a text, as `executions sql`, with the format that was recognised in front.
    pub fn read(text: &str) -> Vec<String> {
        let found = read_text("f", text).unwrap();
        let format = found.files.iter().map(|f| f.format.to_owned());
        format.chain(found.queries.iter().map(|q| format!("{} {}", q.executions, q.sql))).collect()
    }

    #[test]
    fn plain_sql_is_read_however_it_is_written() {
        for (text, expected) in [
            ("SELECT a FROM t", &["1 SELECT a FROM t"][..]),
            (
                "SELECT a FROM t\nSELECT b FROM t\n\nSELECT b FROM t",
                &["1 SELECT a FROM t", "2 SELECT b FROM t"],
            ),
            ("BEGIN;SELECT 1; SELECT a FROM t;COMMIT", &["1 SELECT 1", "1 SELECT a FROM t"]),
            ("explain query plan\nSELECT 1;\nEXPLAIN SELECT a FROM t", &["1 SELECT 1", "1 SELECT a FROM t"]),
            ("\u{feff}.mode csv\r\nSELECT a\r\nFROM t;\r\n.quit", &["1 SELECT a\nFROM t"]),
            (
                "SELECT a\nFROM t\nWHERE b = %s AND c = %(name)s",
                &["1 SELECT a\nFROM t\nWHERE b = ? AND c = :name"],
            ),
            (
                "INSERT INTO t SELECT a\nFROM u\nSELECT a FROM t",
                &["1 INSERT INTO t SELECT a\nFROM u", "1 SELECT a FROM t"],
            ),
        ] {
            let mut wanted = vec!["SQL".to_owned()];
            wanted.extend(expected.iter().map(|s| (*s).to_owned()));
            assert_eq!(read(text), wanted);
        }
    }

    #[test]
    fn a_text_of_many_statements_is_read_in_pieces_and_keeps_its_lines() {
        let text: String =
            (0..40_000).map(|i| format!("SELECT a FROM t\n WHERE b = 'x;\n' AND c = {i};\n")).collect();
        let found = read_text("f", &format!("{text}SELECT z FROM t")).unwrap();
        assert_eq!(found.queries.iter().map(|q| q.executions).collect::<Vec<_>>(), [40_000, 1]);
        assert_eq!(found.queries[1].origin.line, 120_001);
    }
}
