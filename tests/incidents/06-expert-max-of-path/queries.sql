-- name: slow paths
SELECT path, MAX(id) FROM entries WHERE id IS NOT NULL GROUP BY path;
-- name: ok subject
-- param: ?1 = 's77'
SELECT path FROM entries WHERE subject = ?;
