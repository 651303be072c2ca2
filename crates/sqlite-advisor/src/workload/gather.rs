//! Joins statements of one shape: how often each was sent, and a few of the sets of values that were sent with it.
//!
//! The sets are a random sample of all (reservoir sampling: Vitter 1985, algorithm R) under a fixed seed. What was the same in
//! every execution stays a literal, so that a partial index can serve it; what differed becomes a parameter.

use crate::workload::fingerprint::{Shape, with_parameters};
use crate::workload::repeated::{Place, Repeated, Values};
use crate::workload::sequence::{Pattern, Sequence};
use crate::workload::source::{ParameterSet, QuerySource};
use rusqlite::types::Value;
use std::collections::{BTreeMap, HashMap};

/// Sets of values that are kept of each statement.
const SETS: u64 = 5;
/// Texts whose shapes are remembered, since most logs repeat theirs.
const REMEMBERED: usize = 10_000;

/// What was read so far; its size depends on the number of shapes, not of statements.
#[derive(Default)]
pub struct Gathered {
    groups: Vec<Group>,
    by_key: HashMap<Key, usize>,
    /// Statements with a name of their own, by text and values: the same without a name is one of them.
    named: HashMap<(String, String), usize>,
    shapes: HashMap<String, Shape>,
    repeated: Repeated,
    sequence: Sequence,
}

/// Statements of different names or labels stay apart.
type Key = (Option<String>, BTreeMap<String, String>, String);

/// Statements of one shape.
struct Group {
    first: QuerySource,
    weight: f64,
    executions: u64,
    classes: Vec<Class>,
    by_class: HashMap<String, usize>,
}

/// Those among them whose values can be bound to one text.
struct Class {
    sql: String,
    executions: u64,
    seen: u64,
    literals: Vec<Value>,
    /// The texts of the first literals, which are compared before the values are read.
    texts: Vec<String>,
    varies: Vec<bool>,
    sets: Vec<Set>,
    with_null: Option<Set>,
}

#[derive(Clone, PartialEq)]
struct Set {
    literals: Vec<Value>,
    parameters: ParameterSet,
}

impl Set {
    fn has_null(&self) -> bool {
        has_null(&self.literals) || has_null(self.parameters.iter().map(|(_, value)| value))
    }
}

/// Joins the statements of one shape, in the order in which each shape came first.
pub fn gather(queries: impl IntoIterator<Item = QuerySource>) -> Vec<QuerySource> {
    let mut gathered = Gathered::default();
    for query in queries {
        gathered.add(query);
    }
    gathered.finish()
}

impl Gathered {
    /// Adds a statement, or several executions of it, if its text was seen with other values; hands it back if not.
    pub fn repeat(&mut self, query: QuerySource) -> Option<QuerySource> {
        if query.name.is_some() || !query.labels.is_empty() || !self.named.is_empty() {
            return Some(query);
        }
        let QuerySource { sql, parameters, weight, executions, .. } = &query;
        let Some((place, values)) = self.repeated.find(sql) else { return Some(query) };
        let Some(group) = self.groups.get_mut(place.group) else { return Some(query) };
        let Some(class) = group.classes.get_mut(place.class) else { return Some(query) };
        group.weight += weight;
        group.executions += executions;
        class.executions += executions;
        class.repeat(&values, parameters);
        self.sequence.sent(place.group, &query);
        None
    }

    /// Adds a statement whose text stands for others like it; `plain` makes of such a text what is added.
    pub fn add_first(&mut self, text: &str, query: QuerySource, plain: fn(&str) -> String) {
        let sent = QuerySource {
            sql: text.to_owned(),
            parameters: query.parameters.clone(),
            executions: query.executions,
            ..QuerySource::default()
        };
        let place = self.add(query);
        self.repeated.remember(text, plain, place);
        self.sequence.sent(place.group, &sent);
    }

    /// Adds a statement, and tells where it belongs.
    pub fn add(&mut self, query: QuerySource) -> Place {
        let exact = (query.sql.clone(), format!("{:?}", query.parameters));
        let plain = query.name.is_none() && query.labels.is_empty();
        let shape = self.shape(&query.sql);
        let key = (query.name.clone(), query.labels.clone(), shape.key.clone());
        let same = if plain { self.named.get(&exact) } else { None };
        let known = same.or_else(|| self.by_key.get(&key)).copied();
        let at = known.unwrap_or(self.groups.len());
        if known.is_none() {
            self.by_key.insert(key, at);
            self.groups.push(Group::new(&query));
        }
        if !plain {
            self.named.insert(exact, at);
        }
        let class = self.groups.get_mut(at).map_or(0, |group| group.add(query, shape));
        Place { group: at, class }
    }

