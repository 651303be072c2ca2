CREATE TABLE workflow_run(id TEXT PRIMARY KEY, status TEXT NOT NULL, scheduled_at INTEGER, wake_at INTEGER, parent_id TEXT, input TEXT, updated_at INTEGER NOT NULL);
CREATE INDEX workflow_run_status_scheduled ON workflow_run(status, scheduled_at);
CREATE INDEX workflow_run_status_wake ON workflow_run(status, wake_at);
CREATE INDEX workflow_run_parent ON workflow_run(parent_id);
