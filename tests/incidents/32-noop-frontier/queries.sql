-- name: slow frontier
-- param: ?1 = 'dev1'
SELECT MAX(ts) FROM (SELECT ts FROM hrSample WHERE deviceId = ?1 UNION ALL SELECT ts FROM ppgHrSample WHERE deviceId = ?1);
-- name: ok hour
SELECT ts, bpm FROM hrSample WHERE deviceId = 'dev0' AND ts BETWEEN 1780001000 AND 1780001500 ORDER BY ts;
