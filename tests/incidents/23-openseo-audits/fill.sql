WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO audits SELECT printf('a%04d', i), 'p' || (i % 12), 1780000000 + i * 3600, 1780000900 + i * 3600 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO audit_pages SELECT printf('g%06d', i), printf('a%04d', i % 100 + 1), '/page/' || i, 200 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500) INSERT INTO audit_links SELECT i, printf('a%04d', i % 100 + 1), printf('g%06d', i % 1500 + 1), '/to/' || (i * 7) FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO audit_issues SELECT i, printf('a%04d', i % 100 + 1), printf('g%06d', i % 1500 + 1), 'kind' || (i % 9) FROM n;
ANALYZE;
