//! Declared types that do not mean what they say.
//!
//! **Finds** columns declared with a word for text that SQLite takes for a number (STRING, UUID), or with a word that holds
//! INT by accident (POINT). **Why:** only five rules give the affinity
//! (<https://www.sqlite.org/datatype3.html#determination_of_column_affinity>); with NUMERIC or INTEGER the text '007' is
//! stored as 7 and '1e3' as 1000. **Verified** by counting the values of such columns that are stored as numbers already.

use crate::advise::rules::finding::Verification;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::quote;
use crate::sqlite::schema::{Affinity, Column};
use std::collections::BTreeMap;

/// The rule's name.
pub const NAME: &str = "declared_type";

/// The first word of types that are meant to be text and get NUMERIC.
const MEANT_AS_TEXT: &[&str] = &["STRING", "STR", "UUID", "GUID"];
/// Words that hold INT and are meant to be something else.
const INT_BY_ACCIDENT: &[&str] = &["POINT", "PRINT", "INTERVAL", "POINTER"];

/// Looks at every column; one finding for each declared type.
///
/// # Errors
/// None so far.
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut by_type: BTreeMap<String, Vec<(&str, &Column)>> = BTreeMap::new();
    for table in context.schema().tables.iter().filter(|t| t.is_indexable() && !t.strict) {
        for column in table.columns.iter().filter(|c| misleads(c)) {
            by_type.entry(without_size(&column.declared_type)).or_default().push((&table.name, column));
        }
    }
    Ok(by_type.into_iter().map(|(declared, columns)| one(context, &declared, &columns)).collect())
}

/// `STRING` of `string(9)`.
fn without_size(declared: &str) -> String {
    declared.split('(').next().unwrap_or(declared).trim().to_uppercase()
}

fn misleads(column: &Column) -> bool {
    let words = column.declared_type.to_ascii_uppercase();
    let mut words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    match column.affinity {
        Affinity::Numeric => words.next().is_some_and(|word| MEANT_AS_TEXT.contains(&word)),
        Affinity::Integer => words.any(|word| INT_BY_ACCIDENT.contains(&word)),
        _ => false,
    }
}

fn one(context: &RuleContext<'_>, declared: &str, columns: &[(&str, &Column)]) -> Finding {
    let names: Vec<String> = columns.iter().map(|(t, c)| format!("{t}.{}", c.name)).collect();
    let count = |filter: &str| -> u64 {
        let sql = |(t, c): &(&str, &Column)| {
            let (from, name) = (quote(t), quote(&c.name));
            format!("SELECT count(*) FROM {from} WHERE typeof({name}) {filter}")
        };
        columns.iter().filter_map(|place| context.number(&sql(place))).sum()
    };
    let (numbers, values) = (count("IN ('integer', 'real')"), count("<> 'null'"));
    let affinity = columns.first().map_or(Affinity::Numeric, |(_, c)| c.affinity);
    let (affinity, instead) = match affinity {
        Affinity::Integer => ("INTEGER", "REAL, TEXT or BLOB, whichever is meant"),
        _ => ("NUMERIC", "TEXT"),
    };
    let what = format!(
        "the declared type {declared} gives the affinity {affinity}: a text that looks like a number is stored as one ('007' \
         becomes 7), and comparing the column with a TEXT column turns that text into numbers, past its index; columns: {}",
        names.join(", ")
    );
    let verification = Verification::Counted(format!(
        "of {} values in these columns, {} are stored as numbers",
        crate::model::units::count(values),
        crate::model::units::count(numbers)
    ));
    let mut tables: Vec<&str> = columns.iter().map(|(t, _)| *t).collect();
    tables.dedup();
    let table = if let [table] = tables[..] { table } else { "" };
    Finding::of_schema(table, names, what, verification).with_remedy(format!(
        "declare them {instead}; a declared type changes only by making the table anew \
         (https://www.sqlite.org/lang_altertable.html#otheralter)"
    ))
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    #[test]
    fn string_is_a_number_to_sqlite() -> Result<()> {
        let schema = "CREATE TABLE t(a String, b VARCHAR); CREATE TABLE u(c string(9)); INSERT INTO t VALUES ('007', '007')";
        let advice = one(super::NAME, schema, "SELECT a FROM t")?;
        assert_eq!(advice.proposal().unwrap().columns, ["t.a", "u.c"]);
        assert_eq!(
            advice.common().verification.as_ref().unwrap().note,
            "of 1 values in these columns, 1 are stored as numbers"
        );
        Ok(())
    }

    #[test]
    fn a_point_is_no_integer() -> Result<()> {
        let advice =
            one(super::NAME, "CREATE TABLE t(a FLOATING POINT, b INTEGER, c BIGINT)", "SELECT a FROM t")?;
        assert_eq!(advice.proposal().unwrap().columns, ["t.a"]);
        Ok(())
    }

    #[test]
    fn dates_and_decimals_mean_what_they_say() -> Result<()> {
        let schema = "CREATE TABLE t(a DATETIME, b DECIMAL(9, 2), c BOOLEAN, d TEXT, e, f JSON)";
        assert!(found(super::NAME, schema, "SELECT a FROM t")?.is_empty());
        Ok(())
    }
}
