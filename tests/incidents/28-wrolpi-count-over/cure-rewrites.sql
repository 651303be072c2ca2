-- name: slow page
SELECT id, primary_path, title, (SELECT count(*) FROM file_group WHERE size > 0) AS total FROM file_group WHERE size > 0 ORDER BY download_datetime DESC LIMIT 24;
