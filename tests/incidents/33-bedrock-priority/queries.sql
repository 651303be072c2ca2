-- name: slow next
-- param: ?1 = '2017-02-08 10:30:00'
SELECT jobID, name, data FROM jobs WHERE state = 'QUEUED' AND ?1 >= nextRun AND name GLOB 'www-prod/*' ORDER BY priority DESC, nextRun ASC LIMIT 1;
-- name: ok by name
SELECT jobID FROM jobs WHERE name = 'www-prod/job7' LIMIT 20;
-- name: ok finish
-- weight: 5
UPDATE jobs SET state = 'FINISHED' WHERE jobID = 811;
