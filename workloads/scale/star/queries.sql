-- Reports of the chain of shops, each with the values of one run.

-- name: sales by month in 2021
-- weight: 4
SELECT d.month, sum(s.amount) AS amount, sum(s.quantity) AS quantity
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key
WHERE d.year = 2021 GROUP BY d.month ORDER BY d.month;

-- name: sales by month in 2023
-- weight: 4
SELECT d.month, sum(s.amount) AS amount, sum(s.quantity) AS quantity
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key
WHERE d.year = 2023 GROUP BY d.month ORDER BY d.month;

-- name: sales by weekday in the first quarter of 2022
-- weight: 1
SELECT d.weekday, count(*) AS lines, sum(s.amount) AS amount
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key
WHERE d.year = 2022 AND d.quarter = 1 GROUP BY d.weekday ORDER BY d.weekday;

-- name: sales by weekday in the last quarter of 2020
-- weight: 1
SELECT d.weekday, count(*) AS lines, sum(s.amount) AS amount
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key
WHERE d.year = 2020 AND d.quarter = 4 GROUP BY d.weekday ORDER BY d.weekday;

-- name: sales of a day by store in May
-- weight: 12
SELECT st.name, sum(s.amount) AS amount, count(DISTINCT s.receipt) AS receipts
FROM dim_date d JOIN fact_sale s ON s.date_key = d.date_key JOIN dim_store st ON st.store_key = s.store_key
WHERE d.day = '2023-05-06' GROUP BY st.store_key ORDER BY amount DESC LIMIT 20;

-- name: sales of a day by store before Christmas
-- weight: 12
SELECT st.name, sum(s.amount) AS amount, count(DISTINCT s.receipt) AS receipts
FROM dim_date d JOIN fact_sale s ON s.date_key = d.date_key JOIN dim_store st ON st.store_key = s.store_key
WHERE d.day = '2022-12-23' GROUP BY st.store_key ORDER BY amount DESC LIMIT 50;

-- name: sales of a day by store at the end of the year
-- weight: 12
SELECT st.name, sum(s.amount) AS amount, count(DISTINCT s.receipt) AS receipts
FROM dim_date d JOIN fact_sale s ON s.date_key = d.date_key JOIN dim_store st ON st.store_key = s.store_key
WHERE d.day = '2023-12-31' GROUP BY st.store_key ORDER BY amount DESC LIMIT 10;

-- name: sales of a store in a week
-- weight: 10
SELECT d.day, sum(s.amount) AS amount, sum(s.amount - s.cost) AS margin
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key
WHERE s.store_key = 250 AND d.day BETWEEN '2023-03-06' AND '2023-03-12' GROUP BY d.day ORDER BY d.day;

-- name: sales of a store in a quarter
-- weight: 10
SELECT d.day, sum(s.amount) AS amount, sum(s.amount - s.cost) AS margin
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key
WHERE s.store_key = 120 AND d.day BETWEEN '2022-04-01' AND '2022-06-30' GROUP BY d.day ORDER BY d.day;

-- name: sales of a store in a year
-- weight: 10
SELECT d.day, sum(s.amount) AS amount, sum(s.amount - s.cost) AS margin
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key
WHERE s.store_key = 290 AND d.day BETWEEN '2023-01-01' AND '2023-12-31' GROUP BY d.day ORDER BY d.day;

-- name: sales by region of a country C
-- weight: 2
SELECT r.name, sum(s.amount) AS amount
FROM dim_country c JOIN dim_region r ON r.country_key = c.country_key JOIN dim_store st ON st.region_key = r.region_key JOIN fact_sale s ON s.store_key = st.store_key
WHERE c.name = 'Country C' GROUP BY r.region_key ORDER BY amount DESC;

-- name: sales by region of a country K
-- weight: 2
SELECT r.name, sum(s.amount) AS amount
FROM dim_country c JOIN dim_region r ON r.country_key = c.country_key JOIN dim_store st ON st.region_key = r.region_key JOIN fact_sale s ON s.store_key = st.store_key
WHERE c.name = 'Country K' GROUP BY r.region_key ORDER BY amount DESC;

-- name: sales by country and quarter in 2020
-- weight: 1
SELECT c.name, d.quarter, sum(s.amount) AS amount, sum(s.discount) AS discount
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key JOIN dim_store st ON st.store_key = s.store_key
JOIN dim_region r ON r.region_key = st.region_key JOIN dim_country c ON c.country_key = r.country_key
WHERE d.year = 2020 GROUP BY c.country_key, d.quarter ORDER BY c.name, d.quarter;

-- name: sales by country and quarter in 2022
-- weight: 1
SELECT c.name, d.quarter, sum(s.amount) AS amount, sum(s.discount) AS discount
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key JOIN dim_store st ON st.store_key = s.store_key
JOIN dim_region r ON r.region_key = st.region_key JOIN dim_country c ON c.country_key = r.country_key
WHERE d.year = 2022 GROUP BY c.country_key, d.quarter ORDER BY c.name, d.quarter;

