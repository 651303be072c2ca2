//! Knows statements again that were seen with other values, so that each shape of a log is parsed once.
//!
//! Which literals of a skeleton are values is asked of [`Shape`] with marks in the places of all literals. Those that are none,
//! such as the path of `json_extract(doc, '$.a')`, stay part of what is looked for.

use crate::sql::skeleton::Skeleton;
use crate::workload::fingerprint::{Shape, literal_value_of};
use rusqlite::types::Value;
use std::collections::HashMap;

/// Skeletons that are remembered, and for each of them literals that are no values.
const REMEMBERED: usize = 10_000;
/// Added to the places of literals, so that marks are numbers of one length.
const MARK: i64 = 900_000_000;

/// Texts seen so far.
#[derive(Debug, Default)]
pub struct Repeated {
    known: HashMap<Vec<u8>, Known>,
    skeleton: Skeleton,
    fixed: Vec<u8>,
}

/// What is known of the texts of one skeleton.
#[derive(Debug)]
struct Known {
    /// The values, in the order of [`Shape::literals`].
    values: Vec<Taken>,
    /// The literals that are no values, by their place.
    fixed: Vec<usize>,
    /// By the texts of the latter.
    places: HashMap<Vec<u8>, Place>,
}

/// A value of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Literal { place: usize, negative: bool },
    Null,
}

/// Where a statement belongs: its group, and its class there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which group.
    pub group: usize,
    /// Which class of the group.
    pub class: usize,
}

/// The values of a text that is known again; each is read when it is asked for.
pub struct Values<'r> {
    sql: &'r str,
    skeleton: &'r Skeleton,
    taken: &'r [Taken],
}

impl Values<'_> {
    /// How many they are.
    fn len(&self) -> usize {
        self.taken.len()
    }

    /// As it is written, without its sign.
    pub fn text(&self, at: usize) -> &str {
        match self.taken.get(at) {
            Some(Taken::Literal { place, .. }) => {
                let range = self.skeleton.literals.get(*place);
                range.and_then(|range| self.sql.get(range.clone())).unwrap_or_default()
            }
            _ => "NULL",
        }
    }

    /// The value itself.
    pub fn value(&self, at: usize) -> Value {
        match self.taken.get(at) {
            Some(Taken::Literal { negative, .. }) => literal_value_of(self.text(at), *negative),
            _ => Value::Null,
        }
    }

    /// All of them.
    pub fn all(&self) -> Vec<Value> {
        (0..self.len()).map(|at| self.value(at)).collect()
    }

    /// True if one is NULL.
    pub fn have_null(&self) -> bool {
        self.taken.contains(&Taken::Null)
    }
}

impl Repeated {
    /// Where a text belongs that was seen with other values, and its values.
    pub fn find<'r>(&'r mut self, sql: &'r str) -> Option<(Place, Values<'r>)> {
        self.skeleton.take(sql);
        let known = self.known.get(self.skeleton.text.as_slice())?;
        fixed_text(&mut self.fixed, sql, &self.skeleton, &known.fixed);
        let place = known.places.get(self.fixed.as_slice())?;
        Some((*place, Values { sql, skeleton: &self.skeleton, taken: &known.values }))
    }

    /// Remembers where a text belongs. `plain` makes of it what is parsed.
    pub fn remember(&mut self, sql: &str, plain: fn(&str) -> String, place: Place) {
        self.skeleton.take(sql);
        if !self.known.contains_key(self.skeleton.text.as_slice()) {
            if self.known.len() >= REMEMBERED {
                return;
            }
            let Some(known) = Known::of(sql, &self.skeleton, plain) else { return };
            self.known.insert(self.skeleton.text.clone(), known);
        }
        if let Some(known) =
            self.known.get_mut(self.skeleton.text.as_slice()).filter(|k| k.places.len() < REMEMBERED)
        {
            fixed_text(&mut self.fixed, sql, &self.skeleton, &known.fixed);
            known.places.insert(self.fixed.clone(), place);
        }
    }
}

