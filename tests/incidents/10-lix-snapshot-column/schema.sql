CREATE TABLE change(id TEXT PRIMARY KEY, entity_id TEXT NOT NULL, snapshot TEXT, type TEXT NOT NULL, created_at INTEGER NOT NULL);
