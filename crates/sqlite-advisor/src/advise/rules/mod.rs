//! Findings that are not indexes: what a rule sees in the statements and the schema once the advised indexes are there.
//!
//! [`RULES`] is the list; each context is one file that tells what it finds, why, and how it is verified. A context looks at the
//! [`RuleContext`] and returns findings. A rewritten statement is offered only after it ran on the copy, gave equal rows with
//! every set of values and cost less ([`experiment`]); what could not be verified says so, and what brings nothing is not told.

pub mod affinity;
pub mod anti_join;
pub mod automatic_index;
pub mod bound_path;
pub mod collation;
pub mod context;
pub mod declared_type;
pub mod experiment;
pub mod finding;
pub mod first_of_each;
pub mod foreign_key;
pub mod group_extreme;
pub mod in_subquery;
pub mod json_members;
pub mod kept;
pub mod kept_totals;
pub mod keyset_or;
pub mod like_escape;
pub mod like_prefix;
pub mod like_wildcard;
pub mod loose_scan;
pub mod min_max;
pub mod mixed_order;
pub mod needless_grouping;
pub mod not_in;
pub mod optional_filter;
pub mod or_across;
pub mod page_cache;
pub mod page_offset;
pub mod planner_choice;
pub mod random_order;
pub mod single_in;
pub mod stale_statistics;
pub mod storage;
pub mod unserved_sort;
pub mod wide_column;
pub mod window_total;
pub mod wrapped_column;

pub use context::RuleContext;
pub use finding::Finding;

use crate::advise::prepare::Prepared;
use crate::advise::select::selection::Selection;
use crate::advise::verify::Verified;
use crate::error::Result;
use crate::model::report::Recommendation;
use crate::progress::Progress;

/// What a rule is: its name, which is its file's, and what it does.
type Rule = (&'static str, fn(&RuleContext<'_>) -> Result<Vec<Finding>>);

/// Every rule, in the order in which findings are told: what makes the others needless comes first.
pub const RULES: &[Rule] = &[
    (stale_statistics::NAME, stale_statistics::find),
    (declared_type::NAME, declared_type::find),
    (affinity::NAME, affinity::find),
    (collation::NAME, collation::find),
    (wrapped_column::NAME, wrapped_column::find),
    (bound_path::NAME, bound_path::find),
    (single_in::NAME, single_in::find),
    (optional_filter::NAME, optional_filter::find),
    (keyset_or::NAME, keyset_or::find),
    (or_across::NAME, or_across::find),
    (not_in::NAME, not_in::find),
    (in_subquery::NAME, in_subquery::find),
    (anti_join::NAME, anti_join::find),
    (group_extreme::NAME, group_extreme::find),
    (first_of_each::NAME, first_of_each::find),
    (window_total::NAME, window_total::find),
    (needless_grouping::NAME, needless_grouping::find),
    (random_order::NAME, random_order::find),
    (loose_scan::NAME, loose_scan::find),
    (kept_totals::NAME, kept_totals::find),
    (json_members::NAME, json_members::find),
    (min_max::NAME, min_max::find),
    (like_prefix::NAME, like_prefix::find),
    (like_escape::NAME, like_escape::find),
    (like_wildcard::NAME, like_wildcard::find),
    (page_offset::NAME, page_offset::find),
    (planner_choice::NAME, planner_choice::find),
    (mixed_order::NAME, mixed_order::find),
    (unserved_sort::NAME, unserved_sort::find),
    (automatic_index::NAME, automatic_index::find),
    (foreign_key::NAME, foreign_key::find),
    (wide_column::NAME, wide_column::find),
    (page_cache::NAME, page_cache::find),
    (storage::NAME, storage::find),
];

/// What the rules find in the verified choice.
///
/// # Errors
/// [`crate::Error::Interrupted`], or [`crate::Error::Sqlite`] if the copy cannot be used.
pub fn findings(
    prepared: &Prepared,
    choice: &Selection,
    verified: &Verified<'_>,
    progress: &dyn Progress,
) -> Result<Vec<Recommendation>> {
    let context = RuleContext::new(
        prepared,
        (&verified.before, &verified.after),
        verified.created.clone(),
        &verified.comparisons,
        choice.analyzed.clone(),
        choice.position.configuration.statistics,
        progress,
    )?;
    add_to(vec![], &context)
}

