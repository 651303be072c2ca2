-- Rows of the archive: arithmetic alone, the same rows every time. Early rows are the popular ones.

PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -65536;
BEGIN;

INSERT INTO info_kind (id, name) VALUES
    (1, 'genre'), (2, 'language'), (3, 'country'), (4, 'place'), (5, 'sound'), (6, 'tuning'), (7, 'catalogue number'), (8, 'first broadcast'), (9, 'producer''s remark'), (10, 'duration'),
    (11, 'rating'), (12, 'votes'), (13, 'rank of the year'), (14, 'plays'),
    (21, 'birth note'), (22, 'death note'), (23, 'biography'), (24, 'height'), (25, 'trivia'), (26, 'first instrument'), (27, 'teacher'), (28, 'prize');
INSERT INTO role (id, name) VALUES
    (1, 'player'), (2, 'singer'), (3, 'conductor'), (4, 'composer'), (5, 'arranger'), (6, 'producer'), (7, 'engineer'), (8, 'lyricist'), (9, 'speaker'), (10, 'soloist'), (11, 'guest'), (12, 'editor');
INSERT INTO instrument (id, name, family)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 72)
SELECT i, CASE i WHEN 1 THEN 'piano' WHEN 2 THEN 'violin' WHEN 3 THEN 'guitar' WHEN 4 THEN 'flute' WHEN 5 THEN 'cello' WHEN 6 THEN 'drums' WHEN 7 THEN 'organ' WHEN 8 THEN 'trumpet' ELSE 'instrument ' || i END,
       CASE i % 6 WHEN 0 THEN 'percussion' WHEN 1 THEN 'keyboard' WHEN 2 THEN 'string' WHEN 3 THEN 'string' WHEN 4 THEN 'woodwind' ELSE 'brass' END
FROM n;
INSERT INTO ensemble_kind (id, name) VALUES (1, 'orchestra'), (2, 'choir'), (3, 'chamber group'), (4, 'broadcaster');
INSERT INTO link_kind (id, name) VALUES (1, 'remake of'), (2, 'remastered as'), (3, 'excerpt of'), (4, 'follows'), (5, 'followed by'), (6, 'quotes'), (7, 'version of'), (8, 'live version of'), (9, 'parody of'), (10, 'similar to');

INSERT INTO keyword (id, word)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
SELECT i, CASE WHEN i <= 40 THEN substr('nightriverwintersummerdanceprayerbattlelovesleepforestgardenoceanmarchbirdshorsesringmoonsunrisestormbells', 1 + i * 2, 5) || '-' || i
       WHEN i % 9 = 0 THEN 'based-on-poem-' || i WHEN i % 9 = 1 THEN 'dance-' || i WHEN i % 9 = 2 THEN 'theme-' || i || '-variation' WHEN i % 9 = 3 THEN 'film-music-' || i ELSE 'subject-' || i END
FROM n;

INSERT INTO label (id, name, country)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2400),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, CASE a % 7 WHEN 0 THEN 'Radio ' WHEN 1 THEN 'Silver ' WHEN 2 THEN 'Blue ' WHEN 3 THEN 'North ' ELSE 'Label ' END || i || CASE WHEN a % 5 = 0 THEN ' Records' WHEN a % 5 = 1 THEN ' Classics' ELSE '' END,
       CASE WHEN a % 8 > 0 THEN '[' || substr('usdegbfritjpnlsepldkatch', 1 + 2 * (a * a / 1000003 * 12 / 1000003), 2) || ']' END
FROM r;

INSERT INTO ensemble (id, name, country)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, CASE a % 6 WHEN 0 THEN 'Chamber ' WHEN 1 THEN 'City ' WHEN 2 THEN 'Festival ' WHEN 3 THEN 'Radio ' ELSE 'Youth ' END || CASE a % 4 WHEN 0 THEN 'Orchestra ' WHEN 1 THEN 'Choir ' WHEN 2 THEN 'Quartet ' ELSE 'Band ' END || i,
       CASE WHEN a % 9 > 0 THEN '[' || substr('usdegbfritjpnlsepldkatch', 1 + 2 * (a * a / 1000003 * 12 / 1000003), 2) || ']' END
