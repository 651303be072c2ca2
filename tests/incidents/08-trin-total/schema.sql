CREATE TABLE content_metadata(content_id BLOB PRIMARY KEY, content_key TEXT NOT NULL, distance INTEGER NOT NULL, content_size INTEGER NOT NULL);
CREATE INDEX content_distance ON content_metadata(distance);
