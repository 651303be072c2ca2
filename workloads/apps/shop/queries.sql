-- What the shop asks.

-- name: category page
-- weight: 60
-- param: :category = 30
SELECT id, sku, title, price FROM products
WHERE category_id = :category AND active = 1 AND deleted_at IS NULL ORDER BY price LIMIT 24;

-- name: products of a brand
-- weight: 15
-- param: :brand = 'BRAND 200'
SELECT id, sku, title, price FROM products WHERE brand = :brand COLLATE NOCASE AND active = 1 ORDER BY title;

-- name: product page
-- weight: 80
-- param: :product = 3000
SELECT v.id, v.sku, v.price, s.warehouse_id, s.quantity FROM variants v LEFT JOIN stock s ON s.variant_id = v.id WHERE v.product_id = :product;

-- name: variant by sku
-- weight: 20
-- param: :sku = 'v-077000-xs'
SELECT id, product_id, price FROM variants WHERE sku = :sku COLLATE NOCASE;

-- name: available quantity of a product
-- weight: 40
-- param: :product = 3000
SELECT variant_id, sku, quantity FROM available WHERE product_id = :product;

-- name: variants that run out
-- weight: 3
-- param: :warehouse = 2
SELECT s.variant_id, v.sku, s.quantity FROM stock s JOIN variants v ON v.id = s.variant_id
WHERE s.warehouse_id = :warehouse AND s.quantity < 3 ORDER BY s.quantity LIMIT 50;

-- name: set a quantity
-- weight: 30
-- param: ?1 = 1
-- param: ?2 = 13990
-- param: ?3 = 20
INSERT INTO stock (warehouse_id, variant_id, quantity, updated_at) VALUES (?1, ?2, ?3, '2024-01-31 00:00:00')
ON CONFLICT (variant_id, warehouse_id) DO UPDATE SET quantity = excluded.quantity, updated_at = excluded.updated_at;

-- name: stock that changed
-- weight: 20
-- param: :since = '2023-11-15 05:50:00'
SELECT variant_id, warehouse_id, quantity FROM stock WHERE updated_at > :since ORDER BY updated_at LIMIT 200;

-- name: moves of a variant
-- weight: 5
-- param: :variant = 9000
SELECT at, warehouse_id, quantity, order_id FROM stock_moves WHERE variant_id = :variant ORDER BY at DESC LIMIT 30;

-- name: moves of a day
-- weight: 2
-- param: :from = '2023-05-05'
-- param: :to = '2023-05-06'
SELECT warehouse_id, sum(quantity), count(*) FROM stock_moves WHERE at >= :from AND at < :to GROUP BY warehouse_id;

-- name: log in
-- weight: 30
-- param: :email = 'buyer777@mail38.example'
SELECT id, country FROM customers WHERE email = :email AND deleted_at IS NULL;

-- name: new customers of a country
-- weight: 2
-- param: :country = 'SE'
-- param: :since = '2023-06-01'
SELECT id, email, created_at FROM customers WHERE country = :country AND created_at >= :since AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 50;

-- name: addresses of a customer
-- weight: 20
-- param: :customer = 3000
SELECT id, city, postcode FROM addresses WHERE customer_id = :customer;

-- name: orders of a customer
-- weight: 25
-- param: :customer = 3000
SELECT id, number, state, total, placed_at FROM orders WHERE customer_id = :customer AND deleted_at IS NULL ORDER BY placed_at DESC LIMIT 20;

-- name: completed orders of a customer
-- weight: 20
-- param: :customer = 3000
SELECT count(*), sum(total) FROM orders WHERE customer_id = :customer AND state = 'completed' AND deleted_at IS NULL;

-- name: open orders
-- weight: 30
SELECT id, number, customer_id, total FROM orders WHERE state = 'open' AND deleted_at IS NULL ORDER BY placed_at LIMIT 50;

-- name: count of open orders
-- weight: 30
SELECT count(*) FROM orders WHERE state = 'open';

-- name: filter page without filters
-- weight: 10
-- param: :state = NULL
-- param: :customer = NULL
-- param: :from = NULL
SELECT id, number, state, total, placed_at FROM orders
WHERE (:state IS NULL OR state = :state) AND (:customer IS NULL OR customer_id = :customer) AND (:from IS NULL OR placed_at >= :from)
  AND deleted_at IS NULL ORDER BY placed_at DESC LIMIT 40;

