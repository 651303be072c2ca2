//! Writes the document: what to do, why, what it costs, and why the rest is rejected.
//!
//! `indexes` come and go, `existing` ones are judged, `writes` have their price, `statements` are told before
//! and after and with `other_statistics`, and `totals` sum up.

mod existing;
mod indexes;
mod other_statistics;
mod search;
pub(super) mod statements;
mod totals;
mod writes;

use crate::advise::candidates::Candidates;
use crate::advise::prepare::Prepared;
use crate::advise::select::selection::Selection;
use crate::advise::verify::Verified;
use crate::model::configuration::Scenario;
use crate::model::report::{self as document, Analyze, Common, Group, Outcome, Recommendation, Report};

/// Reports everything. Nothing is run here: what is told was found by the stages before.
pub fn report(
    prepared: &Prepared,
    candidates: &Candidates,
    choice: &Selection,
    curve: Vec<document::Point>,
    verified: &Verified<'_>,
    findings: Vec<Recommendation>,
) -> Report {
    let workload = &prepared.workload;
    let writes = writes::weighed(prepared, verified, &choice.analyzed);
    let mut indexes = indexes::created(prepared, candidates, choice, verified, &writes);
    indexes.extend(indexes::dropped(prepared, verified, &writes));
    let statistics_alone = indexes.is_empty();
    let analyze = totals::analyze_reason(workload, choice, &verified.comparisons, &indexes).map(|reason| {
        let common = Common { reason, ..Common::default() };
        Recommendation::Analyze(Analyze { sql: "ANALYZE".to_owned(), common })
    });
    let unused = indexes::unused(prepared, verified);
    let all = findings.into_iter().chain(indexes).chain(analyze).chain(unused);
    let mut advice: Vec<Recommendation> = all.collect();
    keep_first_analyze(&mut advice);
    advice.sort_by_key(place);
    let analyzed = choice.analyzed.clone();
    let comparisons = &verified.comparisons;
    let none = vec![None; comparisons.len()];
    let of = |scenario| verified.scenarios.get(&scenario).unwrap_or(&none);
    let (without_stat4, without_statistics) = (of(Scenario::WithoutStat4), of(Scenario::AsFound));
    let mut notes = notes(prepared, choice);
    let search = search::of(prepared, candidates, choice);
    notes.extend(search::notes(&search, workload.statements.len()));
    notes.extend(other_statistics::harmed(workload, comparisons, choice));
    notes.extend(statements::other_rows(workload, comparisons));
    for scenario in [Scenario::WithoutStat4, Scenario::AsFound, Scenario::Absent] {
        // Who leaves out an ANALYZE that is all there is to do stays with the database as it is.
        if scenario == Scenario::WithoutStat4 || !statistics_alone {
            notes.extend(other_statistics::note(scenario, workload, comparisons, of(scenario)));
        }
    }
    let others = analyzed.into_iter().zip(without_stat4.iter().zip(without_statistics));
    let told = workload.statements.iter().zip(comparisons).zip(others);
    let statements: Vec<Outcome> = told
        .map(|((s, p), (analyzed, (without_stat4, without_statistics)))| Outcome {
            analyzed: Some(analyzed),
            without_stat4: *without_stat4,
            without_statistics: *without_statistics,
            ..statements::outcome(s, p)
        })
        .collect();
    let totals = totals::totals(workload, &statements, &advice, (&verified.writes, &verified.without_unused));
    Report {
        version: document::VERSION,
        tool: document::Tool::this(),
        sqlite: crate::sqlite::library(),
        machine: document::Machine {
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            cpus: std::thread::available_parallelism().map_or(1, usize::from),
        },
        database: prepared.database.clone(),
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
                    values: statements::values(s),
                    labels: s.labels.clone(),
                })
                .collect(),
            skipped: workload
                .skipped
                .iter()
                .map(|s| document::Skipped {
                    source: s.source.file.to_string(),
                    line: s.source.line,
                    sql: s.sql.clone(),
                    error: s.error.clone(),
                })
                .collect(),
        },
        rejected: indexes::rejected(candidates, choice, &curve, &verified.created),
        writes: writes::changed(writes, verified),
        existing: existing::judged(prepared, candidates, verified, &advice),
        recommendations: advice,
        statements,
        totals,
        curve,
        optimum: choice.enumerated.map(|all| document::Optimum { configurations: all.sets, gap: all.gap }),
        search: Some(search),
        notes,
    }
}

/// Where advice stands: the order in which to run it, ANALYZE behind the indexes that it is to know, and then what is less
/// sure.
fn place(advice: &Recommendation) -> (Group, u8) {
    let step = match advice {
        Recommendation::CreateIndex(_) => 0,
        Recommendation::DropIndex(_) => 1,
        Recommendation::Analyze(_) => 2,
        Recommendation::Rewrite(_) | Recommendation::Schema(_) => 3,
    };
    (advice.group(), step)
}

/// ANALYZE is told once: what a rule says of it stands first and says more.
fn keep_first_analyze(advice: &mut Vec<Recommendation>) {
    let mut told = false;
    advice.retain(|a| !matches!(a, Recommendation::Analyze(_)) || !std::mem::replace(&mut told, true));
}

/// What the reader should know beside the figures.
fn notes(prepared: &Prepared, choice: &Selection) -> Vec<String> {
    let mut notes = vec![];
    if choice.stopped {
        notes.push(
            "the time limit ended the search: nothing here is slower than before, but a smaller set may do as well, and not every \
             rule was looked at".to_owned(),
        );
    }
    if prepared.request.queries.is_none() {
        notes.push(
            "no workload was given, so views, foreign keys and lookups by the existing keys and indexes were looked at; \
             --workload FILE with the queries of the application, or its log, tells more"
                .to_owned(),
        );
    }
    if prepared.whole.is_some() {
        notes.push(
            "the database is larger than --sample-above, so it was tried on a copy of the tables that the workload names, \
             with pages as full as VACUUM makes them; indexes of other tables were not judged"
                .to_owned(),
        );
    }
    notes.extend(prepared.workload.notes.iter().cloned());
    let made_up = &prepared.workload.stand_ins;
    if !made_up.functions.is_empty() || !made_up.collations.is_empty() {
        let names: Vec<_> = made_up.functions.iter().chain(&made_up.collations).cloned().collect();
        notes.push(format!(
            "the application's own {} is not known here: statements that need it were planned with a stand-in, not run, \
             and their advice is not verified",
            names.join(", ")
        ));
    }
    notes
}
