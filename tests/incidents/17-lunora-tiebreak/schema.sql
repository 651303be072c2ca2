CREATE TABLE doc(id TEXT PRIMARY KEY, list TEXT NOT NULL, created INTEGER NOT NULL, body TEXT);
CREATE INDEX doc_list_created ON doc(list, created, id);
