CREATE TABLE memories(id TEXT PRIMARY KEY, tier TEXT NOT NULL, namespace TEXT NOT NULL, title TEXT, content TEXT, expires_at TEXT);
CREATE INDEX memories_namespace ON memories(namespace);
