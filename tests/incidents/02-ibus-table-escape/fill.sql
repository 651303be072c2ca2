WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) INSERT INTO phrases(tabkeys, phrase, freq)
SELECT char(97 + i % 25, 97 + i / 25 % 25, 97 + i / 625 % 25, 97 + i * 7 % 25), 'p' || i, i * 31 % 1000 FROM n;
