//! Foreign keys whose child has no index for them.
//!
//! **Finds** keys of large tables with no index on the child's columns, whose parent's rows the workload deletes or gives
//! other keys; with `--foreign-keys` those of every parent. **Why:** with foreign keys enforced, every delete of a
//! parent's row looks for its children (<https://www.sqlite.org/foreignkeys.html#fk_indexes>), and without an index it reads
//! all of them. **Verified** by deleting a row of the parent on the copy with foreign keys on, without and with the index, rolled
//! back each time; its children are taken away before, so that the search alone is counted, and the other keys to the same
//! parent have their indexes, because one search that reads everything hides what the others cost. **Silent** where no
//! statement deletes a parent, and where the index is advised already.

use crate::advise::prepare::foreign_keys::{ChildSearch, child_searches};
use crate::advise::rules::experiment::GAIN;
use crate::advise::rules::finding::{Experiment, Verification};
use crate::advise::rules::{Finding, RuleContext};
use crate::error::{Result, unless_failed};
use crate::model::counters::Counters;
use crate::model::index::{Index, quote};
use crate::sqlite::schema::{ForeignKey, Table, TableKind};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// The rule's name.
pub const NAME: &str = "foreign_key";

/// Looks at every foreign key.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let unserved = unserved(context);
    let mut all = vec![];
    for search in &unserved {
        let key = search.key;
        let Some(parent) = context.schema().table(&key.parent).filter(|p| p.is_indexable()) else {
            continue;
        };
        let others = unserved.iter().filter(|o| o.key.parent.eq_ignore_ascii_case(&key.parent));
        let others: BTreeSet<Index> = others.map(index).filter(|other| *other != index(search)).collect();
        let others: Vec<String> = others.iter().map(|index| context.create(index).0).collect();
        all.extend(one(context, search, parent, &others)?);
    }
    Ok(all)
}

/// The keys of large tables whose children the workload has SQLite look for, without an index.
fn unserved<'a>(context: &RuleContext<'a>) -> Vec<ChildSearch<'a>> {
    let schema = context.schema();
    let workload = context.prepared.workload.statements.iter();
    let searched: Vec<_> = workload.flat_map(|s| child_searches(schema, &s.sql)).collect();
    let all = schema.tables.iter().filter(|child| context.is_large(child));
    let all = all.flat_map(|child| child.foreign_keys.iter().map(move |key| ChildSearch { child, key }));
    let is_asked = |s: &ChildSearch<'_>| {
        context.prepared.request.foreign_keys || searched.iter().any(|o| std::ptr::eq(o.key, s.key))
    };
    all.filter(is_asked).filter(|s| !is_served(context, s.child, s.key)).collect()
}

/// The index that leads to the children.
fn index(search: &ChildSearch<'_>) -> Index {
    Index::on(&search.child.name, search.key.columns.iter().map(String::as_str))
}

/// True if some index, or the table itself, begins with a column of the key.
fn is_served(context: &RuleContext<'_>, child: &Table, key: &ForeignKey) -> bool {
    let is_of_key = |name: &str| key.columns.iter().any(|c| c.eq_ignore_ascii_case(name));
    let indexed = context.indexes_of(&child.name).into_iter().filter(|i| i.filter.is_none());
    let first = |i: &Index| i.key.first().and_then(|t| t.as_column()).is_some_and(is_of_key);
    let own = match child.kind {
        TableKind::WithoutRowid => child.primary_key().first().is_some_and(|c| is_of_key(&c.name)),
        _ => child.rowid_alias().is_some_and(|c| is_of_key(&c.name)),
    };
    own || { indexed }.any(first)
}

fn one(
    context: &RuleContext<'_>,
    search: &ChildSearch<'_>,
    parent: &Table,
    others: &[String],
) -> Result<Option<Finding>> {
    let ChildSearch { child, key } = *search;
    let (sql, name) = context.create(&index(search));
    let own = [sql.clone(), format!("ANALYZE {}", quote(&name))];
    let without = delete(context, parent, others, &[])?;
    let with = delete(context, parent, others, &own)?;
    let (verification, bytes) = match (without, with) {
        (Some((before, _)), Some((after, bytes))) => {
            // Where a longer key is skipped through, or the planner knows another way, little is read.
            let reads_all = before.vm_steps >= after.vm_steps + context.rows(&child.name);
            if before.cost() < after.cost() * GAIN || !reads_all {
                return Ok(None);
            }
            (Verification::Ran(Experiment { before, after, same_rows: None, bytes }), bytes)
        }
        _ => {
            let why = format!("deleting a row of {} could not be tried on the copy", parent.name);
            (Verification::Open(why, None), 0)
        }
    };
    let (rows, columns) = (crate::model::units::count(context.rows(&child.name)), key.columns.join(", "));
    let what = format!(
        "deleting a row of {} looks for its children among all {rows} rows of {}, because no index begins with {columns}",
        parent.name, child.name
    );
    let remedy = format!(
        "worth it only if rows of {} are deleted, or get other keys, while foreign keys are enforced (PRAGMA foreign_keys \
         = ON)",
        parent.name
    );
    let finding =
        Finding::of_schema(&child.name, key.columns.clone(), what, verification).with_remedy(remedy);
    let run = format!("delete a row of {}", parent.name);
    Ok(Some(Finding { bytes, run, ..finding.with_sql(sql, vec![]) }))
}

