//! Proves the choice on a fresh copy and writes the document.

use crate::advise::candidates::Candidate;
use crate::advise::choose::Chosen;
use crate::advise::finalists::Finalists;
use crate::advise::price;
use crate::advise::subject::{Request, Subject};
use crate::advise::trial::{Copy, Proof, prove};
use crate::counters::Counters;
use crate::database::{Schema, Session, Snapshot};
use crate::document::{self, Advice, Document, Help, Kind, Outcome, Rejected, Totals};
use crate::error::{Context, Result};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::units;
use crate::workload::Workload;
use std::collections::{BTreeMap, BTreeSet};

/// Proves the choice and tells everything.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn tell(
    subject: &Subject,
    finalists: &Finalists,
    choice: &Chosen,
    progress: &dyn Progress,
) -> Result<Document> {
    let Subject { request, snapshot, schema, workload, baseline: found } = subject;
    let chosen: Vec<&Candidate> = choice.set.iter().filter_map(|i| finalists.candidates.get(*i)).collect();
    let before =
        Copy::with(snapshot.path(), &[], false, &workload.stand_ins, request.foreign_keys, progress)?;
    let final_path = snapshot.duplicate("final.db")?;
    let after = Copy::with(&final_path, &chosen, true, &workload.stand_ins, request.foreign_keys, progress)?;
    let kept = drop_unused(&after, &chosen, workload)?;
    progress.start("Proving on the copy", Some(workload.statements.len() as u64));
    let mut proofs = vec![];
    for (done, (statement, known)) in (1u64..).zip(workload.statements.iter().zip(&found.measured)) {
        proofs.push(prove(statement, &before, &after, known, request.limit(), progress)?);
        progress.advance(done);
    }
    progress.finish();
    let tables: BTreeSet<&str> =
        schema.tables.iter().filter(|t| t.is_indexable()).map(|t| t.name.as_str()).collect();
    let writes = price::inserts(schema, &tables, before.session(), after.session())?;
    let bytes = price::bytes_by_name(after.session())?;
    let mut advice: Vec<Advice> = vec![];
    for candidate in &kept {
        let helps: Vec<Help> = workload
            .statements
            .iter()
            .zip(&proofs)
            .filter(|(_, p)| p.plans_after.iter().any(|plan| plan.uses(&candidate.name)))
            .map(|(s, p)| Help { statement: s.id.clone(), before: p.before, after: p.after })
            .collect();
        advice.push(Advice {
            kind: Kind::CreateIndex,
            sql: candidate.index.to_sql(&candidate.name),
            name: candidate.name.clone(),
            table: candidate.index.table.clone(),
            columns: candidate.index.key.iter().map(ToString::to_string).collect(),
            filter: candidate.index.filter.clone(),
            bytes: bytes.get(&candidate.name).copied().unwrap_or(0),
            write_cost: writes.iter().find(|w| w.table == candidate.index.table).cloned(),
            reason: reason(&helps),
            helps,
        });
    }
    if !advice.is_empty() {
        advice.push(Advice {
            kind: Kind::Analyze,
            sql: "ANALYZE".to_owned(),
            name: String::new(),
            table: String::new(),
            columns: vec![],
            filter: None,
            bytes: 0,
            helps: vec![],
            write_cost: None,
            reason: "without statistics SQLite guesses which index to use; all figures here are with them"
                .to_owned(),
        });
    }
    let statements: Vec<Outcome> =
        workload.statements.iter().zip(&proofs).map(|(s, p)| outcome(&s.id, p)).collect();
    let totals = totals(workload, &statements, &advice, &writes);
    Ok(Document {
        version: document::VERSION,
        tool: document::Tool {
            name: "sqlite-advisor".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        sqlite: document::Sqlite { version: rusqlite::version().to_owned(), options: vec![] },
        machine: document::Machine {
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            cpus: std::thread::available_parallelism().map_or(1, usize::from),
        },
        database: describe(request, snapshot, schema, before.session())?,
        workload: document::Workload {
            statements: workload
                .statements
                .iter()
                .map(|s| document::Statement {
                    id: s.id.clone(),
                    sql: s.sql.clone(),
                    weight: s.weight,
                    executions: s.executions,
                    source: s.source.to_string(),
                    labels: s.labels.clone(),
                })
                .collect(),
            skipped: workload
                .skipped
                .iter()
                .map(|s| document::Skipped {
                    source: s.source.file.clone(),
                    line: s.source.line,
                    sql: s.sql.clone(),
                    error: s.error.clone(),
                })
                .collect(),
        },
        rejected: finalists
            .candidates
            .iter()
            .filter(|f| !kept.iter().any(|k| k.name == f.name))
            .map(|f| Rejected {
                sql: f.index.to_sql(&f.name),
                why: "another set of indexes does as well for less".to_owned(),
                numbers: BTreeMap::new(),
            })
            .collect(),
        advice,
        statements,
        totals,
        curve: choice.curve.clone(),
        notes: vec![],
    })
}

/// Drops what the final plans do not read.
fn drop_unused<'c>(copy: &Copy, chosen: &[&'c Candidate], workload: &Workload) -> Result<Vec<&'c Candidate>> {
    let mut kept = chosen.to_vec();
    loop {
        let mut plans = vec![];
        for statement in &workload.statements {
            plans.extend(copy.plans(statement)?);
        }
        let unused: Vec<_> =
            kept.iter().filter(|c| !plans.iter().any(|p| p.uses(&c.name))).map(|c| c.name.clone()).collect();
        if unused.is_empty() {
            return Ok(kept);
        }
        for name in &unused {
            let sql = format!("DROP INDEX {}", crate::index::quote(name));
            copy.session().connection().execute_batch(&sql).context(|| format!("cannot drop {name}"))?;
        }
        kept.retain(|c| !unused.contains(&c.name));
    }
}

