-- name: slow search
-- param: ?1 = 't78'
SELECT m.message_id, m.text FROM messages m WHERE m.thread_id = ?1 AND m.role = 'assistant' AND m.message_id IN (SELECT assistant_message_id FROM turns WHERE assistant_message_id IS NOT NULL) ORDER BY m.created_at DESC LIMIT 50;
-- name: ok turns
SELECT turn_id, state FROM turns WHERE thread_id = 't9';
