WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO doc SELECT printf('%08x', i * 7919 % 1000003), 'l' || (i % 3), i / 9000, hex(zeroblob(60)) FROM n;
