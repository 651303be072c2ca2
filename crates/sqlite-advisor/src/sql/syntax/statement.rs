//! What a statement is as a whole: its form without hints, the table that it writes, the body of a trigger.

use crate::sql::syntax::{Visitor, column_name, parse, walk};
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use turso_parser::ast::*;

/// The statement without what a virtual table refuses: ON CONFLICT DO, RETURNING and INDEXED BY.
pub fn without_hints(sql: &str) -> Option<String> {
    struct Strip;
    impl Visitor for Strip {
        fn table(&mut self, _: &mut QualifiedName, _: Option<&As>, indexed: &mut Option<Indexed>) {
            *indexed = None;
        }
    }
    let mut stmt = parse(sql)?;
    match &mut stmt {
        Stmt::Insert { body, returning, .. } => {
            returning.clear();
            if let InsertBody::Select(_, upsert) = body {
                *upsert = None;
            }
        }
        Stmt::Update(u) => u.returning.clear(),
        Stmt::Delete { returning, .. } => returning.clear(),
        _ => {}
    }
    walk(&mut stmt, &mut Strip);
    Some(stmt.to_string())
}

/// A SELECT of one part, with nothing around it.
pub fn select_of(core: OneSelect) -> Select {
    Select { with: None, body: SelectBody { select: core, compounds: vec![] }, order_by: vec![], limit: None }
}

/// The parts that UNION and its like join; the only one of a plain SELECT.
pub fn cores(select: &Select) -> impl Iterator<Item = &OneSelect> {
    std::iter::once(&select.body.select).chain(select.body.compounds.iter().map(|c| &c.select))
}

/// The same, to be changed.
pub fn cores_mut(select: &mut Select) -> impl Iterator<Item = &mut OneSelect> {
    let others = select.body.compounds.iter_mut().map(|c| &mut c.select);
    std::iter::once(&mut select.body.select).chain(others)
}

/// True if nothing but UNION and UNION ALL joins the parts of a SELECT.
pub fn is_union(select: &Select) -> bool {
    let is_one =
        |c: &CompoundSelect| matches!(c.operator, CompoundOperator::Union | CompoundOperator::UnionAll);
    select.body.compounds.iter().all(is_one)
}

/// The table that a statement inserts into, updates or deletes from.
pub fn written_table(sql: &str) -> Option<String> {
    let name = match parse(sql)? {
        Stmt::Insert { tbl_name, .. } | Stmt::Delete { tbl_name, .. } => tbl_name,
        Stmt::Update(update) => update.tbl_name,
        _ => return None,
    };
    Some(name.name.as_str().to_owned())
}

/// The columns that an UPDATE sets; none for any other statement, which touches whole rows.
pub fn updated_columns(sql: &str) -> Option<Vec<String>> {
    let Stmt::Update(update) = parse(sql)? else { return None };
    let names = update.sets.iter().flat_map(|set| &set.col_names);
    Some(names.map(|name| name.as_str().to_owned()).collect())
}

/// The statements in the body of a CREATE TRIGGER, with a parameter wherever they name a column of NEW or OLD.
pub fn trigger_statements(sql: &str) -> Vec<String> {
    let Some(Stmt::CreateTrigger { commands, .. }) = parse(sql) else { return vec![] };
    struct Rows(u32);
    impl Visitor for Rows {
        fn expr(&mut self, e: &mut Expr) {
            let is_row =
                |name: &Name| ["new", "old"].iter().any(|row| name.as_str().eq_ignore_ascii_case(row));
            if matches!(e, Expr::Qualified(table, _) if is_row(table)) {
                self.0 += 1;
                *e = Expr::Variable(Variable::indexed(NonZeroU32::new(self.0).unwrap_or(NonZeroU32::MIN)));
            }
        }
    }
    let statement = |command: TriggerCmd| {
        let mut stmt = as_statement(command);
        walk(&mut stmt, &mut Rows(0));
        stmt.to_string()
    };
    commands.into_iter().map(statement).collect()
}

fn as_statement(command: TriggerCmd) -> Stmt {
    match command {
        TriggerCmd::Update { or_conflict, tbl_name, sets, from, where_clause } => Stmt::Update(Update {
            with: None,
            or_conflict,
            tbl_name: QualifiedName::single(tbl_name),
            indexed: None,
            sets,
            from,
            where_clause,
            returning: vec![],
        }),
        TriggerCmd::Insert { or_conflict, tbl_name, col_names, select, upsert, returning } => Stmt::Insert {
            with: None,
            or_conflict,
            tbl_name: QualifiedName::single(tbl_name),
            columns: col_names,
            body: InsertBody::Select(select, upsert),
            returning,
        },
        TriggerCmd::Delete { tbl_name, where_clause } => Stmt::Delete {
            with: None,
            tbl_name: QualifiedName::single(tbl_name),
            indexed: None,
            where_clause,
            returning: vec![],
        },
        TriggerCmd::Select(select) => Stmt::Select(select),
    }
}

