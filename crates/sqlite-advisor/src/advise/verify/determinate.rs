//! A statement that leaves open which of several rows come, as one that does not: two runs of it can be compared.

use crate::sql::lexer::tokens;
use crate::sql::syntax::{self, ast};
use crate::sqlite::Session;
use rusqlite::Statement;

/// The text that asks for the same rows but leaves nothing open; none where the statement leaves nothing open already, or in
/// a way that is not known here, such as a column beside GROUP BY that is no part of it.
///
/// LIMIT may cut anywhere among rows that its order calls equal: the order is extended by every result column. DISTINCT and
/// GROUP BY return any of the values that their collation calls equal, as 'a' and 'A' in a column declared COLLATE NOCASE:
/// such columns are returned in the one form that they have in common.
pub fn determinate(session: &Session, sql: &str) -> Option<String> {
    let prepared = session.prepare(sql).ok()?;
    let ast::Stmt::Select(mut select) = syntax::parse(sql)? else { return None };
    let forms: Vec<Option<&str>> = (0..prepared.column_count()).map(|i| form(&prepared, i)).collect();
    let folds = takes_one_of_equals(sql) && forms.iter().any(Option::is_some);
    if select.limit.is_none() && !folds {
        return None;
    }
    if select.limit.is_some() {
        for position in 1..=forms.len() {
            let number = ast::Expr::Literal(ast::Literal::Numeric(position.to_string()));
            select.order_by.push(ast::SortedColumn { expr: Box::new(number), order: None, nulls: None });
        }
    }
    let select = ast::Stmt::Select(select).to_string();
    if !folds {
        return Some(select);
    }
    let names: Vec<String> = (1..=forms.len()).map(|i| format!("c{i}")).collect();
    let folded = |(name, form): (&String, &Option<&str>)| match form {
        Some(function) => format!("{function}({name})"),
        None => name.clone(),
    };
    let folded: Vec<String> = names.iter().zip(&forms).map(folded).collect();
    Some(format!("WITH open({}) AS ({select}) SELECT {} FROM open", names.join(", "), folded.join(", ")))
}

/// True if a statement returns one of several values that are equal.
fn takes_one_of_equals(sql: &str) -> bool {
    let words = ["DISTINCT", "GROUP", "UNION", "INTERSECT", "EXCEPT"];
    tokens(sql).iter().any(|token| words.iter().any(|word| token.is(word)))
}

/// The function that makes one of all values which the collation of a result column calls equal; none where these are the
/// same anyway, or it is not known.
fn form(prepared: &Statement<'_>, column: usize) -> Option<&'static str> {
    let (.., collation, _, _, _) = prepared.column_metadata(column).ok()??;
    let collation = collation?.to_str().ok()?;
    let known = [("NOCASE", "lower"), ("RTRIM", "rtrim")];
    known.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(collation)).map(|(_, function)| function)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;

    fn made_determinate(sql: &str) -> Result<Option<String>> {
        let session = Session::in_memory()?;
        session
            .connection()
            .execute_batch("CREATE TABLE t(a, name TEXT COLLATE NOCASE, code COLLATE RTRIM)")?;
        Ok(determinate(&session, sql))
    }

    #[test]
    fn an_order_is_made_total_only_where_a_limit_leaves_it_open() -> Result<()> {
        let total = made_determinate("SELECT a, a + 1 FROM t ORDER BY a DESC LIMIT 3")?;
        assert_eq!(total.as_deref(), Some("SELECT a, a + 1 FROM t ORDER BY a DESC, 1, 2 LIMIT 3"));
        assert_eq!(made_determinate("SELECT a, name FROM t")?, None);
        Ok(())
    }

    #[test]
    fn values_that_a_collation_calls_equal_are_returned_in_one_form() -> Result<()> {
        let folded = made_determinate("SELECT DISTINCT a, name, code FROM t")?;
        let expected = "WITH open(c1, c2, c3) AS (SELECT DISTINCT a, name, code FROM t) \
                        SELECT c1, lower(c2), rtrim(c3) FROM open";
        assert_eq!(folded.as_deref(), Some(expected));
        let both = made_determinate("SELECT name FROM t GROUP BY name LIMIT 2")?;
        let expected = "WITH open(c1) AS (SELECT name FROM t GROUP BY name ORDER BY 1 LIMIT 2) SELECT lower(c1) FROM open";
        assert_eq!(both.as_deref(), Some(expected));
        Ok(())
    }
}
