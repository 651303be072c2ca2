-- name: slow prefix
SELECT t.id, t.term, td.document FROM terms t JOIN terms_documents td ON td.term = t.id WHERE t.term GLOB '343*';
