//! What triggers keep beside a table: writes on the copy, after each of which it has to be right.

use crate::advise::prepare::measure::{Measured, measure};
use crate::advise::rules::RuleContext;
use crate::advise::verify::write_cost::inserts;
use crate::error::{Result, unless_failed};
use crate::model::index::quote;
use crate::sql::syntax;
use crate::sqlite::schema::{Affinity, Column, Table, TableKind};
use crate::workload::Statement;
use std::collections::BTreeSet;

/// Something that triggers keep of a table.
pub struct Keeping<'k> {
    /// The table.
    pub table: &'k Table,
    /// What makes what is kept, fills it, and keeps it.
    pub needs: Vec<String>,
    /// The columns that it is about.
    pub columns: Vec<String>,
    /// Updates of these columns, and other changes that could go wrong.
    pub changes: Vec<String>,
}

/// What that costs.
pub struct Kept {
    /// The VM steps of an insert without the triggers and with them.
    pub insert: (u64, u64),
    /// What the writes of the workload cost more, by their weights.
    pub charge: f64,
}

/// Rows above which the table is not emptied to try that as well.
pub const MOST_EMPTIED: u64 = 100_000;
/// The fewest writes that have to go through for them to tell anything.
const FEWEST_WRITES: usize = 3;

/// Makes the triggers, writes, and compares both forms after each write. None where they differ, where the writes cannot be
/// tried, and where the workload replaces rows.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn hold(
    context: &RuleContext<'_>,
    statement: &Statement,
    sql: &str,
    keeping: &Keeping<'_>,
) -> Result<Option<Kept>> {
    if replaces(context, &keeping.table.name) {
        return Ok(None);
    }
    let without = insert_steps(context, keeping)?;
    context.changed(&keeping.needs, || {
        let Some(with) = insert_steps(context, keeping)? else { return Ok(None) };
        let charge = charge(context, keeping)?;
        let held = all_hold(context, statement, sql, keeping)?;
        Ok(held.then(|| Kept { insert: (without.unwrap_or(with), with), charge }))
    })
}

/// True where a statement or the table itself replaces rows: a REPLACE deletes without firing a trigger.
fn replaces(context: &RuleContext<'_>, table: &str) -> bool {
    let says = |sql: &str| sql.to_uppercase().contains("REPLACE");
    let workload = context.prepared.workload.statements.iter().filter(|s| s.writes).map(|s| s.sql.as_str());
    let fired = context.schema().triggers.iter().map(|t| t.sql.as_str());
    let writes =
        workload.filter(|sql| syntax::written_table(sql).is_none_or(|t| t.eq_ignore_ascii_case(table)));
    let own = context.schema().table(table).map(|t| t.sql.as_str());
    writes.chain(fired).chain(own).any(says)
}

/// The VM steps of inserting a row like those that are there.
fn insert_steps(context: &RuleContext<'_>, keeping: &Keeping<'_>) -> Result<Option<u64>> {
    let session = context.after.session();
    let tables = BTreeSet::from([keeping.table.name.as_str()]);
    let costs = inserts(context.schema(), &tables, session, session)?;
    Ok(costs.first().filter(|c| c.rows > 0).map(|c| c.after.vm_steps / c.rows))
}

/// What the writes of the workload cost more than without the triggers, by their weights.
fn charge(context: &RuleContext<'_>, keeping: &Keeping<'_>) -> Result<f64> {
    let mut charge = 0.0;
    for (i, s) in context.prepared.workload.statements.iter().enumerate() {
        let own = syntax::written_table(&s.sql).is_some_and(|t| t.eq_ignore_ascii_case(&keeping.table.name));
        if let (true, false, Some(known)) = (s.writes && own, s.only_planned, context.comparison(i))
            && let Some(with) = run(context, s)?
        {
            charge += (with.cost() - known.after.cost()).max(0.0) * s.weight;
        }
    }
    Ok(charge)
}

/// A statement run on the copy as it is now; none if it fails.
fn run(context: &RuleContext<'_>, statement: &Statement) -> Result<Option<Measured>> {
    let limit = context.prepared.request.limit();
    unless_failed(measure(context.after.session(), statement, limit, context.progress))
}

fn all_hold(
    context: &RuleContext<'_>,
    statement: &Statement,
    sql: &str,
    keeping: &Keeping<'_>,
) -> Result<bool> {
    let Some(other) = context.rebound(statement, sql) else { return Ok(false) };
    let conn = context.after.session().connection();
    let mut written = 0;
    for write in writes(context, keeping) {
        // What a constraint or a trigger of the application refuses changes nothing.
        match conn.execute(&write, []) {
            Ok(0) | Err(_) => continue,
            Ok(_) => written += 1,
        }
        let (Some(one), Some(two)) = (run(context, statement)?, run(context, &other)?) else {
            return Ok(false);
        };
        if context.same_rows(statement, &other, &one, &two)? != Some(true) {
            return Ok(false);
        }
    }
    Ok(written >= FEWEST_WRITES)
}

/// A condition that some rows of a table pass: so many, behind so many others.
pub fn some_rows(table: &Table, rows: u32, behind: u32) -> String {
    let keys: Vec<String> = match table.kind {
        TableKind::Rowid => vec!["rowid".to_owned()],
        _ => table.primary_key().iter().map(|c| quote(&c.name)).collect(),
    };
    let (key, from) = (keys.join(", "), quote(&table.name));
    format!("({key}) IN (SELECT {key} FROM {from} LIMIT {rows} OFFSET {behind})")
}

/// Inserts, the changes of what is kept, and deletes, in a fixed order.
fn writes(context: &RuleContext<'_>, keeping: &Keeping<'_>) -> Vec<String> {
    let table = keeping.table;
    let from = quote(&table.name);
    let copied: Vec<&Column> =
        table.columns.iter().filter(|c| c.generated.is_none() && !table.is_rowid(c)).collect();
    let names: Vec<String> = copied.iter().map(|c| quote(&c.name)).collect();
    let values = copied.iter().map(|c| {
        let x = quote(&c.name);
        let unique = c.key_position > 0
            || context.indexes_of(&table.name).iter().any(|i| i.names_any(std::slice::from_ref(&c.name)));
        match c.affinity {
            _ if keeping.columns.contains(&c.name) || !unique => x,
            Affinity::Text | Affinity::Blob => format!("{x} || '-2'"),
            _ => format!("{x} + 1000000007"),
        }
    });
    let values: Vec<String> = values.collect();
    let mut all = vec![format!(
        "INSERT OR IGNORE INTO {from}({}) SELECT {} FROM {from} LIMIT 300",
        names.join(", "),
        values.join(", ")
    )];
    all.extend(keeping.changes.iter().cloned());
    all.push(format!("DELETE FROM {from} WHERE {}", some_rows(table, 250, 50)));
    if context.rows(&table.name) <= MOST_EMPTIED {
        all.push(format!("DELETE FROM {from}"));
        all.push(format!("INSERT OR IGNORE INTO {from} DEFAULT VALUES"));
    }
    all
}
