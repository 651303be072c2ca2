CREATE TABLE ids_alerts(id INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, signature TEXT NOT NULL, src_ip TEXT NOT NULL, payload TEXT);
CREATE INDEX ids_alerts_src ON ids_alerts(src_ip);
