CREATE TABLE packets(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, node TEXT NOT NULL, raw TEXT);
CREATE INDEX packets_node ON packets(node);
