-- name: slow fails
SELECT path, count(*) FROM records WHERE date >= :start || ' 00:00:00' AND date <= :end || ' 00:00:00'
AND redirect IS NULL GROUP BY path ORDER BY 2 DESC LIMIT 10;
