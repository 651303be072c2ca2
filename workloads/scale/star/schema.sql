-- A star schema of a chain of shops: six tables of facts and twenty of dimensions. Keys only, no other index.

BEGIN;

CREATE TABLE dim_date (
    date_key INTEGER PRIMARY KEY, day TEXT NOT NULL UNIQUE, year INTEGER NOT NULL, quarter INTEGER NOT NULL, month INTEGER NOT NULL,
    week INTEGER NOT NULL, weekday INTEGER NOT NULL, is_weekend INTEGER NOT NULL, is_holiday INTEGER NOT NULL
);
CREATE TABLE dim_country (country_key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, currency TEXT NOT NULL);
CREATE TABLE dim_region (region_key INTEGER PRIMARY KEY, country_key INTEGER NOT NULL REFERENCES dim_country, name TEXT NOT NULL);
CREATE TABLE dim_store (
    store_key INTEGER PRIMARY KEY, region_key INTEGER NOT NULL REFERENCES dim_region, name TEXT NOT NULL, city TEXT NOT NULL,
    format TEXT NOT NULL, square_meters INTEGER NOT NULL, opened TEXT NOT NULL, closed TEXT
);
CREATE TABLE dim_employee (employee_key INTEGER PRIMARY KEY, store_key INTEGER NOT NULL REFERENCES dim_store, role TEXT NOT NULL, hired TEXT NOT NULL);
CREATE TABLE dim_department (department_key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE dim_category (category_key INTEGER PRIMARY KEY, department_key INTEGER NOT NULL REFERENCES dim_department, name TEXT NOT NULL UNIQUE);
CREATE TABLE dim_brand (brand_key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, own INTEGER NOT NULL);
CREATE TABLE dim_supplier (supplier_key INTEGER PRIMARY KEY, country_key INTEGER NOT NULL REFERENCES dim_country, name TEXT NOT NULL, rating INTEGER NOT NULL);
CREATE TABLE dim_product (
    product_key INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, name TEXT NOT NULL, category_key INTEGER NOT NULL REFERENCES dim_category,
    brand_key INTEGER NOT NULL REFERENCES dim_brand, supplier_key INTEGER NOT NULL REFERENCES dim_supplier, color TEXT, size TEXT,
    list_price INTEGER NOT NULL, introduced TEXT NOT NULL
);
CREATE TABLE dim_segment (segment_key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE dim_customer (
    customer_key INTEGER PRIMARY KEY, card TEXT NOT NULL UNIQUE, segment_key INTEGER NOT NULL REFERENCES dim_segment,
    country_key INTEGER NOT NULL REFERENCES dim_country, city TEXT NOT NULL, birth_year INTEGER, joined TEXT NOT NULL
);
CREATE TABLE dim_promotion (promotion_key INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, percent INTEGER NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL);
CREATE TABLE dim_payment (payment_key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE dim_channel (channel_key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE dim_carrier (carrier_key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, express INTEGER NOT NULL);
CREATE TABLE dim_reason (reason_key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE dim_campaign (campaign_key INTEGER PRIMARY KEY, name TEXT NOT NULL, medium TEXT NOT NULL, budget INTEGER NOT NULL);
CREATE TABLE dim_device (device_key INTEGER PRIMARY KEY, kind TEXT NOT NULL, system TEXT NOT NULL);
CREATE TABLE dim_page (page_key INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);

CREATE TABLE fact_sale (
    sale_key INTEGER PRIMARY KEY,
    receipt TEXT NOT NULL,
    date_key INTEGER NOT NULL REFERENCES dim_date,
    store_key INTEGER NOT NULL REFERENCES dim_store,
    product_key INTEGER NOT NULL REFERENCES dim_product,
    customer_key INTEGER REFERENCES dim_customer,
    employee_key INTEGER REFERENCES dim_employee,
    promotion_key INTEGER REFERENCES dim_promotion,
    payment_key INTEGER NOT NULL REFERENCES dim_payment,
    channel_key INTEGER NOT NULL REFERENCES dim_channel,
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    discount INTEGER NOT NULL
);
CREATE TABLE fact_return (
    return_key INTEGER PRIMARY KEY,
    sale_key INTEGER NOT NULL REFERENCES fact_sale,
    date_key INTEGER NOT NULL REFERENCES dim_date,
    store_key INTEGER NOT NULL REFERENCES dim_store,
    product_key INTEGER NOT NULL REFERENCES dim_product,
    reason_key INTEGER NOT NULL REFERENCES dim_reason,
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL
);
CREATE TABLE fact_stock (
    date_key INTEGER NOT NULL REFERENCES dim_date,
    store_key INTEGER NOT NULL REFERENCES dim_store,
    product_key INTEGER NOT NULL REFERENCES dim_product,
    on_hand INTEGER NOT NULL,
    on_order INTEGER NOT NULL,
    PRIMARY KEY (date_key, store_key, product_key)
) WITHOUT ROWID;
CREATE TABLE fact_delivery (
    delivery_key INTEGER PRIMARY KEY,
    sale_key INTEGER REFERENCES fact_sale,
    ordered_key INTEGER NOT NULL REFERENCES dim_date,
    delivered_key INTEGER REFERENCES dim_date,
    customer_key INTEGER NOT NULL REFERENCES dim_customer,
    carrier_key INTEGER NOT NULL REFERENCES dim_carrier,
    weight INTEGER NOT NULL,
    fee INTEGER NOT NULL,
    status TEXT NOT NULL
);
CREATE TABLE fact_visit (
    visit_key INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    date_key INTEGER NOT NULL REFERENCES dim_date,
    hour INTEGER NOT NULL,
    customer_key INTEGER REFERENCES dim_customer,
    page_key INTEGER NOT NULL REFERENCES dim_page,
    device_key INTEGER NOT NULL REFERENCES dim_device,
    campaign_key INTEGER REFERENCES dim_campaign,
    pages INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    ordered INTEGER NOT NULL
);
CREATE TABLE fact_budget (
    year INTEGER NOT NULL,
    month INTEGER NOT NULL,
    store_key INTEGER NOT NULL REFERENCES dim_store,
    department_key INTEGER NOT NULL REFERENCES dim_department,
    amount INTEGER NOT NULL,
    PRIMARY KEY (year, month, store_key, department_key)
) WITHOUT ROWID;

COMMIT;
