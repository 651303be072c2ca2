CREATE TABLE c_messages(key TEXT PRIMARY KEY, value TEXT NOT NULL, row_version INTEGER NOT NULL);
CREATE INDEX c_messages_version ON c_messages(row_version);
