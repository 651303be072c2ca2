CREATE TABLE phrases(id INTEGER PRIMARY KEY, tabkeys TEXT NOT NULL, phrase TEXT NOT NULL, freq INTEGER NOT NULL);
CREATE INDEX phrases_tabkeys ON phrases(tabkeys COLLATE NOCASE, freq);
