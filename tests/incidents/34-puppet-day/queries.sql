-- name: slow day
SELECT DISTINCT state, COUNT(state) AS CountOf FROM reports WHERE strftime('%d/%m/%Y', DATE(executed_at, 'unixepoch', 'localtime')) = '15/04/2021' GROUP BY state;
-- name: ok host
SELECT id, state FROM reports WHERE fqdn = 'host42' ORDER BY executed_at DESC LIMIT 50;
