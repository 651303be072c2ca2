//! The search on tables of costs: every move, every limit, ties and determinism, without SQLite.

mod choices;
mod end;
mod existing;
mod harm;
mod limits;
mod statistics;

use crate::advise::select::table::Table;
use crate::model::configuration::StatisticsKind;
use crate::model::ids::QueryId;

const WITH_STAT4: &[StatisticsKind] = &[StatisticsKind::Analyzed];
const WITHOUT_STAT4: &[StatisticsKind] =
    &[StatisticsKind::AnalyzedWithoutStat4, StatisticsKind::FoundWithoutStat4];
const ANALYZED: &[StatisticsKind] = &[StatisticsKind::Analyzed, StatisticsKind::AnalyzedWithoutStat4];
const FOUND: &[StatisticsKind] = &[StatisticsKind::Found, StatisticsKind::FoundWithoutStat4];

/// A query of a million steps that an index brings down to a thousand.
fn helped(table: &mut Table, key: &str) -> QueryId {
    let index = table.index(key, 0.05);
    let query = table.query(1_000_000);
    table.plan(query, &[index], 1_000);
    query
}