FROM r;

INSERT INTO person (id, name, sex, born, country)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, substr('ABCDEFGHIJKLMNOPQRSTUVWYZ', 1 + a % 25, 1) || substr('anelorimutadesopikubyvezoxaf', 1 + 2 * (b % 14), 4) || '-' || i || ', ' || substr('BATMELSON', 1 + b % 9, 1) || '.',
       CASE WHEN a % 10 < 5 THEN 'm' WHEN a % 10 < 8 THEN 'f' END, CASE WHEN b % 7 > 0 THEN 1860 + b % 145 END, CASE WHEN b % 3 > 0 THEN substr('usdegbfritjpnlsepldkatch', 1 + 2 * (b * b / 1000003 * 12 / 1000003), 2) END
FROM r;

INSERT INTO alias (id, person_id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + (3 * (a * a / 1000003) + a) * 15000 / 1000003, substr('AEIOUBDKLMRST', 1 + a % 13, 1) || substr('anelorimutadesopikubyvezoxaf', 1 + 2 * (a % 14), 6) || ' the ' || (a % 300) FROM r;

INSERT INTO person_info (id, person_id, kind_id, value, note)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 190000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + (3 * (a * a / 1000003) + a) * 15000 / 1000003, 21 + b * b / 1000003 * 8 / 1000003, CASE b % 4 WHEN 0 THEN 'learned at home' WHEN 1 THEN 'studied in the city of ' || (a % 400) WHEN 2 THEN 'prize of the year ' || (1900 + a % 120) ELSE 'played for ' || (a % 60) || ' years' END,
       CASE WHEN a % 6 = 0 THEN 'from source ' || (b % 500) || ', page ' || (a % 90) END
FROM r;

INSERT INTO work (id, title, form, composed)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, CASE a % 6 WHEN 0 THEN 'Symphony ' WHEN 1 THEN 'Sonata ' WHEN 2 THEN 'Song of the ' WHEN 3 THEN 'Dance ' WHEN 4 THEN 'Evening ' ELSE 'Study ' END || (a % 5000),
       CASE a % 6 WHEN 0 THEN 'symphony' WHEN 1 THEN 'sonata' WHEN 2 THEN 'song' WHEN 3 THEN 'dance' ELSE 'piece' END, CASE WHEN a % 11 > 0 THEN 1700 + a * a / 1000003 * 320 / 1000003 END
FROM r;

INSERT INTO recording (id, work_id, title, medium, recorded, seconds)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + a * a / 1000003 * 30000 / 1000003, CASE b % 5 WHEN 0 THEN 'Live at ' WHEN 1 THEN 'Studio take ' WHEN 2 THEN 'Broadcast ' WHEN 3 THEN 'The Evening ' ELSE 'Session ' END || (b % 9000),
       CASE b % 5 WHEN 0 THEN 'concert' WHEN 2 THEN 'broadcast' ELSE 'studio' END, CASE WHEN b % 13 > 0 THEN 2023 - b * b / 1000003 * 95 / 1000003 END, 60 + a % 3000
FROM r;

INSERT INTO recording_info (id, recording_id, kind_id, value, note)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 280000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n),
s AS (SELECT *, 1 + b * b / 1000003 * 10 / 1000003 AS kind FROM r)
SELECT i, 1 + (3 * (a * a / 1000003) + a) * 17500 / 1000003, kind,
       CASE kind WHEN 1 THEN CASE a % 7 WHEN 0 THEN 'Jazz' WHEN 1 THEN 'Folk' WHEN 2 THEN 'Opera' WHEN 3 THEN 'Film' WHEN 4 THEN 'Sacred' ELSE 'Concert' END
                 WHEN 2 THEN CASE a % 6 WHEN 0 THEN 'German' WHEN 1 THEN 'French' WHEN 2 THEN 'Italian' ELSE 'English' END
                 WHEN 3 THEN CASE a % 9 WHEN 0 THEN 'Denmark' WHEN 1 THEN 'Germany' WHEN 2 THEN 'Sweden' WHEN 3 THEN 'Japan' WHEN 4 THEN 'Italy' ELSE 'USA' END
                 WHEN 5 THEN CASE a % 3 WHEN 0 THEN 'mono' ELSE 'stereo' END WHEN 8 THEN CASE a % 5 WHEN 0 THEN 'Japan:' WHEN 1 THEN 'Germany:' ELSE 'USA:' END || (1930 + b % 93)
                 ELSE 'entry ' || (a % 4000) || ' of the register' END,
       CASE WHEN a % 5 = 0 THEN 'by radio' WHEN a % 5 = 1 THEN 'from the text on the sleeve' END
