-- name: slow deep page
-- param: ?1 = 100
-- param: ?2 = 30000
SELECT id, local_path, checksum FROM assets WHERE status = 'downloaded' ORDER BY rowid LIMIT ?1 OFFSET ?2;
