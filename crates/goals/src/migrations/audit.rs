//! M2.4: soft delete, audit columns and sort order, in the order of the original.

use sqlite_advisor::change::Step;

const DELETED: [&str; 6] = [
    "goals",
    "activity_definitions",
    "activity_groups",
    "activity_instances",
    "session_templates",
    "split_definitions",
];
const UPDATED: [&str; 7] = [
    "activity_groups",
    "activity_definitions",
    "metric_definitions",
    "split_definitions",
    "activity_instances",
    "session_templates",
    "metric_values",
];
const SORTED: [&str; 3] = ["activity_instances", "metric_definitions", "goals"];

pub(super) fn steps() -> Vec<Step> {
    let deleted = DELETED.iter().map(|table| Step::add_column(table, "deleted_at", "DATETIME"));
    let updated = UPDATED.iter().map(|table| Step::add_column(table, "updated_at", "DATETIME"));
    let created = std::iter::once(Step::add_column("metric_values", "created_at", "DATETIME"));
    let sorted = SORTED.iter().map(|table| Step::add_column(table, "sort_order", "INTEGER DEFAULT 0"));
    deleted.chain(updated).chain(created).chain(sorted).collect()
}
