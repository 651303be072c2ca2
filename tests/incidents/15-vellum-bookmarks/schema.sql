CREATE TABLE conversations(id TEXT PRIMARY KEY, title TEXT);
CREATE TABLE messages(id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, role TEXT NOT NULL, content TEXT, created_at INTEGER NOT NULL);
CREATE TABLE message_bookmarks(id TEXT PRIMARY KEY, message_id TEXT NOT NULL, conversation_id TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE UNIQUE INDEX message_bookmarks_message_id_uniq ON message_bookmarks(message_id);
CREATE INDEX messages_conversation ON messages(conversation_id, created_at);
