-- UP: ALTER TABLE app.users ADD COLUMN city text
-- exact
-- * What was written into column city of app.users is gone after it.
ALTER TABLE app.users DROP COLUMN city;

-- UP: ALTER TABLE app.users ADD COLUMN city text NOT NULL DEFAULT 'x', ADD COLUMN zip int
-- exact
-- * What was written into column city of app.users is gone after it.
-- * What was written into column zip of app.users is gone after it.
ALTER TABLE app.users DROP COLUMN city;
ALTER TABLE app.users DROP COLUMN zip;

-- UP: ALTER TABLE app.users DROP COLUMN age CASCADE
-- order-only
-- * The values of column age of app.users do not come back.
-- * Rows written meanwhile that do not fit adult of app.users stop it.
ALTER TABLE app.users ADD COLUMN age integer;
ALTER TABLE app.users ADD COLUMN doubled integer GENERATED ALWAYS AS ((age * 2)) STORED;
ALTER TABLE app.users ADD CONSTRAINT adult CHECK ((age > 17));
CREATE INDEX users_name ON app.users USING btree (lower((name)::text)) WHERE (age > 20);
CREATE MATERIALIZED VIEW app.ages AS
 SELECT age,
    count(*) AS n
   FROM app.users
  GROUP BY age;
CREATE UNIQUE INDEX ages_age ON app.ages USING btree (age);
CREATE STATISTICS app.together ON name, age FROM app.users;
GRANT UPDATE (age) ON TABLE app.users TO downs_reader;
COMMENT ON COLUMN app.users.age IS 'in years';
COMMENT ON INDEX app.users_name IS 'found by name';
REVOKE SELECT ON TABLE app.ages FROM downs_reader;

-- UP: ALTER TABLE app.users DROP COLUMN "order"
-- exact
-- * The values of column "order" of app.users do not come back.
ALTER TABLE app.users ADD COLUMN "order" integer;

-- UP: ALTER TABLE app.orders DROP COLUMN n
-- order-only
-- * The values of column n of app.orders do not come back.
-- * The rows of app.orders get 0 in column n, for it must not be null.
ALTER TABLE app.orders ADD COLUMN n numeric(8,2) DEFAULT 0 NOT NULL;
ALTER TABLE app.orders ALTER COLUMN n DROP DEFAULT;
ALTER TABLE app.orders ADD CONSTRAINT positive CHECK ((n > (0)::numeric)) NOT VALID;

-- UP: ALTER TABLE app.stock DROP COLUMN code
-- exact
-- * The values of column code of app.stock do not come back.
-- * The rows of app.stock get 0 in column code, for it must not be null.
-- * That value may not fit stock_code, stock_positive of app.stock, which stop it then: give the rows values of their own first.
-- * Rows written meanwhile that do not fit stock_code of app.stock stop it.
-- * Rows written meanwhile that do not fit stock_positive of app.stock stop it.
ALTER TABLE app.stock ADD COLUMN code integer DEFAULT 0 NOT NULL;
ALTER TABLE app.stock ALTER COLUMN code DROP DEFAULT;
ALTER TABLE app.stock ADD CONSTRAINT stock_code UNIQUE (code);
ALTER TABLE app.stock ADD CONSTRAINT stock_positive CHECK ((code > 0));

-- UP: ALTER TABLE app.stock DROP COLUMN price
-- order-only
-- * The values of column price of app.stock do not come back.
-- * The rows of app.stock get 0 in column price, for it must not be null.
ALTER TABLE app.stock ADD COLUMN price numeric DEFAULT 0 NOT NULL;
ALTER TABLE app.stock ALTER COLUMN price DROP DEFAULT;

-- UP: ALTER TABLE app.users DROP COLUMN feeling CASCADE
-- order-only
-- * The values of column feeling of app.users do not come back.
ALTER TABLE app.users ADD COLUMN feeling app.mood DEFAULT 'good'::app.mood;
CREATE VIEW app.feelings AS
 SELECT id,
    feeling
   FROM app.users;
REVOKE SELECT ON TABLE app.feelings FROM downs_reader;

-- UP: ALTER TABLE app.loose ALTER COLUMN a TYPE bigint
-- exact
-- * Values of column a of app.loose that do not fit integer stop it.
ALTER TABLE app.loose ALTER COLUMN a TYPE integer USING a::integer;

-- UP: ALTER TABLE app.loose ALTER COLUMN a TYPE timestamptz USING to_timestamp(a)
-- exact
-- * Values of column a of app.loose that do not fit integer stop it.
ALTER TABLE app.loose ALTER COLUMN a TYPE integer USING a::text::integer;

-- UP: ALTER TABLE app.loose ALTER COLUMN b TYPE varchar(10) USING left(b, 10)
-- exact
-- * Values of column b of app.loose that do not fit text stop it.
ALTER TABLE app.loose ALTER COLUMN b TYPE text USING b::text;

