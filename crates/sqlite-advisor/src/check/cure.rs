//! The index that cures a finding, planned on the clone before it is told.

use crate::advise::candidates::shapes;
use crate::advise::prepare::probe::Probe;
use crate::advise::prepare::selectivity::Selectivity;
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
use std::collections::BTreeSet;

/// The most candidates that are planned for one finding, the narrowest first.
const MOST: usize = 40;
/// The most findings for which a cure is sought.
const FINDINGS: usize = 200;

/// The findings, each with the narrowest index that was found to cure it.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the clone cannot be written, [`crate::Error::Interrupted`].
pub fn with_cures(
    mut findings: Vec<Finding>,
    plans: &mut Plans,
    source: &Source,
    lock: Option<&Lock>,
    progress: &dyn Progress,
) -> Result<Vec<Finding>> {
    let is_curable = |finding: &Finding| finding.kind.is_of_plans() && finding.kind.fails();
    if !findings.iter().any(is_curable) {
        return Ok(findings);
    }
    let named: BTreeSet<&str> =
        findings.iter().filter(|f| is_curable(f)).map(|f| f.statement.as_str()).collect();
    let statements: Vec<_> = named.iter().filter_map(|name| plans.statements.get(*name).cloned()).collect();
    let probe = Probe::new(&source.schema, &statements, &plans.stand_ins)?;
    let mut cures = Cures { source, plans, lock, all: IdVec::default() };
    progress.start("Looking for cures", Some(findings.len() as u64));
    for (done, finding) in (1u64..).zip(&mut findings).take(FINDINGS) {
        progress.check()?;
        if is_curable(finding) {
            finding.cure = cures.of(finding, &probe)?;
        }
        progress.advance(done);
    }
    progress.finish();
    Ok(findings)
}

struct Cures<'c> {
    source: &'c Source,
    plans: &'c mut Plans,
    lock: Option<&'c Lock>,
    /// The candidates that the clone knows.
    all: IdVec<IndexId, Candidate>,
}

impl Cures<'_> {
    fn of(&mut self, finding: &Finding, probe: &Probe<'_>) -> Result<Option<Cure>> {
        let planned = self.plans.planned.iter().find(|p| p.name == finding.statement).cloned();
        let Some(planned) = planned else { return Ok(None) };
        let rows = planned.tables.values().map(|t| (t.name.clone(), t.rows.unwrap_or(u64::MAX)));
        let selectivity = Selectivity::of_rows(rows);
        let requests = probe.requests(&planned.sql);
        let mut candidates: Vec<Index> =
            shapes::candidates(&self.source.schema, &selectivity, &requests, &[]).into_iter().collect();
        candidates.retain(|index| finding.table.as_ref().is_none_or(|table| *table == index.table));
        candidates.sort_by_key(|index| index.key.len());
        candidates.truncate(MOST);
        let before = self.worse(&planned);
        let mut best: Option<(Rank, Cure)> = None;
        for index in candidates {
            let id = self.known(index)?;
            let Some(with) = self.plans.with(&planned, self.source, &[id].into())? else { continue };
            let after = self.worse(&with);
            let is_cured =
                !after.iter().any(|(kind, table)| *kind == finding.kind && *table == finding.table);
            if !is_cured || after.len() >= before.len() {
                continue;
            }
            let rank = Rank::of(&with, after.len(), &self.all[id].index);
            if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                let candidate = &self.all[id];
                let sql = candidate.index.to_sql(&candidate.name);
                best = Some((rank, Cure { sql, plan: with.plans }));
            }
        }
        Ok(best.map(|(_, cure)| cure))
    }

    /// What fails of a statement.
    fn worse(&self, planned: &Planned) -> Vec<(Kind, Option<String>)> {
        let found = compare(std::slice::from_ref(planned), self.lock);
        found.into_iter().filter(|f| f.kind.fails()).map(|f| (f.kind, f.table)).collect()
    }

    /// The id of a candidate, which the clone is told of.
    fn known(&mut self, index: Index) -> Result<IndexId> {
        if let Some((id, _)) = self.all.enumerate().find(|(_, known)| known.index == index) {
            return Ok(id);
        }
        let schema = &self.source.schema;
        let name = index.name(|name| schema.has(name));
        let id = self.all.push(Candidate::new(name, index));
        self.plans.what_if.extend(schema, &self.all, &self.source.statistics)?;
        Ok(id)
    }
}

/// Which cure is better; less is.
#[derive(PartialEq, PartialOrd, Eq, Ord)]
struct Rank {
    /// What still fails.
    left: usize,
    /// What is sorted.
    sorts: bool,
    /// How the accesses use indexes.
    strength: Reverse<Vec<Strength>>,
    /// Terms of its key.
    width: usize,
    index: Index,
}

impl Rank {
    fn of(with: &Planned, left: usize, index: &Index) -> Self {
        let strength =
            with.plans.first().map(|plan| accesses(plan).map(|a| Strength::of(&a).without_cover()).collect());
        Self {
            left,
            sorts: with.plans.iter().any(|plan| plan.sorts()),
            strength: Reverse(strength.unwrap_or_default()),
            width: index.key.len(),
            index: index.clone(),
        }
    }
}
