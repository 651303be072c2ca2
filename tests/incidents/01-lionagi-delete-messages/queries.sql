-- name: slow delete
DELETE FROM messages WHERE id BETWEEN 'm000100' AND 'm000399';
-- name: ok one
-- param: ?1 = 'm000123'
SELECT content FROM messages WHERE id = ?;
