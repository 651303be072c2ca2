-- name: slow total
SELECT size FROM content_total;
