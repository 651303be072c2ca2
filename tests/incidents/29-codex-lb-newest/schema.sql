CREATE TABLE usage_history(id INTEGER PRIMARY KEY, account_id TEXT NOT NULL, window TEXT NOT NULL, used_percent REAL NOT NULL, reset_at INTEGER, recorded_at INTEGER NOT NULL);
CREATE INDEX idx_usage_recorded_at ON usage_history(recorded_at);
CREATE INDEX idx_usage_account_time ON usage_history(account_id, recorded_at);
