//! Writes on the copy, after each of which the kept totals have to be those of the table.

use crate::advise::prepare::measure::{Measured, measure};
use crate::advise::rules::RuleContext;
use crate::advise::rules::kept_totals::parts::Totals;
use crate::advise::verify::write_cost::inserts;
use crate::error::{Result, unless_failed};
use crate::model::index::quote;
use crate::sql::syntax;
use crate::sqlite::schema::{Affinity, Column, TableKind};
use crate::workload::Statement;
use std::collections::BTreeSet;

/// What keeping the totals costs.
pub struct Kept {
    /// The VM steps of an insert without the triggers and with them.
    pub insert: (u64, u64),
    /// What the writes of the workload cost more, by their weights.
    pub charge: f64,
}

/// Rows above which the table is not emptied to try that as well.
const MOST_EMPTIED: u64 = 100_000;
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
    totals: &Totals<'_>,
) -> Result<Option<Kept>> {
    if replaces(context, totals.table_name()) {
        return Ok(None);
    }
    let without = insert_steps(context, totals)?;
    context.changed(&totals.needs(), || {
        let Some(with) = insert_steps(context, totals)? else { return Ok(None) };
        let charge = charge(context, totals)?;
        let held = all_hold(context, statement, sql, totals)?;
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
fn insert_steps(context: &RuleContext<'_>, totals: &Totals<'_>) -> Result<Option<u64>> {
    let session = context.after.session();
    let tables = BTreeSet::from([totals.table_name()]);
    let costs = inserts(context.schema(), &tables, session, session)?;
    Ok(costs.first().filter(|c| c.rows > 0).map(|c| c.after.vm_steps / c.rows))
}

/// What the writes of the workload cost more than without the triggers, by their weights.
fn charge(context: &RuleContext<'_>, totals: &Totals<'_>) -> Result<f64> {
    let mut charge = 0.0;
    for (i, s) in context.prepared.workload.statements.iter().enumerate() {
        let own = syntax::written_table(&s.sql).is_some_and(|t| t.eq_ignore_ascii_case(totals.table_name()));
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
    totals: &Totals<'_>,
) -> Result<bool> {
    let Some(other) = context.rebound(statement, sql) else { return Ok(false) };
    let conn = context.after.session().connection();
    let mut written = 0;
    for write in writes(context, totals) {
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

/// Inserts, updates of each column that is kept, also to NULL and to other groups, and deletes, in a fixed order.
fn writes(context: &RuleContext<'_>, totals: &Totals<'_>) -> Vec<String> {
    let table = totals.table;
    let from = quote(&table.name);
    let keys: Vec<String> = match table.kind {
        TableKind::Rowid => vec!["rowid".to_owned()],
        _ => table.primary_key().iter().map(|c| quote(&c.name)).collect(),
    };
    let key = keys.join(", ");
    let some = |rows: u32, from_row: u32| {
        format!("({key}) IN (SELECT {key} FROM {from} LIMIT {rows} OFFSET {from_row})")
    };
    let copied: Vec<&Column> =
        table.columns.iter().filter(|c| c.generated.is_none() && !table.is_rowid(c)).collect();
    let names: Vec<String> = copied.iter().map(|c| quote(&c.name)).collect();
    let kept = totals.columns();
    let values = copied.iter().map(|c| {
        let x = quote(&c.name);
        let unique = c.key_position > 0
            || context.indexes_of(&table.name).iter().any(|i| i.names_any(std::slice::from_ref(&c.name)));
        match c.affinity {
            _ if kept.contains(&c.name) || !unique => x,
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
    let update = |c: &Column, value: &str, rows: String| {
        format!("UPDATE OR IGNORE {from} SET {} = {value} WHERE {rows}", quote(&c.name))
    };
    for c in &totals.summed {
        let x = quote(&c.name);
        all.push(update(c, &format!("coalesce({x}, 0) + 13"), some(200, 0)));
        all.push(update(c, "NULL", some(150, 100)));
    }
    for c in &totals.groups {
        let other = if c.affinity == Affinity::Text { "'another group'" } else { "987654321" };
        let most = format!("(SELECT max({}) FROM {from})", quote(&c.name));
        for (at, value) in [other, "NULL", &most].into_iter().enumerate() {
            all.push(update(c, value, some(150, 120 * u32::try_from(at).unwrap_or(0))));
        }
    }
    all.push(format!("DELETE FROM {from} WHERE {}", some(250, 50)));
    if context.rows(&table.name) <= MOST_EMPTIED {
        let of_group = totals
            .groups
            .first()
            .map(|c| format!(" WHERE {0} IS (SELECT min({0}) FROM {from})", quote(&c.name)));
        all.extend(of_group.map(|of| format!("DELETE FROM {from}{of}")));
        all.push(format!("DELETE FROM {from}"));
        all.push(format!("INSERT OR IGNORE INTO {from} DEFAULT VALUES"));
    }
    all
}
