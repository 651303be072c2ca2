//! Steps as data. Each knows its SQL, whether it is done already, and which values it changes on purpose.

use crate::change::rebuild;
use crate::change::statistics::SavedStatistics;
use crate::error::{Context, Result};
use crate::model::index::quote;
use crate::sql::lexer::{canonical, tokens};
use crate::sqlite::schema::{Affinity, Schema};
use rusqlite::Connection;

/// One change of a database that can be asked whether it is done, and done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// ALTER TABLE ... ADD COLUMN.
    AddColumn {
        /// The table.
        table: String,
        /// The new column.
        column: String,
        /// What follows its name: the declared type, DEFAULT and so on.
        definition: String,
    },
    /// CREATE TABLE, if there is none of that name.
    CreateTable {
        /// The table.
        table: String,
        /// The whole statement.
        sql: String,
    },
    /// CREATE INDEX; an index of that name with another definition is reported, not replaced.
    CreateIndex {
        /// Its name.
        index: String,
        /// The whole statement.
        sql: String,
    },
    /// DROP INDEX, if there is one.
    DropIndex {
        /// Its name.
        index: String,
    },
    /// An UPDATE of one column, done when its predicate selects no row any more.
    Backfill {
        /// The table.
        table: String,
        /// The column that is filled.
        column: String,
        /// A common table expression that `from` may name, or an empty text.
        with: String,
        /// What the values come from, as after UPDATE ... FROM; an empty text for none.
        from: String,
        /// The new value.
        value: String,
        /// The rows that still need it.
        predicate: String,
        /// A table that the values come from and a later step drops: the step is done once it is gone.
        source: Option<String>,
    },
    /// Rows of one table copied to another, done when none is left to copy or the source is gone.
    MoveRows {
        /// The table they come from.
        from: String,
        /// The table they go to.
        to: String,
        /// Its columns that are filled.
        columns: String,
        /// The rows that are not there yet.
        select: String,
    },
    /// DROP TABLE, if there is one.
    DropTable {
        /// The table.
        table: String,
    },
    /// Gathers statistics, whether there are some already or not.
    Analyze,
    /// Puts statistics back as they were.
    Statistics(SavedStatistics),
    /// SQLite's documented table rebuild, for a declared type that ALTER TABLE cannot change.
    Rebuild {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its new declared type.
        declared: String,
    },
}

/// How a step stands towards a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing is left to do.
    Done,
    /// It would change something.
    Pending,
    /// Something of that name stands, but not as the step wants it; the step leaves it alone and says so.
    Differs(String),
}

impl Step {
    /// An [`Step::AddColumn`].
    pub fn add_column(table: &str, column: &str, definition: &str) -> Self {
        Step::AddColumn { table: table.into(), column: column.into(), definition: definition.into() }
    }

    /// A [`Step::CreateIndex`] from the index's name and what follows ON.
    pub fn create_index(index: &str, on: &str) -> Self {
        Step::CreateIndex { index: index.into(), sql: format!("CREATE INDEX {} ON {on}", quote(index)) }
    }

    /// What it does, in a few words: `goals: add deleted_at DATETIME`.
    pub fn title(&self) -> String {
        match self {
            Step::AddColumn { table, column, definition } => format!("{table}: add {column} {definition}"),
            Step::CreateTable { table, .. } => format!("create table {table}"),
            Step::CreateIndex { index, .. } => format!("create index {index}"),
            Step::DropIndex { index } => format!("drop index {index}"),
            Step::Backfill { table, column, .. } => format!("{table}: fill {column}"),
            Step::MoveRows { from, to, .. } => format!("{from}: copy rows to {to}"),
            Step::DropTable { table } => format!("drop table {table}"),
            Step::Analyze => "analyze".to_owned(),
            Step::Statistics(_) => "put the statistics back".to_owned(),
            Step::Rebuild { table, column, declared } => format!("{table}: rebuild with {column} {declared}"),
        }
    }

