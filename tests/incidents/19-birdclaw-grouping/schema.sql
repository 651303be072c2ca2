CREATE TABLE dm_conversations(id TEXT PRIMARY KEY, account_id TEXT NOT NULL, profile_id TEXT NOT NULL, last_at INTEGER NOT NULL, preview TEXT);
CREATE TABLE profiles(id TEXT PRIMARY KEY, handle TEXT NOT NULL);
CREATE INDEX dm_account_time ON dm_conversations(account_id, last_at DESC);
