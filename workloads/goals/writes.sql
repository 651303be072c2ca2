-- What the application writes, with the columns of M5.

-- A new row has an id that no other row has.
-- name: w1_insert_goal
-- weight: 2
-- since: M5
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO goals (id, type, name, description, deadline, completed, created_at, parent_id, root_id,
       duration_minutes, session_data, targets, updated_at, session_start, session_end,
       total_duration_seconds, template_id, attributes, deleted_at, sort_order, program_day_id, completed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: w2_insert_instance
-- weight: 1
-- since: M3
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO activity_instances (id, practice_session_id, activity_definition_id, created_at, time_start,
       time_stop, duration_seconds, root_id, deleted_at, updated_at, sort_order, completed, notes, data)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: w3_insert_value
-- weight: 1.5
-- since: M2
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO metric_values (id, activity_instance_id, metric_definition_id, value, root_id, updated_at,
       created_at, split_definition_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: w3_update_value
-- weight: 1.5
-- since: M2
UPDATE metric_values SET value = ?, updated_at = ? WHERE metric_values.id = ?;

-- Both blobs are written again.
-- name: w4_save_session
-- weight: 1
UPDATE goals SET session_data = ?, updated_at = ?, session_end = ?, total_duration_seconds = ?, attributes = ?
WHERE goals.id = ?;

-- name: w5_complete_goal
-- weight: 1
-- since: M5
-- param: ?1 = 1
UPDATE goals SET completed = ?, updated_at = ?, completed_at = ? WHERE goals.id = ?;

-- name: w6_start_timer
-- weight: 1
-- since: M2
UPDATE activity_instances SET time_start = ?, updated_at = ? WHERE activity_instances.id = ?;

-- name: w6_stop_timer
-- weight: 1
-- since: M2
UPDATE activity_instances SET time_stop = ?, duration_seconds = ?, updated_at = ? WHERE activity_instances.id = ?;

-- name: w6_edit_instance
-- weight: 1
-- since: M3
-- param: ?2 = 1
UPDATE activity_instances SET updated_at = ?, completed = ?, notes = ?, data = ? WHERE activity_instances.id = ?;

-- name: w7_complete_day
-- weight: 0.5
-- since: M4
-- param: ?1 = 1
UPDATE program_days SET is_completed = ? WHERE program_days.id = ?;

-- name: w8_link_session
-- weight: 0.5
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO practice_session_goals (practice_session_id, short_term_goal_id)
VALUES (?, ?);

-- name: w8_unlink_session
-- weight: 0.5
DELETE FROM practice_session_goals
WHERE practice_session_goals.practice_session_id = ? AND practice_session_goals.short_term_goal_id = ?;

-- name: w8_plan_template
-- weight: 0.5
-- since: M4
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO program_day_templates (program_day_id, session_template_id, "order")
VALUES (?, ?, ?);

-- name: w8_unplan_template
-- weight: 0.5
-- since: M4
DELETE FROM program_day_templates
WHERE program_day_templates.program_day_id = ? AND program_day_templates.session_template_id = ?;
