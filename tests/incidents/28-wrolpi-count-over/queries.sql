-- name: slow page
SELECT id, primary_path, title, COUNT(*) OVER() AS total FROM file_group WHERE size > 0 ORDER BY download_datetime DESC LIMIT 24;
-- name: ok videos
SELECT id, title FROM file_group WHERE mimetype = 'video/mp4' ORDER BY effective_datetime DESC LIMIT 24;
