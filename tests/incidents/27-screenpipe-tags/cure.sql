CREATE TABLE memory_tags(tag TEXT NOT NULL, memory_id INTEGER NOT NULL, PRIMARY KEY(tag, memory_id)) WITHOUT ROWID;
INSERT OR IGNORE INTO memory_tags SELECT je.value, m.id FROM memories m, json_each(m.tags) je;
CREATE TRIGGER memory_tags_i AFTER INSERT ON memories BEGIN INSERT OR IGNORE INTO memory_tags SELECT value, NEW.id FROM json_each(NEW.tags); END;
CREATE TRIGGER memory_tags_d AFTER DELETE ON memories BEGIN DELETE FROM memory_tags WHERE memory_id = OLD.id; END;
