//! A shadow of the schema in which every table only records what the planner asks of it.
//!
//! Each table is a virtual table whose xBestIndex (<https://www.sqlite.org/vtab.html#the_xbestindex_method>) is told
//! which columns are compared, in which order rows are wanted and which columns are read. The planner does the
//! parsing, through views, subqueries and OR; nothing is ever run.

use crate::error::{Context, Result};
use crate::model::index::quote;
use crate::sqlite::schema::{Schema, Table, TableKind};
use crate::sqlite::session::Session;
use rusqlite::ffi;
use rusqlite::types::{Value, ValueRef};
use rusqlite::vtab::{
    Context as Cell, CreateVTab, DistinctMode, Filters, IndexConstraintOp, IndexInfo, Inserts, Module,
    UpdateVTab, Updates, VTab, VTabConfig, VTabConnection, VTabCursor, VTabKind,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CStr, CString};
use std::sync::{Arc, Mutex, PoisonError};

/// One question of the planner about one table of a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// The table.
    pub table: String,
    /// The comparisons with its columns.
    pub constraints: Vec<Constraint>,
    /// The order in which the rows are wanted, as (column, descending).
    pub order: Vec<(String, bool)>,
    /// The order serves GROUP BY or DISTINCT, so that any direction will do.
    pub grouping: bool,
    /// The columns that the statement reads, in the table's order.
    pub columns: Vec<String>,
}

impl Access {
    /// The names of all columns that it is about.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let compared = self.constraints.iter().filter_map(|c| c.column.as_deref());
        let ordered = self.order.iter().map(|(column, _)| column.as_str());
        compared.chain(ordered).chain(self.columns.iter().map(String::as_str))
    }
}

/// A comparison that the planner could hand to an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// The column; none for the rowid.
    pub column: Option<String>,
    /// The kind of comparison.
    pub kind: Comparison,
    /// False if its other side is not yet known in the join order that is being asked about.
    pub usable: bool,
    /// The collating sequence of the comparison.
    pub collation: String,
    /// The other side, where it is a literal.
    pub value: Option<Value>,
}

/// What an index can do with a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`, `IS`, `IN`, `IS NULL`: fixes the column.
    Equality,
    /// `<`, `<=`, `>`, `>=`, `BETWEEN`, and the range of a LIKE or GLOB prefix.
    Range,
    /// Everything else, which no index serves: `<>`, `IS NOT`, LIKE itself.
    Other,
}

/// The shadow.
pub struct Recorder {
    session: Session,
    log: Arc<Log>,
    unrecorded: Vec<String>,
}

#[derive(Default)]
struct Log {
    /// Columns by table, in declaration order.
    tables: BTreeMap<String, (Vec<String>, CString)>,
    accesses: Mutex<Vec<Access>>,
}

const MODULE: &CStr = c"advisor_recorder";

impl Recorder {
    /// Builds the shadow. Where `collation` is given, every column is declared with it, so that an ORDER BY or a
    /// comparison in that collation is recorded as well. `more` names columns by table that the shadow has beside the table's
    /// own; `SELECT *` does not show them.
    ///
    /// A table that cannot be declared is left out, and with it what is asked of it: see [`Self::unrecorded`].
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if SQLite refuses the module.
    pub fn new(
        schema: &Schema,
        collation: Option<&str>,
        more: &BTreeMap<String, BTreeSet<String>>,
    ) -> Result<Self> {
        let session = Session::in_memory()?;
        let recorded = |t: &&Table| t.kind != TableKind::Virtual && !t.columns.is_empty();
        let mut log = Log::default();
        for table in schema.tables.iter().filter(recorded) {
            let none = BTreeSet::new();
            let more = more.get(&table.name).unwrap_or(&none);
            let names = table.columns.iter().map(|c| &c.name).chain(more).cloned().collect();
            let Some(declaration) = declaration(table, collation, more) else { continue };
            log.tables.insert(table.name.clone(), (names, declaration));
        }
        let log = Arc::new(log);
        let conn = session.connection();
        let what = || "cannot build the recording shadow".to_owned();
        const RECORDING: &Module<'static, Recording> = &Module::update_module();
        conn.create_module(MODULE, RECORDING, Some(Arc::clone(&log))).context(what)?;
        let mut unrecorded = vec![];
        for table in schema.tables.iter().filter(recorded) {
            let sql = format!("CREATE VIRTUAL TABLE {} USING advisor_recorder", quote(&table.name));
            if let Err(error) = conn.execute_batch(&sql) {
                unrecorded
                    .push(format!("no index for the table {:?} could be thought of: {error}", table.name));
            }
        }
        // A virtual table or a view that cannot be made here costs only the statements that need it.
        for table in schema.tables.iter().filter(|t| t.kind == TableKind::Virtual) {
            let _ = session.guard().create(conn, &table.name, &table.sql);
        }
        for view in &schema.views {
            let _ = session.guard().create(conn, &view.name, &view.sql);
        }
        Ok(Self { session, log, unrecorded })
    }

