CREATE TABLE assets(id TEXT PRIMARY KEY, version TEXT NOT NULL, status TEXT NOT NULL, local_path TEXT, checksum TEXT);
