-- name: slow newest
SELECT u.id, u.account_id, u.used_percent, u.reset_at, u.recorded_at FROM (SELECT account_id, max(recorded_at) AS m FROM usage_history GROUP BY account_id) g
JOIN usage_history u ON u.id = (SELECT max(id) FROM usage_history h WHERE h.account_id = g.account_id AND h.recorded_at = g.m);
