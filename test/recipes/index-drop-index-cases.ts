import { quoteLiteral } from '../../src/sql/identifier';
import { nestedPartitions } from './constraint-tables';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Cases of the recipe that drops an index. */
export const dropIndexCases: NamedCase[] = [
  {
    title: 'drop-index: on an expression, with a comment, parameters and a statistics target',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      const index = { schema, name: fresh };
      return {
        change: { kind: 'drop-index', table, index: fresh },
        commandLine: { index: 'fresh' },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} text);
          CREATE INDEX ${fresh} ON ${table} (lower(${second}), ${column} DESC) WITH (fillfactor = 70) WHERE ${column} > 3;
          ALTER INDEX ${index} ALTER COLUMN 1 SET STATISTICS 300;
          COMMENT ON INDEX ${index} IS 'it''s \\ needed';
          INSERT INTO ${table} SELECT i, i, 'n' || i FROM generate_series(1, 60) i`,
        versions: [writer(names)],
        untouched: sql`SELECT t.*, a.attstattarget FROM ${table} t LEFT JOIN pg_attribute a
            ON a.attrelid = to_regclass(${{ literal: sql`${index}` }}) AND a.attnum = 1 WHERE id <= 60 ORDER BY id`,
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-index: by which the table is clustered, beside its key',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      return {
        change: { kind: 'drop-index', table, index: fresh },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} text);
          CREATE INDEX ${fresh} ON ${table} (${column} NULLS FIRST, ${second} COLLATE "C") INCLUDE (id);
          ALTER TABLE ${table} CLUSTER ON ${fresh};
          INSERT INTO ${table} SELECT i, i, 'n' || i FROM generate_series(1, 60) i`,
        versions: [writer(names)],
        untouched: sql`SELECT t.*, i.indisclustered FROM ${table} t LEFT JOIN pg_index i
            ON i.indexrelid = to_regclass(${{ literal: sql`${{ schema, name: fresh }}` }}) WHERE id <= 60 ORDER BY id`,
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-index: of a partitioned table, with partitions below partitions',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      return {
        change: { kind: 'drop-index', table, index: fresh },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`).concat(
          sql`; CREATE INDEX ${fresh} ON ${table} (${column});
            COMMENT ON INDEX ${{ schema, name: fresh }} IS 'whole'`,
        ),
        versions: [writer(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-index: a unique one, that the version before needs',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { kind: 'drop-index', table, index: fresh },
        schema: sql`CREATE TABLE ${table} (id int, ${column} int, ${second} text);
          CREATE UNIQUE INDEX ${fresh} ON ${table} (id);
          INSERT INTO ${table} SELECT i, i, 'n' || i FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [sql`INSERT INTO ${table} (id) VALUES (${round}) ON CONFLICT (id) DO NOTHING`],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          writer(names),
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [gone(names)],
      };
    },
  },
];

function writer({ table, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 7)`,
      sql`UPDATE ${table} SET ${second} = 'a' WHERE id = ${round}`,
    ],
    reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
  };
}

function gone({ schema, fresh }: CaseNames): string {
  return `SELECT to_regclass(${quoteLiteral(sql`${{ schema, name: fresh }}`)}) IS NULL AS holds`;
}
