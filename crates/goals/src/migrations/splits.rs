//! M1: activities can be split and grouped.

use super::Style;
use sqlite_advisor::change::Step;

pub(super) fn steps(style: Style) -> Vec<Step> {
    let mut steps = vec![
        // Both real files have the table already, so this step is done there.
        Step::CreateTable {
            table: "split_definitions".into(),
            sql: "CREATE TABLE split_definitions (
    id VARCHAR NOT NULL,
    activity_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    \"order\" INTEGER NOT NULL,
    created_at DATETIME,
    PRIMARY KEY (id),
    FOREIGN KEY (activity_id) REFERENCES activity_definitions (id)
)"
            .into(),
        },
        Step::add_column("activity_definitions", "has_splits", "BOOLEAN DEFAULT 0"),
    ];
    steps.extend(style.text_column("activity_definitions", "group_id"));
    // No report mentions this column, but the application needs it and the real production file has it, behind those
    // of M2.4. A faithful run adds it there.
    if !style.faithful {
        steps.extend(split_of_values(style));
    }
    steps
}

pub(super) fn split_of_values(style: Style) -> Vec<Step> {
    style.text_column("metric_values", "split_definition_id")
}