fn reason(helps: &[Help]) -> String {
    let names: Vec<_> = helps.iter().take(5).map(|h| h.statement.as_str()).collect();
    let more = if helps.len() > 5 { format!(" and {} more", helps.len() - 5) } else { String::new() };
    format!("serves {}{more}", names.join(", "))
}

fn text(plans: &[Plan]) -> String {
    let mut texts: Vec<String> = plans.iter().map(ToString::to_string).collect();
    texts.dedup();
    texts.join("\nor, with other values:\n")
}

fn outcome(id: &str, p: &Proof) -> Outcome {
    Outcome {
        id: id.to_owned(),
        plan_before: text(&p.plans_before),
        plan_after: text(&p.plans_after),
        before: p.before,
        analyzed: None,
        after: p.after,
        same_rows: p.same_rows,
        verdict: verdict(p).to_owned(),
    }
}

fn verdict(p: &Proof) -> &'static str {
    let ratio = p.before.cost() / p.after.cost().max(1.0);
    match ratio {
        _ if p.before.vm_steps == 0 => "not proved",
        r if r > 1.05 => "faster",
        r if r < 0.95 => "slower",
        _ => "no difference",
    }
}

fn totals(
    workload: &Workload,
    outcomes: &[Outcome],
    advice: &[Advice],
    writes: &[document::WriteCost],
) -> Totals {
    let sum = |pick: &dyn Fn(&Outcome) -> Counters| {
        let mut total = Counters::default();
        for (s, o) in workload.statements.iter().zip(outcomes) {
            let c = pick(o);
            let times = |n: u64| (n as f64 * s.weight) as u64;
            total.vm_steps = total.vm_steps.saturating_add(times(c.vm_steps));
            total.pages = total.pages.saturating_add(times(c.pages));
            total.rows = total.rows.saturating_add(times(c.rows));
            total.time_ns = total.time_ns.saturating_add(times(c.time_ns));
            total.timed_out |= c.timed_out;
        }
        total
    };
    let ratio = |f: fn(&Counters) -> u64| {
        units::geometric_mean(outcomes.iter().map(|o| f(&o.before).max(1) as f64 / f(&o.after).max(1) as f64))
    };
    let inserts = |pick: fn(&document::WriteCost) -> u64| writes.iter().map(pick).sum::<u64>().max(1) as f64;
    Totals {
        before: sum(&|o| o.before),
        analyzed: Counters::default(),
        after: sum(&|o| o.after),
        speedup_geomean: ratio(|c| c.time_ns),
        speedup_geomean_vm_steps: ratio(|c| c.vm_steps),
        index_bytes: advice.iter().map(|a| a.bytes).sum(),
        write_vm_steps: inserts(|w| w.after.vm_steps) / inserts(|w| w.before.vm_steps),
    }
}

fn describe(
    request: &Request,
    snapshot: &Snapshot,
    schema: &Schema,
    session: &Session,
) -> Result<document::Database> {
    let conn = session.connection();
    let mut rows = 0u64;
    for table in schema.tables.iter().filter(|t| t.is_indexable()) {
        let sql = format!("SELECT count(*) FROM {}", crate::index::quote(&table.name));
        rows += conn.query_row(&sql, [], |r| r.get::<_, u64>(0))?;
    }
    Ok(document::Database {
        path: request.database.display().to_string(),
        bytes: snapshot.bytes(),
        page_size: conn.query_row("PRAGMA page_size", [], |r| r.get(0))?,
        tables: schema.tables.iter().filter(|t| t.is_indexable()).count(),
        rows,
        analyzed: !crate::database::statistics::read(conn)?.stat1.is_empty(),
    })
}
