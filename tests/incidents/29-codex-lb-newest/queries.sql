-- name: slow newest
SELECT id, account_id, used_percent, reset_at, recorded_at FROM (
SELECT u.*, ROW_NUMBER() OVER (PARTITION BY u.account_id ORDER BY u.recorded_at DESC, u.id DESC) AS rn FROM usage_history u) WHERE rn = 1;
-- name: ok window
-- param: ?1 = 1779014000
SELECT account_id, avg(used_percent) FROM usage_history WHERE recorded_at > ? GROUP BY account_id;
-- name: ok account
SELECT recorded_at, used_percent FROM usage_history WHERE account_id = 'acc3' ORDER BY recorded_at DESC LIMIT 100;
