-- Rows of the chain of shops: arithmetic alone, the same rows every time. Days run from 2019-01-01 to 2023-12-31.

PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -65536;
BEGIN;

INSERT INTO dim_date (date_key, day, year, quarter, month, week, weekday, is_weekend, is_holiday)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1825),
d AS (SELECT i, date('2019-01-01', '+' || i || ' days') AS day FROM n)
SELECT i + 1, day, CAST(substr(day, 1, 4) AS INTEGER), (CAST(substr(day, 6, 2) AS INTEGER) + 2) / 3, CAST(substr(day, 6, 2) AS INTEGER), 1 + i / 7 % 53,
       1 + (i + 1) % 7, (i + 1) % 7 > 4, substr(day, 6) IN ('01-01', '05-01', '12-25', '12-26') FROM d;

INSERT INTO dim_country (country_key, name, currency)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
SELECT i, 'Country ' || substr('ABCDEFGHIJKL', i, 1), CASE WHEN i < 7 THEN 'EUR' ELSE 'X' || substr('ABCDEFGHIJKL', i, 1) || 'C' END FROM n;

INSERT INTO dim_region (region_key, country_key, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 48)
SELECT i, 1 + i % 12, CASE i / 12 % 4 WHEN 0 THEN 'North ' WHEN 1 THEN 'East ' WHEN 2 THEN 'South ' ELSE 'West ' END || i FROM n;

INSERT INTO dim_store (store_key, region_key, name, city, format, square_meters, opened, closed)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT i, 1 + a * a / 1000003 * 48 / 1000003, 'Store ' || i, 'City ' || (a % 180), CASE a % 5 WHEN 0 THEN 'hyper' WHEN 1 THEN 'express' WHEN 2 THEN 'express' ELSE 'super' END,
       200 + a % 4000, date('2000-01-01', '+' || (a % 6900) || ' days'), CASE WHEN a % 23 = 0 THEN '2022-06-30' END
FROM r;

INSERT INTO dim_employee (employee_key, store_key, role, hired)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
SELECT i, 1 + i % 300, CASE i / 300 % 10 WHEN 0 THEN 'manager' WHEN 1 THEN 'storage' ELSE 'till' END, date('2008-01-01', '+' || (i * 31 % 5600) || ' days') FROM n;

INSERT INTO dim_department (department_key, name) VALUES
    (1, 'Food'), (2, 'Drinks'), (3, 'Household'), (4, 'Clothing'), (5, 'Shoes'), (6, 'Toys'), (7, 'Books'), (8, 'Electronics'), (9, 'Garden'), (10, 'Sports'), (11, 'Furniture'), (12, 'Pets');

INSERT INTO dim_category (category_key, department_key, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
SELECT i, 1 + (i - 1) / 10, 'Category ' || printf('%03d', i) FROM n;

INSERT INTO dim_brand (brand_key, name, own)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
SELECT i, 'Brand ' || printf('%03d', i), i % 16 = 0 FROM n;

INSERT INTO dim_supplier (supplier_key, country_key, name, rating)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
SELECT i, 1 + i * i % 12, 'Supplier ' || i, 1 + i * 7 % 5 FROM n;

INSERT INTO dim_product (product_key, sku, name, category_key, brand_key, supplier_key, color, size, list_price, introduced)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, printf('%05d-%03d', i * 7, a % 1000), 'Article ' || i, 1 + a * a / 1000003 * 120 / 1000003, 1 + b * b / 1000003 * 400 / 1000003, 1 + (a + b) % 250,
       CASE a % 4 WHEN 0 THEN 'red' WHEN 1 THEN 'blue' WHEN 2 THEN 'black' END, CASE b % 5 WHEN 0 THEN 'S' WHEN 1 THEN 'M' WHEN 2 THEN 'L' END,
       99 + b % 9000, date('2015-01-01', '+' || (a % 3200) || ' days')
FROM r;

INSERT INTO dim_segment (segment_key, name) VALUES (1, 'single'), (2, 'family'), (3, 'senior'), (4, 'student'), (5, 'company'), (6, 'school'), (7, 'restaurant'), (8, 'staff');

INSERT INTO dim_customer (customer_key, card, segment_key, country_key, city, birth_year, joined)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i, printf('C%010d', i * 15137), 1 + a * a / 1000003 * 8 / 1000003, 1 + b * b / 1000003 * 12 / 1000003, 'City ' || (b % 400), CASE WHEN a % 9 > 0 THEN 1935 + a % 70 END,
       date('2010-01-01', '+' || (i / 12) || ' days')
FROM r;

INSERT INTO dim_promotion (promotion_key, name, kind, percent, starts, ends)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
SELECT i, 'Promotion ' || i, CASE i % 4 WHEN 0 THEN 'leaflet' WHEN 1 THEN 'coupon' WHEN 2 THEN 'bundle' ELSE 'clearance' END, 5 + i % 9 * 5,
       date('2019-01-01', '+' || (i * 3) || ' days'), date('2019-01-01', '+' || (i * 3 + 14) || ' days') FROM n;

INSERT INTO dim_payment (payment_key, name) VALUES (1, 'cash'), (2, 'debit card'), (3, 'credit card'), (4, 'voucher'), (5, 'telephone'), (6, 'invoice');
INSERT INTO dim_channel (channel_key, name) VALUES (1, 'store'), (2, 'web'), (3, 'app'), (4, 'telephone'), (5, 'pick-up');
INSERT INTO dim_carrier (carrier_key, name, express)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 14) SELECT i, 'Carrier ' || i, i % 5 = 0 FROM n;
INSERT INTO dim_reason (reason_key, name) VALUES (1, 'too large'), (2, 'too small'), (3, 'damaged'), (4, 'late'), (5, 'wrong article'), (6, 'not liked'), (7, 'spoiled'), (8, 'other');
INSERT INTO dim_campaign (campaign_key, name, medium, budget)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
SELECT i, 'Campaign ' || i, CASE i % 5 WHEN 0 THEN 'mail' WHEN 1 THEN 'search' WHEN 2 THEN 'social' WHEN 3 THEN 'poster' ELSE 'radio' END, 1000 + i * 7919 % 90000 FROM n;
INSERT INTO dim_device (device_key, kind, system)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
SELECT i, CASE i % 3 WHEN 0 THEN 'desktop' WHEN 1 THEN 'phone' ELSE 'tablet' END, 'System ' || (i % 4) FROM n;
INSERT INTO dim_page (page_key, path, kind)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
SELECT i, '/p/' || i, CASE i % 6 WHEN 0 THEN 'landing' WHEN 1 THEN 'search' WHEN 2 THEN 'basket' ELSE 'article' END FROM n;

