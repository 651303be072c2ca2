//! The steps from one configuration to another, and which queries should notice each.

use crate::advise::select::problem::Problem;
use crate::advise::select::search::Position;
use crate::model::candidate::Candidate;
use crate::model::configuration::{Configuration, StatisticsAction};
use crate::model::ids::{IndexId, IndexSet, QuerySet};

/// A step to another configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Where it leads.
    pub to: Configuration,
    /// The queries that should notice it: those that would use what comes, and those that use what goes.
    pub noticing: QuerySet,
}

impl Move {
    /// The same step from another position, if it still makes sense there.
    pub fn rebased(&self, planned_from: &Configuration, from: &Position) -> Option<Self> {
        let (then, now) = (planned_from, &from.configuration);
        let added: IndexSet = self.to.indexes.difference(&then.indexes).copied().collect();
        let removed: IndexSet = then.indexes.difference(&self.to.indexes).copied().collect();
        if !removed.is_subset(&now.indexes) || !added.is_disjoint(&now.indexes) {
            return None;
        }
        let indexes = &(&now.indexes | &added) - &removed;
        let statistics =
            if self.to.statistics == then.statistics { now.statistics } else { self.to.statistics };
        let gone = removed.iter().flat_map(|i| from.users(*i));
        let noticing = self.noticing.iter().copied().chain(gone).collect();
        let to = Configuration { indexes, statistics };
        (to != *now).then_some(Self { to, noticing })
    }
}

/// Which moves are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    /// Only those that take an index away.
    Removals,
    /// All: additions, removals, exchanges of one for one and of several for one, and another action on the statistics.
    All,
}

impl Problem<'_> {
    /// The moves from a position, in a fixed order. `together` are sets of indexes that one plan uses together.
    pub fn moves(&self, from: &Position, which: Moves, together: &[IndexSet]) -> Vec<Move> {
        let mut moves = self.removals(from);
        if which == Moves::All {
            moves.extend(self.additions(from));
            moves.extend(together.iter().filter_map(|set| self.addition_of(from, set)));
            moves.extend(self.exchanges(from));
            moves.extend(self.merges(from));
            moves.extend(self.other_statistics(from));
        }
        moves
    }

    fn removals(&self, from: &Position) -> Vec<Move> {
        let can_go = |i: &IndexId| !self.candidates[*i].existing || self.can_be_dropped(*i, from);
        let indexes = from.configuration.indexes.iter().copied().filter(can_go);
        indexes.map(|i| Move { to: from.configuration.without(i), noticing: from.users(i) }).collect()
    }

    /// True if an existing index may be tried to be dropped: another does all that it does, or statements use it, which may
    /// be to their harm, or used it as found and do no more. What nobody ever used is told, and left to the user.
    fn can_be_dropped(&self, index: IndexId, from: &Position) -> bool {
        self.candidates[index].repeated
            || self.is_replaced(index, &from.configuration)
            || !from.users(index).is_empty()
            || self.is_used_as_found(index)
    }

    /// True if a statement uses an index as the database is found.
    pub fn is_used_as_found(&self, index: IndexId) -> bool {
        self.queries.iter().any(|query| query.found.iter().any(|cost| cost.uses.contains(&index)))
    }

    fn additions(&self, from: &Position) -> Vec<Move> {
        let absent = self.absent(&from.configuration);
        let add = |(i, _): (IndexId, &Candidate)| Move {
            to: self.without_replaced(from.configuration.with(i)),
            noticing: self.could_use(i),
        };
        absent.map(add).collect()
    }

    /// The queries that could use an index. Of an existing one is only known who uses it as found, and with other statistics
    /// that may be others.
    fn could_use(&self, index: IndexId) -> QuerySet {
        let candidate = &self.candidates[index];
        if !candidate.existing {
            return candidate.used_by.clone();
        }
        let touched = self.queries.enumerate().filter(|(_, query)| query.relevant.contains(&index));
        touched.map(|(id, _)| id).collect()
    }

    /// The candidates that a configuration lacks, as far as they can pay.
    fn absent<'c>(
        &'c self,
        configuration: &'c Configuration,
    ) -> impl Iterator<Item = (IndexId, &'c Candidate)> + 'c {
        let lacks = |i: IndexId| !configuration.indexes.contains(&i);
        self.candidates.enumerate().filter(move |(i, c)| lacks(*i) && (c.existing || self.can_pay(*i)))
    }

    fn addition_of(&self, from: &Position, set: &IndexSet) -> Option<Move> {
        let new = set - &from.configuration.indexes;
        if new.len() < 2 || !new.iter().all(|i| self.can_pay(*i)) {
            return None;
        }
        let noticing = new.iter().flat_map(|i| self.candidates[*i].used_by.iter().copied()).collect();
        let to = Configuration { indexes: &from.configuration.indexes | &new, ..from.configuration.clone() };
        Some(Move { to: self.without_replaced(to), noticing })
    }

    /// One index in the place of another of the same table, where a query would use either.
    fn exchanges(&self, from: &Position) -> Vec<Move> {
        let mut moves = vec![];
        let inside = &from.configuration.indexes;
        let absent = self.absent(&from.configuration).map(|(new, c)| (new, c, self.could_use(new)));
        let absent: Vec<(IndexId, &Candidate, QuerySet)> = absent.collect();
        for old in inside.iter().copied().filter(|i| !self.candidates[*i].existing) {
            let users = from.users(old);
            for (new, candidate, could_use) in &absent {
                let same_table =
                    candidate.index.table.eq_ignore_ascii_case(&self.candidates[old].index.table);
                if same_table && !users.is_disjoint(could_use) {
                    let to = self.without_replaced(from.configuration.without(old).with(*new));
                    moves.push(Move { to, noticing: &users | could_use });
                }
            }
        }
        moves
    }

    /// One index in the place of all those of its table whose queries would use it as well.
    fn merges(&self, from: &Position) -> Vec<Move> {
        let mut moves = vec![];
        let inside = &from.configuration.indexes;
        for (new, candidate) in self.absent(&from.configuration) {
            let is_covered = |old: &IndexId| {
                let one = &self.candidates[*old];
                !one.existing
                    && one.index.table.eq_ignore_ascii_case(&candidate.index.table)
                    && from.users(*old).is_subset(&candidate.used_by)
            };
            let covered: IndexSet = inside.iter().copied().filter(is_covered).collect();
            if covered.len() > 1 {
                let indexes = &(inside - &covered) | &IndexSet::from([new]);
                let to = Configuration { indexes, ..from.configuration.clone() };
                moves.push(Move { to: self.without_replaced(to), noticing: candidate.used_by.clone() });
            }
        }
        moves
    }

    /// Another action on the statistics; none once ANALYZE was run.
    fn other_statistics(&self, from: &Position) -> Option<Move> {
        let other = match from.configuration.statistics {
            StatisticsAction::Leave => StatisticsAction::Analyze,
            StatisticsAction::Analyze => StatisticsAction::Leave,
        };
        let to = from.configuration.having(other);
        let can_be = self.found.statistics == StatisticsAction::Leave;
        can_be.then(|| Move { to, noticing: self.queries.ids().collect() })
    }

    /// A configuration less the new indexes whose key another of its indexes begins with.
    fn without_replaced(&self, mut configuration: Configuration) -> Configuration {
        let whole = configuration.clone();
        configuration.indexes.retain(|i| self.candidates[*i].existing || !self.is_replaced(*i, &whole));
        configuration
    }
}
