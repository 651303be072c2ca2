//! Values for parameters that the workload leaves open: drawn from the column that each is compared with.
//!
//! A statement is tried with a frequent row, a row in the middle and a value that is absent, because an index that is
//! right for one may be wrong for another. All parameters of one table are taken from one row, so that they match.

mod markers;
mod written;

use crate::model::index::quote;
use crate::sql::syntax;
use crate::sqlite::recorder::{Access, Recorder};
use crate::sqlite::rows::value;
use crate::sqlite::{Schema, Session};
use crate::workload::source::ParameterSet;
use markers::{marked_position, with_markers};
use rusqlite::OptionalExtension;
use rusqlite::types::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use written::Written;

/// Draws values.
pub struct Drawer<'a> {
    session: &'a Session,
    schema: &'a Schema,
    recorder: &'a Recorder,
    /// What was chosen of a column, by table, column and place: each takes a scan, and many statements compare the same.
    chosen: RefCell<HashMap<(String, String, bool), Value>>,
}

/// A column of a table.
type Place = (String, String);

/// Rows that are looked at when a column's most frequent value is sought.
const SAMPLE: u32 = 200_000;
/// What a LIMIT gets.
const LIMIT: i64 = 20;

impl<'a> Drawer<'a> {
    /// A drawer on a copy.
    pub fn new(session: &'a Session, schema: &'a Schema, recorder: &'a Recorder) -> Self {
        Self { session, schema, recorder, chosen: RefCell::default() }
    }

    /// The sets of values for a statement's parameters: one empty set if it has none, those given if they give all.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn draw(&self, sql: &str, given: &[ParameterSet]) -> rusqlite::Result<Vec<Vec<Value>>> {
        let names = names_of(self.session, sql)?;
        let complete = complete(&names, given);
        if !complete.is_empty() {
            return Ok(complete);
        }
        let none = ParameterSet::new();
        let given = values_of(&names, given.first().unwrap_or(&none));
        let written = Written::of(sql);
        let mut places = self.compared(sql, names.len());
        for (parameter, column) in &written.columns {
            if let Some(place) = self.resolve(&written.tables, column) {
                places.entry(*parameter).or_insert(place);
            }
        }
        let mut sets = vec![];
        for draw in
            if written.inserts { &[Draw::New][..] } else { &[Draw::Frequent, Draw::Middle, Draw::Absent] }
        {
            let drawn = self.rows(&places, *draw)?;
            let value = |(i, given): (usize, &Option<Value>)| {
                let at_limit = written.limits.contains(&i).then_some(Value::Integer(LIMIT));
                let at_offset = written.offsets.contains(&i).then_some(Value::Integer(0));
                given
                    .clone()
                    .or(at_limit)
                    .or(at_offset)
                    .or_else(|| drawn.get(&i).cloned())
                    .unwrap_or(Value::Null)
            };
            let set: Vec<_> = (1..).zip(&given).map(value).collect();
            if !sets.contains(&set) {
                sets.push(set);
            }
        }
        Ok(sets)
    }

    /// Asks the planner: each parameter is replaced by a text of its own, which then shows up beside its column.
    fn compared(&self, sql: &str, count: usize) -> BTreeMap<usize, Place> {
        let marked = with_markers(sql);
        let accesses = self.recorder.accesses(&marked).or_else(|e| match syntax::without_hints(&marked) {
            Some(plain) => self.recorder.accesses(&plain),
            None => Err(e),
        });
        let accesses: Vec<Access> = accesses.unwrap_or_default();
        let mut places = BTreeMap::new();
        for access in &accesses {
            for constraint in &access.constraints {
                let marker = match &constraint.value {
                    Some(Value::Text(text)) => marked_position(text),
                    _ => None,
                };
                let column = constraint
                    .column
                    .clone()
                    .or_else(|| self.schema.table(&access.table)?.rowid_alias().map(|c| c.name.clone()));
                if let (Some(parameter), Some(column)) = (marker.filter(|p| *p <= count), column) {
                    places.entry(parameter).or_insert((access.table.clone(), column));
                }
            }
        }
        places
    }

    /// The first table of the statement that has the column.
    fn resolve(&self, tables: &[String], column: &str) -> Option<Place> {
        let has = |table: &&String| self.schema.table(table).is_some_and(|t| t.column(column).is_some());
        tables.iter().find(has).map(|table| (table.clone(), column.to_owned()))
    }

    /// One row a table: the values of all its columns that are asked for.
    fn rows(&self, places: &BTreeMap<usize, Place>, draw: Draw) -> rusqlite::Result<BTreeMap<usize, Value>> {
        let mut by_table: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
        for (parameter, (table, column)) in places {
            by_table.entry(table).or_default().push((*parameter, column));
        }
        let mut values = BTreeMap::new();
        for (table, wanted) in by_table {
            let Some((_, anchor)) = wanted.first() else { continue };
            let columns: Vec<_> = wanted.iter().map(|(_, c)| quote(c)).collect();
            let chosen = self.chosen(table, anchor, draw == Draw::Middle)?;
            let sql = format!(
                "SELECT {} FROM {} WHERE {} = ? LIMIT 1",
                columns.join(", "),
                quote(table),
                quote(anchor)
            );
            let row = self.session.connection().prepare(&sql)?.query_row([chosen], |r| {
                (0..wanted.len()).map(|i| value(r, i)).collect::<Result<Vec<_>, _>>()
            });
            let row = match row {
                Err(rusqlite::Error::QueryReturnedNoRows) => vec![Value::Null; wanted.len()],
                other => other?,
            };
            let table = self.schema.table(table);
            for ((parameter, column), value) in wanted.iter().zip(row) {
                let is_key = table.and_then(|t| t.column(column)).is_some_and(|c| c.key_position > 0);
                let value = match draw {
                    Draw::Absent => absent(value),
                    Draw::New if is_key => absent(value),
                    _ => value,
                };
                values.insert(*parameter, value);
            }
        }
        Ok(values)
    }
}

