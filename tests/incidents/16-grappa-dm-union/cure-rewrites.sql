-- name: slow scrollback
SELECT id, sender, body FROM messages WHERE network_id = ?1 AND channel = ?2 AND id > ?3
UNION SELECT id, sender, body FROM messages WHERE network_id = ?1 AND dm_with = ?2 AND id > ?3 ORDER BY id LIMIT 50;
