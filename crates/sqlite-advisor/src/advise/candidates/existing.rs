//! The indexes that the database has and could do without, if nothing that the workload asks is slower then.

use crate::advise::prepare::Prepared;
use crate::model::candidate::Candidate;
use crate::model::index::{Index, Term};
use crate::sqlite::Schema;
use crate::sqlite::schema::{ExistingIndex, Table};

/// The indexes that may be tried to be dropped. Never one that holds a UNIQUE of its own, that a statement, view or trigger
/// names, or that an enforced foreign key searches by. Without a workload only those that another index repeats.
///
/// `schema` is that of the database as it is looked at.
pub fn droppable(prepared: &Prepared, schema: &Schema) -> Vec<Candidate> {
    let asked = prepared.request.queries.is_some();
    let may_go = |index: &&ExistingIndex| {
        // Of two that are equal the later may go, unless SQLite made it itself.
        let repeated = repeated_by(schema, &index.name, |other| {
            let same = other.index == index.index && other.unique == index.unique;
            !same || other.sql.is_none() || position(schema, &other.name) < position(schema, &index.name)
        });
        // A scan may read a narrow index for the whole table, so without a workload that is no reason.
        let repeated = repeated.filter(|by| asked || *by != ITSELF);
        let rules = index.unique && implied_by(prepared, schema, index).is_none();
        let needed = rules || serves_foreign_key(schema, index) || !asked;
        index.sql.is_some() && (!needed || repeated.is_some()) && !is_named(prepared, &index.name)
    };
    let candidate = |i: &ExistingIndex| Candidate::new(i.name.clone(), i.index.clone());
    schema.indexes.iter().filter(may_go).map(candidate).collect()
}

/// What does all that the index of this name does: another index, by its name, among those that `stay` says to, or
/// [`ITSELF`].
pub fn repeated_by<'s>(
    schema: &'s Schema,
    name: &str,
    stay: impl Fn(&ExistingIndex) -> bool,
) -> Option<&'s str> {
    let index = schema.index(name)?;
    let mut others = schema.indexes_of(&index.index.table).filter(|other| other.name != name);
    let repeats = |other: &&ExistingIndex| {
        index.index.is_prefix_of(&other.index)
            && (!index.unique || (other.unique && other.index == index.index))
    };
    let other = others.find(|other| repeats(other) && stay(other)).map(|other| other.name.as_str());
    other.or_else(|| schema.table(&index.index.table).filter(|t| t.repeats(index)).map(|_| ITSELF))
}

/// The narrower UNIQUE from which that of an index follows: each of its columns is a column of the index. None where somebody
/// needs the very columns of the index, as a foreign key or an ON CONFLICT does.
pub fn implied_by<'s>(prepared: &Prepared, schema: &'s Schema, index: &'s ExistingIndex) -> Option<&'s str> {
    // A term is a column or expression in a collating sequence; its direction does not matter here.
    let identity = |term: &Term| format!("{} {:?}", term.text().to_lowercase(), term.collation);
    let key = |of: &Index| -> Vec<String> { of.key.iter().map(identity).collect() };
    let own = key(&index.index);
    let is_parent_key = schema.tables.iter().flat_map(|t| &t.foreign_keys).any(|foreign| {
        foreign.parent.eq_ignore_ascii_case(&index.index.table) && foreign.columns.len() == own.len()
    });
    if !index.unique || index.sql.is_none() || is_parent_key || has_upserts(prepared) {
        return None;
    }
    let narrower = |other: &&ExistingIndex| {
        let columns = key(&other.index);
        other.unique
            && other.index.filter.is_none()
            && columns.len() < own.len()
            && columns.iter().all(|column| own.contains(column))
    };
    let other = schema.indexes_of(&index.index.table).find(narrower).map(|other| other.name.as_str());
    let by_rowid = || {
        let alias = schema.table(&index.index.table)?.rowid_alias()?.name.to_lowercase();
        let names = |term: &Term| term.as_column().is_some_and(|c| c.to_lowercase() == alias);
        (own.len() > 1 && index.index.key.iter().any(names)).then_some(ITSELF)
    };
    other.or_else(by_rowid)
}

