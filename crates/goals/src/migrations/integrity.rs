//! M2.2: the rules that the original announced and never made.
//!
//! Adding a UNIQUE or CHECK constraint to a table means rebuilding it, and data that breaks it must be repaired first.
//! So this stage counts, for each rule, the rows that break it.

use sqlite_advisor::change::Rule;

pub(super) fn rules() -> Vec<Rule> {
    let unique = [
        ("activity_definitions", "root_id, name"),
        ("activity_groups", "root_id, name"),
        ("session_templates", "root_id, name"),
        ("metric_definitions", "activity_id, name"),
        ("split_definitions", "activity_id, name"),
        ("split_definitions", "activity_id, \"order\""),
        ("metric_values", "activity_instance_id, metric_definition_id, split_definition_id"),
    ];
    let check = [
        (
            "goals",
            "type IN ('UltimateGoal', 'LongTermGoal', 'MidTermGoal', 'ShortTermGoal', 'PracticeSession', \
             'ImmediateGoal', 'MicroGoal', 'NanoGoal')",
        ),
        ("goals", "completed IN (0, 1)"),
        ("goals", "id IS NOT parent_id"),
        ("goals", "json_valid(session_data)"),
        ("goals", "json_valid(attributes)"),
        ("goals", "total_duration_seconds >= 0"),
        ("goals", "julianday(session_end) >= julianday(session_start)"),
        ("activity_instances", "duration_seconds >= 0"),
        ("activity_instances", "julianday(time_stop) >= julianday(time_start)"),
        ("metric_values", "value >= 0"),
        ("programs", "julianday(end_date) >= julianday(start_date)"),
        ("program_blocks", "julianday(end_date) >= julianday(start_date)"),
        ("session_templates", "json_valid(template_data)"),
    ];
    let not_null =
        ["goals", "activity_definitions", "activity_instances", "metric_definitions", "metric_values"];
    let unique = unique.into_iter().map(|(table, columns)| {
        let not_null: Vec<_> = columns.split(", ").map(|c| format!("{c} IS NOT NULL")).collect();
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE {} GROUP BY {columns} HAVING count(*) > 1",
            not_null.join(" AND ")
        );
        Rule::new("unique", &format!("{table}: UNIQUE ({columns})"), &sql)
    });
    // As in a constraint, an unknown result passes.
    let check = check.into_iter().map(|(table, rule)| {
        Rule::new(
            "check",
            &format!("{table}: CHECK ({rule})"),
            &format!("SELECT id FROM {table} WHERE NOT ({rule})"),
        )
    });
    let not_null = not_null.into_iter().map(|table| {
        Rule::new(
            "not-null",
            &format!("{table}: id NOT NULL"),
            &format!("SELECT rowid FROM {table} WHERE id IS NULL"),
        )
    });
    unique.chain(check).chain(not_null).collect()
}
