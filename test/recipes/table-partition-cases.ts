import { quoteLiteral } from '../../src/sql/identifier';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Writes to the whole rows that no case attaches or detaches, and reads those. */
function app({ table, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 'x', 59)`,
      sql`UPDATE ${table} SET ${column} = 'y' WHERE id = ${round}`,
    ],
    reads: [sql`SELECT * FROM ${table} WHERE id > 30 ORDER BY id`],
  };
}

/** Cases of the recipes that attach and detach partitions. */
export const tablePartitionCases: NamedCase[] = [
  {
    title: 'attach-partition: with a key, indexes, a foreign key and a row trigger',
    build: (names) => {
      const { schema, table, column, second, other, fresh } = names;
      const [rest, referenced] = [
        { schema, name: 'rest' },
        { schema, name: 'referenced' },
      ];
      const columns = sql`id int NOT NULL, ${column} text DEFAULT 'd', ${second} int CHECK (${second} > 0) REFERENCES ${referenced}`;
      return {
        change: {
          kind: 'attach-partition',
          table,
          partition: other,
          bound: 'FOR VALUES FROM (MINVALUE) TO (31)',
        },
        commandLine: { partition: 'app.customers', bound: 'FOR VALUES FROM (MINVALUE) TO (31)' },
        shape: 'fixed',
        schema: sql`CREATE TABLE ${referenced} (id int PRIMARY KEY);
          INSERT INTO ${referenced} SELECT i FROM generate_series(1, 60) i;
          CREATE FUNCTION ${{ schema, name: 'noticed' }}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
          CREATE TABLE ${table} (`.concat(
          columns,
          sql`, PRIMARY KEY (id)) PARTITION BY RANGE (id);
          CREATE TABLE ${rest} PARTITION OF ${table} FOR VALUES FROM (31) TO (MAXVALUE);
          CREATE INDEX ${fresh} ON ${table} USING btree (${second} DESC, lower(${column})) WHERE ${second} > 5;
          CREATE INDEX ON ${table} (${column});
          ALTER TABLE ${table} ADD CONSTRAINT ${`u${fresh.slice(0, 5)}`} UNIQUE (${second}, id) DEFERRABLE INITIALLY DEFERRED;
          CREATE TRIGGER ${fresh} AFTER INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${{ schema, name: 'noticed' }}();
          CREATE TABLE ${other} (LIKE ${table} INCLUDING CONSTRAINTS);
          ALTER TABLE ${other} ADD FOREIGN KEY (${second}) REFERENCES ${referenced};
          CREATE INDEX ON ${other} (${column});
          COMMENT ON TABLE ${other} IS 'mine';
          INSERT INTO ${other} SELECT i, NULL, i FROM generate_series(1, 30) i;
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(31, 60) i`,
        ),
        versions: [app(names)],
        untouched: sql`SELECT * FROM ${other} ORDER BY id`,
        done: [
          sql`SELECT count(*) = 60 AS holds FROM ${table} WHERE id <= 60`,
          `SELECT bool_and(indisvalid) AND count(*) = 12 AS holds FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class WHERE relname IN (${[table, other, rest].map(({ name }) => quoteLiteral(name)).join(', ')}))`,
          sql`SELECT count(*) = 0 AS holds FROM pg_constraint WHERE conname LIKE '%switchback%'`,
        ],
      };
    },
  },
  {
    title: 'attach-partition: of a list, where there is a default partition',
    build: (names) => {
      const { schema, table, column, second, other, fresh } = names;
      const whole = app(names);
      return {
        change: {
          kind: 'attach-partition',
          table,
          partition: other,
          bound: "FOR VALUES IN ('it''s, (a', NULL)",
        },
        shape: 'fixed',
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} text, ${second} int) PARTITION BY LIST (${column});
          CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${table} DEFAULT;
          CREATE INDEX ${fresh} ON ONLY ${table} (id);
          CREATE TABLE ${other} (${second} int, ${column} text, id int NOT NULL);
          INSERT INTO ${other} SELECT i, CASE WHEN i % 2 = 0 THEN 'it''s, (a' END, i FROM generate_series(1, 30) i;
          INSERT INTO ${table} SELECT i, 'b', i FROM generate_series(31, 60) i`,
        versions: [whole, whole],
        untouched: sql`SELECT * FROM ${other} ORDER BY id`,
        done: [sql`SELECT count(*) = 60 AS holds FROM ${table} WHERE id <= 60`],
      };
    },
  },
  {
    title: 'attach-partition: of a range over two columns',
    build: (names) => {
      const { schema, table, column, second, other } = names;
      return {
        change: {
          kind: 'attach-partition',
          table,
          partition: other,
          bound: 'FOR VALUES FROM (0, MINVALUE) TO (30, 31)',
        },
        shape: 'fixed',
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} varchar(9), ${second} numeric(9, 2)) PARTITION BY RANGE (id, ${second});
          CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${table} FOR VALUES FROM (30, 31) TO (MAXVALUE, MAXVALUE);
          CREATE TABLE ${other} (LIKE ${table});
          INSERT INTO ${other} SELECT i, NULL, i FROM generate_series(1, 30) i;
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(31, 60) i`,
        versions: [app(names)],
        untouched: sql`SELECT * FROM ${other} ORDER BY id`,
        done: [sql`SELECT count(*) = 60 AS holds FROM ${table} WHERE id <= 60`],
      };
    },
  },
  {
    title: 'attach-partition: of a hash',
    build: (names) => {
      const { schema, table, column, second, other } = names;
      return {
        change: {
          kind: 'attach-partition',
          table,
          partition: other,
          bound: 'FOR VALUES WITH (MODULUS 2, REMAINDER 1)',
        },
        shape: 'fixed',
        schema:
          sql`CREATE TABLE ${table} (id int NOT NULL, ${column} text, ${second} int) PARTITION BY HASH (${second});
          CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${table} FOR VALUES WITH (MODULUS 2, REMAINDER 0);
          CREATE TABLE ${other} (LIKE ${table});
          INSERT INTO ${other} SELECT i, NULL, k FROM generate_series(1, 60) i, generate_series(1, 99) k
            WHERE satisfies_hash_partition(`.concat(
            quoteLiteral(sql`${table}`),
            `::regclass, 2, 1, k) AND i = k`,
          ),
        versions: [
          {
            writes: () => [],
            reads: [sql`SELECT id FROM ${{ schema, name: 'rest' }} ORDER BY id`],
          },
        ],
        untouched: sql`SELECT * FROM ${other} ORDER BY id`,
        done: [sql`SELECT count(*) > 0 AS holds FROM ${table}`],
      };
    },
  },
  {
    title: 'detach-partition: with a key, a foreign key and a row trigger',
    build: (names) => {
      const { schema, table, column, second, other, fresh } = names;
      const [rest, referenced] = [
        { schema, name: 'rest' },
        { schema, name: 'referenced' },
      ];
      return {
        change: { kind: 'detach-partition', table, partition: other },
        commandLine: { partition: 'app.customers' },
        schema: sql`CREATE TABLE ${referenced} (id int PRIMARY KEY);
          INSERT INTO ${referenced} SELECT i FROM generate_series(1, 60) i;
          CREATE FUNCTION ${{ schema, name: 'noticed' }}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
          CREATE TABLE ${table} (id int NOT NULL, ${column} text DEFAULT 'd', ${second} int REFERENCES ${referenced}, PRIMARY KEY (id)) PARTITION BY RANGE (id);
          CREATE TABLE ${other} PARTITION OF ${table} FOR VALUES FROM (MINVALUE) TO (31);
          CREATE TABLE ${rest} PARTITION OF ${table} FOR VALUES FROM (31) TO (MAXVALUE);
          CREATE INDEX ${fresh} ON ${table} (${second}, ${column});
          CREATE TRIGGER ${fresh} AFTER INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${{ schema, name: 'noticed' }}();
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(1, 60) i`,
        versions: [app(names), app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 30 AS holds FROM ${table} WHERE id <= 60`,
          sql`SELECT count(*) = 0 AS holds FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0`,
        ],
      };
    },
  },
  {
    title: 'detach-partition: partitioned itself, where there is a default partition',
    build: (names) => {
      const { schema, table, column, second, other, fresh } = names;
      return {
        change: { kind: 'detach-partition', table, partition: other },
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} text, ${second} int) PARTITION BY LIST (${second});
          CREATE TABLE ${other} PARTITION OF ${table} FOR VALUES IN (1, 2) PARTITION BY RANGE (id);
          CREATE TABLE ${{ schema, name: fresh }} PARTITION OF ${other} FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
          CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${table} DEFAULT;
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(1, 60) i`,
        versions: [app(names), app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT count(*) = 58 AS holds FROM ${table} WHERE id <= 60`],
      };
    },
  },
  {
    title: 'detach-partition: the default one',
    build: (names) => {
      const { schema, table, column, second, other } = names;
      return {
        change: { kind: 'detach-partition', table, partition: other },
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} text, ${second} int) PARTITION BY RANGE (id);
          CREATE TABLE ${other} PARTITION OF ${table} DEFAULT;
          CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${table} FOR VALUES FROM (31) TO (MAXVALUE);
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(1, 60) i`,
        versions: [app(names), app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT count(*) = 30 AS holds FROM ${table} WHERE id <= 60`],
      };
    },
  },
];
