-- name: slow previews
SELECT m.conversation_id, t.text, MAX(m.creation_date) FROM Message m JOIN MessageText t ON t.message_id = m.id AND t.conversation_id = m.conversation_id
WHERE m.visibility = 'VISIBLE' GROUP BY m.conversation_id;
