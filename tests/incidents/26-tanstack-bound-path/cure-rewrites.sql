-- name: slow thread
SELECT key, value, row_version FROM c_messages WHERE json_extract(value, '$.threadId') = ?2 ORDER BY json_extract(value, '$.createdAt') DESC;
