CREATE TABLE jobs(jobID INTEGER PRIMARY KEY, state TEXT NOT NULL, name TEXT NOT NULL, nextRun TEXT NOT NULL, priority INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX jobsName ON jobs(name);
CREATE INDEX jobsStateNextRunName ON jobs(state, nextRun, name);
