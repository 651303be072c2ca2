-- name: slow types
SELECT type, count(*), max(created_at) FROM change GROUP BY type;
