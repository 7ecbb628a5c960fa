-- Fills the sample shop: the same rows every time, whole sets at a time. The triggers and the checks of
-- foreign keys rest meanwhile: the rows satisfy them by construction.
SET LOCAL session_replication_role = replica;

INSERT INTO customers (name, email, city, created_at, updated_at)
SELECT
    'Customer ' || lpad(n::text, 5, '0'),
    'customer' || n || '@example.com',
    (ARRAY['Aurora', 'Brookfield', 'Cedarville', 'Dunmore', 'Eastport', NULL])[1 + n % 6],
    timestamptz '2024-01-01 00:00:00+00' + n * interval '17 minutes',
    timestamptz '2024-01-01 00:00:00+00' + n * interval '17 minutes'
FROM generate_series(1, 50000) AS n;

INSERT INTO products (title, price, in_stock)
SELECT 'Product ' || lpad(n::text, 4, '0'), 1 + (n * 37 % 9900) / 100.0, n * 13 % 500
FROM generate_series(1, 1000) AS n;

INSERT INTO orders (customer_id, status, total, placed_at, updated_at)
SELECT
    1 + (n::bigint * 7919) % 50000,
    (ARRAY['placed', 'paid', 'shipped', 'delivered', 'delivered', 'delivered', 'cancelled'])[1 + n % 7]::order_status,
    5 + (n * 31 % 50000) / 100.0,
    timestamptz '2025-01-01 00:00:00+00' + n * interval '2 minutes',
    timestamptz '2025-01-01 00:00:00+00' + n * interval '2 minutes'
FROM generate_series(1, 200000) AS n;

INSERT INTO order_items (order_id, line, product_id, quantity, price)
SELECT n, line, 1 + (n * 17 + line * 311) % 1000, 1 + (n + line) % 4, 1 + (n * 37 % 9900) / 100.0
FROM generate_series(1, 200000) AS n, generate_series(1, 1 + n % 2) AS line;

INSERT INTO payments (order_id, amount, paid_at)
SELECT id, total, placed_at + interval '1 hour'
FROM orders
WHERE status NOT IN ('placed', 'cancelled')
ORDER BY id;

CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);

INSERT INTO schema_migrations (version, dirty) VALUES (9, false);

ANALYZE;
