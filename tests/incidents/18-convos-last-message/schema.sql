CREATE TABLE conversation(id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE message(id TEXT PRIMARY KEY, conversationId TEXT NOT NULL, contentType TEXT NOT NULL, dateNs INTEGER NOT NULL, body TEXT);
CREATE INDEX message_conversation_date ON message(conversationId, dateNs);
