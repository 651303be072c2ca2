//! Statistics of indexes that do not exist: one scan of each table serves all its candidates.
//!
//! Distinct prefixes are counted by HyperLogLog (Flajolet et al. 2007, in the form of Heule et al. 2013); samples for
//! sqlite_stat4 come from scattered rows, on which SQLite itself runs ANALYZE, and are scaled to the whole table.

use crate::cancel::is_past;
use crate::error::{Context, Result};
use crate::model::candidate::Candidate;
use crate::model::index::{Index, Term, quote};
use crate::model::statistics::{Stat1, Stat4, Statistics, stat1_text};
use crate::progress::Progress;
use crate::sqlite::rows::value;
use crate::sqlite::{Session, statistics};
use foldhash::quality::FixedState;
use hyperloglogplus::{HyperLogLog, HyperLogLogPlus};
use rusqlite::types::{Value, ValueRef};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasher, Hash, Hasher};
use std::time::Instant;

/// 2^14 registers: a standard error of 0.8 %.
const PRECISION: u8 = 14;
/// Rows of the sample.
const SAMPLE: u64 = 10_000;

/// Rows that are read between two looks at the clock.
const ROWS_BETWEEN_LOOKS: u64 = 1_000;

/// Different hashes after which a HyperLogLog is dense. Before, it sorts again what it was given before.
const SPARSE: usize = 10_000;

/// Counts different hashes.
struct Counter {
    counter: HyperLogLogPlus<u64, FixedState>,
    /// What it was given, until it is dense.
    seen: HashSet<u64, FixedState>,
}

impl Counter {
    fn new() -> rusqlite::Result<Self> {
        let counter = HyperLogLogPlus::new(PRECISION, FixedState::default());
        let counter = counter.map_err(|e| rusqlite::Error::ModuleError(e.to_string()))?;
        Ok(Self { counter, seen: HashSet::default() })
    }

    fn insert(&mut self, hash: u64) {
        if self.seen.len() >= SPARSE || self.seen.insert(hash) {
            self.counter.insert(&hash);
        }
    }
}

/// What indexes would be that do not exist.
#[derive(Debug, Default)]
pub struct Gathered {
    indexes: BTreeMap<Index, Found>,
    /// The rows of each table.
    rows: BTreeMap<String, u64>,
}

/// What an index would be.
#[derive(Debug)]
pub struct Found {
    /// Its row of sqlite_stat1.
    stat1: Stat1,
    /// Its rows of sqlite_stat4.
    stat4: Vec<Stat4>,
    /// Estimated bytes of its b-tree.
    pub bytes: u64,
    /// The entries that it would have.
    pub entries: u64,
    /// The share of its table's rows that it would hold.
    share: f64,
}

impl Found {
    /// The mean bytes of an entry.
    pub fn entry_bytes(&self) -> u64 {
        self.bytes / self.entries.max(1)
    }
}

impl Gathered {
    /// What an index would be, if it was asked about.
    pub fn get(&self, index: &Index) -> Option<&Found> {
        self.indexes.get(index)
    }

    /// The share of its table's rows that an index would hold: 1 unless it is partial.
    pub fn share(&self, index: &Index) -> f64 {
        self.indexes.get(index).map_or(1.0, |found| found.share)
    }

    /// Adds what another scan found.
    pub fn extend(&mut self, more: Self) {
        self.indexes.extend(more.indexes);
        self.rows.extend(more.rows);
    }

    /// The rows that ANALYZE would write for candidates, under their names.
    pub fn statistics(&self, candidates: &[Candidate]) -> Statistics {
        let mut statistics = Statistics::default();
        let mut tables = BTreeSet::new();
        for candidate in candidates {
            let Some(found) = self.indexes.get(&candidate.index) else { continue };
            tables.insert(&candidate.index.table);
            let index = Some(candidate.name.clone());
            statistics.stat1.push(Stat1 { index, ..found.stat1.clone() });
            let named = |row: &Stat4| Stat4 { index: candidate.name.clone(), ..row.clone() };
            statistics.stat4.extend(found.stat4.iter().map(named));
        }
        // The rows of a partial index must not be taken for those of its table.
        let whole = |(table, rows): (&String, &u64)| {
            let stat1 = Stat1 { table: table.clone(), index: None, stat: rows.to_string() };
            tables.contains(table).then_some(stat1)
        };
        statistics.stat1.extend(self.rows.iter().filter_map(whole));
        statistics
    }
}

