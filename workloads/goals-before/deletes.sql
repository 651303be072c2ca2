-- What the application deletes, row by row.

-- A session, in the application's order; q0, q10, q23, q4, q5, q2, q7 and q24 have found its rows.
-- name: d1_links_of_session
-- weight: 1
DELETE FROM practice_session_goals
WHERE practice_session_goals.practice_session_id = ? AND practice_session_goals.short_term_goal_id = ?;

-- name: d1_value
-- weight: 4
DELETE FROM metric_values WHERE metric_values.id = ?;

-- name: d1_instance
-- weight: 3
DELETE FROM activity_instances WHERE activity_instances.id = ?;

-- name: d1_session
-- weight: 1
DELETE FROM goals WHERE goals.id = ?;

-- A whole fractal, leaves first: one real tree was 68 values, 39 instances and 17 goals.
-- name: d2_links_of_goal
-- weight: 0.1
DELETE FROM practice_session_goals
WHERE practice_session_goals.practice_session_id = ? AND practice_session_goals.short_term_goal_id = ?;

-- name: d2_value
-- weight: 0.3
DELETE FROM metric_values WHERE metric_values.id = ?;

-- name: d2_instance
-- weight: 0.2
DELETE FROM activity_instances WHERE activity_instances.id = ?;

-- name: d2_goal
-- weight: 0.15
DELETE FROM goals WHERE goals.id = ?;

-- An activity. Its instances and values stay behind, as foreign keys are not enforced.
-- name: d3_metric
-- weight: 1
DELETE FROM metric_definitions WHERE metric_definitions.id = ?;

-- name: d3_split
-- weight: 0.5
DELETE FROM split_definitions WHERE split_definitions.id = ?;

-- name: d3_activity
-- weight: 1
DELETE FROM activity_definitions WHERE activity_definitions.id = ?;

-- A program: scheduled sessions, days, blocks, and itself; its sessions stay.
-- name: d4_scheduled_session
-- weight: 1
DELETE FROM scheduled_sessions WHERE scheduled_sessions.id = ?;

-- name: d4_day
-- weight: 1
DELETE FROM program_days WHERE program_days.id = ?;

-- name: d4_block
-- weight: 3
DELETE FROM program_blocks WHERE program_blocks.id = ?;

-- name: d4_program
-- weight: 1
DELETE FROM programs WHERE programs.id = ?;

-- A template. What was planned with it stays behind.
-- name: d5_template
-- weight: 1
DELETE FROM session_templates WHERE session_templates.id = ?;
