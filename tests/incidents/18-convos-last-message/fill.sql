WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO conversation SELECT 'c' || i, 'name ' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) INSERT INTO message SELECT printf('m%06d', i), 'c' || (i % 40 + 1), iif(i > 9000, 'update', 'text'), 1760000000 + i * 7919 % 12007 + i, hex(zeroblob(40)) FROM n;
