import { databaseMutations } from './database-mutations';
import { one, structure, type Mutation } from './mutation';
import { partitionMutations } from './partition-mutations';
import { subscriptionMutations } from './subscription-mutations';

const users = 'table app.users';

const mutations: Mutation[] = [
  // Schemas
  one('CREATE SCHEMA third', 'schema third', 'exists'),
  one('DROP SCHEMA other', 'schema other', 'exists'),
  one('ALTER SCHEMA other OWNER TO mutation_app', 'schema other', 'owner'),
  one(`COMMENT ON SCHEMA other IS 'x'`, 'schema other', 'comment'),
  one('GRANT USAGE ON SCHEMA other TO mutation_app', 'schema other', 'privileges of mutation_app'),

  // Tables
  one('CREATE TABLE app.extra (a int)', 'table app.extra', 'exists'),
  one('DROP TABLE app.loose', 'table app.loose', 'exists'),
  one('ALTER TABLE app.loose OWNER TO mutation_other', 'table app.loose', 'owner'),
  one(`COMMENT ON TABLE ${users.slice(6)} IS 'x'`, users, 'comment'),
  one('ALTER TABLE app.loose SET UNLOGGED', 'table app.loose', 'persistence'),
  one('ALTER TABLE app.users SET (fillfactor = 70)', users, 'storage parameters'),
  one('ALTER TABLE app.users SET (toast.autovacuum_enabled = off)', users, 'toast storage parameters'),
  one('ALTER TABLE app.users ENABLE ROW LEVEL SECURITY', users, 'row security'),
  one('ALTER TABLE app.users FORCE ROW LEVEL SECURITY', users, 'forced row security'),
  one('ALTER TABLE app.users REPLICA IDENTITY FULL', users, 'replica identity'),
  one('ALTER TABLE app.users REPLICA IDENTITY USING INDEX users_identity', users, 'replica identity'),
  one('ALTER TABLE app.events_1 REPLICA IDENTITY NOTHING', 'table app.events_1', 'replica identity'),
  {
    sql: `ALTER TABLE app.events ATTACH PARTITION app.events_2 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')`,
    expect: structure(
      'table app.events_2',
      'parents',
      'partition bound',
      'column at inherited',
      'column id inherited',
    ),
  },
  {
    sql: `ALTER TABLE app.events DETACH PARTITION app.events_1; ALTER TABLE app.events ATTACH PARTITION app.events_1 FOR VALUES FROM ('2020-01-01') TO ('2020-06-01')`,
    expect: structure('table app.events_1', 'partition bound'),
  },
  {
    sql: 'DROP TABLE app.events; CREATE TABLE app.events (id int, at date) PARTITION BY LIST (at)',
    expect: [
      ...structure('table app.events', 'partition key', 'privileges of mutation_app'),
      ...structure('table app.events_1', 'exists'),
    ],
  },
  {
    sql: 'ALTER TABLE app.child NO INHERIT app.parent',
    expect: structure('table app.child', 'parents', 'column a inherited'),
  },
  { sql: 'ALTER TABLE app.loose OF app.pairless', expect: structure('table app.loose', 'of type') },
  one('GRANT UPDATE ON app.users TO mutation_app', users, 'privileges of mutation_app'),
  one('GRANT UPDATE ON app.loose TO mutation_app', 'table app.loose', 'privileges of mutation_app UPDATE'),
  one(
    'GRANT SELECT ON app.loose TO mutation_app WITH GRANT OPTION',
    'table app.loose',
    'privileges of mutation_app SELECT',
  ),
  one('REVOKE SELECT ON app.loose FROM mutation_app', 'table app.loose', 'privileges of mutation_app'),
  one('REVOKE DELETE ON app.users FROM postgres', users, 'privileges of the owner'),
  one('GRANT SELECT ON app.users TO public', users, 'privileges of public'),
  {
    sql: 'GRANT SELECT ON app.users TO mutation_app; REVOKE SELECT ON app.users FROM mutation_app',
    expect: [],
  },
  { sql: 'CREATE TABLE app.brief (a int); DROP TABLE app.brief', expect: [] },

  // Columns
  one('ALTER TABLE app.users ADD COLUMN extra int', users, 'column extra'),
  one('ALTER TABLE app.users DROP COLUMN born', users, 'column born'),
  one('ALTER TABLE app.users ALTER COLUMN born TYPE timestamp', users, 'column born type'),
  one('ALTER TABLE app.orders ALTER COLUMN n TYPE bigint', 'table app.orders', 'column n type'),
  one(`ALTER TABLE app.users ALTER COLUMN email SET DEFAULT 'other'`, users, 'column email default'),
  one('ALTER TABLE app.users ALTER COLUMN email DROP DEFAULT', users, 'column email default'),
  one('ALTER TABLE app.users ALTER COLUMN email SET NOT NULL', users, 'column email not null'),
  {
    sql: 'ALTER TABLE app.loose ADD CONSTRAINT a_there NOT NULL a NOT VALID',
    expect: structure('table app.loose', 'column a not null', 'column a not null name'),
    since: 18,
  },
  {
    sql: 'ALTER TABLE app.users ALTER COLUMN email SET NOT NULL; ALTER TABLE app.users ALTER COLUMN email DROP NOT NULL',
    expect: [],
  },
  one('ALTER TABLE app.users ALTER COLUMN email TYPE text COLLATE "C"', users, 'column email collation'),
  one('ALTER TABLE app.users ALTER COLUMN id SET GENERATED ALWAYS', users, 'column id identity'),
  one('ALTER TABLE app.users ALTER COLUMN doubled DROP EXPRESSION', users, 'column doubled generated', 13),
  one('ALTER TABLE app.users ALTER COLUMN email SET STORAGE external', users, 'column email storage'),
  one('ALTER TABLE app.users ALTER COLUMN email SET COMPRESSION pglz', users, 'column email compression', 14),
  one('ALTER TABLE app.users ALTER COLUMN email SET STATISTICS 300', users, 'column email statistics target'),
  one('ALTER TABLE app.users ALTER COLUMN email SET (n_distinct = 5)', users, 'column email options'),
  one(`COMMENT ON COLUMN app.users.email IS 'x'`, users, 'column email comment'),
  one(
    'GRANT UPDATE (email) ON app.users TO mutation_app',
    users,
    'column email privilege UPDATE of mutation_app',
  ),
  {
    sql: 'ALTER TABLE app.orders DROP COLUMN n; ALTER TABLE app.orders ADD COLUMN n int; ALTER TABLE app.orders ADD COLUMN z int; ALTER TABLE app.orders DROP COLUMN z',
    expect: structure('table app.orders', 'constraint later'),
  },
  {
    sql: 'ALTER TABLE app.users DROP COLUMN born; ALTER TABLE app.users ADD COLUMN born date',
    expect: [`${users} | column order | order`],
  },
  one(
    `ALTER FOREIGN TABLE app.remote ALTER COLUMN a OPTIONS (SET name 'y')`,
    'foreign table app.remote',
    'column a foreign options',
  ),
  one(`ALTER FOREIGN TABLE app.remote OPTIONS (SET t 'c')`, 'foreign table app.remote', 'server'),

  // Constraints
  one('ALTER TABLE app.orders DROP CONSTRAINT later', 'table app.orders', 'constraint later'),
  one('ALTER TABLE app.orders VALIDATE CONSTRAINT later', 'table app.orders', 'constraint later validated'),
  one(
    'ALTER TABLE app.users DROP CONSTRAINT adult; ALTER TABLE app.users ADD CONSTRAINT adult CHECK (age > 18)',
    users,
    'constraint adult definition',
  ),
  one(
    'ALTER TABLE app.orders ALTER CONSTRAINT orders_owner DEFERRABLE INITIALLY DEFERRED',
    'table app.orders',
    'constraint orders_owner definition',
  ),
  one('ALTER TABLE app.orders DROP CONSTRAINT orders_owner', 'table app.orders', 'constraint orders_owner'),
  one(`COMMENT ON CONSTRAINT adult ON app.users IS 'x'`, users, 'constraint adult comment'),
  one('ALTER TABLE app.users DROP CONSTRAINT one_email', users, 'constraint one_email'),
  one('ALTER INDEX app.one_email SET (fillfactor = 60)', users, 'constraint one_email storage parameters'),
  one(
    'ALTER TABLE app.users ADD CONSTRAINT near EXCLUDE USING gist (int4range(age, age + 1) WITH &&)',
    users,
    'constraint near',
  ),
  {
    sql: 'ALTER TABLE app.users RENAME CONSTRAINT adult TO grown',
    expect: structure(users, 'constraint adult', 'constraint grown'),
  },
  {
    sql: 'ALTER TABLE app.orders ALTER CONSTRAINT orders_owner NOT ENFORCED',
    expect: structure(
      'table app.orders',
      'constraint orders_owner definition',
      'constraint orders_owner validated',
    ),
    since: 18,
  },

  // Indexes
  one('CREATE INDEX extra ON app.users (born)', users, 'index extra'),
  one('DROP INDEX app.users_name', users, 'index users_name'),
  one(
    'DROP INDEX app.users_name; CREATE INDEX users_name ON app.users (name DESC)',
    users,
    'index users_name definition',
  ),
  one(
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.users_name'::regclass`,
    users,
    'index users_name valid',
  ),
  one('CLUSTER app.users USING users_name', users, 'index users_name clustered'),
  one(`COMMENT ON INDEX app.users_name IS 'x'`, users, 'index users_name index comment'),
  one('DROP INDEX app.ages_age', 'materialized view app.ages', 'index ages_age'),

  // Sequences
  one('CREATE SEQUENCE app.second', 'sequence app.second', 'exists'),
  one('ALTER SEQUENCE app.counter INCREMENT 5', 'sequence app.counter', 'increment'),
  one('ALTER SEQUENCE app.counter START 7', 'sequence app.counter', 'start'),
  one('ALTER SEQUENCE app.counter MAXVALUE 1000', 'sequence app.counter', 'maximum'),
  one('ALTER SEQUENCE app.counter MINVALUE 0', 'sequence app.counter', 'minimum'),
  one('ALTER SEQUENCE app.counter CACHE 3', 'sequence app.counter', 'cache'),
  one('ALTER SEQUENCE app.counter CYCLE', 'sequence app.counter', 'cycle'),
  { sql: 'ALTER SEQUENCE app.counter AS int', expect: structure('sequence app.counter', 'maximum', 'type') },
  one('ALTER SEQUENCE app.counter OWNED BY app.loose.a', 'sequence app.counter', 'owned by'),
  one(
    'GRANT USAGE ON SEQUENCE app.counter TO mutation_app',
    'sequence app.counter',
    'privileges of mutation_app',
  ),
  { sql: `SELECT nextval('app.counter')`, expect: [] },

  // Views
  one(
    'CREATE OR REPLACE VIEW app.names AS SELECT id, name FROM app.users WHERE id > 0',
    'view app.names',
    'definition',
  ),
  one('ALTER VIEW app.names SET (security_barrier)', 'view app.names', 'storage parameters'),
  one(`ALTER VIEW app.names ALTER COLUMN name SET DEFAULT 'x'`, 'view app.names', 'column name default'),
  one(`COMMENT ON VIEW app.names IS 'x'`, 'view app.names', 'comment'),
  one('GRANT SELECT ON app.names TO mutation_app', 'view app.names', 'privileges of mutation_app'),
  one('DROP MATERIALIZED VIEW app.ages', 'materialized view app.ages', 'exists'),
  one('REFRESH MATERIALIZED VIEW app.ages WITH NO DATA', 'materialized view app.ages', 'populated'),

  // Routines
  one(
    'CREATE FUNCTION app.twice(x text) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'function app.twice(text)',
    'exists',
  ),
  one('DROP PROCEDURE app.work(int)', 'procedure app.work(integer)', 'exists'),
  one(
    'CREATE OR REPLACE FUNCTION app.twice(x int) RETURNS int LANGUAGE sql AS $$ SELECT x * 3 $$',
    'function app.twice(integer)',
    'body',
  ),
  {
    sql: 'CREATE OR REPLACE FUNCTION app.twice(x int) RETURNS int LANGUAGE sql AS $$select   X*2 /* twice */$$',
    expect: ['function app.twice(integer) | body | text'],
  },
  one('ALTER FUNCTION app.twice(int) IMMUTABLE', 'function app.twice(integer)', 'volatility'),
  one('ALTER FUNCTION app.twice(int) STRICT', 'function app.twice(integer)', 'strict'),
  one('ALTER FUNCTION app.twice(int) SECURITY DEFINER', 'function app.twice(integer)', 'security definer'),
  one('ALTER FUNCTION app.twice(int) LEAKPROOF', 'function app.twice(integer)', 'leakproof'),
  one('ALTER FUNCTION app.twice(int) PARALLEL SAFE', 'function app.twice(integer)', 'parallel'),
  one('ALTER FUNCTION app.twice(int) COST 7', 'function app.twice(integer)', 'cost'),
  one(`ALTER FUNCTION app.twice(int) SET work_mem = '5MB'`, 'function app.twice(integer)', 'settings'),
  one('ALTER FUNCTION app.twice(int) OWNER TO mutation_other', 'function app.twice(integer)', 'owner'),
  one(`COMMENT ON FUNCTION app.twice(int) IS 'x'`, 'function app.twice(integer)', 'comment'),
  one(
    'GRANT EXECUTE ON FUNCTION app.twice(int) TO mutation_app',
    'function app.twice(integer)',
    'privileges of mutation_app',
  ),
  one(
    'REVOKE EXECUTE ON FUNCTION app.twice(int) FROM public',
    'function app.twice(integer)',
    'privileges of public',
  ),
  one(
    'CREATE OR REPLACE FUNCTION app.twice(x int DEFAULT 1) RETURNS int LANGUAGE sql AS $$ SELECT x * 2 -- doubled\n  $$',
    'function app.twice(integer)',
    'arguments',
  ),
  one(
    `UPDATE pg_proc SET prorettype = 'bigint'::regtype WHERE proname = 'twice'`,
    'function app.twice(integer)',
    'result',
  ),
  {
    sql: `DROP AGGREGATE app.total(int); CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1')`,
    expect: structure('aggregate app.total(integer)', 'initial value'),
  },

  // Triggers, rules, policies
  one('ALTER TABLE app.users DISABLE TRIGGER touch', users, 'trigger touch enabled'),
  one(
    'DROP TRIGGER touch ON app.users; CREATE TRIGGER touch AFTER UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch()',
    users,
    'trigger touch definition',
  ),
  one('DROP TRIGGER touch ON app.users', users, 'trigger touch'),
  one(`COMMENT ON TRIGGER touch ON app.users IS 'x'`, users, 'trigger touch comment'),
  one(
    'CREATE OR REPLACE RULE quiet AS ON INSERT TO app.loose DO INSTEAD NOTHING',
    'table app.loose',
    'rule quiet definition',
  ),
  one('ALTER TABLE app.loose DISABLE RULE quiet', 'table app.loose', 'rule quiet enabled'),
  one('DROP RULE quiet ON app.loose', 'table app.loose', 'rule quiet'),
  one('DROP POLICY own ON app.users', users, 'policy own'),
  one('ALTER POLICY own ON app.users TO mutation_app', users, 'policy own roles'),
  one('ALTER POLICY own ON app.users USING (true)', users, 'policy own using'),
  one('ALTER POLICY write ON app.users WITH CHECK (age > 2)', users, 'policy write with check'),
  one(
    'DROP POLICY own ON app.users; CREATE POLICY own ON app.users FOR UPDATE USING (name = current_user)',
    users,
    'policy own command',
  ),
  one(
    'DROP POLICY own ON app.users; CREATE POLICY own ON app.users AS RESTRICTIVE FOR SELECT USING (name = current_user)',
    users,
    'policy own kind',
  ),

  // Types
  one(`ALTER TYPE app.mood RENAME VALUE 'bad' TO 'sad'`, 'type app.mood', 'labels'),
  one('ALTER TYPE app.pair ADD ATTRIBUTE c int', 'type app.pair', 'column c'),
  one('ALTER TYPE app.pair ALTER ATTRIBUTE b TYPE varchar', 'type app.pair', 'column b type'),
  one('DROP TYPE app.span', 'type app.span', 'exists'),
  one('DROP TYPE app.span; CREATE TYPE app.span AS RANGE (subtype = int8)', 'type app.span', 'subtype'),
  one('ALTER TYPE app.mood OWNER TO mutation_other', 'type app.mood', 'owner'),
  one(`COMMENT ON TYPE app.mood IS 'x'`, 'type app.mood', 'comment'),
  one('GRANT USAGE ON TYPE app.mood TO mutation_app', 'type app.mood', 'privileges of mutation_app'),
  one(`ALTER DOMAIN app.email SET DEFAULT 'c@d'`, 'domain app.email', 'default'),
  one('ALTER DOMAIN app.email SET NOT NULL', 'domain app.email', 'not null'),
  one(
    `ALTER DOMAIN app.email ADD CONSTRAINT long CHECK (length(VALUE) > 2)`,
    'domain app.email',
    'constraint long',
  ),
  one('ALTER DOMAIN app.email DROP CONSTRAINT has_at', 'domain app.email', 'constraint has_at'),
  one('DROP DOMAIN app.bare; CREATE DOMAIN app.bare AS varchar', 'domain app.bare', 'base type'),
  one(`DROP DOMAIN app.bare; CREATE DOMAIN app.bare AS text COLLATE "C"`, 'domain app.bare', 'collation'),

  // What belongs to the database
  one('DROP EXTENSION citext', 'extension citext', 'exists'),
  one('ALTER EXTENSION citext SET SCHEMA other', 'extension citext', 'schema'),
  one('ALTER PUBLICATION feed ADD TABLE app.orders', 'publication feed', 'table app.orders'),
  one('ALTER PUBLICATION feed DROP TABLE app.users', 'publication feed', 'table app.users'),
  one(`ALTER PUBLICATION feed SET (publish = 'insert')`, 'publication feed', 'operations'),
  one('ALTER PUBLICATION feed SET (publish_via_partition_root = true)', 'publication feed', 'via root', 13),
  one(
    'ALTER PUBLICATION feed SET (publish_generated_columns = stored)',
    'publication feed',
    'generated columns',
    18,
  ),
  one(
    'ALTER PUBLICATION feed SET TABLE app.users (id, name)',
    'publication feed',
    'table app.users columns',
    15,
  ),
  one(
    'ALTER PUBLICATION feed SET TABLE app.users WHERE (id > 3)',
    'publication feed',
    'table app.users row filter',
    15,
  ),
  one('ALTER PUBLICATION feed ADD TABLES IN SCHEMA other', 'publication feed', 'schema other', 15),
  one('ALTER EVENT TRIGGER watch DISABLE', 'event trigger watch', 'enabled'),
  one('DROP EVENT TRIGGER watch', 'event trigger watch', 'exists'),
  one(
    `DROP EVENT TRIGGER watch; CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION app.seen()`,
    'event trigger watch',
    'tags',
  ),
  one('DROP STATISTICS app.together', 'statistics app.together', 'exists'),
  one(
    'DROP STATISTICS app.together; CREATE STATISTICS app.together (ndistinct) ON name, age FROM app.users',
    'statistics app.together',
    'definition',
  ),
  one('ALTER STATISTICS app.together SET STATISTICS 50', 'statistics app.together', 'target', 13),
  one(
    'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT INSERT ON TABLES TO mutation_app',
    'default privileges of postgres in schema app on tables',
    'privileges of mutation_app INSERT',
  ),
  one(
    'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM mutation_app',
    'default privileges of postgres in schema app on tables',
    'exists',
  ),
  one('DROP COLLATION app.plain', 'collation app.plain', 'exists'),
  one('DROP OPERATOR app.## (int, int)', 'operator app.##(integer,integer)', 'exists'),
  one('DROP CAST (app.mood AS int)', 'cast (app.mood as integer)', 'exists'),
  one(
    'DROP CAST (app.mood AS int); CREATE CAST (app.mood AS int) WITH INOUT AS ASSIGNMENT',
    'cast (app.mood as integer)',
    'context',
  ),
  one(`ALTER SERVER far OPTIONS (SET host 'b')`, 'foreign server far', 'options'),

  // What is not the user's
  { sql: 'CREATE SCHEMA switchback; CREATE TABLE switchback.runs (a int)', expect: [] },
  { sql: 'CREATE EXTENSION hstore; DROP EXTENSION hstore', expect: [] },
  { sql: 'ANALYZE', expect: [] },

  // The rest of each kind: owners, privileges, existence, and what only the catalog itself can change
  one('DROP AGGREGATE app.total(int)', 'aggregate app.total(integer)', 'exists'),
  one(
    `DROP AGGREGATE app.total(int); CREATE AGGREGATE app.total(x int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')`,
    'aggregate app.total(integer)',
    'arguments',
  ),
  {
    sql: `DROP AGGREGATE app.total(int); CREATE AGGREGATE app.total(int) (SFUNC = int84pl, STYPE = bigint, INITCOND = '0')`,
    expect: structure('aggregate app.total(integer)', 'result', 'state type', 'transition'),
  },
  one('ALTER AGGREGATE app.total(int) OWNER TO mutation_other', 'aggregate app.total(integer)', 'owner'),
  one(
    'GRANT EXECUTE ON FUNCTION app.total(int) TO mutation_app',
    'aggregate app.total(integer)',
    'privileges of mutation_app',
  ),
  {
    sql: `CREATE FUNCTION app.number(app.mood) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
          DROP CAST (app.mood AS int); CREATE CAST (app.mood AS int) WITH FUNCTION app.number(app.mood)`,
    expect: [
      ...structure('function app.number(app.mood)', 'exists'),
      ...structure('cast (app.mood as integer)', 'function', 'method'),
    ],
  },
  one(
    `UPDATE pg_collation SET collcollate = 'POSIX' WHERE collname = 'plain'`,
    'collation app.plain',
    'locale',
  ),
  one(
    `UPDATE pg_collation SET collprovider = 'd' WHERE collname = 'plain'`,
    'collation app.plain',
    'provider',
  ),
  one(
    `UPDATE pg_collation SET collisdeterministic = false WHERE collname = 'plain'`,
    'collation app.plain',
    'deterministic',
  ),
  one('ALTER COLLATION app.plain OWNER TO mutation_other', 'collation app.plain', 'owner'),
  one(`COMMENT ON COLLATION app.plain IS 'x'`, 'collation app.plain', 'comment'),
  one('DROP DOMAIN app.bare', 'domain app.bare', 'exists'),
  one(
    `ALTER DOMAIN app.email DROP CONSTRAINT has_at; ALTER DOMAIN app.email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%#%')`,
    'domain app.email',
    'constraint has_at definition',
  ),
  one(
    "ALTER DOMAIN app.email DROP CONSTRAINT has_at; ALTER DOMAIN app.email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%') NOT VALID",
    'domain app.email',
    'constraint has_at validated',
  ),
  one('ALTER DOMAIN app.email OWNER TO mutation_other', 'domain app.email', 'owner'),
  one('GRANT USAGE ON DOMAIN app.email TO mutation_app', 'domain app.email', 'privileges of mutation_app'),
  one(`COMMENT ON DOMAIN app.email IS 'x'`, 'domain app.email', 'comment'),
  one(
    `COMMENT ON CONSTRAINT has_at ON DOMAIN app.email IS 'x'`,
    'domain app.email',
    'constraint has_at comment',
  ),
  one(
    `DROP EVENT TRIGGER watch; CREATE EVENT TRIGGER watch ON sql_drop WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION app.seen()`,
    'event trigger watch',
    'event',
  ),
  {
    sql: `CREATE FUNCTION app.seen_too() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
          DROP EVENT TRIGGER watch; CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION app.seen_too()`,
    expect: [
      ...structure('event trigger watch', 'function'),
      ...structure('function app.seen_too()', 'exists'),
    ],
  },
  one(
    'ALTER ROLE mutation_other SUPERUSER; ALTER EVENT TRIGGER watch OWNER TO mutation_other',
    'event trigger watch',
    'owner',
  ),
  one(`COMMENT ON EVENT TRIGGER watch IS 'x'`, 'event trigger watch', 'comment'),
  one(`COMMENT ON EXTENSION citext IS 'x'`, 'extension citext', 'comment'),
  one(
    `UPDATE pg_extension SET extowner = 'mutation_other'::regrole WHERE extname = 'citext'`,
    'extension citext',
    'owner',
  ),
  one(`UPDATE pg_extension SET extversion = '0' WHERE extname = 'citext'`, 'extension citext', 'version'),
  {
    sql: 'DROP FOREIGN DATA WRAPPER nowhere CASCADE',
    expect: [
      ...structure('foreign data wrapper nowhere', 'exists'),
      ...structure('foreign server far', 'exists'),
      ...structure('foreign table app.remote', 'exists'),
      ...structure('user mapping for mutation_app on server far', 'exists'),
    ],
  },
  one(
    `UPDATE pg_foreign_data_wrapper SET fdwowner = 'mutation_other'::regrole WHERE fdwname = 'nowhere'`,
    'foreign data wrapper nowhere',
    'owner',
  ),
  one(`ALTER FOREIGN DATA WRAPPER nowhere OPTIONS (a 'b')`, 'foreign data wrapper nowhere', 'options'),
  one('ALTER SERVER far OWNER TO mutation_other', 'foreign server far', 'owner'),
  one(`COMMENT ON SERVER far IS 'x'`, 'foreign server far', 'comment'),
  {
    sql: `CREATE FOREIGN DATA WRAPPER second; UPDATE pg_foreign_server SET srvfdw = (SELECT oid FROM pg_foreign_data_wrapper WHERE fdwname = 'second')`,
    expect: [
      ...structure('foreign data wrapper second', 'exists'),
      ...structure('foreign server far', 'wrapper'),
    ],
  },
  one(
    'ALTER FOREIGN TABLE app.remote ALTER COLUMN a TYPE bigint',
    'foreign table app.remote',
    'column a type',
  ),
  one('ALTER FOREIGN TABLE app.remote OWNER TO mutation_other', 'foreign table app.remote', 'owner'),
  one(
    `UPDATE pg_proc SET prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql') WHERE proname = 'twice'`,
    'function app.twice(integer)',
    'language',
  ),
  one(
    `UPDATE pg_attribute SET atttypid = 'oid'::regtype WHERE attrelid = 'app.ages'::regclass AND attname = 'n'`,
    'materialized view app.ages',
    'column n type',
  ),
  {
    sql: `DROP MATERIALIZED VIEW app.ages; CREATE MATERIALIZED VIEW app.ages AS SELECT age, count(id) AS n FROM app.users GROUP BY age;
          CREATE UNIQUE INDEX ages_age ON app.ages (age); REVOKE SELECT ON app.ages FROM mutation_app; GRANT SELECT ON app.ages TO mutation_app`,
    expect: structure('materialized view app.ages', 'definition', 'privileges of mutation_app'),
  },
  one(
    'DROP INDEX app.ages_age; CREATE UNIQUE INDEX ages_age ON app.ages (age DESC)',
    'materialized view app.ages',
    'index ages_age definition',
  ),
  one('ALTER MATERIALIZED VIEW app.ages OWNER TO mutation_other', 'materialized view app.ages', 'owner'),
  one(
    'DROP OPERATOR app.## (int, int); CREATE OPERATOR app.## (LEFTARG = int, RIGHTARG = int, FUNCTION = int4mul)',
    'operator app.##(integer,integer)',
    'function',
  ),
  one(
    'ALTER OPERATOR app.## (int, int) OWNER TO mutation_other',
    'operator app.##(integer,integer)',
    'owner',
  ),
  one(`COMMENT ON OPERATOR app.## (int, int) IS 'x'`, 'operator app.##(integer,integer)', 'comment'),
  one(
    'CREATE OR REPLACE PROCEDURE app.work(x int DEFAULT 1) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$',
    'procedure app.work(integer)',
    'arguments',
  ),
  one(
    'CREATE OR REPLACE PROCEDURE app.work(x int) LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$',
    'procedure app.work(integer)',
    'body',
  ),
  one(`UPDATE pg_proc SET procost = 5 WHERE proname = 'work'`, 'procedure app.work(integer)', 'cost'),
  one(
    `UPDATE pg_proc SET prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql') WHERE proname = 'work'`,
    'procedure app.work(integer)',
    'language',
  ),
  one('ALTER PROCEDURE app.work(int) OWNER TO mutation_other', 'procedure app.work(integer)', 'owner'),
  one(
    'GRANT EXECUTE ON PROCEDURE app.work(int) TO mutation_app',
    'procedure app.work(integer)',
    'privileges of mutation_app',
  ),
  one('DROP PUBLICATION feed', 'publication feed', 'exists'),
  one('ALTER PUBLICATION feed OWNER TO mutation_other', 'publication feed', 'owner'),
  one(`COMMENT ON PUBLICATION feed IS 'x'`, 'publication feed', 'comment'),
  {
    sql: 'DROP PUBLICATION feed; CREATE PUBLICATION feed FOR ALL TABLES',
    expect: structure('publication feed', 'all tables', 'table app.users'),
  },
  one('ALTER SEQUENCE app.counter OWNER TO mutation_other', 'sequence app.counter', 'owner'),
  one('ALTER STATISTICS app.together OWNER TO mutation_other', 'statistics app.together', 'owner'),
  one(`COMMENT ON STATISTICS app.together IS 'x'`, 'statistics app.together', 'comment'),
  {
    sql: 'ALTER TABLE app.users DROP COLUMN doubled; ALTER TABLE app.users ADD COLUMN doubled int GENERATED ALWAYS AS (age * 3) STORED',
    expect: structure(users, 'column doubled generated'),
  },
  {
    sql: `DROP TYPE app.pairless; CREATE TYPE app.pairless AS ENUM ('x')`,
    expect: structure('type app.pairless', 'kind', 'labels', 'column a'),
  },
  one(
    `UPDATE pg_attribute SET atttypid = 'oid'::regtype WHERE attrelid = 'app.names'::regclass AND attname = 'id'`,
    'view app.names',
    'column id type',
  ),
  one('DROP VIEW app.names', 'view app.names', 'exists'),
  one('ALTER VIEW app.names OWNER TO mutation_other', 'view app.names', 'owner'),
  one(`COMMENT ON RULE quiet ON app.loose IS 'x'`, 'table app.loose', 'rule quiet comment'),
  one(`COMMENT ON POLICY own ON app.users IS 'x'`, users, 'policy own comment'),
  ...partitionMutations,
  ...databaseMutations,
  ...subscriptionMutations,
];

/** Those that a major version knows. */
export function mutationsOf(major: number): Mutation[] {
  return mutations.filter(({ since = 0, until = major }) => since <= major && major <= until);
}
