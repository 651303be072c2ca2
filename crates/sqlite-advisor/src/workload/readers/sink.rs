//! What a reader finds is joined in another thread, so that a log is read and its statements are known again at once.

use crate::error::Result;
use crate::sql::syntax;
use crate::workload::gather::Gathered;
use crate::workload::lines::Unread;
use crate::workload::placeholders::with_sqlite_placeholders;
use crate::workload::source::QuerySource;
use rusqlite::types::Value;
use std::collections::BTreeMap;
use std::sync::mpsc::{SyncSender, sync_channel};

/// Bytes of statements that are handed over together, and how often so many may wait: together they bound the memory.
const PART: usize = 256 * 1024;
const WAITING: usize = 8;

/// Takes the statements of a reader.
pub struct Sink {
    /// What could not be read of the file.
    pub unread: Unread,
    part: Vec<QuerySource>,
    bytes: usize,
    joins: SyncSender<Vec<QuerySource>>,
}

impl Sink {
    /// Takes a statement.
    pub fn query(&mut self, query: QuerySource) {
        self.bytes += bytes_of(&query);
        self.part.push(query);
        if self.bytes >= PART {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        self.bytes = 0;
        // Who joins them listens until the sink is gone.
        let _ = self.joins.send(std::mem::take(&mut self.part));
    }
}

/// About the memory of a statement.
fn bytes_of(query: &QuerySource) -> usize {
    let value = |value: &Value| match value {
        Value::Text(text) => text.len(),
        Value::Blob(blob) => blob.len(),
        _ => 0,
    };
    let values = query.parameters.iter().flatten();
    size_of::<QuerySource>() + query.sql.len() + values.map(|(_, v)| size_of_val(v) + value(v)).sum::<usize>()
}

/// Reads with a sink whose statements are joined meanwhile, in their order: what was counted, and what could not be read.
pub(super) fn joined(
    gathered: &mut Gathered,
    read: impl FnOnce(&mut Sink) -> Result<()>,
) -> Result<(Tally<'_>, Unread)> {
    let mut tally = Tally { gathered, passed_over: BTreeMap::new(), statements: 0 };
    let (joins, parts) = sync_channel::<Vec<QuerySource>>(WAITING);
    let tallied = &mut tally;
    let read = std::thread::scope(|scope| {
        scope.spawn(move || parts.into_iter().flatten().for_each(|query| tallied.take(query)));
        let mut sink = Sink { unread: Unread::default(), part: vec![], bytes: 0, joins };
        let read = read(&mut sink);
        sink.hand_over();
        read.map(|()| sink.unread)
    });
    read.map(|unread| (tally, unread))
}

/// Joins statements and counts them.
pub(super) struct Tally<'g> {
    gathered: &'g mut Gathered,
    /// Statements that neither read nor write rows, by their first word.
    pub passed_over: BTreeMap<String, u64>,
    /// The executions of all others.
    pub statements: u64,
}

impl Tally<'_> {
    /// Takes a statement. What neither reads nor writes rows says nothing of indexes: BEGIN and its like are passed over, and
    /// CREATE, PRAGMA and theirs are counted.
    fn take(&mut self, query: QuerySource) {
        let executions = query.executions;
        let Some(query) = self.gathered.repeat(query) else {
            self.statements += executions;
            return;
        };
        let sql = plain(&query.sql);
        let word = first_word(&sql);
        let is_one = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
        if sql.is_empty() {
            return;
        }
        if is_one(&TRANSACTION_CONTROL) {
            let goes_on = is_one(&["RELEASE"]) || sql.to_ascii_uppercase().starts_with("ROLLBACK TO");
            if !goes_on {
                self.gathered.transaction(is_one(&["BEGIN", "SAVEPOINT"]));
            }
            return;
        }
        if is_one(&PASSED_OVER) {
            *self.passed_over.entry(word.to_ascii_uppercase()).or_default() += executions;
            return;
        }
        self.statements += executions;
        let text = query.sql.clone();
        self.gathered.add_first(&text, QuerySource { sql, ..query }, plain);
    }
}

/// What is to be looked at of a text that a log holds.
fn plain(text: &str) -> String {
    let sql = without_strange_lines(text.trim());
    let sql = with_sqlite_placeholders(sql.trim_end_matches(';').trim_end());
    without_explain(&sql).to_owned()
}

/// Words that begin statements which are of no account.
const TRANSACTION_CONTROL: [&str; 6] = ["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"];

/// Words that begin statements which are counted and left at that.
const PASSED_OVER: [&str; 9] =
    ["CREATE", "DROP", "ALTER", "PRAGMA", "ATTACH", "DETACH", "ANALYZE", "REINDEX", "VACUUM"];

/// The most lines of others that are looked for behind a statement.
const STRANGE: usize = 20;

/// The statement without lines at its end that other programs wrote into the same log: none where it is SQL as it is.
fn without_strange_lines(sql: &str) -> &str {
    let is_sql =
        |text: &str| syntax::parse(without_explain(&with_sqlite_placeholders(text.trim()))).is_some();
    if !sql.trim_end().contains('\n') || is_sql(sql) {
        return sql;
    }
    let ends = sql.rmatch_indices('\n').take(STRANGE);
    ends.filter_map(|(end, _)| sql.get(..end)).find(|shorter| is_sql(shorter)).unwrap_or(sql)
}

fn first_word(sql: &str) -> &str {
    sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default()
}

/// The statement behind EXPLAIN or EXPLAIN QUERY PLAN.
pub(super) fn without_explain(sql: &str) -> &str {
    let after = |sql: &'_ str, word: &str| -> Option<usize> {
        let rest = sql.trim_start();
        first_word(rest).eq_ignore_ascii_case(word).then(|| sql.len() - rest.len() + word.len())
    };
    let Some(mut at) = after(sql, "EXPLAIN") else { return sql };
    for word in ["QUERY", "PLAN"] {
        at += sql.get(at..).and_then(|rest| after(rest, word)).unwrap_or(0);
    }
    sql.get(at..).unwrap_or_default().trim_start()
}
