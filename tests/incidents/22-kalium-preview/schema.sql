CREATE TABLE Message(id TEXT NOT NULL, conversation_id TEXT NOT NULL, creation_date INTEGER NOT NULL, visibility TEXT NOT NULL, PRIMARY KEY(id, conversation_id));
CREATE TABLE MessageText(message_id TEXT NOT NULL, conversation_id TEXT NOT NULL, text TEXT, PRIMARY KEY(message_id, conversation_id));
