//! SQL text as a tree, for what SQLite's planner does not tell: expressions, parameters, LIMIT and hints.
//!
//! A statement that the parser does not know costs only these extras, so parsing returns an `Option`.

use std::num::NonZeroU32;
use turso_parser::ast::*;
use turso_parser::parser::Parser;

pub use turso_parser::ast;

/// The tree of one statement; none if the parser does not know it.
pub fn parse(sql: &str) -> Option<Stmt> {
    match Parser::new(sql.as_bytes()).next_cmd() {
        Ok(Some(Cmd::Stmt(stmt))) => Some(stmt),
        _ => None,
    }
}

/// What a walk does at each place. Every method has an empty default.
pub trait Visitor {
    /// An expression, before its parts.
    fn expr(&mut self, _: &mut Expr) {}
    /// The same expression, after its parts; what is put in its place is not walked.
    fn leave_expr(&mut self, _: &mut Expr) {}
    /// A SELECT, before its parts.
    fn select(&mut self, _: &mut Select) {}
    /// The same SELECT, after its parts.
    fn leave_select(&mut self) {}
    /// A table in a FROM clause, with its alias and its INDEXED BY.
    fn table(&mut self, _: &mut QualifiedName, _: Option<&As>, _: &mut Option<Indexed>) {}
    /// A term of ORDER BY or GROUP BY.
    fn ordering(&mut self, _: &mut Expr, _descending: bool) {}
    /// The whole of a WHERE or an ON.
    fn condition(&mut self, _: &mut Expr) {}
}

/// Walks a whole statement.
pub fn walk(stmt: &mut Stmt, v: &mut dyn Visitor) {
    match stmt {
        Stmt::Select(s) => select(s, v),
        Stmt::Insert { with, body, returning, .. } => {
            with_clause(with, v);
            if let InsertBody::Select(s, upserts) = body {
                select(s, v);
                upsert(upserts, v);
            }
            columns(returning, v);
        }
        Stmt::Update(u) => {
            with_clause(&mut u.with, v);
            v.table(&mut u.tbl_name, None, &mut u.indexed);
            u.sets.iter_mut().for_each(|s| expr(&mut s.expr, v));
            u.from.iter_mut().for_each(|f| from(f, v));
            where_or_on(&mut u.where_clause, v);
            columns(&mut u.returning, v);
        }
        Stmt::Delete { with, tbl_name, indexed, where_clause, returning } => {
            with_clause(with, v);
            v.table(tbl_name, None, indexed);
            where_or_on(where_clause, v);
            columns(returning, v);
        }
        _ => {}
    }
}

fn upsert(upserts: &mut Option<Box<Upsert>>, v: &mut dyn Visitor) {
    let mut next = upserts.as_mut();
    while let Some(u) = next {
        if let UpsertDo::Set { sets, where_clause } = &mut u.do_clause {
            sets.iter_mut().for_each(|s| expr(&mut s.expr, v));
            boxed(where_clause, v);
        }
        next = u.next.as_mut();
    }
}

fn with_clause(with: &mut Option<With>, v: &mut dyn Visitor) {
    with.iter_mut().flat_map(|w| &mut w.ctes).for_each(|cte| select(&mut cte.select, v));
}

/// Walks a SELECT with all that is in it.
pub fn select(s: &mut Select, v: &mut dyn Visitor) {
    v.select(s);
    with_clause(&mut s.with, v);
    one_select(&mut s.body.select, v);
    s.body.compounds.iter_mut().for_each(|c| one_select(&mut c.select, v));
    sorted(&mut s.order_by, v);
    if let Some(limit) = &mut s.limit {
        expr(&mut limit.expr, v);
        boxed(&mut limit.offset, v);
    }
    v.leave_select();
}

fn one_select(s: &mut OneSelect, v: &mut dyn Visitor) {
    match s {
        OneSelect::Select { columns: result, from: f, where_clause, group_by, window_clause, .. } => {
            columns(result, v);
            f.iter_mut().for_each(|f| from(f, v));
            where_or_on(where_clause, v);
            if let Some(group) = group_by {
                for e in &mut group.exprs {
                    v.ordering(e, false);
                    expr(e, v);
                }
                boxed(&mut group.having, v);
            }
            window_clause.iter_mut().for_each(|w| window(&mut w.window, v));
        }
        OneSelect::Values(rows) => rows.iter_mut().flatten().for_each(|e| expr(e, v)),
    }
}

fn window(w: &mut Window, v: &mut dyn Visitor) {
    w.partition_by.iter_mut().for_each(|e| expr(e, v));
    sorted(&mut w.order_by, v);
}