impl Drawer<'_> {
    /// The most frequent value of a column, or the one in the middle by frequency; NULL if there is none.
    fn chosen(&self, table: &str, column: &str, middle: bool) -> rusqlite::Result<Value> {
        let key = (table.to_owned(), column.to_owned(), middle);
        if let Some(known) = self.chosen.borrow().get(&key) {
            return Ok(known.clone());
        }
        let offset = if middle { "(SELECT count(*) / 2 FROM groups)" } else { "0" };
        let (from, column) = (quote(table), quote(column));
        let sql = format!(
            "WITH groups AS (SELECT v, count(*) AS n FROM (SELECT {column} AS v FROM {from} LIMIT {SAMPLE})
                             WHERE v IS NOT NULL GROUP BY v)
             SELECT v FROM groups ORDER BY n DESC, v LIMIT 1 OFFSET {offset}"
        );
        let found = self.session.connection().prepare(&sql)?.query_row([], |r| value(r, 0)).optional()?;
        let found = found.unwrap_or(Value::Null);
        self.chosen.borrow_mut().insert(key, found.clone());
        Ok(found)
    }
}

/// The sets of values that are given whole; none where a value is missing in each.
///
/// # Errors
/// SQLite's own, if the statement cannot be prepared.
pub fn given(session: &Session, sql: &str, given: &[ParameterSet]) -> rusqlite::Result<Vec<Vec<Value>>> {
    Ok(complete(&names_of(session, sql)?, given))
}

/// The names of a statement's parameters, by position.
fn names_of(session: &Session, sql: &str) -> rusqlite::Result<Vec<Option<String>>> {
    let statement = session.prepare(sql)?;
    Ok((1..=statement.parameter_count()).map(|i| statement.parameter_name(i).map(str::to_owned)).collect())
}

fn values_of(names: &[Option<String>], set: &ParameterSet) -> Vec<Option<Value>> {
    (1..).zip(names).map(|(i, name)| value_given(set, i, name.as_deref()).cloned()).collect()
}

