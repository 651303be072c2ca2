-- name: slow insert
-- weight: 200
INSERT INTO workflow_run VALUES('new', 'completed', 1790000000, NULL, NULL, 'x', 1);
-- name: ok scheduled
-- param: ?1 = 1780010000
SELECT id FROM workflow_run WHERE status = 'scheduled' AND scheduled_at <= ? ORDER BY scheduled_at LIMIT 50;
-- name: ok sleeping
-- param: ?1 = 1780010000
SELECT id FROM workflow_run WHERE status = 'sleeping' AND wake_at <= ? ORDER BY wake_at LIMIT 50;
-- name: ok children
-- param: ?1 = 'r00060ae8'
SELECT id FROM workflow_run WHERE parent_id = ?;
