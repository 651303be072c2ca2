CREATE INDEX c_messages_thread ON c_messages(json_extract(value, '$.threadId'));
