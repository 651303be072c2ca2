//! M2.3: the 26 indexes of the original, in its order.

use sqlite_advisor::change::Step;

/// Name, table and key.
const INDEXES: [(&str, &str); 26] = [
    ("idx_goals_parent_id", "goals (parent_id)"),
    ("idx_goals_root_id", "goals (root_id)"),
    ("idx_goals_type", "goals (type)"),
    ("idx_goals_created_at", "goals (created_at)"),
    ("idx_activity_instances_session", "activity_instances (practice_session_id)"),
    ("idx_activity_instances_definition", "activity_instances (activity_definition_id)"),
    ("idx_activity_instances_root", "activity_instances (root_id)"),
    ("idx_metric_values_instance", "metric_values (activity_instance_id)"),
    ("idx_metric_values_definition", "metric_values (metric_definition_id)"),
    ("idx_metric_values_root", "metric_values (root_id)"),
    ("idx_metric_definitions_activity", "metric_definitions (activity_id)"),
    ("idx_metric_definitions_root", "metric_definitions (root_id)"),
    ("idx_split_definitions_activity", "split_definitions (activity_id)"),
    ("idx_split_definitions_root", "split_definitions (root_id)"),
    ("idx_activity_definitions_group", "activity_definitions (group_id)"),
    ("idx_activity_definitions_root", "activity_definitions (root_id)"),
    ("idx_activity_groups_root", "activity_groups (root_id)"),
    ("idx_session_templates_root", "session_templates (root_id)"),
    ("idx_activity_instances_root_date", "activity_instances (root_id, created_at DESC)"),
    ("idx_metric_values_root_metric", "metric_values (root_id, metric_definition_id)"),
    ("idx_activity_instances_session_created", "activity_instances (practice_session_id, created_at)"),
    ("idx_goals_parent_type", "goals (parent_id, type)"),
    ("idx_goals_root_type", "goals (root_id, type)"),
    ("idx_metric_definitions_active", "metric_definitions (activity_id) WHERE is_active = 1"),
    ("idx_goals_completed", "goals (root_id, type) WHERE completed = 1"),
    ("idx_goals_practice_sessions", "goals (root_id, created_at) WHERE type = 'PracticeSession'"),
];

pub(super) fn steps() -> Vec<Step> {
    INDEXES.iter().map(|(name, on)| Step::create_index(name, on)).collect()
}
