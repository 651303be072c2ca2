-- An uptime monitor with its own job queue.

BEGIN;

CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, active INTEGER NOT NULL DEFAULT 1);

CREATE TABLE monitors (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'http',
    interval INTEGER NOT NULL DEFAULT 60,
    active INTEGER NOT NULL DEFAULT 1,
    push_token TEXT UNIQUE,
    last_status INTEGER,
    deleted_at INTEGER
);

CREATE TABLE heartbeats (
    id INTEGER PRIMARY KEY,
    monitor_id INTEGER NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    important INTEGER NOT NULL DEFAULT 0,
    http_code INTEGER,
    ping INTEGER,
    message TEXT
);

CREATE TABLE stat_hourly (
    monitor_id INTEGER NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    hour INTEGER NOT NULL,
    up INTEGER NOT NULL DEFAULT 0,
    down INTEGER NOT NULL DEFAULT 0,
    ping REAL,
    PRIMARY KEY (monitor_id, hour)
);

CREATE TABLE status_pages (id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, title TEXT NOT NULL);

CREATE TABLE page_monitors (
    page_id INTEGER NOT NULL REFERENCES status_pages (id) ON DELETE CASCADE,
    monitor_id INTEGER NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (page_id, monitor_id)
) WITHOUT ROWID;

CREATE TABLE incidents (
    id INTEGER PRIMARY KEY,
    monitor_id INTEGER REFERENCES monitors (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    resolved_at INTEGER
);

CREATE TABLE channels (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, kind TEXT NOT NULL, config TEXT NOT NULL);

CREATE TABLE monitor_channels (
    monitor_id INTEGER NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    PRIMARY KEY (monitor_id, channel_id)
) WITHOUT ROWID;

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    monitor_id INTEGER NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    heartbeat_id INTEGER REFERENCES heartbeats (id) ON DELETE SET NULL,
    channel_id INTEGER REFERENCES channels (id) ON DELETE SET NULL,
    sent_at INTEGER NOT NULL,
    ok INTEGER NOT NULL
);

CREATE TABLE certificates (
    id INTEGER PRIMARY KEY,
    monitor_id INTEGER NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    checked_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    issuer TEXT NOT NULL
);

CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE monitor_tags (
    monitor_id INTEGER NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (monitor_id, tag_id)
) WITHOUT ROWID;

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    monitor_id INTEGER REFERENCES monitors (id) ON DELETE CASCADE,
    unique_key TEXT,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    locked_by TEXT,
    finished_at INTEGER
);

CREATE TABLE job_events (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    message TEXT NOT NULL
);

CREATE INDEX monitors_user_id ON monitors (user_id, name);
CREATE INDEX monitors_push_token ON monitors (push_token);
CREATE INDEX heartbeats_monitor_id ON heartbeats (monitor_id);
CREATE INDEX heartbeats_monitor_id_at ON heartbeats (monitor_id, at);
CREATE INDEX heartbeats_monitor_id_important_at ON heartbeats (monitor_id, important, at);
CREATE INDEX heartbeats_at ON heartbeats (at);
CREATE INDEX heartbeats_at_desc ON heartbeats (at DESC);
CREATE INDEX heartbeats_http_code ON heartbeats (http_code);
CREATE INDEX stat_hourly_monitor_id_hour ON stat_hourly (monitor_id, hour);
CREATE INDEX stat_hourly_hour ON stat_hourly (hour);
CREATE INDEX page_monitors_monitor_id ON page_monitors (monitor_id);
CREATE INDEX incidents_monitor_id_started_at ON incidents (monitor_id, started_at);
CREATE INDEX incidents_open ON incidents (started_at) WHERE resolved_at IS NULL;
CREATE INDEX monitor_channels_channel_id ON monitor_channels (channel_id);
CREATE INDEX alerts_monitor_id_sent_at ON alerts (monitor_id, sent_at);
CREATE INDEX alerts_channel_id ON alerts (channel_id);
CREATE INDEX certificates_monitor_id_checked_at ON certificates (monitor_id, checked_at);
CREATE INDEX certificates_expires_at ON certificates (expires_at);
CREATE INDEX monitor_tags_tag_id ON monitor_tags (tag_id);
CREATE INDEX jobs_queue ON jobs (queue);
CREATE INDEX jobs_queue_state_run_at ON jobs (queue, state, run_at);
CREATE INDEX jobs_state_finished_at ON jobs (state, finished_at);
CREATE INDEX jobs_locked_by ON jobs (locked_by) WHERE locked_by IS NOT NULL;
CREATE UNIQUE INDEX jobs_unique_key ON jobs (unique_key) WHERE state = 'waiting';
CREATE INDEX job_events_job_id ON job_events (job_id);

CREATE TRIGGER heartbeats_last AFTER INSERT ON heartbeats WHEN new.important = 1 BEGIN
    UPDATE monitors SET last_status = new.status WHERE id = new.monitor_id;
END;

CREATE TRIGGER incidents_resolved AFTER UPDATE OF last_status ON monitors WHEN new.last_status = 1 AND old.last_status = 0 BEGIN
    UPDATE incidents SET resolved_at = (SELECT max(at) FROM heartbeats WHERE monitor_id = new.id)
    WHERE monitor_id = new.id AND resolved_at IS NULL;
END;

COMMIT;
