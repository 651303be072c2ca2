//! Statistics as SQLite keeps them: the rows of sqlite_stat1 and sqlite_stat4.
//!
//! Formats: <https://www.sqlite.org/fileformat2.html#stat1tab> and `#stat4tab` there.

use std::collections::{BTreeMap, BTreeSet};

/// A row of sqlite_stat1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat1 {
    /// The table.
    pub table: String,
    /// The index; none for the row that counts a table without full indexes.
    pub index: Option<String>,
    /// The numbers: rows, then for each prefix of the key the mean rows that share it.
    pub stat: String,
}

/// A row of sqlite_stat4: one sample of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat4 {
    /// The table.
    pub table: String,
    /// The index.
    pub index: String,
    /// For each prefix, the rows that equal the sample.
    pub equal: Vec<u64>,
    /// For each prefix, the rows below the sample.
    pub less: Vec<u64>,
    /// For each prefix, the distinct values below the sample.
    pub distinct_less: Vec<u64>,
    /// The sample's key, in SQLite's record format.
    pub sample: Vec<u8>,
}

/// All statistics of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// sqlite_stat1
    pub stat1: Vec<Stat1>,
    /// sqlite_stat4
    pub stat4: Vec<Stat4>,
}

impl Statistics {
    /// What is known of tables and of the indexes named, in lower case.
    pub fn of_indexes(mut self, names: &BTreeSet<String>) -> Self {
        let named = |index: &str| names.contains(&index.to_lowercase());
        self.stat1.retain(|row| row.index.as_deref().is_none_or(named));
        self.stat4.retain(|row| named(&row.index));
        self
    }

    /// What is known, table by table, their names in lower case.
    pub fn by_table(self) -> BTreeMap<String, Self> {
        let mut tables: BTreeMap<String, Self> = BTreeMap::new();
        for row in self.stat1 {
            tables.entry(row.table.to_lowercase()).or_default().stat1.push(row);
        }
        for row in self.stat4 {
            tables.entry(row.table.to_lowercase()).or_default().stat4.push(row);
        }
        tables
    }

    /// What is known of some indexes, named in lower case, index by index.
    #[must_use]
    pub fn by_index(&self, names: &BTreeSet<String>) -> BTreeMap<String, Self> {
        let named = |index: &str| Some(index.to_lowercase()).filter(|name| names.contains(name));
        let mut indexes: BTreeMap<String, Self> = BTreeMap::new();
        for row in &self.stat1 {
            if let Some(name) = row.index.as_deref().and_then(named) {
                indexes.entry(name).or_default().stat1.push(row.clone());
            }
        }
        for row in &self.stat4 {
            if let Some(name) = named(&row.index) {
                indexes.entry(name).or_default().stat4.push(row.clone());
            }
        }
        indexes
    }

    /// What is known but for the indexes that a test picks by their names.
    #[must_use]
    pub fn without_indexes(&self, picked: impl Fn(&str) -> bool) -> Self {
        let stat1 = self.stat1.iter().filter(|row| !row.index.as_deref().is_some_and(&picked));
        let stat4 = self.stat4.iter().filter(|row| !picked(&row.index));
        Self { stat1: stat1.cloned().collect(), stat4: stat4.cloned().collect() }
    }

    /// The same as an SQLite without STAT4 reads it.
    #[must_use]
    pub fn without_stat4(&self) -> Self {
        Self { stat1: self.stat1.clone(), stat4: vec![] }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.stat1.extend(other.stat1);
        self.stat4.extend(other.stat4);
        self
    }

    /// The share of its table's rows that an index holds, below 1 for a partial one; 1 where nothing is known of the table.
    pub fn share(&self, table: &str, index: &str) -> f64 {
        let rows = |row: &Stat1| numbers(&row.stat).first().copied().unwrap_or(0);
        let of_table = || self.stat1.iter().filter(|row| row.table.eq_ignore_ascii_case(table));
        // An index without a row is empty.
        let held = of_table().find(|row| row.index.as_deref() == Some(index)).map_or(0, rows);
        of_table().map(rows).max().map_or(1.0, |all| held as f64 / all.max(1) as f64)
    }
}