/// The collating sequences that a statement names.
pub fn collations(sql: &str) -> Vec<String> {
    #[derive(Default)]
    struct Collect(Vec<String>);
    impl Visitor for Collect {
        fn expr(&mut self, e: &mut Expr) {
            if let Expr::Collate(_, name) = e {
                self.0.push(name.as_str().to_ascii_uppercase());
            }
        }
    }
    let mut found = Collect::default();
    if let Some(mut stmt) = parse(sql) {
        walk(&mut stmt, &mut found);
    }
    found.0.sort();
    found.0.dedup();
    found.0
}

/// True if a statement draws its rows or values anew at each run.
pub fn draws(sql: &str) -> bool {
    struct Drawn(bool);
    impl Visitor for Drawn {
        fn expr(&mut self, e: &mut Expr) {
            let Expr::FunctionCall { name, .. } = e else { return };
            self.0 |= ["random", "randomblob"].iter().any(|f| name.as_str().eq_ignore_ascii_case(f));
        }
    }
    let mut drawn = Drawn(false);
    if let Some(mut stmt) = parse(sql) {
        walk(&mut stmt, &mut drawn);
    }
    drawn.0
}

/// The columns, in small letters, that a statement compares or sorts in a collating sequence that it names.
pub fn collated_columns(sql: &str, collation: &str) -> BTreeSet<String> {
    struct Collect<'c>(&'c str, BTreeSet<String>);
    impl Collect<'_> {
        fn is_named(&self, e: &Expr) -> bool {
            matches!(e, Expr::Collate(_, name) if name.as_str().eq_ignore_ascii_case(self.0))
        }
    }
    impl Visitor for Collect<'_> {
        fn expr(&mut self, e: &mut Expr) {
            let named: Vec<&Expr> = match &*e {
                Expr::Binary(a, _, b) if self.is_named(a) || self.is_named(b) => vec![a, b],
                e if self.is_named(e) => vec![e],
                _ => return,
            };
            self.1.extend(named.into_iter().filter_map(column_name).map(str::to_lowercase));
        }
    }
    let mut found = Collect(collation, BTreeSet::new());
    if let Some(mut stmt) = parse(sql) {
        walk(&mut stmt, &mut found);
    }
    found.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_taken_out_and_the_rest_stays() {
        let sql = "INSERT INTO t(a) VALUES (?) ON CONFLICT (a) DO UPDATE SET a = 1 RETURNING a";
        assert_eq!(without_hints(sql).as_deref(), Some("INSERT INTO t (a) VALUES (?1)"));
        let sql = "SELECT * FROM t INDEXED BY i WHERE a IN (SELECT b FROM u NOT INDEXED)";
        assert_eq!(without_hints(sql).as_deref(), Some("SELECT * FROM t WHERE a IN (SELECT b FROM u)"));
    }

    #[test]
    fn the_body_of_a_trigger_becomes_statements_with_parameters() {
        let sql = "CREATE TRIGGER g AFTER UPDATE ON t BEGIN DELETE FROM u WHERE x = OLD.a AND y > new.b;
                   INSERT INTO log(a) VALUES (NEW.a); END";
        assert_eq!(
            trigger_statements(sql),
            ["DELETE FROM u WHERE x = ?1 AND y > ?2", "INSERT INTO log (a) VALUES (?1)"]
        );
        assert!(trigger_statements("SELECT 1").is_empty());
    }

    #[test]
    fn collations_are_found_wherever_they_stand() {
        let sql =
            "SELECT a FROM t WHERE EXISTS (SELECT 1 WHERE b COLLATE rtrim = 'x') ORDER BY a COLLATE NoCase";
        assert_eq!(collations(sql), ["NOCASE", "RTRIM"]);
        assert!(collations("not SQL at all").is_empty());
        let columns = |sql: &str, name: &str| collated_columns(sql, name).into_iter().collect::<Vec<_>>();
        assert_eq!(columns(sql, "RTRIM"), ["b"]);
        assert_eq!(
            columns("SELECT 1 FROM t WHERE x = 1 AND 'v' COLLATE NOCASE = t.Y ORDER BY z", "nocase"),
            ["y"]
        );
    }
}
