//! Writes the document: what to do, why, what it costs, and why the rest is not advised.

use crate::advise::candidates::Candidate;
use crate::advise::choose::Chosen;
use crate::advise::finalists::Finalists;
use crate::advise::prove::{Proven, slower_without};
use crate::advise::rules::{self, Scene};
use crate::advise::standing::repeated_by;
use crate::advise::subject::{Request, Subject};
use crate::advise::trial::Proof;
use crate::advise::weigh::is_slower;
use crate::counters::Counters;
use crate::database::schema::ExistingIndex;
use crate::database::{Schema, Session, Snapshot};
use crate::document::{self, Advice, Document, Help, Interval, Kind, Outcome, Rejected, Totals, WriteCost};
use crate::error::Result;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::units;
use crate::workload::Workload;

/// Tells everything.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn tell(
    subject: &Subject,
    finalists: &Finalists,
    choice: &Chosen,
    mut proven: Proven<'_>,
    progress: &dyn Progress,
) -> Result<Document> {
    let Subject { request, snapshot, schema, workload, .. } = subject;
    let mut advice: Vec<Advice> = created(subject, &proven);
    advice.extend(dropped(subject, &proven));
    let statistics_alone = advice.is_empty();
    if let Some(reason) = analyze_reason(choice, &proven.proofs, &advice) {
        let analyze = Advice { kind: Kind::Analyze, sql: "ANALYZE".to_owned(), reason, ..Advice::default() };
        advice.push(analyze);
    }
    let analyzed: Vec<Counters> = choice.analyzed.iter().map(|m| m.counters).collect();
    let copies = (&proven.before, &proven.after);
    let scene =
        Scene::new(subject, copies, proven.created.clone(), &proven.proofs, analyzed.clone(), progress)?;
    let mut advice = rules::add_to(advice, &scene)?;
    let rewrites = advice.iter().filter(|a| a.kind == Kind::Rewrite);
    let rewritten: Vec<(&str, &str)> =
        rewrites.flat_map(|a| a.helps.iter().map(|h| (h.statement.as_str(), a.sql.as_str()))).collect();
    proven.spare(subject, &rewritten);
    let inserts = proven.without_unused(subject)?;
    advice.extend(unused(&proven, &inserts));
    let proofs = &proven.proofs;
    // The last look at the copy with the advice: it has no statistics afterwards.
    let unanalyzed = proven.without_statistics(subject, progress)?;
    let mut notes = notes(subject, choice);
    if !statistics_alone {
        notes.extend(note_without_statistics(workload, proofs, &unanalyzed));
    }
    let told = workload.statements.iter().zip(proofs).zip(analyzed.into_iter().zip(unanalyzed));
    let statements: Vec<Outcome> =
        told.map(|((s, p), (analyzed, unanalyzed))| outcome(&s.id, p, analyzed, unanalyzed)).collect();
    let totals = totals(workload, &statements, &advice, &proven.writes);
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
        database: describe(request, snapshot, schema, proven.before.session())?,
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
        rejected: rejected(subject, finalists, choice, &proven.created),
        advice,
        statements,
        totals,
        curve: choice.curve.clone(),
        optimum: choice.optimum.map(|o| document::Optimum { sets: o.sets, gap: o.gap }),
        notes,
    })
}

/// The indexes to add.
fn created(subject: &Subject, proven: &Proven<'_>) -> Vec<Advice> {
    let mut advice = vec![];
    for candidate in &proven.created {
        let told = subject.workload.statements.iter().zip(&proven.proofs);
        let uses = |(_, p): &(_, &Proof)| p.plans_after.iter().any(|plan| plan.uses(&candidate.name));
        let helps: Vec<Help> = told
            .filter(uses)
            .map(|(s, p)| Help { statement: s.id.clone(), before: p.before, after: p.after })
            .collect();
        advice.push(Advice {
            kind: Kind::CreateIndex,
            sql: candidate.index.to_sql(&candidate.name),
            name: candidate.name.clone(),
            table: candidate.index.table.clone(),
            columns: candidate.index.key.iter().map(ToString::to_string).collect(),
            filter: candidate.index.filter.clone(),
            bytes: proven.bytes.get(&candidate.name).copied().unwrap_or(0),
            write_cost: proven.writes.iter().find(|w| w.table == candidate.index.table).cloned(),
            reason: reason(&helps),
            helps,
            ..Advice::default()
        });
    }
    advice
}

/// The indexes to take away.
fn dropped(subject: &Subject, proven: &Proven<'_>) -> Vec<Advice> {
    let mut advice = vec![];
    for candidate in &proven.dropped {
        let stays = |other: &ExistingIndex| proven.dropped.iter().all(|gone| gone.name != other.name);
        let repeated = repeated_by(&subject.schema, &candidate.name, stays);
        let wider = proven.created.iter().find(|new| candidate.index.is_prefix_of(&new.index));
        let told = subject.workload.statements.iter().zip(&proven.proofs);
        let uses = |(_, p): &(_, &Proof)| p.plans_before.iter().any(|plan| plan.uses(&candidate.name));
        let helps: Vec<Help> = told
            .filter(uses)
            .map(|(s, p)| Help { statement: s.id.clone(), before: p.before, after: p.after })
            .collect();
        let reason = match (repeated, wider) {
            (Some(other), _) => format!("{other} does all that it does"),
            (_, Some(new)) => format!("the new {} begins with its key and serves its statements", new.name),
            _ => format!("{} are served as well without it", names(&helps)),
        };
        advice.push(Advice { reason, helps, ..drop_index(candidate, proven, &proven.writes) });
    }
    advice
}

