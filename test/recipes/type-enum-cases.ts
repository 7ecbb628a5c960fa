import type { AppVersion, CaseNames, NamedCase } from './recipe-case';
import { sql } from './recipe-case';

const status = ({ schema }: CaseNames): { schema: string; name: string } => ({ schema, name: 'Status "1"' });

/** Versions that know neither, read, and write the new value. */
function versions({ table, column }: CaseNames, value: string): AppVersion[] {
  const reads = [sql`SELECT id, ${column}, ${column} > 'open' AS later FROM ${table} ORDER BY id`];
  const old = {
    writes: (round: number) => [
      sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'open')`,
      sql`UPDATE ${table} SET ${column} = 'closed' WHERE id = ${round}`,
    ],
    reads,
  };
  const writing = {
    writes: (round: number) => [
      sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, ${{ literal: value }})`,
    ],
    reads,
  };
  return [old, old, writing];
}

/** Cases of the recipe that adds a value to an enum. */
export const enumValueCases: NamedCase[] = [
  {
    title: 'add-enum-value: behind all others',
    build: (names) => ({
      change: {
        kind: 'add-enum-value',
        table: names.table,
        column: names.column,
        value: 'refunded',
        before: null,
        after: null,
      },
      commandLine: { column: 'amount', value: 'refunded' },
      schema: sql`CREATE TYPE ${status(names)} AS ENUM ('open', 'closed');
        CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} ${status(names)} DEFAULT 'open');
        CREATE INDEX ON ${names.table} (${names.column});
        CREATE VIEW ${names.other} AS SELECT id, ${names.column} FROM ${names.table};
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 > 0 THEN 'closed'::${status(names)} END FROM generate_series(1, 60) i`,
      versions: versions(names, 'refunded'),
      untouched: sql`SELECT * FROM ${names.table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`SELECT enum_last(NULL::${status(names)}) = 'refunded' AS holds`,
        sql`SELECT count(*) > 0 AS holds FROM ${names.table} WHERE ${names.column} = 'refunded'`,
      ],
    }),
  },
  {
    title: 'add-enum-value: before another, with a quote in it, on a partitioned table and arrays',
    build: (names) => ({
      change: {
        kind: 'add-enum-value',
        table: names.table,
        column: names.column,
        value: "o'pen \\ 2",
        before: 'closed',
        after: null,
      },
      schema: sql`CREATE TYPE ${status(names)} AS ENUM ('open', 'closed');
        COMMENT ON TYPE ${status(names)} IS 'how it is';
        CREATE TABLE ${names.table} (id int, ${names.column} ${status(names)} NOT NULL) PARTITION BY LIST (${names.column});
        CREATE TABLE ${{ schema: names.schema, name: 'rest' }} PARTITION OF ${names.table} DEFAULT;
        CREATE TABLE ${names.other} (id int PRIMARY KEY, ${names.second} ${status(names)}[] CHECK (NOT 'open' = ANY (${names.second})));
        INSERT INTO ${names.table} SELECT i, 'open' FROM generate_series(1, 60) i`,
      versions: versions(names, "o'pen \\ 2"),
      untouched: sql`SELECT * FROM ${names.table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`SELECT enum_range(NULL::${status(names)})::text[] = ARRAY['open', ${{ literal: "o'pen \\ 2" }}, 'closed'] AS holds`,
      ],
    }),
  },
];
