-- A small shop. A migration tool or `sqlite3 app.db .schema` writes such a file.
CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT);
CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INT, placed TEXT, total REAL, note TEXT);
CREATE INDEX orders_customer ON orders(customer, placed, total);
CREATE TABLE countries(code TEXT PRIMARY KEY, name TEXT);

-- How many rows production has: the sqlite_stat1 of its database.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('orders', 'orders_customer', '52000 26 1 1');
INSERT INTO sqlite_stat1 VALUES('customers', 'sqlite_autoindex_customers_1', '2000 1');
INSERT INTO sqlite_stat1 VALUES('countries', 'sqlite_autoindex_countries_1', '190 1');
