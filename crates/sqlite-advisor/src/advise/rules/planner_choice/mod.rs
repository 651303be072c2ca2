//! A statement for which SQLite's planner takes a costlier way than another that it has.
//!
//! **Finds** costly statements that run several times less costly with a hint, and statements that are cheap only while
//! sqlite_stat4 is there, which most builds of SQLite neither gather nor read. **Why:** the planner believes averages; a flag
//! that nearly all rows have, or an order that seems to come for nothing, misleads it
//! (<https://www.sqlite.org/queryplanner-ng.html>). **Cure:** tell that one statement what not to use: a unary `+`
//! (<https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_>), CROSS JOIN
//! (<https://www.sqlite.org/optoverview.html#manual_control_of_query_plans_using_cross_join>), or INDEXED BY
//! (<https://www.sqlite.org/lang_indexedby.html>), instead of dropping an index that others need. **Verified** by running
//! each way that the planner tells apart: equal rows, at a lower cost, with and without sqlite_stat4. **Silent** where the
//! planner's own way is about as good.

mod hints;

use crate::advise::prepare::measure::{Measured, measure};
use crate::advise::rules::experiment::GAIN;
use crate::advise::rules::finding::{Experiment, Kind, Verification};
use crate::advise::rules::{Finding, RuleContext};
use crate::error::{Result, unless_failed};
use crate::model::plan::Plan;
use crate::sql::syntax::{self, ast::Stmt};
use crate::sqlite::session::Limit;
use crate::sqlite::{Savepoint, Session};
use crate::workload::Statement;
use hints::{Hint, hints};

/// The rule's name.
pub const NAME: &str = "planner_choice";

/// Virtual-machine steps from which on another way is looked for.
const COSTLY: u64 = 20_000;
/// How many times less the other way must cost.
const WORTH: f64 = 2.0;
/// What all ways that are tried may cost together, in nanoseconds.
const MOST_COST: f64 = 3e9;

/// Looks at the costly statements, then at those that are costly without sqlite_stat4.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut left = MOST_COST;
    let mut all = vec![];
    let reads = || {
        let statements = context.prepared.workload.statements.iter().enumerate().zip(context.comparisons);
        statements.filter(|((i, s), _)| !s.writes && !s.only_planned && !context.is_rewritten(*i))
    };
    for ((i, statement), _) in reads().filter(|(_, p)| p.after.vm_steps >= COSTLY && !p.after.timed_out) {
        let known = context.known(i, statement)?;
        let best = cheapest(context, statement, &known, &mut left)?;
        all.extend(best.map(|best| best.finding(i, &known, "")));
    }
    let told: Vec<Option<usize>> = all.iter().map(|f: &Finding| f.statement).collect();
    let mut costly = vec![];
    if let Some(_without) = WithoutSamples::begin(context.after.session())? {
        for ((i, statement), comparison) in reads().filter(|((i, _), _)| !told.contains(&Some(*i))) {
            if context.after.plans(statement)? == comparison.plans_after {
                continue;
            }
            let known = run(context, statement, context.prepared.request.limit())?;
            let grown = known.cost() > comparison.after.cost() * WORTH && known.counters.vm_steps >= COSTLY;
            if let Some(best) =
                grown.then(|| cheapest(context, statement, &known, &mut left)).transpose()?.flatten()
            {
                costly.push((i, statement, known, best));
            }
        }
    }
    for (i, statement, without_samples, best) in costly {
        // With the samples it must do as well as what is written.
        let known = context.known(i, statement)?;
        let limit = Limit { cost: known.cost() * GAIN + 1e6, ..context.prepared.request.limit() };
        let both = run(context, &best.statement, limit)?;
        if !both.counters.timed_out
            && context.same_rows(statement, &best.statement, &known, &both)? == Some(true)
        {
            all.push(best.finding(
                i,
                &without_samples,
                "without the samples of sqlite_stat4, which most builds of SQLite lack, ",
            ));
        }
    }
    Ok(all)
}

/// A way that costs less.
struct Better {
    statement: Statement,
    hint: Hint,
    measured: Measured,
}

impl Better {
    fn finding(self, i: usize, known: &Measured, when: &str) -> Finding {
        let experiment = Experiment {
            before: known.counters,
            after: self.measured.counters,
            same_rows: Some(true),
            bytes: 0,
        };
        let what = format!("{when}SQLite's planner takes a costlier way than another that it has");
        let finding = Finding::of_statement(Kind::Rewrite, i, what, Verification::Ran(experiment));
        finding.with_sql(self.statement.sql, vec![]).with_remedy(self.hint.remedy())
    }
}

