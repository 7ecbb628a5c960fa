-- The hundred customers who ordered for the most, by name.
SELECT customers.name, count(*) AS orders, sum(orders.total) AS revenue
FROM customers
JOIN orders ON orders.customer_id = customers.id
WHERE orders.status <> 'cancelled'
GROUP BY customers.id, customers.name
ORDER BY revenue DESC
LIMIT 100;
