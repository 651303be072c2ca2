-- name: slow tagged
SELECT m.id, m.content, m.created_at FROM memory_tags t CROSS JOIN memories m ON m.id = t.memory_id WHERE t.tag = ?1 ORDER BY m.created_at DESC LIMIT 50;
