-- Rows of the social network: arithmetic alone, the same rows every time. Time runs from 1640000000 to 1700000000.

PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -65536;
BEGIN;

INSERT INTO places (id, name, city, country)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
SELECT i, CASE i % 5 WHEN 0 THEN 'Cafe ' WHEN 1 THEN 'Park ' WHEN 2 THEN 'Museum ' WHEN 3 THEN 'Station ' ELSE 'Hall ' END || i,
       'City ' || (i * i % 211), 'Country ' || (i * i % 211 % 17)
FROM n;

-- Few countries have most of the people.
INSERT INTO users (id, handle, display_name, city, country, bio, birthday, private, created_at, last_seen_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, printf('%s%s_%d', substr('bakalomirasotunepivo', 1 + 2 * (a % 10), 2), substr('ringwoodlakehillfarm', 1 + 4 * (b % 5), 4), i),
       substr('BakaLomiRasoTunePivoHedaJokuFymoCeliZaru', 1 + 4 * (a % 10), 4) || ' ' || substr('RingwoodLakehillFarmgateNorthseaOldhouse', 1 + 8 * (b % 5), 8) || ' ' || (a % 97),
       CASE WHEN a % 6 > 0 THEN 'City ' || (b * b / 1000003 * 211 / 1000003) END, 'Country ' || (b * b / 1000003 * 211 / 1000003 % 17),
       CASE WHEN b % 3 = 0 THEN 'Writes about ' || substr('music and bread gardens chess radios cycling winter swimming maps stars', 1 + a % 40, 30) END,
       date(a * 1200 % 1200000000, 'unixepoch'), a % 12 = 0, 1500000000 + i * 9900, 1700000000 - b * b / 1000003 * 90 / 100, CASE WHEN a % 80 = 0 THEN 1690000000 END
FROM r;

INSERT INTO sessions (id, user_id, token, device, created_at, expires_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a % 19990, printf('%08x%08x', a * 4001, i * 65537), CASE a % 4 WHEN 0 THEN 'tablet' WHEN 1 THEN 'desktop' ELSE 'phone' END,
       1690000000 + i * 410, 1690000000 + i * 410 + 5000000
FROM r;

INSERT OR IGNORE INTO follows (follower_id, followee_id, muted, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 190000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT 1 + a * a / 1000003 * 19980 / 1000003, 1 + b * b / 1000003 * b / 1000003 * 19980 / 1000003, a % 40 = 0, 1640000000 + i * 315
FROM r WHERE a * a / 1000003 * 19980 / 1000003 <> b * b / 1000003 * b / 1000003 * 19980 / 1000003;

INSERT OR IGNORE INTO blocks (user_id, blocked_id, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + a % 19990, 1 + i * 7 % 19990, 1640000000 + i * 10000 FROM r;

INSERT INTO groups (id, name, owner_id, topic, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 800)
SELECT i, 'Group ' || i, 1 + i * 37 % 19990, CASE i % 6 WHEN 0 THEN 'music' WHEN 1 THEN 'food' WHEN 2 THEN 'sports' WHEN 3 THEN 'travel' WHEN 4 THEN 'games' ELSE 'books' END, 1600000000 + i * 90000 FROM n;

INSERT OR IGNORE INTO group_members (group_id, user_id, role, joined_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 26000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT 1 + a * a / 1000003 * 795 / 1000003, 1 + b % 19990, CASE WHEN b % 50 = 0 THEN 'moderator' ELSE 'member' END, 1620000000 + i * 3000 FROM r;

INSERT INTO posts (id, user_id, group_id, place_id, shared_post_id, visibility, body, created_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b,
             (i * i % 1000003 * 1237 + i * 49979687) % 1000003 AS c FROM n)
SELECT i, 1 + a * a / 1000003 * 19990 / 1000003, CASE WHEN c % 8 = 0 THEN 1 + b * b / 1000003 * 795 / 1000003 END, CASE WHEN b % 12 = 0 THEN 1 + c % 1490 END,
       CASE WHEN b % 9 = 1 AND i > 1000 THEN i - 1 - c % 900 END, CASE WHEN a % 10 < 8 THEN 'public' WHEN a % 10 = 8 THEN 'friends' ELSE 'private' END,
       'Post about ' || substr('the first snow of the year, a walk along the river, a new recipe for rye bread, the concert of last night, a lost cat, the train that never came and a book to read', 1 + b % 80, 30 + c % 60),
       1640000000 + i * 600 + a % 600, CASE WHEN c % 37 = 0 THEN 1699000000 END
FROM r;

INSERT INTO photos (id, post_id, user_id, url, width, height, created_at)
SELECT id / 4, id, user_id, 'https://img.example/' || printf('%08x', id * 7919) || '.jpg', 800 + id % 5 * 400, 600 + id % 5 * 300, created_at FROM posts WHERE id % 4 = 0;

INSERT INTO tags (id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
SELECT i, substr('musicbreadriverchesstrain', 1 + 5 * (i % 5), 5) || i FROM n;

INSERT OR IGNORE INTO post_tags (post_id, tag_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70000),
r AS (SELECT i, (i * i % 1000003 * 5501 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT 1 + b % 99990, 1 + a * a / 1000003 * a / 1000003 * 2990 / 1000003 FROM r;

INSERT OR IGNORE INTO likes (user_id, post_id, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 240000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT 1 + b * b / 1000003 * 19980 / 1000003, 1 + a * a / 1000003 * 99980 / 1000003, 1640000000 + i * 250 FROM r;

INSERT INTO comments (id, post_id, user_id, parent_id, body, created_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, max(1, i * 5 / 4 - b % 3000), 1 + a * a / 1000003 * 19980 / 1000003, CASE WHEN a % 4 = 0 AND i > 10 THEN i - 1 - b % 9 END,
       substr('Well said; I was there too and it was cold but worth it. Where can one buy this?', 1 + a % 30, 15 + b % 40), 1640000000 + i * 750, CASE WHEN b % 60 = 0 THEN 1699000000 END
FROM r;

INSERT INTO conversations (id, title, created_at, last_message_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
SELECT i, CASE WHEN i % 9 = 0 THEN 'Round ' || i END, 1640000000 + i * 4000, 1640000000 + i * 4000 + i * i % 11000003 FROM n;

INSERT OR IGNORE INTO conversation_members (conversation_id, user_id, last_read_id, muted)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29999),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + i % 11990, 1 + a * a / 1000003 * 19980 / 1000003, a * 100 / 1000003 * 1000 + CASE WHEN a % 5 = 0 THEN 0 ELSE 9000 END, a % 25 = 0 FROM r;

INSERT INTO messages (id, conversation_id, sender_id, body, created_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + a * a / 1000003 * 11980 / 1000003, 1 + b * b / 1000003 * 19980 / 1000003,
       substr('Are you coming tomorrow? I can bring the key, the map and something to eat. See you at eight.', 1 + b % 40, 12 + a % 40), 1640000000 + i * 599, CASE WHEN b % 70 = 0 THEN 1699000000 END
FROM r;

INSERT INTO notifications (id, user_id, actor_id, kind, post_id, read, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 110000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + b * b / 1000003 * 19980 / 1000003, 1 + a % 19980, CASE a % 8 WHEN 0 THEN 'follow' WHEN 1 THEN 'mention' WHEN 2 THEN 'comment' WHEN 3 THEN 'event' ELSE 'like' END,
       CASE WHEN a % 8 NOT IN (0, 3) THEN 1 + (a * 7 + b) % 99990 END, i < 104000 OR a % 3 = 0, 1640000000 + i * 545
FROM r;

INSERT INTO events (id, host_id, group_id, place_id, title, starts_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
SELECT i, 1 + i * 31 % 19990, CASE WHEN i % 2 = 0 THEN 1 + i * 13 % 795 END, 1 + i * 17 % 1490, 'Meeting ' || i, 1640000000 + i * 16000 FROM n;

INSERT OR IGNORE INTO answers (event_id, user_id, answer)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + i / 6 % 3990, 1 + a * a / 1000003 * 19980 / 1000003, CASE a % 5 WHEN 0 THEN 'no' WHEN 1 THEN 'perhaps' ELSE 'yes' END FROM r;

INSERT INTO reports (id, post_id, reporter_id, reason, state, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a % 99990, 1 + i * 7 % 19990, CASE a % 4 WHEN 0 THEN 'spam' WHEN 1 THEN 'insult' WHEN 2 THEN 'spam' ELSE 'other' END,
       CASE WHEN i > 2950 THEN 'open' WHEN a % 5 = 0 THEN 'upheld' ELSE 'rejected' END, 1640000000 + i * 20000
FROM r;

COMMIT;
