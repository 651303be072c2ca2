//! Where the schema comes from, what is known of its statistics, and of the rows of its tables.

use crate::check::Check;
use crate::error::Result;
use crate::model::check::RowsFrom;
use crate::model::exported::ExportedStatistics;
use crate::model::index::quote;
use crate::model::statistics::{Statistics, numbers};
use crate::progress::Progress;
use crate::sqlite::schema::count_rows;
use crate::sqlite::{Reader, Schema, Session, StandIns, migrations, statistics};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The schema and what is known of its data.
pub struct Source {
    /// The database, or one in memory that a script made.
    pub session: Session,
    /// Its schema.
    pub schema: Schema,
    /// The statistics by which is planned.
    pub statistics: Statistics,
    /// The samples of the keys are pseudonyms, with which no constant of a statement can be compared.
    pub has_pseudonyms: bool,
    /// What it needs of the application.
    pub stand_ins: StandIns,
    /// The rows that statistics tell, by table in lower case.
    told: BTreeMap<String, u64>,
    /// Where the rows are known from.
    pub rows_from: RowsFrom,
    /// Remarks.
    pub notes: Vec<String>,
    /// The rows of the tables that were counted, by name in lower case.
    counted: RefCell<BTreeMap<String, u64>>,
    /// Keeps a copy alive, where one had to be made.
    _reader: Option<Reader>,
}

impl Source {
    /// Reads the schema; a database is opened for reading only.
    ///
    /// # Errors
    /// Those of [`crate::check()`].
    pub fn open(request: &Check, progress: &dyn Progress) -> Result<Self> {
        let source = Self::of_schema(request, progress)?;
        Ok(match &request.statistics {
            Some(exported) => source.with(exported),
            None => source,
        })
    }

    fn of_schema(request: &Check, progress: &dyn Progress) -> Result<Self> {
        let path = &request.schema;
        if migrations::is_script(path) {
            let made = migrations::make(path)?;
            let schema = Schema::read(made.session.connection())?;
            return Self::new(made.session, schema, made.stand_ins, made.notes, None);
        }
        let reader = Reader::look_at(path, progress)?;
        let session = Session::reading(reader.connect()?, path, progress.cancel_token())?;
        let schema = Schema::read(session.connection())?;
        let stand_ins = StandIns::of_schema(&session, &schema);
        Self::new(session, schema, stand_ins, vec![], Some(reader))
    }

    fn new(
        session: Session,
        schema: Schema,
        stand_ins: StandIns,
        notes: Vec<String>,
        reader: Option<Reader>,
    ) -> Result<Self> {
        let statistics = statistics::read(session.connection())?;
        let mut told = BTreeMap::new();
        for row in &statistics.stat1 {
            let held = numbers(&row.stat).first().copied().unwrap_or(0);
            let most = told.entry(row.table.to_lowercase()).or_insert(held);
            *most = held.max(*most);
        }
        // The rows that a script inserts are few, whatever the table will hold.
        let rows_from = if reader.is_some() && has_rows(&session, &schema) {
            RowsFrom::Data
        } else if told.is_empty() {
            RowsFrom::Nothing
        } else {
            RowsFrom::Statistics
        };
        Ok(Self {
            session,
            schema,
            statistics,
            has_pseudonyms: false,
            stand_ins,
            told,
            rows_from,
            notes,
            counted: RefCell::default(),
            _reader: reader,
        })
    }

    /// The same with the statistics of another database.
    fn with(self, exported: &ExportedStatistics) -> Self {
        let told = exported.tables.iter().map(|table| (table.name.to_lowercase(), table.rows)).collect();
        let statistics = exported.statistics(crate::statistics::record);
        let has_pseudonyms = !statistics.stat4.is_empty();
        Self { statistics, told, has_pseudonyms, rows_from: RowsFrom::Statistics, ..self }
    }

    /// The rows of a table: counted where there are data, as statistics tell them elsewhere, none where nothing is known.
    pub fn rows_of(&self, table: &str) -> Option<u64> {
        let key = table.to_lowercase();
        if self.rows_from != RowsFrom::Data {
            return self.told.get(&key).copied();
        }
        if let Some(known) = self.counted.borrow().get(&key) {
            return Some(*known);
        }
        // One that cannot be counted is taken to be large.
        let counted = count_rows(self.session.connection(), table).unwrap_or(u64::MAX);
        self.counted.borrow_mut().insert(key, counted);
        Some(counted)
    }
}

/// True if any table holds a row: a database without one says nothing of how large its tables will be.
fn has_rows(session: &Session, schema: &Schema) -> bool {
    let holds = |name: &str| {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", quote(name));
        session.connection().query_row(&sql, [], |row| row.get(0)).unwrap_or(false)
    };
    schema.tables.iter().filter(|table| table.is_indexable()).any(|table| holds(&table.name))
}
