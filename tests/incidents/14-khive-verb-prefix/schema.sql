CREATE TABLE events(id TEXT PRIMARY KEY, namespace TEXT NOT NULL, verb TEXT NOT NULL, payload TEXT, created_at INTEGER NOT NULL);
CREATE INDEX events_created ON events(created_at);
CREATE INDEX events_namespace ON events(namespace, created_at);
