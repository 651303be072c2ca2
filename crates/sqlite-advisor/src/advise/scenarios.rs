//! The advice with other statistics than those it leaves: an application may never run ANALYZE, and many builds of SQLite have
//! no STAT4, so that they neither gather nor read samples of the keys.

use crate::advise::candidates::Candidates;
use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::Measured;
use crate::advise::select::measured::MeasuredCost;
use crate::advise::select::problem::{TOLERANCE, is_slower_by};
use crate::advise::select::selection::Selection;
use crate::advise::verify::carried_out::CarriedOut;
use crate::advise::verify::comparison::{Comparison, WorkingCopy};
use crate::error::Result;
use crate::model::candidate::known_with;
use crate::model::configuration::{Scenario, StatisticsKind};
use crate::model::counters::Counters;
use crate::model::ids::{Id, QueryId};
use crate::progress::Progress;
use crate::sqlite::session::Limit;
use crate::sqlite::statistics;
use std::collections::BTreeMap;

/// What each statement costs with the advice in a scenario; none for one whose plan is that of [`Scenario::Full`].
pub type ScenarioCosts = BTreeMap<Scenario, Vec<Option<Counters>>>;

/// The multiple of its cost as found at which a run is stopped: how much slower it is is not worth more time.
const ENOUGH: f64 = 1.5;

/// Plans every statement in each scenario on the copy with the advice, and runs those that get another plan. None if one is
/// slower than as found where that was promised not to be and the search had not seen it; the model then knows. The copy
/// has its own statistics again afterwards.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn costs(
    prepared: &Prepared,
    candidates: &Candidates,
    model: &mut MeasuredCost<'_>,
    selection: &Selection,
    after: &WorkingCopy,
    measured: &[Measured],
    progress: &dyn Progress,
) -> Result<Option<ScenarioCosts>> {
    let session = after.session();
    let (own, has_tables) = (statistics::read(session.connection())?, statistics::have_tables(session)?);
    let (mut found, mut holds) = (ScenarioCosts::new(), true);
    let statements = &prepared.workload.statements;
    let configuration = &selection.position.configuration;
    let full = Scenario::Full.statistics(configuration.statistics);
    if has_tables {
        for scenario in [Scenario::WithoutStat4, Scenario::AsFound, Scenario::Absent] {
            let promised = Scenario::PROMISED.contains(&scenario);
            if !promised && prepared.is_over() {
                continue;
            }
            progress.start(&format!("Running {}", phrase(scenario)), Some(statements.len() as u64));
            let kind = scenario.statistics(configuration.statistics);
            let known = match (scenario, kind) {
                (Scenario::WithoutStat4, _) => own.without_stat4(),
                (_, StatisticsKind::Absent) => Default::default(),
                _ => known_with(&candidates.all, &configuration.indexes, &prepared.statistics),
            };
            statistics::replace(session, &known)?;
            statistics::reload(session)?;
            let mut carried_out = CarriedOut {
                prepared,
                model: &mut *model,
                configuration,
                after,
                kind,
                promised,
                holds: true,
            };
            let mut costs = vec![];
            for (at, (statement, in_full)) in statements.iter().zip(measured).enumerate() {
                let plans = after.plans(statement)?;
                let planned_full =
                    carried_out.model.planned(QueryId::at(at), &configuration.indexes, full)?;
                if statement.only_planned || plans == planned_full.plans {
                    costs.push(None);
                    continue;
                }
                let base = prepared.baseline.measured.get(at).map_or(0.0, Measured::cost);
                let limit = prepared.verification_limit();
                let limit = Limit { cost: (base * ENOUGH + 1e6).min(limit.cost), ..limit };
                let run = carried_out.cost(at, statement, plans, limit, progress)?.counters;
                costs.push(if run == in_full.counters { None } else { Some(run) });
                progress.advance(at as u64 + 1);
            }
            progress.finish();
            holds &= carried_out.holds;
            found.insert(scenario, costs);
        }
        statistics::replace(session, &own)?;
        statistics::reload(session)?;
    }
    Ok(holds.then_some(found))
}

/// How a scenario is told.
pub fn phrase(scenario: Scenario) -> &'static str {
    match scenario {
        Scenario::Full => "with all statistics",
        Scenario::WithoutStat4 => "without STAT4",
        Scenario::AsFound => "with the statistics left as found",
        Scenario::Absent => "without statistics",
    }
}

/// The statements that are slower than as found, by position.
pub fn slower(comparisons: &[Comparison], costs: &[Option<Counters>]) -> Vec<usize> {
    let slower = |(_, (comparison, run)): &(usize, (&Comparison, &Option<Counters>))| {
        let found = &comparison.before;
        run.is_some_and(|run| {
            !found.timed_out && (run.timed_out || is_slower_by(TOLERANCE, found.vm_steps, run.vm_steps))
        })
    };
    comparisons.iter().zip(costs).enumerate().filter(slower).map(|(at, _)| at).collect()
}
