//! The indexes to add, to take away, and those that are rejected.

use crate::advise::candidates::Candidates;
use crate::advise::candidates::existing::{implied_by, repeated_by};
use crate::advise::prepare::Prepared;
use crate::advise::report::statements;
use crate::advise::scenarios::phrase;
use crate::advise::select::problem::{TOLERANCE, is_slower_by};
use crate::advise::select::selection::Selection;
use crate::advise::verify::Verified;
use crate::advise::verify::comparison::Comparison;
use crate::model::candidate::Candidate;
use crate::model::configuration::Scenario;
use crate::model::ids::{Id, QueryId};
use crate::model::index::quote;
use crate::model::report::{
    Common, CreateIndex, DropIndex, Help, NamedIndex, Point, Recommendation, Rejected, Why, WhyBehind,
    WriteCost,
};
use crate::sqlite::schema::ExistingIndex;
use crate::workload::Statement;
use std::collections::BTreeMap;

/// What is said of a new index in which no two rows have the same key: what has to stay different is for the application to
/// say.
const UNIQUE: &str =
    "no two rows have the same key now: if that is a rule of the application, CREATE UNIQUE INDEX keeps it";

/// The indexes to add, in the order in which they were built and verified: where two serve a statement equally well, the planner's
/// choice depends on which was created first.
pub(super) fn created(
    prepared: &Prepared,
    candidates: &Candidates,
    choice: &Selection,
    verified: &Verified<'_>,
    writes: &[WriteCost],
) -> Vec<Recommendation> {
    let create = |candidate: &&Candidate| {
        let helps =
            helps(prepared, verified, |p| p.plans_after.iter().any(|plan| plan.uses(&candidate.name)));
        let remedy = verified.unique.contains(&candidate.name).then(|| UNIQUE.to_owned());
        Recommendation::CreateIndex(CreateIndex {
            sql: candidate.index.to_sql(&candidate.name),
            index: named(candidate, &verified.bytes, writes),
            build_ns: verified.after.build_ns(&candidate.name),
            common: Common {
                reason: served(prepared, candidates, choice, candidate, &helps),
                helps,
                remedy,
                ..Common::default()
            },
        })
    };
    verified.created.iter().map(create).collect()
}

/// What reads an index: with all statistics, or where no plan does then, with those that an application may have instead.
fn served(
    prepared: &Prepared,
    candidates: &Candidates,
    choice: &Selection,
    candidate: &Candidate,
    helps: &[Help],
) -> String {
    if !helps.is_empty() {
        return format!("serves {}", names(helps));
    }
    let id = candidates.new_ones().find(|(_, c)| c.name == candidate.name).map(|(id, _)| id);
    let told = Scenario::PROMISED.into_iter().zip(&choice.position.costs).filter_map(|(scenario, costs)| {
        let uses = |q: &QueryId| id.is_some_and(|id| costs[*q].uses.contains(&id));
        let users = costs.ids().filter(uses).filter_map(|q| prepared.workload.statements.get(q.position()));
        let ids: Vec<&str> = users.map(|s| s.id.as_str()).collect();
        (!ids.is_empty()).then(|| format!("{} it serves {}", phrase(scenario), statements::names(&ids)))
    });
    let told: Vec<String> = told.collect();
    format!("no plan reads it with all statistics; {}", told.join("; "))
}

/// The indexes to take away.
pub(super) fn dropped(
    prepared: &Prepared,
    verified: &Verified<'_>,
    writes: &[WriteCost],
) -> Vec<Recommendation> {
    let mut advice = vec![];
    for candidate in &verified.dropped {
        let stays = |other: &ExistingIndex| verified.dropped.iter().all(|gone| gone.name != other.name);
        let repeated = repeated_by(&prepared.schema, &candidate.name, stays);
        let wider = verified.created.iter().find(|new| candidate.index.is_prefix_of(&new.index));
        let helps =
            helps(prepared, verified, |p| p.plans_before.iter().any(|plan| plan.uses(&candidate.name)));
        let same_as =
            |other: &str| prepared.schema.index(other).is_some_and(|other| other.index == candidate.index);
        let reason = match (repeated, wider) {
            (Some(other), _) if same_as(other) => format!("it is a duplicate of {other}"),
            (Some(other), _) => format!("{other} does all that it does"),
            (_, Some(new)) => format!("the new {} begins with its key and serves its statements", new.name),
            _ => without_it(&helps),
        };
        let common = Common { reason, helps, ..Common::default() };
        advice.push(drop_index(candidate, verified, writes, false, common));
    }
    advice
}

