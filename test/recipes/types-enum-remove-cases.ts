import type { QualifiedName } from '../../src/sql/identifier';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

const status = ({ schema }: CaseNames): QualifiedName => ({ schema, name: `Status "1" ${'s'.repeat(50)}` });
const hostile = { literal: "o'pen \\ 2" };

/** Cases of the recipe that removes a value from an enum. */
export const removeEnumValueCases: NamedCase[] = [
  {
    title: 'remove-enum-value: the default, for another, with NOT NULL, checks, indexes and a comment',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      const type = status(names);
      return {
        change: { kind: 'remove-enum-value', table, column, value: 'draft', instead: 'open' },
        commandLine: { column: 'amount', value: 'draft', instead: 'open' },
        schema: sql`CREATE TYPE ${type} AS ENUM ('draft', 'open', 'closed');
          COMMENT ON TYPE ${type} IS 'it''s "one"';
          REVOKE ALL ON TYPE ${type} FROM PUBLIC;
          CREATE TABLE ${table} (id int PRIMARY KEY, ${column} ${type} NOT NULL DEFAULT 'draft', ${second} text,
            CONSTRAINT ${second} UNIQUE (id, ${column}), CHECK (${column} <= 'closed'), CONSTRAINT ${fresh} CHECK (${column} IN ('open', 'closed') OR id > 0));
          COMMENT ON COLUMN ${table}.${column} IS 'how it is';
          COMMENT ON CONSTRAINT ${fresh} ON ${table} IS 'what it may be';
          CREATE INDEX ON ${table} (${column} DESC) INCLUDE (id);
          CREATE STATISTICS ${{ schema, name: fresh }} ON id, ${column} FROM ${table};
          INSERT INTO ${table} SELECT i, (ARRAY['draft', 'open', 'closed'])[1 + i % 3]::${type} FROM generate_series(1, 60) i`,
        versions: [
          writing(names, { literal: 'draft' }),
          writing(names, { literal: 'open' }),
          writing(names, { literal: 'closed' }),
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT enum_range(NULL::${type})::text = '{open,closed}' AS holds`,
          sql`SELECT obj_description(pg_typeof(${column}), 'pg_type') = 'it''s "one"' AND has_type_privilege('public', pg_typeof(${column}), 'USAGE') IS FALSE AS holds FROM ${table} LIMIT 1`,
          sql`SELECT bool_and(${column} = CASE id % 3 WHEN 2 THEN 'closed' ELSE 'open' END::${type}) AS holds FROM ${table} WHERE id <= 60`,
          sql`WITH r AS (INSERT INTO ${table} (id) VALUES (0) RETURNING ${column} AS v) SELECT v = 'open' AS holds FROM r`,
          `SELECT count(*) = 0 AS holds FROM pg_type WHERE typname LIKE '%switchback%' OR typname LIKE '%between%'`,
          `SELECT count(*) = 0 AS holds FROM pg_constraint WHERE conname LIKE '%switchback%'`,
        ],
      };
    },
  },
  {
    title: 'remove-enum-value: one that no row has, on a partitioned table, with NULLs and an index',
    build: (names) => {
      const { schema, table, column, other } = names;
      const type = status(names);
      return {
        change: { kind: 'remove-enum-value', table, column, value: "o'pen \\ 2", instead: null },
        commandLine: { column: 'amount', value: "o'pen \\ 2" },
        schema: sql`CREATE TYPE ${type} AS ENUM ('closed', ${hostile}, 'open');
          CREATE TABLE ${table} (id int, ${column} ${type} DEFAULT 'open') PARTITION BY RANGE (id);
          CREATE TABLE ${other} PARTITION OF ${table} FOR VALUES FROM (MINVALUE) TO (30);
          CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${table} DEFAULT;
          CREATE INDEX ON ${table} (${column});
          INSERT INTO ${table} SELECT i, (ARRAY['open', 'closed', NULL])[1 + i % 3]::${type} FROM generate_series(1, 60) i`,
        versions: [
          writing(names, { literal: 'open' }),
          writing(names, { literal: 'closed' }),
          writing(names, { literal: 'open' }),
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT enum_range(NULL::${type})::text = '{closed,open}' AS holds`,
          sql`SELECT count(*) = 20 AS holds FROM ${table} WHERE id <= 60 AND ${column} IS NULL`,
          sql`WITH r AS (INSERT INTO ${table} (id) VALUES (0) RETURNING ${column} AS v) SELECT v = 'open' AS holds FROM r`,
        ],
      };
    },
  },
  {
    title: 'remove-enum-value: one that no row has, without a key, with NOT NULL',
    build: (names) => {
      const { table, column } = names;
      const type = status(names);
      return {
        change: { kind: 'remove-enum-value', table, column, value: 'draft', instead: null },
        schema: sql`CREATE TYPE ${type} AS ENUM ('draft', 'open', 'closed');
          CREATE TABLE ${table} (id int, ${column} ${type} NOT NULL);
          INSERT INTO ${table} SELECT i, 'open' FROM generate_series(1, 60) i`,
        versions: [
          writing(names, { literal: 'open' }),
          writing(names, { literal: 'closed' }),
          writing(names, { literal: 'open' }),
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 60 AS holds FROM ${table} WHERE id <= 60 AND ${column} = 'open'`,
          sql`SELECT attnotnull AS holds FROM pg_attribute WHERE attname = ${{ literal: column }} AND attrelid = (SELECT tableoid FROM ${table} LIMIT 1)`,
        ],
      };
    },
  },
];

/** Code that writes one value and reads all, by the name of the type and without. */
function writing(names: CaseNames, value: { literal: string }): AppVersion {
  const { table, column } = names;
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, ${value}::${status(names)})`,
      sql`UPDATE ${table} SET ${column} = 'closed' WHERE id = ${round - 1}`,
      sql`UPDATE ${table} SET id = id WHERE id = ${round}`,
    ],
    // One that goes and what takes its place are the same to it.
    reads: [
      sql`SELECT id, ${column} = 'closed', ${column}::text IN ('draft', 'open') FROM ${table} ORDER BY id`,
    ],
  };
}
