WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12) INSERT INTO sources SELECT 's' || i, 'source ' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000) INSERT INTO items SELECT printf('i%06x', i * 7919), 's' || (i * 7 % 11 + 1), 'x' || i, hex(zeroblob(150)) FROM n;
