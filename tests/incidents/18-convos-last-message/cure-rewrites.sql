-- name: slow list
SELECT m.conversationId, m.id, m.body FROM message m JOIN (SELECT conversationId AS c, MAX(dateNs) AS d FROM message WHERE contentType <> 'update' GROUP BY conversationId) l
ON l.c = m.conversationId AND l.d = m.dateNs WHERE m.contentType <> 'update';
