//! The statistics of a database without its data: what `statistics export` writes and `check --statistics` plans with.

use crate::error::{Error, Result};
use crate::model::report::{Sqlite, Tool};
use crate::model::statistics::{Stat1, Stat4, Statistics};
use serde::{Deserialize, Serialize};

/// The version of the document's form.
pub const VERSION: u32 = 1;

/// The statistics of a database. Of its values nothing is in here: those of sqlite_stat4 are numbered in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExportedStatistics {
    /// [`VERSION`]
    pub version: u32,
    /// Who wrote it.
    pub tool: Tool,
    /// With which SQLite.
    pub sqlite: Sqlite,
    /// The tables, in the order of their creation.
    pub tables: Vec<ExportedTable>,
    /// The indexes of which anything is known, by table and name.
    pub indexes: Vec<ExportedIndex>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedTable {
    /// Its name.
    pub name: String,
    /// Its rows, counted.
    pub rows: u64,
    /// The bytes of its b-tree.
    pub bytes: u64,
    /// What sqlite_stat1 tells of it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stat1: Option<String>,
}

/// An index, or the key of a WITHOUT ROWID table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedIndex {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// The bytes of its b-tree.
    pub bytes: u64,
    /// What sqlite_stat1 tells of it: its entries, and how many share each prefix of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stat1: Option<String>,
    /// Its samples in sqlite_stat4.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stat4: Vec<ExportedSample>,
}

/// A sample of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedSample {
    /// For each prefix, the entries that equal the sample.
    pub equal: Vec<u64>,
    /// For each prefix, the entries below the sample.
    pub less: Vec<u64>,
    /// For each prefix, the distinct values below the sample.
    pub distinct_less: Vec<u64>,
    /// A pseudonym for each value of its key; none for NULL.
    pub key: Vec<Option<Pseudonym>>,
}

/// What stands for a value: its place among the values of its kind in the samples of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pseudonym {
    /// An integer or a floating-point number.
    Number(u32),
    /// A text.
    Text(u32),
    /// A blob.
    Blob(u32),
}

impl ExportedStatistics {
    /// Reads what serde wrote.
    ///
    /// # Errors
    /// [`Error::Invalid`] for text that is not such a document, or one of another version.
    pub fn parse(json: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Head {
            version: u64,
        }
        let invalid = |e| Error::Invalid(format!("is not written by advisor statistics export: {e}"));
        let head: Head = serde_json::from_str(json).map_err(invalid)?;
        if head.version != u64::from(VERSION) {
            return Err(Error::Invalid(format!(
                "has version {}, and this advisor reads version {VERSION}; export the statistics again",
                head.version
            )));
        }
        serde_json::from_str(json).map_err(invalid)
    }

    /// The rows of sqlite_stat1 and sqlite_stat4; `record` makes the key of a sample of its pseudonyms.
    pub fn statistics(&self, record: impl Fn(&[Option<Pseudonym>]) -> Vec<u8>) -> Statistics {
        let of_tables = self.tables.iter().filter_map(|table| {
            Some(Stat1 { table: table.name.clone(), index: None, stat: table.stat1.clone()? })
        });
        let of_indexes = self.indexes.iter().filter_map(|index| {
            let stat = index.stat1.clone()?;
            Some(Stat1 { table: index.table.clone(), index: Some(index.name.clone()), stat })
        });
        let samples = self.indexes.iter().flat_map(|index| {
            index.stat4.iter().map(|sample| Stat4 {
                table: index.table.clone(),
                index: index.name.clone(),
                equal: sample.equal.clone(),
                less: sample.less.clone(),
                distinct_less: sample.distinct_less.clone(),
                sample: record(&sample.key),
            })
        });
        Statistics { stat1: of_tables.chain(of_indexes).collect(), stat4: samples.collect() }
    }
}