    /// A sentence for each table that could not be declared.
    pub fn unrecorded(&self) -> &[String] {
        &self.unrecorded
    }

    /// The shadow's connection, on which stand-ins for an application's functions can be registered.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What the planner asks of each table when it plans the statement.
    ///
    /// # Errors
    /// SQLite's own, if the statement cannot be prepared.
    pub fn accesses(&self, sql: &str) -> rusqlite::Result<Vec<Access>> {
        self.log().clear();
        self.session.prepare(sql)?;
        Ok(std::mem::take(&mut *self.log()))
    }

    fn log(&self) -> std::sync::MutexGuard<'_, Vec<Access>> {
        self.log.accesses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// None where a name holds a NUL byte.
fn declaration(table: &Table, collation: Option<&str>, more: &BTreeSet<String>) -> Option<CString> {
    let mut columns: Vec<_> = table
        .columns
        .iter()
        .map(|c| {
            // Hidden like a generated column is for INSERT: values are given for the others only.
            let hidden = if c.generated.is_some() { " HIDDEN" } else { "" };
            // Text with a BINARY default, so that LIKE is recorded as the application's affinity has it.
            let collation = quote(collation.unwrap_or(&c.collation));
            format!("{} {}{hidden} COLLATE {collation}", quote(&c.name), c.affinity.declared())
        })
        .collect();
    columns.extend(
        more.iter()
            .map(|name| format!("{} HIDDEN COLLATE {}", quote(name), quote(collation.unwrap_or("BINARY")))),
    );
    CString::new(format!("CREATE TABLE x({})", columns.join(", "))).ok()
}

#[repr(C)]
struct Recording {
    /// SQLite's part, which must stand first.
    base: ffi::sqlite3_vtab,
    table: String,
    log: Arc<Log>,
}

// SAFETY: `base` is the first field of a `repr(C)` struct, as the trait demands.
unsafe impl<'vtab> VTab<'vtab> for Recording {
    type Aux = Arc<Log>;
    type Cursor = NoRows;

    fn connect(
        db: &mut VTabConnection,
        aux: Option<&Self::Aux>,
        _module: &[u8],
        _database: &[u8],
        table: &[u8],
        _arguments: &[&[u8]],
    ) -> rusqlite::Result<(Cow<'static, CStr>, Self)> {
        // It has no side effects, so an untrusted view may name it.
        db.config(VTabConfig::Innocuous)?;
        let log = aux.ok_or(rusqlite::Error::InvalidQuery)?;
        let table = String::from_utf8_lossy(table).into_owned();
        let (_, declaration) = log.tables.get(&table).ok_or(rusqlite::Error::InvalidQuery)?;
        let declaration = Cow::Owned(declaration.clone());
        Ok((declaration, Self { base: ffi::sqlite3_vtab::default(), table, log: Arc::clone(log) }))
    }

    fn best_index(&self, info: &mut IndexInfo) -> rusqlite::Result<bool> {
        let Some((names, _)) = self.log.tables.get(&self.table) else { return Ok(false) };
        let name = |i: i32| usize::try_from(i).ok().and_then(|i| names.get(i)).cloned();
        let mut constraints = vec![];
        for (i, c) in info.constraints().enumerate() {
            use IndexConstraintOp::{SQLITE_INDEX_CONSTRAINT_LIMIT, SQLITE_INDEX_CONSTRAINT_OFFSET};
            let op = c.operator();
            if matches!(op, SQLITE_INDEX_CONSTRAINT_LIMIT | SQLITE_INDEX_CONSTRAINT_OFFSET) {
                continue;
            }
            constraints.push(Constraint {
                column: name(c.column()),
                kind: kind_of(&op),
                usable: c.is_usable(),
                collation: info.collation(i).unwrap_or("BINARY").to_owned(),
                value: info.rhs_value(i).ok().flatten().and_then(|v| Value::try_from(v).ok()),
            });
        }
        let order: Option<Vec<_>> =
            info.order_bys().map(|o| Some((name(o.column())?, o.is_order_by_desc()))).collect();
        let used = info.col_used();
        let columns = (0u32..).zip(names).filter(|(i, _)| used >> (*i).min(63) & 1 == 1);
        let access = Access {
            table: self.table.clone(),
            order: order.unwrap_or_default(),
            grouping: !matches!(info.distinct(), DistinctMode::Ordered),
            columns: columns.map(|(_, n)| n.clone()).collect(),
            constraints,
        };
        // A cost that falls with each usable comparison makes the planner try the join orders worth trying.
        let usable: Vec<usize> = (0..info.constraints().count())
            .filter(|i| info.constraints().nth(*i).is_some_and(|c| c.is_usable()))
            .collect();
        for (argument, i) in (1..).zip(&usable) {
            info.constraint_usage(*i).set_argv_index(argument);
        }
        info.set_estimated_cost(1e6 / (usable.len() as f64 + 1.0));
        let mut log = self.log.accesses.lock().unwrap_or_else(PoisonError::into_inner);
        if !log.contains(&access) {
            log.push(access);
        }
        Ok(true)
    }

