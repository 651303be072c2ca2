CREATE TABLE reports(id INTEGER PRIMARY KEY AUTOINCREMENT, fqdn TEXT, state TEXT, yaml_file TEXT, runtime INTEGER, executed_at INTEGER(4));
CREATE INDEX reports_fqdn ON reports(fqdn);
