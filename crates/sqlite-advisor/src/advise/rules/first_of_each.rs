//! The first row of each group, found by numbering all rows.
//!
//! **Finds** `ROW_NUMBER() OVER (PARTITION BY k ORDER BY ...) AS n` over one table, in a subquery or a WITH of which only the
//! rows with `n = 1` are asked for. **Why:** SQLite numbers every row of every group, in a table that it makes for that, before
//! the condition takes one of each (<https://www.sqlite.org/windowfunctions.html>). **Cure:** each value of `k` once, and for it
//! the first row by `ORDER BY ... LIMIT 1`, which an index on `k` and the order answers by one search. **Verified** by running
//! both: equal rows, at a lower cost. **Silent** where groups are nearly as many as rows, where another number than the first
//! is asked for, and where the order leaves open which row is the first.

use crate::advise::rules::group_extreme::has_outer_join;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{Index, quote};
use crate::sql::scope::{Scope, each_select};
use crate::sql::syntax::ast::{
    As, Expr, Literal, OneSelect, Operator, Over, ResultColumn, Select, SelectTable, Stmt, Window,
};
use crate::sql::syntax::{self, Visitor, column_name, condition, conjuncts, enclosed, source_name};
use crate::sqlite::schema::{Column, Table};

/// The rule's name.
pub const NAME: &str = "first_of_each";

/// Looks at every SELECT that numbers rows.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let (mut rewritten, mut found) = (stmt.clone(), None);
        each_select(&mut rewritten, context.schema(), |select, scope| {
            let Some(numbered) = Numbered::of(context, select, scope) else { return };
            if found.is_none() && only_firsts(&stmt, &numbered.name) && numbered.replace(select) {
                found = Some((numbered.table.name.clone(), numbered.index()));
            }
        });
        let Some((table, index)) = found else { continue };
        let mut indexes = context.indexes_for(&rewritten.to_string())?;
        if context.lacks(&index) && !indexes.contains(&index) {
            indexes.push(index);
        }
        let what = format!("numbers every row of {table} to take the first of each group");
        let remedy = "each group costs one search; with nearly as many groups as rows the form as written would be better";
        let found = context.rewrite(i, &rewritten, &indexes, &what)?;
        all.extend(found.map(|f| f.on(&table, vec![]).with_remedy(remedy)));
    }
    Ok(all)
}

/// A SELECT from one table that numbers its rows within groups.
struct Numbered<'s> {
    /// What the number is called.
    name: String,
    table: &'s Table,
    keys: Vec<&'s Column>,
    window: Window,
}

impl<'s> Numbered<'s> {
    fn of(context: &RuleContext<'_>, select: &Select, scope: &Scope<'s>) -> Option<Self> {
        let OneSelect::Select {
            distinctness: None,
            columns,
            from: Some(from),
            where_clause,
            group_by: None,
            ..
        } = &select.body.select
        else {
            return None;
        };
        let plain = select.with.is_none() && select.body.compounds.is_empty() && select.limit.is_none();
        let filter = where_clause.as_ref().map(ToString::to_string).unwrap_or_default();
        let [(_, table)] = scope.tables()[..] else { return None };
        if !plain
            || !from.joins.is_empty()
            || !table.has_rowid()
            || !context.is_large(table)
            || syntax::draws(&filter)
        {
            return None;
        }
        let mut numbers = columns.iter().filter_map(number);
        let (name, window) = numbers.next().filter(|_| numbers.next().is_none())?;
        let mut keys = vec![];
        for e in &window.partition_by {
            keys.push(scope.column(e).filter(|f| f.table.name == table.name)?.column);
        }
        let is_whole = window.base.is_none() && window.frame_clause.is_none();
        (is_whole && !keys.is_empty() && !window.order_by.is_empty()).then(|| Self {
            name,
            table,
            keys,
            window: window.clone(),
        })
    }

    /// Asks for the first row of each group, whose number is 1.
    fn replace(&self, select: &mut Select) -> bool {
        let OneSelect::Select { columns, from: Some(from), where_clause, .. } = &mut select.body.select
        else {
            return false;
        };
        let (Some(source), SelectTable::Table(..)) = (source_name(&from.select), from.select.as_ref()) else {
            return false;
        };
        let source = quote(source);
        let own = |c: &Column| format!("{source}.{}", quote(&c.name));
        let filter = where_clause.as_ref().map(|e| enclosed(e.as_ref().clone()).to_string());
        let passes = filter.as_ref().map(|f| format!(" WHERE {f}")).unwrap_or_default();
        let named = self.keys.iter().enumerate().map(|(n, c)| format!("{} AS group_key_{}", own(c), n + 1));
        let named: Vec<String> = named.collect();
        let equal = self.keys.iter().enumerate().map(|(n, c)| {
            let equals = if c.not_null { "=" } else { "IS" };
            format!("{} {equals} each_group.group_key_{}", own(c), n + 1)
        });
        let equal: Vec<String> = filter.into_iter().chain(equal).collect();
        let order: Vec<String> = self.window.order_by.iter().map(ToString::to_string).collect();
        let first = format!(
            "{source}.rowid IN (SELECT (SELECT {source}.rowid FROM {from} WHERE {} ORDER BY {} LIMIT 1) FROM \
             (SELECT DISTINCT {} FROM {from}{passes}) AS each_group)",
            equal.join(" AND "),
            order.join(", "),
            named.join(", ")
        );
        let Some(first) = condition(&first) else { return false };
        for column in columns {
            if number(column).is_some()
                && let ResultColumn::Expr(e, _) = column
            {
                **e = Expr::Literal(Literal::Numeric("1".to_owned()));
            }
        }
        *where_clause = Some(Box::new(first));
        true
    }

