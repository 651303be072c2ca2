-- Rows of the podcast server: arithmetic alone, the same rows every time.

PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -65536;
BEGIN;

INSERT INTO users (id, login, created_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
SELECT i, 'listener' || i, datetime(1500000000 + i * 86400, 'unixepoch'), CASE WHEN i % 40 = 0 THEN '2024-01-01 00:00:00' END FROM n;

-- Four of five podcasts are in one language.
INSERT INTO podcasts (id, feed_url, title, language, explicit, etag, next_fetch_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 'https://feeds.example.org/' || printf('%06d', a) || '/' || i, 'Podcast ' || printf('%06d', a * 7 % 1000003),
       CASE WHEN a % 10 < 8 THEN 'en' WHEN a % 10 = 8 THEN 'de' ELSE substr('esfritnlplptsvdacsfi', 1 + 2 * (a / 10 % 10), 2) END,
       a % 6 = 0, printf('"%x"', a * 977), datetime(1706000000 + a % 90000, 'unixepoch'), CASE WHEN a % 15 = 0 THEN '2023-06-01 00:00:00' END
FROM r;

INSERT INTO categories (id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
SELECT i, 'category ' || i FROM n;

INSERT OR IGNORE INTO podcast_categories (podcast_id, category_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000),
r AS (SELECT i, (i * i % 1000003 * 3571 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + i % 3000, 1 + a * a / 1000003 * 58 / 1000003 FROM r;

INSERT INTO files (id, path, bytes, digest, missing)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, '/media/podcasts/' || (a % 3000) || '/' || i || '.mp3', 9000000 + a * 60, printf('%08x%08x', a * 4001 + i, a * 1999 + i), a % 71 = 0 FROM r;

-- Podcasts have from two to some hundred episodes; one in nine is downloaded.
INSERT INTO episodes (id, podcast_id, guid, title, published_at, seconds, enclosure_url, downloaded, file_id, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 36000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b,
             (i * i % 1000003 * 1237 + i * 49979687) % 1000003 AS c FROM n)
SELECT i, 1 + a * a / 1000003 * 2990 / 1000003, printf('%08x-%05d', b * 4001, i), 'Episode ' || (i % 700) || ' about subject ' || (c % 5000),
       datetime(1420000000 + i * 7944 + b % 5000, 'unixepoch'), 600 + c % 5400,
       'https://cdn.example.net/' || (a % 37) || '/' || printf('%08x', c * 4001) || '/' || i || '.mp3',
       i % 9 = 4 AND i < 33000, CASE WHEN i % 9 = 4 AND i < 33000 THEN 1 + i / 9 END, CASE WHEN b % 33 = 0 THEN '2023-11-11 11:11:11' END
FROM r;

INSERT INTO chapters (id, episode_id, start, title)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
SELECT i, 1 + i / 6 * 23, i % 6 * 400, 'Chapter ' || (1 + i % 6) FROM n;

INSERT OR IGNORE INTO subscriptions (user_id, podcast_id, created_at, notify)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT 1 + b % 397, 1 + a * a / 1000003 * 2990 / 1000003, datetime(1600000000 + i * 12000, 'unixepoch'), b % 5 = 0 FROM r;

INSERT OR IGNORE INTO progress (user_id, episode_id, position, finished, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT 1 + a * a / 1000003 * 397 / 1000003, 1 + b % 35990, 30 + b % 4000, b % 20 < 17, datetime(1640000000 + i * 2200 + a % 999, 'unixepoch') FROM r;

INSERT INTO playlists (id, user_id, name, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
SELECT i, 1 + i * 7 % 397, 'Playlist ' || i, datetime(1650000000 + i * 30000, 'unixepoch') FROM n;

INSERT INTO playlist_items (id, playlist_id, episode_id, position)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + i % 1490, 1 + a % 35990, i / 1490 FROM r;

INSERT INTO sessions (id, user_id, episode_id, playlist_id, device, started_at, seconds)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 32000),
r AS (SELECT i, (i * i % 1000003 * 4447 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 32452843) % 1000003 AS b FROM n)
SELECT i, 1 + a * a / 1000003 * 397 / 1000003, 1 + b % 35990, CASE WHEN b % 8 = 0 THEN 1 + a % 1490 END,
       CASE b % 5 WHEN 0 THEN 'web' WHEN 1 THEN 'speaker' ELSE 'phone' END, datetime(1640000000 + i * 2062, 'unixepoch'), 20 + b % 3000
FROM r;

INSERT INTO downloads (id, episode_id, status, queued_at, attempts, error)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a % 35990, CASE WHEN i > 6940 THEN 'queued' WHEN i > 6936 THEN 'running' WHEN a % 40 = 0 THEN 'failed' ELSE 'done' END,
       datetime(1690000000 + i * 2300, 'unixepoch'), a % 40 = 0, CASE WHEN a % 40 = 0 AND i <= 6936 THEN 'timed out' END
FROM r;

INSERT INTO fetch_log (id, podcast_id, fetched_at, http_status, new_episodes, milliseconds)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + i * 17 % 2990, datetime(1703000000 + i * 125, 'unixepoch'),
       CASE WHEN a % 100 < 70 THEN 304 WHEN a % 100 < 97 THEN 200 WHEN a % 100 < 99 THEN 404 ELSE 503 END, a % 100 BETWEEN 70 AND 80, 40 + a % 900
FROM r;

COMMIT;
