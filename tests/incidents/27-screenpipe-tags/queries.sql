-- name: slow tagged
-- param: ?1 = 'person-77'
SELECT m.id, m.content, m.created_at FROM memories m WHERE EXISTS (SELECT 1 FROM json_each(m.tags) je WHERE je.value = ?1) ORDER BY m.created_at DESC LIMIT 50;
-- name: ok recent
SELECT id, content FROM memories ORDER BY created_at DESC LIMIT 20;
-- name: ok insert
-- weight: 5
INSERT INTO memories(content, tags, created_at) VALUES('new', '["topic-3"]', '2026-06-01 00:00:00');
