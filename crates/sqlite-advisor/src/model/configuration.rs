//! A configuration: which of the candidates and existing indexes are there, and what is done to the statistics.

use crate::model::ids::{IndexId, IndexSet};

/// What a configuration does to the statistics that the database came with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatisticsAction {
    /// They stay as they are; new indexes have none.
    #[default]
    Leave,
    /// `ANALYZE` is run once the indexes are there.
    Analyze,
}

/// What can be advised. The one that holds the existing indexes and leaves the statistics is doing nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Configuration {
    /// The indexes that are there.
    pub indexes: IndexSet,
    /// What is done to the statistics.
    pub statistics: StatisticsAction,
}

impl Configuration {
    /// The same with one index more.
    #[must_use]
    pub fn with(&self, index: IndexId) -> Self {
        let mut next = self.clone();
        next.indexes.insert(index);
        next
    }

    /// The same with one index less.
    #[must_use]
    pub fn without(&self, index: IndexId) -> Self {
        let mut next = self.clone();
        next.indexes.remove(&index);
        next
    }

    /// The same with another action on the statistics.
    #[must_use]
    pub fn having(&self, statistics: StatisticsAction) -> Self {
        Self { statistics, ..self.clone() }
    }
}

/// The statistics that a user may have once the advice was followed: the advice must be safe with each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scenario {
    /// As the advice leaves them, in an SQLite with STAT4.
    Full,
    /// The same in an SQLite without STAT4 (<https://www.sqlite.org/compile.html#enable_stat4>), as most have it.
    WithoutStat4,
    /// As the database came; the advised ANALYZE was never run.
    AsFound,
    /// None at all. What becomes of the statements then is told, and not asked for.
    Absent,
}

impl Scenario {
    /// Those in which no read may get slower.
    pub const PROMISED: [Self; 3] = [Self::Full, Self::WithoutStat4, Self::AsFound];

    /// The statistics that the planner then reads, in a database of which `found` was done already: once ANALYZE was run, what it
    /// left is what is found, and there is no way back.
    pub fn statistics_after(self, found: StatisticsAction, action: StatisticsAction) -> StatisticsKind {
        match (found, self) {
            (StatisticsAction::Leave, _) => self.statistics(action),
            (StatisticsAction::Analyze, Self::AsFound) => Self::Full.statistics(found),
            (StatisticsAction::Analyze, _) => self.statistics(found),
        }
    }

    /// The statistics that the planner then reads.
    pub fn statistics(self, action: StatisticsAction) -> StatisticsKind {
        match (self, action) {
            (Self::Full, StatisticsAction::Analyze) => StatisticsKind::Analyzed,
            (Self::WithoutStat4, StatisticsAction::Analyze) => StatisticsKind::AnalyzedWithoutStat4,
            (Self::Full, StatisticsAction::Leave) | (Self::AsFound, _) => StatisticsKind::Found,
            (Self::WithoutStat4, StatisticsAction::Leave) => StatisticsKind::FoundWithoutStat4,
            (Self::Absent, _) => StatisticsKind::Absent,
        }
    }
}

/// Statistics that a planner can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatisticsKind {
    /// Those that the database came with.
    Found,
    /// The same, their sqlite_stat4 not read.
    FoundWithoutStat4,
    /// What ANALYZE gathers.
    Analyzed,
    /// The same, their sqlite_stat4 not read.
    AnalyzedWithoutStat4,
    /// None.
    Absent,
}

impl StatisticsKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Found, Self::FoundWithoutStat4, Self::Analyzed, Self::AnalyzedWithoutStat4, Self::Absent];
}