/// The cheapest of the ways that hints lead to, one run for each plan; none if what is written is about as good.
fn cheapest(
    context: &RuleContext<'_>,
    statement: &Statement,
    known: &Measured,
    left: &mut f64,
) -> Result<Option<Better>> {
    let Some(Stmt::Select(select)) = syntax::parse(&statement.sql) else { return Ok(None) };
    let mut seen: Vec<Vec<Plan>> = vec![context.after.plans(statement)?];
    let mut best: Option<Better> = None;
    for (hint, select) in hints(context, &select) {
        let sql = Stmt::Select(select).to_string();
        let Some(other) = context.rebound(statement, &sql) else { continue };
        let Ok(plans) = context.after.plans(&other) else { continue };
        if *left <= 0.0 || seen.contains(&plans) {
            continue;
        }
        seen.push(plans);
        let cap = best.as_ref().map_or(known.cost() / WORTH, |b| b.measured.cost() / GAIN);
        let sets = statement.bindings.len().max(1) as f64;
        let limit = Limit { cost: cap * sets, ..context.prepared.request.limit() };
        let measured = run(context, &other, limit)?;
        *left -= measured.cost() * sets;
        if measured.counters.timed_out || measured.cost() > cap {
            continue;
        }
        if context.same_rows(statement, &other, known, &measured)? == Some(true) {
            best = Some(Better { statement: other, hint, measured });
        }
    }
    Ok(best)
}

fn run(context: &RuleContext<'_>, statement: &Statement, limit: Limit) -> Result<Measured> {
    let measured = unless_failed(measure(context.after.session(), statement, limit, context.progress))?;
    // What fails is no better way.
    Ok(measured.unwrap_or_else(|| {
        let mut failed = Measured::default();
        failed.counters.timed_out = true;
        failed
    }))
}

/// Reads the schema and its statistics again. ANALYZE of the schema table would leave a table marked as one with samples.
const READ_AGAIN: &str = "PRAGMA writable_schema = RESET";

/// A copy whose samples are out of sight until this is dropped.
struct WithoutSamples<'s> {
    session: &'s Session,
    savepoint: Option<Savepoint<'s>>,
}

impl<'s> WithoutSamples<'s> {
    /// None where there are none.
    fn begin(session: &'s Session) -> Result<Option<Self>> {
        let without = Self { session, savepoint: Some(Savepoint::begin(session)?) };
        let changes = ["DELETE FROM sqlite_stat4", READ_AGAIN].map(str::to_owned);
        let hidden = without.savepoint.as_ref().is_some_and(|savepoint| savepoint.make(&changes));
        Ok(hidden.then_some(without))
    }
}

impl Drop for WithoutSamples<'_> {
    fn drop(&mut self) {
        self.savepoint = None;
        let _ = self.session.connection().execute_batch(READ_AGAIN);
    }
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE job(id INTEGER PRIMARY KEY, at INT, gone INT, code TEXT, body TEXT);
        {N} INSERT INTO job(at, gone, code, body) SELECT 1000000 + i, i % 500 = 0, 'c' || i, hex(randomblob(20)) FROM n;
        CREATE INDEX job_at ON job(at); CREATE INDEX job_gone ON job(gone); ANALYZE";

    #[test]
    fn an_order_that_seems_to_come_for_nothing_is_not_taken() -> Result<()> {
        let sql = "-- param: ?1 = 900\nSELECT id FROM job WHERE at < ?1 ORDER BY id LIMIT 250";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(
            advice.sql().unwrap().contains("ORDER BY + id")
                || advice.sql().unwrap().contains("INDEXED BY job_at"),
            "{}",
            advice.sql().unwrap()
        );
        assert!(advice.common().helps[0].after.vm_steps * 50 < advice.common().helps[0].before.vm_steps);
        Ok(())
    }

    #[test]
    fn what_the_planner_does_well_is_left_to_it() -> Result<()> {
        let sql = "SELECT body FROM job WHERE at = 1000007; SELECT count(body) FROM job WHERE gone = 0;
                   SELECT id FROM job WHERE body > 'A' ORDER BY id LIMIT 20";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
