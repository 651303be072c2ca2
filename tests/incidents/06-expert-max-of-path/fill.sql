WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) INSERT INTO entries SELECT i, '/lib/file' || (i * 7 % 60) || '.ex', 's' || (i * 13 % 20000), 'module' FROM n;
