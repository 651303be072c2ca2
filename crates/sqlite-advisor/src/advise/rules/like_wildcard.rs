//! LIKE with a wildcard in front.
//!
//! **Finds** `x LIKE '%word%'` on a large table, with ESCAPE or without. **Why:** an index is in the order of the first characters, and those are open,
//! so every row is read (<https://www.sqlite.org/optoverview.html#the_like_optimization>). **Verified** by making a full-text
//! table of trigrams on the copy (<https://www.sqlite.org/fts5.html#the_trigram_tokenizer>) and asking that one: equal rows,
//! at a lower cost, for the bytes that are told. SQLite has no function that reverses a text, so an open front with a plain end
//! gets trigrams too.

use crate::advise::rules::experiment::GAIN;
use crate::advise::rules::finding::Kind;
use crate::advise::rules::finding::Verification;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{literal, quote};
use crate::model::units::count;
use crate::sql::scope::{Scope, each_expr};
use crate::sql::syntax::ast::{Expr, LikeOperator, Literal, Name, Operator};
use crate::sql::syntax::{filled, is_constant};
use crate::sqlite::schema::{Table, TableKind};
use crate::workload::Statement;
use rusqlite::types::Value;
use std::collections::BTreeSet;

/// The rule's name.
pub const NAME: &str = "like_wildcard";

/// Characters above which no full-text table is made to try.
const MOST_TEXT: u64 = 50_000_000;

/// Looks at every LIKE whose pattern begins with a wildcard.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, statement, stmt) in context.reads() {
        let mut places = BTreeSet::new();
        each_expr(&mut stmt.clone(), context.schema(), |e, scope| {
            places.extend(place(context, statement, e, scope))
        });
        for (table, column) in places {
            let Some(t) = context.schema().table(&table) else { continue };
            let Some((name, changes)) = trigrams(context, t, &column) else { continue };
            let mut rewritten = stmt.clone();
            each_expr(&mut rewritten, context.schema(), |e, scope| {
                if place(context, statement, e, scope).is_some_and(|p| p == (table.clone(), column.clone()))
                    && let Some(looked_up) = looked_up(e, scope, t, &name, &column)
                {
                    *e = looked_up;
                }
            });
            let sql = rewritten.to_string();
            let what = format!("LIKE with a wildcard in front reads every {column} of {table}");
            let (from, x) = (quote(&table), quote(&column));
            let size = context
                .number(&format!("SELECT coalesce(sum(length({x})), 0) FROM {from}"))
                .unwrap_or(u64::MAX);
            if size > MOST_TEXT {
                let why = format!("the texts are too long to try it here ({} characters)", count(size));
                let finding = Finding::of_statement(Kind::Rewrite, i, what, Verification::Open(why, None));
                let remedy = "a full-text table of trigrams may serve it (https://www.sqlite.org/fts5.html#the_trigram_tokenizer)";
                all.push(finding.on(&table, vec![column]).with_remedy(remedy));
                continue;
            }
            let Some(experiment) = context.experiment(i, &sql, &changes)? else { continue };
            if experiment.same_rows != Some(true) || experiment.before.cost() < experiment.after.cost() * GAIN
            {
                continue;
            }
            let mut remedy = "triggers on the table have to keep the full-text table up to date \
                 (https://www.sqlite.org/fts5.html#external_content_tables), so every write costs more; a search for \
                 less than three characters stays slow"
                .to_owned();
            if t.rowid_alias().is_none() {
                remedy.push_str(
                    "; without an INTEGER PRIMARY KEY the rowids change at VACUUM, so rebuild it after one",
                );
            }
            let finding = Finding::of_statement(Kind::Rewrite, i, what, Verification::Ran(experiment));
            let finding = finding.on(&table, vec![column.clone()]).with_remedy(remedy).with_sql(sql, changes);
            all.push(Finding { bytes: experiment.bytes, ..finding });
        }
    }
    Ok(all)
}

fn place(
    context: &RuleContext<'_>,
    statement: &Statement,
    e: &Expr,
    scope: &Scope<'_>,
) -> Option<(String, String)> {
    let Expr::Like { lhs, not: false, op: LikeOperator::Like, rhs, escape } = e else { return None };
    let found = scope.column(lhs)?;
    let plain = escape.as_ref().is_none_or(|c| is_escape(c));
    let fits =
        found.table.kind == TableKind::Rowid && context.is_large(found.table) && is_constant(rhs) && plain;
    (fits && begins_open(rhs, statement)).then(|| (found.table.name.clone(), found.column.name.clone()))
}

/// True for a pattern that begins with a wildcard, with some value bound if it is a parameter.
fn begins_open(pattern: &Expr, statement: &Statement) -> bool {
    let open = |text: &str| text.starts_with(['%', '_']);
    match pattern {
        Expr::Literal(Literal::String(text)) => open(text.trim_start_matches('\'')),
        Expr::Binary(first, Operator::Concat, _) => begins_open(first, statement),
        Expr::Parenthesized(list) if list.len() == 1 => {
            list.first().is_some_and(|e| begins_open(e, statement))
        }
        Expr::Variable(v) => {
            let at = usize::try_from(v.index.get()).unwrap_or(usize::MAX) - 1;
            let value = |values: &Vec<Value>| matches!(values.get(at), Some(Value::Text(text)) if open(text));
            statement.bindings.iter().any(value)
        }
        _ => false,
    }
}

