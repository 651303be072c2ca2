-- name: slow list
SELECT * FROM scans ORDER BY CASE scans.status WHEN 'running' THEN 0 WHEN 'queued' THEN 1 ELSE 2 END, scans.id DESC LIMIT 20;
-- name: ok of repository
-- param: ?1 = 77
SELECT id, status FROM scans WHERE repository_id = ?;
