WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) INSERT INTO person SELECT lower(hex((i * 2654435761) % 4294967296)) || i, iif(i % 3, 'Person ', 'person ') || (i * 31 % 5000), iif(i % 5, 'account', 'page'), i % 40 = 0, 1785000000 + i FROM n;
ANALYZE;