/// Scans each table that has candidates once; none any more, nor the rest of one, once the time is up.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a table cannot be read, [`crate::Error::Interrupted`].
pub fn gather(
    session: &Session,
    candidates: &[Candidate],
    deadline: Option<Instant>,
    progress: &dyn Progress,
) -> Result<Gathered> {
    let mut by_table: BTreeMap<&str, Vec<(usize, &Candidate)>> = BTreeMap::new();
    for (i, candidate) in candidates.iter().enumerate() {
        by_table.entry(&candidate.index.table).or_default().push((i, candidate));
    }
    let mut gathered = Gathered::default();
    progress.start("Reading statistics", Some(by_table.len() as u64));
    for (done, (table, candidates)) in (1u64..).zip(by_table) {
        progress.check()?;
        let Some(scan) = Scan::of(session, table, &candidates, deadline)? else { break };
        let mut samples = scan.stat4(&candidates)?;
        for (i, candidate) in &candidates {
            let (stat1, bytes) = scan.stat1(candidate);
            let entries = scan.distinct(&candidate.index).0;
            let share = entries as f64 / scan.rows.max(1) as f64;
            let stat4 = samples.remove(i).unwrap_or_default();
            gathered.indexes.insert(candidate.index.clone(), Found { stat1, stat4, bytes, entries, share });
        }
        gathered.rows.insert(table.to_owned(), scan.rows);
        progress.advance(done);
    }
    progress.finish();
    Ok(gathered)
}

/// What one scan of a table saw.
struct Scan {
    rows: u64,
    /// The expressions that were read, in the order of the sample's columns.
    columns: Vec<String>,
    /// Distinct values of each prefix, by the positions of its columns; the rows that pass a filter as well.
    prefixes: BTreeMap<(Option<usize>, Vec<usize>), (f64, u64)>,
    bytes: Vec<u64>,
    sample: Vec<Vec<Value>>,
    table: String,
}

impl Scan {
    /// None if the time was up before its end.
    fn of(
        session: &Session,
        table: &str,
        candidates: &[(usize, &Candidate)],
        deadline: Option<Instant>,
    ) -> Result<Option<Self>> {
        let mut columns: Vec<String> = vec![];
        for (_, candidate) in candidates {
            let terms = candidate.index.key.iter().map(read_sql);
            for sql in terms.chain(candidate.index.filter.iter().map(|f| format!("({f}) IS TRUE"))) {
                if !columns.contains(&sql) {
                    columns.push(sql);
                }
            }
        }
        let mut scan = Self {
            rows: 0,
            bytes: vec![0; columns.len()],
            columns,
            prefixes: BTreeMap::new(),
            sample: vec![],
            table: table.to_owned(),
        };
        let ran = scan.run(session, candidates, deadline);
        let ended = ran.context(|| format!("cannot read the table {table:?}"))?;
        Ok(ended.then_some(scan))
    }

    /// False if the time was up before the end.
    fn run(
        &mut self,
        session: &Session,
        candidates: &[(usize, &Candidate)],
        deadline: Option<Instant>,
    ) -> rusqlite::Result<bool> {
        let from = quote(&self.table);
        let total: u64 =
            session.connection().query_row(&format!("SELECT count(*) FROM {from}"), [], |r| r.get(0))?;
        let step = (total / SAMPLE).max(1);
        let mut counters: BTreeMap<(Option<usize>, Vec<usize>), (Counter, u64)> = BTreeMap::new();
        for (_, candidate) in candidates {
            let (filter, key) = self.positions(&candidate.index);
            for width in 1..=key.len() {
                let prefix = key.get(..width).unwrap_or_default().to_vec();
                counters.entry((filter, prefix)).or_insert((Counter::new()?, 0));
            }
        }
        // In the order of the table, so that the sample does not depend on the indexes that stand.
        let mut statement = session
            .connection()
            .prepare(&format!("SELECT {} FROM {from} NOT INDEXED", self.columns.join(", ")))?;
        let mut cursor = statement.raw_query();
        let mut hashes = vec![0u64; self.columns.len()];
        while let Some(row) = cursor.next()? {
            if self.rows.is_multiple_of(ROWS_BETWEEN_LOOKS) && is_past(deadline) {
                return Ok(false);
            }
            for (i, (hash, bytes)) in hashes.iter_mut().zip(&mut self.bytes).enumerate() {
                let value = row.get_ref(i)?;
                (*hash, *bytes) = (hash_of(value), *bytes + bytes_of(value));
            }
            for ((filter, prefix), (counter, passed)) in &mut counters {
                if filter.is_some_and(|f| row.get_ref(f).is_ok_and(|v| v != ValueRef::Integer(1))) {
                    continue;
                }
                *passed += 1;
                let mut hasher = FixedState::default().build_hasher();
                prefix.iter().filter_map(|i| hashes.get(*i)).for_each(|h| h.hash(&mut hasher));
                counter.insert(hasher.finish());
            }
            // Scattered, so that no period in the table is taken for the whole.
            if (self.rows.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32).is_multiple_of(step) {
                let values =
                    (0..self.columns.len()).map(|i| value(row, i)).collect::<rusqlite::Result<_>>()?;
                self.sample.push(values);
            }
            self.rows += 1;
        }
        self.prefixes =
            counters.into_iter().map(|(key, (mut c, passed))| (key, (c.counter.count(), passed))).collect();
        Ok(true)
    }

