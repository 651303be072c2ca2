//! The totals that a statement asks of one table, as a table that keeps them and triggers.

use crate::advise::rules::RuleContext;
use crate::advise::rules::kept::{Keeping, MOST_EMPTIED, some_rows};
use crate::model::index::quote;
use crate::sql::scope::Scope;
use crate::sql::syntax::ast::{Expr, Limit, OneSelect, ResultColumn, Select, SelectTable, SortedColumn};
use crate::sql::syntax::{self, Visitor, column_name, condition, is_plain_call, result_name};
use crate::sqlite::schema::{Affinity, Column, Table};
use std::collections::BTreeSet;

/// Totals of a table, by group or of all its rows.
pub struct Totals<'s> {
    /// The table.
    pub table: &'s Table,
    /// The columns of GROUP BY.
    pub groups: Vec<&'s Column>,
    /// The columns that are summed or counted.
    pub summed: Vec<&'s Column>,
    /// The name of the table that keeps them.
    kept: String,
    /// The result, of that table.
    columns: Vec<String>,
    order: Vec<SortedColumn>,
    limit: Option<Limit>,
}

/// The most columns of GROUP BY.
const MOST_GROUPS: usize = 3;
/// Functions of single values that may stand around a total.
const AROUND: &[&str] = &["abs", "coalesce", "format", "ifnull", "nullif", "printf", "round"];

impl<'s> Totals<'s> {
    /// What a SELECT asks; none where it asks for anything else.
    pub fn of(context: &RuleContext<'_>, select: &Select, scope: &Scope<'s>) -> Option<Self> {
        let OneSelect::Select {
            distinctness: None,
            columns,
            from: Some(from),
            where_clause: None,
            group_by,
            ..
        } = &select.body.select
        else {
            return None;
        };
        let SelectTable::Table(..) = from.select.as_ref() else { return None };
        if !from.joins.is_empty() || !select.body.compounds.is_empty() || select.with.is_some() {
            return None;
        }
        let [(_, table)] = scope.tables()[..] else { return None };
        let (by, having) =
            group_by.as_ref().map_or((&[][..], false), |g| (g.exprs.as_slice(), g.having.is_some()));
        if having || by.len() > MOST_GROUPS || !context.is_large(table) {
            return None;
        }
        let mut groups = vec![];
        for e in by {
            let column = scope.column(e)?.column;
            // Groups of values that are held for equal and are not the same have no one name.
            let exact = column.collation.eq_ignore_ascii_case("BINARY") && column.affinity != Affinity::Blob;
            if !exact || table.is_rowid(column) || groups.contains(&column) {
                return None;
            }
            groups.push(column);
        }
        let mut moved = Moved { scope, table, groups: &groups, summed: vec![], totals: 0, fits: true };
        let (mut results, mut names) = (vec![], BTreeSet::new());
        for column in columns {
            let ResultColumn::Expr(e, alias) = column else { return None };
            let name = result_name(e, alias.as_ref());
            let mut e = e.as_ref().clone();
            moved.change(&mut e);
            results.push(format!("{e} AS {}", quote(&name)));
            names.insert(name.to_lowercase());
        }
        let mut order = select.order_by.clone();
        for sorted in &mut order {
            // The names of the result come before those of the table.
            let named = column_name(&sorted.expr).is_some_and(|n| names.contains(&n.to_lowercase()));
            if !named && !matches!(sorted.expr.as_ref(), Expr::Literal(_)) {
                moved.change(&mut sorted.expr);
            }
        }
        let (summed, fits) = (moved.summed, moved.fits && moved.totals > 0);
        let by: Vec<&str> = groups.iter().map(|c| c.name.as_str()).collect();
        let kept = match by.as_slice() {
            [] => format!("{}_totals", table.name),
            by => format!("{}_by_{}", table.name, by.join("_")),
        };
        let totals =
            Self { table, groups, summed, kept, columns: results, order, limit: select.limit.clone() };
        (fits && totals.is_free(context) && totals.holds_integers(context)).then_some(totals)
    }

    /// The table that is read.
    pub fn table_name(&self) -> &str {
        &self.table.name
    }

    /// The columns that it is about.
    pub fn columns(&self) -> Vec<String> {
        self.groups.iter().chain(&self.summed).map(|c| c.name.clone()).collect()
    }

    /// When the totals are exact, as the end of a sentence.
    pub fn condition(&self) -> String {
        let loose: Vec<&str> =
            self.summed.iter().filter(|_| !self.table.strict).map(|c| c.name.as_str()).collect();
        match loose.as_slice() {
            [] => String::new(),
            names => {
                format!("; the sums are exact while {} holds integers or NULL, as now", names.join(", "))
            }
        }
    }

    /// The statement that reads what is kept.
    pub fn read(&self) -> String {
        let mut sql = format!("SELECT {} FROM {}", self.columns.join(", "), quote(&self.kept));
        let order: Vec<String> = self.order.iter().map(ToString::to_string).collect();
        if !order.is_empty() {
            sql.push_str(&format!(" ORDER BY {}", order.join(", ")));
        }
        if let Some(limit) = &self.limit {
            sql.push_str(&format!(" {limit}"));
        }
        sql
    }

