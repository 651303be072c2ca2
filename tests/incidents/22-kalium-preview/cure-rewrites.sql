-- name: slow previews
SELECT l.c, t.text, l.d FROM (SELECT conversation_id AS c, id, MAX(creation_date) AS d FROM Message WHERE visibility = 'VISIBLE' GROUP BY conversation_id) l
JOIN MessageText t ON t.message_id = l.id AND t.conversation_id = l.c;
