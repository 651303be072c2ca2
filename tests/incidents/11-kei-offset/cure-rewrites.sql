-- name: slow deep page
SELECT id, local_path, checksum FROM assets WHERE status = 'downloaded' AND rowid > 33750 ORDER BY rowid LIMIT ?1;
