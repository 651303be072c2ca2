CREATE TABLE memories(id INTEGER PRIMARY KEY, content TEXT NOT NULL, tags TEXT NOT NULL DEFAULT '[]', importance REAL, created_at TEXT NOT NULL);
CREATE INDEX idx_memories_created_at ON memories(created_at DESC);