    /// The number of statements that were added.
    pub fn executions(&self) -> u64 {
        self.groups.iter().map(|g| g.executions).sum()
    }

    /// A transaction begins or ends.
    pub fn transaction(&mut self, begins: bool) {
        self.sequence.transaction(begins);
    }

    /// What the order of the statements shows; it is looked for in each text by itself.
    pub fn patterns(&mut self) -> Vec<Pattern> {
        std::mem::take(&mut self.sequence).finish()
    }

    /// One statement for each shape.
    pub fn finish(self) -> Vec<QuerySource> {
        self.groups.into_iter().map(Group::finish).collect()
    }

    fn shape(&mut self, sql: &str) -> Shape {
        if let Some(shape) = self.shapes.get(sql) {
            return shape.clone();
        }
        let shape = Shape::of(sql);
        if self.shapes.len() < REMEMBERED {
            self.shapes.insert(sql.to_owned(), shape.clone());
        }
        shape
    }
}

impl Group {
    fn new(first: &QuerySource) -> Self {
        Self { first: first.clone(), weight: 0.0, executions: 0, classes: vec![], by_class: HashMap::new() }
    }

    /// Adds a statement, and tells its class.
    fn add(&mut self, query: QuerySource, shape: Shape) -> usize {
        self.weight += query.weight;
        self.executions += query.executions;
        let at = *self.by_class.entry(shape.class).or_insert(self.classes.len());
        if at == self.classes.len() {
            self.classes.push(Class::new(&query.sql, &shape.literals));
        }
        if let Some(class) = self.classes.get_mut(at) {
            class.executions += query.executions;
            class.add(&shape.literals, query.parameters);
        }
        at
    }

    /// The group as one statement: the form that was sent most, the first of those sent as often.
    fn finish(self) -> QuerySource {
        let most = self.classes.iter().map(|c| c.executions).max();
        let form = self.classes.into_iter().find(|c| Some(c.executions) == most);
        let (sql, parameters) = form.map(Class::finish).unwrap_or_default();
        QuerySource { sql, parameters, weight: self.weight, executions: self.executions, ..self.first }
    }
}

impl Class {
    fn new(sql: &str, literals: &[Value]) -> Self {
        Self {
            sql: sql.to_owned(),
            executions: 0,
            seen: 0,
            literals: literals.to_vec(),
            texts: vec![String::new(); literals.len()],
            varies: vec![false; literals.len()],
            sets: vec![],
            with_null: None,
        }
    }

    fn add(&mut self, literals: &[Value], parameters: Vec<ParameterSet>) {
        for ((varies, first), value) in self.varies.iter_mut().zip(&self.literals).zip(literals) {
            *varies |= first != value;
        }
        for set in sets_of(&parameters) {
            let null = has_null(literals) || has_null(set.iter().map(|(_, value)| value));
            self.keep(null, || Set { literals: literals.to_vec(), parameters: set.to_vec() });
        }
    }

    /// The same for values that are only read where they are looked at.
    fn repeat(&mut self, values: &Values<'_>, parameters: &[ParameterSet]) {
        let firsts = self.varies.iter_mut().zip(&self.literals).zip(&mut self.texts).enumerate();
        for (at, ((varies, first), text)) in firsts {
            if *varies || values.text(at) == text {
                continue;
            }
            match *first == values.value(at) {
                true => values.text(at).clone_into(text),
                false => *varies = true,
            }
        }
        for set in sets_of(parameters) {
            let null = values.have_null() || has_null(set.iter().map(|(_, value)| value));
            self.keep(null, || Set { literals: values.all(), parameters: set.to_vec() });
        }
    }

    /// Keeps a set of values or not. It is made only where it may be kept, since most are not.
    fn keep(&mut self, null: bool, set: impl Fn() -> Set) {
        if self.with_null.is_none() && null {
            self.with_null = Some(set());
        }
        self.seen += 1;
        let full = self.sets.len() as u64 >= SETS;
        let place = usize::try_from(random(self.seen) % self.seen).unwrap_or(usize::MAX);
        if full && place >= self.sets.len() {
            return;
        }
        let set = set();
        if self.sets.contains(&set) {
            return;
        }
        match self.sets.get_mut(place).filter(|_| full) {
            Some(kept) => *kept = set,
            None => self.sets.push(set),
        }
    }

