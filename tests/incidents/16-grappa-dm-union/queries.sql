-- name: slow scrollback
-- param: ?1 = 1
-- param: ?2 = 'peer0'
-- param: ?3 = 500
SELECT id, sender, body FROM messages WHERE network_id = ?1 AND (channel = ?2 OR dm_with = ?2) AND id > ?3 ORDER BY id LIMIT 50;
