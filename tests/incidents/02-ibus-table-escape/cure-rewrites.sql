-- name: slow lookup
SELECT phrase, freq FROM phrases WHERE tabkeys LIKE :keys ORDER BY freq DESC LIMIT 10;