FROM s;

INSERT INTO recording_rank (id, recording_id, kind_id, value)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 79999),
r AS (SELECT i, (i / 4 * (i / 4) % 1000003 * 7919 + i / 4 * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i + 1, 1 + a * 70000 / 1000003, 11 + i % 4, CASE i % 4 WHEN 0 THEN printf('%.1f', 1 + b % 90 / 10.0) WHEN 1 THEN printf('%06d', b * b / 1000003) WHEN 2 THEN CAST(1 + b % 100 AS TEXT) ELSE printf('%07d', b) END
FROM r;

INSERT INTO credit (id, recording_id, person_id, role_id, instrument_id, note, position)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b,
             (i * i % 1000003 * 1237 + i * 49979687) % 1000003 AS c FROM n)
SELECT i, 1 + (3 * (a * a / 1000003) + a) * 17500 / 1000003, 1 + b * b / 1000003 * b / 1000003 * 60000 / 1000003, 1 + c * c / 1000003 * 12 / 1000003,
       CASE WHEN c % 3 > 0 THEN 1 + c * c / 1000003 * 72 / 1000003 END,
       CASE c % 9 WHEN 0 THEN '(live)' WHEN 1 THEN '(uncredited)' WHEN 2 THEN '(voice)' WHEN 3 THEN '(first take)' END, CASE WHEN c % 4 > 0 THEN 1 + c % 30 END
FROM r;

INSERT INTO recording_ensemble (id, recording_id, ensemble_id, kind_id, note)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + (3 * (a * a / 1000003) + a) * 17500 / 1000003, 1 + b * b / 1000003 * 7000 / 1000003, 1 + (a + b) % 4,
       CASE b % 6 WHEN 0 THEN '(co-production)' WHEN 1 THEN '(' || (1950 + a % 70) || ') (worldwide)' WHEN 2 THEN '(' || (1950 + a % 70) || ') (USA)' END
FROM r;

INSERT INTO release (id, label_id, title, issued, format)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 22000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a * a / 1000003 * 2400 / 1000003, CASE a % 4 WHEN 0 THEN 'Collection ' WHEN 1 THEN 'Best of ' ELSE 'Volume ' END || i, CASE WHEN a % 12 > 0 THEN 1950 + a % 74 END,
       CASE a % 4 WHEN 0 THEN 'LP' WHEN 1 THEN 'CD' WHEN 2 THEN 'file' ELSE 'tape' END
FROM r;

INSERT INTO release_recording (id, release_id, recording_id, track)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 170000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + i * 11 / 85 % 22000, 1 + (3 * (a * a / 1000003) + a) * 17500 / 1000003, 1 + i % 6 FROM r;

INSERT INTO recording_keyword (id, recording_id, keyword_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 260000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + (3 * (a * a / 1000003) + a) * 17500 / 1000003, 1 + b * b / 1000003 * b / 1000003 * 9000 / 1000003 FROM r;

INSERT INTO recording_link (id, recording_id, linked_id, kind_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + (3 * (a * a / 1000003) + a) * 17500 / 1000003, 1 + (3 * (b * b / 1000003) + b) * 17500 / 1000003, 1 + (a + b) % 10 FROM r;

COMMIT;
