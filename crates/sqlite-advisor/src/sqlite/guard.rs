//! Guards for files and statements that strangers made.
//!
//! The list of settings follows <https://www.sqlite.org/security.html>; limits stand between SQLite's defaults and its
//! high-security figures, because real workloads have long statements. [`Bounds::paranoid`] asks for the latter.

use crate::error::{Context, Error, Result};
use crate::sql::lexer::makes_table_from_query;
use crate::sqlite::Bounds;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, Statement, ffi};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Turns off what a hostile schema could use.
///
/// # Errors
/// [`Error::Sqlite`] if SQLite refuses a setting.
pub fn harden(conn: &Connection) -> Result<()> {
    let what = || "cannot guard the connection".to_owned();
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false),
        // No guard: a plan is to tell what triggers and foreign keys do as well.
        (DbConfig::SQLITE_DBCONFIG_TRIGGER_EQP, true),
    ] {
        conn.set_db_config(setting, on).context(what)?;
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 10_000_000),
        (Limit::SQLITE_LIMIT_LENGTH, 500_000_000),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 100),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        conn.set_limit(limit, value).context(what)?;
    }
    conn.execute_batch("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0").context(what)?;
    Bounds::current().restrict(conn)
}

/// Bounds the file of a copy: a damaged database can make a small write reach for a page terabytes away.
///
/// # Errors
/// [`Error::Sqlite`] if the file cannot be read.
pub fn limit_size(conn: &Connection, bytes: u64) -> Result<()> {
    let what = || "cannot bound the copy".to_owned();
    let page: u64 = conn.query_row("PRAGMA page_size", [], |r| r.get(0)).context(what)?;
    let pages = bytes / page.max(512);
    conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).context(what)
}

/// What the statement that is being prepared may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Policy {
    /// Our own statements: anything.
    Own,
    /// A workload's statement: reads and plain INSERT, UPDATE, DELETE.
    Workload,
    /// One CREATE from a schema.
    Create,
    /// A statement of a migration: any change of schema or rows.
    Migration,
}

/// The authorizer of a connection (<https://www.sqlite.org/c3ref/set_authorizer.html>), and the switch that says for whom it acts.
#[derive(Debug, Clone)]
pub struct Guard(Arc<AtomicU8>);

impl Guard {
    /// Installs the authorizer; until told otherwise it lets our own statements pass.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if SQLite refuses the authorizer.
    pub fn install(conn: &mut Connection) -> Result<Self> {
        let policy = Arc::new(AtomicU8::new(Policy::Own as u8));
        let seen = Arc::clone(&policy);
        let decide = move |context: AuthContext<'_>| {
            let allowed = match seen.load(Ordering::Relaxed) {
                p if p == Policy::Own as u8 => true,
                p if p == Policy::Create as u8 => is_plain_create(&context.action),
                p if p == Policy::Migration as u8 => is_migration(&context.action),
                _ => is_plain_dml(&context.action),
            };
            if allowed { Authorization::Allow } else { Authorization::Deny }
        };
        conn.authorizer(Some(decide)).context(|| "cannot guard the connection".to_owned())?;
        Ok(Self(policy))
    }

    /// Prepares a statement of the workload: a read or a plain INSERT, UPDATE or DELETE, alone.
    ///
    /// # Errors
    /// SQLite's own, and `SQLITE_AUTH` for any other kind of statement.
    pub fn prepare<'c>(&self, conn: &'c Connection, sql: &str) -> rusqlite::Result<Statement<'c>> {
        // SQLite asks the authorizer of most statements, but not of VACUUM, so the first word counts as well.
        if is_dml(sql) {
            self.acting(Policy::Workload, || conn.prepare(sql))
        } else {
            // What is no SQL at all is told in SQLite's own words; nothing of it is run.
            if let Err(error @ rusqlite::Error::SqlInputError { .. }) =
                self.acting(Policy::Workload, || conn.prepare(sql))
            {
                return Err(error);
            }
            let words = "only SELECT, VALUES, INSERT, REPLACE, UPDATE and DELETE are looked at".to_owned();
            Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_AUTH), Some(words)))
        }
    }

    /// Executes one statement of a migration on a database that is thrown away: a change of the schema or of rows, alone.
    ///
    /// # Errors
    /// SQLite's own, and `SQLITE_AUTH` for anything that reaches out of the database.
    pub fn migrate(&self, conn: &Connection, sql: &str) -> rusqlite::Result<()> {
        self.acting(Policy::Migration, || conn.prepare(sql).and_then(|mut statement| statement.raw_execute()))
            .map(|_| ())
    }

    fn acting<T>(&self, policy: Policy, work: impl FnOnce() -> T) -> T {
        let before = self.0.swap(policy as u8, Ordering::Relaxed);
        let result = work();
        self.0.store(before, Ordering::Relaxed);
        result
    }

    /// Executes one CREATE statement of a schema: exactly one, with nothing behind it, of the kind that it claims to be.
    ///
    /// Text in sqlite_schema can hold further statements that SQLite itself never runs, but a careless copy would.
    ///
    /// # Errors
    /// [`Error::HostileSchema`] if the text is anything else, [`Error::Sqlite`] if SQLite refuses it.
    pub fn create(&self, conn: &Connection, name: &str, sql: &str) -> Result<()> {
        let hostile =
            |reason: &str| Error::HostileSchema { name: name.to_owned(), reason: reason.to_owned() };
        if !sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("CREATE")) {
            return Err(hostile("it does not begin with CREATE"));
        }
        if makes_table_from_query(sql) {
            return Err(hostile("it makes a table from a query; name the columns instead"));
        }
        let refused = |error| match error {
            // The tail must be empty: a second statement is a reason to refuse.
            rusqlite::Error::MultipleStatement => hostile("a second statement follows the first"),
            source => Error::Sqlite { context: format!("cannot copy the schema of {name:?}"), source },
        };
        self.acting(Policy::Create, || {
            conn.prepare(sql).and_then(|mut create| create.raw_execute()).map(|_| ()).map_err(refused)
        })
    }
}

