-- name: slow prefix
-- param: ?1 = '343%'
SELECT t.id, t.term, td.document FROM terms t JOIN terms_documents td ON td.term = t.id WHERE t.term LIKE ?;
-- name: ok term
-- param: ?1 = '3432'
SELECT id, idf FROM terms WHERE term = ?;
-- name: ok document
-- param: ?1 = 811
SELECT count(*) FROM terms_documents WHERE document = ?;
