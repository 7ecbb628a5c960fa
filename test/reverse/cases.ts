/** The schema that every case starts from: one object of each kind, with rows in a few tables. */
export const schemaBefore = `
  DO $$ BEGIN CREATE ROLE downs_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
  DO $$ BEGIN CREATE ROLE downs_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
  CREATE SCHEMA app;
  CREATE SCHEMA "Odd one";
  CREATE TYPE app.mood AS ENUM ('good', 'bad');
  CREATE TYPE app.pair AS (a int, b text);
  CREATE DOMAIN app.email AS text CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
  CREATE SEQUENCE app.counter;
  CREATE TABLE app.users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email app.email,
    name varchar(50) NOT NULL DEFAULT 'nobody',
    age int,
    feeling app.mood DEFAULT 'good',
    doubled int GENERATED ALWAYS AS (age * 2) STORED,
    "order" int,
    CONSTRAINT adult CHECK (age > 17)
  );
  CREATE TABLE app.orders (
    id serial PRIMARY KEY,
    owner bigint CONSTRAINT orders_owner REFERENCES app.users ON DELETE CASCADE,
    n numeric(8,2) NOT NULL,
    data json, place point, note text COLLATE "C"
  );
  ALTER TABLE app.orders ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
  CREATE INDEX users_name ON app.users (lower(name)) WHERE age > 20;
  CREATE UNIQUE INDEX users_email ON app.users (email);
  COMMENT ON INDEX app.users_name IS 'found by name';
  COMMENT ON COLUMN app.users.age IS 'in years';
  GRANT SELECT ON app.users TO downs_reader;
  GRANT UPDATE (age) ON app.users TO downs_reader;
  CREATE TABLE app.events (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
  CREATE INDEX events_at ON app.events (at);
  CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  CREATE TABLE app.events_2 (id int NOT NULL, at date NOT NULL);
  CREATE TABLE app.facts (code text PRIMARY KEY, value real, "on" timestamp(0));
  CREATE TABLE app.loose (a int, b text);
  CREATE TABLE app.stock (
    id int, price numeric NOT NULL,
    code int NOT NULL CONSTRAINT stock_code UNIQUE CONSTRAINT stock_positive CHECK (code > 0)
  );
  CREATE TABLE "Odd one"."My table" ("My column" int, b text);
  CREATE VIEW app.names AS SELECT id, name FROM app.users;
  CREATE VIEW app.short_names AS SELECT name FROM app.names WHERE length(name) < 5;
  CREATE VIEW app.feelings AS SELECT id, feeling FROM app.users;
  CREATE MATERIALIZED VIEW app.ages AS SELECT age, count(*) AS n FROM app.users GROUP BY age;
  CREATE UNIQUE INDEX ages_age ON app.ages (age);
  CREATE FUNCTION app.twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT x * 2 $$;
  CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE PROCEDURE app.work(x int) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
  CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
  CREATE OPERATOR app.## (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl);
  CREATE OPERATOR app.!# (RIGHTARG = int, FUNCTION = int4um);
  CREATE CAST (app.mood AS int) WITH INOUT;
  CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();
  CREATE RULE quiet AS ON INSERT TO app.loose DO ALSO NOTHING;
  CREATE POLICY own ON app.users FOR SELECT USING (name = current_user);
  CREATE STATISTICS app.together ON name, age FROM app.users;
  CREATE FOREIGN DATA WRAPPER nowhere;
  CREATE SERVER far FOREIGN DATA WRAPPER nowhere OPTIONS (host 'a');
  CREATE FOREIGN TABLE app.remote (a int OPTIONS (name 'x'), b text NOT NULL) SERVER far OPTIONS (t 'b');
  ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO downs_reader;
  INSERT INTO app.users (email, age) VALUES ('a@b', 30), ('c@d', 40);
  INSERT INTO app.facts VALUES ('one', 1, '2020-01-01');
`;

