//! A configuration as it was carried out on a copy: what a statement costs there, and whether the search had seen it.

use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::{Measured, measure};
use crate::advise::select::cost_model::QueryCost;
use crate::advise::select::measured::MeasuredCost;
use crate::advise::select::problem::is_slower;
use crate::advise::verify::comparison::WorkingCopy;
use crate::error::Result;
use crate::model::configuration::{Configuration, StatisticsKind};
use crate::model::ids::{Id, IndexSet, QueryId};
use crate::model::plan::Plan;
use crate::progress::Progress;
use crate::sqlite::session::Limit;
use crate::workload::Statement;
use std::sync::Arc;

/// A copy with a configuration, its planner reading one kind of statistics.
pub struct CarriedOut<'v, 'm> {
    /// What was prepared.
    pub prepared: &'v Prepared,
    /// What the search knew, and learns here.
    pub model: &'v mut MeasuredCost<'m>,
    /// The configuration.
    pub configuration: &'v Configuration,
    /// The copy.
    pub after: &'v WorkingCopy,
    /// What the planner reads.
    pub kind: StatisticsKind,
    /// A read must not get slower with these statistics.
    pub promised: bool,
    /// No promised read was slower than as found by a plan that the search had not seen.
    pub holds: bool,
}

impl CarriedOut<'_, '_> {
    /// What a statement costs under the plans that it gets. What the search ran already is not run again, but for what was
    /// stopped while there is time; what it had not seen the cost model learns.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the statement fails, [`crate::Error::Interrupted`].
    pub fn cost(
        &mut self,
        at: usize,
        statement: &Statement,
        plans: Vec<Plan>,
        limit: Limit,
        progress: &dyn Progress,
    ) -> Result<Arc<Measured>> {
        let (query, indexes) = (QueryId::at(at), &self.configuration.indexes);
        let planned = self.model.planned(query, indexes, self.kind)?;
        let expected = planned.plans == plans;
        let known = self.model.measured(query, &planned, indexes);
        let known = known
            .filter(|m| expected && !statement.writes && (!m.counters.timed_out || self.prepared.is_over()));
        if let Some(known) = known {
            return Ok(known);
        }
        let measured = Arc::new(measure(self.after.session(), statement, limit, progress)?);
        if self.promised && !expected && !planned.plans.is_empty() && !statement.writes {
            let found = self.prepared.baseline.measured.get(at).map(cost_of).unwrap_or_default();
            self.holds &= !is_slower(false, &found, &cost_of(&measured));
            self.model.learn(query, indexes, self.kind, plans, Arc::clone(&measured), limit.cost);
        }
        Ok(measured)
    }
}

/// What was measured as the search sees it.
fn cost_of(measured: &Measured) -> QueryCost {
    QueryCost {
        cost: measured.cost(),
        runs: measured.runs.clone(),
        stopped: measured.counters.timed_out,
        uses: IndexSet::new(),
    }
}
