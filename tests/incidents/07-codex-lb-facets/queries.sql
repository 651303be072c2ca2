-- name: slow facets
SELECT DISTINCT model FROM request_logs WHERE model IS NOT NULL ORDER BY model;
-- name: ok recent
SELECT id, model, status FROM request_logs ORDER BY requested_at DESC LIMIT 50;