/// The text of a sqlite_stat1 row for an index of `rows` entries, given the distinct values of each prefix of its key.
///
/// The rule is that of `statGet()` in SQLite's analyze.c: the mean rounded up, but 1 where it is at most 1.1.
pub fn stat1_text(rows: u64, distinct: &[u64]) -> String {
    let mut text = rows.to_string();
    for d in distinct {
        let d = (*d).clamp(1, rows.max(1));
        let mean = match rows.div_ceil(d) {
            2 if u128::from(rows) * 10 <= u128::from(d) * 11 => 1,
            mean => mean,
        };
        text.push_str(&format!(" {mean}"));
    }
    text
}

impl Stat4 {
    /// The sample of a part of the rows, as it would be for all: counts grow with `rows`, distinct counts of each prefix
    /// with `distinct`.
    #[must_use]
    pub fn scaled(mut self, rows: f64, distinct: &[f64]) -> Self {
        let times = |n: &mut u64, factor: f64| *n = (*n as f64 * factor).round() as u64;
        self.equal.iter_mut().for_each(|n| {
            times(n, rows);
            *n = (*n).max(1);
        });
        self.less.iter_mut().for_each(|n| times(n, rows));
        for (i, n) in self.distinct_less.iter_mut().enumerate() {
            times(n, distinct.get(i).copied().unwrap_or(rows));
        }
        self
    }
}

/// Rows of a table so small that its statistics hardly matter.
const FEW_ROWS: u64 = 1_000;
/// How many times too many or too few rows are out of date.
const STALE: u64 = 2;
/// How many times too many or too few rows for each value are wrong.
const WRONG: u64 = 4;
/// Rows for each value below which any average is as good.
const FEW_FOR_A_VALUE: u64 = 50;

/// True if sqlite_stat1 tells of other rows than a table has.
pub fn is_stale(told: u64, counted: u64) -> bool {
    told.max(counted) >= FEW_ROWS
        && (told > counted.saturating_mul(STALE) || counted > told.saturating_mul(STALE))
}

/// True if sqlite_stat1 tells of other rows for each value than there are.
pub fn is_wrong_average(told: u64, right: u64) -> bool {
    told.max(right) >= FEW_FOR_A_VALUE && told.max(right) >= told.min(right).saturating_mul(WRONG)
}

/// Numbers as sqlite_stat4 writes them: in a row, with blanks between.
pub fn written(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

/// The same read back.
pub fn numbers(text: &str) -> Vec<u64> {
    text.split_ascii_whitespace().filter_map(|n| n.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_holds_a_share_of_its_table() {
        let row = |index: Option<&str>, stat: &str| Stat1 {
            table: "t".to_owned(),
            index: index.map(str::to_owned),
            stat: stat.to_owned(),
        };
        let stat1 = vec![row(None, "200"), row(Some("part"), "50 1"), row(Some("whole"), "200 3 unordered")];
        let statistics = Statistics { stat1, stat4: vec![] };
        let share = |index| statistics.share("T", index);
        assert_eq!([share("part"), share("whole"), share("empty")], [0.25, 1.0, 0.0]);
        assert_eq!(statistics.share("unknown", "part"), 1.0);
    }

    #[test]
    fn the_mean_is_rounded_up_except_where_a_key_is_all_but_unique() {
        assert_eq!(stat1_text(100, &[7, 50, 95, 100]), "100 15 2 1 1");
        assert_eq!(stat1_text(0, &[0]), "0 0");
    }

    #[test]
    fn a_scaled_sample_keeps_at_least_one_equal_row() {
        let one = Stat4 {
            table: "t".into(),
            index: "i".into(),
            equal: numbers("3 1"),
            less: vec![10, 12],
            distinct_less: vec![2, 12],
            sample: vec![],
        };
        let scaled = one.scaled(0.1, &[1.0, 0.1]);
        assert_eq!((scaled.equal, scaled.less, scaled.distinct_less), (vec![1, 1], vec![1, 1], vec![2, 1]));
    }
}