    /// What is kept, with the changes that could go wrong: other sums, NULL, and rows that go from group to group.
    pub fn keeping(&self, context: &RuleContext<'_>) -> Keeping<'s> {
        let from = quote(&self.table.name);
        let update = |c: &Column, value: &str, rows: u32, behind: u32| {
            let rows = some_rows(self.table, rows, behind);
            format!("UPDATE OR IGNORE {from} SET {} = {value} WHERE {rows}", quote(&c.name))
        };
        let mut changes = vec![];
        for c in &self.summed {
            changes.push(update(c, &format!("coalesce({}, 0) + 13", quote(&c.name)), 200, 0));
            changes.push(update(c, "NULL", 150, 100));
        }
        for c in &self.groups {
            let other = if c.affinity == Affinity::Text { "'another group'" } else { "987654321" };
            let most = format!("(SELECT max({}) FROM {from})", quote(&c.name));
            changes.push(update(c, other, 150, 0));
            changes.push(update(c, "NULL", 150, 120));
            changes.push(update(c, &most, 150, 240));
        }
        if let Some(c) = self.groups.first().filter(|_| context.rows(&self.table.name) <= MOST_EMPTIED) {
            let x = quote(&c.name);
            changes.push(format!("DELETE FROM {from} WHERE {x} IS (SELECT min({x}) FROM {from})"));
        }
        Keeping { table: self.table, needs: self.needs(), columns: self.columns(), changes }
    }

    /// What makes the table, fills it, and keeps it.
    pub fn needs(&self) -> Vec<String> {
        let (kept, from) = (quote(&self.kept), quote(&self.table.name));
        let groups: Vec<String> = self.groups.iter().map(|c| quote(&c.name)).collect();
        let declared = self.groups.iter().map(|c| format!("{} {}", quote(&c.name), c.declared_type));
        let counters = self.counters();
        let numbers = counters.iter().map(|(name, _)| format!("{} INTEGER NOT NULL", quote(name)));
        let unique = (!groups.is_empty()).then(|| format!("UNIQUE({})", groups.join(", ")));
        let parts: Vec<String> = declared.chain(numbers).chain(unique).collect();
        let sums = std::iter::once("count(*)".to_owned()).chain(self.summed.iter().flat_map(|c| {
            let x = quote(&c.name);
            [format!("count({x})"), format!("coalesce(sum({x}), 0)")]
        }));
        let filled: Vec<String> = groups.iter().cloned().chain(sums).collect();
        let by = if groups.is_empty() { String::new() } else { format!(" GROUP BY {}", groups.join(", ")) };
        let (added, taken) = (self.changed("new", '+'), self.changed("old", '-'));
        let trigger = |event: &str, of: &str, body: &[&String]| {
            let name = quote(&format!("{}_{}", self.kept, event.to_lowercase()));
            let body: String = body.iter().map(|sql| format!(" {sql};")).collect();
            format!("CREATE TRIGGER {name} AFTER {event}{of} ON {from} BEGIN{body} END")
        };
        let mut needs = vec![
            format!("CREATE TABLE {kept}({})", parts.join(", ")),
            format!("INSERT INTO {kept} SELECT {} FROM {from}{by}", filled.join(", ")),
            trigger("INSERT", "", &added.iter().collect::<Vec<_>>()),
            trigger("DELETE", "", &taken.iter().collect::<Vec<_>>()),
        ];
        let of: Vec<String> = self.columns().iter().map(|name| quote(name)).collect();
        if !of.is_empty() {
            let both: Vec<&String> = taken.iter().chain(&added).collect();
            needs.push(trigger("UPDATE", &format!(" OF {}", of.join(", ")), &both));
        }
        needs
    }

    /// The numbers that are kept, each with what a row, whose columns stand behind a dot, adds to it.
    fn counters(&self) -> Vec<(String, String)> {
        let rows = (TOTAL_ROWS.to_owned(), "1".to_owned());
        let of = self.summed.iter().flat_map(|c| {
            let x = quote(&c.name);
            [
                (count_of(&c.name), format!("(ROW.{x} IS NOT NULL)")),
                (sum_of(&c.name), format!("coalesce(ROW.{x}, 0)")),
            ]
        });
        std::iter::once(rows).chain(of).collect()
    }

    /// What a trigger does when a row comes or goes.
    fn changed(&self, row: &str, sign: char) -> Vec<String> {
        let kept = quote(&self.kept);
        let set: Vec<String> = self
            .counters()
            .iter()
            .map(|(name, adds)| {
                let name = quote(name);
                format!("{name} = {name} {sign} {}", adds.replace("ROW", row))
            })
            .collect();
        // IS finds NULL as well, and finds it by the index.
        let same = self.groups.iter().map(|c| format!("{0} IS {row}.{0}", quote(&c.name)));
        let same: Vec<String> = same.collect();
        if same.is_empty() {
            return vec![format!("UPDATE {kept} SET {}", set.join(", "))];
        }
        let same = same.join(" AND ");
        let update = format!("UPDATE {kept} SET {} WHERE {same}", set.join(", "));
        if sign == '-' {
            return vec![update, format!("DELETE FROM {kept} WHERE {same} AND {TOTAL_ROWS} = 0")];
        }
        let values: Vec<String> = self.groups.iter().map(|c| format!("{row}.{}", quote(&c.name))).collect();
        let zeros = vec!["0"; self.counters().len()].join(", ");
        let insert = format!(
            "INSERT INTO {kept} SELECT {}, {zeros} WHERE NOT EXISTS (SELECT 1 FROM {kept} WHERE {same})",
            values.join(", ")
        );
        vec![insert, update]
    }

    /// True if all names that would be made are free, and none of the columns is like another.
    fn is_free(&self, context: &RuleContext<'_>) -> bool {
        let own = ["", "_insert", "_update", "_delete"];
        let free = own.iter().all(|end| !context.schema().has(&format!("{}{end}", self.kept)));
        let names = self.counters().into_iter().map(|(name, _)| name);
        let names: Vec<String> = names.chain(self.groups.iter().map(|c| c.name.clone())).collect();
        let apart: BTreeSet<String> = names.iter().map(|n| n.to_lowercase()).collect();
        let like_a_column = self.counters().iter().any(|(name, _)| self.table.column(name).is_some());
        free && apart.len() == names.len() && !like_a_column
    }

    /// True if every sum is one of integers: fractions come out otherwise when they are added in another order.
    fn holds_integers(&self, context: &RuleContext<'_>) -> bool {
        let other = |c: &&Column| {
            let (x, from) = (quote(&c.name), quote(&self.table.name));
            context
                .number(&format!("SELECT count(*) FROM {from} WHERE typeof({x}) NOT IN ('integer', 'null')"))
        };
        self.summed.iter().all(|c| c.affinity == Affinity::Integer && other(c) == Some(0))
    }
}

const TOTAL_ROWS: &str = "total_rows";

fn count_of(column: &str) -> String {
    format!("count_{column}")
}

fn sum_of(column: &str) -> String {
    format!("sum_{column}")
}

/// Puts what is kept in the place of totals and of the columns of groups.
struct Moved<'m, 's> {
    scope: &'m Scope<'s>,
    table: &'s Table,
    groups: &'m [&'s Column],
    summed: Vec<&'s Column>,
    totals: usize,
    fits: bool,
}

