DROP FUNCTION customer_label(bigint);
