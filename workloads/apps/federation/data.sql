-- Rows of the federated server: arithmetic alone, the same rows every time. Identifiers rise with time.

PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -65536;
BEGIN;

-- The first sixty accounts are local.
INSERT INTO accounts (id, handle, domain, display_name, uri, created_at, suspended_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n),
d AS (SELECT *, CASE WHEN i > 60 THEN 'host' || (a * a / 1000003 * 300 / 1000003) || '.example' END AS domain FROM r)
SELECT printf('01A%09X', i * 4099), 'account' || (i - CASE WHEN i % 3 = 0 AND i > 60 THEN 2000 ELSE 0 END), domain, 'Account ' || i,
       'https://' || coalesce(domain, 'social.example') || '/users/' || i, 1600000000 + i * 7000, CASE WHEN a % 70 = 0 THEN 1700000000 END
FROM d;

-- One status in thirty is local; one in five is a boost; two thirds are public.
INSERT INTO statuses (id, account_id, uri, in_reply_to_id, boost_of_id, visibility, local, content, created_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 26000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b,
             (i * i % 1000003 * 1237 + i * 49979687) % 1000003 AS c FROM n)
SELECT printf('01S%09X', i * 4099), printf('01A%09X', 4099 * CASE WHEN c % 30 = 0 THEN 1 + b * b / 1000003 * 55 / 1000003 ELSE 61 + a * a / 1000003 * 4900 / 1000003 END),
       'https://host' || (a % 300) || '.example/s/' || printf('%07x', i * 977),
       CASE WHEN b % 3 = 0 AND i > 50 THEN printf('01S%09X', 4099 * (i - 1 - c % 45)) END,
       CASE WHEN b % 5 = 1 AND i > 500 THEN printf('01S%09X', 4099 * (i - 1 - c % 450)) END,
       CASE WHEN b % 3 < 2 THEN 1 WHEN c % 2 = 0 THEN 2 WHEN c % 7 = 0 THEN 4 ELSE 3 END, c % 30 = 0,
       CASE WHEN b % 5 = 1 AND i > 500 THEN '' ELSE 'Words of a status ' || substr('about weather, trains, bread, gardens, music, radios, maps, code, books, cats and the sea', 1 + a % 20, 10 + c % 60) END,
       1650000000 + i * 2000, CASE WHEN a % 43 = 0 THEN 1702100000 END
FROM r;

-- The first account follows a third of those it knows.
INSERT OR IGNORE INTO follows (id, account_id, target_id, show_boosts)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 14000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT printf('01F%09X', i * 4099), printf('01A%09X', 4099 * CASE WHEN i % 2 = 0 THEN 1 + a * a / 1000003 * 55 / 1000003 ELSE 61 + a * 4900 / 1000003 END),
       printf('01A%09X', 4099 * CASE WHEN i % 2 = 0 THEN 61 + b * b / 1000003 * 4900 / 1000003 ELSE 1 + b * b / 1000003 * 55 / 1000003 END), b % 10 > 0
FROM r;

INSERT OR IGNORE INTO favourites (id, account_id, status_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 18000),
r AS (SELECT i, (i * i % 1000003 * 5501 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 32452843) % 1000003 AS b FROM n)
SELECT printf('01V%09X', i * 4099), printf('01A%09X', 4099 * (1 + a * a / 1000003 * a / 1000003 * 4990 / 1000003)),
       printf('01S%09X', 4099 * (1 + b % 25990)) FROM r;

INSERT OR IGNORE INTO bookmarks (account_id, status_id, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT printf('01A%09X', 4099 * (1 + i % 55)), printf('01S%09X', 4099 * (1 + a % 25990)), 1680000000 + i * 5000 FROM r;

INSERT INTO mentions (id, status_id, account_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT printf('01M%09X', i * 4099), printf('01S%09X', 4099 * (1 + i * 26 / 9)), printf('01A%09X', 4099 * (1 + a * a / 1000003 * 4990 / 1000003)) FROM r WHERE i * 26 / 9 < 25990;

INSERT INTO media (id, status_id, account_id, remote_url, kind, cached, fetched_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT printf('01D%09X', i * 4099), CASE WHEN a % 20 > 0 THEN printf('01S%09X', 4099 * (1 + i * 26 / 9)) END, printf('01A%09X', 4099 * (61 + a % 4900)),
       'https://files.example/' || printf('%08x', a * 4001) || '/' || i || '.webp', CASE WHEN a % 12 = 0 THEN 'video' ELSE 'image' END,
       i > 8200, CASE WHEN i > 8200 THEN 1650000000 + i * 5800 END
FROM r WHERE i * 26 / 9 < 25990;

INSERT INTO tags (id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
SELECT i, 'Subject' || i FROM n;

INSERT OR IGNORE INTO status_tags (status_id, tag_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 14000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT printf('01S%09X', 4099 * (1 + b % 25990)), 1 + a * a / 1000003 * 1190 / 1000003 FROM r;

-- A third of the notifications is for the first account, which reads them; the newest are unread.
INSERT INTO notifications (id, account_id, from_account_id, kind, status_id, read, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 18000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT printf('01N%09X', i * 4099), printf('01A%09X', 4099 * CASE WHEN a % 3 = 0 THEN 1 ELSE 1 + b * b / 1000003 * 55 / 1000003 END),
       printf('01A%09X', 4099 * (61 + a % 4900)), CASE a % 5 WHEN 0 THEN 'follow' WHEN 1 THEN 'mention' WHEN 2 THEN 'boost' ELSE 'favourite' END,
       CASE WHEN a % 5 > 0 THEN printf('01S%09X', 4099 * (1 + b % 25990)) END, i < 17900, 1650000000 + i * 2900
FROM r;

INSERT INTO deliveries (id, account_id, host, status, next_try_at, attempts, payload)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, printf('01A%09X', 4099 * (1 + a % 55)), 'host' || (a * a / 1000003 * 300 / 1000003) || '.example',
       CASE WHEN i > 5850 THEN 'waiting' WHEN a % 25 = 0 THEN 'failed' ELSE 'sent' END, 1690000000 + i * 1300, 1 + a % 25 / 20 * 7,
       '{"type":"Create","object":"https://social.example/s/' || printf('%07x', a) || '"}'
FROM r;

COMMIT;
