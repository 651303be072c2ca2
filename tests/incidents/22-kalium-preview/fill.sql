WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000) INSERT INTO Message SELECT printf('m%06d', i), 'c' || (i * 7 % 120), 1760000000 + i, iif(i % 20, 'VISIBLE', 'HIDDEN') FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000) INSERT INTO MessageText SELECT printf('m%06d', i), 'c' || (i * 7 % 120), 'text ' || i FROM n;
