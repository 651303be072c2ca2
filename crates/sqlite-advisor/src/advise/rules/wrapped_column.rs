//! A function or cast around a column.
//!
//! **Finds** `date(x) = v`, `strftime('%Y-%m', x) = v`, `date(x, 'unixepoch', 'localtime') = v`, `CAST(x AS TEXT) = v`, `substr(x, 1, n) = v` and `lower(x) = v`, with
//! the other comparisons where they have an equal form. **Why:** an index on `x` is in the order of `x`, not of what a
//! function makes of it (<https://www.sqlite.org/optoverview.html>). **Verified** by running the equal range on `x`, after
//! a look at every stored value: the form is equal only while dates are texts of the form YYYY-MM-DD, or numbers of seconds. For `lower(x)` an
//! index on the expression is tried instead, because no form on `x` itself is equal.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{Index, Key, Term, literal, quote};
use crate::sql::scope::{Found, Scope, each_expr, each_select, fixed_columns};
use crate::sql::syntax::ast::{Expr, Literal, OneSelect, Operator, Stmt};
use crate::sql::syntax::{filled, is_constant};
use crate::sqlite::schema::Affinity;
use std::collections::BTreeSet;

/// The rule's name.
pub const NAME: &str = "wrapped_column";

/// Looks at every comparison of a wrapped column with a constant.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        for (table, column) in wrapped(context, &stmt) {
            all.extend(one(context, i, &stmt, &table, &column)?);
        }
    }
    Ok(all)
}

fn one(
    context: &RuleContext<'_>,
    i: usize,
    stmt: &Stmt,
    table: &str,
    column: &str,
) -> Result<Option<Finding>> {
    let (mut rewritten, mut wrap) = (stmt.clone(), None);
    each_expr(&mut rewritten, context.schema(), |e, scope| {
        let Some(found) = comparison(e, scope) else { return };
        if found.place.table.name != table || found.place.column.name != column {
            return;
        }
        if let Some(range) = found.range(context) {
            *e = range;
            wrap = Some((found.written.clone(), found.wrap));
        } else if wrap.is_none() {
            wrap = Some((found.written.clone(), found.wrap));
        }
    });
    let Some((written, wrap)) = wrap else { return Ok(None) };
    let on = |f: Finding| f.on(table, vec![column.to_owned()]);
    let what = format!("{written} hides the column {column} from every index on it");
    if let Wrap::Case(function) = wrap {
        let expression = format!("{function}({})", quote(column));
        let key = Term { key: Key::Expression(expression), collation: None, descending: false };
        let index = Index { table: table.to_owned(), key: vec![key], filter: None };
        let found = context.index(i, &index, &what)?;
        return Ok(found.map(|f| on(f).with_remedy("an index on the expression as it is written serves it")));
    }
    if rewritten == *stmt || !wrap.holds(context, table, column) {
        return Ok(None);
    }
    let mut keys = vec![vec![column.to_owned()]];
    let before = fixed(context, stmt, table);
    if !before.is_empty() && !before.contains(&column.to_owned()) {
        keys.push([before, vec![column.to_owned()]].concat());
    }
    let mut indexes: Vec<Index> =
        keys.iter().map(|k| Index::on(table, k.iter().map(String::as_str))).collect();
    indexes.retain(|index| context.lacks(index));
    let found = context.rewrite(i, &rewritten, &indexes, &what)?;
    Ok(found.map(|f| on(f).with_remedy(wrap.caution())))
}

/// The columns of large tables that are wrapped in a comparison.
fn wrapped(context: &RuleContext<'_>, stmt: &Stmt) -> BTreeSet<(String, String)> {
    let mut places = BTreeSet::new();
    each_expr(&mut stmt.clone(), context.schema(), |e, scope| {
        if let Some(found) = comparison(e, scope).filter(|c| context.is_large(c.place.table)) {
            places.insert((found.place.table.name.clone(), found.place.column.name.clone()));
        }
    });
    places
}

/// The columns of a table that the outermost WHERE fixes.
fn fixed(context: &RuleContext<'_>, stmt: &Stmt, table: &str) -> Vec<String> {
    let mut columns = vec![];
    each_select(&mut stmt.clone(), context.schema(), |select, scope| {
        if let (OneSelect::Select { where_clause, .. }, Some(t)) =
            (&select.body.select, context.schema().table(table))
        {
            columns.extend(fixed_columns(where_clause.as_deref(), scope, t));
        }
    });
    columns.dedup();
    columns
}

