import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Code that uses the table. */
function app({ table, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 'x', 59)`,
      sql`UPDATE ${table} SET ${column} = 'y' WHERE id = ${round}`,
    ],
    reads: [sql`SELECT * FROM ${table} ORDER BY id`],
  };
}

/** Code that does without, and uses the table that was referred to. */
function withoutTable({ other }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${other} (id) VALUES (${round})`,
      sql`DELETE FROM ${other} WHERE id = ${round}`,
    ],
    reads: [sql`SELECT * FROM ${other} WHERE id <= 60 ORDER BY id`],
  };
}

/** Cases of the recipe that drops a table. */
export const tableDropCases: NamedCase[] = [
  {
    title:
      'drop-table: with foreign keys to two tables and to itself, triggers that name it and its columns, and privileges',
    build: (names) => {
      const { schema, table, column, second, other, fresh } = names;
      const noticed = { schema, name: 'noticed' };
      return {
        change: { kind: 'drop-table', table, backup: true },
        commandLine: { backup: true },
        schema: sql`CREATE TABLE ${other} (id int PRIMARY KEY);
          INSERT INTO ${other} SELECT i FROM generate_series(1, 60) i;
          CREATE TABLE ${{ schema, name: 'another' }} (id int PRIMARY KEY);
          CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text, ${second} int REFERENCES ${other}, parent int REFERENCES ${table}, number serial, also int REFERENCES ${{ schema, name: 'another' }});
          CREATE INDEX ON ${table} (${second});
          CREATE FUNCTION ${noticed}() RETURNS trigger LANGUAGE plpgsql AS ${{ literal: sql`BEGIN PERFORM FROM ${table}; RETURN NEW; END` }};
          CREATE TRIGGER ${second} BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${noticed}();
          CREATE TRIGGER ${fresh} BEFORE UPDATE OF ${column} ON ${table} FOR EACH ROW WHEN (NEW.${second} > 0) EXECUTE FUNCTION ${noticed}();
          COMMENT ON TABLE ${table} IS 'it''s here';
          GRANT SELECT ON ${table} TO pg_monitor;
          INSERT INTO ${table} SELECT i, 'v' || i, i, i FROM generate_series(1, 60) i`,
        versions: [app(names), withoutTable(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT to_regclass(${{ literal: sql`${table}` }}) IS NULL AS holds`,
          `SELECT count(*) = 0 AS holds FROM pg_class WHERE relname LIKE 'switchback%'`,
        ],
      };
    },
  },
  {
    title: 'drop-table: partitioned below partitions, without a key',
    build: (names) => {
      const { schema, table, column, second, other, fresh } = names;
      const branch = { schema, name: fresh };
      return {
        change: { kind: 'drop-table', table, backup: false },
        schema: sql`CREATE TABLE ${other} (id int);
          INSERT INTO ${other} SELECT i FROM generate_series(1, 60) i;
          CREATE TABLE ${table} (id int, ${column} text, ${second} int) PARTITION BY RANGE (id);
          CREATE TABLE ${branch} PARTITION OF ${table} DEFAULT PARTITION BY LIST (${column});
          CREATE TABLE ${{ schema, name: 'leaf' }} PARTITION OF ${branch} DEFAULT;
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(1, 60) i`,
        versions: [app(names), withoutTable(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT to_regclass(${{ literal: sql`${table}` }}) IS NULL AND to_regclass(${{ literal: sql`${branch}` }}) IS NULL AS holds`,
        ],
      };
    },
  },
];
