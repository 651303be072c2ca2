-- What the application reads, with the columns of B0.

-- name: q0_root_check
-- weight: 22.2
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals WHERE goals.id = ? LIMIT 1 OFFSET 0;

-- name: q1_fractals
-- weight: 1
-- param: ?1 = 'PracticeSession'
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals WHERE goals.parent_id IS NULL AND goals.type != ?;

-- name: q2_children
-- weight: 88
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals WHERE ? = goals.parent_id;

-- name: q3_sessions_of_fractal
-- weight: 1
-- param: ?2 = 'PracticeSession'
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals WHERE goals.root_id = ? AND goals.type IN (?) ORDER BY goals.created_at DESC;

-- name: q4_instances_of_session
-- weight: 7.7
SELECT activity_instances.id, activity_instances.practice_session_id,
       activity_instances.activity_definition_id, activity_instances.created_at,
       activity_instances.time_start, activity_instances.time_stop, activity_instances.duration_seconds
FROM activity_instances WHERE ? = activity_instances.practice_session_id;

-- name: q5_values_of_instance
-- weight: 36.5
SELECT metric_values.id, metric_values.activity_instance_id, metric_values.metric_definition_id,
       metric_values.value
FROM metric_values WHERE ? = metric_values.activity_instance_id;

-- name: q6_activity_definition
-- weight: 17.5
SELECT activity_definitions.id, activity_definitions.root_id, activity_definitions.name,
       activity_definitions.description, activity_definitions.created_at, activity_definitions.has_sets,
       activity_definitions.has_metrics, activity_definitions.metrics_multiplicative
FROM activity_definitions WHERE activity_definitions.id = ?;

-- name: q6_metric_definition
-- weight: 11.75
SELECT metric_definitions.id, metric_definitions.activity_id, metric_definitions.name,
       metric_definitions.unit, metric_definitions.created_at, metric_definitions.deleted_at,
       metric_definitions.is_active, metric_definitions.is_top_set_metric,
       metric_definitions.is_multiplicative
FROM metric_definitions WHERE metric_definitions.id = ?;

-- name: q6_split_definition
-- weight: 1
SELECT split_definitions.id, split_definitions.activity_id, split_definitions.name, split_definitions."order",
       split_definitions.created_at
FROM split_definitions WHERE split_definitions.id = ?;

-- name: q7_goals_of_session
-- weight: 8.2
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals, practice_session_goals
WHERE ? = practice_session_goals.practice_session_id AND goals.id = practice_session_goals.short_term_goal_id;

-- name: q8_day
-- weight: 0.5
SELECT program_days.id, program_days.block_id, program_days.date, program_days.day_number, program_days.name,
       program_days.notes
FROM program_days WHERE program_days.id = ?;

-- name: q8_block
-- weight: 0.5
SELECT program_blocks.id, program_blocks.program_id, program_blocks.name, program_blocks.start_date,
       program_blocks.end_date, program_blocks.color, program_blocks.goal_ids
FROM program_blocks WHERE program_blocks.id = ?;

-- name: q8_program
-- weight: 0.5
SELECT programs.id, programs.root_id, programs.name, programs.description, programs.start_date,
       programs.end_date, programs.created_at, programs.updated_at, programs.is_active, programs.goal_ids,
       programs.weekly_schedule
FROM programs WHERE programs.id = ?;

-- name: q9_session
-- weight: 1
-- param: ?2 = 'PracticeSession'
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals WHERE goals.id = ? AND goals.type IN (?) LIMIT 1 OFFSET 0;

-- name: q10_session_in_fractal
-- weight: 6
-- param: ?3 = 'PracticeSession'
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals WHERE goals.id = ? AND goals.root_id = ? AND goals.type IN (?) LIMIT 1 OFFSET 0;

-- name: q11_instances_in_order
-- weight: 1
SELECT activity_instances.id, activity_instances.practice_session_id,
       activity_instances.activity_definition_id, activity_instances.created_at,
       activity_instances.time_start, activity_instances.time_stop, activity_instances.duration_seconds
FROM activity_instances WHERE activity_instances.practice_session_id = ? ORDER BY activity_instances.created_at;

-- name: q12_sessions_for_activities
-- weight: 0.1
-- param: ?2 = 'PracticeSession'
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals WHERE goals.root_id = ? AND goals.type IN (?);

-- One parameter per session of the fractal; 4 is the median of the real files.
-- name: q12_instances_of_sessions
-- weight: 0.1
SELECT activity_instances.id, activity_instances.practice_session_id,
       activity_instances.activity_definition_id, activity_instances.created_at,
       activity_instances.time_start, activity_instances.time_stop, activity_instances.duration_seconds
FROM activity_instances WHERE activity_instances.practice_session_id IN (?, ?, ?, ?);

-- name: q13_activities
-- weight: 1
SELECT activity_definitions.id, activity_definitions.root_id, activity_definitions.name,
       activity_definitions.description, activity_definitions.created_at, activity_definitions.has_sets,
       activity_definitions.has_metrics, activity_definitions.metrics_multiplicative
FROM activity_definitions WHERE activity_definitions.root_id = ? ORDER BY activity_definitions.name;

