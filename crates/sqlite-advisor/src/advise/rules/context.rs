//! What the rules look at.

use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::Measured;
use crate::advise::rules::finding::{Finding, Kind};
use crate::advise::verify::comparison::{Comparison, WorkingCopy};
use crate::error::{Context, Result};
use crate::model::candidate::Candidate;
use crate::model::configuration::StatisticsAction;
use crate::model::counters::Counters;
use crate::model::index::{Index, Term, quote};
use crate::progress::Progress;
use crate::sql::syntax::{self, ast::Stmt};
use crate::sqlite::Schema;
use crate::sqlite::schema::Table;
use crate::workload::Statement;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// The database as it was found and with all advice followed. Nothing here is changed for good.
pub struct RuleContext<'a> {
    /// The request, the schema as found, the workload.
    pub prepared: &'a Prepared,
    /// The copy as it was found.
    pub before: &'a WorkingCopy,
    /// The copy with the advised indexes and ANALYZE.
    pub after: &'a WorkingCopy,
    /// The advised indexes.
    pub advised: Vec<&'a Candidate>,
    /// Each statement on both copies.
    pub comparisons: &'a [Comparison],
    /// Each statement after ANALYZE alone.
    pub analyzed: Vec<Counters>,
    /// What the advice does to the statistics.
    pub statistics: StatisticsAction,
    /// Who hears how far it is.
    pub progress: &'a dyn Progress,
    rows: BTreeMap<String, u64>,
    /// What was measured on the `after` copy, with its rows.
    pub(super) measured: RefCell<BTreeMap<usize, Measured>>,
    /// The statements that a rule has found another form for.
    rewritten: RefCell<BTreeSet<usize>>,
    /// Rows that were put into indexes to try them.
    pub(super) tried: Cell<u64>,
}

/// Tables with fewer rows are read so fast that only what makes answers wrong is worth a word.
pub const FEW_ROWS: u64 = 1_000;
/// Virtual-machine steps below which a statement is not looked at.
pub const CHEAP: u64 = 2_000;

impl<'a> RuleContext<'a> {
    /// True once the time limit leaves no time to try anything.
    pub fn is_late(&self) -> bool {
        self.prepared.is_over()
    }

    /// Counts the rows of the tables.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a table cannot be read.
    pub fn new(
        prepared: &'a Prepared,
        (before, after): (&'a WorkingCopy, &'a WorkingCopy),
        advised: Vec<&'a Candidate>,
        comparisons: &'a [Comparison],
        analyzed: Vec<Counters>,
        statistics: StatisticsAction,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        let mut rows = BTreeMap::new();
        for table in prepared.schema.tables.iter().filter(|t| t.is_indexable()) {
            let sql = format!("SELECT count(*) FROM {}", quote(&table.name));
            let count = before.session().connection().query_row(&sql, [], |r| r.get(0));
            rows.insert(table.name.clone(), count.context(|| format!("cannot count {:?}", table.name))?);
        }
        let (measured, rewritten, tried) = (RefCell::default(), RefCell::default(), Cell::new(0));
        Ok(Self {
            prepared,
            before,
            after,
            advised,
            comparisons,
            analyzed,
            statistics,
            progress,
            rows,
            measured,
            rewritten,
            tried,
        })
    }

    /// The schema as found.
    pub fn schema(&self) -> &'a Schema {
        &self.prepared.schema
    }

    /// The rows of a table.
    pub fn rows(&self, table: &str) -> u64 {
        self.rows.get(table).copied().unwrap_or(0)
    }

    /// True for a table that is worth a word.
    pub fn is_large(&self, table: &Table) -> bool {
        table.is_indexable() && self.rows(&table.name) >= FEW_ROWS
    }

    /// The same for its name.
    pub fn is_large_name(&self, table: &str) -> bool {
        self.schema().table(table).is_some_and(|t| self.is_large(t))
    }

    /// The statement of that number.
    pub fn statement(&self, i: usize) -> Option<&'a Statement> {
        self.prepared.workload.statements.get(i)
    }

    /// A statement's name.
    pub fn name(&self, i: usize) -> String {
        self.statement(i).map(|s| s.id.clone()).unwrap_or_default()
    }

    /// What the comparison says of a statement.
    pub fn comparison(&self, i: usize) -> Option<&'a Comparison> {
        self.comparisons.get(i)
    }

    /// The reads that still cost something with all advice followed, as trees.
    pub fn reads(&self) -> impl Iterator<Item = (usize, &'a Statement, Stmt)> {
        let statements = self.prepared.workload.statements.iter().enumerate().zip(self.comparisons);
        let costly =
            statements.filter(|((_, s), p)| !s.writes && !s.only_planned && p.after.vm_steps >= CHEAP);
        costly
            .filter_map(|((i, s), _)| Some((i, s, syntax::parse(&s.sql)?)))
            .filter(|(_, _, stmt)| matches!(stmt, Stmt::Select(_)))
    }

    /// The indexes that the table has on the `after` copy.
    pub fn indexes_of(&self, table: &'a str) -> Vec<&'a Index> {
        let existing = self.prepared.schema.indexes_of(table).map(|i| &i.index);
        let advised = self.advised.iter().map(|c| &c.index).filter(|i| i.table.eq_ignore_ascii_case(table));
        existing.chain(advised).collect()
    }

    /// The same for a table's name.
    pub fn indexes_of_name(&self, table: &str) -> Vec<&'a Index> {
        self.schema().table(table).map(|t| self.indexes_of(&t.name)).unwrap_or_default()
    }

    /// True if no index that the table has on the `after` copy begins with the key of this one.
    pub fn lacks(&self, index: &Index) -> bool {
        !self.indexes_of_name(&index.table).iter().any(|known| index.is_prefix_of(known))
    }

    /// The indexes that a table has on the `after` copy, by name, with their keys.
    pub fn named_indexes_of(&self, table: &str) -> Vec<(&'a str, &'a [Term])> {
        let Some(table) = self.schema().table(table).map(|t| t.name.as_str()) else { return vec![] };
        let existing = self.schema().indexes_of(table).map(|i| (i.name.as_str(), &i.index));
        let advised = self.advised.iter().map(|c| (c.name.as_str(), &c.index));
        let own = existing.chain(advised.filter(|(_, i)| i.table.eq_ignore_ascii_case(table)));
        own.map(|(name, index)| (name, index.key.as_slice())).collect()
    }

    /// Takes note of what is told.
    pub(super) fn note(&self, finding: &Finding) {
        if let (Kind::Rewrite, Some(i)) = (finding.kind, finding.statement) {
            self.rewritten.borrow_mut().insert(i);
        }
    }

    /// True if a rule has told another form of the statement.
    pub fn is_rewritten(&self, i: usize) -> bool {
        self.rewritten.borrow().contains(&i)
    }

    /// The statement that makes an index under a name that is free, and that name.
    pub fn create(&self, index: &Index) -> (String, String) {
        let taken =
            |n: &str| self.schema().has(n) || self.advised.iter().any(|c| c.name.eq_ignore_ascii_case(n));
        let name = index.name(taken);
        (index.to_sql(&name), name)
    }

    /// One number that SQL gives on the copy as it was found; none if it cannot be asked.
    pub fn number(&self, sql: &str) -> Option<u64> {
        self.before.session().connection().query_row(sql, [], |r| r.get(0)).ok()
    }
}
