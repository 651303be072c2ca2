-- Rows of the photo library: arithmetic alone, the same rows every time.

PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -65536;
BEGIN;

INSERT INTO users (id, email, created_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 42)
SELECT i, 'user' || i || '@example.org', 1500000000 + i * 86400, CASE WHEN i % 13 = 0 THEN 1690000000 END FROM n;

INSERT INTO libraries (id, owner_id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
SELECT i, 1 + (i - 1) % 40, CASE WHEN i <= 40 THEN 'Uploads' ELSE 'External' END FROM n;

INSERT INTO folders (id, library_id, parent_id, path)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
SELECT i, 1 + (i - 1) % 60, CASE WHEN i > 60 THEN 1 + (i - 1) % 60 + 60 * ((i - 1) / 60 / 7) END,
       '/photos/' || (2005 + i % 19) || '/' || printf('%04d', i)
FROM n;

INSERT INTO stacks (id, owner_id, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
SELECT i, 1 + i % 40, 1600000000 + i * 1000 FROM n;

-- A quarter of the photos is of the first account.
INSERT INTO assets (id, library_id, owner_id, folder_id, stack_id, live_photo_of, checksum, original_name, kind, mime_type,
                    width, height, bytes, taken_at, created_at, updated_at, deleted_at, is_favorite, visibility)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 32000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b,
             (i * i % 1000003 * 1237 + i * 49979687) % 1000003 AS c, (i * i % 1000003 * 6007 + i * 32452843) % 1000003 AS d
      FROM n),
o AS (SELECT *, 1 + CASE WHEN d < 250000 THEN 0 ELSE a * a / 1000003 * 40 / 1000003 END AS owner FROM r)
SELECT i, owner + CASE WHEN owner <= 20 AND b % 9 = 0 THEN 40 ELSE 0 END, owner,
       CASE WHEN c % 5 > 0 THEN (owner - 1) + 60 * (b * 50 / 1000003) + 1 END,
       CASE WHEN c % 19 = 0 THEN 1 + b % 900 END,
       CASE WHEN b % 23 = 0 AND i > 100 THEN i - 1 - c % 90 END,
       printf('%08x%08x%08x', a * 4001 + i, b * 4001 + i, c * 4001 + i),
       CASE b % 4 WHEN 0 THEN 'DSC' ELSE 'IMG_' END || printf('%05d', a % 20000) || CASE WHEN d % 11 = 0 THEN '.MOV' ELSE '.JPG' END,
       CASE WHEN d % 11 = 0 THEN 'video' ELSE 'image' END,
       CASE WHEN d % 11 = 0 THEN 'video/quicktime' WHEN b % 17 = 0 THEN 'image/png' WHEN b % 5 = 0 THEN 'image/heic' ELSE 'image/jpeg' END,
       1000 + a % 5 * 800, 800 + a % 5 * 600, 200000 + c * 7,
       1300000000 + a * 400 + d % 1000, 1400000000 + i * 9000, 1400000000 + i * 9000 + CASE WHEN b % 7 = 0 THEN c ELSE 0 END,
       CASE WHEN c % 41 = 0 THEN 1699000000 + b END,
       a % 97 = 0,
       CASE WHEN b % 25 = 0 THEN 'shared' WHEN b % 50 = 1 THEN 'locked' ELSE 'private' END
FROM o;

INSERT INTO exif (asset_id, make, model, lens, iso, latitude, longitude, city, country)
WITH r AS (SELECT id AS i, (id * id % 1000003 * 2221 + id * 86028121) % 1000003 AS a,
                  (id * id % 1000003 * 9973 + id * 67867967) % 1000003 AS b FROM assets)
SELECT i, CASE WHEN a % 10 < 6 THEN 'Apple' WHEN a % 10 < 8 THEN 'Canon' ELSE 'FUJIFILM' END,
       CASE WHEN a % 10 < 6 THEN 'Phone ' || (4 + b * b / 1000003 * 12 / 1000003)
            WHEN a % 10 < 8 THEN 'EOS ' || (10 * (1 + b * b / 1000003 * 40 / 1000003))
            ELSE 'X' || (100 + b * b / 1000003 * 90 / 1000003) END,
       CASE b % 3 WHEN 0 THEN '18-55mm' WHEN 1 THEN '35mm' END,
       100 * (1 + b % 16), a / 1000003.0 * 60, b / 1000003.0 * 40,
       CASE WHEN a % 4 < 3 THEN 'city ' || (b * b / 1000003 * 400 / 1000003) END,
       CASE WHEN a % 4 < 3 THEN 'country ' || (b * b / 1000003 * 400 / 1000003 / 20) END
FROM r;

INSERT INTO albums (id, owner_id, title, cover_asset_id, created_at, updated_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1600),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a * a / 1000003 * 40 / 1000003, 'Album ' || i, CASE WHEN a % 3 > 0 THEN 1 + a % 32000 END,
       1500000000 + i * 100000, 1600000000 + a * 90, CASE WHEN a % 29 = 0 THEN 1690000000 END
FROM r;

INSERT OR IGNORE INTO album_assets (album_id, asset_id, added_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000),
r AS (SELECT i, (i * i % 1000003 * 4447 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT 1 + a * a / 1000003 * 1600 / 1000003, 1 + b % 32000, 1600000000 + i * 4000 FROM r;

INSERT INTO tags (id, owner_id, name, uses)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 800)
SELECT i, 1 + i % 40, 'tag ' || (i / 40), i % 50 FROM n;

INSERT OR IGNORE INTO asset_tags (asset_id, tag_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000),
r AS (SELECT i, (i * i % 1000003 * 5501 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 49979687) % 1000003 AS b FROM n)
SELECT 1 + b % 32000, 1 + a * a / 1000003 * 800 / 1000003 FROM r;

INSERT INTO people (id, owner_id, name, hidden, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
SELECT i, 1 + i % 40, CASE WHEN i % 3 = 0 THEN 'person ' || i ELSE '' END, i % 11 = 0, 1650000000 + i FROM n;

INSERT INTO faces (id, asset_id, person_id, box, score)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 18000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 32452843) % 1000003 AS a, (i * i % 1000003 * 8017 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + b % 32000, CASE WHEN a % 4 > 0 THEN 1 + a * a / 1000003 * 1500 / 1000003 END,
       printf('%d,%d,%d,%d', a % 900, b % 900, 40 + a % 60, 40 + b % 60), (a % 1000) / 1000.0
FROM r;

-- Most jobs are done; a recent upload has left a backlog for one kind.
INSERT INTO jobs (id, kind, asset_id, status, priority, run_at, attempts, error, finished_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 2027 + i * 15485863) % 1000003 AS b FROM n),
s AS (SELECT *, CASE WHEN i > 24500 AND a % 20 > 0 THEN 'pending' WHEN a % 97 = 0 THEN 'failed' WHEN i > 29990 THEN 'running' ELSE 'done' END AS status FROM r)
SELECT i, CASE WHEN status = 'pending' AND b % 12 > 0 THEN 'faces' WHEN b % 3 = 0 THEN 'thumbnail' WHEN b % 3 = 1 THEN 'metadata' ELSE 'faces' END,
       1 + a % 32000, status, b % 4, 1690000000 + i * 300, CASE status WHEN 'pending' THEN 0 WHEN 'failed' THEN 3 ELSE 1 END,
       CASE status WHEN 'failed' THEN 'decoder stopped at byte ' || b END,
       CASE WHEN status IN ('done', 'failed') THEN 1690000000 + i * 300 + b % 5000 END
FROM s;

INSERT INTO activity (id, album_id, asset_id, user_id, kind, body, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 2027 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + a * a / 1000003 * 1600 / 1000003, CASE WHEN b % 3 > 0 THEN 1 + b % 32000 END, 1 + b % 37,
       CASE WHEN b % 2 = 0 THEN 'like' ELSE 'comment' END, CASE WHEN b % 2 = 1 THEN 'a comment of ' || (a % 50) || ' words' END, 1650000000 + i * 5000
FROM r;

INSERT INTO sync_audit (id, entity, entity_id, owner_id, happened_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, CASE WHEN a % 5 = 0 THEN 'album' ELSE 'asset' END, 50000 + i, 1 + a * a / 1000003 * 40 / 1000003, 1660000000 + i * 6000
FROM r;

COMMIT;
