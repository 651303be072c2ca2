-- What the uptime monitor asks.

-- name: heartbeats of a monitor
-- weight: 60
-- param: :monitor = 500
SELECT id, at, status, ping FROM heartbeats WHERE monitor_id = :monitor ORDER BY at DESC LIMIT 100;

-- name: heartbeats of a monitor since
-- weight: 30
-- param: :monitor = 3
-- param: :since = 1700650000
SELECT at, status, ping FROM heartbeats WHERE monitor_id = :monitor AND at > :since ORDER BY at;

-- name: last important heartbeats of a monitor
-- weight: 30
-- param: :monitor = 1
SELECT id, at, status, message FROM heartbeats WHERE monitor_id = :monitor AND important = 1 ORDER BY at DESC LIMIT 20;

-- name: important heartbeats
-- weight: 15
SELECT h.id, h.at, h.status, h.message, m.name FROM heartbeats h JOIN monitors m ON m.id = h.monitor_id
WHERE h.important = 1 ORDER BY h.at DESC LIMIT 50;

-- name: count of important heartbeats
-- weight: 15
SELECT count(*) FROM heartbeats WHERE important = 1;

-- name: average answer time of an hour
-- weight: 20
-- param: :from = 1700300000
-- param: :to = 1700303600
SELECT avg(ping), max(ping), count(*) FROM heartbeats WHERE http_code = 200 AND at >= :from AND at < :to;

-- name: heartbeats of an hour
-- weight: 10
-- param: :from = 1700300000
-- param: :to = 1700303600
SELECT status, count(*) FROM heartbeats WHERE at >= :from AND at < :to GROUP BY status;

-- name: filter page without filters
-- weight: 10
-- param: :monitor = NULL
-- param: :status = NULL
-- param: :code = NULL
SELECT id, monitor_id, at, status, http_code FROM heartbeats
WHERE (:monitor IS NULL OR monitor_id = :monitor) AND (:status IS NULL OR status = :status) AND (:code IS NULL OR http_code = :code)
ORDER BY at DESC LIMIT 50;

-- name: filter page of a code
-- weight: 3
-- param: :monitor = NULL
-- param: :status = NULL
-- param: :code = 404
SELECT id, monitor_id, at, status, http_code FROM heartbeats
WHERE (:monitor IS NULL OR monitor_id = :monitor) AND (:status IS NULL OR status = :status) AND (:code IS NULL OR http_code = :code)
ORDER BY at DESC LIMIT 5;

-- name: store a heartbeat
-- weight: 200
-- param: ?1 = 77
-- param: ?2 = 1700700000
INSERT INTO heartbeats (monitor_id, at, status, http_code, ping, message) VALUES (?1, ?2, 1, 200, 35, '200 - OK');

-- name: store an important heartbeat
-- weight: 2
-- param: ?1 = 78
-- param: ?2 = 1700700000
INSERT INTO heartbeats (monitor_id, at, status, important, http_code, message) VALUES (?1, ?2, 1, 1, 200, '200 - OK');

-- name: remove old heartbeats
-- weight: 1
-- param: :until = 1700000300
DELETE FROM heartbeats WHERE at < :until;

-- name: count an hour
-- weight: 200
-- param: ?1 = 77
-- param: ?2 = 472039
INSERT INTO stat_hourly (monitor_id, hour, up, ping) VALUES (?1, ?2, 1, 35)
ON CONFLICT (monitor_id, hour) DO UPDATE SET up = up + 1, ping = (ping * (up + down) + excluded.ping) / (up + down + 1);

-- name: uptime of a monitor
-- weight: 60
-- param: :monitor = 77
-- param: :since = 472010
SELECT sum(up), sum(down), avg(ping) FROM stat_hourly WHERE monitor_id = :monitor AND hour >= :since;

-- name: uptime of an hour
-- weight: 5
-- param: :hour = 472030
SELECT sum(up), sum(down) FROM stat_hourly WHERE hour = :hour;

-- name: remove old hours
-- weight: 0.5
-- param: :until = 472001
DELETE FROM stat_hourly WHERE hour < :until;

-- name: monitors of a user
-- weight: 40
-- param: :user = 30
SELECT id, name, url, last_status FROM monitors WHERE user_id = :user AND deleted_at IS NULL ORDER BY name;

-- name: push
-- weight: 40
-- param: ?1 = '70192d6c'
SELECT id, interval FROM monitors WHERE push_token = ?1 AND active = 1 AND deleted_at IS NULL;

