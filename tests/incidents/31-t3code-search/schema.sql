CREATE TABLE messages(message_id TEXT PRIMARY KEY, thread_id TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE turns(row_id INTEGER PRIMARY KEY, thread_id TEXT NOT NULL, turn_id TEXT, assistant_message_id TEXT, state TEXT NOT NULL);
CREATE INDEX messages_thread ON messages(thread_id, created_at);
CREATE INDEX turns_thread ON turns(thread_id, turn_id);
