-- name: slow paths
WITH RECURSIVE paths(path) AS (
  SELECT MIN(path) FROM entries
  UNION ALL SELECT (SELECT MIN(path) FROM entries WHERE path > paths.path) FROM paths WHERE path IS NOT NULL)
SELECT path, (SELECT MAX(id) FROM entries WHERE entries.path = paths.path) FROM paths WHERE path IS NOT NULL;
