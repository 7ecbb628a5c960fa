ALTER TABLE customers ADD CONSTRAINT customers_name_not_blank CHECK (btrim(name) <> '');

CREATE INDEX customers_name_index ON customers (name);

COMMENT ON COLUMN customers.name IS 'The name on invoices and parcels.';

GRANT SELECT (id, name) ON customers TO PUBLIC;
