CREATE TABLE sources(id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE items(id TEXT NOT NULL, source_id TEXT NOT NULL, external_id TEXT NOT NULL, body TEXT, PRIMARY KEY(id));
CREATE UNIQUE INDEX idx_items_source_external ON items(source_id, external_id);
