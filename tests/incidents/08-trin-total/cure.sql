CREATE TABLE content_total(one INTEGER PRIMARY KEY, size REAL NOT NULL);
INSERT INTO content_total SELECT 1, TOTAL(content_size) FROM content_metadata;
CREATE TRIGGER content_total_i AFTER INSERT ON content_metadata BEGIN UPDATE content_total SET size = size + new.content_size; END;
CREATE TRIGGER content_total_d AFTER DELETE ON content_metadata BEGIN UPDATE content_total SET size = size - old.content_size; END;
CREATE TRIGGER content_total_u AFTER UPDATE OF content_size ON content_metadata BEGIN UPDATE content_total SET size = size + new.content_size - old.content_size; END;
