CREATE TABLE memory_counts(tier TEXT PRIMARY KEY, n INTEGER NOT NULL);
INSERT INTO memory_counts SELECT tier, COUNT(*) FROM memories GROUP BY tier;
CREATE TRIGGER memory_counts_i AFTER INSERT ON memories BEGIN
  INSERT INTO memory_counts VALUES(new.tier, 1) ON CONFLICT(tier) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER memory_counts_d AFTER DELETE ON memories BEGIN UPDATE memory_counts SET n = n - 1 WHERE tier = old.tier; END;
