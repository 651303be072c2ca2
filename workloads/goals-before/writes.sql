-- What the application writes, with the columns of B0.

-- A new row has an id that no other row has.
-- name: w1_insert_goal
-- weight: 2
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO goals (id, type, name, description, deadline, completed, created_at, parent_id, root_id,
       duration_minutes, session_data, targets, updated_at, session_start, session_end,
       total_duration_seconds, template_id, attributes)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: w2_insert_instance
-- weight: 1
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO activity_instances (id, practice_session_id, activity_definition_id, created_at, time_start,
       time_stop, duration_seconds)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: w3_insert_value
-- weight: 1.5
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO metric_values (id, activity_instance_id, metric_definition_id, value)
VALUES (?, ?, ?, ?);

-- name: w3_update_value
-- weight: 1.5
UPDATE metric_values SET value = ? WHERE metric_values.id = ?;

-- Both blobs are written again.
-- name: w4_save_session
-- weight: 1
UPDATE goals SET session_data = ?, updated_at = ?, session_end = ?, total_duration_seconds = ?, attributes = ?
WHERE goals.id = ?;

-- name: w5_complete_goal
-- weight: 1
-- param: ?1 = 1
UPDATE goals SET completed = ?, updated_at = ? WHERE goals.id = ?;

-- name: w6_start_timer
-- weight: 1
UPDATE activity_instances SET time_start = ? WHERE activity_instances.id = ?;

-- name: w6_stop_timer
-- weight: 1
UPDATE activity_instances SET time_stop = ?, duration_seconds = ? WHERE activity_instances.id = ?;

-- name: w8_link_session
-- weight: 0.5
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO practice_session_goals (practice_session_id, short_term_goal_id)
VALUES (?, ?);

-- name: w8_unlink_session
-- weight: 0.5
DELETE FROM practice_session_goals
WHERE practice_session_goals.practice_session_id = ? AND practice_session_goals.short_term_goal_id = ?;

-- name: w8_schedule_session
-- weight: 0.5
-- param: ?1 = '00000000-0000-4000-8000-000000000000'
INSERT INTO scheduled_sessions (id, day_id, session_template_id, is_completed, completion_data)
VALUES (?, ?, ?, ?, ?);

-- name: w8_unschedule_session
-- weight: 0.5
DELETE FROM scheduled_sessions WHERE scheduled_sessions.id = ?;
