WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) INSERT INTO memories SELECT i, hex(i * 104729), json_array('topic-' || (i % 40), 'person-' || (i * 31 % 900)), 0.5, datetime(1770000000 + i * 60, 'unixepoch') FROM n;
ANALYZE;