-- name: best products of a category 040
-- weight: 5
SELECT p.sku, p.name, sum(s.quantity) AS quantity, sum(s.amount) AS amount
FROM dim_category k JOIN dim_product p ON p.category_key = k.category_key JOIN fact_sale s ON s.product_key = p.product_key
WHERE k.name = 'Category 040' GROUP BY p.product_key ORDER BY amount DESC LIMIT 20;

-- name: best products of a category 101
-- weight: 5
SELECT p.sku, p.name, sum(s.quantity) AS quantity, sum(s.amount) AS amount
FROM dim_category k JOIN dim_product p ON p.category_key = k.category_key JOIN fact_sale s ON s.product_key = p.product_key
WHERE k.name = 'Category 101' GROUP BY p.product_key ORDER BY amount DESC LIMIT 20;

-- name: best products of a category 117
-- weight: 5
SELECT p.sku, p.name, sum(s.quantity) AS quantity, sum(s.amount) AS amount
FROM dim_category k JOIN dim_product p ON p.category_key = k.category_key JOIN fact_sale s ON s.product_key = p.product_key
WHERE k.name = 'Category 117' GROUP BY p.product_key ORDER BY amount DESC LIMIT 20;

-- name: best brands of a department shoes
-- weight: 2
SELECT b.name, sum(s.amount) AS amount
FROM dim_department m JOIN dim_category k ON k.department_key = m.department_key JOIN dim_product p ON p.category_key = k.category_key
JOIN dim_brand b ON b.brand_key = p.brand_key JOIN fact_sale s ON s.product_key = p.product_key JOIN dim_date d ON d.date_key = s.date_key
WHERE m.name = 'Shoes' AND d.year = 2023 GROUP BY b.brand_key ORDER BY amount DESC LIMIT 15;

-- name: best brands of a department garden
-- weight: 2
SELECT b.name, sum(s.amount) AS amount
FROM dim_department m JOIN dim_category k ON k.department_key = m.department_key JOIN dim_product p ON p.category_key = k.category_key
JOIN dim_brand b ON b.brand_key = p.brand_key JOIN fact_sale s ON s.product_key = p.product_key JOIN dim_date d ON d.date_key = s.date_key
WHERE m.name = 'Garden' AND d.year = 2022 GROUP BY b.brand_key ORDER BY amount DESC LIMIT 15;

-- name: best brands of a department books
-- weight: 2
SELECT b.name, sum(s.amount) AS amount
FROM dim_department m JOIN dim_category k ON k.department_key = m.department_key JOIN dim_product p ON p.category_key = k.category_key
JOIN dim_brand b ON b.brand_key = p.brand_key JOIN fact_sale s ON s.product_key = p.product_key JOIN dim_date d ON d.date_key = s.date_key
WHERE m.name = 'Books' AND d.year = 2021 GROUP BY b.brand_key ORDER BY amount DESC LIMIT 15;

-- name: sales of a product often sold
-- weight: 8
SELECT d.year, d.month, sum(s.quantity) AS quantity, sum(s.amount) AS amount
FROM dim_product p JOIN fact_sale s ON s.product_key = p.product_key JOIN dim_date d ON d.date_key = s.date_key
WHERE p.product_key = 11 GROUP BY d.year, d.month ORDER BY d.year, d.month;

-- name: sales of a product rarely sold
-- weight: 8
SELECT d.year, d.month, sum(s.quantity) AS quantity, sum(s.amount) AS amount
FROM dim_product p JOIN fact_sale s ON s.product_key = p.product_key JOIN dim_date d ON d.date_key = s.date_key
WHERE p.product_key = 7654 GROUP BY d.year, d.month ORDER BY d.year, d.month;

-- name: sales of a color and size in clothing
-- weight: 1
SELECT k.name, sum(s.quantity) AS quantity
FROM dim_product p JOIN dim_category k ON k.category_key = p.category_key JOIN fact_sale s ON s.product_key = p.product_key
WHERE p.color = 'blue' AND p.size = 'M' AND k.department_key = 4 GROUP BY k.category_key ORDER BY quantity DESC;

-- name: sales of a color and size in sports
-- weight: 1
SELECT k.name, sum(s.quantity) AS quantity
FROM dim_product p JOIN dim_category k ON k.category_key = p.category_key JOIN fact_sale s ON s.product_key = p.product_key
WHERE p.color = 'red' AND p.size = 'L' AND k.department_key = 10 GROUP BY k.category_key ORDER BY quantity DESC;

-- name: own brands against others each June
-- weight: 1
SELECT b.own, d.year, sum(s.amount) AS amount, sum(s.amount - s.cost) AS margin
FROM fact_sale s JOIN dim_product p ON p.product_key = s.product_key JOIN dim_brand b ON b.brand_key = p.brand_key JOIN dim_date d ON d.date_key = s.date_key
WHERE d.year BETWEEN 2019 AND 2023 AND d.month = 6 GROUP BY b.own, d.year ORDER BY d.year, b.own;

