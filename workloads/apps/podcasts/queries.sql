-- What the podcast server asks.

-- name: newest episodes of subscriptions
-- weight: 30
-- param: :user = 7
SELECT e.id, e.title, e.published_at, p.title FROM subscriptions s
JOIN podcasts p ON p.id = s.podcast_id JOIN episodes e ON e.podcast_id = s.podcast_id
WHERE s.user_id = :user AND p.deleted_at IS NULL AND e.deleted_at IS NULL AND e.published_at > '2023-12-01' ORDER BY e.published_at DESC LIMIT 50;

-- name: episodes of a podcast
-- weight: 40
-- param: :podcast = 40
SELECT id, title, published_at, seconds, downloaded FROM episodes
WHERE podcast_id = :podcast AND deleted_at IS NULL ORDER BY published_at DESC LIMIT 50;

-- name: count of episodes of a podcast
-- weight: 40
-- param: :podcast = 40
SELECT count(*) FROM episodes WHERE podcast_id = :podcast AND deleted_at IS NULL;

-- name: newest episodes
-- weight: 10
SELECT id, podcast_id, title, published_at FROM episodes WHERE deleted_at IS NULL ORDER BY published_at DESC LIMIT 50;

-- name: new episodes to download
-- weight: 20
-- param: :since = '2024-01-15'
SELECT id, podcast_id, enclosure_url FROM episodes
WHERE downloaded = 0 AND published_at > :since AND deleted_at IS NULL ORDER BY published_at LIMIT 100;

-- name: episode page
-- weight: 60
-- param: :user = 7
-- param: :episode = 20000
SELECT e.id, e.title, e.enclosure_url, e.seconds, p.title, g.position, g.finished FROM episodes e JOIN podcasts p ON p.id = e.podcast_id
LEFT JOIN progress g ON g.episode_id = e.id AND g.user_id = :user WHERE e.id = :episode;

-- name: episode by guid
-- weight: 20
-- param: :guid = '0ae3ce60-20000'
SELECT id, podcast_id FROM episodes WHERE guid = :guid;

-- name: episode by address
-- weight: 10
-- param: :url = 'https://cdn.example.net/16/3d3fc2e1/20000.mp3'
SELECT id, podcast_id, title FROM episodes WHERE enclosure_url = :url;

-- name: chapters
-- weight: 30
-- param: :episode = 24
SELECT start, title FROM chapters WHERE episode_id = :episode ORDER BY start;

-- name: browse a language
-- weight: 8
-- param: :language = 'en'
SELECT id, title, episode_count FROM podcasts WHERE language = :language AND deleted_at IS NULL ORDER BY title LIMIT 50;

-- name: browse a small language
-- weight: 3
-- param: :language = 'sv'
SELECT id, title, episode_count FROM podcasts WHERE language = :language AND deleted_at IS NULL ORDER BY title LIMIT 50;

-- name: podcasts of a category
-- weight: 8
-- param: :category = 30
SELECT p.id, p.title FROM podcast_categories c JOIN podcasts p ON p.id = c.podcast_id
WHERE c.category_id = :category AND p.deleted_at IS NULL ORDER BY p.title;

-- name: podcasts of a category in a language
-- weight: 10
-- param: :category = 30
-- param: :language = 'en'
SELECT p.id, p.title FROM podcast_categories c JOIN podcasts p ON p.id = c.podcast_id
WHERE c.category_id = :category AND p.language = :language AND p.deleted_at IS NULL ORDER BY p.episode_count DESC LIMIT 20;

-- name: filter page without filters
-- weight: 5
-- param: :podcast = NULL
-- param: :from = NULL
-- param: :downloaded = NULL
SELECT id, podcast_id, title, published_at FROM episodes
WHERE (:podcast IS NULL OR podcast_id = :podcast) AND (:from IS NULL OR published_at >= :from)
  AND (:downloaded IS NULL OR downloaded = :downloaded) AND deleted_at IS NULL ORDER BY published_at DESC LIMIT 40;

-- name: filter page of downloaded episodes
-- weight: 2
-- param: :podcast = NULL
-- param: :from = NULL
-- param: :downloaded = 1
SELECT id, podcast_id, title, published_at FROM episodes
WHERE (:podcast IS NULL OR podcast_id = :podcast) AND (:from IS NULL OR published_at >= :from)
  AND (:downloaded IS NULL OR downloaded = :downloaded) AND deleted_at IS NULL ORDER BY published_at DESC LIMIT 40;

-- name: feeds that are due
-- weight: 30
-- param: :now = '2024-01-23 09:10:00'
SELECT id, feed_url, etag FROM podcasts WHERE deleted_at IS NULL AND next_fetch_at <= :now ORDER BY next_fetch_at LIMIT 50;

-- name: podcast by feed
-- weight: 5
-- param: :url = 'https://feeds.example.org/789578/1500'
SELECT id, title FROM podcasts WHERE feed_url = :url;

-- name: subscribers of a podcast
-- weight: 10
-- param: :podcast = 40
SELECT count(*) FROM subscriptions WHERE podcast_id = :podcast;

