-- name: slow latest
-- param: ?1 = 'l1'
SELECT id, body FROM doc WHERE list = ? ORDER BY created DESC, id ASC LIMIT 20;
