-- name: slow lookups
SELECT a.src_ip, sum(length(b.payload)) FROM ids_alerts a JOIN ids_alerts b ON b.id = a.id * 7919 % 40000 WHERE a.src_ip > '10.0.1' GROUP BY a.src_ip ORDER BY 2 DESC LIMIT 10;
