CREATE FUNCTION customer_label(customer bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT customers.name || ' <' || customers.email || '>' FROM customers WHERE customers.id = customer
$$;