/// The indexes that could be taken away if the workload is all that is ever asked.
fn unused(proven: &Proven<'_>, inserts: &[WriteCost]) -> Vec<Advice> {
    let reason = || "no statement uses it; as good as the workload is complete".to_owned();
    let one = |c: &&Candidate| Advice { reason: reason(), optional: true, ..drop_index(c, proven, inserts) };
    proven.unused.iter().map(one).collect()
}

fn drop_index(candidate: &Candidate, proven: &Proven<'_>, inserts: &[WriteCost]) -> Advice {
    Advice {
        kind: Kind::DropIndex,
        sql: format!("DROP INDEX {}", crate::index::quote(&candidate.name)),
        name: candidate.name.clone(),
        table: candidate.index.table.clone(),
        columns: candidate.index.key.iter().map(ToString::to_string).collect(),
        filter: candidate.index.filter.clone(),
        bytes: proven.bytes_before.get(&candidate.name).copied().unwrap_or(0),
        write_cost: inserts.iter().find(|w| w.table == candidate.index.table).cloned(),
        ..Advice::default()
    }
}

/// Why ANALYZE is to be run; none if nothing is gained by it.
fn analyze_reason(choice: &Chosen, proofs: &[Proof], advice: &[Advice]) -> Option<String> {
    if advice.iter().any(|a| a.kind == Kind::CreateIndex) {
        let reason = "without statistics SQLite guesses which index to use; all figures here are with them";
        return Some(reason.to_owned());
    }
    let total = |cost: &mut dyn Iterator<Item = f64>| cost.sum::<f64>();
    let before = total(&mut proofs.iter().map(|p| p.before.cost()));
    let after = total(&mut choice.analyzed.iter().map(|m| m.counters.cost()));
    (before > after * WORTH_ANALYZING).then(|| {
        format!(
            "with statistics the statements cost {} less, and no index is needed",
            units::ratio(before / after)
        )
    })
}

/// The factor that statistics alone must bring to be advised.
const WORTH_ANALYZING: f64 = 1.1;

fn note_without_statistics(
    workload: &Workload,
    proofs: &[Proof],
    unanalyzed: &[Option<Counters>],
) -> Option<String> {
    let other = unanalyzed.iter().flatten().count();
    let slower = slower_without(proofs, unanalyzed);
    let names: Vec<&str> =
        slower.iter().filter_map(|i| workload.statements.get(*i)).take(5).map(|s| s.id.as_str()).collect();
    match (other, slower.len()) {
        (0, _) => None,
        (n, 0) => {
            Some(format!("without ANALYZE {n} of the statements get another plan; none is slower than now"))
        }
        (n, m) => Some(format!(
            "without ANALYZE {n} of the statements get another plan, and {m} are slower than now: {}",
            names.join(", ")
        )),
    }
}

/// Every finalist that is not advised, with what is known of it.
fn rejected(subject: &Subject, finalists: &Finalists, choice: &Chosen, kept: &[&Candidate]) -> Vec<Rejected> {
    let mut all = vec![];
    for (i, candidate) in finalists.new_ones().iter().enumerate() {
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
fn notes(subject: &Subject, choice: &Chosen) -> Vec<String> {
    let mut notes = vec![];
    if choice.stopped {
        notes.push(
            "the time limit ended the search: nothing here is slower than before, but a smaller set may do as well".to_owned(),
        );
    }
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
    format!("serves {}", names(helps))
}

fn names(helps: &[Help]) -> String {
    let names: Vec<_> = helps.iter().take(5).map(|h| h.statement.as_str()).collect();
    let more = if helps.len() > 5 { format!(" and {} more", helps.len() - 5) } else { String::new() };
    format!("{}{more}", names.join(", "))
}

fn text(plans: &[Plan]) -> String {
    let mut texts: Vec<String> = plans.iter().map(ToString::to_string).collect();
    texts.dedup();
    texts.join("\nor, with other values:\n")
}

fn outcome(id: &str, p: &Proof, analyzed: Counters, unanalyzed: Option<Counters>) -> Outcome {
    Outcome {
        id: id.to_owned(),
        plan_before: text(&p.plans_before),
        plan_after: text(&p.plans_after),
        before: p.before,
        analyzed: Some(analyzed),
        unanalyzed,
        after: p.after,
        faster: p.faster,
        same_rows: p.same_rows,
        verdict: verdict(p).to_owned(),
    }
}

/// By steps, which repeat exactly; by time only where the interval of the runs in turns leaves no doubt.
fn verdict(p: &Proof) -> &'static str {
    let steps = p.before.vm_steps.max(1) as f64 / p.after.vm_steps.max(1) as f64;
    let stopped = p.before.timed_out && !p.after.timed_out;
    let sure = |i: Interval| i.low > SURELY && i.values >= 6;
    match () {
        () if p.before.vm_steps == 0 => "not proved",
        () if stopped => "faster",
        () if is_slower(&p.before, &p.after) => "slower",
        () if steps > 1.05 || p.faster.is_some_and(sure) => "faster",
        () if p.plans_before == p.plans_after => "no difference",
        () => "within noise",
    }
}

/// A gain in time that is told as one where the steps are the same.
const SURELY: f64 = 1.2;

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
    let bytes_of = |kind| advice.iter().filter(|a| a.kind == kind).map(|a| a.bytes).sum();
    let inserts = |pick: fn(&document::WriteCost) -> u64| writes.iter().map(pick).sum::<u64>().max(1) as f64;
    Totals {
        before: sum(&|o| o.before),
        analyzed: sum(&|o| o.analyzed.unwrap_or_default()),
        after: sum(&|o| o.after),
        speedup_geomean: ratio(|c| c.time_ns),
        speedup_geomean_vm_steps: ratio(|c| c.vm_steps),
        index_bytes: bytes_of(Kind::CreateIndex),
        dropped_bytes: bytes_of(Kind::DropIndex),
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
