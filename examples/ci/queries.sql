-- name: orders of a customer
SELECT placed, total FROM orders WHERE customer = ? ORDER BY placed DESC;

-- name: all countries
SELECT * FROM countries;

SELECT name FROM customers WHERE email = ?;

-- name: report
-- allow: scan at night only
SELECT sum(total) FROM orders WHERE note LIKE '%late%';