/// Adds what the rules find to the advice: what ANALYZE alone does stands first, everything else last.
///
/// # Errors
/// [`crate::Error::Interrupted`], or [`crate::Error::Sqlite`] if the copy cannot be used.
pub fn add_to(advice: Vec<Recommendation>, context: &RuleContext<'_>) -> Result<Vec<Recommendation>> {
    let (mut first, mut last, mut told) = (vec![], vec![], vec![]);
    context.progress.start("Looking for what is not an index", Some(RULES.len() as u64));
    for (done, (name, find)) in (1u64..).zip(RULES) {
        context.progress.check()?;
        if context.is_late() {
            break;
        }
        let mut found = find(context)?;
        found.sort_by_cached_key(Finding::place);
        for finding in found {
            // One finding of a rule for each statement and column, and none that says what another rule has said.
            let said = (finding.prepared(context), finding.sql.clone());
            let known = finding.place();
            let again = told.iter().any(|(rule, place, s)| {
                (*rule == *name && *place == known) || (!finding.sql.is_empty() && *s == said)
            });
            if again {
                continue;
            }
            told.push((*name, known, said));
            context.note(&finding);
            let is_first = finding.is_first();
            let advice = finding.into_advice(name, context);
            if is_first { first.push(advice) } else { last.push(advice) }
        }
        context.progress.advance(done);
    }
    context.progress.finish();
    Ok(first.into_iter().chain(advice).chain(last).collect())
}

#[cfg(test)]
mod pages;
#[cfg(test)]
mod testing {
    //! A rule on a small database, without a search for indexes before it.

    use super::*;
    use crate::advise::prepare::measure::measure;
    use crate::advise::prepare::{Prepared, Request};
    use crate::advise::verify::comparison::{Turns, WorkingCopy, compare};
    use crate::model::configuration::StatisticsAction;
    use crate::progress::Silent;
    use crate::workload::readers::sql::queries;

    /// 20,000 numbers, for the schemas of tests.
    pub const N: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) ";

    /// What a context finds. `schema` is cut into statements at semicolons; `N` stands for [`N`].
    pub fn found(rule: &str, schema: &str, workload: &str) -> Result<Vec<Recommendation>> {
        let folder = tempfile::tempdir().map_err(crate::Error::file("cannot make", "temp".as_ref()))?;
        let db = folder.path().join("rule.db");
        let conn = rusqlite::Connection::open(&db)?;
        conn.execute_batch(&schema.replace("{N}", N))?;
        drop(conn);
        let prepared = Prepared::read(&Request::new(&db).queries(queries("rule.sql", workload)), &Silent)?;
        assert!(prepared.workload.skipped.is_empty(), "{:?}", prepared.workload.skipped);
        let path = prepared.snapshot.duplicate("after.db")?;
        let before = WorkingCopy::with(&prepared, &prepared.snapshot.duplicate("before.db")?, &[], &Silent)?;
        let after = WorkingCopy::with(&prepared, &path, &[], &Silent)?;
        after.analyze(&Silent)?;
        let mut comparisons = vec![];
        for (s, m) in prepared.workload.statements.iter().zip(&prepared.baseline.measured) {
            let second = measure(after.session(), s, prepared.request.limit(), &Silent)?;
            comparisons.push(compare(
                s,
                &before,
                &after,
                (m, &second),
                prepared.request.limit(),
                &mut Turns::for_workload(&[]),
                &Silent,
            )?);
        }
        let analyzed = comparisons.iter().map(|p| p.after).collect();
        let context = RuleContext::new(
            &prepared,
            (&before, &after),
            vec![],
            &comparisons,
            analyzed,
            StatisticsAction::Analyze,
            &Silent,
        )?;
        let mut all = add_to(vec![], &context)?;
        all.retain(|a| a.common().rule.as_deref() == Some(rule));
        Ok(all)
    }

    /// The only finding of a rule.
    pub fn one(rule: &str, schema: &str, workload: &str) -> Result<Recommendation> {
        let mut all = found(rule, schema, workload)?;
        assert_eq!(all.len(), 1, "{all:#?}");
        all.pop().ok_or_else(|| crate::Error::Invalid("nothing was found".to_owned()))
    }
}
