-- name: slow bookmarks
SELECT b.id, m.content, c.title FROM message_bookmarks b JOIN messages m ON m.id = b.message_id JOIN conversations c ON c.id = b.conversation_id ORDER BY b.created_at DESC;
-- name: ok conversation
-- param: ?1 = 'c7'
SELECT id, content FROM messages WHERE conversation_id = ? ORDER BY created_at LIMIT 50;
