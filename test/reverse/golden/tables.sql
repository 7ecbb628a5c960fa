-- UP: CREATE TABLE app.a (id int PRIMARY KEY); CREATE TABLE app.b (id int REFERENCES app.a); CREATE INDEX ON app.b (id)
-- exact
-- * The rows of app.a are gone after it.
-- * The rows of app.b are gone after it.
DROP TABLE app.b;
DROP TABLE app.a;

-- UP: CREATE TABLE app.z (id int PRIMARY KEY); CREATE TABLE app.c (id int REFERENCES app.z)
-- exact
-- * The rows of app.c are gone after it.
-- * The rows of app.z are gone after it.
DROP TABLE app.c;
DROP TABLE app.z;

-- UP: CREATE TABLE IF NOT EXISTS app.users (id int)
-- exact
-- * It changes nothing: there is nothing to take back.

-- UP: DROP TABLE app.orders
-- exact
-- * The rows of app.orders do not come back.
CREATE SEQUENCE app.orders_id_seq AS integer START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1;
CREATE TABLE app.orders (
    id integer DEFAULT nextval('app.orders_id_seq'::regclass) NOT NULL,
    owner bigint,
    n numeric(8,2) NOT NULL,
    data json,
    place point,
    note text COLLATE pg_catalog."C"
);
ALTER TABLE app.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
ALTER TABLE app.orders ADD CONSTRAINT positive CHECK ((n > (0)::numeric)) NOT VALID;
ALTER SEQUENCE app.orders_id_seq OWNED BY app.orders.id;
ALTER TABLE app.orders ADD CONSTRAINT orders_owner FOREIGN KEY (owner) REFERENCES app.users(id) ON DELETE CASCADE;
REVOKE SELECT ON TABLE app.orders FROM downs_reader;

-- UP: DROP TABLE app.orders, app.users CASCADE
-- exact
-- * The rows of app.orders do not come back.
-- * The rows of app.users do not come back.
CREATE SEQUENCE app.orders_id_seq AS integer START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1;
CREATE TABLE app.orders (
    id integer DEFAULT nextval('app.orders_id_seq'::regclass) NOT NULL,
    owner bigint,
    n numeric(8,2) NOT NULL,
    data json,
    place point,
    note text COLLATE pg_catalog."C"
);
CREATE TABLE app.users (
    id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME app.users_id_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1) NOT NULL,
    email app.email,
    name character varying(50) DEFAULT 'nobody'::character varying NOT NULL,
    age integer,
    feeling app.mood DEFAULT 'good'::app.mood,
    doubled integer GENERATED ALWAYS AS ((age * 2)) STORED,
    "order" integer
);
ALTER TABLE app.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
ALTER TABLE app.orders ADD CONSTRAINT positive CHECK ((n > (0)::numeric)) NOT VALID;
ALTER TABLE app.users ADD CONSTRAINT adult CHECK ((age > 17));
ALTER TABLE app.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX users_email ON app.users USING btree (email);
CREATE INDEX users_name ON app.users USING btree (lower((name)::text)) WHERE (age > 20);
ALTER SEQUENCE app.orders_id_seq OWNED BY app.orders.id;
ALTER TABLE app.orders ADD CONSTRAINT orders_owner FOREIGN KEY (owner) REFERENCES app.users(id) ON DELETE CASCADE;
CREATE MATERIALIZED VIEW app.ages AS
 SELECT age,
    count(*) AS n
   FROM app.users
  GROUP BY age;
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
CREATE UNIQUE INDEX ages_age ON app.ages USING btree (age);
CREATE POLICY own ON app.users AS PERMISSIVE FOR SELECT TO PUBLIC USING (((name)::text = CURRENT_USER));
CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE STATISTICS app.together ON name, age FROM app.users;
GRANT UPDATE (age) ON TABLE app.users TO downs_reader;
GRANT SELECT ON TABLE app.users TO downs_reader;
COMMENT ON COLUMN app.users.age IS 'in years';
COMMENT ON INDEX app.users_name IS 'found by name';
REVOKE SELECT ON TABLE app.ages FROM downs_reader;
REVOKE SELECT ON TABLE app.orders FROM downs_reader;
REVOKE SELECT ON TABLE app.feelings FROM downs_reader;
REVOKE SELECT ON TABLE app.names FROM downs_reader;
REVOKE SELECT ON TABLE app.short_names FROM downs_reader;

-- UP: DROP TABLE "Odd one"."My table"
-- exact
-- * The rows of "Odd one"."My table" do not come back.
CREATE TABLE "Odd one"."My table" (
    "My column" integer,
    b text
);

-- UP: ALTER TABLE app.loose SET (fillfactor = 70), SET (toast.autovacuum_enabled = off)
-- exact
ALTER TABLE app.loose RESET (fillfactor);
ALTER TABLE app.loose RESET (toast.autovacuum_enabled);

-- UP: ALTER TABLE app.loose SET UNLOGGED
-- exact
ALTER TABLE app.loose SET LOGGED;

-- UP: ALTER TABLE app.users REPLICA IDENTITY FULL
-- exact
ALTER TABLE app.users REPLICA IDENTITY DEFAULT;

-- UP: ALTER TABLE app.loose OWNER TO downs_owner
-- exact
ALTER TABLE app.loose OWNER TO postgres;

-- UP: COMMENT ON TABLE app.users IS 'people'; COMMENT ON COLUMN app.users.age IS NULL
-- exact
COMMENT ON TABLE app.users IS NULL;
COMMENT ON COLUMN app.users.age IS 'in years';

-- UP: CREATE TABLE app.copy AS SELECT * FROM app.users
-- exact
-- * The rows of app.copy are gone after it.
DROP TABLE app.copy;

-- UP: CREATE TABLE app.child () INHERITS (app.loose)
-- exact
-- * The rows of app.child are gone after it.
DROP TABLE app.child;

-- UP: CREATE UNLOGGED TABLE app.fast (a int)
-- exact
-- * The rows of app.fast are gone after it.
DROP TABLE app.fast;
