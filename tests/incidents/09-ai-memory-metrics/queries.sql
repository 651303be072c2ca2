-- name: slow total
-- weight: 50
SELECT COUNT(*) FROM memories;
-- name: slow by tier
-- weight: 50
SELECT tier, COUNT(*) FROM memories GROUP BY tier;
-- name: ok namespace
-- param: ?1 = 'ns7'
SELECT title FROM memories WHERE namespace = ? LIMIT 20;
