CREATE TABLE terms(id INTEGER PRIMARY KEY, term TEXT NOT NULL, length INTEGER NOT NULL, idf REAL NOT NULL);
CREATE UNIQUE INDEX terms_term_length ON terms(term, length);
CREATE TABLE terms_documents(term INTEGER NOT NULL, document INTEGER NOT NULL, attribute TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(term, document, attribute, position)) WITHOUT ROWID;
CREATE INDEX terms_documents_document ON terms_documents(document);
