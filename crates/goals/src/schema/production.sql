CREATE TABLE goals (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT DEFAULT '',
    deadline TIMESTAMP,
    completed BOOLEAN DEFAULT 0,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    parent_id TEXT,
    root_id TEXT,
    duration_minutes INTEGER,
    session_data TEXT,
    targets TEXT,
    updated_at TIMESTAMP,
    session_start TIMESTAMP,
    session_end TIMESTAMP,
    total_duration_seconds INTEGER,
    template_id VARCHAR,
    attributes TEXT,
    FOREIGN KEY (parent_id) REFERENCES goals (id) ON DELETE CASCADE
);
CREATE TABLE activity_definitions (
    id TEXT PRIMARY KEY,
    root_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT DEFAULT '',
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    has_sets BOOLEAN DEFAULT 0,
    has_metrics BOOLEAN DEFAULT 1,
    metrics_multiplicative BOOLEAN DEFAULT 0,
    FOREIGN KEY (root_id) REFERENCES goals (id)
);
CREATE TABLE activity_groups (
    id VARCHAR NOT NULL,
    root_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    description VARCHAR,
    created_at DATETIME,
    sort_order INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY (root_id) REFERENCES goals (id)
);
CREATE TABLE metric_definitions (
    id TEXT PRIMARY KEY,
    activity_id TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    deleted_at TIMESTAMP,
    is_active BOOLEAN DEFAULT 1,
    is_top_set_metric BOOLEAN DEFAULT 0,
    is_multiplicative BOOLEAN DEFAULT 1,
    FOREIGN KEY (activity_id) REFERENCES activity_definitions (id)
);
CREATE TABLE split_definitions (
    id VARCHAR NOT NULL,
    activity_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    "order" INTEGER NOT NULL,
    created_at DATETIME,
    PRIMARY KEY (id),
    FOREIGN KEY (activity_id) REFERENCES activity_definitions (id)
);
CREATE TABLE activity_instances (
    id TEXT PRIMARY KEY,
    practice_session_id TEXT NOT NULL,
    activity_definition_id TEXT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    time_start TIMESTAMP,
    time_stop TIMESTAMP,
    duration_seconds INTEGER,
    FOREIGN KEY (practice_session_id) REFERENCES goals (id) ON DELETE CASCADE,
    FOREIGN KEY (activity_definition_id) REFERENCES activity_definitions (id)
);
CREATE TABLE metric_values (
    id TEXT PRIMARY KEY,
    activity_instance_id TEXT NOT NULL,
    metric_definition_id TEXT NOT NULL,
    value FLOAT NOT NULL,
    FOREIGN KEY (activity_instance_id) REFERENCES activity_instances (id) ON DELETE CASCADE,
    FOREIGN KEY (metric_definition_id) REFERENCES metric_definitions (id) ON DELETE RESTRICT
);
CREATE TABLE practice_session_goals (
    practice_session_id VARCHAR NOT NULL,
    short_term_goal_id VARCHAR NOT NULL,
    PRIMARY KEY (practice_session_id, short_term_goal_id),
    FOREIGN KEY (practice_session_id) REFERENCES goals (id) ON DELETE CASCADE,
    FOREIGN KEY (short_term_goal_id) REFERENCES goals (id) ON DELETE CASCADE
);
CREATE TABLE session_templates (
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    description VARCHAR,
    root_id VARCHAR NOT NULL,
    created_at DATETIME,
    template_data VARCHAR NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (root_id) REFERENCES goals (id)
);
CREATE TABLE programs (
    id VARCHAR PRIMARY KEY,
    root_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    description VARCHAR DEFAULT '',
    start_date TIMESTAMP NOT NULL,
    end_date TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    is_active BOOLEAN DEFAULT 1,
    goal_ids TEXT NOT NULL,
    weekly_schedule TEXT NOT NULL,
    FOREIGN KEY (root_id) REFERENCES goals (id)
);
CREATE TABLE program_blocks (
    id VARCHAR NOT NULL,
    program_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    start_date DATE,
    end_date DATE,
    color VARCHAR,
    goal_ids TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (program_id) REFERENCES programs (id)
);
CREATE TABLE program_days (
    id VARCHAR NOT NULL,
    block_id VARCHAR NOT NULL,
    date DATE,
    day_number INTEGER,
    name VARCHAR,
    notes TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (block_id) REFERENCES program_blocks (id)
);
CREATE TABLE scheduled_sessions (
    id VARCHAR NOT NULL,
    day_id VARCHAR NOT NULL,
    session_template_id VARCHAR,
    is_completed BOOLEAN,
    completion_data TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (day_id) REFERENCES program_days (id),
    FOREIGN KEY (session_template_id) REFERENCES session_templates (id)
);
CREATE INDEX idx_programs_root ON programs (root_id);
CREATE INDEX idx_programs_active ON programs (is_active);
