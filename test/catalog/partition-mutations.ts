import { one, structure, type Mutation } from './mutation';

const child = 'table app.logs_1';

const detach = 'ALTER TABLE app.logs DETACH PARTITION app.logs_1';
const detached = [
  'parents',
  'partition bound',
  'column day inherited',
  'column kind inherited',
  'constraint logs_1_key inherited',
  'constraint logs_1_key attached to',
  'index logs_1_day attached to',
  'trigger on_log',
];

/** Changes of what partitions and children have from their parents, and of the order in which they have it. */
export const partitionMutations: Mutation[] = [
  one('ALTER TABLE app.logs_1 DISABLE TRIGGER on_log', child, 'trigger on_log enabled'),
  {
    sql: 'DROP TRIGGER on_log ON app.logs',
    expect: [...structure('table app.logs', 'trigger on_log'), ...structure(child, 'trigger on_log')],
  },
  {
    sql: 'ALTER INDEX app.logs_of_day RENAME TO by_day',
    expect: [
      ...structure('table app.logs', 'index by_day', 'index logs_of_day'),
      ...structure(child, 'index logs_1_day attached to'),
    ],
  },
  {
    sql: 'ALTER TABLE app.logs RENAME CONSTRAINT logs_key TO key_of_logs',
    expect: [
      ...structure('table app.logs', 'constraint key_of_logs', 'constraint logs_key'),
      ...structure(child, 'constraint logs_1_key attached to'),
    ],
  },
  {
    sql: 'ALTER TABLE app.parent ADD CONSTRAINT small CHECK (a < 9)',
    expect: ['parent', 'child', 'heir'].flatMap((table) =>
      structure(`table app.${table}`, 'constraint small'),
    ),
  },
  { sql: detach, expect: structure(child, ...detached), until: 17 },
  { sql: detach, expect: structure(child, ...detached, 'column day not null inherited'), since: 18 },
  one('ALTER TABLE app.logs ENABLE ROW LEVEL SECURITY', 'table app.logs', 'row security'),
  {
    sql: 'ALTER TABLE app.heir NO INHERIT app.parent; ALTER TABLE app.heir INHERIT app.parent',
    expect: structure('table app.heir', 'parents', 'column a inherited'),
  },
  {
    sql: `ALTER TABLE app.logs DETACH PARTITION app.logs_1; ALTER TABLE app.logs ATTACH PARTITION app.logs_1 FOR VALUES IN (1)`,
    expect: [],
  },
  one('ALTER TABLE app.logs_1 CLUSTER ON logs_1_day', child, 'index logs_1_day clustered'),
  one('ALTER INDEX app.logs_1_day SET (fillfactor = 60)', child, 'index logs_1_day definition'),
  one(
    "UPDATE pg_class SET reltablespace = (SELECT oid FROM pg_tablespace WHERE spcname = 'pg_global') WHERE relname = 'users_name'",
    'table app.users',
    'index users_name tablespace',
  ),
  one(
    "UPDATE pg_class SET reltablespace = (SELECT oid FROM pg_tablespace WHERE spcname = 'pg_global') WHERE relname = 'logs'",
    'table app.logs',
    'tablespace',
  ),
  one(
    `UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'piled') WHERE relname = 'loose'`,
    'table app.loose',
    'access method',
  ),
  {
    sql: 'CREATE STATISTICS app.apart ON (age + 1), name FROM app.users; ALTER INDEX app.users_of ALTER COLUMN 1 SET STATISTICS 50',
    expect: [
      ...structure('statistics app.apart', 'exists'),
      ...structure('table app.users', 'index users_of statistics targets'),
    ],
    since: 14,
  },
  one('ALTER SEQUENCE app.counter SET UNLOGGED', 'sequence app.counter', 'persistence', 15),
  one(
    'ALTER TABLE app.loose ADD CONSTRAINT a_there NOT NULL a; ALTER TABLE app.loose ALTER COLUMN a DROP NOT NULL; ALTER TABLE app.loose ALTER COLUMN a SET NOT NULL',
    'table app.loose',
    'column a not null',
    18,
  ),
  {
    sql: 'ALTER TABLE app.logs DETACH PARTITION app.logs_1; ALTER TABLE app.logs_1 RENAME CONSTRAINT logs_1_day_not_null TO day_there; ALTER TABLE app.logs ATTACH PARTITION app.logs_1 FOR VALUES IN (1)',
    expect: structure(child, 'column day not null name'),
    since: 18,
  },
  {
    sql: `COMMENT ON CONSTRAINT logs_day_not_null ON app.logs IS 'x'`,
    expect: structure('table app.logs', 'column day not null comment'),
    since: 18,
  },
  one('ALTER TABLE app.logs_1 ALTER COLUMN day SET NOT NULL', child, 'column day not null inherited', 18),
];
