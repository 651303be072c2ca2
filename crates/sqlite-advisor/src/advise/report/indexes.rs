//! The indexes to add, to take away, and those that are not advised.

use crate::advise::candidates::Candidates;
use crate::advise::candidates::existing::repeated_by;
use crate::advise::candidates::shapes::Candidate;
use crate::advise::prepare::Prepared;
use crate::advise::report::{statements, unique};
use crate::advise::select::choose::Selection;
use crate::advise::verify::Verified;
use crate::advise::verify::comparison::Comparison;
use crate::error::Result;
use crate::model::report::{Help, Kind, Recommendation, Rejected, WriteCost};
use crate::model::units;
use crate::sqlite::schema::ExistingIndex;

/// The indexes to add.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the copy with the advice cannot be read.
pub(super) fn created(
    prepared: &Prepared,
    verified: &Verified<'_>,
    writes: &[WriteCost],
) -> Result<Vec<Recommendation>> {
    let mut advice = vec![];
    for candidate in &verified.created {
        let told = prepared.workload.statements.iter().zip(&verified.comparisons);
        let uses = |(_, p): &(_, &Comparison)| p.plans_after.iter().any(|plan| plan.uses(&candidate.name));
        let helps: Vec<Help> = told
            .filter(uses)
            .map(|(s, p)| Help { statement: s.id.clone(), before: p.before, after: p.after })
            .collect();
        advice.push(Recommendation {
            kind: Kind::CreateIndex,
            sql: candidate.index.to_sql(&candidate.name),
            name: candidate.name.clone(),
            table: candidate.index.table.clone(),
            columns: candidate.index.key.iter().map(ToString::to_string).collect(),
            filter: candidate.index.filter.clone(),
            bytes: verified.bytes.get(&candidate.name).copied().unwrap_or(0),
            build_ns: verified.after.build_ns(&candidate.name),
            write_cost: writes.iter().find(|w| w.table == candidate.index.table).cloned(),
            reason: reason(&helps),
            remedy: unique::remark(verified, candidate)?.unwrap_or_default(),
            helps,
            ..Recommendation::default()
        });
    }
    Ok(advice)
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
        let told = prepared.workload.statements.iter().zip(&verified.comparisons);
        let uses = |(_, p): &(_, &Comparison)| p.plans_before.iter().any(|plan| plan.uses(&candidate.name));
        let helps: Vec<Help> = told
            .filter(uses)
            .map(|(s, p)| Help { statement: s.id.clone(), before: p.before, after: p.after })
            .collect();
        let reason = match (repeated, wider) {
            (Some(other), _) => format!("{other} does all that it does"),
            (_, Some(new)) => format!("the new {} begins with its key and serves its statements", new.name),
            _ => format!("{} are served as well without it", names(&helps)),
        };
        advice.push(Recommendation { reason, helps, ..drop_index(candidate, verified, writes) });
    }
    advice
}

/// The indexes that could be taken away if the workload is all that is ever asked.
pub(super) fn unused(verified: &Verified<'_>, inserts: &[WriteCost]) -> Vec<Recommendation> {
    let reason = || "no statement uses it; as good as the workload is complete".to_owned();
    let one = |c: &&Candidate| Recommendation {
        reason: reason(),
        optional: true,
        ..drop_index(c, verified, inserts)
    };
    verified.unused.iter().map(one).collect()
}

fn drop_index(candidate: &Candidate, verified: &Verified<'_>, inserts: &[WriteCost]) -> Recommendation {
    Recommendation {
        kind: Kind::DropIndex,
        sql: format!("DROP INDEX {}", crate::model::index::quote(&candidate.name)),
        name: candidate.name.clone(),
        table: candidate.index.table.clone(),
        columns: candidate.index.key.iter().map(ToString::to_string).collect(),
        filter: candidate.index.filter.clone(),
        bytes: verified.bytes_before.get(&candidate.name).copied().unwrap_or(0),
        write_cost: inserts.iter().find(|w| w.table == candidate.index.table).cloned(),
        ..Recommendation::default()
    }
}

/// Every finalist that is not advised, with what is known of it.
pub(super) fn rejected(
    prepared: &Prepared,
    candidates: &Candidates,
    choice: &Selection,
    kept: &[&Candidate],
) -> Vec<Rejected> {
    let mut all = vec![];
    for (i, candidate) in candidates.new_ones() {
        if kept.iter().any(|k| k.name == candidate.name) {
            continue;
        }
        let bytes = choice.bytes.get(i).copied().unwrap_or(0);
        let fits = candidates.fits.get(i).map_or(0, |fits| fits.len());
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
        let share = bytes as f64 / prepared.snapshot.bytes().max(1) as f64;
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
