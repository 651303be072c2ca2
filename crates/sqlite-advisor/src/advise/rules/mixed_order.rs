//! ORDER BY that goes up in one column and down in another.
//!
//! **Finds** `ORDER BY a DESC, b` that is still sorted with all advice followed. **Why:** an index can be read in its own
//! direction or wholly backwards, so one on `(a, b)` gives the first column's order at most. **Verified** by running the
//! statement with an index whose terms have the statement's directions.

use crate::advise::rules::unserved_sort::sorts;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;

/// The rule's name.
pub const NAME: &str = "mixed_order";

/// Looks at the statements that sort in both directions.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for sort in sorts(context).into_iter().filter(|s| s.is_mixed()) {
        let what = format!(
            "orders rows of {} up in one column and down in another, which no index serves whose terms all go one way",
            sort.index.table
        );
        all.extend(sort.finding(context, &what)?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b INT, c TEXT);
        {N} INSERT INTO t(a, b, c) SELECT i % 50, i * 7919 % 20011, hex(randomblob(20)) FROM n;
        CREATE INDEX up ON t(a, b)";

    #[test]
    fn an_index_has_to_turn_where_the_order_turns() -> Result<()> {
        let advice = one(super::NAME, SCHEMA, "SELECT c FROM t ORDER BY a DESC, b LIMIT 5")?;
        assert_eq!(advice.sql().unwrap(), "CREATE INDEX idx_t_a_desc_b ON t(a DESC, b)");
        Ok(())
    }

    #[test]
    fn one_direction_is_served_from_either_end() -> Result<()> {
        let sql = "SELECT c FROM t ORDER BY a DESC, b DESC LIMIT 5; SELECT c FROM t WHERE a = 7 ORDER BY a, b DESC LIMIT 5";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
