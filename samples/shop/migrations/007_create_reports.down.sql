DROP VIEW product_sales;

DROP VIEW customer_orders;
