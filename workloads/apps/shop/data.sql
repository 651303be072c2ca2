-- Rows of the shop: arithmetic alone, the same rows every time.

PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -65536;
BEGIN;

INSERT INTO customers (id, email, country, created_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 'Buyer' || i || '@mail' || (a % 40) || '.example', substr('DEATCHFRNLBEPLCZDKSE', 1 + 2 * (a * a / 1000003 * 10 / 1000003), 2),
       datetime(1600000000 + i * 20000, 'unixepoch'), CASE WHEN a % 60 = 0 THEN '2024-01-01 00:00:00' END
FROM r;

INSERT INTO addresses (id, customer_id, city, postcode)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7500)
SELECT i, 1 + i * 7 % 5990, 'City ' || (i * 31 % 700), printf('%05d', i * 7919 % 99999) FROM n;

INSERT INTO categories (id, parent_id, slug)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 220)
SELECT i, CASE WHEN i > 20 THEN 1 + i % 20 END, 'category-' || i FROM n;

INSERT INTO products (id, sku, title, brand, category_id, price, active, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, printf('P-%06d', i * 17), 'Article ' || i || ' of series ' || (b % 400), 'Brand ' || (b * b / 1000003 * 300 / 1000003),
       1 + a * a / 1000003 * 218 / 1000003, 100 + b % 20000, a % 5 > 0, CASE WHEN b % 40 = 0 THEN '2023-12-01 00:00:00' END
FROM r;

INSERT INTO variants (id, product_id, sku, price)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 14000)
SELECT i, 1 + i * 3 / 7 % 5990, printf('V-%06d-%s', i * 11, substr('xsSmLgXl', 1 + 2 * (i % 4), 2)), 100 + i * 7919 % 20000 FROM n;

INSERT INTO warehouses (id, code) VALUES (1, 'NORTH'), (2, 'SOUTH'), (3, 'WEST');

INSERT INTO stock (warehouse_id, variant_id, quantity, updated_at)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 27899),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + i / 13950, 1 + i % 13950, CASE WHEN a % 50 = 0 THEN a % 3 ELSE 3 + a % 200 END, datetime(1700000000 + i, 'unixepoch') FROM r;

INSERT INTO coupons (id, code, percent)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
SELECT i, 'SAVE' || printf('%04d', i * 37), 5 + i % 4 * 5 FROM n;

-- The newest orders are open; nearly all others are completed.
INSERT INTO orders (id, number, invoice, customer_id, coupon_id, state, total, placed_at, deleted_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 17000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, printf('O-%07d', i * 13), CASE WHEN i < 16800 THEN printf('%04d/%06d', 2021 + i / 6000, i) END, 1 + a * a / 1000003 * 5980 / 1000003,
       CASE WHEN b % 8 = 0 THEN 1 + a % 247 END, CASE WHEN i > 16830 THEN 'open' WHEN b % 29 = 0 THEN 'canceled' WHEN i > 16600 THEN 'shipped' WHEN b % 53 = 0 THEN 'returned' ELSE 'completed' END,
       1000 + b % 30000, datetime(1620000000 + i * 5000 + a % 4000, 'unixepoch'), CASE WHEN b % 300 = 0 THEN '2024-01-05 00:00:00' END
FROM r;

INSERT INTO order_lines (id, order_id, bundle_line_id, variant_id, quantity, price)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 34000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + (i - 1) / 2, CASE WHEN i % 14 = 0 THEN i - 1 END, 1 + a * a / 1000003 * 13900 / 1000003, 1 + a % 3, 100 + a % 9000 FROM r;

INSERT INTO payments (id, order_id, provider, reference, state, at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 16500),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, i, CASE a % 4 WHEN 0 THEN 'invoice' WHEN 1 THEN 'transfer' ELSE 'card' END, printf('%08x%05d', a * 4001, i), CASE a % 40 WHEN 0 THEN 'failed' ELSE 'paid' END,
       datetime(1620000600 + i * 5000, 'unixepoch')
FROM r;

INSERT INTO shipments (id, order_id, carrier, tracking, shipped_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15500),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, i, CASE a % 3 WHEN 0 THEN 'post' ELSE 'parcel' END, printf('%09d%05d', a * 907, i), datetime(1620080000 + i * 5000, 'unixepoch') FROM r;

INSERT INTO stock_moves (id, variant_id, warehouse_id, order_id, quantity, at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a * a / 1000003 * 13900 / 1000003, 1 + a % 2, CASE WHEN a % 4 > 0 THEN 1 + i * 7 / 10 END, CASE WHEN a % 4 > 0 THEN -1 - a % 3 ELSE 50 END,
       datetime(1620000000 + i * 3500, 'unixepoch')
FROM r;

INSERT INTO carts (token, customer_id, state, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT printf('%06x%08x', a, i * 65537), CASE WHEN a % 3 = 0 THEN 1 + a % 5990 END, CASE WHEN i > 7800 THEN 'open' WHEN a % 5 = 0 THEN 'ordered' ELSE 'expired' END,
       datetime(1690000000 + i * 1900, 'unixepoch')
FROM r;

INSERT OR IGNORE INTO cart_items (cart_token, variant_id, quantity)
SELECT token, 1 + (unicode(substr(token, 3)) * 97 + unicode(substr(token, 5)) * 31 + k * 1009 + carts.rowid * 7) % 13900, 1 + k % 2
FROM carts JOIN (SELECT 1 AS k UNION ALL SELECT 2) ORDER BY carts.rowid, k;

INSERT INTO reviews (id, product_id, customer_id, rating, body, approved, at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, 1 + a * a / 1000003 * 5990 / 1000003, 1 + b % 5980, 1 + b % 5, 'A review of ' || (20 + b % 60) || ' words', i < 8970, datetime(1630000000 + i * 8000, 'unixepoch') FROM r;

-- A subscriber has been away: 2,400 messages wait.
INSERT INTO outbox (id, topic, payload, status, sent_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 14000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, CASE WHEN a % 200 = 3 THEN 'stock.recounted' ELSE CASE a % 4 WHEN 0 THEN 'order.completed' WHEN 1 THEN 'order.shipped' WHEN 2 THEN 'stock.changed' ELSE 'price.changed' END END, printf('O-%07d', a % 17000 * 13),
       CASE WHEN i > 11600 THEN 'pending' WHEN a % 90 = 0 THEN 'failed' ELSE 'sent' END, CASE WHEN i <= 11600 THEN datetime(1690000000 + i * 900, 'unixepoch') END
FROM r;

COMMIT;