impl<'s> Moved<'_, 's> {
    fn change(&mut self, e: &mut Expr) {
        syntax::expr(e, self);
    }

    /// True for the name of something that is kept.
    fn is_kept(&self, name: &str) -> bool {
        let of = |c: &&Column| name == count_of(&c.name) || name == sum_of(&c.name);
        name == TOTAL_ROWS || self.summed.iter().any(of)
    }

    /// What is kept for an aggregate; none for anything else.
    fn total(&mut self, e: &Expr) -> Option<Expr> {
        let (name, argument) = match e {
            Expr::FunctionCallStar { name, filter_over } if is_plain_call(filter_over) => (name, None),
            Expr::FunctionCall { name, distinctness: None, args, order_by, filter_over, .. }
                if order_by.is_empty() && is_plain_call(filter_over) =>
            {
                match args.as_slice() {
                    [] => (name, None),
                    [one] => (name, Some(one)),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let name = name.as_str().to_lowercase();
        let Some(argument) = argument else {
            return (name == "count").then(|| condition(TOTAL_ROWS)).flatten();
        };
        let column = self
            .scope
            .column(argument)
            .map(|f| f.column)
            .filter(|c| !self.table.is_rowid(c) && c.generated.is_none())?;
        let (count, sum) = (quote(&count_of(&column.name)), quote(&sum_of(&column.name)));
        let kept = match name.as_str() {
            "count" => count,
            "sum" => format!("(CASE WHEN {count} > 0 THEN {sum} END)"),
            "total" => format!("CAST({sum} AS REAL)"),
            "avg" => format!("(CAST({sum} AS REAL) / nullif({count}, 0))"),
            _ => return None,
        };
        if !self.summed.contains(&column) {
            self.summed.push(column);
        }
        condition(&kept)
    }
}

impl Visitor for Moved<'_, '_> {
    fn select(&mut self, _: &mut Select) {
        self.fits = false;
    }

    fn expr(&mut self, e: &mut Expr) {
        if let Some(kept) = self.total(e) {
            *e = kept;
            self.totals += 1;
            return;
        }
        match e {
            Expr::Id(name) | Expr::Name(name) if self.is_kept(name.as_str()) => {}
            Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..) | Expr::DoublyQualified(..) => {
                let of_group = self.scope.column(e).map(|f| f.column).filter(|c| self.groups.contains(c));
                match of_group.and_then(|c| condition(&quote(&c.name))) {
                    Some(name) => *e = name,
                    None => self.fits = false,
                }
            }
            Expr::FunctionCall { name, .. } => {
                self.fits &= AROUND.iter().any(|f| name.as_str().eq_ignore_ascii_case(f));
            }
            Expr::FunctionCallStar { .. } => self.fits = false,
            _ => {}
        }
    }
}