    /// The statement that does it; of a rebuild, what it amounts to.
    pub fn sql(&self) -> String {
        match self {
            Step::AddColumn { table, column, definition } => {
                format!("ALTER TABLE {} ADD COLUMN {} {definition}", quote(table), quote(column))
            }
            Step::CreateTable { sql, .. } | Step::CreateIndex { sql, .. } => sql.clone(),
            Step::DropIndex { index } => format!("DROP INDEX {}", quote(index)),
            Step::Backfill { table, column, with, from, value, predicate, .. } => {
                let (with, from) = (clause("WITH RECURSIVE ", with), clause("FROM ", from));
                format!(
                    "{with}UPDATE {} SET {} = {value} {from}WHERE {predicate}",
                    quote(table),
                    quote(column)
                )
            }
            Step::MoveRows { to, columns, select, .. } => {
                format!("INSERT INTO {} ({columns}) {select}", quote(to))
            }
            Step::DropTable { table } => format!("DROP TABLE {}", quote(table)),
            Step::Analyze => "ANALYZE".to_owned(),
            Step::Statistics(_) => "-- the statistics as they were".to_owned(),
            Step::Rebuild { table, column, declared } => {
                format!(
                    "-- table rebuild: ALTER TABLE {} ALTER COLUMN {} {declared}",
                    quote(table),
                    quote(column)
                )
            }
        }
    }

    /// The table and column whose values it changes on purpose.
    pub fn touches(&self) -> Option<(&str, &str)> {
        match self {
            Step::Backfill { table, column, .. } | Step::Rebuild { table, column, .. } => {
                Some((table, column))
            }
            _ => None,
        }
    }

    /// The table that it may add rows to or take away.
    pub fn resizes(&self) -> Option<&str> {
        match self {
            Step::MoveRows { to, .. } => Some(to),
            Step::DropTable { table } => Some(table),
            _ => None,
        }
    }

    /// How it stands towards the database as the connection sees it.
    ///
    /// A backfill whose columns are still to be added is pending.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the schema or the rows cannot be read.
    pub fn state(&self, conn: &Connection, schema: &Schema) -> Result<State> {
        let pending_if = |pending| if pending { State::Pending } else { State::Done };
        Ok(match self {
            Step::AddColumn { table, column, definition } => {
                match schema.table(table).map(|t| t.column(column)) {
                    Some(Some(found)) => same_affinity(&found.declared_type, &declared_type(definition)),
                    _ => State::Pending,
                }
            }
            Step::CreateTable { table, .. } => pending_if(schema.table(table).is_none()),
            Step::CreateIndex { index, sql } => match schema.index(index) {
                None => State::Pending,
                Some(found) => same_index(found.sql.as_deref().unwrap_or_default(), sql),
            },
            Step::DropIndex { index } => pending_if(schema.index(index).is_some()),
            Step::Backfill { source: Some(source), .. } if schema.table(source).is_none() => State::Done,
            Step::Backfill { table, with, from, predicate, .. } => {
                let table = quote(table);
                // A recursive query gives its rows one by one: as the outer loop the first hit ends it.
                let tables = match (with.is_empty(), from.is_empty()) {
                    (_, true) => table,
                    (true, _) => format!("{table}, {from}"),
                    (false, _) => format!("{from} CROSS JOIN {table}"),
                };
                let with = clause("WITH RECURSIVE ", with);
                pending_if(selects_a_row(conn, &format!("{with}SELECT 1 FROM {tables} WHERE {predicate}"))?)
            }
            Step::MoveRows { from, select, .. } => {
                pending_if(schema.table(from).is_some() && selects_a_row(conn, select)?)
            }
            Step::DropTable { table } => pending_if(schema.table(table).is_some()),
            // Statistics that are there may be of other data.
            Step::Analyze => State::Pending,
            Step::Statistics(saved) => pending_if(SavedStatistics::read(conn)? != *saved),
            Step::Rebuild { table, column, declared } => {
                let found = schema.table(table).and_then(|t| t.column(column));
                pending_if(found.is_some_and(|c| c.affinity != Affinity::of(declared)))
            }
        })
    }

    /// Does it, and says how many rows it changed.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] naming the step.
    pub fn run(&self, conn: &Connection) -> Result<u64> {
        match self {
            Step::Rebuild { table, column, declared } => rebuild::rebuild(conn, table, column, declared),
            Step::Statistics(saved) => saved.put_back(conn).map(|()| 0),
            step => {
                let rows = conn.execute(&step.sql(), []).context(|| step.title())?;
                let counts = matches!(step, Step::Backfill { .. } | Step::MoveRows { .. });
                Ok(if counts { rows as u64 } else { 0 })
            }
        }
    }
}