/// True if the first word is that of a read or of plain DML, EXPLAIN QUERY PLAN before it allowed.
fn is_dml(sql: &str) -> bool {
    let mut words = first_words(sql).map(str::to_ascii_uppercase);
    let first = words.next();
    let first = if first.as_deref() == Some("EXPLAIN") { words.nth(2) } else { first };
    let dml = ["SELECT", "WITH", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE"];
    first.is_some_and(|word| dml.contains(&word.as_str()))
}

/// The words at the start of a statement, comments left out.
fn first_words(mut sql: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        loop {
            sql = sql.trim_start();
            sql = if let Some(comment) = sql.strip_prefix("--") {
                comment.split_once('\n')?.1
            } else if let Some(comment) = sql.strip_prefix("/*") {
                comment.split_once("*/")?.1
            } else {
                break;
            };
        }
        let end = sql.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(sql.len());
        let (word, rest) = sql.split_at_checked(end)?;
        sql = rest;
        (!word.is_empty()).then_some(word)
    })
}

fn is_plain_dml(action: &AuthAction<'_>) -> bool {
    use AuthAction::*;
    match action {
        Select | Recursive | Read { .. } => true,
        Insert { table_name } | Delete { table_name } | Update { table_name, .. } => {
            !table_name.starts_with("sqlite_")
        }
        Function { function_name } => {
            !["load_extension", "fts3_tokenizer"].iter().any(|f| function_name.eq_ignore_ascii_case(f))
        }
        // Queries may ask table-valued pragmas, which only read.
        Pragma { pragma_name, .. } => [
            "table_info",
            "table_xinfo",
            "table_list",
            "index_list",
            "index_info",
            "index_xinfo",
            "data_version",
        ]
        .iter()
        .any(|p| pragma_name.eq_ignore_ascii_case(p)),
        _ => false,
    }
}

fn is_plain_create(action: &AuthAction<'_>) -> bool {
    use AuthAction::*;
    match action {
        CreateTable { .. }
        | CreateIndex { .. }
        | CreateView { .. }
        | CreateTrigger { .. }
        | CreateVtable { .. }
        | Select
        | Read { .. }
        | Recursive
        | Function { .. }
        | Reindex { .. } => true,
        // R-Tree and FTS5 ask for these when they make their tables.
        Pragma { pragma_name: "page_size" | "data_version", pragma_value: None } => true,
        // CREATE writes its own row, and a virtual table's module makes its shadow tables.
        Insert { .. } | Update { .. } | Delete { .. } => true,
        _ => false,
    }
}

