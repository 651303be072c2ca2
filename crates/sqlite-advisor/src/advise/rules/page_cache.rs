//! A page cache that what is read again and again does not fit into.
//!
//! **Finds** reads that fetch thousands of pages from the file at each run, though a larger cache would hold them. **Why:**
//! SQLite keeps 2 MiB of pages unless told otherwise (<https://www.sqlite.org/pragma.html#pragma_cache_size>), so lookups all
//! over a larger table throw each other's pages out. **Cure:** `PRAGMA cache_size` on every connection, or `PRAGMA mmap_size`,
//! which reads the file without copying it. **Verified** by running the statement twice with each size: the pages that the
//! second run still fetched are told; how long a page takes is up to the disk and the operating system, and mmap is not
//! measured. **Silent** where the pages fit already, and where 256 MiB would not hold them either.

use crate::advise::rules::finding::Verification;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::{Result, unless_failed};
use crate::model::units::count;
use crate::workload::Statement;

/// The rule's name.
pub const NAME: &str = "page_cache";

/// What SQLite's page cache holds by default, in KiB.
const DEFAULT_KIB: u32 = 2_000;
/// The sizes that are tried, in KiB.
const SIZES_KIB: [u32; 4] = [8_192, 32_768, 131_072, 262_144];
/// Pages fetched again from which on it is told.
const MANY: u64 = 2_000;
/// What the runs of one statement may cost, in nanoseconds.
const MOST_COST: f64 = 3e8;

/// Looks at the read that asks for the most pages.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let of_cache = u64::from(DEFAULT_KIB) * 1_024;
    let bytes: u64 = context.prepared.sizes.values().sum();
    let statements = context.prepared.workload.statements.iter().enumerate().zip(context.comparisons);
    let fits = |((i, s), c): &((usize, &Statement), &crate::advise::verify::comparison::Comparison)| {
        let plain = !s.writes && !s.only_planned && !c.after.timed_out && !context.is_rewritten(*i);
        plain && c.after.pages >= MANY && c.after.cost() <= MOST_COST
    };
    let most = statements.filter(fits).max_by_key(|(_, c)| c.after.pages);
    let Some(((_, statement), _)) = most.filter(|_| bytes > of_cache) else { return Ok(vec![]) };
    let Some(by_default) = fetched(context, statement, DEFAULT_KIB)?.filter(|n| *n >= MANY) else {
        return Ok(vec![]);
    };
    for kib in SIZES_KIB {
        let Some(with) = fetched(context, statement, kib)? else { break };
        if with * 10 <= by_default {
            return Ok(vec![finding(statement, kib, by_default, with)]);
        }
    }
    Ok(vec![])
}

/// The pages that a second run fetches; none if it fails.
fn fetched(context: &RuleContext<'_>, statement: &Statement, kib: u32) -> Result<Option<u64>> {
    let Some(values) = statement.bindings.first() else { return Ok(None) };
    let limit = context.prepared.request.limit();
    let pages = context.after.session().fetched_again(&statement.sql, values, kib, limit);
    Ok(unless_failed(pages)?.flatten())
}

fn finding(statement: &Statement, kib: u32, by_default: u64, with: u64) -> Finding {
    let mib = kib / 1_024;
    let what = format!(
        "{} fetches {} pages from the file each time it runs again, because SQLite's page cache holds 2 MiB by default",
        statement.id,
        count(by_default)
    );
    let counted = format!(
        "run twice on the copy: the second run fetched {} pages with 2 MiB and {} with {mib} MiB; how long a page takes was \
         not measured",
        count(by_default),
        count(with)
    );
    let remedy = "set it on every connection after it was opened; PRAGMA mmap_size may do the same without copying pages, \
         which was not measured";
    let finding = Finding::of_schema("", vec![], what, Verification::Counted(counted)).with_remedy(remedy);
    finding.with_sql(format!("PRAGMA cache_size = -{kib}"), vec![])
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE item(id INTEGER PRIMARY KEY, next INT, body TEXT);
        {N} INSERT INTO item SELECT i, i * 7919 % 20000 + 1, hex(zeroblob(150)) FROM n";
    const SQL: &str = "SELECT sum(length(b.body)) FROM item a JOIN item b ON b.id = a.next WHERE a.id < 9000";

    #[test]
    fn lookups_all_over_a_table_need_a_cache_that_holds_it() -> Result<()> {
        let advice = one(super::NAME, SCHEMA, SQL)?;
        assert_eq!(advice.sql(), Some("PRAGMA cache_size = -8192"));
        assert!(
            advice.common().verification.as_ref().unwrap().note.contains("and 0 with 8 MiB"),
            "{advice:#?}"
        );
        Ok(())
    }

    #[test]
    fn a_table_that_fits_is_left_alone() -> Result<()> {
        assert!(found(super::NAME, &SCHEMA.replace("zeroblob(150)", "zeroblob(3)"), SQL)?.is_empty());
        assert!(found(super::NAME, SCHEMA, &SQL.replace("9000", "90"))?.is_empty());
        Ok(())
    }
}
