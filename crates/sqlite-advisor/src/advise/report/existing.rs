//! The indexes that the database has, each with what becomes of it and why.

use crate::advise::candidates::Candidates;
use crate::advise::prepare::Prepared;
use crate::advise::verify::Verified;
use crate::model::report::{Kind, Recommendation, Standing, Verdict};
use crate::sqlite::schema::ExistingIndex;
use crate::workload::Statement;

/// Judges every index but those that SQLite made for a constraint.
pub(super) fn judged(
    prepared: &Prepared,
    candidates: &Candidates,
    verified: &Verified<'_>,
    advice: &[Recommendation],
) -> Vec<Standing> {
    let own = prepared.schema.indexes.iter().filter(|index| index.sql.is_some());
    let may_go = |index: &ExistingIndex| {
        candidates.standing.iter().filter_map(|i| candidates.candidates.get(*i)).any(|c| c.name == index.name)
    };
    own.map(|index| judge(prepared, may_go(index), verified, advice, index)).collect()
}

fn judge(
    prepared: &Prepared,
    may_go: bool,
    verified: &Verified<'_>,
    advice: &[Recommendation],
    index: &ExistingIndex,
) -> Standing {
    let told = prepared.workload.statements.iter().zip(&verified.comparisons);
    let reading = told.filter(|(_, p)| p.plans_after.iter().any(|plan| plan.uses(&index.name)));
    let statements: Vec<String> = reading.map(|(s, _): (&Statement, _)| s.id.clone()).collect();
    let gone = advice.iter().find(|a| a.kind == Kind::DropIndex && a.name == index.name);
    let replaced = verified.created.iter().any(|new| index.index.is_prefix_of(&new.index));
    let (verdict, why) = match gone {
        Some(a) if a.optional => (Verdict::Unused, a.reason.clone()),
        Some(a) if replaced => (Verdict::Replace, a.reason.clone()),
        Some(a) => (Verdict::Drop, a.reason.clone()),
        None => (Verdict::Keep, why_kept(prepared, may_go, verified, index, statements.len()).to_owned()),
    };
    let (name, table) = (index.name.clone(), index.index.table.clone());
    let bytes = verified.bytes_before.get(&index.name).copied().unwrap_or(0);
    Standing { name, table, bytes, verdict, why, statements }
}

fn why_kept(
    prepared: &Prepared,
    may_go: bool,
    verified: &Verified<'_>,
    index: &ExistingIndex,
    readers: usize,
) -> &'static str {
    match readers {
        1.. => "",
        0 if index.unique => "its UNIQUE is a context of the data",
        0 if prepared.request.texts.is_none() => "no workload tells who reads it",
        0 if verified.spared.iter().any(|c| c.name == index.name) => "a rewritten statement would read it",
        0 if may_go => "without it a statement is planned otherwise",
        0 => "a foreign key or a text needs it",
    }
}