fn is_migration(action: &AuthAction<'_>) -> bool {
    use AuthAction::*;
    let alters = matches!(
        action,
        AlterTable { .. }
            | DropTable { .. }
            | DropIndex { .. }
            | DropView { .. }
            | DropTrigger { .. }
            | DropVtable { .. }
    );
    let is_harmless = !matches!(action, Function { .. }) || is_plain_dml(action);
    alters || (is_plain_create(action) && is_harmless)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded() -> Result<(Connection, Guard)> {
        let mut conn = Connection::open_in_memory()?;
        harden(&conn)?;
        let guard = Guard::install(&mut conn)?;
        conn.execute_batch("CREATE TABLE t(a); CREATE TABLE u(b)")?;
        Ok((conn, guard))
    }

    #[test]
    fn a_workload_may_read_and_change_rows_and_nothing_else() -> Result<()> {
        let (conn, guard) = guarded()?;
        for sql in [
            "/* x */ -- y\n SELECT count(*) FROM t",
            "EXPLAIN QUERY PLAN SELECT 1",
            "INSERT INTO t VALUES (1)",
            "DELETE FROM t",
            "UPDATE t SET a = 2",
        ] {
            assert!(guard.prepare(&conn, sql).is_ok(), "{sql}");
        }
        for sql in [
            "DROP TABLE t",
            "CREATE TABLE x(a)",
            "ATTACH 'x' AS x",
            "PRAGMA journal_mode = OFF",
            "ANALYZE",
            "VACUUM",
            "UPDATE sqlite_schema SET sql = ''",
            "SELECT load_extension('x')",
            "BEGIN",
        ] {
            assert!(guard.prepare(&conn, sql).is_err(), "{sql}");
        }
        let misspelt = guard.prepare(&conn, "selct 1").map(drop).map_err(|e| e.to_string());
        assert!(misspelt.is_err_and(|words| words.contains("near \"selct\": syntax error")));
        Ok(())
    }

    #[test]
    fn a_migration_may_change_everything_in_the_database_and_reach_nothing_else() -> Result<()> {
        let (conn, guard) = guarded()?;
        for sql in [
            "ALTER TABLE t ADD COLUMN b TEXT",
            "CREATE TABLE v AS SELECT * FROM t",
            "INSERT INTO v SELECT a, b FROM t",
            "UPDATE v SET a = lower(b)",
            "CREATE INDEX vi ON v(a)",
            "DROP INDEX vi",
            "DROP TABLE t",
            "ALTER TABLE v RENAME TO t",
        ] {
            guard.migrate(&conn, sql)?;
        }
        for sql in ["ATTACH 'x' AS x", "VACUUM INTO 'x'", "SELECT load_extension('x')", "PRAGMA journal_mode"]
        {
            assert!(guard.migrate(&conn, sql).is_err(), "{sql}");
        }
        assert!(!std::path::Path::new("x").exists());
        Ok(())
    }

    #[test]
    fn a_schema_entry_with_a_second_statement_is_refused_and_runs_nothing() -> Result<()> {
        let (conn, guard) = guarded()?;
        let tail = "CREATE VIEW v AS SELECT 1; CREATE TABLE pwned(a)";
        assert!(matches!(guard.create(&conn, "v", tail), Err(Error::HostileSchema { .. })));
        assert!(matches!(guard.create(&conn, "v", "DROP TABLE t"), Err(Error::HostileSchema { .. })));
        for query in ["CREATE TABLE z AS SELECT * FROM t; DELETE FROM t", "CREATE TABLE z AS SELECT * FROM t"]
        {
            assert!(matches!(guard.create(&conn, "z", query), Err(Error::HostileSchema { .. })), "{query}");
        }
        let names: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
        assert_eq!(names, 2);
        guard.create(&conn, "v", "CREATE VIEW v AS SELECT a FROM t -- fine")?;
        Ok(())
    }
}
