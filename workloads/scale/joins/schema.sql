-- An archive of recorded music: works, recordings, who took part, releases, keywords. Twenty-one tables, primary keys only.

BEGIN;

CREATE TABLE info_kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE role (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE instrument (id INTEGER PRIMARY KEY, name TEXT NOT NULL, family TEXT NOT NULL);
CREATE TABLE ensemble_kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE link_kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE keyword (id INTEGER PRIMARY KEY, word TEXT NOT NULL);
CREATE TABLE label (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);
CREATE TABLE ensemble (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, sex TEXT, born INTEGER, country TEXT);
CREATE TABLE alias (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, name TEXT NOT NULL);
CREATE TABLE person_info (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, kind_id INTEGER NOT NULL, value TEXT NOT NULL, note TEXT);
CREATE TABLE work (id INTEGER PRIMARY KEY, title TEXT NOT NULL, form TEXT NOT NULL, composed INTEGER);
CREATE TABLE recording (id INTEGER PRIMARY KEY, work_id INTEGER NOT NULL, title TEXT NOT NULL, medium TEXT NOT NULL, recorded INTEGER, seconds INTEGER);
CREATE TABLE recording_info (id INTEGER PRIMARY KEY, recording_id INTEGER NOT NULL, kind_id INTEGER NOT NULL, value TEXT NOT NULL, note TEXT);
CREATE TABLE recording_rank (id INTEGER PRIMARY KEY, recording_id INTEGER NOT NULL, kind_id INTEGER NOT NULL, value TEXT NOT NULL);
CREATE TABLE credit (
    id INTEGER PRIMARY KEY, recording_id INTEGER NOT NULL, person_id INTEGER NOT NULL, role_id INTEGER NOT NULL, instrument_id INTEGER, note TEXT, position INTEGER
);
CREATE TABLE recording_ensemble (id INTEGER PRIMARY KEY, recording_id INTEGER NOT NULL, ensemble_id INTEGER NOT NULL, kind_id INTEGER NOT NULL, note TEXT);
CREATE TABLE release (id INTEGER PRIMARY KEY, label_id INTEGER NOT NULL, title TEXT NOT NULL, issued INTEGER, format TEXT NOT NULL);
CREATE TABLE release_recording (id INTEGER PRIMARY KEY, release_id INTEGER NOT NULL, recording_id INTEGER NOT NULL, track INTEGER NOT NULL);
CREATE TABLE recording_keyword (id INTEGER PRIMARY KEY, recording_id INTEGER NOT NULL, keyword_id INTEGER NOT NULL);
CREATE TABLE recording_link (id INTEGER PRIMARY KEY, recording_id INTEGER NOT NULL, linked_id INTEGER NOT NULL, kind_id INTEGER NOT NULL);

COMMIT;
