//! Reads the statistics of a database, and writes them into an empty clone.

use crate::error::{Context, Result};
use crate::model::statistics::{Stat1, Stat4, Statistics, numbers, written};
use crate::sqlite::rows::text;
use crate::sqlite::session::Session;
use rusqlite::{Connection, params};

/// Reads sqlite_stat1 and sqlite_stat4; empty where ANALYZE was never run.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a table that is there cannot be read.
pub fn read(conn: &Connection) -> Result<Statistics> {
    let has = |name: &str| {
        let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?";
        conn.query_row(sql, [name], |r| r.get::<_, i64>(0)).is_ok_and(|n| n > 0)
    };
    let read = || -> rusqlite::Result<Statistics> {
        let mut found = Statistics::default();
        if has("sqlite_stat1") {
            let mut rows = conn.prepare(
                "SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl IS NOT NULL AND stat IS NOT NULL",
            )?;
            let row = |r: &rusqlite::Row<'_>| {
                let field = |column| text(r, column).map(Option::unwrap_or_default);
                Ok(Stat1 { table: field(0)?, index: text(r, 1)?, stat: field(2)? })
            };
            found.stat1 = rows.query_map([], row)?.collect::<rusqlite::Result<_>>()?;
        }
        if has("sqlite_stat4") {
            let mut rows = conn.prepare("SELECT tbl, idx, neq, nlt, ndlt, sample FROM sqlite_stat4")?;
            let row = |r: &rusqlite::Row<'_>| {
                let field = |column| text(r, column).map(Option::unwrap_or_default);
                let list = |column| field(column).map(|text| numbers(&text));
                Ok(Stat4 {
                    table: field(0)?,
                    index: field(1)?,
                    equal: list(2)?,
                    less: list(3)?,
                    distinct_less: list(4)?,
                    // A sample that is no record is none to SQLite either.
                    sample: r.get_ref(5)?.as_blob().unwrap_or_default().to_vec(),
                })
            };
            found.stat4 = rows.query_map([], row)?.collect::<rusqlite::Result<_>>()?;
        }
        Ok(found)
    };
    read().context(|| "cannot read the statistics".to_owned())
}

/// True if both statistics tables are there.
///
/// # Errors
/// [`crate::Error::Sqlite`]
pub fn have_tables(session: &Session) -> Result<bool> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4')";
    let count: rusqlite::Result<i64> = session.connection().query_row(sql, [], |r| r.get(0));
    count.map(|n| n == 2).context(|| "cannot read the schema".to_owned())
}

/// Makes the statistics tables, which SQLite does only by ANALYZE. To be called while the schema is empty: ANALYZE of empty
/// tables would leave rows that mislead the planner.
///
/// # Errors
/// [`crate::Error::Sqlite`]
pub fn make_tables(session: &Session) -> Result<()> {
    session.connection().execute_batch("ANALYZE").context(|| "cannot make the statistics tables".to_owned())
}

/// Adds rows to the statistics tables. They count from the next load of the schema on.
///
/// # Errors
/// [`crate::Error::Sqlite`]
pub fn write(session: &Session, statistics: &Statistics) -> Result<()> {
    let conn = session.connection();
    let write = || -> rusqlite::Result<()> {
        if !conn.is_autocommit() {
            return insert(conn, statistics);
        }
        conn.execute_batch("BEGIN")?;
        let written = insert(conn, statistics);
        conn.execute_batch(if written.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        written
    };
    write().context(|| "cannot write the statistics".to_owned())
}

fn insert(conn: &Connection, statistics: &Statistics) -> rusqlite::Result<()> {
    {
        let mut stat1 = conn.prepare_cached("INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES (?, ?, ?)")?;
        for row in &statistics.stat1 {
            stat1.execute(params![row.table, row.index, row.stat])?;
        }
        let mut stat4 = conn.prepare_cached(
            "INSERT INTO sqlite_stat4(tbl, idx, neq, nlt, ndlt, sample) VALUES (?, ?, ?, ?, ?, ?)",
        )?;
        for s in &statistics.stat4 {
            let (equal, less, distinct) = (written(&s.equal), written(&s.less), written(&s.distinct_less));
            stat4.execute(params![s.table, s.index, equal, less, distinct, s.sample])?;
        }
        Ok(())
    }
}

/// Takes the rows of a table out of the statistics tables. That counts from the next load of the schema on.
///
/// # Errors
/// [`crate::Error::Sqlite`]
pub fn forget(session: &Session, table: &str) -> Result<()> {
    let forget = |from: &str| -> rusqlite::Result<usize> {
        let sql = format!("DELETE FROM {from} WHERE tbl = ? COLLATE NOCASE");
        session.connection().prepare_cached(&sql)?.execute([table])
    };
    let both = forget("sqlite_stat1").and_then(|_| forget("sqlite_stat4"));
    both.map(|_| ()).context(|| format!("cannot take out the statistics of {table:?}"))
}

/// Puts other statistics in the place of those that are there; they count from the next load of the schema on. Both tables
/// must be there.
///
/// # Errors
/// [`crate::Error::Sqlite`]
pub fn replace(session: &Session, statistics: &Statistics) -> Result<()> {
    let conn = session.connection();
    let forget = conn.execute_batch("DELETE FROM sqlite_stat1; DELETE FROM sqlite_stat4");
    forget.context(|| "cannot replace the statistics".to_owned())?;
    write(session, statistics)
}

/// Makes the connection read the whole schema again, and the statistics with it.
///
/// # Errors
/// [`crate::Error::Sqlite`]
pub fn reload(session: &Session) -> Result<()> {
    let reset = session.connection().execute_batch("PRAGMA writable_schema = RESET");
    reset.context(|| "cannot load the schema again".to_owned())
}

/// Makes the connection read the statistics again.
///
/// # Errors
/// [`crate::Error::Sqlite`]
pub fn load(session: &Session) -> Result<()> {
    session
        .connection()
        .execute_batch("ANALYZE sqlite_schema")
        .context(|| "cannot load the statistics".to_owned())
}
