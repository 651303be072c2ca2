-- name: slow bookmarks
SELECT b.id, m.content, c.title FROM message_bookmarks b CROSS JOIN messages m ON m.id = b.message_id CROSS JOIN conversations c ON c.id = b.conversation_id ORDER BY b.created_at DESC;