-- name: filter page of returned orders
-- weight: 2
-- param: :state = 'returned'
-- param: :customer = NULL
-- param: :from = NULL
SELECT id, number, state, total, placed_at FROM orders
WHERE (:state IS NULL OR state = :state) AND (:customer IS NULL OR customer_id = :customer) AND (:from IS NULL OR placed_at >= :from)
  AND deleted_at IS NULL ORDER BY placed_at DESC LIMIT 40;

-- name: sales of a day
-- weight: 5
-- param: :from = '2023-05-05'
-- param: :to = '2023-05-06'
SELECT count(*), sum(total) FROM orders WHERE placed_at >= :from AND placed_at < :to AND state <> 'canceled';

-- name: orders with a coupon
-- weight: 4
-- param: :coupon = 100
SELECT count(*), sum(total) FROM orders WHERE coupon_id = :coupon AND state = 'completed';

-- name: order by number
-- weight: 30
-- param: :number = 'O-0130000'
SELECT id, state, total FROM orders WHERE number = :number;

-- name: order by invoice
-- weight: 8
-- param: :invoice = '2022/010000'
SELECT id, number, customer_id FROM orders WHERE invoice = :invoice;

-- name: lines of an order
-- weight: 40
-- param: :order = 10000
SELECT l.id, l.quantity, l.price, v.sku, p.title FROM order_lines l JOIN variants v ON v.id = l.variant_id JOIN products p ON p.id = v.product_id WHERE l.order_id = :order;

-- name: sales of a variant
-- weight: 5
-- param: :variant = 9000
SELECT count(*), sum(l.quantity * l.price) FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.variant_id = :variant AND o.state <> 'canceled';

-- name: payments of an order
-- weight: 30
-- param: :order = 10000
SELECT id, provider, reference, state FROM payments WHERE order_id = :order ORDER BY at;

-- name: payment by reference
-- weight: 20
-- param: :reference = '8f61d45604378'
SELECT id, order_id, state FROM payments WHERE provider = 'card' AND reference = :reference;

-- name: shipments of an order
-- weight: 30
-- param: :order = 10000
SELECT carrier, tracking, shipped_at FROM shipments WHERE order_id = :order;

-- name: shipment by tracking number
-- weight: 10
-- param: :tracking = '57491374109000'
SELECT id, order_id FROM shipments WHERE tracking = :tracking;

-- name: carts that were left
-- weight: 3
-- param: :until = '2024-01-12 06:00:00'
SELECT token, customer_id FROM carts WHERE state = 'open' AND updated_at < :until ORDER BY updated_at LIMIT 100;

-- name: remove old carts
-- weight: 1
-- param: :until = '2023-07-23'
DELETE FROM carts WHERE state <> 'open' AND updated_at < :until;

-- name: reviews of a product
-- weight: 40
-- param: :product = 100
SELECT rating, body, at FROM reviews WHERE product_id = :product AND approved = 1 ORDER BY at DESC LIMIT 10;

-- name: reviews to approve
-- weight: 10
SELECT id, product_id, rating, body FROM reviews WHERE approved = 0 ORDER BY at LIMIT 50;

-- name: next messages
-- weight: 60
SELECT id, topic, payload FROM outbox WHERE status = 'pending' ORDER BY id LIMIT 20;

-- name: next messages of a topic
-- weight: 20
-- param: :topic = 'stock.recounted'
SELECT id, payload FROM outbox WHERE status = 'pending' AND topic = :topic ORDER BY id LIMIT 20;

-- name: message sent
-- weight: 60
-- param: ?1 = 11601
UPDATE outbox SET status = 'sent', sent_at = '2024-01-31 00:00:00' WHERE id = ?1;

-- name: ship an order
-- weight: 10
-- param: ?1 = 16900
UPDATE orders SET state = 'shipped' WHERE id = ?1;

-- name: delete an order for good
-- weight: 0.3
-- param: ?1 = 9000
DELETE FROM orders WHERE id = ?1;

-- name: delete a product for good
-- weight: 0.3
-- param: ?1 = 5000
DELETE FROM products WHERE id = ?1;

-- name: delete a customer for good
-- weight: 0.3
-- param: ?1 = 6000
DELETE FROM customers WHERE id = ?1;
