-- A web shop with its stock.

BEGIN;

CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE,
    country TEXT NOT NULL,
    created_at TEXT NOT NULL,
    deleted_at TEXT
);

CREATE TABLE addresses (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    city TEXT NOT NULL,
    postcode TEXT NOT NULL
);

CREATE TABLE categories (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES categories (id),
    slug TEXT NOT NULL UNIQUE
);

CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    brand TEXT NOT NULL,
    category_id INTEGER NOT NULL REFERENCES categories (id),
    price INTEGER NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    deleted_at TEXT
);

CREATE TABLE variants (
    id INTEGER PRIMARY KEY,
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    sku TEXT NOT NULL UNIQUE,
    price INTEGER NOT NULL
);

CREATE TABLE warehouses (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);

CREATE TABLE stock (
    warehouse_id INTEGER NOT NULL REFERENCES warehouses (id),
    variant_id INTEGER NOT NULL REFERENCES variants (id) ON DELETE CASCADE,
    quantity INTEGER NOT NULL DEFAULT 0,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (variant_id, warehouse_id)
) WITHOUT ROWID;

CREATE TABLE coupons (id INTEGER PRIMARY KEY, code TEXT NOT NULL COLLATE NOCASE UNIQUE, percent INTEGER NOT NULL);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    invoice TEXT,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    coupon_id INTEGER REFERENCES coupons (id) ON DELETE SET NULL,
    state TEXT NOT NULL DEFAULT 'open',
    total INTEGER NOT NULL,
    placed_at TEXT NOT NULL,
    deleted_at TEXT
);

CREATE TABLE order_lines (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    bundle_line_id INTEGER REFERENCES order_lines (id) ON DELETE CASCADE,
    variant_id INTEGER REFERENCES variants (id) ON DELETE SET NULL,
    quantity INTEGER NOT NULL,
    price INTEGER NOT NULL
);

CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    reference TEXT NOT NULL,
    state TEXT NOT NULL,
    at TEXT NOT NULL
);

CREATE TABLE shipments (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    carrier TEXT NOT NULL,
    tracking TEXT,
    shipped_at TEXT
);

CREATE TABLE stock_moves (
    id INTEGER PRIMARY KEY,
    variant_id INTEGER NOT NULL REFERENCES variants (id) ON DELETE CASCADE,
    warehouse_id INTEGER NOT NULL,
    order_id INTEGER REFERENCES orders (id) ON DELETE SET NULL,
    quantity INTEGER NOT NULL,
    at TEXT NOT NULL
);

CREATE TABLE carts (
    token TEXT NOT NULL PRIMARY KEY,
    customer_id INTEGER REFERENCES customers (id) ON DELETE CASCADE,
    state TEXT NOT NULL DEFAULT 'open',
    updated_at TEXT NOT NULL
);

CREATE TABLE cart_items (
    cart_token TEXT NOT NULL REFERENCES carts (token) ON DELETE CASCADE,
    variant_id INTEGER NOT NULL REFERENCES variants (id) ON DELETE CASCADE,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (cart_token, variant_id)
) WITHOUT ROWID;

CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    rating INTEGER NOT NULL,
    body TEXT NOT NULL,
    approved INTEGER NOT NULL DEFAULT 0,
    at TEXT NOT NULL
);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    payload TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    sent_at TEXT
);

CREATE INDEX idx_customers_email ON customers (email);
CREATE INDEX idx_customers_country ON customers (country, created_at);
CREATE INDEX idx_addresses_customer ON addresses (customer_id);
CREATE INDEX idx_products_category ON products (category_id);
CREATE INDEX idx_products_category_price ON products (category_id, active, price);
CREATE INDEX idx_products_brand ON products (brand COLLATE NOCASE);
CREATE INDEX idx_variants_product ON variants (product_id);
CREATE INDEX idx_variants_sku ON variants (sku COLLATE NOCASE);
CREATE INDEX idx_stock_variant_warehouse ON stock (variant_id, warehouse_id);
CREATE INDEX idx_stock_updated ON stock (updated_at);
CREATE INDEX idx_stock_low ON stock (warehouse_id, quantity) WHERE quantity < 3;
CREATE INDEX idx_orders_customer ON orders (customer_id);
CREATE INDEX idx_orders_customer_placed ON orders (customer_id, placed_at);
CREATE INDEX idx_orders_state ON orders (state);
CREATE INDEX idx_orders_placed ON orders (placed_at);
CREATE INDEX idx_orders_open ON orders (placed_at) WHERE state = 'open';
CREATE INDEX idx_orders_coupon ON orders (coupon_id);
CREATE INDEX idx_order_lines_order ON order_lines (order_id);
CREATE INDEX idx_order_lines_variant ON order_lines (variant_id);
CREATE INDEX idx_payments_order ON payments (order_id);
CREATE INDEX idx_payments_reference ON payments (provider, reference);
CREATE INDEX idx_shipments_order ON shipments (order_id);
CREATE INDEX idx_shipments_tracking ON shipments (tracking);
CREATE INDEX idx_stock_moves_variant_at ON stock_moves (variant_id, at);
CREATE INDEX idx_stock_moves_order ON stock_moves (order_id);
CREATE INDEX idx_stock_moves_at ON stock_moves (at);
CREATE INDEX idx_carts_customer ON carts (customer_id);
CREATE INDEX idx_carts_open ON carts (updated_at) WHERE state = 'open';
CREATE INDEX idx_cart_items_variant ON cart_items (variant_id);
CREATE INDEX idx_reviews_product ON reviews (product_id, approved, at);
CREATE INDEX idx_reviews_customer ON reviews (customer_id);
CREATE INDEX idx_outbox_status ON outbox (status);
CREATE INDEX idx_outbox_status_topic ON outbox (status, topic);

CREATE VIEW available AS
SELECT v.id AS variant_id, v.sku, v.product_id, sum(s.quantity) AS quantity
FROM variants v JOIN stock s ON s.variant_id = v.id GROUP BY v.product_id, v.id;

CREATE TRIGGER orders_completed AFTER UPDATE OF state ON orders WHEN new.state <> old.state BEGIN
    INSERT INTO outbox (topic, payload) VALUES ('order.' || new.state, new.number);
END;

CREATE TRIGGER stock_moved AFTER INSERT ON stock_moves WHEN new.id > 30000 BEGIN
    INSERT INTO stock (warehouse_id, variant_id, quantity, updated_at) VALUES (new.warehouse_id, new.variant_id, new.quantity, new.at)
    ON CONFLICT (variant_id, warehouse_id) DO UPDATE SET quantity = quantity + excluded.quantity, updated_at = excluded.updated_at;
END;

COMMIT;