-- name: own brands against others each December
-- weight: 1
SELECT b.own, d.year, sum(s.amount) AS amount, sum(s.amount - s.cost) AS margin
FROM fact_sale s JOIN dim_product p ON p.product_key = s.product_key JOIN dim_brand b ON b.brand_key = p.brand_key JOIN dim_date d ON d.date_key = s.date_key
WHERE d.year BETWEEN 2021 AND 2023 AND d.month = 12 GROUP BY b.own, d.year ORDER BY d.year, b.own;

-- name: purchases of a supplier 17
-- weight: 3
SELECT p.sku, sum(s.quantity) AS quantity, sum(s.cost) AS cost
FROM dim_supplier u JOIN dim_product p ON p.supplier_key = u.supplier_key JOIN fact_sale s ON s.product_key = p.product_key
WHERE u.name = 'Supplier 17' GROUP BY p.product_key ORDER BY cost DESC LIMIT 30;

-- name: purchases of a supplier 201
-- weight: 3
SELECT p.sku, sum(s.quantity) AS quantity, sum(s.cost) AS cost
FROM dim_supplier u JOIN dim_product p ON p.supplier_key = u.supplier_key JOIN fact_sale s ON s.product_key = p.product_key
WHERE u.name = 'Supplier 201' GROUP BY p.product_key ORDER BY cost DESC LIMIT 30;

-- name: suppliers with a low rating from B
-- weight: 1
SELECT u.name, u.rating, sum(s.amount) AS amount
FROM dim_supplier u JOIN dim_country c ON c.country_key = u.country_key JOIN dim_product p ON p.supplier_key = u.supplier_key JOIN fact_sale s ON s.product_key = p.product_key JOIN dim_date d ON d.date_key = s.date_key
WHERE u.rating <= 2 AND c.name = 'Country B' AND d.day >= '2023-07-01' GROUP BY u.supplier_key ORDER BY amount DESC;

-- name: suppliers with a low rating from E
-- weight: 1
SELECT u.name, u.rating, sum(s.amount) AS amount
FROM dim_supplier u JOIN dim_country c ON c.country_key = u.country_key JOIN dim_product p ON p.supplier_key = u.supplier_key JOIN fact_sale s ON s.product_key = p.product_key JOIN dim_date d ON d.date_key = s.date_key
WHERE u.rating <= 1 AND c.name = 'Country E' AND d.day >= '2023-01-01' GROUP BY u.supplier_key ORDER BY amount DESC;

-- name: purchases of a customer who buys often
-- weight: 20
SELECT d.day, s.receipt, p.name, s.quantity, s.amount
FROM dim_customer c JOIN fact_sale s ON s.customer_key = c.customer_key JOIN dim_product p ON p.product_key = s.product_key JOIN dim_date d ON d.date_key = s.date_key
WHERE c.card = 'C0000045411' ORDER BY d.day DESC, s.sale_key LIMIT 50;

-- name: purchases of a customer who buys at times
-- weight: 20
SELECT d.day, s.receipt, p.name, s.quantity, s.amount
FROM dim_customer c JOIN fact_sale s ON s.customer_key = c.customer_key JOIN dim_product p ON p.product_key = s.product_key JOIN dim_date d ON d.date_key = s.date_key
WHERE c.card = 'C0454110000' ORDER BY d.day DESC, s.sale_key LIMIT 50;

-- name: sales by segment in March 2022
-- weight: 1
SELECT g.name, count(DISTINCT s.customer_key) AS customers, sum(s.amount) AS amount
FROM dim_segment g JOIN dim_customer c ON c.segment_key = g.segment_key JOIN fact_sale s ON s.customer_key = c.customer_key JOIN dim_date d ON d.date_key = s.date_key
WHERE d.year = 2022 AND d.month = 3 GROUP BY g.segment_key ORDER BY amount DESC;

-- name: sales by segment in November 2023
-- weight: 1
SELECT g.name, count(DISTINCT s.customer_key) AS customers, sum(s.amount) AS amount
FROM dim_segment g JOIN dim_customer c ON c.segment_key = g.segment_key JOIN fact_sale s ON s.customer_key = c.customer_key JOIN dim_date d ON d.date_key = s.date_key
WHERE d.year = 2023 AND d.month = 11 GROUP BY g.segment_key ORDER BY amount DESC;

-- name: customers of a city who are families
-- weight: 2
SELECT c.customer_key, sum(s.amount) AS amount
FROM dim_customer c JOIN fact_sale s ON s.customer_key = c.customer_key
WHERE c.city = 'City 77' AND c.segment_key = 2 GROUP BY c.customer_key ORDER BY amount DESC LIMIT 25;

-- name: customers of a city that are companies
-- weight: 2
SELECT c.customer_key, sum(s.amount) AS amount
FROM dim_customer c JOIN fact_sale s ON s.customer_key = c.customer_key
WHERE c.city = 'City 300' AND c.segment_key = 5 GROUP BY c.customer_key ORDER BY amount DESC LIMIT 25;

