CREATE INDEX sessions_first_msg ON sessions(first_msg_id);
CREATE INDEX sessions_last_msg ON sessions(last_msg_id);
CREATE INDEX branches_system_msg ON branches(system_msg_id);
