//! What the order of statements shows by itself: one statement many times behind another (N+1), a read that is sent again
//! though nothing was written meanwhile, writes that each commit by themselves.
//!
//! Only what follows directly is looked at, so a pattern too few may be found and none too many.

use crate::workload::source::{ParameterSet, QuerySource};
use rusqlite::types::Value;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How often in a row a statement is sent before it is a pattern.
const IN_A_ROW: u64 = 3;

/// What a log shows of a statement beside its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Of what kind.
    pub kind: PatternKind,
    /// The statement, by its place among those that were read.
    pub statement: usize,
    /// The statement behind which it comes.
    pub parent: Option<usize>,
    /// How often the pattern was seen.
    pub runs: u64,
    /// Executions in it.
    pub executions: u64,
    /// Round trips, executions or commits that are not needed.
    pub saved: u64,
}

/// The kinds of patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternKind {
    /// A read many times in a row behind one other statement: a join or an IN list reads as much at once.
    OneByOne,
    /// A read with the same values again, nothing written meanwhile.
    Again,
    /// Writes in a row, each in a transaction of its own.
    WritesAlone,
}

/// The statements of one text as they came, one after another.
#[derive(Debug, Default)]
pub struct Sequence {
    last: Option<usize>,
    before: Option<usize>,
    in_a_row: u64,
    alone: u64,
    in_transaction: bool,
    /// Transactions are written down at all.
    transactions: bool,
    writes: u64,
    seen: BTreeMap<usize, Seen>,
}

/// What was seen of a statement.
#[derive(Debug, Default)]
struct Seen {
    one_by_one: Runs,
    parents: BTreeMap<usize, u64>,
    alone: Runs,
    again: u64,
    /// The values of the last execution, and the writes before it.
    latest: Option<(u64, u64)>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Runs {
    runs: u64,
    executions: u64,
}

impl Runs {
    fn add(&mut self, length: u64) {
        self.runs += 1;
        self.executions += length;
    }
}

impl Sequence {
    /// A transaction begins or ends.
    pub fn transaction(&mut self, begins: bool) {
        self.end_run();
        self.transactions = true;
        self.in_transaction = begins;
    }

    /// A statement was sent; where a source only tells a number of executions, their order is not known.
    pub fn sent(&mut self, statement: usize, query: &QuerySource) {
        if query.executions != 1 || query.parameters.len() > 1 {
            self.end_run();
            (self.last, self.before) = (None, None);
            return;
        }
        let writes = writes(&query.sql);
        if self.last != Some(statement) {
            self.end_run();
            self.before = self.last.replace(statement);
        }
        self.in_a_row += 1;
        if writes {
            self.writes += 1;
            self.alone += u64::from(!self.in_transaction);
            return;
        }
        let now = (values_of(&query.sql, &query.parameters), self.writes);
        let seen = self.seen.entry(statement).or_default();
        seen.again += u64::from(seen.latest == Some(now));
        seen.latest = Some(now);
    }

    fn end_run(&mut self) {
        let (length, alone) = (std::mem::take(&mut self.in_a_row), std::mem::take(&mut self.alone));
        let Some(last) = self.last.filter(|_| length >= IN_A_ROW) else { return };
        let seen = self.seen.entry(last).or_default();
        if alone >= IN_A_ROW {
            seen.alone.add(alone);
        } else if let Some(parent) = self.before.filter(|_| alone == 0 && seen.latest.is_some()) {
            seen.one_by_one.add(length);
            *seen.parents.entry(parent).or_default() += 1;
        }
    }

