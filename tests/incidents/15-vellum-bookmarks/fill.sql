WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO conversations SELECT 'c' || i, 'talk ' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO messages SELECT printf('m%06d', i), 'c' || (i % 300 + 1), 'user', hex(zeroblob(50)), 1770000000 + i FROM n;
ANALYZE;