fn clause(keyword: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{keyword}{text} ") }
}

/// The words of a column's definition before its first constraint.
fn declared_type(definition: &str) -> String {
    const CONSTRAINTS: [&str; 9] =
        ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES"];
    let words = tokens(definition);
    let is_constraint = |w: &&crate::sql::lexer::Token<'_>| CONSTRAINTS.iter().any(|c| w.is(c));
    words.iter().take_while(|w| !is_constraint(w)).map(|w| w.text).collect::<Vec<_>>().join(" ")
}

fn same_affinity(found: &str, wanted: &str) -> State {
    let (has, wants) = (Affinity::of(found), Affinity::of(wanted));
    if has == wants {
        return State::Done;
    }
    State::Differs(format!("stands as {found} (affinity {has}), wanted {wanted} ({wants})"))
}

/// Equal from ON to the end: the name may be quoted in another way.
fn same_index(found: &str, wanted: &str) -> State {
    let definition = |sql: &str| {
        let words = tokens(sql);
        let on = words.iter().position(|w| w.is("ON")).unwrap_or(0);
        let unique = words.iter().take(on).any(|w| w.is("UNIQUE"));
        (unique, canonical(words.get(on..).unwrap_or_default()))
    };
    if definition(found) == definition(wanted) {
        State::Done
    } else {
        State::Differs(format!("stands with another definition: {found}"))
    }
}

/// A statement that cannot be prepared yet waits for the steps before it.
fn selects_a_row(conn: &Connection, sql: &str) -> Result<bool> {
    match conn.prepare(&format!("{sql} LIMIT 1")) {
        Err(_) => Ok(true),
        Ok(mut statement) => {
            Ok(statement.exists([]).context(|| "cannot look for rows to change".to_owned())?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(database: &str, step: &Step) -> Result<State> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(database)?;
        let schema = Schema::read(&conn)?;
        step.state(&conn, &schema)
    }

    fn each() -> Vec<Step> {
        let fill = |predicate: &str| Step::Backfill {
            table: "t".into(),
            column: "b".into(),
            with: String::new(),
            from: String::new(),
            value: "a".into(),
            predicate: predicate.into(),
            source: None,
        };
        vec![
            Step::add_column("t", "b", "TEXT DEFAULT ''"),
            fill("b = ''"),
            Step::create_index("i", "t(b) WHERE a > 1"),
            Step::CreateTable { table: "u".into(), sql: "CREATE TABLE u(x)".into() },
            Step::MoveRows {
                from: "t".into(),
                to: "u".into(),
                columns: "x".into(),
                select: "SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE x = a)".into(),
            },
            Step::Rebuild { table: "t".into(), column: "b".into(), declared: "INTEGER".into() },
            Step::DropIndex { index: "i".into() },
            Step::create_index("j", "t(b)"),
            Step::Analyze,
            Step::DropTable { table: "t".into() },
        ]
    }

    #[test]
    fn each_step_is_pending_before_and_done_after() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("PRAGMA foreign_keys = OFF; CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)")?;
        for step in each() {
            assert_eq!(step.state(&conn, &Schema::read(&conn)?)?, State::Pending, "{}", step.title());
            step.run(&conn)?;
            let after = if step == Step::Analyze { State::Pending } else { State::Done };
            assert_eq!(step.state(&conn, &Schema::read(&conn)?)?, after, "{}", step.title());
        }
        Ok(())
    }

    #[test]
    fn a_column_or_index_that_stands_otherwise_is_told_and_left() -> Result<()> {
        let column = state("CREATE TABLE t(a, b STRING)", &Step::add_column("t", "b", "TEXT"))?;
        assert_eq!(column, State::Differs("stands as STRING (affinity NUMERIC), wanted TEXT (TEXT)".into()));
        let index = state("CREATE TABLE t(a, b); CREATE INDEX i ON t(b)", &Step::create_index("i", "t(a)"))?;
        assert!(matches!(index, State::Differs(_)));
        let same =
            state("CREATE TABLE t(a, b); CREATE INDEX i ON t( [A] )", &Step::create_index("i", "t(a)"))?;
        assert_eq!(same, State::Done);
        Ok(())
    }
}
