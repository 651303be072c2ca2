CREATE INDEX reports_executed ON reports(executed_at);
