//! How near the choice is to the best that is known of each statement.

use crate::advise::candidates::Candidates;
use crate::advise::prepare::Prepared;
use crate::advise::scenarios::phrase;
use crate::advise::select::problem::FLOOR;
use crate::advise::select::selection::Selection;
use crate::model::configuration::Scenario;
use crate::model::ids::{Id, QueryId};
use crate::model::report::{Behind, Harmed, Search, WhyBehind};
use crate::model::units;

/// What is told of a search.
pub(super) fn of(prepared: &Prepared, candidates: &Candidates, choice: &Selection) -> Search {
    let id = |query: QueryId| prepared.workload.statements.get(query.position()).map(|s| s.id.clone());
    let costs = choice.position.costs_in_full();
    let (mut now, mut least, mut ratios) = (0.0, 0.0, vec![]);
    for ((query, cost), statement) in costs.enumerate().zip(&prepared.workload.statements) {
        let (one, best) = (cost.cost + FLOOR, choice.best[query].min(cost.cost) + FLOOR);
        now += one * statement.weight;
        least += best * statement.weight;
        ratios.push(one / best);
    }
    let behind = choice.behind.iter().map(|b| Behind {
        statement: id(b.query).unwrap_or_default(),
        times: b.times,
        indexes: b.indexes.iter().map(|i| create(candidates, *i)).collect(),
        bytes: b.indexes.iter().map(|i| candidates.all[*i].bytes).sum(),
        why: b.why,
    });
    let harmed = choice.harmed.iter().map(|(query, scenario)| {
        let at = Scenario::PROMISED.iter().position(|s| s == scenario).unwrap_or(0);
        let now = choice.position.costs.get(at).map_or(0.0, |costs| costs[*query].cost);
        let found = prepared.baseline.measured.get(query.position()).map_or(0.0, |m| m.cost());
        Harmed {
            statement: id(*query).unwrap_or_default(),
            scenario: phrase(*scenario).to_owned(),
            times: now / found.max(1.0),
        }
    });
    Search {
        over_least_total: if least > 0.0 { now / least } else { 1.0 },
        over_least_geomean: units::geometric_mean(ratios),
        complete: !choice.stopped,
        behind: behind.collect(),
        harmed: harmed.collect(),
        plans: choice.effort.plans,
        executions: choice.effort.executions,
        plannings: choice.effort.plannings,
    }
}

fn create(candidates: &Candidates, index: crate::model::ids::IndexId) -> String {
    let candidate = &candidates.all[index];
    candidate.index.to_sql(&candidate.name)
}

/// What a reader should know of it: the bound, and the statements that stay behind.
pub(super) fn notes(search: &Search, statements: usize) -> Vec<String> {
    let mut notes = vec![];
    let is_told = search.over_least_total > TOLD || search.over_least_geomean > TOLD;
    if is_told && statements > 1 {
        notes.push(format!(
            "all statements together cost {} what they would if each had the cheapest of its plans that were measured, {} \
             in the mean statement; no choice among these indexes can do better than that",
            units::ratio(search.over_least_total),
            units::ratio(search.over_least_geomean)
        ));
    }
    for behind in &search.behind {
        let why = match behind.why {
            WhyBehind::Slower => "with it a read would be slower than today",
            WhyBehind::Limits => "that is more than was asked for",
            WhyBehind::Time => "the time was up",
            WhyBehind::Unknown if behind.indexes.is_empty() => {
                "SQLite takes that plan only with other indexes or statistics than these"
            }
            WhyBehind::Unknown => "beside the other indexes SQLite does not use what would help it alone",
        };
        let help = match behind.indexes.as_slice() {
            [] => String::new(),
            all => format!(" ({}, {})", all.join("; "), units::bytes(behind.bytes)),
        };
        notes.push(format!(
            "{} stays {} behind the best that is known of it: {why}{help}",
            behind.statement,
            units::ratio(behind.times)
        ));
    }
    notes
}

/// How far above the bound the choice has to be for that to be told as a note.
const TOLD: f64 = 1.05;
