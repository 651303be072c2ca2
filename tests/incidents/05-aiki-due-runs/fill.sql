WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO workflow_run
SELECT printf('r%08x', i * 7919), iif(i % 300 = 0, 'scheduled', iif(i % 400 = 1, 'sleeping', 'completed')), 1780000000 + i, iif(i % 7, NULL, 1780000000 + i), iif(i % 50, NULL, printf('r%08x', (i - 1) * 7919)), 'in' || i, i FROM n;
