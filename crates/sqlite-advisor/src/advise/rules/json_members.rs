//! A list in JSON that is searched at every row.
//!
//! **Finds** `EXISTS (SELECT 1 FROM json_each(x) WHERE value = v)` and `v IN (SELECT value FROM json_each(x))`, with `v` the same for
//! every row. **Why:** no index sees into a list, so the text of every row is taken apart at each call
//! (<https://www.sqlite.org/json1.html#table_valued_functions_for_parsing_json_each_and_json_tree_>). **Cure:** a table with a row
//! for each member of each list, kept by triggers (<https://www.sqlite.org/lang_createtrigger.html>), that tells which rows to look
//! at; the condition stays beside it, so that no row comes which does not pass. **Verified** on the copy: after rows were inserted,
//! given other lists, none, and deleted, down to the empty table, both forms gave the same rows each time; what the triggers add
//! to an insert is told, and charged against what the reads of the workload gain. **Silent** where few rows are looked at, where
//! most rows hold the value, and where its writes would lose more than its reads gain.

use crate::advise::rules::finding::{Experiment, Kind, Verification};
use crate::advise::rules::kept::{Keeping, hold, some_rows};
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::quote;
use crate::model::units::count;
use crate::sql::scope::{self, Place, Scope};
use crate::sql::syntax::ast::{Expr, OneSelect, Operator, ResultColumn, Select, SelectTable};
use crate::sql::syntax::{column_name, condition, conjuncts, enclosed, is_constant};
use crate::sqlite::schema::{Column, Table};

/// The rule's name.
pub const NAME: &str = "json_members";

/// How many times less the read must cost for a table of its own.
const WORTH: f64 = 10.0;

/// Looks at every WHERE.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, statement, stmt) in context.reads() {
        let (mut rewritten, mut found) = (stmt.clone(), None);
        scope::walk(&mut rewritten, context.schema(), |place, scope| {
            let Place::Condition(e) = place else { return };
            let members = conjuncts(e).into_iter().find_map(|term| Members::of(context, term, scope));
            let Some(members) = members.filter(|_| found.is_none()) else { return };
            let Some(those) = condition(&members.rows()) else { return };
            let whole = enclosed(e.clone());
            *e = Expr::Binary(Box::new(those), Operator::And, Box::new(whole));
            found = Some(members);
        });
        let Some(members) = found else { continue };
        let (sql, keeping) = (rewritten.to_string(), members.keeping());
        let experiment = context.experiment(i, &sql, &keeping.needs)?;
        let pays = |t: &Experiment| t.same_rows == Some(true) && t.before.cost() > t.after.cost() * WORTH;
        let Some(experiment) = experiment.filter(pays) else { continue };
        let Some(kept) = hold(context, statement, &sql, &keeping)? else { continue };
        if kept.charge >= (experiment.before.cost() - experiment.after.cost()) * statement.weight {
            continue;
        }
        let (table, column) = (&members.table.name, &members.column.name);
        let what = format!("takes the lists in {column} of all {} rows apart", count(context.rows(table)));
        let remedy = format!(
            "the triggers keep a row for each member: an insert into {table} takes {} VM steps instead of {}",
            count(kept.insert.1),
            count(kept.insert.0)
        );
        let finding = Finding::of_statement(Kind::Rewrite, i, what, Verification::Ran(experiment));
        all.push(finding.on(table, vec![column.clone()]).with_remedy(remedy).with_sql(sql, keeping.needs));
    }
    Ok(all)
}

/// A value that is looked for in the lists of a column.
struct Members<'s> {
    table: &'s Table,
    column: &'s Column,
    /// The name that the table goes by there.
    source: String,
    /// What is looked for.
    value: Expr,
    /// The table that keeps the members.
    kept: String,
}

impl<'s> Members<'s> {
    fn of(context: &RuleContext<'_>, term: &Expr, scope: &Scope<'s>) -> Option<Self> {
        let (list, value) = match term {
            Expr::Exists(select) => {
                let (list, filter, alias) = of_json_each(select)?;
                let Expr::Binary(a, Operator::Equals, b) = filter? else { return None };
                let value = match (is_member(a, &alias), is_member(b, &alias)) {
                    (true, false) => b,
                    (false, true) => a,
                    _ => return None,
                };
                (list, value.as_ref().clone())
            }
            Expr::InSelect { lhs, not: false, rhs } => {
                let (list, None, alias) = of_json_each(rhs)? else { return None };
                let OneSelect::Select { columns, .. } = &rhs.body.select else { return None };
                let [ResultColumn::Expr(e, _)] = columns.as_slice() else { return None };
                is_member(e, &alias).then_some((list, lhs.as_ref().clone()))?
            }
            _ => return None,
        };
        let found = scope.column(list)?;
        let (table, column, source) = (found.table, found.column, scope.source_of(list)?);
        let kept = format!("{}_{}_members", table.name, column.name);
        let is_free = ["", "_insert", "_update", "_delete"]
            .iter()
            .all(|end| !context.schema().has(&format!("{kept}{end}")));
        let fits = table.has_rowid() && is_free && column.generated.is_none() && is_constant(&value);
        (fits && context.is_large(table)).then_some(Self { table, column, source, value, kept })
    }

    /// The rows that hold the value, as a condition.
    fn rows(&self) -> String {
        format!(
            "{}.rowid IN (SELECT owner FROM {} WHERE member = {})",
            quote(&self.source),
            quote(&self.kept),
            enclosed(self.value.clone())
        )
    }

