//! One statement explained: advised on alone, and each rejected index built alone to see what it would have done.

use crate::advise::prepare::measure::measure;
use crate::advise::prepare::{Prepared, Request};
use crate::advise::report::statements;
use crate::error::{Context, Error, Result};
use crate::model::explanation::{self, Explanation, Side, Tried};
use crate::model::index::quote;
use crate::model::plan::Plan;
use crate::model::report::{Group, Recommendation, Rejected};
use crate::progress::Progress;
use crate::sql::syntax::{self, ast::Stmt};
use crate::sqlite::{Savepoint, Session, statistics};
use crate::workload::Statement;

/// Explains the only statement of a request.
///
/// # Errors
/// Those of [`crate::advise::advise`], and [`Error::Invalid`] for more than one statement.
pub fn explain(request: &Request, progress: &dyn Progress) -> Result<Explanation> {
    let prepared = Prepared::read(request, progress)?;
    let document = crate::advise::advise_on(&prepared, progress)?;
    let cancel = progress.cancel_token();
    let ([statement], [outcome]) = (&prepared.workload.statements[..], &document.statements[..]) else {
        return Err(Error::Invalid(
            "explain takes one statement; --workload FILE advises on several".to_owned(),
        ));
    };
    let alone = prepared.open(&prepared.snapshot.duplicate("alone.db")?, cancel)?;
    let is_analyzed = document.recommendations.iter().any(|a| matches!(a, Recommendation::Analyze(_)));
    if is_analyzed {
        alone.connection().execute_batch("ANALYZE").context(|| "cannot analyze the copy".to_owned())?;
    }
    let mut rejected = vec![];
    progress.start("Trying each rejected index alone", Some(document.rejected.len() as u64));
    for (done, one) in (1u64..).zip(&document.rejected) {
        rejected.extend(tried(&prepared, &alone, statement, one, progress)?);
        progress.advance(done);
    }
    progress.finish();
    // What the rules find elsewhere in the schema is not about this statement.
    let mut recommendations = document.recommendations;
    recommendations.retain(|a| match a.group() {
        Group::DoNow => true,
        // What one statement does not use another may.
        Group::IfComplete => false,
        Group::WorthALook => a.common().helps.iter().any(|h| h.statement == statement.id),
    });
    Ok(Explanation {
        version: explanation::VERSION,
        sql: statement.sql.clone(),
        values: statement.written_values(),
        found: Side::new(&statements::plans(&outcome.plan_before), outcome.before),
        advised: Side::new(&statements::plans(&outcome.plan_after), outcome.after),
        same_rows: outcome.same_rows,
        verdict: outcome.verdict,
        rejected,
        tool: document.tool,
        sqlite: document.sqlite,
        database: document.database,
        recommendations,
        notes: document.notes,
    })
}

fn plans(session: &Session, statement: &Statement) -> Result<Vec<Plan>> {
    session.plans(&statement.sql, &statement.bindings).context(|| format!("cannot plan {}", statement.id))
}

/// The statement with one index alone, which is taken away again. None for what is no index.
fn tried(
    prepared: &Prepared,
    session: &Session,
    statement: &Statement,
    rejected: &Rejected,
    progress: &dyn Progress,
) -> Result<Option<Tried>> {
    progress.check()?;
    let Some(Stmt::CreateIndex { idx_name, .. }) = syntax::parse(&rejected.sql) else { return Ok(None) };
    let (name, conn) = (idx_name.name.as_str(), session.connection());
    let has_statistics = statistics::have_tables(session)?;
    let _taken_back = Savepoint::begin(session)?;
    conn.execute_batch(&rejected.sql).context(|| format!("cannot build {name}"))?;
    if has_statistics {
        let analyzed = conn.execute_batch(&format!("ANALYZE {}", quote(name)));
        analyzed.context(|| format!("cannot analyze {name}"))?;
    }
    let all = plans(session, statement)?;
    let plan = all.iter().find(|plan| plan.uses(name));
    let measured = measure(session, statement, prepared.request.limit(), progress)?;
    let bytes = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = ?";
    Ok(Some(Tried {
        sql: rejected.sql.clone(),
        why: rejected.why.clone(),
        used: plan.is_some(),
        plan: plan.map(explanation::lines).unwrap_or_default(),
        counters: measured.counters,
        bytes: conn.query_row(bytes, [name], |r| r.get(0)).unwrap_or(0),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    fn explained(sql: &str) -> Result<Explanation> {
        let folder = tempfile::tempdir().map_err(Error::file("cannot make", "temp".as_ref()))?;
        let db = folder.path().join("app.db");
        rusqlite::Connection::open(&db)?.execute_batch(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b INT, c TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO t(a, b, c) SELECT i % 50, i % 700, hex(randomblob(9)) FROM n",
        )?;
        explain(&Request::new(&db).queries(crate::workload::readers::sql::queries("statement", sql)), &Silent)
    }

    #[test]
    fn a_rejected_index_is_measured_alone() -> Result<()> {
        let e = explained("SELECT c FROM t WHERE a = 7 AND b = 7")?;
        assert_eq!(e.found.plans[0][0].words.as_deref(), Some("reads every row of t"));
        assert!(e.advised.counters.vm_steps < e.found.counters.vm_steps / 10);
        assert!(!e.rejected.is_empty());
        for tried in &e.rejected {
            assert_eq!(tried.used, !tried.plan.is_empty());
            assert!(tried.bytes > 0 && tried.counters.vm_steps > 0, "{tried:?}");
            assert!(!tried.used || tried.counters.vm_steps < e.found.counters.vm_steps, "{tried:?}");
        }
        Ok(())
    }

    #[test]
    fn values_are_told_and_two_statements_are_refused() -> Result<()> {
        assert_eq!(explained("-- param: ?1 = 7\nSELECT c FROM t WHERE a = ?")?.values, [["7"]]);
        assert!(explained("SELECT c FROM t; SELECT a FROM t").is_err());
        Ok(())
    }
}
