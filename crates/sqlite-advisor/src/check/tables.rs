//! Which table a name in a plan means: plans name tables as the statement, its views and its triggers do.

use crate::sql::syntax::ast::{
    As, Expr, Indexed, OneSelect, QualifiedName, ResultColumn, Select, Stmt, With,
};
use crate::sql::syntax::{self, Visitor};
use crate::sqlite::Schema;
use std::collections::{BTreeMap, BTreeSet};

/// The names by which a statement reads tables.
#[derive(Debug, Default)]
pub struct Names {
    /// Table by alias or name, both in lower case; an alias that means several means the first.
    tables: BTreeMap<String, String>,
    /// What WITH defines, which hides tables.
    ctes: BTreeSet<String>,
    /// The views that are read.
    views: BTreeSet<String>,
}

impl Names {
    /// Reads a statement, the views that it names, and the triggers of the table that it writes.
    pub fn of(schema: &Schema, sql: &str) -> Self {
        let mut names = Self::default();
        names.read(sql);
        let written = syntax::written_table(sql);
        let mut fired: BTreeSet<String> = written.iter().map(|t| t.to_lowercase()).collect();
        loop {
            let known = (names.views.len(), fired.len());
            for trigger in
                schema.triggers.iter().filter(|t| fired.contains(&t.table.to_lowercase())).collect::<Vec<_>>()
            {
                for statement in syntax::trigger_statements(&trigger.sql) {
                    fired.extend(syntax::written_table(&statement).map(|t| t.to_lowercase()));
                    names.read(&statement);
                }
            }
            let read = |name: &String| names.tables.values().any(|table| table == name);
            let views = schema.views.iter().filter(|v| read(&v.name.to_lowercase()));
            let new: Vec<_> = views.filter(|v| !names.views.contains(&v.name.to_lowercase())).collect();
            for view in new {
                names.views.insert(view.name.to_lowercase());
                names.read(&view.sql);
            }
            if known == (names.views.len(), fired.len()) {
                return names;
            }
        }
    }

    /// The table that a name in the plan means; none for a view, a subquery, a CTE or a function.
    pub fn table<'s>(&self, schema: &'s Schema, source: &str) -> Option<&'s str> {
        let source = source.to_lowercase();
        let meant = match self.tables.get(&source) {
            Some(table) => table,
            None if self.ctes.contains(&source) => return None,
            // Checks of foreign keys name tables that the statement does not.
            None => &source,
        };
        schema.table(meant).filter(|table| table.is_indexable()).map(|table| table.name.as_str())
    }

    fn read(&mut self, sql: &str) {
        let Some(mut stmt) = syntax::parse(sql) else { return };
        match &mut stmt {
            Stmt::Insert { with, .. } | Stmt::Delete { with, .. } => self.with(with),
            Stmt::Update(update) => self.with(&update.with),
            Stmt::CreateView { select, .. } => syntax::select(select, self),
            _ => {}
        }
        syntax::walk(&mut stmt, self);
    }

    fn with(&mut self, with: &Option<With>) {
        self.ctes.extend(with.iter().flat_map(|w| &w.ctes).map(|cte| cte.tbl_name.as_str().to_lowercase()));
    }
}

impl Visitor for Names {
    fn select(&mut self, select: &mut Select) {
        self.with(&select.with);
    }

    fn table(&mut self, name: &mut QualifiedName, alias: Option<&As>, _: &mut Option<Indexed>) {
        let table = name.name.as_str().to_lowercase();
        if self.ctes.contains(&table) && name.db_name.is_none() {
            return;
        }
        let alias = alias.map_or_else(|| table.clone(), |alias| alias.name().as_str().to_lowercase());
        self.tables.entry(alias).or_insert(table);
    }
}

/// How soon a scan by a statement may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// With the last row.
    Late,
    /// With LIMIT, if no sort is in the way and rows come in the order of an index.
    InOrder,
    /// With LIMIT, if no sort is in the way: nothing is left out.
    Early,
}

impl Ends {
    /// Reads a statement.
    pub fn of(sql: &str) -> Self {
        let Some(Stmt::Select(select)) = syntax::parse(sql) else { return Self::Late };
        let OneSelect::Select { columns, from: Some(from), where_clause, group_by: None, .. } =
            &select.body.select
        else {
            return Self::Late;
        };
        let gathers = columns.iter().any(|column| matches!(column, ResultColumn::Expr(e, _) if gathers(e)));
        let one = from.joins.is_empty() && select.body.compounds.is_empty();
        match (select.limit.is_some() && one && !gathers, where_clause) {
            (false, _) => Self::Late,
            (true, None) => Self::Early,
            (true, Some(_)) => Self::InOrder,
        }
    }
}

/// True for an expression with a call that makes one row of many.
fn gathers(e: &Expr) -> bool {
    struct Look(bool);
    impl Visitor for Look {
        fn expr(&mut self, e: &mut Expr) {
            self.0 |= match e {
                Expr::FunctionCallStar { .. } => true,
                Expr::FunctionCall { name, .. } => syntax::is_aggregate(name),
                _ => false,
            };
        }
    }
    let mut look = Look(false);
    syntax::expr(&mut e.clone(), &mut look);
    look.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::scope::testing::schema_of;

    #[test]
    fn a_name_in_a_plan_means_a_table_through_aliases_views_and_triggers() -> crate::Result<()> {
        let schema = schema_of(
            "CREATE TABLE orders(id INTEGER PRIMARY KEY, a); CREATE TABLE notes(id INTEGER PRIMARY KEY, b);
             CREATE TABLE log(x); CREATE VIEW v AS SELECT n.b FROM notes AS n;
             CREATE TRIGGER t AFTER INSERT ON orders BEGIN UPDATE log SET x = 1; END;",
        )?;
        let means =
            |sql: &str, source: &str| Names::of(&schema, sql).table(&schema, source).map(str::to_owned);
        assert_eq!(means("SELECT * FROM orders AS o", "o").as_deref(), Some("orders"));
        assert_eq!(means("SELECT * FROM v", "n").as_deref(), Some("notes"));
        assert_eq!(means("INSERT INTO orders(a) VALUES (1)", "log").as_deref(), Some("log"));
        assert_eq!(means("WITH notes AS (SELECT 1) SELECT * FROM notes", "notes"), None);
        assert_eq!(means("SELECT * FROM (SELECT 1) q, v", "q"), None);
        assert_eq!(means("SELECT * FROM v", "v"), None);
        Ok(())
    }

    #[test]
    fn a_limit_ends_a_scan_only_where_nothing_is_left_out_or_gathered() {
        for (sql, ends) in [
            ("SELECT * FROM t LIMIT 5", Ends::Early),
            ("SELECT * FROM t WHERE a = 1 ORDER BY b LIMIT 5", Ends::InOrder),
            ("SELECT * FROM t", Ends::Late),
            ("SELECT count(*) FROM t LIMIT 1", Ends::Late),
            ("SELECT string_agg(a, b) FROM t LIMIT 1", Ends::Late),
            ("SELECT a, max(b) FROM t GROUP BY a LIMIT 5", Ends::Late),
            ("SELECT * FROM t, u LIMIT 5", Ends::Late),
        ] {
            assert_eq!(Ends::of(sql), ends, "{sql}");
        }
    }
}