-- name: q13_metrics_of_activity
-- weight: 7.5
SELECT metric_definitions.id, metric_definitions.activity_id, metric_definitions.name,
       metric_definitions.unit, metric_definitions.created_at, metric_definitions.deleted_at,
       metric_definitions.is_active, metric_definitions.is_top_set_metric,
       metric_definitions.is_multiplicative
FROM metric_definitions WHERE ? = metric_definitions.activity_id;

-- name: q13_splits_of_activity
-- weight: 7.5
SELECT split_definitions.id, split_definitions.activity_id, split_definitions.name, split_definitions."order",
       split_definitions.created_at
FROM split_definitions WHERE ? = split_definitions.activity_id;

-- name: q14_groups
-- weight: 1
SELECT activity_groups.id, activity_groups.root_id, activity_groups.name, activity_groups.description,
       activity_groups.created_at, activity_groups.sort_order
FROM activity_groups WHERE activity_groups.root_id = ? ORDER BY activity_groups.sort_order, activity_groups.created_at;

-- name: q15_templates
-- weight: 1
SELECT session_templates.id, session_templates.name, session_templates.description, session_templates.root_id,
       session_templates.created_at, session_templates.template_data
FROM session_templates WHERE session_templates.root_id = ?;

-- name: q15_template
-- weight: 1
SELECT session_templates.id, session_templates.name, session_templates.description, session_templates.root_id,
       session_templates.created_at, session_templates.template_data
FROM session_templates WHERE session_templates.id = ? AND session_templates.root_id = ? LIMIT 1 OFFSET 0;

-- name: q16_programs
-- weight: 1
SELECT programs.id, programs.root_id, programs.name, programs.description, programs.start_date,
       programs.end_date, programs.created_at, programs.updated_at, programs.is_active, programs.goal_ids,
       programs.weekly_schedule
FROM programs WHERE programs.root_id = ?;

-- name: q16_active_programs
-- weight: 1
SELECT programs.id, programs.root_id, programs.name, programs.description, programs.start_date,
       programs.end_date, programs.created_at, programs.updated_at, programs.is_active, programs.goal_ids,
       programs.weekly_schedule
FROM programs WHERE programs.root_id = ? AND programs.is_active = 1;

-- name: q16_program
-- weight: 1
SELECT programs.id, programs.root_id, programs.name, programs.description, programs.start_date,
       programs.end_date, programs.created_at, programs.updated_at, programs.is_active, programs.goal_ids,
       programs.weekly_schedule
FROM programs WHERE programs.id = ? AND programs.root_id = ? LIMIT 1 OFFSET 0;

-- name: q17_blocks
-- weight: 1.5
SELECT program_blocks.id, program_blocks.program_id, program_blocks.name, program_blocks.start_date,
       program_blocks.end_date, program_blocks.color, program_blocks.goal_ids
FROM program_blocks WHERE ? = program_blocks.program_id;

-- name: q18_days
-- weight: 3.5
SELECT program_days.id, program_days.block_id, program_days.date, program_days.day_number, program_days.name,
       program_days.notes
FROM program_days WHERE ? = program_days.block_id ORDER BY program_days.day_number;

-- Until M4 a day has scheduled sessions instead of templates.
-- name: q19_scheduled_sessions
-- weight: 5.5
SELECT scheduled_sessions.id, scheduled_sessions.day_id, scheduled_sessions.session_template_id,
       scheduled_sessions.is_completed, scheduled_sessions.completion_data
FROM scheduled_sessions WHERE ? = scheduled_sessions.day_id;

-- name: q21_count_sessions
-- weight: 0.5
-- param: ?2 = 'PracticeSession'
SELECT count(*) AS count_1
FROM (
      SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
             goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
             goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
             goals.template_id, goals.attributes
      FROM goals WHERE goals.root_id = ? AND goals.type IN (?)
     ) AS anon_1;

-- name: q22_value_of_metric
-- weight: 2.5
SELECT metric_values.id, metric_values.activity_instance_id, metric_values.metric_definition_id,
       metric_values.value
FROM metric_values
WHERE metric_values.activity_instance_id = ? AND metric_values.metric_definition_id = ?
LIMIT 1 OFFSET 0;

-- name: q23_immediate_goals_of_session
-- weight: 1
-- param: ?1 = 'ImmediateGoal'
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals WHERE goals.type = ? AND goals.parent_id = ?;

-- name: q24_sessions_of_goal
-- weight: 4.5
-- param: ?2 = 'PracticeSession'
SELECT goals.id, goals.type, goals.name, goals.description, goals.deadline, goals.completed, goals.created_at,
       goals.parent_id, goals.root_id, goals.duration_minutes, goals.session_data, goals.targets,
       goals.updated_at, goals.session_start, goals.session_end, goals.total_duration_seconds,
       goals.template_id, goals.attributes
FROM goals, practice_session_goals
WHERE ? = practice_session_goals.short_term_goal_id AND goals.id = practice_session_goals.practice_session_id
      AND goals.type IN (?);

-- name: q25_last_group
-- weight: 1
SELECT max(activity_groups.sort_order) AS max_1
FROM activity_groups WHERE activity_groups.root_id = ?;
