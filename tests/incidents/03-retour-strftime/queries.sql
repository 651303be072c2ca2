-- name: slow fails
-- param: :start = '2024-06-06'
-- param: :end = '2024-06-08'
SELECT path, count(*) FROM records WHERE strftime('%s', date) >= strftime('%s', :start) AND strftime('%s', date) <= strftime('%s', :end)
AND redirect IS NULL GROUP BY path ORDER BY 2 DESC LIMIT 10;