-- name: young customers in summer
-- weight: 1
SELECT k.name, sum(s.amount) AS amount
FROM dim_customer c JOIN fact_sale s ON s.customer_key = c.customer_key JOIN dim_product p ON p.product_key = s.product_key JOIN dim_category k ON k.category_key = p.category_key JOIN dim_date d ON d.date_key = s.date_key
WHERE c.birth_year >= 1999 AND d.day BETWEEN '2023-06-01' AND '2023-06-30' GROUP BY k.category_key ORDER BY amount DESC LIMIT 10;

-- name: young customers in a week
-- weight: 1
SELECT k.name, sum(s.amount) AS amount
FROM dim_customer c JOIN fact_sale s ON s.customer_key = c.customer_key JOIN dim_product p ON p.product_key = s.product_key JOIN dim_category k ON k.category_key = p.category_key JOIN dim_date d ON d.date_key = s.date_key
WHERE c.birth_year >= 2000 AND d.day BETWEEN '2022-09-05' AND '2022-09-11' GROUP BY k.category_key ORDER BY amount DESC LIMIT 10;

-- name: effect of a promotion of spring
-- weight: 4
SELECT p.name, sum(s.quantity) AS quantity, sum(s.discount) AS discount, sum(s.amount) AS amount
FROM dim_promotion m JOIN fact_sale s ON s.promotion_key = m.promotion_key JOIN dim_product p ON p.product_key = s.product_key
WHERE m.name = 'Promotion 150' GROUP BY p.product_key ORDER BY amount DESC LIMIT 20;

-- name: effect of a promotion of winter
-- weight: 4
SELECT p.name, sum(s.quantity) AS quantity, sum(s.discount) AS discount, sum(s.amount) AS amount
FROM dim_promotion m JOIN fact_sale s ON s.promotion_key = m.promotion_key JOIN dim_product p ON p.product_key = s.product_key
WHERE m.name = 'Promotion 480' GROUP BY p.product_key ORDER BY amount DESC LIMIT 20;

-- name: promotions by kind in a quarter
-- weight: 1
SELECT m.kind, m.percent, count(*) AS lines, sum(s.amount) AS amount, sum(s.discount) AS discount
FROM dim_promotion m JOIN fact_sale s ON s.promotion_key = m.promotion_key
WHERE m.starts BETWEEN '2022-01-01' AND '2022-03-31' GROUP BY m.kind, m.percent ORDER BY m.kind, m.percent;

-- name: promotions by kind in a year
-- weight: 1
SELECT m.kind, m.percent, count(*) AS lines, sum(s.amount) AS amount, sum(s.discount) AS discount
FROM dim_promotion m JOIN fact_sale s ON s.promotion_key = m.promotion_key
WHERE m.starts BETWEEN '2021-01-01' AND '2021-12-31' GROUP BY m.kind, m.percent ORDER BY m.kind, m.percent;

-- name: payments by channel in a week
-- weight: 2
SELECT y.name AS payment, h.name AS channel, count(*) AS lines, sum(s.amount) AS amount
FROM fact_sale s JOIN dim_payment y ON y.payment_key = s.payment_key JOIN dim_channel h ON h.channel_key = s.channel_key JOIN dim_date d ON d.date_key = s.date_key
WHERE d.day BETWEEN '2023-10-02' AND '2023-10-08' GROUP BY y.payment_key, h.channel_key;

-- name: payments by channel in a month
-- weight: 2
SELECT y.name AS payment, h.name AS channel, count(*) AS lines, sum(s.amount) AS amount
FROM fact_sale s JOIN dim_payment y ON y.payment_key = s.payment_key JOIN dim_channel h ON h.channel_key = s.channel_key JOIN dim_date d ON d.date_key = s.date_key
WHERE d.day BETWEEN '2023-02-01' AND '2023-02-28' GROUP BY y.payment_key, h.channel_key;

-- name: sales of the web by month
-- weight: 1
SELECT d.year, d.month, sum(s.amount) AS amount
FROM fact_sale s JOIN dim_channel h ON h.channel_key = s.channel_key JOIN dim_date d ON d.date_key = s.date_key
WHERE h.name = 'web' GROUP BY d.year, d.month ORDER BY d.year, d.month;

-- name: sales of the web by telephone
-- weight: 1
SELECT d.year, d.month, sum(s.amount) AS amount
FROM fact_sale s JOIN dim_channel h ON h.channel_key = s.channel_key JOIN dim_date d ON d.date_key = s.date_key
WHERE h.name = 'telephone' GROUP BY d.year, d.month ORDER BY d.year, d.month;

-- name: sales per square meter of the largest
-- weight: 1
SELECT st.format, st.name, sum(s.amount) * 1.0 / st.square_meters AS per_meter
FROM dim_store st JOIN fact_sale s ON s.store_key = st.store_key JOIN dim_date d ON d.date_key = s.date_key
WHERE st.format = 'hyper' AND st.closed IS NULL AND d.year = 2023 GROUP BY st.store_key ORDER BY per_meter DESC LIMIT 20;