    fn positions(&self, index: &Index) -> (Option<usize>, Vec<usize>) {
        let at = |sql: &str| self.columns.iter().position(|c| c == sql);
        let filter = index.filter.as_ref().and_then(|f| at(&format!("({f}) IS TRUE")));
        (filter, index.key.iter().filter_map(|t| at(&read_sql(t))).collect())
    }

    /// The distinct values of each prefix of an index, and the rows in it.
    fn distinct(&self, index: &Index) -> (u64, Vec<f64>) {
        let (filter, key) = self.positions(index);
        let found = (1..=key.len()).filter_map(|w| self.prefixes.get(&(filter, key.get(..w)?.to_vec())));
        let found: Vec<_> = found.collect();
        (found.first().map_or(0, |(_, passed)| *passed), found.iter().map(|(d, _)| *d).collect())
    }

    fn stat1(&self, candidate: &Candidate) -> (Stat1, u64) {
        let (rows, distinct) = self.distinct(&candidate.index);
        let rounded: Vec<u64> = distinct.iter().map(|d| d.round() as u64).collect();
        let (_, key) = self.positions(&candidate.index);
        let payload: u64 = key.iter().filter_map(|i| self.bytes.get(*i)).sum::<u64>() / self.rows.max(1);
        // A b-tree cell has a header of about a byte a column, the rowid, a length and a pointer; leaves are mostly full.
        let bytes = rows * (payload + key.len() as u64 + 9) * 10 / 9;
        let stat = stat1_text(rows, &rounded);
        (Stat1 { table: self.table.clone(), index: Some(candidate.name.clone()), stat }, bytes)
    }

    /// Lets SQLite analyze the sample, and scales what it finds, for each candidate by its number.
    fn stat4(&self, candidates: &[(usize, &Candidate)]) -> Result<BTreeMap<usize, Vec<Stat4>>> {
        let small = Session::in_memory()?;
        let fill = || -> rusqlite::Result<()> {
            let conn = small.connection();
            let names: Vec<_> = (0..self.columns.len()).map(|i| format!("c{i}")).collect();
            conn.execute_batch(&format!("BEGIN; CREATE TABLE t({})", names.join(", ")))?;
            let marks = vec!["?"; names.len()].join(", ");
            let mut insert = conn.prepare(&format!("INSERT INTO t VALUES ({marks})"))?;
            for row in &self.sample {
                insert.execute(rusqlite::params_from_iter(row))?;
            }
            for (i, candidate) in candidates {
                let (filter, key) = self.positions(&candidate.index);
                let terms: Vec<_> =
                    key.iter().zip(&candidate.index.key).map(|(at, term)| sample_term(*at, term)).collect();
                let filter = filter.map(|at| format!(" WHERE c{at} = 1")).unwrap_or_default();
                conn.execute_batch(&format!("CREATE INDEX i{i} ON t({}){filter}", terms.join(", ")))?;
            }
            conn.execute_batch("COMMIT; ANALYZE")
        };
        fill().context(|| format!("cannot analyze a sample of {:?}", self.table))?;
        let mut scaled: BTreeMap<usize, Vec<Stat4>> = BTreeMap::new();
        for sample in statistics::read(small.connection())?.stat4 {
            let number = sample.index.strip_prefix('i').and_then(|n| n.parse::<usize>().ok());
            let Some((number, candidate)) = candidates.iter().find(|(i, _)| Some(*i) == number) else {
                continue;
            };
            let (rows, distinct) = self.distinct(&candidate.index);
            let seen = self.sample.len() as f64;
            let share = if self.rows == 0 { 1.0 } else { rows as f64 / self.rows as f64 };
            let factor = rows as f64 / (seen * share).max(1.0);
            // A prefix whose distinct values fit in the sample was seen whole; others grow with the rows.
            let distinct: Vec<f64> =
                distinct.iter().map(|d| (d / (seen * share).max(1.0)).clamp(1.0, factor.max(1.0))).collect();
            let mut sample = sample.scaled(factor, &distinct);
            sample.index.clone_from(&candidate.name);
            sample.table.clone_from(&self.table);
            scaled.entry(*number).or_default().push(sample);
        }
        Ok(scaled)
    }
}