fn sorted(terms: &mut [SortedColumn], v: &mut dyn Visitor) {
    for term in terms {
        v.ordering(&mut term.expr, term.order == Some(SortOrder::Desc));
        expr(&mut term.expr, v);
    }
}

fn columns(result: &mut [ResultColumn], v: &mut dyn Visitor) {
    for column in result {
        if let ResultColumn::Expr(e, _) = column {
            expr(e, v);
        }
    }
}

fn from(f: &mut FromClause, v: &mut dyn Visitor) {
    table(&mut f.select, v);
    for join in &mut f.joins {
        table(&mut join.table, v);
        if let Some(JoinConstraint::On(e)) = &mut join.constraint {
            v.condition(e);
            expr(e, v);
        }
    }
}

fn table(t: &mut SelectTable, v: &mut dyn Visitor) {
    match t {
        SelectTable::Table(name, alias, indexed) => v.table(name, alias.as_ref(), indexed),
        SelectTable::TableCall(_, args, _) => args.iter_mut().for_each(|e| expr(e, v)),
        SelectTable::Select(s, _) => select(s, v),
        SelectTable::Sub(f, _) => from(f, v),
    }
}

fn where_or_on(e: &mut Option<Box<Expr>>, v: &mut dyn Visitor) {
    e.iter_mut().for_each(|e| v.condition(e));
    boxed(e, v);
}

fn boxed(e: &mut Option<Box<Expr>>, v: &mut dyn Visitor) {
    e.iter_mut().for_each(|e| expr(e, v));
}

/// Walks an expression with all that is in it.
pub fn expr(e: &mut Expr, v: &mut dyn Visitor) {
    v.expr(e);
    match e {
        Expr::Between { lhs, start, end, .. } => [lhs, start, end].into_iter().for_each(|e| expr(e, v)),
        Expr::Binary(a, _, b) => [a, b].into_iter().for_each(|e| expr(e, v)),
        Expr::Case { base, when_then_pairs, else_expr } => {
            boxed(base, v);
            when_then_pairs.iter_mut().flat_map(|(a, b)| [a, b]).for_each(|e| expr(e, v));
            boxed(else_expr, v);
        }
        Expr::Cast { expr: e, .. }
        | Expr::Collate(e, _)
        | Expr::IsNull(e)
        | Expr::NotNull(e)
        | Expr::Unary(_, e) => expr(e, v),
        Expr::Exists(s) | Expr::Subquery(s) => select(s, v),
        Expr::FunctionCall { args, filter_over, .. } => {
            args.iter_mut().for_each(|e| expr(e, v));
            tail(filter_over, v);
        }
        Expr::FunctionCallStar { filter_over, .. } => tail(filter_over, v),
        Expr::InList { lhs, rhs, .. } => {
            expr(lhs, v);
            rhs.iter_mut().for_each(|e| expr(e, v));
        }
        Expr::InSelect { lhs, rhs, .. } => {
            expr(lhs, v);
            select(rhs, v);
        }
        Expr::InTable { lhs, .. } => expr(lhs, v),
        Expr::Like { lhs, rhs, escape, .. } => {
            [lhs, rhs].into_iter().for_each(|e| expr(e, v));
            boxed(escape, v);
        }
        Expr::Parenthesized(list) => list.iter_mut().for_each(|e| expr(e, v)),
        _ => {}
    }
    v.leave_expr(e);
}

fn tail(tail: &mut FunctionTail, v: &mut dyn Visitor) {
    boxed(&mut tail.filter_clause, v);
    if let Some(Over::Window(w)) = &mut tail.over_clause {
        window(w, v);
    }
}

/// An expression as people write it: the parser's own text has a blank between a function and its arguments.
pub fn expression_text(e: &Expr) -> String {
    #[derive(Default)]
    struct Functions(Vec<String>);
    impl Visitor for Functions {
        fn expr(&mut self, e: &mut Expr) {
            if let Expr::FunctionCall { name, .. } = e {
                self.0.push(format!("{} (", name.as_str()));
            }
        }
    }
    let mut functions = Functions::default();
    expr(&mut e.clone(), &mut functions);
    let (text, mut tidy, mut quote) = (e.to_string(), String::new(), None);
    for c in text.chars() {
        tidy.push(c);
        match quote {
            None if "'\"`".contains(c) => quote = Some(c),
            None if c == '(' && functions.0.iter().any(|f| tidy.ends_with(f.as_str())) => {
                tidy.truncate(tidy.len() - 2);
                tidy.push('(');
            }
            Some(open) if c == open => quote = None,
            _ => {}
        }
    }
    tidy
}

