//! The indexes to add, to take away, and those that are not advised.

use crate::advise::candidates::Candidate;
use crate::advise::choose::Chosen;
use crate::advise::finalists::Finalists;
use crate::advise::prove::Proven;
use crate::advise::standing::repeated_by;
use crate::advise::subject::Subject;
use crate::advise::tell::{statements, unique};
use crate::advise::trial::Proof;
use crate::database::schema::ExistingIndex;
use crate::document::{Advice, Help, Kind, Rejected, WriteCost};
use crate::error::Result;
use crate::units;

/// The indexes to add.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the copy with the advice cannot be read.
pub(super) fn created(subject: &Subject, proven: &Proven<'_>, writes: &[WriteCost]) -> Result<Vec<Advice>> {
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
            build_ns: proven.after.build_ns(&candidate.name),
            write_cost: writes.iter().find(|w| w.table == candidate.index.table).cloned(),
            reason: reason(&helps),
            remedy: unique::remark(proven, candidate)?.unwrap_or_default(),
            helps,
            ..Advice::default()
        });
    }
    Ok(advice)
}

/// The indexes to take away.
pub(super) fn dropped(subject: &Subject, proven: &Proven<'_>, writes: &[WriteCost]) -> Vec<Advice> {
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
        advice.push(Advice { reason, helps, ..drop_index(candidate, proven, writes) });
    }
    advice
}

/// The indexes that could be taken away if the workload is all that is ever asked.
pub(super) fn unused(proven: &Proven<'_>, inserts: &[WriteCost]) -> Vec<Advice> {
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

/// Every finalist that is not advised, with what is known of it.
pub(super) fn rejected(
    subject: &Subject,
    finalists: &Finalists,
    choice: &Chosen,
    kept: &[&Candidate],
) -> Vec<Rejected> {
    let mut all = vec![];
    for (i, candidate) in finalists.new_ones() {
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

fn reason(helps: &[Help]) -> String {
    format!("serves {}", names(helps))
}

fn names(helps: &[Help]) -> String {
    statements::names(&helps.iter().map(|h| h.statement.as_str()).collect::<Vec<_>>())
}