    /// The index that answers by one search.
    fn index(&self) -> Index {
        let ordered = self.window.order_by.iter().map_while(|s| column_name(&s.expr));
        let ordered = ordered.filter(|name| self.table.column(name).is_some_and(|c| !self.table.is_rowid(c)));
        Index::on(&self.table.name, self.keys.iter().map(|c| c.name.as_str()).chain(ordered))
    }
}

/// The name and the window of a `ROW_NUMBER() OVER (...) AS name`.
fn number(column: &ResultColumn) -> Option<(String, &Window)> {
    let ResultColumn::Expr(e, Some(As::As(name) | As::Elided(name))) = column else { return None };
    let Expr::FunctionCall { name: function, args, filter_over, .. } = e.as_ref() else { return None };
    let Some(Over::Window(window)) = &filter_over.over_clause else { return None };
    let is_number = function.as_str().eq_ignore_ascii_case("row_number") && args.is_empty();
    is_number.then(|| (name.as_str().to_owned(), window))
}

/// True where the number is named once, as `number = 1` that all rows have to pass, beside its definition.
fn only_firsts(stmt: &Stmt, number: &str) -> bool {
    struct Look<'n> {
        number: &'n str,
        named: usize,
        passed: usize,
    }
    impl Look<'_> {
        fn is_number(&self, e: &Expr) -> bool {
            column_name(e).is_some_and(|name| name.eq_ignore_ascii_case(self.number))
        }
    }
    impl Visitor for Look<'_> {
        fn expr(&mut self, e: &mut Expr) {
            let is_name = matches!(e, Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..));
            self.named += usize::from(is_name && self.is_number(e));
        }
        fn condition(&mut self, e: &mut Expr) {
            let is_first = |term: &&Expr| {
                let Expr::Binary(a, op, b) = term else { return false };
                let one = |e: &Expr, n: &str| matches!(e, Expr::Literal(Literal::Numeric(text)) if text == n);
                match op {
                    Operator::Equals | Operator::Is => {
                        self.is_number(a) && one(b, "1") || self.is_number(b) && one(a, "1")
                    }
                    Operator::LessEquals => self.is_number(a) && one(b, "1"),
                    Operator::Less => self.is_number(a) && one(b, "2"),
                    _ => false,
                }
            };
            let passed = conjuncts(e).iter().filter(|term| is_first(term)).count();
            self.passed += passed;
        }
    }
    let mut look = Look { number, named: 0, passed: 0 };
    let mut stmt = stmt.clone();
    // A name that is read twice could belong to two readers, of which one wants all rows.
    let twice = matches!(&stmt, Stmt::Select(s) if reads_a_with_twice(s));
    syntax::walk(&mut stmt, &mut look);
    look.named == 1 && look.passed == 1 && !twice && !has_outer_join(&stmt)
}

/// True where a name of WITH stands more than once in the FROMs.
fn reads_a_with_twice(select: &Select) -> bool {
    let text = select.to_string().to_lowercase();
    let ctes = select.with.iter().flat_map(|w| &w.ctes);
    ctes.map(|c| c.tbl_name.as_str().to_lowercase()).any(|name| {
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let mut words = words.filter(|w| !w.is_empty()).peekable();
        let mut reads = 0;
        while let Some(word) = words.next() {
            let is_from = word == "from" || word == "join";
            reads += usize::from(is_from && words.peek().is_some_and(|next| *next == name));
        }
        reads != 1
    })
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE reading(id INTEGER PRIMARY KEY, device TEXT, kind INT NOT NULL, at INT, value REAL);
        {N} INSERT INTO reading(device, kind, at, value) SELECT nullif('d' || (i % 40), 'd3'), i % 3, i * 7919 % 20011, i / 3.0 FROM n";

    #[test]
    fn each_group_is_searched_once_in_a_subquery_and_in_a_with() -> Result<()> {
        let sql = "SELECT device, value FROM (SELECT r.*, ROW_NUMBER() OVER (PARTITION BY r.device ORDER BY r.at DESC, r.id DESC) AS rn \
                   FROM reading r WHERE r.kind = 1) WHERE rn = 1";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(advice.sql().unwrap().contains("r.device IS each_group.group_key_1"), "{:?}", advice.sql());
        let sql = "WITH ranked AS (SELECT id, value, row_number() OVER (PARTITION BY device ORDER BY at DESC, id) n FROM reading) \
                   SELECT id, value FROM ranked WHERE n <= 1 ORDER BY id";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(!advice.proposal().unwrap().needs.is_empty(), "{advice:#?}");
        Ok(())
    }

    #[test]
    fn other_numbers_many_groups_and_a_second_reader_are_left_alone() -> Result<()> {
        let numbered =
            "SELECT id, value, row_number() OVER (PARTITION BY device ORDER BY at, id) AS n FROM reading";
        let sql = format!(
            "SELECT id FROM ({numbered}) WHERE n <= 3; SELECT id, n FROM ({numbered}) WHERE n = 1;
             WITH r AS ({numbered}) SELECT id, (SELECT count(*) FROM r) FROM r WHERE n = 1;
             SELECT id FROM ({}) WHERE n = 1",
            numbered.replace("PARTITION BY device", "PARTITION BY at")
        );
        assert!(found(super::NAME, SCHEMA, &sql)?.is_empty());
        Ok(())
    }
}
