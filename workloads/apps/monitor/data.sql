-- Rows of the uptime monitor: arithmetic alone, the same rows every time.

PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -65536;
BEGIN;

INSERT INTO users (id, username)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
SELECT i, 'operator' || i FROM n;

INSERT INTO monitors (id, user_id, name, url, kind, interval, active, push_token, last_status, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a * a / 1000003 * 58 / 1000003, 'Service ' || i, 'https://service' || i || '.example/health', CASE a % 7 WHEN 0 THEN 'push' WHEN 1 THEN 'ping' ELSE 'http' END,
       CASE a % 3 WHEN 0 THEN 60 ELSE 300 END, a % 9 > 0, CASE WHEN a % 7 = 0 THEN printf('%08x', a * 4001 + i) END, a % 17 > 0, CASE WHEN a % 23 = 0 THEN 1690000000 END
FROM r;

-- Nineteen of twenty heartbeats have code 200; some 300 other codes are left. One in four hundred is important.
INSERT INTO heartbeats (id, monitor_id, at, status, important, http_code, ping, message)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + a * a / 1000003 * 895 / 1000003, 1700000000 + i * 11, CASE WHEN b % 20 > 0 THEN 1 WHEN b % 100 = 0 THEN 3 ELSE 0 END, (a + b) % 400 = 0,
       CASE WHEN b % 20 > 0 THEN 200 ELSE 201 + (a + b) % 300 END, CASE WHEN b % 20 > 0 THEN 5 + a % 900 END,
       CASE WHEN b % 20 > 0 THEN '200 - OK' ELSE 'Request failed with code ' || (201 + (a + b) % 300) END
FROM r;

INSERT INTO stat_hourly (monitor_id, hour, up, down, ping)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 35799)
SELECT 1 + i % 895, 472000 + i / 895, 12 - i % 97 / 95, i % 97 / 95, 20 + i * 31 % 700 / 7.0 FROM n;

INSERT INTO status_pages (id, slug, title)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
SELECT i, 'page-' || i, 'Status page ' || i FROM n;

INSERT OR IGNORE INTO page_monitors (page_id, monitor_id, position)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2800),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + i % 398, 1 + a % 895, i / 398 FROM r;

INSERT INTO incidents (id, monitor_id, title, started_at, resolved_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a * a / 1000003 * 895 / 1000003, 'Outage ' || i, 1650000000 + i * 10000, CASE WHEN a % 130 > 0 THEN 1650000000 + i * 10000 + a % 9000 END FROM r;

INSERT INTO channels (id, user_id, kind, config)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)
SELECT i, 1 + i % 58, CASE i % 3 WHEN 0 THEN 'mail' WHEN 1 THEN 'webhook' ELSE 'push' END, '{"to":"' || i || '"}' FROM n;

INSERT OR IGNORE INTO monitor_channels (monitor_id, channel_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + i % 895, 1 + a % 148 FROM r;

INSERT INTO alerts (id, monitor_id, heartbeat_id, channel_id, sent_at, ok)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 14000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a * a / 1000003 * 895 / 1000003, CASE WHEN i > 7000 THEN 1 + (i - 7000) * 8 END, CASE WHEN a % 9 > 0 THEN 1 + a % 148 END, 1660000000 + i * 2900, a % 31 > 0
FROM r;

INSERT INTO certificates (id, monitor_id, checked_at, expires_at, issuer)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + i % 895, 1700000000 + i * 90, 1700000000 + i * 90 + a * 8, CASE a % 4 WHEN 0 THEN 'Authority B' ELSE 'Authority A' END FROM r;

INSERT INTO tags (id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80)
SELECT i, 'tag' || i FROM n;

INSERT OR IGNORE INTO monitor_tags (monitor_id, tag_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1800),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + i % 895, 1 + a * a / 1000003 * 78 / 1000003 FROM r;

INSERT INTO jobs (id, queue, state, monitor_id, unique_key, run_at, attempts, locked_by, finished_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n),
s AS (SELECT *, CASE WHEN i > 23800 THEN 'waiting' WHEN i > 23780 THEN 'running' WHEN a % 70 = 0 THEN 'failed' ELSE 'done' END AS state FROM r)
SELECT i, CASE a % 6 WHEN 0 THEN 'mail' WHEN 1 THEN 'report' ELSE 'check' END, state, CASE WHEN a % 6 > 1 THEN 1 + a % 895 END,
       printf('%06x-%d', a * 11, i), 1700000000 + i * 27, 1 + (a % 70 = 0), CASE state WHEN 'running' THEN 'worker' || (i % 4) END,
       CASE WHEN state IN ('done', 'failed') THEN 1700000000 + i * 27 + a % 100 END
FROM s;

INSERT INTO job_events (id, job_id, at, message)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
SELECT i, 1 + i * 4 / 5 % 23990, 1700000000 + i * 21, CASE i % 3 WHEN 0 THEN 'started' WHEN 1 THEN 'finished' ELSE 'waiting for the answer of the host' END FROM n;

COMMIT;
