-- name: slow total
SELECT sum(n) FROM memory_counts;
-- name: slow by tier
SELECT tier, n FROM memory_counts WHERE n > 0;
