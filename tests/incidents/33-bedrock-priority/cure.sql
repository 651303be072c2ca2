CREATE INDEX jobsStatePriorityNextRun ON jobs(state, priority DESC, nextRun);
