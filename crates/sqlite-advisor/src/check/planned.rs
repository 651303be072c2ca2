//! A statement as it is planned now: what its plans do to large tables.

use crate::check::allowance::Allowance;
use crate::check::tables::Ends;
use crate::model::check::Kind;
use crate::model::check::lock::{Accepted, Locked};
use crate::model::plan::Plan;
use crate::model::plan::access::{Access, Kind as IndexKind};
use crate::workload::Statement;
use std::collections::{BTreeMap, BTreeSet};

/// A statement as it is planned now.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its name, or its fingerprint where it has none.
    pub name: String,
    /// The short name of its shape.
    pub fingerprint: String,
    /// Its text.
    pub sql: String,
    /// The file in which it stands.
    pub file: String,
    /// The line there, from 1.
    pub line: usize,
    /// Its distinct plans; none where SQLite refuses it.
    pub plans: Vec<Plan>,
    /// The large tables among those that the plans name, by the names in the plans.
    pub tables: BTreeMap<String, LargeTable>,
    /// How soon its scans may end.
    pub ends: Ends,
    /// As SQLite prepared it; none where it refuses it.
    pub statement: Option<Statement>,
    /// SQLite's words, where it refuses the statement.
    pub refused: Option<String>,
    /// What is allowed above it; an error says what is wrong with an allowance.
    pub allowances: Vec<Result<Allowance, String>>,
}

/// A table of more rows than may be scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LargeTable {
    /// Its name.
    pub name: String,
    /// Its rows, where they are known.
    pub rows: Option<u64>,
}

impl Planned {
    /// What is bad in its plans whatever was before, sorted; of several plans the worst counts.
    pub fn bad(&self) -> Vec<Accepted> {
        let mut most: BTreeMap<Accepted, usize> = BTreeMap::new();
        for plan in &self.plans {
            let mut found: BTreeMap<Accepted, usize> = BTreeMap::new();
            for access in accesses(plan) {
                let Some(table) = self.tables.get(access.source) else { continue };
                let kind = if is_automatic(&access) {
                    Kind::AutomaticIndex
                } else if access.scans && !self.ends_early(plan, &access) {
                    Kind::FullScan
                } else {
                    continue;
                };
                *found.entry(Accepted { kind, table: table.name.clone() }).or_default() += 1;
            }
            for (bad, times) in found {
                let known = most.entry(bad).or_default();
                *known = times.max(*known);
            }
        }
        most.into_iter().flat_map(|(bad, times)| std::iter::repeat_n(bad, times)).collect()
    }

    /// What the lock is to say of it.
    pub fn locked(&self) -> Locked {
        let allowed = |kind: Kind| self.allowances.iter().flatten().any(|a| a.kind == kind);
        Locked {
            name: self.name.clone(),
            fingerprint: self.fingerprint.clone(),
            plans: self.plans.clone(),
            accepted: self.bad().into_iter().filter(|bad| !allowed(bad.kind)).collect(),
            refused: self.refused.clone(),
        }
    }

    /// True for a scan that LIMIT ends.
    fn ends_early(&self, plan: &Plan, access: &Access<'_>) -> bool {
        let ends = match self.ends {
            Ends::Late => false,
            Ends::InOrder => access.using.is_some(),
            Ends::Early => true,
        };
        ends && !plan.sorts()
    }
}

/// The tables that a plan reads, by the names that it gives them, and the CTEs that it reads as they come.
pub fn accesses(plan: &Plan) -> impl Iterator<Item = Access<'_>> {
    let mut subqueries: Vec<BTreeSet<&str>> = vec![];
    plan.nodes.iter().filter_map(move |node| {
        subqueries.resize_with(node.depth + 1, BTreeSet::new);
        let beside = subqueries.last_mut()?;
        let made = ["MATERIALIZE ", "CO-ROUTINE "].iter().find_map(|verb| node.detail.strip_prefix(verb));
        beside.extend(made);
        // A subquery may have the alias of a table within it.
        node.access().filter(|access| !access.is_virtual && !beside.contains(access.source))
    })
}

fn is_automatic(access: &Access<'_>) -> bool {
    access.using.is_some_and(|using| using.kind == IndexKind::Automatic)
}

/// How much of the work an index takes from an access; more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Strength {
    /// An index of the schema, or the table's own key, is searched.
    searches: bool,
    /// Terms of one value each.
    equal: usize,
    /// Terms that are compared.
    compared: usize,
    /// The table need not be read.
    covering: bool,
}

impl Strength {
    /// That of an access.
    pub fn of(access: &Access<'_>) -> Self {
        let using = access.using.filter(|using| using.kind != IndexKind::Automatic);
        Self {
            searches: !access.scans && using.is_some(),
            equal: using.map_or(0, |u| u.equal_terms()),
            compared: using.map_or(0, |u| u.compared_terms()),
            // The table's own b-tree holds all columns.
            covering: using.is_some_and(|u| u.covering || u.kind == IndexKind::Rowid),
        }
    }

    /// The same whether or not the table need be read.
    pub fn without_cover(self) -> Self {
        Self { covering: false, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subquery_is_no_table_though_a_table_within_it_has_its_name() {
        let plan = Plan::from_text(
            "MATERIALIZE i\n  SCAN i\nSEARCH s USING INDEX a (b=?)\nSEARCH i USING AUTOMATIC COVERING INDEX (c=?)",
        );
        let read: Vec<_> = accesses(&plan).map(|access| (access.source, access.scans)).collect();
        assert_eq!(read, [("i", true), ("s", false)]);
    }
}
