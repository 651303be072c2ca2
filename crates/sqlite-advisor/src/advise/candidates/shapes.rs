//! The indexes that a statement could use, made of what the planner asked.
//!
//! The shapes are those of the literature (Valentin et al., "DB2 Advisor", ICDE 2000; SQLite's own rules in
//! <https://www.sqlite.org/optoverview.html>): equality columns first, then one range or the order, then the columns that
//! let the index answer alone. Whether one is worth anything is for the planner and the verification to say.

use crate::advise::prepare::filters::Filter;
use crate::advise::prepare::probe::IndexRequest;
use crate::advise::prepare::selectivity::Selectivity;
use crate::model::index::{Index, Key, Term};
use crate::sqlite::Schema;
use crate::sqlite::recorder::{Access, Comparison, Constraint};
use crate::sqlite::schema::{Table, TableKind};
use std::collections::BTreeSet;

/// The most columns that a key searches by.
const SEARCH_WIDTH: usize = 4;
/// The most columns of an index with a covering tail.
const COVERING_WIDTH: usize = 8;

/// All candidates for one statement, in a fixed order. `filters` are the statement's constant conditions.
pub fn candidates(
    schema: &Schema,
    selectivity: &Selectivity,
    requests: &[IndexRequest],
    filters: &[Filter],
) -> BTreeSet<Index> {
    let mut all = BTreeSet::new();
    for requests in requests {
        let Some(table) = schema.table(&requests.access.table).filter(|t| t.is_indexable()) else { continue };
        let existing = schema.indexes_of(&table.name).map(|i| &i.index).collect();
        let shapes = Shapes { table, existing, selectivity, requests };
        for key in shapes.searching() {
            all.extend(shapes.partial(&key, filters));
            all.extend(shapes.covering(&key).and_then(|key| shapes.index(key)));
            all.extend(shapes.index(key));
        }
    }
    let all = all.into_iter().map(|index| without_appended(schema, index));
    all.filter(|index| !is_served(schema, index)).collect()
}

/// One question of the planner, with what is known of its table.
struct Shapes<'a> {
    table: &'a Table,
    /// The indexes that the table has.
    existing: Vec<&'a Index>,
    selectivity: &'a Selectivity,
    requests: &'a IndexRequest,
}

