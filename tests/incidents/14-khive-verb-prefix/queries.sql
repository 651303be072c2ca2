-- name: slow stats
-- param: ?1 = 'main'
SELECT COUNT(*) FROM events WHERE namespace = ? AND verb LIKE 'knowledge.%';
-- name: ok newest
-- param: ?1 = 'main'
SELECT id, verb FROM events WHERE namespace = ? ORDER BY created_at DESC LIMIT 20;
