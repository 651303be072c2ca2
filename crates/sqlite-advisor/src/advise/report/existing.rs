//! The indexes that the database has, each with what becomes of it and why.

use crate::advise::candidates::Candidates;
use crate::advise::candidates::existing::implied_by;
use crate::advise::prepare::Prepared;
use crate::advise::verify::Verified;
use crate::model::report::{DropIndex, IndexVerdict, JudgedIndex, Recommendation};
use crate::sqlite::schema::ExistingIndex;
use crate::workload::Statement;

/// Judges every index but those that SQLite made for a constraint.
pub(super) fn judged(
    prepared: &Prepared,
    candidates: &Candidates,
    verified: &Verified<'_>,
    advice: &[Recommendation],
) -> Vec<JudgedIndex> {
    let own = prepared.schema.indexes.iter().filter(|index| index.sql.is_some());
    let may_go = |index: &ExistingIndex| candidates.all.iter().any(|c| c.existing && c.name == index.name);
    own.map(|index| judge(prepared, may_go(index), verified, advice, index)).collect()
}

fn judge(
    prepared: &Prepared,
    may_go: bool,
    verified: &Verified<'_>,
    advice: &[Recommendation],
    index: &ExistingIndex,
) -> JudgedIndex {
    let told = prepared.workload.statements.iter().zip(&verified.comparisons);
    let reading = told.filter(|(_, p)| p.plans_after.iter().any(|plan| plan.uses(&index.name)));
    let statements: Vec<String> = reading.map(|(s, _): (&Statement, _)| s.id.clone()).collect();
    let gone = advice.iter().find_map(|a| drop_of(a, &index.name));
    let replaced = verified.created.iter().any(|new| index.index.is_prefix_of(&new.index));
    let because = |drop: &DropIndex| Some(drop.common.reason.clone());
    let (verdict, why) = match gone {
        Some(drop) if drop.optional => (IndexVerdict::Unused, because(drop)),
        Some(drop) if replaced => (IndexVerdict::Replace, because(drop)),
        Some(drop) => (IndexVerdict::Drop, because(drop)),
        None => {
            let why = why_kept(prepared, may_go, verified, index, statements.len());
            (IndexVerdict::Keep, why.map(str::to_owned))
        }
    };
    let (name, table) = (index.name.clone(), index.index.table.clone());
    let bytes = verified.bytes_before.get(&index.name).copied().unwrap_or(0);
    JudgedIndex { name, table, bytes, verdict, why, statements }
}

fn why_kept(
    prepared: &Prepared,
    may_go: bool,
    verified: &Verified<'_>,
    index: &ExistingIndex,
    readers: usize,
) -> Option<&'static str> {
    if readers > 0 {
        return None;
    }
    let narrower = implied_by(prepared, &prepared.schema, index);
    if narrower.is_some() {
        return Some("its UNIQUE follows from a narrower one, so it is an index like any other");
    }
    Some(if index.unique {
        "its UNIQUE is a rule of the data"
    } else if prepared.request.queries.is_none() {
        "no workload tells who reads it"
    } else if verified.spared.iter().any(|c| c.name == index.name) {
        "a rewritten statement would read it"
    } else if may_go {
        "without it a statement is planned otherwise"
    } else {
        "a foreign key or a text needs it"
    })
}

fn drop_of<'r>(advice: &'r Recommendation, name: &str) -> Option<&'r DropIndex> {
    match advice {
        Recommendation::DropIndex(drop) if drop.index.name == name => Some(drop),
        _ => None,
    }
}