/// What is around the column.
#[derive(Debug, Clone, PartialEq)]
enum Wrap {
    /// `date`, `strftime` of a day, a month or a year; with a zone, of seconds since 1970.
    Period(Period, Option<Zone>),
    /// A cast to that type.
    Cast(String),
    /// That many first characters.
    Prefix(usize),
    /// `lower` or `upper`.
    Case(String),
}

/// A stretch of time that a date belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Period {
    Day,
    Month,
    Year,
}

/// Whose midnight a date begins at.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Zone {
    Greenwich,
    Local,
}

impl Zone {
    /// The modifier that leads from its time back to that of Greenwich.
    fn back(self) -> &'static str {
        match self {
            Self::Greenwich => "",
            Self::Local => ", 'utc'",
        }
    }
}

impl Period {
    /// What makes a date of it, and the step to the next.
    fn parts(self) -> (&'static str, &'static str, usize) {
        match self {
            Self::Day => ("", "+1 day", 10),
            Self::Month => ("-01", "+1 month", 7),
            Self::Year => ("-01-01", "+1 year", 4),
        }
    }
}

impl Wrap {
    /// True if the other form is equal for every value that is stored.
    fn holds(&self, context: &RuleContext<'_>, table: &str, column: &str) -> bool {
        let (from, x) = (quote(table), quote(column));
        let other = match self {
            Self::Period(_, None) => format!("typeof({x}) <> 'text' OR date({x}) IS NOT substr({x}, 1, 10)"),
            Self::Period(_, Some(_)) => format!("typeof({x}) NOT IN ('integer', 'real')"),
            Self::Cast(kind) => {
                format!("CAST(CAST({x} AS {kind}) AS TEXT) IS NOT CAST({x} AS TEXT) OR typeof({x}) = 'blob'")
            }
            Self::Prefix(_) => format!("typeof({x}) <> 'text'"),
            Self::Case(_) => "0".to_owned(),
        };
        context.number(&format!("SELECT count(*) FROM {from} WHERE {x} IS NOT NULL AND ({other})")) == Some(0)
    }

    fn caution(&self) -> &'static str {
        match self {
            Self::Period(_, None) => {
                "the two forms are equal for every value stored now; they stay so while dates are stored as texts of the \
                 form YYYY-MM-DD, and what they are compared with has the form that the function gives"
            }
            Self::Period(_, Some(_)) => {
                "the two forms are equal for every value stored now; they stay so while the column holds seconds since 1970, \
                 and what they are compared with has the form that the function gives"
            }
            Self::Cast(_) => {
                "the two forms are equal for every value stored now; they stay so while values have the plain form of \
                 their type"
            }
            Self::Prefix(_) | Self::Case(_) => {
                "the two forms are equal while the column holds texts, compared with one of the length that is cut off"
            }
        }
    }
}

/// A comparison of a wrapped column.
struct Comparison<'s> {
    place: Found<'s>,
    /// The wrapped column as written.
    written: String,
    wrap: Wrap,
    column: Expr,
    operator: Operator,
    /// One value, or both ends of BETWEEN.
    values: Vec<Expr>,
}

fn comparison<'s>(e: &Expr, scope: &Scope<'s>) -> Option<Comparison<'s>> {
    let made = |around: &Expr, operator: Operator, values: &[&Expr]| {
        let (wrap, column) = unwrap(around)?;
        let place = scope.column(column)?;
        let constant = values.iter().all(|v| is_constant(v));
        let values = values.iter().map(|v| (*v).clone()).collect();
        let written = around.to_string().replace(" (", "(");
        constant.then(|| Comparison { place, written, wrap, column: column.clone(), operator, values })
    };
    match e {
        Expr::Binary(a, op, b) => {
            let flipped = match op {
                Operator::Equals => Operator::Equals,
                Operator::Less => Operator::Greater,
                Operator::LessEquals => Operator::GreaterEquals,
                Operator::Greater => Operator::Less,
                Operator::GreaterEquals => Operator::LessEquals,
                _ => return None,
            };
            made(a, *op, &[b]).or_else(|| made(b, flipped, &[a]))
        }
        Expr::Between { lhs, not: false, start, end } => made(lhs, Operator::And, &[start, end]),
        _ => None,
    }
}

/// The zone that `'unixepoch'` and what stands behind it lead to, none without modifiers; none at all for any other modifier.
fn zone(modifiers: &[&Expr]) -> Option<Option<Zone>> {
    let words: Vec<&str> = modifiers.iter().map(|e| plain_text(e)).collect::<Option<_>>()?;
    match words.as_slice() {
        [] => Some(None),
        ["unixepoch"] => Some(Some(Zone::Greenwich)),
        ["unixepoch", "localtime"] => Some(Some(Zone::Local)),
        _ => None,
    }
}

