WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO file_group SELECT i, '/media/' || i || '.bin', iif(i % 8, 'video/mp4', 'text/html'), hex(i * 104729), i * 31, datetime(1700000000 + i * 977 % 10000 * 61, 'unixepoch'), datetime(1700000000 + i * 577 % 10000 * 61, 'unixepoch') FROM n;
ANALYZE;