    fn open(&'vtab mut self) -> rusqlite::Result<NoRows> {
        Ok(NoRows::default())
    }
}

fn kind_of(op: &IndexConstraintOp) -> Comparison {
    use IndexConstraintOp::*;
    match op {
        SQLITE_INDEX_CONSTRAINT_EQ | SQLITE_INDEX_CONSTRAINT_IS | SQLITE_INDEX_CONSTRAINT_ISNULL => {
            Comparison::Equality
        }
        SQLITE_INDEX_CONSTRAINT_GT
        | SQLITE_INDEX_CONSTRAINT_GE
        | SQLITE_INDEX_CONSTRAINT_LT
        | SQLITE_INDEX_CONSTRAINT_LE => Comparison::Range,
        _ => Comparison::Other,
    }
}

impl<'vtab> CreateVTab<'vtab> for Recording {
    const KIND: VTabKind = VTabKind::Default;
}

impl<'vtab> UpdateVTab<'vtab> for Recording {
    fn delete(&mut self, _: ValueRef<'_>) -> rusqlite::Result<()> {
        Err(rusqlite::Error::InvalidQuery)
    }

    fn insert(&mut self, _: &Inserts<'_>) -> rusqlite::Result<i64> {
        Err(rusqlite::Error::InvalidQuery)
    }

    fn update(&mut self, _: &Updates<'_>) -> rusqlite::Result<()> {
        Err(rusqlite::Error::InvalidQuery)
    }
}

/// The cursor of a table without rows.
#[derive(Default)]
#[repr(C)]
struct NoRows {
    base: ffi::sqlite3_vtab_cursor,
}

// SAFETY: `base` is the first field of a `repr(C)` struct, as the trait demands.
unsafe impl VTabCursor for NoRows {
    fn filter(&mut self, _: std::ffi::c_int, _: Option<&str>, _: &Filters<'_>) -> rusqlite::Result<()> {
        Ok(())
    }

    fn next(&mut self) -> rusqlite::Result<()> {
        Ok(())
    }

    fn eof(&self) -> bool {
        true
    }

    fn column(&self, _: &mut Cell, _: std::ffi::c_int) -> rusqlite::Result<()> {
        Ok(())
    }

    fn rowid(&self) -> rusqlite::Result<i64> {
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    fn recorder(collation: Option<&str>) -> Result<Recorder> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b INT, c, g AS (b + 1));
             CREATE TABLE u(x REFERENCES t, y);
             CREATE VIEW v AS SELECT a, b FROM t WHERE c > 5;",
        )?;
        Recorder::new(&Schema::read(&conn)?, collation, &BTreeMap::new())
    }

    fn columns(accesses: &[Access], kind: Comparison) -> Vec<&str> {
        let all = accesses.iter().flat_map(|a| &a.constraints).filter(|c| c.kind == kind);
        let mut names: Vec<_> = all.filter_map(|c| c.column.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn comparisons_are_recorded_through_views_joins_and_is() -> Result<()> {
        let r = recorder(None)?;
        let seen = r.accesses("SELECT a FROM v WHERE b IS 5")?;
        assert_eq!(columns(&seen, Comparison::Equality), ["b"]);
        assert_eq!(columns(&seen, Comparison::Range), ["c"]);
        assert_eq!(seen.first().map(|a| a.columns.clone()), Some(vec!["a".into(), "b".into(), "c".into()]));
        let seen = r.accesses("SELECT * FROM u JOIN t ON t.a = u.y WHERE u.x IN (1, 2)")?;
        assert_eq!(columns(&seen, Comparison::Equality), ["a", "x", "y"]);
        assert!(seen.iter().any(|a| a.constraints.iter().any(|c| !c.usable)));
        Ok(())
    }

    #[test]
    fn orders_literals_and_writes_are_recorded() -> Result<()> {
        let r = recorder(None)?;
        let seen = r.accesses("SELECT a FROM t WHERE b = 7 ORDER BY a DESC, c")?;
        assert!(seen.iter().any(|a| a.order == [("a".to_owned(), true), ("c".to_owned(), false)]));
        assert!(seen.iter().flat_map(|a| &a.constraints).any(|c| c.value == Some(Value::Integer(7))));
        assert!(r.accesses("INSERT INTO t VALUES (1, 2, 3, 4)").is_ok());
        assert_eq!(columns(&r.accesses("UPDATE t SET c = 1 WHERE a = ?")?, Comparison::Equality), ["a"]);
        assert!(r.accesses("SELECT * FROM missing").is_err());
        Ok(())
    }

    #[test]
    fn an_order_in_another_collation_is_recorded_by_a_shadow_of_that_collation() -> Result<()> {
        let sql = "SELECT a FROM t ORDER BY a COLLATE NOCASE";
        assert!(recorder(None)?.accesses(sql)?.iter().all(|a| a.order.is_empty()));
        assert!(recorder(Some("NOCASE"))?.accesses(sql)?.iter().any(|a| !a.order.is_empty()));
        Ok(())
    }
}
