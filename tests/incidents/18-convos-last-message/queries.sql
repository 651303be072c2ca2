-- name: slow list
SELECT m.conversationId, m.id, m.body FROM message m WHERE m.contentType <> 'update'
AND m.dateNs = (SELECT MAX(m2.dateNs) FROM message m2 WHERE m2.conversationId = m.conversationId AND m2.contentType <> 'update');