/// What deleting a row of the parent costs with the indexes of `others` and `own`, and the bytes of `own`.
fn delete(
    context: &RuleContext<'_>,
    parent: &Table,
    others: &[String],
    own: &[String],
) -> Result<Option<(Counters, u64)>> {
    let Some((rowid, orphaned)) = orphaned(context, parent) else { return Ok(None) };
    let (session, asked) = (context.after.session(), context.prepared.request.foreign_keys);
    let sql = format!("DELETE FROM {} WHERE rowid = {rowid}", quote(&parent.name));
    let changes: Vec<String> = orphaned.into_iter().chain(others.iter().chain(own).cloned()).collect();
    session.enforce_foreign_keys(false)?;
    let run = context.changed(&changes, || {
        session.enforce_foreign_keys(true)?;
        // A trigger may refuse it.
        let run = unless_failed(session.run(&sql, &[], context.prepared.request.limit()))?;
        Ok(run.map(|run| (run.counters, context.bytes_of(own))))
    });
    session.enforce_foreign_keys(asked)?;
    run
}

/// The first row of a table, and what takes its children away, so that it can be deleted.
fn orphaned(context: &RuleContext<'_>, parent: &Table) -> Option<(i64, Vec<String>)> {
    if parent.kind != TableKind::Rowid {
        return None;
    }
    let conn = context.before.session().connection();
    let from = quote(&parent.name);
    let rowid = conn.query_row(&format!("SELECT min(rowid) FROM {from}"), [], |r| r.get(0)).ok()?;
    let mut changes = vec![];
    for child in context.schema().tables.iter().filter(|t| t.is_indexable()) {
        for key in child.foreign_keys.iter().filter(|k| k.parent.eq_ignore_ascii_case(&parent.name)) {
            let pairs = key.columns.iter().enumerate().map(|(i, column)| {
                let referred = referred(conn, child, key, i)
                    .or_else(|| Some(parent.primary_key().get(i)?.name.clone()))?;
                Some(format!(
                    "{} = (SELECT {} FROM {from} WHERE rowid = {rowid})",
                    quote(column),
                    quote(&referred)
                ))
            });
            let pairs: Vec<String> = pairs.collect::<Option<_>>()?;
            // A child in the same table may be the row itself.
            let other =
                if child.name == parent.name { format!(" AND rowid <> {rowid}") } else { String::new() };
            changes.push(format!("DELETE FROM {} WHERE {}{other}", quote(&child.name), pairs.join(" AND ")));
        }
    }
    Some((rowid, changes))
}

/// The column of the parent that the key's n-th column refers to, where the key names it.
fn referred(conn: &Connection, child: &Table, key: &ForeignKey, n: usize) -> Option<String> {
    let sql = "SELECT \"to\" FROM pragma_foreign_key_list(?1) WHERE \"from\" = ?2 AND \"table\" = ?3 LIMIT 1";
    conn.query_row(sql, [&child.name, key.columns.get(n)?, &key.parent], |r| r.get(0)).ok()?
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    fn schema(index: &str) -> String {
        format!(
            "CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT);
             CREATE TABLE c(id INTEGER PRIMARY KEY, p INT REFERENCES p, note TEXT);
             INSERT INTO p VALUES (1, 'one'), (2, 'two');
             {{N}} INSERT INTO c(p, note) SELECT i % 2 + 1, 'n' || i FROM n; {index}"
        )
    }
    const SQL: &str = "SELECT name FROM p WHERE id = 1; DELETE FROM p WHERE id = 3";

    #[test]
    fn a_delete_reads_every_child_where_no_index_leads_to_them() -> Result<()> {
        let advice = one(super::NAME, &schema(""), SQL)?;
        assert_eq!(advice.sql().unwrap(), "CREATE INDEX idx_c_p ON c(p)");
        let delete = &advice.common().helps[0];
        assert_eq!(delete.statement, "delete a row of p");
        assert!(delete.before.vm_steps > 20_000 && delete.after.vm_steps < 200, "{delete:?}");
        Ok(())
    }

    #[test]
    fn nothing_is_said_of_deletes_to_a_workload_without_any() -> Result<()> {
        let sql =
            "SELECT name FROM p WHERE id = 1; INSERT INTO p(name) VALUES ('x'); UPDATE p SET name = 'y'";
        assert!(found(super::NAME, &schema(""), sql)?.is_empty());
        Ok(())
    }

    #[test]
    fn the_smaller_of_two_children_is_seen_beside_the_larger() -> Result<()> {
        let second = "CREATE TABLE d(id INTEGER PRIMARY KEY, p INT REFERENCES p, note TEXT);
             INSERT INTO d SELECT id, p, note FROM c WHERE id % 5 = 0";
        assert_eq!(found(super::NAME, &schema(second), SQL)?.len(), 2);
        Ok(())
    }

    #[test]
    fn an_index_on_the_child_is_enough_and_a_partial_one_is_not() -> Result<()> {
        assert!(found(super::NAME, &schema("CREATE INDEX i ON c(p, note)"), SQL)?.is_empty());
        assert_eq!(found(super::NAME, &schema("CREATE INDEX i ON c(p) WHERE note = 'n7'"), SQL)?.len(), 1);
        Ok(())
    }
}
