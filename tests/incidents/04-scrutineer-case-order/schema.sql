CREATE TABLE scans(id INTEGER PRIMARY KEY, repository_id INTEGER NOT NULL, status TEXT NOT NULL, report TEXT, created_at INTEGER NOT NULL);
CREATE INDEX scans_repository ON scans(repository_id);