    /// Its text and its sets of values.
    fn finish(mut self) -> (String, Vec<ParameterSet>) {
        if !self.sets.iter().any(Set::has_null) {
            self.sets.extend(self.with_null);
        }
        let bound = if self.varies.contains(&true) { with_parameters(&self.sql, &self.varies) } else { None };
        let Some((sql, names)) = bound else {
            let sets = self.sets.into_iter().map(|s| s.parameters).filter(|p| !p.is_empty());
            return (self.sql, sets.collect());
        };
        let sets = self.sets.into_iter().map(|set| {
            let literals =
                names.iter().zip(set.literals).filter_map(|(name, value)| Some((name.clone()?, value)));
            set.parameters.into_iter().chain(literals).collect()
        });
        (sql, sets.collect())
    }
}

/// The sets of a statement: one without values where it has none.
fn sets_of(parameters: &[ParameterSet]) -> impl Iterator<Item = &[(String, Value)]> {
    let none = parameters.is_empty().then_some([].as_slice());
    parameters.iter().map(Vec::as_slice).chain(none)
}

fn has_null<'v>(values: impl IntoIterator<Item = &'v Value>) -> bool {
    values.into_iter().any(|value| *value == Value::Null)
}

/// A number that looks random and is the same in every run (SplitMix64).
fn random(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(texts: &[&str]) -> Vec<QuerySource> {
        gather(texts.iter().map(|sql| QuerySource::from(*sql)))
    }

    #[test]
    fn thousands_of_lines_of_four_shapes_are_four_statements_with_their_counts() {
        let line = |i: usize| match i % 4 {
            0 => format!("SELECT * FROM t WHERE a = {i}"),
            1 => format!("select b from T where state='open' and a IN ({})", vec!["1"; i % 7 + 1].join(", ")),
            2 => format!("INSERT INTO t(a, b) VALUES {}", vec!["(1, 'x')"; i % 3 + 1].join(",")),
            _ => "UPDATE t SET a = ? WHERE b = ?".to_owned(),
        };
        let found = gather((0..3_000).map(|i| QuerySource::from(line(i))));
        assert_eq!(found.iter().map(|q| (q.executions, q.weight)).collect::<Vec<_>>(), [(750, 750.0); 4]);
        assert_eq!(found[0].sql, "SELECT * FROM t WHERE a = ?1");
        assert_eq!(found[0].parameters.len(), 5);
        assert!(found[1].sql.contains("'open'"), "{}", found[1].sql);
        assert_eq!(found[3].parameters, [] as [ParameterSet; 0]);
    }

    #[test]
    fn what_never_differs_stays_a_literal_and_the_text_as_it_was() {
        let found = gathered(&["SELECT  a FROM t WHERE s = 'x'", "SELECT a FROM t WHERE s='x'"]);
        assert_eq!((found.len(), found[0].sql.as_str()), (1, "SELECT  a FROM t WHERE s = 'x'"));
        assert_eq!(found[0].executions, 2);
    }

    #[test]
    fn a_set_with_null_is_kept_however_rare_it_is() {
        let set = |v: Value| vec![("?1".to_owned(), v)];
        let one = |i: i64| {
            let value = if i == 77 { Value::Null } else { Value::Integer(i) };
            QuerySource::from("SELECT a FROM t WHERE b = ?").with(set(value))
        };
        let found = gather((0..1_000).map(one));
        assert!(found[0].parameters.contains(&set(Value::Null)), "{found:?}");
        assert!(found[0].parameters.len() <= 6);
        assert_eq!(found, gather((0..1_000).map(one)));
    }

    #[test]
    fn names_keep_statements_apart_and_the_same_text_without_a_name_joins_them() {
        let named =
            |name: &str, sql: &str| QuerySource { name: Some(name.to_owned()), ..QuerySource::from(sql) };
        let found = gather([
            named("one", "SELECT a FROM t WHERE b = 1"),
            named("two", "SELECT a FROM t WHERE b = 2"),
            QuerySource::from("SELECT a FROM t WHERE b = 2"),
        ]);
        assert_eq!(found.iter().map(|q| q.executions).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(found[1].sql, "SELECT a FROM t WHERE b = 2");
    }
}
