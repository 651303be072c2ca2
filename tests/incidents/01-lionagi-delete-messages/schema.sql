CREATE TABLE messages(id TEXT PRIMARY KEY, role TEXT NOT NULL, content TEXT, created_at INTEGER NOT NULL);
CREATE TABLE sessions(id TEXT PRIMARY KEY, name TEXT, first_msg_id TEXT REFERENCES messages(id), last_msg_id TEXT REFERENCES messages(id));
CREATE TABLE branches(id TEXT PRIMARY KEY, session_id TEXT REFERENCES sessions(id), system_msg_id TEXT REFERENCES messages(id));
CREATE INDEX branches_session ON branches(session_id);