/// What is around a column, and the column.
fn unwrap(e: &Expr) -> Option<(Wrap, &Expr)> {
    match e {
        Expr::Parenthesized(list) if list.len() == 1 => unwrap(list.first()?),
        Expr::Cast { expr, type_name: Some(kind) } => {
            let plain =
                ["TEXT", "INTEGER", "INT", "REAL"].iter().find(|k| kind.name.eq_ignore_ascii_case(k))?;
            Some((Wrap::Cast((*plain).to_owned()), expr))
        }
        Expr::FunctionCall { name, args, .. } => {
            let args: Vec<&Expr> = args.iter().map(AsRef::as_ref).collect();
            let period = |format: &str| match format {
                "'%Y-%m-%d'" | "'%F'" => Some(Period::Day),
                "'%Y-%m'" => Some(Period::Month),
                "'%Y'" => Some(Period::Year),
                _ => None,
            };
            match (name.as_str().to_ascii_lowercase().as_str(), args.as_slice()) {
                ("date", [x, modifiers @ ..]) => Some((Wrap::Period(Period::Day, zone(modifiers)?), *x)),
                ("strftime", [Expr::Literal(Literal::String(format)), x, modifiers @ ..]) => {
                    Some((Wrap::Period(period(format)?, zone(modifiers)?), *x))
                }
                ("substr" | "substring", [x, Expr::Literal(Literal::Numeric(one)), n]) if one == "1" => {
                    let Expr::Literal(Literal::Numeric(n)) = n else { return None };
                    Some((Wrap::Prefix(n.parse().ok()?), *x))
                }
                (function @ ("lower" | "upper"), [x]) => Some((Wrap::Case(function.to_owned()), *x)),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Comparison<'_> {
    /// The equal condition on the column itself; none where there is none.
    fn range(&self, context: &RuleContext<'_>) -> Option<Expr> {
        let value = self.values.first()?;
        let pattern = match (&self.wrap, self.operator) {
            (Wrap::Period(period, zone), operator) => return self.period(context, *period, *zone, operator),
            (Wrap::Cast(_), Operator::Equals) => "x = v",
            (Wrap::Prefix(n), Operator::Equals) if self.place.column.affinity == Affinity::Text => {
                // A literal of another length equals nothing that was cut.
                if plain_text(value).is_some_and(|text| text.chars().count() != *n) {
                    return None;
                }
                "x >= v AND x < v || char(1114111)"
            }
            _ => return None,
        };
        filled(pattern, &[("x", &self.column), ("v", value)])
    }

    /// The range of a period, of texts or, with a zone, of seconds.
    fn period(
        &self,
        context: &RuleContext<'_>,
        period: Period,
        zone: Option<Zone>,
        operator: Operator,
    ) -> Option<Expr> {
        let (value, last) = (self.values.first()?, self.values.last()?);
        let (suffix, step, length) = period.parts();
        // A literal in another form equals no date, and a range would find some.
        for text in [value, last].into_iter().filter_map(|v| plain_text(v)) {
            if text.len() != length {
                return None;
            }
        }
        let folded = |v: &Expr, pattern: &str| -> Option<Expr> {
            let made = filled(pattern, &[("v", v)])?;
            // What midnight is in another zone is for the place where it runs.
            if plain_text(v).is_none() || zone.is_some() {
                return Some(made);
            }
            let sql = format!("SELECT {made}");
            let text: Option<String> =
                context.before.session().connection().query_row(&sql, [], |r| r.get(0)).ok()?;
            Some(Expr::Literal(Literal::String(literal(&text?))))
        };
        let date = if suffix.is_empty() { "v".to_owned() } else { format!("v || '{suffix}'") };
        let seconds =
            |date: &str, zone: Zone| format!("CAST(strftime('%s', {date}{}) AS INTEGER)", zone.back());
        let of = |text: String, moment: String| zone.map_or(text, |zone| seconds(&moment, zone));
        let begin = |v: &Expr| folded(v, &of(date.clone(), date.clone()));
        let stepped = format!("{date}, '{step}'");
        let next = |v: &Expr| folded(v, &of(format!("date({stepped})"), stepped.clone()));
        let pattern = match operator {
            Operator::Equals | Operator::And => "x >= a AND x < b",
            Operator::GreaterEquals => "x >= a",
            Operator::Less => "x < a",
            Operator::Greater => "x >= b",
            Operator::LessEquals => "x < b",
            _ => return None,
        };
        filled(pattern, &[("x", &self.column), ("a", &begin(value)?), ("b", &next(last)?)])
    }
}

/// The text of a string literal, without its quotes.
fn plain_text(e: &Expr) -> Option<&str> {
    match e {
        Expr::Literal(Literal::String(text)) => Some(text.trim_matches('\'')),
        Expr::Parenthesized(list) if list.len() == 1 => plain_text(list.first()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    fn schema(value: &str) -> String {
        format!(
            "CREATE TABLE visit(id INTEGER PRIMARY KEY, at DATETIME, code TEXT, note TEXT);
             {{N}} INSERT INTO visit(at, code, note) SELECT {value}, printf('K%05d', i), hex(randomblob(30)) FROM n;
             CREATE INDEX visit_at ON visit(at); CREATE INDEX visit_code ON visit(code)"
        )
    }
    const STAMP: &str = "datetime('2026-01-01', (i * 37 % 20011) || ' minutes')";

    fn rewritten(condition: &str) -> Result<String> {
        let sql = format!("-- param: ?1 = '2026-01-05'\nSELECT note FROM visit WHERE {condition}");
        let advice = one(super::NAME, &schema(STAMP), &sql)?;
        assert!(advice.common().verification.as_ref().unwrap().verified);
        Ok(advice.sql().unwrap().replace("SELECT note FROM visit WHERE ", "").replace("date (", "date("))
    }

    #[test]
    fn a_date_becomes_a_range_of_its_column() -> Result<()> {
        assert_eq!(rewritten("date(at) = '2026-01-05'")?, "(at >= '2026-01-05' AND at < '2026-01-06')");
        assert_eq!(rewritten("?1 = date(at)")?, "(at >= ?1 AND at < date(?1, '+1 day'))");
        let between = rewritten("date(at) BETWEEN '2026-01-05' AND '2026-01-06'")?;
        assert_eq!(between, "(at >= '2026-01-05' AND at < '2026-01-07')");
        assert_eq!(rewritten("strftime('%Y-%m-%d', at) > '2026-01-13'")?, "(at >= '2026-01-14')");
        Ok(())
    }

    #[test]
    fn seconds_are_compared_with_those_of_midnight() -> Result<()> {
        let sql = "SELECT note FROM visit WHERE date(at, 'unixepoch', 'localtime') = '2026-01-05'";
        let advice = one(super::NAME, &schema("1767225600 + i * 60"), sql)?;
        let range = "(at >= (CAST (strftime ('%s', '2026-01-05', 'utc') AS INTEGER)) AND at < (CAST (strftime ('%s', '2026-01-05', \
                     '+1 day', 'utc') AS INTEGER)))";
        let plain = |sql: &str| sql.replace(['(', ')', ' '], "");
        assert!(plain(advice.sql().unwrap()).contains(&plain(range)), "{}", advice.sql().unwrap());
        let sql = "SELECT note FROM visit WHERE date(at, 'unixepoch', '+1 day') = '2026-01-05' OR date(at, 'auto') = '2026-01-05'";
        assert!(found(super::NAME, &schema("1767225600 + i * 60"), sql)?.is_empty());
        Ok(())
    }

    #[test]
    fn a_cut_or_cast_text_becomes_the_text() -> Result<()> {
        let cut = rewritten("substr(code, 1, 5) = 'K0001'")?;
        assert_eq!(cut, "(code >= 'K0001' AND code < 'K0001' || char (1114111))");
        assert_eq!(rewritten("CAST(code AS TEXT) = 'K00017'")?, "(code = 'K00017')");
        Ok(())
    }

    #[test]
    fn lower_gets_an_index_on_the_expression() -> Result<()> {
        let advice = one(super::NAME, &schema(STAMP), "SELECT note FROM visit WHERE lower(code) = 'k00017'")?;
        assert_eq!(advice.sql().unwrap(), "CREATE INDEX idx_visit_lower_code ON visit(lower(code))");
        Ok(())
    }

    #[test]
    fn values_of_another_form_keep_their_function() -> Result<()> {
        let sql = "SELECT note FROM visit WHERE date(at) = '2026-01-05'";
        let julian = "iif(i = 7, 2461045.5, datetime('2026-01-01', i || ' minutes'))";
        assert!(found(super::NAME, &schema(julian), sql)?.is_empty());
        let zoned = "datetime('2026-01-01', i || ' minutes') || iif(i = 7, '+11:00', '')";
        assert!(found(super::NAME, &schema(zoned), sql)?.is_empty());
        let sql = "SELECT note FROM visit WHERE strftime('%Y', at) = '2026-01-05' OR date(at) = 'x'
                   OR substr(code, 1, 3) = 'K0001' OR date(at) IS '2026-01-05'";
        assert!(found(super::NAME, &schema(STAMP), sql)?.is_empty());
        Ok(())
    }
}