-- UP: ALTER TABLE app.loose ALTER COLUMN b TYPE app.mood USING b::app.mood
-- exact
-- * Values of column b of app.loose that do not fit text stop it.
ALTER TABLE app.loose ALTER COLUMN b TYPE text USING b::text;

-- UP: ALTER TABLE app.orders ALTER COLUMN note TYPE text
-- exact
-- * Values of column note of app.orders that do not fit text stop it.
ALTER TABLE app.orders ALTER COLUMN note TYPE text COLLATE pg_catalog."C";

-- UP: ALTER TABLE app.users ALTER COLUMN name SET DEFAULT 'other', ALTER COLUMN age SET DEFAULT 18
-- exact
ALTER TABLE app.users ALTER COLUMN age DROP DEFAULT;
ALTER TABLE app.users ALTER COLUMN name SET DEFAULT 'nobody'::character varying;

-- UP: ALTER TABLE app.users ALTER COLUMN name DROP NOT NULL, ALTER COLUMN name DROP DEFAULT
-- exact
-- * Rows that hold null in column name of app.users stop it.
ALTER TABLE app.users ALTER COLUMN name SET DEFAULT 'nobody'::character varying;
ALTER TABLE app.users ALTER COLUMN name SET NOT NULL;

-- UP: ALTER TABLE app.users ALTER COLUMN age SET NOT NULL
-- exact
ALTER TABLE app.users ALTER COLUMN age DROP NOT NULL;

-- UP: ALTER TABLE app.users ALTER COLUMN id DROP IDENTITY
-- exact
ALTER TABLE app.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME app.users_id_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1);

-- UP: ALTER TABLE app.users ALTER COLUMN id SET GENERATED BY DEFAULT
-- exact
ALTER TABLE app.users ALTER COLUMN id SET GENERATED ALWAYS;

-- UP: ALTER TABLE app.loose ALTER COLUMN a SET NOT NULL, ALTER COLUMN a ADD GENERATED BY DEFAULT AS IDENTITY (START 5)
-- exact
ALTER TABLE app.loose ALTER COLUMN a DROP IDENTITY;
ALTER TABLE app.loose ALTER COLUMN a DROP NOT NULL;

-- UP: ALTER TABLE app.orders ALTER COLUMN id DROP DEFAULT; DROP SEQUENCE app.orders_id_seq
-- exact
CREATE SEQUENCE app.orders_id_seq AS integer START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1;
ALTER TABLE app.orders ALTER COLUMN id SET DEFAULT nextval('app.orders_id_seq'::regclass);
ALTER SEQUENCE app.orders_id_seq OWNED BY app.orders.id;

-- UP: ALTER TABLE app.users ALTER COLUMN doubled DROP EXPRESSION
-- order-only
ALTER TABLE app.users DROP COLUMN doubled;
ALTER TABLE app.users ADD COLUMN doubled integer GENERATED ALWAYS AS ((age * 2)) STORED;

-- UP: ALTER TABLE app.users DROP COLUMN doubled
-- order-only
ALTER TABLE app.users ADD COLUMN doubled integer GENERATED ALWAYS AS ((age * 2)) STORED;

-- UP: ALTER TABLE app.users ALTER COLUMN name SET STORAGE EXTERNAL, ALTER COLUMN name SET STATISTICS 300, ALTER COLUMN name SET (n_distinct = 5)
-- exact
ALTER TABLE app.users ALTER COLUMN name SET STORAGE DEFAULT;
ALTER TABLE app.users ALTER COLUMN name SET STATISTICS -1;
ALTER TABLE app.users ALTER COLUMN name RESET (n_distinct);

-- UP: DROP VIEW app.short_names, app.names, app.feelings; ALTER TABLE app.users ALTER COLUMN id TYPE int; CREATE VIEW app.names AS SELECT id, name FROM app.users; CREATE VIEW app.short_names AS SELECT name FROM app.names WHERE length(name) < 5; CREATE VIEW app.feelings AS SELECT id, feeling FROM app.users
-- exact
-- * Values of column id of app.users that do not fit bigint stop it.
DROP VIEW app.feelings;
DROP VIEW app.short_names;
DROP VIEW app.names;
ALTER SEQUENCE app.users_id_seq AS bigint START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1 NO CYCLE;
ALTER TABLE app.users ALTER COLUMN id TYPE bigint USING id::bigint;
CREATE VIEW app.feelings AS
 SELECT id,
    feeling
   FROM app.users;
CREATE VIEW app.names AS
 SELECT id,
    name
   FROM app.users;
CREATE VIEW app.short_names AS
 SELECT name
   FROM app.names
  WHERE (length((name)::text) < 5);
REVOKE SELECT ON TABLE app.feelings FROM downs_reader;
REVOKE SELECT ON TABLE app.names FROM downs_reader;
REVOKE SELECT ON TABLE app.short_names FROM downs_reader;