/// The distinct sets that give every value; one empty set for a statement without parameters.
fn complete(names: &[Option<String>], given: &[ParameterSet]) -> Vec<Vec<Value>> {
    let none = ParameterSet::new();
    let mut complete: Vec<Vec<Value>> = vec![];
    for set in given.iter().chain(names.is_empty().then_some(&none)) {
        if let Some(values) = values_of(names, set).into_iter().collect::<Option<Vec<_>>>()
            && !complete.contains(&values)
        {
            complete.push(values);
        }
    }
    complete
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Draw {
    Frequent,
    Middle,
    Absent,
    /// For an INSERT: a row like another, under a new key.
    New,
}

/// A value of the same type that no row is likely to hold.
fn absent(value: Value) -> Value {
    match value {
        Value::Integer(_) => Value::Integer(i64::MAX / 2),
        Value::Real(_) => Value::Real(1e300),
        Value::Text(text) => Value::Text(format!("{text}~absent")),
        Value::Blob(mut bytes) => {
            bytes.push(0xff);
            Value::Blob(bytes)
        }
        Value::Null => Value::Null,
    }
}

fn value_given<'g>(given: &'g ParameterSet, position: usize, name: Option<&str>) -> Option<&'g Value> {
    let numbered = format!("?{position}");
    let bare = name.map(|n| n.trim_start_matches([':', '@', '$']));
    let same = |p: &str| {
        Some(p) == name || Some(p) == bare || p == numbered || Some(p) == numbered.strip_prefix('?')
    };
    given.iter().find(|(parameter, _)| same(parameter)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;
    use crate::workload::source::written_value;

    fn drawn(sql: &str, given: &[(&str, &str)]) -> Result<Vec<Vec<Value>>> {
        let session = Session::in_memory()?;
        session.connection().execute_batch(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, kind TEXT, size INT);
             INSERT INTO t(kind, size) VALUES ('a', 1), ('b', 2), ('b', 3), ('b', 4), ('c', 5)",
        )?;
        let schema = Schema::read(session.connection())?;
        let recorder = Recorder::new(&schema, None, &std::collections::BTreeMap::new())?;
        let given: ParameterSet = given.iter().map(|(n, v)| (n.to_string(), written_value(v))).collect();
        Ok(Drawer::new(&session, &schema, &recorder).draw(sql, &[given])?)
    }

    fn text(t: &str) -> Value {
        Value::Text(t.to_owned())
    }

    #[test]
    fn a_frequent_a_middle_and_an_absent_value_are_drawn_from_the_column_compared() -> Result<()> {
        let sets = drawn("SELECT * FROM (SELECT * FROM t) x WHERE ? = x.kind", &[])?;
        assert_eq!(sets, [vec![text("b")], vec![text("a")], vec![text("b~absent")]]);
        Ok(())
    }

    #[test]
    fn parameters_of_one_table_are_taken_from_one_row() -> Result<()> {
        let sets = drawn("SELECT id FROM t WHERE kind = :k AND size IN (:s, :s) LIMIT ?", &[])?;
        assert_eq!(sets[0], [text("b"), Value::Integer(2), Value::Integer(20)]);
        Ok(())
    }

    #[test]
    fn headers_win_and_an_insert_gets_a_new_key() -> Result<()> {
        assert_eq!(drawn("SELECT 1 FROM t WHERE kind = $k", &[("k", "x y")])?, [vec![text("x y")]]);
        assert_eq!(drawn("SELECT 1 FROM t WHERE size = ?", &[("?1", "2")])?, [vec![Value::Integer(2)]]);
        let sets = drawn("INSERT INTO t(id, kind) VALUES (?, lower(?))", &[])?;
        assert!(matches!(sets[0][0], Value::Integer(id) if id > 5), "{sets:?}");
        assert_eq!(drawn("SELECT 1", &[])?, [vec![]; 1]);
        Ok(())
    }
}
