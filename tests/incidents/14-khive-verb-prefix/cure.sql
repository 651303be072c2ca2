CREATE INDEX idx_events_ns_verb ON events(namespace, verb COLLATE NOCASE);
