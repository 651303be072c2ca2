CREATE TABLE entries(id INTEGER, path TEXT NOT NULL, subject TEXT, type TEXT);
CREATE INDEX entries_path_id_idx ON entries(path, id);
CREATE INDEX entries_subject_idx ON entries(subject);
