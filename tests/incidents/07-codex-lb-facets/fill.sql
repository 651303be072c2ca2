WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) INSERT INTO request_logs(requested_at, model, status, tokens)
SELECT datetime(1760000000 + i * 20, 'unixepoch'), iif(i % 40 = 0, NULL, 'model-' || (i * 7 % 14)), iif(i % 30, 'ok', 'error'), i % 5000 FROM n;
