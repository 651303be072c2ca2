-- name: slow next
SELECT id, display_name, kind FROM person WHERE muted = 0 AND display_name COLLATE NOCASE >= ?1 AND (display_name COLLATE NOCASE > ?1 OR id > ?2) ORDER BY display_name COLLATE NOCASE, id LIMIT 60;