-- name: sales per square meter of the smallest
-- weight: 1
SELECT st.format, st.name, sum(s.amount) * 1.0 / st.square_meters AS per_meter
FROM dim_store st JOIN fact_sale s ON s.store_key = st.store_key JOIN dim_date d ON d.date_key = s.date_key
WHERE st.format = 'express' AND st.closed IS NULL AND d.year = 2022 GROUP BY st.store_key ORDER BY per_meter DESC LIMIT 20;

-- name: sales by employee of a large store
-- weight: 3
SELECT e.employee_key, e.role, count(*) AS lines, sum(s.amount) AS amount
FROM dim_store st JOIN dim_employee e ON e.store_key = st.store_key JOIN fact_sale s ON s.employee_key = e.employee_key
WHERE st.name = 'Store 4' GROUP BY e.employee_key ORDER BY amount DESC;

-- name: sales by employee of a small store
-- weight: 3
SELECT e.employee_key, e.role, count(*) AS lines, sum(s.amount) AS amount
FROM dim_store st JOIN dim_employee e ON e.store_key = st.store_key JOIN fact_sale s ON s.employee_key = e.employee_key
WHERE st.name = 'Store 222' GROUP BY e.employee_key ORDER BY amount DESC;

-- name: one receipt early
-- weight: 30
SELECT s.sale_key, p.name, s.quantity, s.amount, s.discount FROM fact_sale s JOIN dim_product p ON p.product_key = s.product_key WHERE s.receipt = '174-0000333';

-- name: one receipt late
-- weight: 30
SELECT s.sale_key, p.name, s.quantity, s.amount, s.discount FROM fact_sale s JOIN dim_product p ON p.product_key = s.product_key WHERE s.receipt = '009-0253333';

-- name: sold together with a product often sold
-- weight: 2
SELECT b.product_key, count(*) AS n FROM fact_sale a JOIN fact_sale b ON b.receipt = a.receipt AND b.product_key <> a.product_key
WHERE a.product_key = 950 AND a.date_key BETWEEN 1700 AND 1826 AND b.date_key BETWEEN 1700 AND 1826
GROUP BY b.product_key ORDER BY n DESC LIMIT 15;

-- name: sold together with a product rarely sold
-- weight: 2
SELECT b.product_key, count(*) AS n FROM fact_sale a JOIN fact_sale b ON b.receipt = a.receipt AND b.product_key <> a.product_key
WHERE a.product_key = 6200 AND a.date_key BETWEEN 1700 AND 1826 AND b.date_key BETWEEN 1700 AND 1826
GROUP BY b.product_key ORDER BY n DESC LIMIT 15;

-- name: average receipt of a week
-- weight: 2
SELECT c.name, count(*) AS receipts, avg(x.amount) AS average
FROM (SELECT s.receipt, s.store_key, sum(s.amount) AS amount FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key WHERE d.day BETWEEN '2023-04-03' AND '2023-04-09' GROUP BY s.receipt, s.store_key) x
JOIN dim_store st ON st.store_key = x.store_key JOIN dim_region r ON r.region_key = st.region_key JOIN dim_country c ON c.country_key = r.country_key
GROUP BY c.country_key ORDER BY average DESC;

-- name: average receipt of a month
-- weight: 2
SELECT c.name, count(*) AS receipts, avg(x.amount) AS average
FROM (SELECT s.receipt, s.store_key, sum(s.amount) AS amount FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key WHERE d.day BETWEEN '2020-08-01' AND '2020-08-31' GROUP BY s.receipt, s.store_key) x
JOIN dim_store st ON st.store_key = x.store_key JOIN dim_region r ON r.region_key = st.region_key JOIN dim_country c ON c.country_key = r.country_key
GROUP BY c.country_key ORDER BY average DESC;

-- name: holidays of 2020
-- weight: 1
SELECT d.day, sum(s.amount) AS amount, count(DISTINCT s.store_key) AS stores
FROM dim_date d JOIN fact_sale s ON s.date_key = d.date_key WHERE d.is_holiday = 1 AND d.year = 2020 GROUP BY d.day ORDER BY d.day;

-- name: holidays of 2023
-- weight: 1
SELECT d.day, sum(s.amount) AS amount, count(DISTINCT s.store_key) AS stores
FROM dim_date d JOIN fact_sale s ON s.date_key = d.date_key WHERE d.is_holiday = 1 AND d.year = 2023 GROUP BY d.day ORDER BY d.day;

-- name: this year against last in a large region
-- weight: 3
SELECT st.name, sum(CASE WHEN d.year = 2023 THEN s.amount END) AS now, sum(CASE WHEN d.year = 2023 - 1 THEN s.amount END) AS before
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key JOIN dim_store st ON st.store_key = s.store_key
WHERE d.year IN (2023, 2023 - 1) AND d.month = 9 AND st.region_key = 2 GROUP BY st.store_key ORDER BY st.name;

-- name: this year against last in a small region
-- weight: 3
SELECT st.name, sum(CASE WHEN d.year = 2022 THEN s.amount END) AS now, sum(CASE WHEN d.year = 2022 - 1 THEN s.amount END) AS before
FROM fact_sale s JOIN dim_date d ON d.date_key = s.date_key JOIN dim_store st ON st.store_key = s.store_key
WHERE d.year IN (2022, 2022 - 1) AND d.month = 5 AND st.region_key = 40 GROUP BY st.store_key ORDER BY st.name;

