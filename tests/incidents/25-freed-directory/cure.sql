CREATE INDEX person_directory ON person(display_name COLLATE NOCASE, id);
ANALYZE;