-- name: popular in a language
-- weight: 2
-- param: :language = 'sv'
SELECT p.id, p.title, count(*) AS n FROM podcasts p JOIN subscriptions s ON s.podcast_id = p.id
WHERE p.language = :language AND p.deleted_at IS NULL GROUP BY p.id ORDER BY n DESC LIMIT 20;

-- name: continue listening
-- weight: 40
-- param: :user = 3
SELECT e.id, e.title, g.position FROM progress g JOIN episodes e ON e.id = g.episode_id
WHERE g.user_id = :user AND g.finished = 0 ORDER BY g.updated_at DESC LIMIT 10;

-- name: progress since
-- weight: 40
-- param: :user = 1
-- param: :since = '2024-01-10'
SELECT episode_id, position, finished, updated_at FROM progress WHERE user_id = :user AND updated_at > :since ORDER BY updated_at;

-- name: save progress
-- weight: 100
-- param: ?1 = 9
-- param: ?2 = 12345
-- param: ?3 = 321
-- param: ?4 = '2024-01-24 00:00:00'
INSERT INTO progress (user_id, episode_id, position, updated_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (user_id, episode_id) DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at;

-- name: history
-- weight: 15
-- param: :user = 2
SELECT s.started_at, s.seconds, s.device, e.title FROM sessions s JOIN episodes e ON e.id = s.episode_id
WHERE s.user_id = :user ORDER BY s.started_at DESC LIMIT 50;

-- name: history in a language
-- weight: 8
-- param: :user = 150
-- param: :language = 'en'
SELECT s.started_at, e.title, p.title FROM podcasts p JOIN episodes e ON e.podcast_id = p.id JOIN sessions s ON s.episode_id = e.id
WHERE p.language = :language AND s.user_id = :user ORDER BY s.started_at DESC LIMIT 50;

-- name: listening of a day
-- weight: 4
-- param: :from = '2023-12-24'
-- param: :to = '2023-12-25'
SELECT device, count(*), sum(seconds) FROM sessions WHERE started_at >= :from AND started_at < :to GROUP BY device;

-- name: start a session
-- weight: 40
-- param: ?1 = 9
-- param: ?2 = 12345
-- param: ?3 = '2024-01-24 00:00:00'
INSERT INTO sessions (user_id, episode_id, device, started_at, seconds) VALUES (?1, ?2, 'phone', ?3, 0);

-- name: playlists of a user
-- weight: 10
-- param: :user = 12
SELECT id, name, updated_at FROM playlists WHERE user_id = :user ORDER BY updated_at DESC;

-- name: items of a playlist
-- weight: 15
-- param: :playlist = 77
SELECT i.position, e.id, e.title FROM playlist_items i JOIN episodes e ON e.id = i.episode_id
WHERE i.playlist_id = :playlist AND e.deleted_at IS NULL ORDER BY i.position;

-- name: delete a playlist
-- weight: 2
-- param: ?1 = 78
DELETE FROM playlists WHERE id = ?1;

-- name: next download
-- weight: 20
UPDATE downloads SET status = 'running', attempts = attempts + 1
WHERE id = (SELECT id FROM downloads WHERE status = 'queued' ORDER BY queued_at LIMIT 1);

-- name: downloads of an episode
-- weight: 10
-- param: :episode = 777
SELECT status, queued_at, error FROM downloads WHERE episode_id = :episode ORDER BY queued_at DESC;

-- name: downloads of a podcast
-- weight: 10
-- param: :podcast = 400
SELECT e.id, e.title, d.queued_at FROM episodes e JOIN downloads d ON d.episode_id = e.id
WHERE e.podcast_id = :podcast AND d.status = 'done' ORDER BY d.queued_at DESC;

-- name: file by digest
-- weight: 10
-- param: :digest = 'bc4c16665e13fbb2'
SELECT id, path FROM files WHERE digest = :digest AND missing = 0;

-- name: delete a file
-- weight: 2
-- param: ?1 = 321
DELETE FROM files WHERE id = ?1;

-- name: fetches of a podcast
-- weight: 5
-- param: :podcast = 40
SELECT fetched_at, http_status, new_episodes FROM fetch_log WHERE podcast_id = :podcast ORDER BY fetched_at DESC LIMIT 20;

-- name: fetches that failed lately
-- weight: 3
-- param: :since = '2024-01-22'
SELECT podcast_id, fetched_at, http_status FROM fetch_log WHERE http_status >= 400 AND fetched_at > :since ORDER BY fetched_at DESC LIMIT 50;

-- name: remove old fetches
-- weight: 1
-- param: :until = '2023-12-20'
DELETE FROM fetch_log WHERE fetched_at < :until;

-- name: remove an episode
-- weight: 2
-- param: ?1 = 17001
UPDATE episodes SET deleted_at = '2024-01-24 00:00:00' WHERE id = ?1;

-- name: delete an episode for good
-- weight: 1
-- param: ?1 = 17002
DELETE FROM episodes WHERE id = ?1;

-- name: delete a podcast
-- weight: 0.2
-- param: ?1 = 3000
DELETE FROM podcasts WHERE id = ?1;
