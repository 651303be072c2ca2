//! What the search asks: the cost of a query under a configuration. SQLite answers from measured runs ([`super::measured`]);
//! the tests of the search answer from a table.

use crate::error::Result;
use crate::model::configuration::{Configuration, StatisticsKind};
use crate::model::counters::Counters;
use crate::model::ids::{IndexSet, QueryId};
use std::sync::Arc;

/// A query, the indexes that are there, the statistics that the planner reads, and how exact the answer has to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The query.
    pub query: QueryId,
    /// The indexes that are there.
    pub indexes: IndexSet,
    /// The statistics that the planner reads.
    pub statistics: StatisticsKind,
    /// The cost in nanoseconds at which a run is stopped; what is then known is that it is higher.
    pub cap: f64,
}

/// What a query costs under a configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueryCost {
    /// The mean cost over its sets of values, in nanoseconds: see [`Counters::cost`].
    pub cost: f64,
    /// Each run: one for each set of values.
    pub runs: Vec<Counters>,
    /// A run was stopped, so the cost is a lower bound.
    pub stopped: bool,
    /// The candidates that its plans use.
    pub uses: IndexSet,
}

/// Tells what queries cost.
pub trait CostModel {
    /// What is known without asking the planner or running anything, in the order of the evaluations.
    fn recalled(&mut self, asked: &[Evaluation]) -> Vec<Option<Arc<QueryCost>>>;

    /// What is known without a run, in the order of the evaluations; none where a plan was never measured, or only up to a
    /// lower cap.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a query cannot be planned, [`crate::Error::Interrupted`].
    fn known(&mut self, asked: &[Evaluation]) -> Result<Vec<Option<Arc<QueryCost>>>>;

    /// What each costs, in the order of the evaluations. A plan is measured once, however many configurations lead to it.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a query cannot be planned or run, [`crate::Error::Interrupted`].
    fn evaluate(&mut self, asked: &[Evaluation]) -> Result<Vec<Arc<QueryCost>>>;
}

impl Evaluation {
    /// A query under a configuration, with the statistics of one scenario.
    pub fn of(query: QueryId, configuration: &Configuration, statistics: StatisticsKind, cap: f64) -> Self {
        Self { query, indexes: configuration.indexes.clone(), statistics, cap }
    }
}
