-- name: slow search
SELECT m.message_id, m.text FROM messages m WHERE m.thread_id = ?1 AND m.role = 'assistant' AND EXISTS (SELECT 1 FROM turns t WHERE t.assistant_message_id = m.message_id) ORDER BY m.created_at DESC LIMIT 50;