-- Sales come in the order of their days, three lines a receipt; every second one carries a card.
INSERT INTO fact_sale (sale_key, receipt, date_key, store_key, product_key, customer_key, employee_key, promotion_key, payment_key, channel_key, quantity, amount, cost, discount)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 859999),
r AS (SELECT i, i / 3 AS t, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i / 3 * (i / 3) % 1000003 * 3571 + i / 3 * 15485863) % 1000003 AS b,
             (i / 3 * (i / 3) % 1000003 * 1237 + i / 3 * 49979687) % 1000003 AS c FROM n),
s AS (SELECT *, 1 + b * b / 1000003 * 300 / 1000003 AS store FROM r)
SELECT i + 1, printf('%03d-%07d', store, t), 1 + i * 1826 / 860000, store, 1 + a * a / 1000003 * 8000 / 1000003, CASE WHEN c % 2 = 0 THEN 1 + c * c / 1000003 * 59900 / 1000003 END,
       CASE WHEN c % 10 < 8 THEN (store - 1) + 300 * (2 + c % 8) END, CASE WHEN a % 7 = 0 THEN 1 + (i * 500 / 860000 + a % 20) % 500 END, 1 + c % 19 * 6 / 19, CASE WHEN c % 10 < 8 THEN 1 ELSE 2 + c / 10 % 4 END,
       1 + a % 4, 150 + a % 6000, 90 + a % 4000, CASE WHEN a % 7 = 0 THEN 10 + a % 500 ELSE 0 END
FROM s;

INSERT INTO fact_return (return_key, sale_key, date_key, store_key, product_key, reason_key, quantity, amount)
SELECT (sale_key + 16) / 17, sale_key, min(1826, date_key + 1 + sale_key % 29), store_key, product_key, 1 + sale_key * 31 % 8, 1, amount FROM fact_sale WHERE sale_key % 17 = 1 ORDER BY sale_key;

-- Stock is counted each fortnight for the best-selling articles.
INSERT INTO fact_stock (date_key, store_key, product_key, on_hand, on_order)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 779999),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a FROM n)
SELECT 1 + 14 * (i / 6000), 1 + i / 20 % 300, 1 + i % 20 * 37, CASE WHEN a % 30 = 0 THEN 0 ELSE a % 140 END, CASE WHEN a % 4 = 0 THEN a % 60 ELSE 0 END FROM r;

INSERT INTO fact_delivery (delivery_key, sale_key, ordered_key, delivered_key, customer_key, carrier_key, weight, fee, status)
SELECT row_number() OVER (ORDER BY sale_key), sale_key, date_key, CASE WHEN sale_key % 41 > 0 THEN min(1826, date_key + 1 + sale_key * 7 % 9) END, customer_key, 1 + sale_key * 13 % 14,
       100 + sale_key * 7919 % 20000, 290 + sale_key % 5 * 100, CASE WHEN sale_key % 41 = 0 THEN 'lost' WHEN sale_key % 29 = 0 THEN 'returned' ELSE 'delivered' END
FROM fact_sale WHERE channel_key > 1 AND customer_key IS NOT NULL;

INSERT INTO fact_visit (visit_key, session, date_key, hour, customer_key, page_key, device_key, campaign_key, pages, seconds, ordered)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 639999),
r AS (SELECT i, (i * i % 1000003 * 7919 + i * 104729) % 1000003 AS a, (i * i % 1000003 * 3571 + i * 15485863) % 1000003 AS b FROM n)
SELECT i + 1, printf('%08x%08x', a * 4001, b * 4001), 1 + i * 1826 / 640000, b % 24, CASE WHEN a % 3 = 0 THEN 1 + b * b / 1000003 * 59900 / 1000003 END, 1 + a * a / 1000003 * 600 / 1000003, 1 + b % 12,
       CASE WHEN b % 4 = 0 THEN 1 + (i * 200 / 640000 + a % 10) % 200 END, 1 + a % 14, 5 + b % 900, a % 31 = 0
FROM r;

INSERT INTO fact_budget (year, month, store_key, department_key, amount)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 35999)
SELECT 2023, 1 + i / 3000, 1 + i / 10 % 300, 1 + i % 10, 20000 + i * 7919 % 30000 FROM n;

COMMIT;
