-- name: slow thread
-- param: ?1 = '$.threadId'
-- param: ?2 = 'thread-44'
-- param: ?3 = '$.createdAt'
SELECT key, value, row_version FROM c_messages WHERE json_extract(value, ?1) = ?2 ORDER BY json_extract(value, ?3) DESC;
-- name: ok since
-- param: ?1 = 7900
SELECT key FROM c_messages WHERE row_version > ?;