impl Known {
    /// None where literals cannot be told apart by marks.
    fn of(sql: &str, skeleton: &Skeleton, plain: fn(&str) -> String) -> Option<Self> {
        let all = Shape::of(&plain(&marked(sql, skeleton, |_| true)?));
        let values = all.literals.iter().map(taken).collect::<Option<Vec<Taken>>>()?;
        let is_value =
            |at: usize| values.iter().any(|v| matches!(v, Taken::Literal { place, .. } if *place == at));
        let fixed: Vec<usize> = (0..skeleton.literals.len()).filter(|at| !is_value(*at)).collect();
        // What is left must be the same whatever the values are.
        let again = Shape::of(&plain(&marked(sql, skeleton, is_value)?));
        let itself = Shape::of(&plain(sql));
        let same = again.class == itself.class
            && again.key == itself.key
            && again.literals.len() == itself.literals.len()
            && again
                .literals
                .iter()
                .map(taken)
                .collect::<Option<Vec<_>>>()
                .is_some_and(|found| found == values);
        same.then(|| Self { values, fixed, places: HashMap::new() })
    }
}

/// The value that a mark stands for.
fn taken(mark: &Value) -> Option<Taken> {
    let place = |number: i64| usize::try_from(number.abs() - MARK).ok();
    Some(match mark {
        Value::Null => Taken::Null,
        Value::Integer(number) => Taken::Literal { place: place(*number)?, negative: *number < 0 },
        Value::Text(text) => {
            Taken::Literal { place: place(text.strip_prefix('m')?.parse().ok()?)?, negative: false }
        }
        Value::Blob(bytes) => {
            let number = i64::from_be_bytes(bytes.as_slice().try_into().ok()?);
            Taken::Literal { place: place(number)?, negative: false }
        }
        Value::Real(_) => return None,
    })
}

/// The text with marks in the places of some literals, each of the kind of the literal.
fn marked(sql: &str, skeleton: &Skeleton, chosen: impl Fn(usize) -> bool) -> Option<String> {
    let (mut out, mut copied) = (String::new(), 0);
    for (at, range) in skeleton.literals.iter().enumerate().filter(|(at, _)| chosen(*at)) {
        out.push_str(sql.get(copied..range.start)?);
        let mark = MARK + i64::try_from(at).ok()?;
        out.push_str(&match sql.as_bytes().get(range.start)? {
            b'\'' => format!("'m{mark}'"),
            b'x' | b'X' => format!("x'{mark:016x}'"),
            _ => mark.to_string(),
        });
        copied = range.end;
    }
    out.push_str(sql.get(copied..)?);
    Some(out)
}

fn fixed_text(out: &mut Vec<u8>, sql: &str, skeleton: &Skeleton, places: &[usize]) {
    out.clear();
    for range in places.iter().filter_map(|at| skeleton.literals.get(*at)) {
        out.extend_from_slice(sql.get(range.clone()).unwrap_or_default().as_bytes());
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(first: &str, second: &str) -> Option<Vec<Value>> {
        let mut repeated = Repeated::default();
        repeated.remember(first, str::to_owned, Place { group: 0, class: 0 });
        repeated.find(second).map(|(_, values)| values.all())
    }

    #[test]
    fn a_text_is_known_again_with_its_values_in_the_order_of_its_shape() {
        for (first, second) in [
            (
                "SELECT a FROM t WHERE b = 1 AND c = 'x' LIMIT 5",
                "SELECT a FROM t WHERE b = 77 AND c = 'it''s' LIMIT 9",
            ),
            (
                "UPDATE t SET a = NULL, b = -2 WHERE c = x'00'",
                "UPDATE t SET a = NULL, b = -0.5 WHERE c = x'ff01'",
            ),
            ("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "INSERT INTO t VALUES (3, 'c'), (4, 'd')"),
            (
                "SELECT json_extract(d, '$.a') FROM t WHERE e IN (1, 2)",
                "SELECT json_extract(d, '$.a') FROM t WHERE e IN (3, 4)",
            ),
            (
                "SELECT a FROM t WHERE b LIKE '%' || 'x' || '%'",
                "SELECT a FROM t WHERE b LIKE '%' || 'y' || '%'",
            ),
        ] {
            assert_eq!(known(first, second), Some(Shape::of(second).literals), "{second}");
        }
    }

    #[test]
    fn what_belongs_to_the_shape_is_no_value() {
        for (first, second) in [
            ("SELECT json_extract(d, '$.a') FROM t", "SELECT json_extract(d, '$.b') FROM t"),
            ("SELECT a FROM t ORDER BY 1", "SELECT a FROM t ORDER BY 2"),
            ("SELECT a FROM t WHERE b = 1", "SELECT a FROM t WHERE c = 1"),
            ("SELECT a FROM t WHERE b = 1", "SELECT a FROM t WHERE b = 'x"),
        ] {
            assert_eq!(known(first, second), None, "{second}");
        }
    }
}
