//! The index that cures a finding, planned on the clone before it is told.

use crate::advise::candidates::shapes;
use crate::advise::prepare::probe::Probe;
use crate::advise::prepare::selectivity::Selectivity;
use crate::check::Found;
use crate::check::compare::compare;
use crate::check::planned::{Planned, Strength, accesses};
use crate::check::plans::Plans;
use crate::check::source::Source;
use crate::error::Result;
use crate::model::candidate::Candidate;
use crate::model::check::{Cure, Finding, Kind, Lock};
use crate::model::ids::{IdVec, IndexId};
use crate::model::index::Index;
use crate::progress::Progress;
use std::cmp::Reverse;

/// The most candidates that are planned for one statement, the narrowest first.
const MOST: usize = 40;
/// The most statements for which cures are sought.
const STATEMENTS: usize = 200;

/// Gives each finding the narrowest index that was found to cure it. `found` are the findings of each planned statement.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the clone cannot be written, [`crate::Error::Interrupted`].
pub fn add(
    found: &mut [Found],
    plans: &mut Plans,
    source: &Source,
    lock: Option<&Lock>,
    progress: &dyn Progress,
) -> Result<()> {
    let with_findings = plans.planned.clone().into_iter().zip(found);
    let curable: Vec<_> = with_findings.filter(|(_, found)| found.iter().any(is_curable)).collect();
    if curable.is_empty() {
        return Ok(());
    }
    let texts: Vec<&str> =
        curable.iter().filter_map(|(one, _)| Some(one.statement.as_ref()?.sql.as_str())).collect();
    let probe = Probe::new(&source.schema, &texts, &plans.stand_ins)?;
    let mut cures = Cures { source, plans, lock, all: IdVec::default() };
    progress.start("Looking for cures", Some(curable.len() as u64));
    for (done, (planned, found)) in (1u64..).zip(curable).take(STATEMENTS) {
        progress.check()?;
        let tried = cures.tried(&planned, found, &probe)?;
        for finding in found.iter_mut().filter(|finding| is_curable(finding)) {
            finding.cure = best(&tried, finding);
        }
        progress.advance(done);
    }
    progress.finish();
    Ok(())
}

fn is_curable(finding: &Finding) -> bool {
    finding.kind.is_of_plans() && finding.kind.fails()
}

/// A statement as it is planned with an index that leaves less to look at.
struct Tried {
    index: Index,
    sql: String,
    planned: Planned,
    left: Vec<Failure>,
}

/// What fails: its kind and table.
type Failure = (Kind, Option<String>);

/// The best of the indexes with which a finding is gone.
fn best(tried: &[Tried], finding: &Finding) -> Option<Cure> {
    let is_it = |(kind, table): &Failure| *kind == finding.kind && *table == finding.table;
    let cures = |one: &&Tried| {
        let of_its_table = finding.table.as_ref().is_none_or(|table| *table == one.index.table);
        of_its_table && !one.left.iter().any(is_it)
    };
    let best = tried.iter().filter(cures).min_by_key(|one| Rank::of(one))?;
    Some(Cure { sql: best.sql.clone(), plan: best.planned.plans.clone() })
}

struct Cures<'c> {
    source: &'c Source,
    plans: &'c mut Plans,
    lock: Option<&'c Lock>,
    /// The candidates that the clone knows.
    all: IdVec<IndexId, Candidate>,
}

impl Cures<'_> {
    /// The statement with each candidate that leaves less of it to look at.
    fn tried(&mut self, planned: &Planned, found: &Found, probe: &Probe<'_>) -> Result<Vec<Tried>> {
        let rows = planned.tables.values().map(|t| (t.name.clone(), t.rows.unwrap_or(u64::MAX)));
        let selectivity = Selectivity::of_rows(rows);
        let requests = probe.requests(&planned.sql);
        let mut candidates: Vec<Index> =
            shapes::candidates(&self.source.schema, &selectivity, &requests, &[]).into_iter().collect();
        let is_named = |table: &String| {
            found.iter().any(|finding| finding.table.as_ref().is_none_or(|named| named == table))
        };
        candidates.retain(|index| is_named(&index.table));
        candidates.sort_by_key(|index| index.key.len());
        candidates.truncate(MOST);
        let before = self.failures(planned).len();
        let mut tried = vec![];
        for index in candidates {
            let id = self.known(&index)?;
            let Some(with) = self.plans.with(planned, self.source, &[id].into())? else { continue };
            let left = self.failures(&with);
            if left.len() < before {
                let sql = index.to_sql(&self.all[id].name);
                tried.push(Tried { index, sql, planned: with, left });
            }
        }
        Ok(tried)
    }

    /// What fails of a statement, each sort by itself.
    fn failures(&self, planned: &Planned) -> Vec<Failure> {
        let found = compare(planned, self.lock);
        let failing = found.into_iter().filter(|finding| finding.kind.fails());
        let each = |finding: Finding| {
            let sorts = finding.sorts.iter().map(|_| (Kind::TemporaryBTree, None));
            std::iter::once((finding.kind, finding.table)).chain(sorts).collect::<Vec<_>>()
        };
        failing.flat_map(each).collect()
    }

    /// The id of a candidate, which the clone is told of.
    fn known(&mut self, index: &Index) -> Result<IndexId> {
        if let Some((id, _)) = self.all.enumerate().find(|(_, known)| known.index == *index) {
            return Ok(id);
        }
        let schema = &self.source.schema;
        let name = index.name(|name| schema.has(name));
        let id = self.all.push(Candidate::new(name, index.clone()));
        self.plans.what_if.extend(schema, &self.all, &self.source.statistics)?;
        Ok(id)
    }
}

/// Which cure is better; less is.
#[derive(PartialEq, PartialOrd, Eq, Ord)]
struct Rank<'t> {
    /// How much still fails.
    left: usize,
    /// Rows are sorted.
    sorts: bool,
    /// How the accesses use indexes.
    strength: Reverse<Vec<Strength>>,
    /// Terms of its key.
    width: usize,
    index: &'t Index,
}

impl<'t> Rank<'t> {
    fn of(tried: &'t Tried) -> Self {
        let plans = &tried.planned.plans;
        let strength =
            plans.first().map(|plan| accesses(plan).map(|a| Strength::of(&a).without_cover()).collect());
        Self {
            left: tried.left.len(),
            sorts: plans.iter().any(|plan| plan.sorts()),
            strength: Reverse(strength.unwrap_or_default()),
            width: tried.index.key.len(),
            index: &tried.index,
        }
    }
}
