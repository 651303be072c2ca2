//! Proves the choice on a fresh copy and writes the document.

use crate::advise::candidates::Candidate;
use crate::advise::choose::Chosen;
use crate::advise::finalists::Finalists;
use crate::advise::price;
use crate::advise::prune::{is_slower, prune};
use crate::advise::rules::{self, Scene};
use crate::advise::subject::{Request, Subject};
use crate::advise::trial::{Copy, Proof, prove};
use crate::counters::Counters;
use crate::database::{Schema, Session, Snapshot};
use crate::document::{self, Advice, Document, Help, Kind, Outcome, Rejected, Totals};
use crate::error::Result;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::units;
use crate::workload::Workload;
use std::collections::BTreeSet;

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
    let kept = prune(&after, &chosen, subject, &choice.analyzed, progress)?;
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
            ..Advice::default()
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
            ..Advice::default()
        });
    }
    let analyzed: Vec<Counters> = choice.analyzed.iter().map(|m| m.counters).collect();
    let told = workload.statements.iter().zip(&proofs).zip(analyzed.iter().copied());
    let statements: Vec<Outcome> = told.map(|((s, p), analyzed)| outcome(&s.id, p, analyzed)).collect();
    let totals = totals(workload, &statements, &advice, &writes);
    let scene = Scene::new(subject, (&before, &after), kept.clone(), &proofs, analyzed, progress)?;
    let advice = rules::add_to(advice, &scene)?;
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
        rejected: rejected(subject, finalists, choice, &kept),
        advice,
        statements,
        totals,
        curve: choice.curve.clone(),
        notes: notes(subject),
    })
}

/// Every finalist that is not advised, with what is known of it.
fn rejected(subject: &Subject, finalists: &Finalists, choice: &Chosen, kept: &[&Candidate]) -> Vec<Rejected> {
    let mut all = vec![];
    for (i, candidate) in finalists.candidates.iter().enumerate() {
        if kept.iter().any(|k| k.name == candidate.name) {
            continue;
        }
        let bytes = choice.bytes.get(i).copied().unwrap_or(0);
        let fits = finalists.fits.get(i).map_or(0, |fits| fits.len());
        let generous = choice.curve.iter().rfind(|point| point.indexes.contains(&candidate.name));
        let wider = kept.iter().find(|k| candidate.index.is_prefix_of(&k.index));
        let why = if let Some(wider) = wider {
            format!("{} begins with the same key and serves its statements", wider.name)
        } else if choice.set.contains(&i) {
            "it made a statement slower, or no plan read it, when the set was built afresh".to_owned()
        } else if let Some(point) = generous {
            let (count, size) = (point.indexes.len(), units::bytes(point.bytes));
            format!(
                "what it gains does not pay for its bytes and upkeep; the set of {count} indexes ({size}) has it"
            )
        } else {
            "the planner would read it, but other indexes serve the same statements as well or for less"
                .to_owned()
        };
        let share = bytes as f64 / subject.snapshot.bytes().max(1) as f64;
        let numbers = [("bytes", bytes as f64), ("share_of_database", share), ("statements", fits as f64)];
        let numbers = numbers.into_iter().map(|(name, number)| (name.to_owned(), number)).collect();
        all.push(Rejected { sql: candidate.index.to_sql(&candidate.name), why, numbers });
    }
    all
}

/// What the reader should know beside the figures.
fn notes(subject: &Subject) -> Vec<String> {
    let mut notes = vec![];
    if subject.request.texts.is_none() {
        notes.push(
            "no workload was given, so only views and foreign keys were looked at; --workload FILE with the queries of the \
             application tells more"
                .to_owned(),
        );
    }
    let made_up = &subject.workload.stand_ins;
    if !made_up.functions.is_empty() || !made_up.collations.is_empty() {
        let names: Vec<_> = made_up.functions.iter().chain(&made_up.collations).cloned().collect();
        notes.push(format!(
            "the application's own {} is not known here: statements that need it were planned with a stand-in, not run, \
             and their advice is not proved",
            names.join(", ")
        ));
    }
    notes
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

fn outcome(id: &str, p: &Proof, analyzed: Counters) -> Outcome {
    Outcome {
        id: id.to_owned(),
        plan_before: text(&p.plans_before),
        plan_after: text(&p.plans_after),
        before: p.before,
        analyzed: Some(analyzed),
        after: p.after,
        same_rows: p.same_rows,
        verdict: verdict(p).to_owned(),
    }
}

/// By steps, which repeat exactly; by time only where it differs by more than noise does.
fn verdict(p: &Proof) -> &'static str {
    let ratio = |f: fn(&Counters) -> u64| f(&p.before).max(1) as f64 / f(&p.after).max(1) as f64;
    let (steps, time) = (ratio(|c| c.vm_steps), ratio(|c| c.time_ns));
    let stopped = p.before.timed_out && !p.after.timed_out;
    match () {
        () if p.before.vm_steps == 0 => "not proved",
        () if stopped => "faster",
        () if is_slower(&p.before, &p.after) => "slower",
        () if steps > 1.05 || time > NOISE => "faster",
        () => "no difference",
    }
}

/// Times of runs in turns differ by this much on a busy machine.
const NOISE: f64 = 1.3;

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
        analyzed: sum(&|o| o.analyzed.unwrap_or_default()),
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
