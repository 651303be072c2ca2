//! The statements as they are planned now beside the lock: what is new and bad. Pure: values in, findings out.

use crate::check::allowance::Allowance;
use crate::check::planned::{Planned, Strength, accesses};
use crate::model::check::lock::{Accepted, Lock, Locked};
use crate::model::check::{Finding, Kind};
use crate::model::plan::Plan;
use std::collections::BTreeSet;

/// What is worse of a statement than the lock says.
pub fn compare(now: &Planned, lock: Option<&Lock>) -> Vec<Finding> {
    let locked = lock.and_then(|lock| lock.find(&now.name, &now.fingerprint));
    let mut found = Compared { now, locked, findings: vec![] };
    if let Some(words) = &now.refused {
        if locked.is_none_or(|locked| locked.refused.is_none()) {
            found.add(Kind::NotPrepared, None, Some(words.clone()));
        }
        return found.findings;
    }
    found.bad();
    if let Some(locked) = locked {
        found.lost_indexes(locked);
        found.new_sorts(locked);
    }
    found.allowed();
    found.sorts_of_scans();
    found.findings
}

struct Compared<'c> {
    now: &'c Planned,
    locked: Option<&'c Locked>,
    findings: Vec<Finding>,
}

impl Compared<'_> {
    /// What is bad by itself, but for what the lock accepts; and what it accepts that is gone.
    fn bad(&mut self) {
        let mut accepted = self.locked.map(|locked| locked.accepted.clone()).unwrap_or_default();
        for Accepted { kind, table } in self.now.bad() {
            match accepted.iter().position(|known| known.kind == kind && known.table == table) {
                Some(at) => drop(accepted.remove(at)),
                None => self.add(kind, Some(&table), None),
            }
        }
        for Accepted { kind, table } in accepted {
            self.add(Kind::Cured, Some(&table), Some(kind.to_string()));
        }
    }

    /// Large tables of which an index takes less work than before.
    fn lost_indexes(&mut self, locked: &Locked) {
        let told: BTreeSet<String> = self.failing().filter_map(|f| f.table.clone()).collect();
        let mut lost: BTreeSet<(String, String)> = BTreeSet::new();
        for (source, table) in self.now.tables.iter().filter(|(_, table)| !told.contains(&table.name)) {
            let before = worst(&locked.plans, source);
            let now = worst(&self.now.plans, source);
            let weaker = before.iter().zip(&now).find(|((before, _), (now, _))| now < before);
            if let Some(((_, index), _)) = weaker {
                lost.insert((table.name.clone(), index.clone()));
            }
        }
        for (table, index) in lost {
            self.add(Kind::LostIndex, Some(&table), Some(index));
        }
    }

    /// Sorts that were not there; silent where all tables are small.
    fn new_sorts(&mut self, locked: &Locked) {
        if self.now.tables.is_empty() {
            return;
        }
        let mut before = sorts(&locked.plans);
        for what in sorts(&self.now.plans) {
            match before.iter().position(|known| *known == what) {
                Some(at) => drop(before.remove(at)),
                None => self.add(Kind::TemporaryBTree, None, Some(what)),
            }
        }
    }

    /// Takes away what is allowed, and tells of allowances that are wrong or allow nothing.
    fn allowed(&mut self) {
        let bad = self.now.bad();
        for allowance in &self.now.allowances {
            match allowance {
                Err(wrong) => self.add(Kind::BadAllowance, None, Some(wrong.clone())),
                Ok(Allowance { kind, written }) => {
                    let before = self.findings.len();
                    self.findings.retain(|finding| finding.kind != *kind);
                    let is_used = self.findings.len() < before || bad.iter().any(|bad| bad.kind == *kind);
                    // Without a lock nobody knows what an allowance for a change is good for.
                    let by_itself = matches!(kind, Kind::FullScan | Kind::AutomaticIndex);
                    if !is_used && by_itself {
                        self.add(Kind::NeedlessAllowance, None, Some(written.clone()));
                    }
                }
            }
        }
    }

    /// Sorts that come with a scan or with an index that is lost have one cause with it, and are told there.
    fn sorts_of_scans(&mut self) {
        let brings_sorts =
            |f: &Finding| matches!(f.kind, Kind::FullScan | Kind::LostIndex | Kind::AutomaticIndex);
        let is_sort = |f: &mut Finding| f.kind == Kind::TemporaryBTree;
        if self.findings.iter().any(brings_sorts) {
            let sorts: Vec<Finding> = self.findings.extract_if(.., is_sort).collect();
            let cause = self.findings.iter_mut().find(|f| brings_sorts(f));
            cause
                .into_iter()
                .for_each(|cause| cause.sorts.extend(sorts.iter().filter_map(|s| s.detail.clone())));
        }
    }

    fn failing(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.kind.fails())
    }

    fn add(&mut self, kind: Kind, table: Option<&str>, detail: Option<String>) {
        let now = self.now;
        let rows = now.tables.values().find(|t| Some(t.name.as_str()) == table).and_then(|t| t.rows);
        let plans = |plans: &[Plan]| if kind.is_of_plans() { plans.to_vec() } else { vec![] };
        self.findings.push(Finding {
            kind,
            statement: now.name.clone(),
            fingerprint: now.fingerprint.clone(),
            sql: now.sql.clone(),
            file: now.file.clone(),
            line: now.line,
            table: table.map(str::to_owned),
            rows,
            detail,
            sorts: vec![],
            before: self.locked.map(|locked| plans(&locked.plans)).unwrap_or_default(),
            now: plans(&now.plans),
            cure: None,
        });
    }
}

/// How each access to a source uses an index, the weakest first, with the index's name; of several plans the weakest counts.
fn worst(plans: &[Plan], source: &str) -> Vec<(Strength, String)> {
    let of_one = |plan: &Plan| {
        let mut all: Vec<_> = accesses(plan)
            .filter(|access| access.source == source)
            .map(|access| (Strength::of(&access), access.using.map_or("", |u| u.name).to_owned()))
            .collect();
        all.sort();
        all
    };
    plans.iter().map(of_one).filter(|all| !all.is_empty()).min().unwrap_or_default()
}

/// What temporary b-trees are for, of the plan that has most of them.
fn sorts(plans: &[Plan]) -> Vec<String> {
    let of_one = |plan: &Plan| {
        let what = plan.nodes.iter().filter_map(|node| node.detail.strip_prefix("USE TEMP B-TREE FOR "));
        what.map(str::to_owned).collect::<Vec<_>>()
    };
    plans.iter().map(of_one).max_by_key(Vec::len).unwrap_or_default()
}
