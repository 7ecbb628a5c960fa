REVOKE SELECT (id, name) ON customers FROM PUBLIC;

COMMENT ON COLUMN customers.name IS NULL;

DROP INDEX customers_name_index;

ALTER TABLE customers DROP CONSTRAINT customers_name_not_blank;
