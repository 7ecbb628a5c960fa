CREATE VIEW customer_orders AS
SELECT
    orders.id AS order_id,
    customers.id AS customer_id,
    customers.name,
    orders.status,
    orders.total,
    orders.placed_at
FROM orders
JOIN customers ON customers.id = orders.customer_id;

CREATE VIEW product_sales AS
SELECT products.id, products.title, sum(order_items.quantity) AS sold
FROM products
LEFT JOIN order_items ON order_items.product_id = products.id
GROUP BY products.id;