/// True if a text writes with ON CONFLICT, which has to find an index of just its columns.
fn has_upserts(prepared: &Prepared) -> bool {
    let texts = prepared.workload.statements.iter().map(|s| &s.sql);
    let mut texts = texts.chain(prepared.schema.triggers.iter().map(|o| &o.sql));
    texts.any(|sql| sql.to_lowercase().contains("conflict"))
}

/// What repeats an index on the primary key by which its table is stored.
pub const ITSELF: &str = "the table itself";

impl Table {
    /// True for an index that begins as the table itself is ordered: by its rowid, or by the key of a WITHOUT ROWID table.
    fn repeats(&self, index: &ExistingIndex) -> bool {
        let by_rowid = self.rowid_alias().map(|alias| Index::on(&self.name, [alias.name.as_str()]));
        let orders = by_rowid.as_ref().or(self.key.as_ref().map(|key| &key.index));
        let serves = |order: &Index| {
            index.index.is_prefix_of(order) && (!index.unique || index.index.key.len() == order.key.len())
        };
        orders.is_some_and(serves)
    }
}

fn position(schema: &Schema, name: &str) -> Option<usize> {
    schema.indexes.iter().position(|i| i.name == name)
}

/// True if the children of a parent's row are found by it.
fn serves_foreign_key(schema: &Schema, index: &ExistingIndex) -> bool {
    let first = index.index.key.first().and_then(|term| term.as_column());
    let keys = schema.table(&index.index.table).map(|t| t.foreign_keys.as_slice()).unwrap_or_default();
    keys.iter().any(|key| key.columns.iter().any(|c| first.is_some_and(|f| f.eq_ignore_ascii_case(c))))
}

/// True if a text names the index, as INDEXED BY does; dropping it would end that statement.
fn is_named(prepared: &Prepared, name: &str) -> bool {
    let name = name.to_lowercase();
    let Prepared { schema, workload, .. } = prepared;
    let texts = workload.statements.iter().map(|s| &s.sql);
    let texts = texts.chain(schema.views.iter().chain(&schema.triggers).map(|o| &o.sql));
    let names = |sql: &String| {
        let sql = sql.to_lowercase();
        sql.contains("indexed") && sql.contains(&name)
    };
    texts.into_iter().any(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;
    use crate::sql::scope::testing::schema_of;

    #[test]
    fn what_repeats_another_is_known_with_its_uniqueness_filter_order_and_collation() -> Result<()> {
        let schema = schema_of(
            "CREATE TABLE t(a UNIQUE, b, c);
             CREATE INDEX b1 ON t(b); CREATE INDEX b2 ON t(b); CREATE INDEX bc ON t(b, c);
             CREATE UNIQUE INDEX a1 ON t(a); CREATE UNIQUE INDEX c1 ON t(c); CREATE INDEX c2 ON t(c);
             CREATE INDEX some ON t(c) WHERE b = 1; CREATE INDEX down ON t(c DESC);
             CREATE INDEX nocase ON t(b COLLATE NOCASE); CREATE INDEX lower_c ON t(lower(c));
             CREATE TABLE w(a, b, c, PRIMARY KEY(a, b)) WITHOUT ROWID; CREATE INDEX wa ON w(a); CREATE INDEX wb ON w(b);
             CREATE TABLE r(i INTEGER PRIMARY KEY, x); CREATE UNIQUE INDEX ri ON r(i); CREATE INDEX rix ON r(i, x);",
        )?;
        let mut found = vec![];
        for index in &schema.indexes {
            let by = repeated_by(&schema, &index.name, |other| other.name != "b1");
            found.extend(by.map(|by| (index.name.as_str(), by)));
        }
        let wanted = [
            ("sqlite_autoindex_t_1", "a1"),
            ("b1", "b2"),
            ("b2", "bc"),
            ("a1", "sqlite_autoindex_t_1"),
            ("c2", "c1"),
            ("wa", ITSELF),
            ("ri", ITSELF),
        ];
        assert_eq!(found, wanted);
        Ok(())
    }
}
