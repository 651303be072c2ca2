//! The indexes that the database has, each with what becomes of it and why.

use crate::advise::finalists::Finalists;
use crate::advise::prove::Proven;
use crate::advise::subject::Subject;
use crate::database::schema::ExistingIndex;
use crate::document::{Advice, Kind, Standing, Verdict};
use crate::workload::Statement;

/// Judges every index but those that SQLite made for a constraint.
pub(super) fn judged(
    subject: &Subject,
    finalists: &Finalists,
    proven: &Proven<'_>,
    advice: &[Advice],
) -> Vec<Standing> {
    let own = subject.schema.indexes.iter().filter(|index| index.sql.is_some());
    let may_go = |index: &ExistingIndex| {
        finalists.standing.iter().filter_map(|i| finalists.candidates.get(*i)).any(|c| c.name == index.name)
    };
    own.map(|index| judge(subject, may_go(index), proven, advice, index)).collect()
}

fn judge(
    subject: &Subject,
    may_go: bool,
    proven: &Proven<'_>,
    advice: &[Advice],
    index: &ExistingIndex,
) -> Standing {
    let told = subject.workload.statements.iter().zip(&proven.proofs);
    let reading = told.filter(|(_, p)| p.plans_after.iter().any(|plan| plan.uses(&index.name)));
    let statements: Vec<String> = reading.map(|(s, _): (&Statement, _)| s.id.clone()).collect();
    let gone = advice.iter().find(|a| a.kind == Kind::DropIndex && a.name == index.name);
    let replaced = proven.created.iter().any(|new| index.index.is_prefix_of(&new.index));
    let (verdict, why) = match gone {
        Some(a) if a.optional => (Verdict::Unused, a.reason.clone()),
        Some(a) if replaced => (Verdict::Replace, a.reason.clone()),
        Some(a) => (Verdict::Drop, a.reason.clone()),
        None => (Verdict::Keep, why_kept(subject, may_go, proven, index, statements.len()).to_owned()),
    };
    let (name, table) = (index.name.clone(), index.index.table.clone());
    let bytes = proven.bytes_before.get(&index.name).copied().unwrap_or(0);
    Standing { name, table, bytes, verdict, why, statements }
}

fn why_kept(
    subject: &Subject,
    may_go: bool,
    proven: &Proven<'_>,
    index: &ExistingIndex,
    readers: usize,
) -> &'static str {
    match readers {
        1.. => "",
        0 if index.unique => "its UNIQUE is a rule of the data",
        0 if subject.request.texts.is_none() => "no workload tells who reads it",
        0 if proven.spared.iter().any(|c| c.name == index.name) => "a rewritten statement would read it",
        0 if may_go => "without it a statement is planned otherwise",
        0 => "a foreign key or a text needs it",
    }
}
