import type { QualifiedName } from '../../src/sql/identifier';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

const status = ({ schema }: CaseNames): QualifiedName => ({ schema, name: 'Status "1"' });
const hostile = { literal: "o'pen \\ 2" };

/** Cases of the recipe that replaces an enum by a table. */
export const enumToTableCases: NamedCase[] = [
  {
    title: 'enum-to-table: with a default, NOT NULL, checks, a unique constraint and a comment',
    build: (names) => {
      const { table, column, second, other, fresh } = names;
      const type = status(names);
      return {
        change: { kind: 'enum-to-table', table, column, to: other.name },
        commandLine: { column: 'amount', to: 'customers' },
        schema: sql`CREATE TYPE ${type} AS ENUM ('zero', ${hostile}, 'closed');
          COMMENT ON TYPE ${type} IS 'one';
          CREATE TABLE ${table} (id int PRIMARY KEY, ${column} ${type} NOT NULL DEFAULT ${hostile}, ${second} text,
            CONSTRAINT ${second} UNIQUE (id, ${column}), CONSTRAINT ${fresh} CHECK (${column} IN ('zero', ${hostile}, 'closed')));
          COMMENT ON COLUMN ${table}.${column} IS 'how it is';
          GRANT SELECT ON ${table} TO PUBLIC;
          CREATE INDEX ON ${table} (${column});
          INSERT INTO ${table} SELECT i, (enum_range(NULL::${type}))[1 + i % 3] FROM generate_series(1, 60) i`,
        versions: [writing(names, hostile), writing(names, { literal: 'zero' })],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT array_agg(label ORDER BY place) = ARRAY['zero', ${hostile}, 'closed'] AS holds FROM ${other}`,
          sql`SELECT bool_and(${column} = (ARRAY['zero', ${hostile}, 'closed'])[1 + id % 3]) AS holds FROM ${table} WHERE id <= 60`,
          sql`WITH r AS (INSERT INTO ${table} (id) VALUES (0) RETURNING ${column} AS v) SELECT v = ${hostile} AS holds FROM r`,
          sql`SELECT count(*) = 1 AS holds FROM pg_constraint WHERE contype = 'f' AND convalidated AND conrelid = (SELECT tableoid FROM ${table} LIMIT 1)`,
          `SELECT count(*) = 0 AS holds FROM pg_type WHERE typtype = 'e'`,
          `SELECT count(*) = 0 AS holds FROM pg_constraint WHERE conname LIKE '%switchback%'`,
        ],
      };
    },
  },
  {
    title: 'enum-to-table: on a partitioned table, of an enum that others have too, with NULLs',
    build: (names) => {
      const { schema, table, column, other, fresh } = names;
      const type = status(names);
      return {
        change: { kind: 'enum-to-table', table, column, to: fresh },
        schema: sql`CREATE TYPE ${type} AS ENUM ('zero', ${hostile}, 'closed');
          CREATE TABLE ${other} (id int PRIMARY KEY, list ${type}[]);
          CREATE TABLE ${table} (id int, ${column} ${type}) PARTITION BY RANGE (id);
          CREATE TABLE ${{ schema, name: 'below' }} PARTITION OF ${table} FOR VALUES FROM (MINVALUE) TO (30);
          CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${table} DEFAULT;
          CREATE INDEX ON ${table} (${column});
          INSERT INTO ${table} SELECT i, (ARRAY['zero', 'closed', NULL])[1 + i % 3]::${type} FROM generate_series(1, 60) i`,
        versions: [writing(names, hostile), writing(names, { literal: 'zero' })],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 3 AS holds FROM ${{ schema, name: fresh }}`,
          sql`SELECT count(*) = 20 AS holds FROM ${table} WHERE id <= 60 AND ${column} IS NULL`,
          sql`SELECT count(*) = 1 AS holds FROM pg_constraint WHERE contype = 'f' AND convalidated AND conparentid = 0`,
          `SELECT count(*) = 1 AS holds FROM pg_type WHERE typtype = 'e'`,
        ],
      };
    },
  },
];

/** Code that gets along with both types: its values have no type of their own. */
function writing({ table, column }: CaseNames, value: { literal: string }): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, ${value})`,
      sql`UPDATE ${table} SET ${column} = 'closed' WHERE id = ${round - 1}`,
      sql`UPDATE ${table} SET id = id WHERE id = ${round}`,
    ],
    reads: [
      sql`SELECT id, ${column}::text FROM ${table} WHERE ${column} = 'closed' OR ${column} = ${value} ORDER BY id`,
    ],
  };
}