-- name: running sum of a month
-- weight: 3
SELECT day, amount, sum(amount) OVER (ORDER BY day) AS total
FROM (SELECT d.day, sum(s.amount) AS amount FROM dim_date d JOIN fact_sale s ON s.date_key = d.date_key WHERE d.year = 2023 AND d.month = 8 GROUP BY d.day) ORDER BY day;

-- name: running sum of a month long ago
-- weight: 3
SELECT day, amount, sum(amount) OVER (ORDER BY day) AS total
FROM (SELECT d.day, sum(s.amount) AS amount FROM dim_date d JOIN fact_sale s ON s.date_key = d.date_key WHERE d.year = 2019 AND d.month = 3 GROUP BY d.day) ORDER BY day;

-- name: rank of stores in a month
-- weight: 1
SELECT * FROM (
    SELECT r.name AS region, st.name AS store, sum(s.amount) AS amount, rank() OVER (PARTITION BY r.region_key ORDER BY sum(s.amount) DESC) AS place
    FROM dim_region r JOIN dim_store st ON st.region_key = r.region_key JOIN fact_sale s ON s.store_key = st.store_key JOIN dim_date d ON d.date_key = s.date_key
    WHERE d.day BETWEEN '2023-11-01' AND '2023-11-30' GROUP BY r.region_key, st.store_key
) WHERE place <= 3 ORDER BY region, place;

-- name: rank of stores in a week
-- weight: 1
SELECT * FROM (
    SELECT r.name AS region, st.name AS store, sum(s.amount) AS amount, rank() OVER (PARTITION BY r.region_key ORDER BY sum(s.amount) DESC) AS place
    FROM dim_region r JOIN dim_store st ON st.region_key = r.region_key JOIN fact_sale s ON s.store_key = st.store_key JOIN dim_date d ON d.date_key = s.date_key
    WHERE d.day BETWEEN '2021-05-10' AND '2021-05-16' GROUP BY r.region_key, st.store_key
) WHERE place <= 3 ORDER BY region, place;

-- name: returns by reason in 2022
-- weight: 2
SELECT n.name, count(*) AS returns, sum(t.amount) AS amount
FROM fact_return t JOIN dim_reason n ON n.reason_key = t.reason_key JOIN dim_date d ON d.date_key = t.date_key
WHERE d.year = 2022 GROUP BY n.reason_key ORDER BY returns DESC;

-- name: returns by reason in 2023
-- weight: 2
SELECT n.name, count(*) AS returns, sum(t.amount) AS amount
FROM fact_return t JOIN dim_reason n ON n.reason_key = t.reason_key JOIN dim_date d ON d.date_key = t.date_key
WHERE d.year = 2023 GROUP BY n.reason_key ORDER BY returns DESC;

-- name: rate of returns of shoes in a month
-- weight: 1
SELECT k.name, count(t.return_key) * 100.0 / count(*) AS percent
FROM dim_date d JOIN fact_sale s ON s.date_key = d.date_key JOIN dim_product p ON p.product_key = s.product_key JOIN dim_category k ON k.category_key = p.category_key
LEFT JOIN fact_return t ON t.sale_key = s.sale_key
WHERE d.year = 2023 AND d.month = 3 AND k.department_key = 5 GROUP BY k.category_key ORDER BY percent DESC;

-- name: rate of returns of furniture in a month
-- weight: 1
SELECT k.name, count(t.return_key) * 100.0 / count(*) AS percent
FROM dim_date d JOIN fact_sale s ON s.date_key = d.date_key JOIN dim_product p ON p.product_key = s.product_key JOIN dim_category k ON k.category_key = p.category_key
LEFT JOIN fact_return t ON t.sale_key = s.sale_key
WHERE d.year = 2022 AND d.month = 7 AND k.department_key = 11 GROUP BY k.category_key ORDER BY percent DESC;

-- name: returns of a store that is large
-- weight: 2
SELECT p.name, n.name AS reason, count(*) AS returns
FROM fact_return t JOIN dim_product p ON p.product_key = t.product_key JOIN dim_reason n ON n.reason_key = t.reason_key
WHERE t.store_key = 3 AND n.name IN ('damaged', 'spoiled') GROUP BY p.product_key, n.reason_key ORDER BY returns DESC LIMIT 20;

-- name: returns of a store that is small
-- weight: 2
SELECT p.name, n.name AS reason, count(*) AS returns
FROM fact_return t JOIN dim_product p ON p.product_key = t.product_key JOIN dim_reason n ON n.reason_key = t.reason_key
WHERE t.store_key = 280 AND n.name IN ('damaged', 'spoiled') GROUP BY p.product_key, n.reason_key ORDER BY returns DESC LIMIT 20;