/// What its statements lose by an index that nothing replaces.
fn without_it(helps: &[Help]) -> String {
    let (slower, served): (Vec<_>, Vec<_>) = helps
        .iter()
        .cloned()
        .partition(|help| is_slower_by(TOLERANCE, help.before.vm_steps, help.after.vm_steps));
    match (served.is_empty(), slower.is_empty()) {
        (_, true) => format!("served as well without it: {}", names(&served)),
        (true, false) => format!("slower without it, for the sake of the whole: {}", names(&slower)),
        (false, false) => {
            format!("served as well without it: {}; slower: {}", names(&served), names(&slower))
        }
    }
}

/// The indexes that could be taken away if the workload is all that is ever asked.
pub(super) fn unused(prepared: &Prepared, verified: &Verified<'_>) -> Vec<Recommendation> {
    let common = |c: &Candidate| {
        let index = prepared.schema.index(&c.name);
        let narrower = index.and_then(|index| implied_by(prepared, &prepared.schema, index));
        let rule =
            narrower.map(|by| format!(", and its UNIQUE follows from that of {by}")).unwrap_or_default();
        let reason = format!("no statement uses it{rule}; as good as the workload is complete");
        Common { reason, ..Common::default() }
    };
    verified
        .unused
        .iter()
        .map(|c| drop_index(c, verified, &verified.without_unused, true, common(c)))
        .collect()
}

fn drop_index(
    candidate: &Candidate,
    verified: &Verified<'_>,
    writes: &[WriteCost],
    optional: bool,
    common: Common,
) -> Recommendation {
    let sql = format!("DROP INDEX {}", quote(&candidate.name));
    let index = named(candidate, &verified.bytes_before, writes);
    Recommendation::DropIndex(DropIndex { sql, index, optional, common })
}

fn named(candidate: &Candidate, bytes: &BTreeMap<String, u64>, writes: &[WriteCost]) -> NamedIndex {
    let Candidate { name, index, .. } = candidate;
    NamedIndex {
        name: name.clone(),
        table: index.table.clone(),
        columns: index.key.iter().map(ToString::to_string).collect(),
        filter: index.filter.clone(),
        bytes: bytes.get(name).copied().unwrap_or(0),
        write_cost: writes.iter().find(|w| w.table == index.table).cloned(),
    }
}

/// The statements of which that is true, before and after.
fn helps(prepared: &Prepared, verified: &Verified<'_>, is_one: impl Fn(&Comparison) -> bool) -> Vec<Help> {
    let compared = prepared.workload.statements.iter().zip(&verified.comparisons);
    let those = compared.filter(|(_, p)| is_one(p));
    let help = |(s, p): (&Statement, &Comparison)| Help {
        statement: s.id.clone(),
        before: p.before,
        after: p.after,
        verdict: Some(statements::verdict(s, p)),
    };
    those.map(help).collect()
}

/// Every rejected candidate, with what is known of it.
pub(super) fn rejected(
    candidates: &Candidates,
    choice: &Selection,
    curve: &[Point],
    kept: &[&Candidate],
) -> Vec<Rejected> {
    let mut all = vec![];
    for (i, candidate) in candidates.new_ones() {
        if kept.iter().any(|k| k.name == candidate.name) {
            continue;
        }
        let (bytes, fits) = (candidate.bytes, candidate.used_by.len());
        let smallest = curve.iter().rfind(|point| point.indexes.contains(&candidate.name));
        let wider = kept.iter().find(|k| candidate.index.is_prefix_of(&k.index));
        let why = if let Some(wider) = wider {
            Why::Covered { by: wider.name.clone() }
        } else if choice.position.configuration.indexes.contains(&i) {
            Why::NotConfirmed
        } else if choice.behind.iter().any(|b| b.why == WhyBehind::Slower && b.indexes.contains(&i)) {
            Why::Slower
        } else if let Some(point) = smallest {
            Why::NotWorthItsPrice { indexes: point.indexes.len() as u64, bytes: point.bytes }
        } else {
            Why::OthersServe
        };
        let sql = candidate.index.to_sql(&candidate.name);
        all.push(Rejected { sql, why, bytes, statements: fits as u64 });
    }
    all
}

fn names(helps: &[Help]) -> String {
    statements::names(&helps.iter().map(|h| h.statement.as_str()).collect::<Vec<_>>())
}