impl Shapes<'_> {
    /// Keys to search or to order by, without covering tails.
    fn searching(&self) -> Vec<Vec<Term>> {
        let access = &self.requests.access;
        let equal = self.equal(access);
        let ranges = self.of_kind(access, Comparison::Range);
        let order = self.order(access);
        let mut keys: Vec<Vec<Term>> = equal.iter().map(|e| vec![e.clone()]).collect();
        for width in 2..=equal.len().min(SEARCH_WIDTH) {
            keys.extend(equal.get(..width).map(<[_]>::to_vec));
        }
        // What widens an index that is there takes its place.
        let all = self.of_kind(access, Comparison::Equality);
        for old in self.existing.iter().filter(|old| old.filter.is_none()) {
            if old.key.iter().all(|term| all.contains(term)) {
                keys.push(join(&old.key, &equal));
            }
        }
        for range in &ranges {
            keys.push(vec![range.clone()]);
            if !equal.is_empty() {
                keys.push(join(&equal, std::slice::from_ref(range)));
            }
        }
        if !order.is_empty() {
            let fixed: Vec<_> =
                equal.iter().filter(|e| !order.iter().any(|o| o.key == e.key)).cloned().collect();
            keys.push(order.clone());
            keys.push(join(&fixed, &order));
            // A range behind the order filters rows before the table is read.
            keys.extend(ranges.iter().map(|range| join(&join(&fixed, &order), std::slice::from_ref(range))));
            // With LIMIT the rows are read in that order until enough of them pass: what decides stands in the index too,
            // and a count of all rows keeps to the narrower index that it has.
            let deciding = self.deciding(access);
            let tail = if deciding.is_empty() { self.shortest_existing() } else { &deciding };
            let all = join(&join(&fixed, &order), tail);
            keys.extend((all.len() <= COVERING_WIDTH).then_some(all));
        }
        keys.retain(|key| !key.is_empty());
        keys
    }

    /// Equality terms, the most selective first, cut where the key is all but unique.
    fn equal(&self, access: &Access) -> Vec<Term> {
        let mut terms = self.of_kind(access, Comparison::Equality);
        let distinct = |term: &Term| self.selectivity.distinct(&self.table.name, term.text());
        terms.sort_by(|a, b| distinct(b).total_cmp(&distinct(a)).then_with(|| a.cmp(b)));
        let rows = self.selectivity.rows(&self.table.name);
        let mut groups = 1.0;
        let enough = terms.iter().position(|term| {
            groups *= distinct(term);
            groups >= rows
        });
        terms.truncate(enough.map_or(terms.len(), |at| at + 1));
        terms
    }

    fn of_kind(&self, access: &Access, kind: Comparison) -> Vec<Term> {
        let mut terms: Vec<Term> = vec![];
        for constraint in access.constraints.iter().filter(|c| c.usable && c.kind == kind) {
            let Some(name) = constraint.column.as_deref().filter(|name| self.is_keyable(name)) else {
                continue;
            };
            let term = self.term(name, Some(&constraint.collation), false);
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        terms
    }

    /// The columns on which it depends whether a row passes, however they are compared, those of joins too.
    fn deciding(&self, access: &Access) -> Vec<Term> {
        let named = access.constraints.iter().filter_map(|c| c.column.as_deref());
        let plain = named.filter(|name| self.is_keyable(name) && self.table.column(name).is_some());
        let mut terms: Vec<Term> = vec![];
        for term in plain.map(|name| self.term(name, None, false)) {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        terms
    }

    /// The key of an existing index with the fewest columns. A new index that holds them too is wider, so that a count of all
    /// rows keeps to the one that it has.
    fn shortest_existing(&self) -> &[Term] {
        let whole = self.existing.iter().filter(|old| old.filter.is_none());
        whole.min_by_key(|old| old.key.len()).map_or(&[], |old| &old.key)
    }

    fn order(&self, access: &Access) -> Vec<Term> {
        let mut terms: Vec<Term> = vec![];
        for (column, descending) in &access.order {
            let collation = self.requests.collations.get(column).map(String::as_str);
            let term = self.term(column, collation, *descending && !access.grouping);
            // Behind the rowid nothing needs ordering any more. In an index it goes up, so one that is wanted downwards has
            // the index read backwards, and what stands before it is turned round.
            if !self.is_keyable(column) {
                if *descending && !access.grouping {
                    terms.iter_mut().for_each(|t| t.descending = !t.descending);
                }
                return terms;
            }
            if !terms.iter().any(|t| t.key == term.key) {
                terms.push(term);
            }
        }
        // SQLite reads an index backwards as well, so a wholly descending one is written ascending.
        if terms.iter().all(|t| t.descending) {
            terms.iter_mut().for_each(|t| t.descending = false);
        }
        terms
    }

    /// The key with all further columns that the statement reads, where they are few.
    fn covering(&self, key: &[Term]) -> Option<Vec<Term>> {
        // Every index holds the rowid, or the key of a WITHOUT ROWID table.
        let own = self.table.key.iter().flat_map(|own| &own.index.key);
        let held =
            |name: &str| key.iter().chain(own.clone()).any(|t| t.text() == name) || !self.is_keyable(name);
        let tail: Vec<_> = self.requests.access.columns.iter().filter(|name| !held(name)).collect();
        let columns = self.table.columns.len();
        // Wide tables are cut at 64 columns by SQLite's mask, so the list may then be too long to be believed.
        let fits =
            !tail.is_empty() && key.len() + tail.len() <= COVERING_WIDTH.min(columns.saturating_sub(1));
        fits.then(|| {
            key.iter().cloned().chain(tail.into_iter().map(|name| self.term(name, None, false))).collect()
        })
    }

    /// The same search over a part of the rows, where a condition of the statement leaves few of them.
    fn partial(&self, key: &[Term], filters: &[Filter]) -> Vec<Index> {
        let mut found = vec![];
        let own: Vec<&Filter> = filters.iter().filter(|f| f.table == self.table.name).collect();
        let sparse = key.first().and_then(Term::as_column).map(|c| Filter::not_null(&self.table.name, c));
        let sparse = sparse.filter(|f| self.is_searched(&f.column));
        for filter in own.into_iter().chain(&sparse).filter(|f| self.selectivity.is_rare(f)) {
            // What the condition fixes need not stand in the key as well.
            let mut key: Vec<Term> = key
                .iter()
                .filter(|t| !(filter.fixes && t.as_column() == Some(&filter.column)))
                .cloned()
                .collect();
            if key.is_empty() {
                key.push(self.term(&filter.column, None, false));
            }
            found.push(Index { table: self.table.name.clone(), key, filter: Some(filter.sql.clone()) });
        }
        found
    }

    /// True if a comparison with the column is there, from which it follows that the column is not NULL.
    fn is_searched(&self, column: &str) -> bool {
        let searches =
            |c: &Constraint| c.usable && c.kind != Comparison::Other && c.column.as_deref() == Some(column);
        self.requests.access.constraints.iter().any(searches)
    }

    fn term(&self, column: &str, collation: Option<&str>, descending: bool) -> Term {
        let own = self.table.column(column);
        let known = own.map_or("BINARY", |c| &c.collation);
        let collation = collation.filter(|c| !c.eq_ignore_ascii_case(known)).map(str::to_owned);
        // What the shadow has and the table has not is an expression.
        let key = if own.is_some() { Key::Column } else { Key::Expression };
        Term { key: key(column.to_owned()), collation, descending }
    }

    /// False for the rowid under another name, which every index holds anyway.
    fn is_keyable(&self, column: &str) -> bool {
        self.table.rowid_alias().is_none_or(|alias| alias.name != column)
    }

    fn index(&self, key: Vec<Term>) -> Option<Index> {
        (!key.is_empty()).then(|| Index { table: self.table.name.clone(), key, filter: None })
    }
}

fn join(a: &[Term], b: &[Term]) -> Vec<Term> {
    let mut key = a.to_vec();
    key.extend(b.iter().filter(|t| !a.iter().any(|o| o.key == t.key)).cloned());
    key
}

/// An index less the end of its key that SQLite stores there anyway: behind the key of every index of a WITHOUT ROWID table
/// stand the columns of the primary key that it lacks (<https://www.sqlite.org/withoutrowid.html>).
fn without_appended(schema: &Schema, mut index: Index) -> Index {
    let Some(own) = schema.table(&index.table).and_then(|t| t.key.as_ref()) else { return index };
    let is_appended = |cut: &usize| {
        let (lead, rest) = index.key.split_at(*cut);
        let mut appended = own.index.key.iter().filter(|k| !lead.iter().any(|t| t.key == k.key));
        rest.iter().all(|term| appended.next() == Some(term))
    };
    let cut = (1..index.key.len()).find(is_appended);
    index.key.truncate(cut.unwrap_or(index.key.len()));
    index
}

/// True if an index that is there, or the primary key's own b-tree, does all that the candidate could.
fn is_served(schema: &Schema, index: &Index) -> bool {
    let by_index = schema.indexes_of(&index.table).any(|have| index.is_prefix_of(&have.index));
    let by_key = schema.table(&index.table).is_some_and(|table| {
        let key = table.primary_key();
        table.kind == TableKind::WithoutRowid
            && index.key.len() <= key.len()
            && index.key.iter().zip(key).all(|(term, column)| *term == Term::column(&column.name))
    });
    by_index || by_key
}
