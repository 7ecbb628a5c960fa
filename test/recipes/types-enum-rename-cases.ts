import { valueByPlace } from '../../src/plan/pieces/enum-labels';
import type { QualifiedName } from '../../src/sql/identifier';
import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

const status = ({ schema }: CaseNames): QualifiedName => ({ schema, name: 'Status "1"' });

/** Cases of the recipe that renames a value of an enum. */
export const renameEnumValueCases: NamedCase[] = [
  {
    title: 'rename-enum-value: one that a default, a check, indexes and a view have',
    build: (names) => {
      const { table, column, other } = names;
      const schema = sql`CREATE TYPE ${status(names)} AS ENUM ('new', 'open', 'closed');
        COMMENT ON TYPE ${status(names)} IS 'how it is';
        CREATE TABLE ${table} (id int PRIMARY KEY, ${column} ${status(names)} DEFAULT 'open' CHECK (${column} <> 'new'));
        CREATE INDEX ON ${table} (${column}) WHERE ${column} = 'open';
        CREATE VIEW ${other} AS SELECT id, ${column} FROM ${table} WHERE ${column} >= 'open';
        INSERT INTO ${table} SELECT i, (ARRAY['open', 'closed', NULL])[1 + i % 3]::${status(names)} FROM generate_series(1, 60) i`;
      return {
        ...renamed(names, 'opened'),
        commandLine: { column: 'amount', value: 'open', to: 'opened' },
        schema,
      };
    },
  },
  {
    title: 'rename-enum-value: to one with a quote in it, of a partition, arrays, a domain and a row',
    build: (names) => {
      const { schema, table, column, other, second, fresh } = names;
      const domain = { schema, name: fresh };
      return {
        ...renamed(names, "o'pen \\ 2"),
        schema: sql`CREATE TYPE ${status(names)} AS ENUM ('closed', 'open');
          CREATE DOMAIN ${domain} AS ${status(names)} NOT NULL DEFAULT 'open';
          CREATE TYPE ${{ schema, name: 'row' }} AS (s ${status(names)});
          CREATE TABLE ${table} (id int, ${column} ${status(names)} NOT NULL) PARTITION BY LIST (${column});
          CREATE TABLE ${{ schema, name: 'open' }} PARTITION OF ${table} FOR VALUES IN ('open');
          CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${table} DEFAULT;
          CREATE TABLE ${other} (id int PRIMARY KEY, ${column} ${domain}, ${second} ${status(names)}[] DEFAULT '{open}', r ${{ schema, name: 'row' }});
          CREATE FUNCTION ${{ schema, name: 'spell' }}() RETURNS text LANGUAGE sql AS $$SELECT 'open'$$;
          INSERT INTO ${table} SELECT i, 'open' FROM generate_series(1, 60) i;
          INSERT INTO ${other} SELECT i, 'open', '{open,closed}', ROW('open'::${status(names)})::${{ schema, name: 'row' }} FROM generate_series(1, 60) i`,
        done: [
          sql`SELECT count(*) = 60 AS holds FROM ${other} WHERE ${column}::text = ${{ literal: "o'pen \\ 2" }}
                AND (${second})[1]::text = ${{ literal: "o'pen \\ 2" }} AND (r).s::text = ${{ literal: "o'pen \\ 2" }}`,
          sql`SELECT count(*) > 0 AS holds FROM ${{ schema, name: 'open' }}`,
        ],
      };
    },
  },
  {
    title: 'rename-enum-value: at once, as no code names it',
    build: (names) => {
      const { table, column } = names;
      const quiet = {
        writes: (round: number) => [
          sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'closed')`,
          sql`UPDATE ${table} SET id = id WHERE id = ${round}`,
        ],
        reads: [sql`SELECT id, ${column} = 'closed' FROM ${table} ORDER BY id`],
      };
      const plain = renamed(names, 'opened');
      return {
        ...plain,
        change: { ...plain.change, atOnce: true } as RecipeCase['change'],
        commandLine: { column: 'amount', value: 'open', to: 'opened', 'at-once': true },
        schema: sql`CREATE TYPE ${status(names)} AS ENUM ('open', 'closed');
          CREATE TABLE ${table} (id int PRIMARY KEY, ${column} ${status(names)});
          INSERT INTO ${table} SELECT i, 'open' FROM generate_series(1, 60) i`,
        versions: [quiet],
        done: [sql`SELECT enum_range(NULL::${status(names)})::text = '{opened,closed}' AS holds`],
      };
    },
  },
];

/** A version that knows the old name, and one that takes both. */
function renamed(names: CaseNames, to: string): Omit<RecipeCase, 'schema'> {
  const { table, column } = names;
  const type = status(names);
  const place = `(SELECT s FROM unnest(enum_range(NULL::${sql`${type}`})) s WHERE s::text IN ('open', ${sql`${{ literal: to }}`}))`;
  return {
    change: { kind: 'rename-enum-value', table, column, value: 'open', to, atOnce: false },
    versions: [
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'open')`,
          sql`UPDATE ${table} SET ${column} = 'closed' WHERE id = ${round - 1}`,
        ],
        reads: [sql`SELECT id, ${column} = 'open', ${column} > 'open' FROM ${table} ORDER BY id`],
      },
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, `.concat(place, ')'),
          sql`UPDATE ${table} SET ${column} = 'closed' WHERE id = ${round - 1}`,
        ],
        reads: [sql`SELECT id FROM ${table} WHERE ${column} = `.concat(place, ' ORDER BY id')],
      },
    ],
    untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
    done: [
      sql`SELECT count(*) >= 20 AS holds FROM ${table} WHERE ${column}::text = ${{ literal: to }}`,
      `SELECT ${valueByPlace({ name: type, values: ['new', 'open'] }, 'open')}::text = ${sql`${{ literal: to }}`} AS holds`,
    ],
  };
}