-- name: status page
-- weight: 60
-- param: :slug = 'page-77'
SELECT m.id, m.name, m.last_status FROM status_pages p JOIN page_monitors x ON x.page_id = p.id JOIN monitors m ON m.id = x.monitor_id
WHERE p.slug = :slug AND m.deleted_at IS NULL ORDER BY x.position;

-- name: pages of a monitor
-- weight: 20
-- param: :monitor = 300
SELECT p.id, p.slug FROM page_monitors x JOIN status_pages p ON p.id = x.page_id WHERE x.monitor_id = :monitor;

-- name: open incidents
-- weight: 40
SELECT id, monitor_id, title, started_at FROM incidents WHERE resolved_at IS NULL ORDER BY started_at DESC LIMIT 20;

-- name: incidents of a monitor
-- weight: 20
-- param: :monitor = 300
SELECT id, title, started_at, resolved_at FROM incidents WHERE monitor_id = :monitor ORDER BY started_at DESC LIMIT 10;

-- name: channels of a monitor
-- weight: 30
-- param: :monitor = 300
SELECT c.id, c.kind, c.config FROM monitor_channels x JOIN channels c ON c.id = x.channel_id WHERE x.monitor_id = :monitor;

-- name: delete a channel
-- weight: 0.5
-- param: ?1 = 150
DELETE FROM channels WHERE id = ?1;

-- name: alerts of a monitor
-- weight: 10
-- param: :monitor = 300
SELECT sent_at, channel_id, ok FROM alerts WHERE monitor_id = :monitor ORDER BY sent_at DESC LIMIT 20;

-- name: certificate of a monitor
-- weight: 30
-- param: :monitor = 300
SELECT expires_at, issuer FROM certificates WHERE monitor_id = :monitor ORDER BY checked_at DESC LIMIT 1;

-- name: certificates that expire
-- weight: 5
-- param: :until = 1700150000
SELECT monitor_id, expires_at FROM certificates WHERE expires_at < :until ORDER BY expires_at LIMIT 50;

-- name: monitors with a tag
-- weight: 10
-- param: :tag = 70
SELECT m.id, m.name, m.last_status FROM monitor_tags t JOIN monitors m ON m.id = t.monitor_id WHERE t.tag_id = :tag AND m.deleted_at IS NULL ORDER BY m.name;

-- name: next job
-- weight: 100
-- param: :queue = 'check'
-- param: :now = 1700645000
UPDATE jobs SET state = 'running', locked_by = 'worker1', attempts = attempts + 1
WHERE id = (SELECT id FROM jobs WHERE queue = :queue AND state = 'waiting' AND run_at <= :now ORDER BY run_at LIMIT 1);

-- name: jobs of a worker
-- weight: 20
-- param: :worker = 'worker1'
SELECT id, queue, run_at FROM jobs WHERE locked_by = :worker;

-- name: enqueue
-- weight: 100
-- param: ?1 = 'check-77'
-- param: ?2 = 1700700000
INSERT INTO jobs (queue, monitor_id, unique_key, run_at) VALUES ('check', 77, ?1, ?2) ON CONFLICT (unique_key) WHERE state = 'waiting' DO NOTHING;

-- name: jobs of a monitor
-- weight: 5
-- param: :monitor = 300
SELECT id, queue, state, run_at FROM jobs WHERE monitor_id = :monitor ORDER BY run_at DESC LIMIT 20;

-- name: failed jobs
-- weight: 5
SELECT id, queue, finished_at FROM jobs WHERE state = 'failed' ORDER BY finished_at DESC LIMIT 20;

-- name: remove old jobs
-- weight: 0.5
-- param: :until = 1700000700
DELETE FROM jobs WHERE state = 'done' AND finished_at < :until;

-- name: events of a job
-- weight: 10
-- param: :job = 12000
SELECT at, message FROM job_events WHERE job_id = :job ORDER BY id;

-- name: remove old events
-- weight: 0.5
-- param: :until = 1700002000
DELETE FROM job_events WHERE at < :until;

-- name: remove a monitor
-- weight: 1
-- param: ?1 = 300
UPDATE monitors SET deleted_at = 1700700000, active = 0 WHERE id = ?1;

-- name: delete a monitor for good
-- weight: 0.2
-- param: ?1 = 899
DELETE FROM monitors WHERE id = ?1;
