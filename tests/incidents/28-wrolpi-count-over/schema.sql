CREATE TABLE file_group(id INTEGER PRIMARY KEY, primary_path TEXT NOT NULL UNIQUE, mimetype TEXT NOT NULL, title TEXT, size INTEGER, download_datetime TEXT, effective_datetime TEXT);
CREATE INDEX file_group_download_datetime_idx ON file_group(download_datetime);
CREATE INDEX file_group_mimetype_effective_idx ON file_group(mimetype, effective_datetime);
