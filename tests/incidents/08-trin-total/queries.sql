-- name: slow total
-- weight: 100
SELECT TOTAL(content_size) FROM content_metadata;
-- name: ok farthest
SELECT content_id FROM content_metadata ORDER BY distance DESC LIMIT 1;
