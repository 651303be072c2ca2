//! The statistics of a database: [`assess()`] tells what they are worth, [`export`] writes them without its data.

mod assess;
mod pseudonyms;

pub use assess::assess;
pub use pseudonyms::record;

use crate::error::Result;
use crate::model::exported::{
    ExportedIndex, ExportedSample, ExportedStatistics, ExportedTable, Pseudonym, VERSION,
};
use crate::model::report::Tool;
use crate::model::statistics::{Stat1, Stat4, Statistics};
use crate::progress::Progress;
use crate::sqlite::schema::count_rows;
use crate::sqlite::{Reader, Schema, Session, library, sizes, statistics};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Reads the statistics of a database, which is opened for reading only. All its pages are read once, for their sizes.
///
/// # Errors
/// [`crate::Error::Open`] and its like for a database that cannot be read, [`crate::Error::Interrupted`].
pub fn export(path: &Path, progress: &dyn Progress) -> Result<ExportedStatistics> {
    let reader = Reader::look_at(path, progress)?;
    let session = Session::reading(reader.connect()?, path, progress.cancel_token())?;
    let schema = Schema::read(session.connection())?;
    let known = statistics::read(session.connection())?;
    let bytes = sizes::bytes_by_name(&session)?;
    let bytes_of = |name: &str| bytes.get(name).copied().unwrap_or(0);
    let (mut tables, mut notes) = (vec![], vec![]);
    let all: Vec<_> = schema.tables.iter().filter(|table| table.is_indexable()).collect();
    progress.start("Counting rows", Some(all.len() as u64));
    for (done, table) in (1u64..).zip(&all) {
        progress.check()?;
        tables.push(ExportedTable {
            name: table.name.clone(),
            rows: count_rows(session.connection(), &table.name)?,
            bytes: bytes_of(&table.name),
            stat1: stat1_of(&known, &table.name, None),
        });
        progress.advance(done);
    }
    progress.finish();
    let mut indexes = vec![];
    for (table, name) in index_names(&schema, &known) {
        let samples: Vec<&Stat4> =
            known.stat4.iter().filter(|s| s.index.eq_ignore_ascii_case(&name)).collect();
        let keys = pseudonyms::of(session.connection(), &name, &samples);
        if keys.is_none() {
            notes.push(format!(
                "{name}: its samples are left out, since the application alone knows how its values are ordered"
            ));
        }
        indexes.push(ExportedIndex {
            bytes: bytes_of(&name),
            stat1: stat1_of(&known, &table, Some(&name)),
            stat4: keys.into_iter().flatten().zip(samples).map(exported).collect(),
            table,
            name,
        });
    }
    Ok(ExportedStatistics { version: VERSION, tool: Tool::this(), sqlite: library(), tables, indexes, notes })
}

/// The indexes of tables that are exported, by table and name: those of the schema and those that have statistics, as the keys
/// of WITHOUT ROWID tables do under the names of their tables.
fn index_names(schema: &Schema, known: &Statistics) -> BTreeSet<(String, String)> {
    let of_schema = schema.indexes.iter().map(|index| (index.index.table.clone(), index.name.clone()));
    let keys = schema.tables.iter().filter(|table| table.key.is_some()).map(|table| &table.name);
    let with_key: BTreeMap<String, &String> = keys.map(|name| (name.to_lowercase(), name)).collect();
    let known_keys = known.stat1.iter().filter_map(|row| {
        let name = with_key.get(&row.index.as_ref()?.to_lowercase())?;
        Some(((*name).clone(), (*name).clone()))
    });
    of_schema.chain(known_keys).collect()
}

/// What sqlite_stat1 tells of a table or an index: numbers and SQLite's own words alone, whatever else may stand there.
fn stat1_of(known: &Statistics, table: &str, index: Option<&str>) -> Option<String> {
    let is_it = |row: &&Stat1| {
        row.table.eq_ignore_ascii_case(table)
            && row.index.as_deref().map(str::to_lowercase) == index.map(str::to_lowercase)
    };
    let is_known = |word: &&str| {
        let number = word.strip_prefix("sz=").unwrap_or(word);
        number.bytes().all(|b| b.is_ascii_digit()) || ["unordered", "noskipscan"].contains(word)
    };
    let row = known.stat1.iter().find(is_it)?;
    Some(row.stat.split_ascii_whitespace().filter(is_known).collect::<Vec<_>>().join(" "))
}

fn exported((key, sample): (Vec<Option<Pseudonym>>, &Stat4)) -> ExportedSample {
    ExportedSample {
        equal: sample.equal.clone(),
        less: sample.less.clone(),
        distinct_less: sample.distinct_less.clone(),
        key,
    }
}
