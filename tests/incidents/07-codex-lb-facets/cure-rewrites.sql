-- name: slow facets
WITH RECURSIVE facet(model) AS (
  SELECT min(model) FROM request_logs
  UNION ALL SELECT (SELECT min(model) FROM request_logs WHERE model > facet.model) FROM facet WHERE model IS NOT NULL)
SELECT model FROM facet WHERE model IS NOT NULL ORDER BY model;