-- name: articles out of stock in March
-- weight: 5
SELECT st.name, count(*) AS articles
FROM dim_date d JOIN fact_stock f ON f.date_key = d.date_key JOIN dim_store st ON st.store_key = f.store_key
WHERE d.day = '2023-03-21' AND f.on_hand = 0 GROUP BY st.store_key ORDER BY articles DESC LIMIT 20;

-- name: articles out of stock in October
-- weight: 5
SELECT st.name, count(*) AS articles
FROM dim_date d JOIN fact_stock f ON f.date_key = d.date_key JOIN dim_store st ON st.store_key = f.store_key
WHERE d.day = '2022-10-18' AND f.on_hand = 0 GROUP BY st.store_key ORDER BY articles DESC LIMIT 20;

-- name: stock of a product in 2021
-- weight: 3
SELECT d.day, sum(f.on_hand) AS on_hand, sum(f.on_order) AS on_order
FROM fact_stock f JOIN dim_date d ON d.date_key = f.date_key WHERE f.product_key = 112 AND d.year = 2021 GROUP BY d.day ORDER BY d.day;

-- name: stock of a product in 2023
-- weight: 3
SELECT d.day, sum(f.on_hand) AS on_hand, sum(f.on_order) AS on_order
FROM fact_stock f JOIN dim_date d ON d.date_key = f.date_key WHERE f.product_key = 593 AND d.year = 2023 GROUP BY d.day ORDER BY d.day;

-- name: lost deliveries of 2022
-- weight: 2
SELECT r.name, count(*) AS deliveries, sum(v.fee) AS fees
FROM fact_delivery v JOIN dim_carrier r ON r.carrier_key = v.carrier_key JOIN dim_date d ON d.date_key = v.ordered_key
WHERE v.status = 'lost' AND d.year = 2022 GROUP BY r.carrier_key ORDER BY deliveries DESC;

-- name: lost deliveries of 2023
-- weight: 2
SELECT r.name, count(*) AS deliveries, sum(v.fee) AS fees
FROM fact_delivery v JOIN dim_carrier r ON r.carrier_key = v.carrier_key JOIN dim_date d ON d.date_key = v.ordered_key
WHERE v.status = 'lost' AND d.year = 2023 GROUP BY r.carrier_key ORDER BY deliveries DESC;

-- name: days until delivery to A
-- weight: 1
SELECT r.name, avg(v.delivered_key - v.ordered_key) AS days, max(v.delivered_key - v.ordered_key) AS longest
FROM fact_delivery v JOIN dim_carrier r ON r.carrier_key = v.carrier_key JOIN dim_customer c ON c.customer_key = v.customer_key JOIN dim_country l ON l.country_key = c.country_key
WHERE l.name = 'Country A' AND v.delivered_key IS NOT NULL GROUP BY r.carrier_key ORDER BY days DESC;

-- name: days until delivery to J
-- weight: 1
SELECT r.name, avg(v.delivered_key - v.ordered_key) AS days, max(v.delivered_key - v.ordered_key) AS longest
FROM fact_delivery v JOIN dim_carrier r ON r.carrier_key = v.carrier_key JOIN dim_customer c ON c.customer_key = v.customer_key JOIN dim_country l ON l.country_key = c.country_key
WHERE l.name = 'Country J' AND v.delivered_key IS NOT NULL GROUP BY r.carrier_key ORDER BY days DESC;

-- name: deliveries of a customer who orders often
-- weight: 15
SELECT d.day, r.name, v.status, v.fee FROM fact_delivery v JOIN dim_date d ON d.date_key = v.ordered_key JOIN dim_carrier r ON r.carrier_key = v.carrier_key
WHERE v.customer_key = 1 ORDER BY d.day DESC LIMIT 20;

-- name: deliveries of a customer who orders rarely
-- weight: 15
SELECT d.day, r.name, v.status, v.fee FROM fact_delivery v JOIN dim_date d ON d.date_key = v.ordered_key JOIN dim_carrier r ON r.carrier_key = v.carrier_key
WHERE v.customer_key = 1128 ORDER BY d.day DESC LIMIT 20;

-- name: visits by campaign by mail
-- weight: 2
SELECT m.name, count(*) AS visits, sum(w.ordered) AS orders, m.budget / max(1, sum(w.ordered)) AS cost
FROM dim_campaign m JOIN fact_visit w ON w.campaign_key = m.campaign_key
WHERE m.medium = 'mail' GROUP BY m.campaign_key ORDER BY orders DESC LIMIT 20;

-- name: visits by campaign by radio
-- weight: 2
SELECT m.name, count(*) AS visits, sum(w.ordered) AS orders, m.budget / max(1, sum(w.ordered)) AS cost
FROM dim_campaign m JOIN fact_visit w ON w.campaign_key = m.campaign_key
WHERE m.medium = 'radio' GROUP BY m.campaign_key ORDER BY orders DESC LIMIT 20;

-- name: visits by hour on a day
-- weight: 4
SELECT w.hour, v.kind, count(*) AS visits, avg(w.seconds) AS seconds
FROM fact_visit w JOIN dim_device v ON v.device_key = w.device_key JOIN dim_date d ON d.date_key = w.date_key
WHERE d.day BETWEEN '2023-06-15' AND '2023-06-15' GROUP BY w.hour, v.kind ORDER BY w.hour;

