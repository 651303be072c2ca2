WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO packets SELECT i, 1770000000 + i, 'n' || (i % 40), hex(zeroblob(100)) FROM n;
DELETE FROM packets WHERE id % 100 < 85 OR id < 9000;
