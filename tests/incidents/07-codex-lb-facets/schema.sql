CREATE TABLE request_logs(id INTEGER PRIMARY KEY, requested_at TEXT NOT NULL, model TEXT, status TEXT NOT NULL, tokens INTEGER);
CREATE INDEX idx_logs_model ON request_logs(model);
CREATE INDEX idx_logs_requested ON request_logs(requested_at);
