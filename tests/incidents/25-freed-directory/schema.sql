CREATE TABLE person(id TEXT PRIMARY KEY, display_name TEXT NOT NULL, kind TEXT NOT NULL, muted INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL);
CREATE INDEX person_name ON person(display_name);
CREATE INDEX person_updated ON person(updated_at);