/// A name for the full-text table, and what makes and fills it.
fn trigrams(context: &RuleContext<'_>, table: &Table, column: &str) -> Option<(String, Vec<String>)> {
    if ["rank", "rowid"].iter().any(|word| column.eq_ignore_ascii_case(word)) {
        return None;
    }
    let name = format!("{}_{column}_trigrams", table.name);
    let parts = ["", "_data", "_idx", "_docsize", "_config"];
    if parts.iter().any(|part| context.schema().has(&format!("{name}{part}"))) {
        return None;
    }
    let key = table.rowid_alias().map_or("rowid", |c| c.name.as_str());
    let (own, content, key) = (quote(&name), literal(&table.name), literal(key));
    // In double quotes always: the words of FTS5 are not those of SQL.
    let column = format!("\"{}\"", column.replace('"', "\"\""));
    let create = format!(
        "CREATE VIRTUAL TABLE {own} USING fts5({column}, content={content}, content_rowid={key}, tokenize='trigram')"
    );
    Some((name, vec![create, format!("INSERT INTO {own}({own}) VALUES ('rebuild')")]))
}

/// The rowid looked up among the trigrams.
fn looked_up(e: &Expr, scope: &Scope<'_>, table: &Table, name: &str, column: &str) -> Option<Expr> {
    let Expr::Like { lhs, rhs, escape, .. } = e else { return None };
    let key = table.rowid_alias().map_or("rowid", |c| c.name.as_str());
    let rowid = Expr::Qualified(Name::exact(scope.source_of(lhs)?), Name::exact(key.to_owned()));
    let own = quote(name);
    let within = |pattern: &str| {
        format!("r IN (SELECT {own}.rowid FROM {own} WHERE {own}.{} LIKE {pattern})", quote(column))
    };
    let Some(escape) = escape else { return filled(&within("p"), &[("r", &rowid), ("p", rhs)]) };
    // FTS5 knows no ESCAPE. A pattern with any character for each that is escaped finds all rows and some more, and the
    // pattern as it is written decides.
    let pattern = format!("{} AND e", within(ANY_FOR_ESCAPED));
    filled(&pattern, &[("r", &rowid), ("p", rhs), ("c", escape), ("e", e)])
}

/// A pattern `p` with `_` for each wildcard or escape that the character `c` makes plain.
const ANY_FOR_ESCAPED: &str =
    "replace(replace(replace(replace(p, c || c, '_'), c || '%', '_'), c || '_', '_'), c, '')";

/// True for a character that can make others plain.
fn is_escape(e: &Expr) -> bool {
    match e {
        Expr::Literal(Literal::String(text)) => {
            !["'%'", "'_'", "''"].contains(&text.as_str()) && text.trim_matches('\'').chars().count() == 1
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE note(id INTEGER PRIMARY KEY, \"my text\" TEXT, kind INT);
        {N} INSERT INTO note(\"my text\", kind) SELECT 'word' || i || ' and more of it', i FROM n";

    #[test]
    fn a_word_in_the_middle_is_found_by_its_trigrams() -> Result<()> {
        let advice = one(super::NAME, SCHEMA, "SELECT id FROM note WHERE \"my text\" LIKE '%ord1777%'")?;
        assert!(advice.sql().unwrap().contains("(note.id IN (SELECT"), "{}", advice.sql().unwrap());
        assert!(
            advice.proposal().unwrap().needs[0]
                .starts_with("CREATE VIRTUAL TABLE \"note_my text_trigrams\" USING fts5(\"my text\"")
        );
        assert!(
            advice.proposal().unwrap().bytes > 0
                && advice.common().verification.as_ref().unwrap().verified
                && !advice.common().remedy.as_deref().unwrap_or_default().contains("VACUUM")
        );
        let keyless = SCHEMA.replace("id INTEGER PRIMARY KEY", "id TEXT PRIMARY KEY");
        let advice = one(super::NAME, &keyless, "SELECT kind FROM note WHERE \"my text\" LIKE '%ord1777%'")?;
        assert!(
            advice.common().remedy.as_deref().unwrap_or_default().contains("VACUUM"),
            "{}",
            advice.common().remedy.as_deref().unwrap_or_default()
        );
        Ok(())
    }

    #[test]
    fn what_an_escape_makes_plain_is_looked_up_as_any_character() -> Result<()> {
        let schema = SCHEMA.replace("' and more of it'", "' 50%! of_it'");
        for pattern in ["%ord1777 50!%!! %", "%ord1777 50!%!!%", "%rd1777 50!%!! !of!__t"] {
            let sql = format!("SELECT kind FROM note WHERE \"my text\" LIKE '{pattern}' ESCAPE '!'");
            let advice = one(super::NAME, &schema, &sql)?;
            assert!(advice.sql().unwrap().contains("LIKE \"replace\" ("), "{}", advice.sql().unwrap());
            let help = &advice.common().helps[0];
            assert_eq!((help.before.rows, help.after.rows), (1, 1), "{pattern}");
        }
        Ok(())
    }

    #[test]
    fn a_pattern_that_begins_plainly_or_is_too_short_is_left_alone() -> Result<()> {
        let sql = "SELECT id FROM note WHERE \"my text\" LIKE 'word1777%'; SELECT id FROM note WHERE \"my text\" LIKE '%77%'";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