fn read_sql(term: &Term) -> String {
    let plain = Term { collation: None, descending: false, key: term.key.clone() };
    match &term.collation {
        // Values that the collation holds for equal must count as one.
        Some(c) if c.eq_ignore_ascii_case("NOCASE") => format!("lower({plain})"),
        Some(c) if c.eq_ignore_ascii_case("RTRIM") => format!("rtrim({plain})"),
        _ => plain.to_string(),
    }
}

fn sample_term(at: usize, term: &Term) -> String {
    format!("c{at}{}", if term.descending { " DESC" } else { "" })
}

fn hash_of(value: ValueRef<'_>) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    match value {
        ValueRef::Null => 0u8.hash(&mut hasher),
        ValueRef::Integer(v) => (1u8, v).hash(&mut hasher),
        // 7 and 7.0 are equal to SQLite.
        ValueRef::Real(v) if v.fract() == 0.0 && v.abs() < 9e15 => (1u8, v as i64).hash(&mut hasher),
        ValueRef::Real(v) => (2u8, v.to_bits()).hash(&mut hasher),
        ValueRef::Text(v) => (3u8, v).hash(&mut hasher),
        ValueRef::Blob(v) => (4u8, v).hash(&mut hasher),
    }
    hasher.finish()
}

fn bytes_of(value: ValueRef<'_>) -> u64 {
    match value {
        ValueRef::Null => 0,
        ValueRef::Integer(v) => match v.unsigned_abs() {
            0..=1 => 0,
            2..0x80 => 1,
            0x80..0x8000 => 2,
            0x8000..0x80_0000 => 3,
            0x80_0000..0x8000_0000 => 4,
            _ => 8,
        },
        ValueRef::Real(_) => 8,
        ValueRef::Text(v) | ValueRef::Blob(v) => v.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_is_not_read_in_time_has_no_statistics() -> Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES (1)")?;
        let candidates = [Candidate::new("i".to_owned(), Index::on("t", ["a"]))];
        let gathered = |deadline| gather(&session, &candidates, deadline, &crate::progress::Silent);
        assert!(gathered(Some(Instant::now()))?.statistics(&candidates).stat1.is_empty());
        assert!(!gathered(None)?.statistics(&candidates).stat1.is_empty());
        Ok(())
    }

    #[test]
    fn what_is_gathered_without_an_index_is_what_analyze_finds_with_it() -> Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch(
            "CREATE TABLE t(a, b TEXT COLLATE NOCASE, c);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
             INSERT INTO t SELECT i % 40, 'k' || (i % 900), CASE WHEN i % 10 = 0 THEN i END FROM n",
        )?;
        let mut filtered = Index::on("t", ["c"]);
        filtered.filter = Some("c IS NOT NULL".to_owned());
        let indexes = [Index::on("t", ["a", "c"]), Index::on("t", ["b"]), filtered];
        let candidates: Vec<_> =
            indexes.into_iter().map(|index| Candidate::new(index.base_name(), index)).collect();
        let gathered = gather(&session, &candidates, None, &crate::progress::Silent)?;
        for candidate in &candidates {
            session.connection().execute_batch(&candidate.index.to_sql(&candidate.name))?;
        }
        session.connection().execute_batch("ANALYZE")?;
        let real = statistics::read(session.connection())?;
        let statistics = gathered.statistics(&candidates);
        for candidate in &candidates {
            let bytes = gathered.get(&candidate.index).map_or(0, |found| found.bytes);
            let of = |s: &Statistics| {
                let row = s.stat1.iter().find(|r| r.index.as_deref() == Some(&candidate.name));
                row.map(|r| crate::model::statistics::numbers(&r.stat)).unwrap_or_default()
            };
            let (ours, theirs) = (of(&statistics), of(&real));
            assert_eq!(ours.len(), theirs.len(), "{}", candidate.name);
            let close = |(a, b): (&u64, &u64)| a.abs_diff(*b) <= 1 + b / 50;
            assert!(ours.iter().zip(&theirs).all(close), "{ours:?} {theirs:?}");
            let size: u64 = session.connection().query_row(
                "SELECT sum(pgsize) FROM dbstat WHERE name = ?",
                [&candidate.name],
                |r| r.get(0),
            )?;
            assert!((0.6..1.7).contains(&(bytes as f64 / size as f64)), "{} {bytes} {size}", candidate.name);
        }
        assert!(statistics.stat4.len() > 30);
        Ok(())
    }
}
