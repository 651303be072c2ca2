DROP INDEX workflow_run_status_scheduled; DROP INDEX workflow_run_status_wake; DROP INDEX workflow_run_parent;
CREATE INDEX run_scheduled ON workflow_run(scheduled_at) WHERE status = 'scheduled';
CREATE INDEX run_sleeping ON workflow_run(wake_at) WHERE status = 'sleeping';
CREATE INDEX run_parent ON workflow_run(parent_id) WHERE parent_id IS NOT NULL;
