WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO records(date, path, referrer, redirect)
SELECT datetime(1700000000 + i * 600, 'unixepoch'), '/p/' || (i * 31 % 900), iif(i % 4, NULL, 'r' || i), iif(i % 10, '/to', NULL) FROM n;
