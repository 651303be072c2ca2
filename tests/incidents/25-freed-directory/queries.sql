-- name: slow next
-- param: ?1 = 'Person 4711'
-- param: ?2 = '8'
SELECT id, display_name, kind FROM person WHERE muted = 0 AND (display_name COLLATE NOCASE > ?1 OR (display_name COLLATE NOCASE = ?1 AND id > ?2)) ORDER BY display_name COLLATE NOCASE, id LIMIT 60;
-- name: ok by name
SELECT id FROM person WHERE display_name = 'Person 77';
-- name: ok recent
SELECT id, display_name FROM person ORDER BY updated_at DESC LIMIT 30;