/** Ups of every kind, by what they are about. Run outside a transaction where the name says so. */
export const cases: Record<string, readonly string[]> = {
  columns: [
    'ALTER TABLE app.users ADD COLUMN city text',
    `ALTER TABLE app.users ADD COLUMN city text NOT NULL DEFAULT 'x', ADD COLUMN zip int`,
    'ALTER TABLE app.users DROP COLUMN age CASCADE',
    'ALTER TABLE app.users DROP COLUMN "order"',
    'ALTER TABLE app.orders DROP COLUMN n',
    'ALTER TABLE app.stock DROP COLUMN code',
    'ALTER TABLE app.stock DROP COLUMN price',
    'ALTER TABLE app.users DROP COLUMN feeling CASCADE',
    'ALTER TABLE app.loose ALTER COLUMN a TYPE bigint',
    `ALTER TABLE app.loose ALTER COLUMN a TYPE timestamptz USING to_timestamp(a)`,
    'ALTER TABLE app.loose ALTER COLUMN b TYPE varchar(10) USING left(b, 10)',
    `ALTER TABLE app.loose ALTER COLUMN b TYPE app.mood USING b::app.mood`,
    'ALTER TABLE app.orders ALTER COLUMN note TYPE text',
    `ALTER TABLE app.users ALTER COLUMN name SET DEFAULT 'other', ALTER COLUMN age SET DEFAULT 18`,
    'ALTER TABLE app.users ALTER COLUMN name DROP NOT NULL, ALTER COLUMN name DROP DEFAULT',
    'ALTER TABLE app.users ALTER COLUMN age SET NOT NULL',
    'ALTER TABLE app.users ALTER COLUMN id DROP IDENTITY',
    'ALTER TABLE app.users ALTER COLUMN id SET GENERATED BY DEFAULT',
    'ALTER TABLE app.loose ALTER COLUMN a SET NOT NULL, ALTER COLUMN a ADD GENERATED BY DEFAULT AS IDENTITY (START 5)',
    'ALTER TABLE app.orders ALTER COLUMN id DROP DEFAULT; DROP SEQUENCE app.orders_id_seq',
    'ALTER TABLE app.users ALTER COLUMN doubled DROP EXPRESSION',
    'ALTER TABLE app.users DROP COLUMN doubled',
    'ALTER TABLE app.users ALTER COLUMN name SET STORAGE EXTERNAL, ALTER COLUMN name SET STATISTICS 300, ALTER COLUMN name SET (n_distinct = 5)',
    'DROP VIEW app.short_names, app.names, app.feelings; ALTER TABLE app.users ALTER COLUMN id TYPE int; CREATE VIEW app.names AS SELECT id, name FROM app.users; CREATE VIEW app.short_names AS SELECT name FROM app.names WHERE length(name) < 5; CREATE VIEW app.feelings AS SELECT id, feeling FROM app.users',
  ],
  tables: [
    'CREATE TABLE app.a (id int PRIMARY KEY); CREATE TABLE app.b (id int REFERENCES app.a); CREATE INDEX ON app.b (id)',
    'CREATE TABLE app.z (id int PRIMARY KEY); CREATE TABLE app.c (id int REFERENCES app.z)',
    'CREATE TABLE IF NOT EXISTS app.users (id int)',
    'DROP TABLE app.orders',
    'DROP TABLE app.orders, app.users CASCADE',
    'DROP TABLE "Odd one"."My table"',
    'ALTER TABLE app.loose SET (fillfactor = 70), SET (toast.autovacuum_enabled = off)',
    'ALTER TABLE app.loose SET UNLOGGED',
    'ALTER TABLE app.users REPLICA IDENTITY FULL',
    'ALTER TABLE app.loose OWNER TO downs_owner',
    `COMMENT ON TABLE app.users IS 'people'; COMMENT ON COLUMN app.users.age IS NULL`,
    'CREATE TABLE app.copy AS SELECT * FROM app.users',
    'CREATE TABLE app.child () INHERITS (app.loose)',
    'CREATE UNLOGGED TABLE app.fast (a int)',
  ],
  partitions: [
    `CREATE TABLE app.events_3 PARTITION OF app.events FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')`,
    `ALTER TABLE app.events ATTACH PARTITION app.events_2 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')`,
    'ALTER TABLE app.events DETACH PARTITION app.events_1',
    'DROP TABLE app.events_1',
    'DROP TABLE app.events',
    'ALTER TABLE app.events ADD COLUMN note text',
    'ALTER TABLE app.events ADD PRIMARY KEY (id, at)',
    'CREATE INDEX events_id ON app.events (id)',
  ],
  constraints: [
    'ALTER TABLE app.users DROP CONSTRAINT adult',
    'ALTER TABLE app.orders VALIDATE CONSTRAINT positive',
    'ALTER TABLE app.orders DROP CONSTRAINT positive',
    'ALTER TABLE app.orders DROP CONSTRAINT orders_owner',
    'ALTER TABLE app.orders DROP CONSTRAINT orders_owner, ADD CONSTRAINT orders_owner FOREIGN KEY (owner) REFERENCES app.users ON DELETE SET NULL NOT VALID',
    'ALTER TABLE app.users ADD CONSTRAINT unique_name UNIQUE (name, id) DEFERRABLE INITIALLY DEFERRED',
    'ALTER TABLE app.users ADD CONSTRAINT by_index UNIQUE USING INDEX users_email',
    'ALTER TABLE app.facts DROP CONSTRAINT facts_pkey',
    'ALTER TABLE app.loose ADD CHECK (a > 0), ADD EXCLUDE (a WITH =)',
  ],
  indexes: [
    'CREATE INDEX users_age ON app.users (age)',
    'DROP INDEX app.users_name',
    'CREATE INDEX CONCURRENTLY users_age ON app.users (age)',
    'DROP INDEX CONCURRENTLY app.users_name',
    'DROP INDEX app.users_email; CREATE UNIQUE INDEX users_email ON app.users (email, id)',
    'ALTER INDEX app.users_name SET (fillfactor = 60)',
    'CLUSTER app.users USING users_email',
  ],
  renames: [
    'ALTER TABLE app.users RENAME COLUMN name TO full_name',
    'ALTER TABLE app.users RENAME TO people',
    'ALTER TABLE app.users RENAME COLUMN "order" TO "Place"; ALTER TABLE app.users ADD COLUMN more int',
    'ALTER TABLE app.loose RENAME TO spare; ALTER TABLE app.facts RENAME TO loose',
    'ALTER TABLE app.loose RENAME TO loose_base; CREATE VIEW app.loose AS SELECT a, b FROM app.loose_base',
    'ALTER SCHEMA app RENAME TO application',
    'ALTER TABLE app.users RENAME CONSTRAINT adult TO grown',
    'ALTER INDEX app.users_name RENAME TO users_by_name',
    'ALTER TYPE app.mood RENAME TO feeling',
    `ALTER TYPE app.mood RENAME VALUE 'bad' TO 'sad'`,
    'ALTER TYPE app.pair RENAME ATTRIBUTE a TO first',
    'ALTER FUNCTION app.touch() RENAME TO touched',
    'ALTER TRIGGER touch ON app.users RENAME TO touched',
    'ALTER POLICY own ON app.users RENAME TO mine',
    'ALTER TABLE app.loose SET SCHEMA "Odd one"',
    'ALTER FUNCTION app.twice(int) SET SCHEMA public',
    'ALTER TYPE app.mood SET SCHEMA public',
    'ALTER SEQUENCE app.counter RENAME TO numbers',
    'ALTER VIEW app.names RENAME TO all_names',
    'ALTER DOMAIN app.email RENAME TO address',
  ],
  views: [
    'CREATE OR REPLACE VIEW app.names AS SELECT id, name FROM app.users WHERE id > 0',
    'CREATE OR REPLACE VIEW app.names AS SELECT id, name, age FROM app.users',
    'DROP VIEW app.short_names; DROP VIEW app.names',
    'DROP VIEW app.names CASCADE',
    'ALTER VIEW app.names SET (security_barrier)',
    'DROP MATERIALIZED VIEW app.ages',
    'REFRESH MATERIALIZED VIEW app.ages WITH NO DATA',
    'CREATE VIEW app.v1 AS SELECT 1 AS one; CREATE VIEW app.a2 AS SELECT one FROM app.v1',
  ],
  routines: [
    'CREATE FUNCTION app.thrice(x int) RETURNS int LANGUAGE sql AS $$ SELECT x * 3 $$',
    'CREATE OR REPLACE FUNCTION app.twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT x + x $$',
    'DROP FUNCTION app.twice(int)',
    'DROP FUNCTION app.twice(int); CREATE FUNCTION app.twice(x int) RETURNS bigint LANGUAGE sql AS $$ SELECT x * 2::bigint $$',
    'DROP PROCEDURE app.work(int)',
    `ALTER FUNCTION app.twice(int) SECURITY DEFINER SET search_path = app, public SET work_mem = '5MB'`,
    'DROP AGGREGATE app.total(int)',
    'CREATE AGGREGATE app.sum_all(int) (SFUNC = int4pl, STYPE = int)',
    'DROP OPERATOR app.## (int, int)',
    'DROP OPERATOR app.!# (NONE, int)',
    'CREATE OPERATOR app.@# (RIGHTARG = int, FUNCTION = int4um)',
    'DROP CAST (app.mood AS int)',
    'DROP FUNCTION app.touch() CASCADE',
  ],
  'triggers, rules and policies': [
    'ALTER TABLE app.users DISABLE TRIGGER touch',
    'DROP TRIGGER touch ON app.users',
    'DROP RULE quiet ON app.loose',
    'ALTER TABLE app.loose DISABLE RULE quiet',
    'DROP POLICY own ON app.users',
    'ALTER POLICY own ON app.users TO downs_reader USING (true)',
    'ALTER TABLE app.users ENABLE ROW LEVEL SECURITY; ALTER TABLE app.users FORCE ROW LEVEL SECURITY; CREATE POLICY w ON app.users FOR INSERT TO downs_reader WITH CHECK (age > 1)',
  ],
  types: [
    `ALTER TYPE app.mood ADD VALUE 'great' BEFORE 'good'`,
    `CREATE TYPE app.size AS ENUM ('s', 'm'); ALTER TABLE app.loose ADD COLUMN size app.size`,
    'ALTER TYPE app.pair ADD ATTRIBUTE c int, DROP ATTRIBUTE b',
    'DROP TYPE app.pair',
    'ALTER DOMAIN app.email DROP CONSTRAINT has_at',
    `ALTER DOMAIN app.email SET DEFAULT 'x@y'; ALTER DOMAIN app.email ADD CONSTRAINT long CHECK (length(VALUE) > 2) NOT VALID`,
    'CREATE DOMAIN app.positive AS int CHECK (VALUE > 0); ALTER TABLE app.loose ALTER COLUMN a TYPE app.positive',
    'CREATE TYPE app.span AS RANGE (subtype = float8)',
  ],
  'sequences, schemas, extensions': [
    'CREATE SEQUENCE app.more OWNED BY app.loose.a',
    'ALTER SEQUENCE app.counter INCREMENT 5 MAXVALUE 1000 CYCLE',
    'DROP SEQUENCE app.counter',
    'CREATE SCHEMA fresh; CREATE TABLE fresh.t (a int)',
    'DROP SCHEMA "Odd one" CASCADE',
    'CREATE EXTENSION citext SCHEMA app; ALTER TABLE app.loose ADD COLUMN c app.citext',
    'DROP STATISTICS app.together',
    'CREATE STATISTICS app.s (ndistinct) ON a, b FROM app.loose; ALTER STATISTICS app.s SET STATISTICS 50',
  ],
  privileges: [
    'GRANT INSERT, UPDATE ON app.users TO downs_reader WITH GRANT OPTION',
    'GRANT SELECT ON app.users TO downs_reader WITH GRANT OPTION',
    'REVOKE SELECT ON app.users FROM downs_reader',
    'REVOKE UPDATE (age) ON app.users FROM downs_reader',
    'REVOKE EXECUTE ON FUNCTION app.twice(int) FROM PUBLIC',
    'REVOKE INSERT ON app.loose FROM CURRENT_USER',
    'GRANT USAGE ON SCHEMA app TO PUBLIC',
    'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM downs_reader',
    'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC',
  ],
  'foreign data': [
    `ALTER SERVER far OPTIONS (SET host 'b', ADD port '1')`,
    `ALTER FOREIGN TABLE app.remote OPTIONS (SET t 'c')`,
    'ALTER FOREIGN TABLE app.remote ADD COLUMN c int',
    'DROP FOREIGN TABLE app.remote',
    'DROP FOREIGN DATA WRAPPER nowhere CASCADE',
    `CREATE SERVER near TYPE 'x' FOREIGN DATA WRAPPER nowhere; CREATE FOREIGN TABLE app.here (a int) SERVER near`,
  ],
  rows: [
    `INSERT INTO app.facts (code, value, "on") VALUES ('two', 0.1, '2020-01-01 10:00:00.7'), ('three', NULL, NULL)`,
    `INSERT INTO app.facts VALUES ('two', 2, '2020-01-01')`,
    `INSERT INTO app.loose (a, b) VALUES (1, 'it''s'), (2, NULL)`,
    `INSERT INTO app.orders (n, data, place) VALUES (1.239, '{"a": 1}', '(1,2)')`,
    `SET search_path = app; INSERT INTO loose (a) VALUES (7); CREATE TABLE near (a int)`,
    `UPDATE app.users SET age = age + 1`,
    `DELETE FROM app.facts`,
    `INSERT INTO app.loose (a) SELECT 1`,
    `INSERT INTO app.loose (b) VALUES (now()::text)`,
    `INSERT INTO app.facts (code) VALUES ('one') ON CONFLICT DO NOTHING`,
    `CREATE TABLE app.list (a int); INSERT INTO app.list VALUES (1); UPDATE app.list SET a = 2`,
    `WITH gone AS (DELETE FROM app.facts RETURNING code) INSERT INTO app.loose (b) SELECT code FROM gone`,
    `SELECT setval('app.counter', 100)`,
  ],
  'code and all together': [
    'DO $$ BEGIN ALTER TABLE app.loose ADD COLUMN c int; INSERT INTO app.loose (a) VALUES (1); END $$',
    `ALTER TABLE app.users ADD COLUMN first text; UPDATE app.users SET first = split_part(name, ' ', 1); ALTER TABLE app.users ALTER COLUMN first SET NOT NULL; CREATE INDEX users_first ON app.users (first)`,
    'CREATE TABLE app.brief (a int); DROP TABLE app.brief',
    'SELECT 1',
    'CREATE ROLE downs_new; DROP ROLE downs_new',
    'ALTER ROLE downs_reader SET work_mem = 64',
    'CREATE TEXT SEARCH CONFIGURATION app.words (COPY = simple)',
    'CREATE FUNCTION app.fill() RETURNS text LANGUAGE sql AS $$ SELECT 1::text $$; ALTER TABLE app.loose ALTER COLUMN b SET DEFAULT app.fill()',
  ],
};