-- name: visits by hour in a month
-- weight: 4
SELECT w.hour, v.kind, count(*) AS visits, avg(w.seconds) AS seconds
FROM fact_visit w JOIN dim_device v ON v.device_key = w.device_key JOIN dim_date d ON d.date_key = w.date_key
WHERE d.day BETWEEN '2023-01-01' AND '2023-01-31' GROUP BY w.hour, v.kind ORDER BY w.hour;

-- name: pages that lead to orders landing
-- weight: 1
SELECT g.path, count(*) AS visits, sum(w.ordered) AS orders
FROM dim_page g JOIN fact_visit w ON w.page_key = g.page_key
WHERE g.kind = 'landing' GROUP BY g.page_key HAVING orders > 10 ORDER BY orders DESC LIMIT 20;

-- name: pages that lead to orders search
-- weight: 1
SELECT g.path, count(*) AS visits, sum(w.ordered) AS orders
FROM dim_page g JOIN fact_visit w ON w.page_key = g.page_key
WHERE g.kind = 'search' GROUP BY g.page_key HAVING orders > 20 ORDER BY orders DESC LIMIT 20;

-- name: visits before a purchase of schools
-- weight: 1
SELECT c.customer_key, count(*) AS visits FROM dim_customer c JOIN fact_visit w ON w.customer_key = c.customer_key JOIN dim_date d ON d.date_key = w.date_key
WHERE c.country_key = 11 AND c.segment_key = 6 AND d.year = 2023 GROUP BY c.customer_key ORDER BY visits DESC LIMIT 20;

-- name: visits before a purchase of restaurants
-- weight: 1
SELECT c.customer_key, count(*) AS visits FROM dim_customer c JOIN fact_visit w ON w.customer_key = c.customer_key JOIN dim_date d ON d.date_key = w.date_key
WHERE c.country_key = 9 AND c.segment_key = 7 AND d.year = 2022 GROUP BY c.customer_key ORDER BY visits DESC LIMIT 20;

-- name: visits of a session early
-- weight: 20
SELECT w.visit_key, g.path, w.seconds FROM fact_visit w JOIN dim_page g ON g.page_key = w.page_key WHERE w.session = 'b5f18f38948344a0';

-- name: visits of a session late
-- weight: 20
SELECT w.visit_key, g.path, w.seconds FROM fact_visit w JOIN dim_page g ON g.page_key = w.page_key WHERE w.session = 'e03632317b152835';

-- name: budget against sales of two stores
-- weight: 2
SELECT st.name, b.amount AS budget,
       (SELECT sum(s.amount) FROM fact_sale s JOIN dim_product p ON p.product_key = s.product_key JOIN dim_category k ON k.category_key = p.category_key JOIN dim_date d ON d.date_key = s.date_key
        WHERE s.store_key = st.store_key AND d.year = 2023 AND d.month = 7 AND k.department_key = b.department_key) AS sales
FROM fact_budget b JOIN dim_store st ON st.store_key = b.store_key WHERE b.year = 2023 AND b.month = 7 AND b.department_key = 3 AND st.name IN ('Store 12', 'Store 200');

-- name: budget against sales of a store
-- weight: 2
SELECT st.name, b.amount AS budget,
       (SELECT sum(s.amount) FROM fact_sale s JOIN dim_product p ON p.product_key = s.product_key JOIN dim_category k ON k.category_key = p.category_key JOIN dim_date d ON d.date_key = s.date_key
        WHERE s.store_key = st.store_key AND d.year = 2023 AND d.month = 2 AND k.department_key = b.department_key) AS sales
FROM fact_budget b JOIN dim_store st ON st.store_key = b.store_key WHERE b.year = 2023 AND b.month = 2 AND b.department_key = 1 AND st.name IN ('Store 77');

-- name: new articles in three categories
-- weight: 1
SELECT p.sku, p.introduced, sum(s.amount) AS amount
FROM dim_product p JOIN fact_sale s ON s.product_key = p.product_key
WHERE p.introduced >= '2023-06-01' AND p.category_key IN (40, 41, 42) GROUP BY p.product_key ORDER BY amount DESC LIMIT 20;

-- name: new articles in one category
-- weight: 1
SELECT p.sku, p.introduced, sum(s.amount) AS amount
FROM dim_product p JOIN fact_sale s ON s.product_key = p.product_key
WHERE p.introduced >= '2023-01-01' AND p.category_key IN (90) GROUP BY p.product_key ORDER BY amount DESC LIMIT 20;

-- name: stores that were closed super
-- weight: 1
SELECT st.name, st.closed, max(d.day) AS last_sale FROM dim_store st JOIN fact_sale s ON s.store_key = st.store_key JOIN dim_date d ON d.date_key = s.date_key
WHERE st.closed IS NOT NULL AND st.format = 'super' GROUP BY st.store_key;
