-- name: slow delete
-- param: ?1 = 'a0077'
-- param: ?2 = 'p5'
DELETE FROM audits WHERE id = ? AND project_id = ?;
-- name: ok issues
-- param: ?1 = 'a0012'
SELECT kind, count(*) FROM audit_issues WHERE audit_id = ? GROUP BY kind;
-- name: ok pages
-- param: ?1 = 'a0012'
SELECT id, url, status FROM audit_pages WHERE audit_id = ? ORDER BY url LIMIT 50;
-- name: ok links
-- param: ?1 = 'a0012'
SELECT target FROM audit_links WHERE audit_id = ? ORDER BY id LIMIT 100;
