WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO profiles SELECT 'p' || i, 'handle' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000) INSERT INTO dm_conversations SELECT printf('d%06x', i * 7919), 'a' || (i % 2), 'p' || (i % 2000 + 1), 1760000000 + i * 31 % 25013, 'hello ' || i FROM n;