/// True for an operator that compares two values.
pub fn is_comparison(op: Operator) -> bool {
    use Operator::{Equals, Greater, GreaterEquals, Is, IsNot, Less, LessEquals, NotEquals};
    matches!(op, Equals | Greater | GreaterEquals | Is | IsNot | Less | LessEquals | NotEquals)
}

/// An expression written as a pattern, with expressions in the places of its names: `x >= v AND x < date(v, '+1 day')`.
///
/// Parts and the whole stand in parentheses where an operator beside them could take hold of them.
pub fn filled(pattern: &str, parts: &[(&str, &Expr)]) -> Option<Expr> {
    struct Fill<'a>(&'a [(&'a str, &'a Expr)]);
    impl Visitor for Fill<'_> {
        fn leave_expr(&mut self, e: &mut Expr) {
            let Expr::Id(name) = &*e else { return };
            if let Some((_, part)) = self.0.iter().find(|(slot, _)| *slot == name.as_str()) {
                *e = enclosed((*part).clone());
            }
        }
    }
    let mut whole = condition(pattern)?;
    expr(&mut whole, &mut Fill(parts));
    Some(enclosed(whole))
}

/// One expression of SQL.
pub fn condition(sql: &str) -> Option<Expr> {
    let Stmt::Select(select) = parse(&format!("SELECT 1 WHERE {sql}"))? else { return None };
    match select.body.select {
        OneSelect::Select { where_clause, .. } => where_clause.map(|e| *e),
        OneSelect::Values(_) => None,
    }
}

/// The expression in parentheses, unless nothing beside it could take hold of its parts.
pub fn enclosed(e: Expr) -> Expr {
    match e {
        Expr::Id(_)
        | Expr::Name(_)
        | Expr::Qualified(..)
        | Expr::DoublyQualified(..)
        | Expr::Literal(_)
        | Expr::Variable(_)
        | Expr::FunctionCall { .. }
        | Expr::FunctionCallStar { .. }
        | Expr::Cast { .. }
        | Expr::Subquery(_)
        | Expr::Exists(_) => e,
        Expr::Parenthesized(ref list) if list.len() == 1 => e,
        other => Expr::Parenthesized(vec![Box::new(other)]),
    }
}

/// The column that an expression is, without its table.
pub fn column_name(e: &Expr) -> Option<&str> {
    match e {
        Expr::Id(name) | Expr::Name(name) | Expr::Qualified(_, name) | Expr::DoublyQualified(_, _, name) => {
            Some(name.as_str())
        }
        Expr::Parenthesized(list) if list.len() == 1 => column_name(list.first()?),
        Expr::Collate(inner, _) => column_name(inner),
        _ => None,
    }
}

/// The only column in an expression, however deep: `size` of `lower(size) || 'x'`.
pub fn inner_column(e: &Expr) -> Option<String> {
    #[derive(Default)]
    struct Names(Vec<String>);
    impl Visitor for Names {
        fn expr(&mut self, e: &mut Expr) {
            if let (false, Some(name)) =
                (matches!(e, Expr::Parenthesized(_) | Expr::Collate(..)), column_name(e))
            {
                self.0.push(name.to_owned());
            }
        }
    }
    let mut names = Names::default();
    expr(&mut e.clone(), &mut names);
    names.0.dedup();
    if names.0.len() == 1 { names.0.pop() } else { None }
}

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

/// The table that a statement inserts into, updates or deletes from.
pub fn written_table(sql: &str) -> Option<String> {
    let name = match parse(sql)? {
        Stmt::Insert { tbl_name, .. } | Stmt::Delete { tbl_name, .. } => tbl_name,
        Stmt::Update(update) => update.tbl_name,
        _ => return None,
    };
    Some(name.name.as_str().to_owned())
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
    fn an_expression_is_told_without_a_blank_before_its_arguments() {
        let text = "coalesce(lower(a), 'lower (x)') || a IN (1)";
        let Some(Stmt::Select(select)) = parse(&format!("SELECT 1 ORDER BY {text}")) else {
            panic!("not parsed")
        };
        assert_eq!(select.order_by.first().map(|o| expression_text(&o.expr)).as_deref(), Some(text));
    }

    #[test]
    fn a_pattern_is_filled_without_changing_what_binds_to_what() {
        let (x, v) = (condition("v || 'x'"), condition("?2"));
        let filled = filled("x >= v AND x < date(v, '+1 day')", &[("x", &x.unwrap()), ("v", &v.unwrap())]);
        let text = filled.map(|e| e.to_string());
        assert_eq!(text.as_deref(), Some("((v || 'x') >= ?2 AND (v || 'x') < date (?2, '+1 day'))"));
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
    }
}
