-- name: slow day
SELECT DISTINCT state, COUNT(state) AS CountOf FROM reports WHERE executed_at BETWEEN 1618444800 AND 1618531199 GROUP BY state;
