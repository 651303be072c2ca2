-- name: slow frontier
SELECT MAX(ts) FROM (SELECT (SELECT MAX(ts) FROM hrSample WHERE deviceId = ?1) AS ts UNION ALL SELECT (SELECT MAX(ts) FROM ppgHrSample WHERE deviceId = ?1));