    /// The patterns, those that save most first.
    pub fn finish(mut self) -> Vec<Pattern> {
        self.end_run();
        let mut all: Vec<Pattern> =
            self.seen.iter().flat_map(|(statement, seen)| seen.patterns(*statement)).collect();
        all.retain(|pattern| self.transactions || pattern.kind != PatternKind::WritesAlone);
        all.sort_by_key(|pattern| std::cmp::Reverse(pattern.saved));
        all
    }
}

impl Seen {
    fn patterns(&self, statement: usize) -> Vec<Pattern> {
        let of = |kind, parent, Runs { runs, executions }: Runs, saved| {
            (saved > 0).then_some(Pattern { kind, statement, parent, runs, executions, saved })
        };
        let saved = |runs: Runs| runs.executions - runs.runs;
        let most = self.parents.iter().max_by_key(|(_, times)| **times).map(|(parent, _)| *parent);
        let again = Runs { runs: self.again, executions: self.again };
        let one_by_one = of(PatternKind::OneByOne, most, self.one_by_one, saved(self.one_by_one));
        let repeated = of(PatternKind::Again, None, again, self.again);
        let alone = of(PatternKind::WritesAlone, None, self.alone, saved(self.alone));
        [one_by_one, repeated, alone].into_iter().flatten().collect()
    }
}

fn writes(sql: &str) -> bool {
    let word = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    ["INSERT", "UPDATE", "DELETE", "REPLACE"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The same for executions of one statement with the same values.
fn values_of(sql: &str, parameters: &[ParameterSet]) -> u64 {
    let mut hasher = DefaultHasher::new();
    sql.hash(&mut hasher);
    for (name, value) in parameters.iter().flatten() {
        name.hash(&mut hasher);
        match value {
            Value::Null => 0.hash(&mut hasher),
            Value::Integer(v) => v.hash(&mut hasher),
            Value::Real(v) => v.to_bits().hash(&mut hasher),
            Value::Text(v) => v.hash(&mut hasher),
            Value::Blob(v) => v.hash(&mut hasher),
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::read_text;

    fn patterns(text: &str) -> Vec<(PatternKind, usize, Option<usize>, u64, u64)> {
        let read = read_text("f", text).unwrap();
        read.patterns.iter().map(|p| (p.kind, p.statement, p.parent, p.runs, p.saved)).collect()
    }

    fn children(of: usize) -> String {
        (0..of).map(|i| format!("SELECT * FROM child WHERE parent = {i};\n")).collect()
    }

    #[test]
    fn a_statement_many_times_behind_another_is_n_plus_one() {
        let text = format!(
            "SELECT * FROM parent WHERE a = 1;\n{}SELECT * FROM parent WHERE a = 2;\n{}",
            children(5),
            children(4)
        );
        assert_eq!(patterns(&text), [(PatternKind::OneByOne, 1, Some(0), 2, 7)]);
        assert_eq!(patterns(&children(5)), [], "there is nothing that they come behind");
        assert_eq!(patterns(&format!("SELECT 1 FROM t;\n{}", children(2))), []);
    }

    #[test]
    fn the_same_read_again_is_told_unless_something_was_written() {
        let read = "SELECT * FROM t WHERE a = 1;\n";
        assert_eq!(patterns(&read.repeat(2)), [(PatternKind::Again, 0, None, 1, 1)]);
        assert_eq!(patterns(&format!("{read}UPDATE t SET a = 2 WHERE b = 3;\n{read}")), []);
        assert_eq!(patterns(&format!("{read}SELECT * FROM t WHERE a = 2;\n{read}")), []);
    }

    #[test]
    fn writes_outside_of_a_transaction_could_share_one() {
        let writes: String = (0..6).map(|i| format!("INSERT INTO t VALUES ({i});\n")).collect();
        let alone = format!("BEGIN;\nSELECT 1 FROM t;\nCOMMIT;\n{writes}");
        assert_eq!(patterns(&alone), [(PatternKind::WritesAlone, 1, None, 1, 5)]);
        assert_eq!(patterns(&writes), [], "a log without any transaction does not tell of them");
        assert_eq!(patterns(&format!("BEGIN;\n{writes}COMMIT;\n")), []);
    }
}