    /// The table of members, with the changes that could go wrong: other lists, an empty one, and none.
    fn keeping(&self) -> Keeping<'s> {
        let (kept, from, list) = (quote(&self.kept), quote(&self.table.name), quote(&self.column.name));
        // What is no JSON has no members, and must not make a write fail.
        let each = |row: &str| {
            format!("json_each(CASE WHEN json_valid({row}.{list}) THEN {row}.{list} END) AS each")
        };
        let added = |row: &str, rows: &str| {
            format!(
                "INSERT OR IGNORE INTO {kept} SELECT each.value, {row}.rowid FROM {rows}{} WHERE each.value IS NOT NULL",
                each(row)
            )
        };
        let taken = format!(
            "DELETE FROM {kept} WHERE owner = old.rowid AND member IN (SELECT each.value FROM {})",
            each("old")
        );
        let trigger = |event: &str, of: &str, body: String| {
            let name = quote(&format!("{}_{}", self.kept, event.to_lowercase()));
            format!("CREATE TRIGGER {name} AFTER {event}{of} ON {from} BEGIN {body}; END")
        };
        let key = self.table.columns.iter().find(|c| self.table.is_rowid(c));
        let of: Vec<String> = std::iter::once(self.column).chain(key).map(|c| quote(&c.name)).collect();
        let needs = vec![
            format!(
                "CREATE TABLE {kept}(member NOT NULL, owner INTEGER NOT NULL, PRIMARY KEY(member, owner)) WITHOUT ROWID"
            ),
            added(&from, &format!("{from}, ")),
            trigger("INSERT", "", added("new", "")),
            trigger("DELETE", "", taken.clone()),
            trigger("UPDATE", &format!(" OF {}", of.join(", ")), format!("{taken}; {}", added("new", ""))),
        ];
        let update = |value: &str, rows: u32, behind: u32| {
            let rows = some_rows(self.table, rows, behind);
            format!("UPDATE OR IGNORE {from} SET {list} = {value} WHERE {rows}")
        };
        let changes = vec![
            update(&format!("(SELECT {list} FROM {from} ORDER BY rowid DESC LIMIT 1)"), 150, 0),
            update(&format!("(SELECT {list} FROM {from} LIMIT 1)"), 300, 500),
            update("'[]'", 100, 100),
            update("NULL", 100, 200),
        ];
        Keeping { table: self.table, needs, columns: vec![self.column.name.clone()], changes }
    }
}

/// What `SELECT ... FROM json_each(x) ...` takes apart, what its rows have to pass, and the name that it goes by.
fn of_json_each(select: &Select) -> Option<(&Expr, Option<&Expr>, String)> {
    let plain = select.with.is_none() && select.body.compounds.is_empty() && select.limit.is_none();
    let OneSelect::Select { from: Some(from), where_clause, group_by: None, .. } = &select.body.select else {
        return None;
    };
    let SelectTable::TableCall(name, arguments, alias) = from.select.as_ref() else { return None };
    let ([list], true) = (arguments.as_slice(), plain && from.joins.is_empty()) else { return None };
    if !name.name.as_str().eq_ignore_ascii_case("json_each") {
        return None;
    }
    let filter = where_clause.as_ref().map(|e| conjuncts(e));
    let filter = match filter.as_deref() {
        None => None,
        Some([one]) => Some(*one),
        Some(_) => return None,
    };
    let alias = alias.as_ref().map_or("json_each", |a| a.name().as_str());
    Some((list, filter, alias.to_owned()))
}

/// True for the `value` of a list.
fn is_member(e: &Expr, alias: &str) -> bool {
    let own = match e {
        Expr::Qualified(source, _) => source.as_str().eq_ignore_ascii_case(alias),
        _ => true,
    };
    own && column_name(e).is_some_and(|name| name.eq_ignore_ascii_case("value"))
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE note(id INTEGER PRIMARY KEY, tags TEXT, text TEXT);
        {N} INSERT INTO note(tags, text) SELECT json_array('topic ' || (i % 40), 'person ' || (i * 31 % 900)), hex(randomblob(9)) FROM n";

    #[test]
    fn a_table_of_members_tells_which_rows_to_look_at() -> Result<()> {
        let exists = "SELECT text FROM note AS n WHERE EXISTS (SELECT 1 FROM json_each(n.tags) AS t WHERE t.value = 'person 77')";
        let within = "SELECT text FROM note WHERE 'person 77' IN (SELECT value FROM json_each(tags))";
        for sql in [exists, within] {
            let advice = one(super::NAME, SCHEMA, sql)?;
            let needs = &advice.proposal().unwrap().needs;
            assert!(
                needs[0].starts_with("CREATE TABLE note_tags_members(") && needs.len() == 5,
                "{needs:#?}"
            );
            assert!(advice.common().verification.as_ref().unwrap().verified, "{advice:#?}");
        }
        Ok(())
    }

    #[test]
    fn a_value_of_each_row_and_one_that_most_rows_hold_are_left_alone() -> Result<()> {
        let sql = "SELECT text FROM note WHERE EXISTS (SELECT 1 FROM json_each(tags) WHERE value = text);
                   SELECT text FROM note WHERE EXISTS (SELECT 1 FROM json_each(tags) WHERE value > 'topic');
                   SELECT text FROM note WHERE NOT EXISTS (SELECT 1 FROM json_each(tags) WHERE value = 'person 77')";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
